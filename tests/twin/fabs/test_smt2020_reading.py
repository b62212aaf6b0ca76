"""The files of the SMT2020 testbed become a fab."""

from __future__ import annotations

import pytest

from linewright.errors import ModelError, SourceError
from linewright.twin.fabs.smt2020 import read_smt2020
from linewright.twin.fabs.smt2020.records import Spread
from linewright.twin.fabs.smt2020.visits import visit_of


def test_every_field_of_a_step_is_read(tiny_fab):
    """Times are in minutes whatever their unit, shares are shares, and steps name later steps."""
    steps = read_smt2020(tiny_fab).product["a"].steps
    oven, wet, litho, met, film, last = steps
    assert oven.minutes == Spread(kind="uniform", mean_minutes=120, half_minutes=30)
    assert (oven.per, oven.least_pieces, oven.most_pieces) == ("batch", 50, 75)
    assert (oven.clocked_step, oven.clock_minutes) == (3, 240)
    assert (wet.per, wet.piece_interval_minutes) == ("piece", 1.5)
    assert (litho.setup, litho.setup_minutes, litho.same_tool_step) == ("S1", 8, 6)
    assert met.sample_share == 0.4
    assert film.lot_interval_minutes == 20
    assert last.minutes.mean_minutes == pytest.approx(1.5)
    assert (last.setup_minutes, last.rework_step, last.rework_share) == (None, 5, 0.1)


def test_tools_stops_and_lots_are_read(tiny_fab):
    """A breakdown of a group reaches each of its families, and upkeep is counted in minutes or in pieces."""
    fab = read_smt2020(tiny_fab)
    assert [(tool.name, tool.tools, tool.cascades, tool.least_setup) for tool in fab.families] == [
        ("Oven", 2, False, False),
        ("Wet", 1, True, False),
        ("Litho", 2, False, True),
        ("Met", 1, False, False),
        ("Film", 1, True, False),
    ]
    assert [stop.family for stop in fab.breakdowns] == ["Litho", "Met"]
    assert fab.breakdowns[0].up == Spread(kind="exponential", mean_minutes=540)
    film, litho = fab.upkeeps
    assert (film.by_pieces, film.first, film.every, film.minutes.mean_minutes) == (False, 11520, 14400, 720)
    assert (litho.by_pieces, litho.first, litho.every) == (True, 400, 500)
    assert fab.changeovers[("", "S2")] == 9
    assert fab.least_runs == {"S2": 3}
    regular, hot = fab.releases
    assert (regular.interval_minutes, regular.lots, regular.due_minutes, regular.priority) == (100, 1000, 1440, 10)
    assert (hot.first_minutes, hot.due_minutes) == (60, 720)
    assert [(lot.release, lot.step, lot.due_minutes) for lot in fab.start_lots] == [
        ("Lot_a", 5, 600),
        ("Lot_a", 6, 300),
    ]
    assert "7 tools in 5 families" in repr(fab)


def test_a_cascading_tool_is_free_before_its_lot_leaves(tiny_fab):
    """The tool and the lot have times of their own, worked out by hand from the intervals."""
    fab = read_smt2020(tiny_fab)
    oven, wet, litho, _, film, last = (visit_of(fab, step, 25) for step in fab.product["a"].steps)
    assert (oven.lot_mean_minutes, oven.tool_mean_minutes) == (123, 123)
    assert (wet.lot_mean_minutes, wet.tool_mean_minutes) == (2 + 24 * 1.5 + 2, 25 * 1.5)
    assert (litho.lot_mean_minutes, litho.tool_mean_minutes) == (32, 32)
    assert (film.lot_mean_minutes, film.tool_mean_minutes) == (62, 20)
    assert last.lot_mean_minutes == pytest.approx(25 * 1.5 + 2)


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("route_a.txt", "\tMet\t", "\tMat\t", "route_a.txt, line 5: STNFAM Mat is not in tool.txt.1l"),
        ("route_a.txt", "\t30\t", "\t-3\t", "route_a.txt, line 4: PTIME is -3 — write a number of at least 0"),
        ("route_a.txt", "\thr\tper_batch", "\tweek\tper_batch", "line 2: PTUNITS week — use one of sec, s, min"),
        ("route_a.txt", "per_piece", "per_wafer", "line 3: PTPER is per_wafer — use per_lot"),
        ("route_a.txt", "\tyes\t6", "\tyes\t2", "line 4: FORSTEP 2 is not after step 3"),
        ("attach.txt", "\tFilm\t", "\tFolm\t", "attach.txt, line 3: RESNAME Folm is not in tool.txt.1l"),
        ("attach.txt", "BREAK_Light", "BREAK_Dark", "attach.txt, line 2: CALNAME BREAK_Dark is not in downcal.txt"),
        ("tool.txt.1l", "\t2.0\tHeat", "\t0\tHeat", "tool.txt.1l, line 2: STNQTY is 0 — write a number of at least 1"),
        ("order.txt", "01/02/18 00:00:00", "01/02/17 00:00:00", "order.txt, line 2: DUE is before START"),
        ("order.txt", "01/02/18 00:00:00", "2 Jan", "order.txt, line 2: DUE is 2 Jan — write it as 01/31/18"),
        ("WIP.txt", "\t5\t", "\t15\t", "WIP.txt, line 2: CURSTEP is 15 — write a number from 1 to 6"),
        ("downcal.txt", "exponential\t60", "gamma\t60", "downcal.txt, line 2: MTTRDIST gamma is not known"),
    ],
)
def test_a_bad_row_is_named_with_its_cure(tiny_fab, file, before, after, told):
    """File, line, column and value are told, and what would be right."""
    path = tiny_fab / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_smt2020(tiny_fab)
    assert told in str(caught.value)


def test_all_bad_rows_are_told_at_once(tiny_fab):
    """Nobody has to read the files once for each fault."""
    path = tiny_fab / "route_a.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("\tLitho\t", "\tLytho\t"), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_smt2020(tiny_fab)
    assert len(caught.value.problems) == 2


def test_a_missing_file_is_named(tiny_fab):
    """A folder without its tools is no fab."""
    (tiny_fab / "tool.txt.1l").unlink()
    with pytest.raises(SourceError, match=r"tool\.txt\.1l cannot be read"):
        read_smt2020(tiny_fab)


def test_a_fab_may_start_empty(tiny_fab):
    """Lots inside at the start are optional."""
    (tiny_fab / "WIP.txt").unlink()
    assert read_smt2020(tiny_fab).start_lots == ()
