"""Columns as arrays, each operation against a loop that does the same row by row."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import numpy as np
import polars as pl
import pytest

from linewright.model.verify.facts.columns import BLANK, Columns, offsets, ranges, running_latest
from linewright.model.verify.rules.machines import exceeds, too_much


def test_moments_are_whole_seconds_and_blanks_are_told_apart():
    """A moment belongs to the second that it lies in, before 1970 too."""
    moments = [datetime(1969, 12, 31, 23, 59, 58, 500_000, tzinfo=UTC), None, datetime(1970, 1, 2, tzinfo=UTC)]
    rows = Columns(pl.DataFrame({"at": moments, "text": [None, "a", "b"]}))
    assert rows.whole("at").tolist() == [-2, BLANK, 86_400]
    assert rows.real("at", 7.0).tolist() == [-2.0, 7.0, 86_400.0]
    assert rows.text("text") == ["", "a", "b"]


@pytest.mark.parametrize("repeats", [1, 20])
def test_names_are_found_alike_whether_few_or_many(repeats: int):
    """A name that is not known is -1; no name at all is what the caller wants it to be."""
    rows = Columns(pl.DataFrame({"name": ["b", "", "x", "a"] * repeats}))
    assert rows.places("name", {"a": 0, "b": 1}).tolist() == [1, -1, -1, 0] * repeats
    assert rows.places("name", {"a": 0, "b": 1, "": 5}, blank=-2).tolist() == [1, -2, -1, 0] * repeats


def test_ranges_count_up_and_skip_what_is_empty():
    """From 3 to 5, from 7 to 7 and from 0 to 1."""
    owner, number = ranges(np.array([3, 7, 0]), np.array([5, 7, 1]))
    assert owner.tolist() == [0, 0, 2]
    assert number.tolist() == [3, 4, 0]
    assert offsets(np.array([2, 0, 1])).tolist() == [0, 2, 2, 3]


@pytest.mark.parametrize("seed", range(20))
def test_the_latest_before_is_that_of_a_loop(seed: int):
    """Group by group, the row so far with the latest moment; of equal ones the first."""
    random = Random(seed)
    group = np.sort(np.array([random.randrange(4) for _ in range(30)]))
    moment = np.array([random.randrange(-5, 8) for _ in range(30)])
    wanted = []
    for row in range(30):
        earlier = [other for other in range(row) if group[other] == group[row]]
        wanted.append(max(earlier, key=lambda other: (moment[other], -other), default=-1))
    assert running_latest(group, moment).tolist() == wanted


@pytest.mark.parametrize("seed", range(30))
def test_too_much_at_once_is_seen_at_a_glance_and_event_by_event(seed: int):
    """The quick look says yes exactly when the walk through all events finds a moment."""
    random = Random(seed)
    start = np.array([random.randrange(60) for _ in range(8)])
    end = start + np.array([random.randrange(25) for _ in range(8)])
    amount = np.array([random.randrange(1, 4) for _ in range(8)])
    holds = [(int(start[at]), int(end[at]), int(amount[at]), str(at)) for at in range(8)]
    for limit in range(1, 12):
        assert exceeds(start, end, amount, limit) == bool(list(too_much(holds, limit)))
