"""Sets of moments agree with counting seconds one by one."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.plan.spans import between, common, longest, meet, total


def random_spans(draw):
    """A few disjoint spans below 60, and the seconds inside them."""
    cuts = np.sort(draw.choice(60, 2 * draw.integers(0, 6), replace=False))
    spans = cuts.reshape(-1, 2).astype(np.int64)
    return spans, {second for begin, end in spans.tolist() for second in range(begin, end)}


@pytest.mark.parametrize("seed", range(30))
def test_spans_are_sets_of_seconds(seed):
    """What two sets share, a part of one, the length, and whether they meet."""
    draw = np.random.default_rng(seed)
    (one, ones), (other, others) = random_spans(draw), random_spans(draw)
    shared = common(one, other)
    assert {second for begin, end in shared.tolist() for second in range(begin, end)} == ones & others
    assert total(one) == len(ones)
    assert total(between(one, 10, 40)) == len(ones & set(range(10, 40)))
    assert longest(one) == max((end - begin for begin, end in one.tolist()), default=0)
    touches = any(b <= d and c <= e for b, e in one.tolist() for c, d in other.tolist())
    assert meet(one, other) == touches
