"""People whom rows of operation_machines name, together with crews."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from tests.plan.tiny_shops import tiny_factory

START = datetime(2026, 3, 2, tzinfo=UTC)
STEP = {"material": "part", "step": 10}


def planned(operation: dict[str, Any], *named: str, skilled: tuple[str, ...] = ("Ann", "Bob"), **tables: Any) -> Plan:
    """The plan of an hour's work on M1 for which rows name people."""
    factory = Factory.of(
        settings=[{"start": START}],
        materials=[{"material": "part"}],
        operations=[{**STEP, "machine": "M1", "run_minutes": 60.0, **operation}],
        operation_machines=[{**STEP, "machine": "M1", "person": name} for name in named],
        orders=[{"order": "O", "material": "part", "quantity": 1.0, "due": START + timedelta(days=1)}],
        **{
            "machines": [{"machine": "M1"}],
            "people": [{"person": name} for name in ("Ann", "Bob", "Cem")],
            "skills": [{"person": name, "skill": "weld"} for name in skilled],
            **tables,
        },
    )
    return schedule(factory, stop=Rounds(3), seed=1)


def crew_of(plan: Plan) -> tuple[list[str], list[str]]:
    """Run and setup people of the only operation."""
    row = plan.operations.row(0, named=True)
    return row["people"], row["setup_people"]


def test_whom_a_row_names_is_the_crew():
    """One welder is asked for, and rows name two: one of them does it alone."""
    assert crew_of(planned({"crew": 1, "skill": "weld"}, "Ann", "Bob")) == (["Ann"], [])


def test_of_a_crew_of_two_one_is_named():
    """Bob is named, so that he and another welder do it."""
    assert crew_of(planned({"crew": 2, "skill": "weld"}, "Bob")) == (["Bob", "Ann"], [])


def test_who_may_take_no_seat_comes_beside_the_crew():
    """Cem is named and cannot weld; a welder is there, too."""
    people, _ = crew_of(planned({"crew": 1, "skill": "weld"}, "Cem"))
    assert people[0] == "Cem"
    assert len(people) == 2


def test_whose_skill_has_ended_comes_beside_the_crew():
    """Ann no longer welds; Bob has the seat while she is there."""
    plan = planned(
        {"crew": 1, "skill": "weld"}, "Ann", skilled=(),
        skills=[{"person": "Ann", "skill": "weld", "expires": START.date() - timedelta(days=1)},
                {"person": "Bob", "skill": "weld"}],
    )  # fmt: skip
    assert crew_of(plan) == (["Ann", "Bob"], [])


def test_in_a_crew_of_both_phases_they_set_up_too():
    """The only welder is named for the run; her seat lasts from setup to run."""
    crews = [{**STEP, "skill": "weld", "phase": "both"}]
    plan = planned({"setup_minutes": 30.0}, "Ann", skilled=("Ann",), operation_crews=crews)
    assert crew_of(plan) == (["Ann"], ["Ann"])


def test_who_is_named_for_the_run_may_set_up_before():
    """Ann is the only welder: she sets up, and then she runs."""
    step = {"setup_minutes": 30.0, "setup_crew": 1, "setup_skill": "weld", "crew": 1, "skill": "weld"}
    assert crew_of(planned(step, "Ann", skilled=("Ann",))) == (["Ann"], ["Ann"])


def test_nobody_is_named_at_a_machine_of_another_site():
    """Ann works in the south, the machine stands in the north: Bob, whom another row names, does it."""
    plan = planned(
        {"crew": 1}, "Ann", "Bob",
        sites=[{"site": "north"}, {"site": "south"}], work_centers=[{"work_center": "W", "site": "north"}],
        machines=[{"machine": "M1", "work_center": "W"}],
        people=[{"person": "Ann", "site": "south"}, {"person": "Bob", "site": "north"}],
    )  # fmt: skip
    assert crew_of(plan) == (["Bob"], [])


@pytest.mark.parametrize("features", [("oven",), ("oven", "people"), ("calendars", "changeovers"), ("places", "waits")])
def test_plans_of_random_shops_with_people_named_are_verified(features: tuple[str, ...]):
    """Each operation is planned once although several rows name people for it at one machine, also in an oven."""
    for seed in range(8):
        assert schedule(tiny_factory(seed, "named", *features), stop=Rounds(5), seed=seed, exact=False).verified
