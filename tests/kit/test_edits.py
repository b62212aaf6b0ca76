"""What-ifs as they are typed."""

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
    assert len(changed.people) == 0
    assert changed.settings.name == "Twin"


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
    ],
)
def test_what_cannot_be_meant_is_refused(factory, typed, words):
    """The message says what is wrong and how it is written."""
    with pytest.raises(ModelError, match=words):
        scenario_of(typed, factory)
