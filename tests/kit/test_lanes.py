"""Bars that share a machine at the same time."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linewright.kit.lanes import assigned, with_lanes

SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=40)


@given(SPANS)
def test_no_two_bars_of_a_lane_overlap_and_no_lane_is_wasted(spans):
    """There are as many lanes as bars at the busiest moment; a bar without length needs a place beside others only."""
    ordered = sorted((begin, begin + length) for begin, length in spans)
    begins, ends = (np.array([span[place] for span in ordered], dtype=np.int64) for place in (0, 1))
    lanes = assigned(begins, ends)
    for lane in set(lanes.tolist()):
        mine = [span for span, own in zip(ordered, lanes, strict=True) if own == lane]
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(mine))
    used = len(set(lanes.tolist()))
    moments = [begin for begin, _ in ordered]
    running = max((sum(begin <= moment < end for begin, end in ordered) for moment in moments), default=0)
    touched = max((sum(begin <= moment <= end for begin, end in ordered) for moment in moments), default=0)
    assert running <= used <= touched


def test_rows_are_sorted_so_that_each_lane_is_a_run(plan):
    """The board searches each lane by halves, so its bars must be in order."""
    laned = with_lanes(plan.operations)
    assert laned.height == plan.operations.height
    for part in laned.partition_by("machine", "lane"):
        assert part["setup_start"].is_sorted()
        assert (part["setup_start"][1:] >= part["end"][:-1]).all()
    assert laned.filter(laned["work_center"] == "Hardening")["lane"].max() > 0
