"""Experiments in words."""

from __future__ import annotations

import polars as pl
import pytest

from linewright.twin.experiment.comparing import BEST_COLUMNS, experiment
from linewright.twin.experiment.telling import tell, tell_best, tell_change, tell_selection
from linewright.twin.statistics.replications import Replications
from linewright.twin.statistics.selection import Selection
from tests.twin.experiment.lines import TwoMachines


def row(verdict, change, low, high, percent=None, **more):
    """A row of the changes."""
    value, percent_low, percent_high = percent or (None, None, None)
    return {
        "scenario": "one more buffer place", "figure": "throughput", "verdict": verdict,
        "change": change, "low": low, "high": high,
        "percent": value, "percent_low": percent_low, "percent_high": percent_high,
        "n": 500, "confidence": 0.95, "method": "paired t", "note": "", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "unit", "words"),
    [
        (row("more", 1.1, 0.9, 1.3, (1.8, 1.5, 2.1)), "", "+1.8 % output (1.5 to 2.1)"),
        (row("worse", -1.1, -1.3, -0.9, (-1.8, -2.1, -1.5)), "", "−1.8 % output (−2.1 to −1.5), worse"),
        (row("none found", 0.1, -0.4, 0.5, (0.05, -0.3, 0.4)), "", "no difference found in output (−0.3 to +0.4 %)"),
        (row("better", 0.05, 0.04, 0.06, (5.6, 4.5, 6.7)), "share", "+5.0 points output (4.0 to 6.0), better"),
        (row("better", 120.0, 80.0, 160.0), "EUR", "+120 EUR output (80 to 160), better"),
        (row("none found", 0.0, 0.0, 0.0, (0.0, 0.0, 0.0)), "", "output is the same in all 500 runs"),
        (row("more", 2.0, 2.0, 2.0, (25.0, 25.0, 25.0)), "", "+25 % output in all 500 runs"),
        (row("not enough", 1.0, None, None, note="not enough: 1 run"), "", "output: not enough: 1 run"),
        # Rounding must not make a found change look like none.
        (row("more", 0.3, 0.02, 0.62, (0.3, 0.02, 0.62)), "", "+0.30 % output (0.02 to 0.62)"),
    ],
)
def test_changes_are_told_as_people_say_them(given, unit, words):
    """In per cent, in points, in the figure's unit; found, not found, certain and unknown."""
    line = tell_change(given, "output", unit)
    assert line == f"one more buffer place: {words}"


def test_the_best_is_told_with_how_sure_that_is():
    """One, several or all may be the best."""

    def rows(*stays):
        return pl.DataFrame(
            [
                ("output", f"s{place}", stay, 200, 0.95, "screening", 1) for place, stay in enumerate(stays)
            ], schema=dict(BEST_COLUMNS), orient="row",
        )  # fmt: skip

    assert tell_best(rows(False, True, False), "output") == "best by output: s1 (95 % sure, 200 runs each)"
    assert tell_best(rows(True, True, False), "output") == "best by output: one of s0, s1 (95 % sure, 200 runs each)"
    assert tell_best(rows(True, True), "output").startswith("best by output: none stands out yet")


def test_a_race_is_told_with_its_promise():
    """What is sure, and what it cost."""
    race = Selection(
        best="b", left=("b",), dropped_at={"a": 40}, replications={"a": 40, "b": 1200}, figure="output",
        indifference=0.5, confidence=0.95, method="Kim & Nelson (2001)", seed=1, sure=True,
    )  # fmt: skip
    assert tell_selection(race, "output") == (
        "best by output: b (95 % sure that no other is better by 0.5 or more; 1,240 further runs in all)"
    )
    open_race = Selection(**{**vars(race), "left": ("a", "b"), "sure": False})
    assert tell_selection(open_race, "output") == "best by output: not decided between a, b (1,240 further runs in all)"


def test_an_experiment_is_told_line_by_line():
    """One sentence for each change and each figure that has a best; a broken-off one says so last."""

    def break_off(done):
        raise KeyboardInterrupt

    tasks = {"today": TwoMachines(), "one more place": TwoMachines(places=2), "nothing": TwoMachines()}
    settings = {"figures": ("throughput", "makespan"), "base": "today", "seed": 3, "better": {"throughput": "more"}}
    found = experiment(tasks, **settings, stop=Replications(400))
    lines = tell(found, {"throughput": "output"})
    assert len(lines) == 5
    assert lines[0].startswith("one more place: +")
    assert lines[0].endswith("), better")
    assert " % output (" in lines[0]
    assert lines[1] == "nothing: output is the same in all 400 runs"
    assert " % makespan (" in lines[2]
    assert lines[4] == "best by output: one more place (95 % sure, 400 runs each)"
    cut = experiment(tasks, **settings, stop=Replications(400), block=100, watch=break_off)
    assert tell(cut)[-1] == "Broken off after 100 of 400 replications: intervals are wider than asked for."
