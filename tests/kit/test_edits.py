"""What-ifs as they are typed."""

from datetime import UTC, datetime

import pytest

from linewright.errors import ModelError
from linewright.kit.edits import scenario_of
from linewright.model.factory import Factory


@pytest.fixture
def factory():
    """Two machines, a step and a person."""
    return Factory.of(
        work_centers=[{"work_center": "W"}],
        machines=[{"machine": "A", "work_center": "W", "speed": 1.5}, {"machine": "B", "capacity": 2}],
        operations=[{"material": "P", "step": 10, "run_minutes": 4.0}, {"material": "P", "step": 20}],
        people=[{"person": "Ann"}],
        skills=[{"person": "Ann", "skill": "welding"}],
        failure_modes=[{"machine": "A", "mode": "belt", "up_hours": 90.0, "repair_hours": 2.0}],
        operation_machines=[{"material": "P", "step": 10, "machine": "A"}],
        orders=[{"order": "O", "material": "P", "quantity": 1.0, "due": datetime(2026, 3, 9, tzinfo=UTC)}],
        settings=[{"timezone": "America/New_York", "wip_limit": 4}],
    )


def test_a_cell_is_set_stepped_and_scaled(factory):
    """A value, a step from the present one (a blank counts as 0) and a factor; the name comes before the colon."""
    typed = "more: machines[B].capacity+=1, operations[P/10].run_minutes*=0.5, work_centers[W].queue_places += 3"
    scenario = scenario_of(typed, factory)
    changed = scenario.apply(factory)
    assert scenario.name == "more"
    assert changed.machines["B"].capacity == 3
    assert changed.operations.column("run_minutes").tolist() == [2.0, 0.0]
    assert changed.work_centers["W"].queue_places == 3


def test_rows_are_copied_and_taken_away(factory):
    """A copy has all of its model's columns but the key; a later edit may change the copy."""
    changed = scenario_of("machines[A2]=[A], machines[A2].speed=1, -people[Ann], settings.name=Twin", factory).apply(
        factory
    )
    assert [(row.machine, row.work_center, row.speed) for row in changed.machines][-1] == ("A2", "W", 1.0)
    assert len(changed.people) == len(changed.skills) == 0
    assert changed.settings.name == "Twin"


def test_a_copy_brings_along_what_tells_more_of_its_model(factory):
    """A second machine fails as the first does and may do the same steps; a second person has the same skills."""
    changed = scenario_of("more: machines[A2]=[A], people[Bob]=[Ann]", factory).apply(factory)
    assert changed.failure_modes.column("machine").tolist() == ["A", "A2"]
    assert changed.operation_machines.column("machine").tolist() == ["A", "A2"]
    assert changed.skills.column("person").tolist() == ["Ann", "Bob"]


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("2026-03-02T12:00", datetime(2026, 3, 2, 17, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 3, 5, tzinfo=UTC)),
        ("2026-03-02T12:00+01:00", datetime(2026, 3, 2, 11, tzinfo=UTC)),
    ],
)
def test_moments_are_the_factorys_own(factory, typed, due):
    """A time is local to the factory, and a day alone ends at its midnight, as in its files."""
    assert scenario_of(f"orders[O].due={typed}", factory).apply(factory).orders["O"].due == due


def test_settings_are_scaled_too(factory):
    """A factor counts in the one row of the settings as everywhere; names may hold points."""
    scenario = scenario_of("v1.2 wider: settings.wip_limit*=2", factory)
    assert scenario.name == "v1.2 wider"
    assert scenario.apply(factory).settings.wip_limit == 8


def test_edits_without_a_name_are_their_own(factory):
    """The text itself names the scenario."""
    assert scenario_of("machines[A].speed=2", factory).name == "machines[A].speed=2"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nothing: ", "changes nothing"),
        ("machines A speed 2", "is not an edit"),
        ("robots[A].speed=2", "no table robots"),
        ("machines[A].sped=2", "no column sped"),
        ("machines[Z].speed=2", "no row with machine Z"),
        ("machines[C]=[Z]", "no row Z"),
        ("machines[A].speed=fast", "'fast' is not a number"),
        ("machines[A].speed=-1", "must be more than 0"),
        ("machines[A].batch=perhaps", "yes or no"),
        ("machines.capacity+=1", "2 match"),
        ("machines[A].speed-=2", "must be more than 0"),
        ("machines[A].speed*=-1", "must be more than 0"),
        ("machines[A].speed=nan", "must be more than 0"),
        ("machines[B].capacity=2.5", "whole number"),
        ("machines[B].capacity*=1.2", "whole number"),
        ("machines[A]=[B]", "has a row A already"),
        ("machines[A].work_center=NOPE", "work_centers has no NOPE"),
        ("machines[A].work_center*=2", "is no number"),
        ("orders[O].due=soon", "is no datetime"),
    ],
)
def test_what_cannot_be_meant_is_refused(factory, typed, words):
    """The message says what is wrong and how it is written."""
    with pytest.raises(ModelError, match=words):
        scenario_of(typed, factory)
