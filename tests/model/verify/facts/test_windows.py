"""Working windows."""

from __future__ import annotations

from linewright.model.verify.facts.windows import ALWAYS, Windows, last_wins


def test_windows_that_touch_are_one():
    """Two shifts that follow each other at once are one window."""
    windows = Windows.of([(10, 20), (0, 10), (30, 40), (35, 38)])
    assert list(zip(windows.starts, windows.ends, strict=True)) == [(0, 20), (30, 40)]


def test_working_time_leaves_out_the_gaps():
    """From 15 to 35 there are 5 seconds before the gap and 5 after it."""
    windows = Windows.of([(0, 20), (30, 40)])
    assert windows.worked(15, 35) == 10
    assert windows.worked(20, 30) == 0
    assert windows.worked(-5, 100) == 30


def test_work_begins_in_front_of_a_gap_never_and_ends_there_gladly():
    """At the end of a window work may end but not begin; a second in the gap is forgiven."""
    windows = Windows.of([(0, 20), (30, 40)])
    assert [moment for moment in range(45) if windows.begins_inside(moment)] == [*range(20), *range(29, 40)]
    assert [moment for moment in range(45) if windows.ends_inside(moment)] == [*range(1, 22), *range(31, 42)]


def test_common_time_and_time_without():
    """Cutting keeps what both have; without keeps what the other has not."""
    windows = Windows.of([(0, 20), (30, 40)])
    other = Windows.of([(10, 35)])
    assert list(windows.cut(other).pieces(0, 100)) == [(10, 20), (30, 35)]
    assert list(windows.without(other).pieces(0, 100)) == [(0, 10), (35, 40)]
    assert list(ALWAYS.without(windows).pieces(0, 100)) == [(20, 30), (40, 100)]


def test_the_last_of_overlapping_stretches_wins():
    """A later stretch covers an earlier one, which shows again on both sides."""
    assert last_wins([(0, 100), (40, 60), (50, 55)]) == [
        (0, 40, 0),
        (40, 50, 1),
        (50, 55, 2),
        (55, 60, 1),
        (60, 100, 0),
    ]


def test_an_earlier_stretch_that_is_over_does_not_come_back():
    """After a long later stretch, a short earlier one under it is gone."""
    assert last_wins([(0, 10), (5, 50), (20, 30)]) == [(0, 5, 0), (5, 10, 1), (10, 20, 1), (20, 30, 2), (30, 50, 1)]
