"""Rows that no plan can satisfy are named with their cure, and nothing else is."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from linewright.model.factory import Factory
from linewright.plan.conflicts import conflicts
from linewright.shop.compile import compile_shop
from tests.plan.tiny_shops import FEATURES, START, tiny_shop

DAY = {"calendar": "day", "weekday": "mon-sun", "start": time(6), "end": time(14)}
NIGHT = {"calendar": "night", "weekday": "mon-sun", "start": time(22), "end": time(4)}


def told(step, **tables):
    """The conflicts of a factory with one product of one step (or several) on two machines."""
    steps = step if isinstance(step, list) else [step]
    rows = [{"material": "part", "step": 10 * at, "machine": "saw", "run_minutes": 60, **one}
            for at, one in enumerate(steps, 1)]  # fmt: skip
    base = {
        "shifts": [DAY, NIGHT],
        "machines": [{"machine": "saw", "calendar": "day"}, {"machine": "drill", "calendar": "night"}],
        "materials": [{"material": "part"}],
        "orders": [{"order": "O1", "material": "part", "quantity": 1, "due": START + timedelta(days=1)}],
        "operations": rows,
    }
    return conflicts(compile_shop(Factory.of(**{**base, **tables}), START, horizon_days=30))


ANN = {"people": [{"person": "Ann", "calendar": "day"}], "skills": [{"person": "Ann", "skill": "weld"}]}


@pytest.mark.parametrize(
    ("step", "tables", "words"),
    [
        ({"tool": "jig"}, {"operation_tools": [{"material": "part", "step": 10, "tool": "jig", "quantity": 2}],
                           "tools": [{"tool": "jig", "quantity": 2}]},
         "operation_tools:1 (quantity): O1:part/10: holds 3 of tool jig, but tools has 2 — "),
        ({"crew": 1, "skill": "paint"}, ANN,
         "operations:1 (crew): O1:part/10: needs 1 person with skill paint on saw, but nobody there has it — "),
        ({"crew": 2, "skill": "weld"}, ANN,
         "operations:1 (crew): O1:part/10: needs 2 people with skill weld on saw, but only 1 could be — "),
        ({"setup_minutes": 5, "setup_crew": 1, "setup_skill": "set"}, ANN,
         "operations:1 (setup_crew): O1:part/10: needs 1 person with skill set on saw, but nobody there has it — "),
        ({"crew": 1, "skill": "weld", "machine": "drill"}, ANN,
         "operations:1 (crew): O1:part/10: needs 1.0 h on drill with people, but they and the machine are never"),
        ({"setup_minutes": 5, "setup_crew": 1, "machine": "drill"}, ANN,
         "operations:1 (setup_crew): O1:part/10: needs 5 min of setup on drill with people, but they and the machine"),
        ({"crew": 1, "skill": "weld"},
         {**ANN, "skills": [{"person": "Ann", "skill": "weld", "expires": date(2026, 3, 1)}]},
         "operations:1 (skill): O1:part/10: needs 1.0 h on saw, but the skill of all who could do it expires"),
        ({"run_minutes": 540, "may_pause": False}, {},
         "operations:1 (may_pause): O1:part/10: needs 9.0 h on saw without a pause, but no window is longer than 8"),
        ({"run_minutes": 300, "may_pause": False, "crew": 1},
         {"people": [{"person": "Ann", "calendar": "late"}],
          "shifts": [DAY, {"calendar": "late", "weekday": "mon-sun", "start": time(10), "end": time(18)}]},
         "operations:1 (may_pause): O1:part/10: needs 5.0 h on saw without a pause, but no window with its crew is"),
        ({}, {"calendar_exceptions": [{"calendar": "day", "start": START - timedelta(days=5),
                                       "end": START + timedelta(days=900)}]},
         "operations:1 (machine): O1:part/10: needs 1.0 h on saw, which is never at work — "),
        ([{"min_wait_minutes": 90, "max_wait_minutes": 30}, {}], {},
         "operations:1 (max_wait_minutes): O1:part/10: the next step must wait 1.5 h and may wait 30 min only — "),
        ([{"max_wait_minutes": 60}, {"machine": "drill"}], {},
         "operations:1 (max_wait_minutes): O1:part/10: O1:part/20 must follow within 1.0 h, but nothing is at work"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_cure(step, tables, words):
    """Table, row, column, what is wrong and what would help stand in one line."""
    lines = told(step, **tables)
    assert len(lines) == 1
    assert lines[0].startswith(words)
    assert " — " in lines[0]


def test_the_same_row_is_told_once():
    """Many orders of one product make one line, about the longest of them."""
    orders = [{"order": f"O{at}", "material": "part", "quantity": 1 + at} for at in range(3)]
    lines = told({"run_minutes": 600, "may_pause": False, "crew": 1}, orders=orders, people=ANN["people"])
    assert len(lines) == 1
    assert "O2:part/10: needs 30.0 h" in lines[0]


def test_work_that_waits_too_long_behind_running_work_is_named():
    """What runs now ends in an hour; the step that must follow within one is only released two days later."""
    lines = told(
        [{"max_wait_minutes": 60}, {}],
        work_orders=[{"work_order": "W", "material": "part", "quantity": 1, "step": 10, "machine": "saw",
                      "started": START - timedelta(minutes=5)}],
        components=[{"material": "part", "component": "plate", "step": 20, "quantity": 1}],
        materials=[{"material": "part"}, {"material": "plate"}],
        suppliers=[{"supplier": "S"}],
        purchases=[{"purchase": "P", "material": "plate", "supplier": "S", "quantity": 9,
                    "expected": START + timedelta(days=2)}],
        orders=[],
    )  # fmt: skip
    assert len(lines) == 1
    assert "operations:1 (max_wait_minutes): W/10: is running now and ends" in lines[0]


@pytest.mark.parametrize("feature", FEATURES)
def test_nothing_is_told_of_shops_that_can_be_planned(feature):
    """Random small factories all have plans, so that none of their rows is a conflict."""
    for seed in range(4):
        assert conflicts(tiny_shop(seed, feature, "calendars", "people", "waits", most=4)) == []
