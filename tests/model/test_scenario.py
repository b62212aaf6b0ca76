"""What-ifs as lists of edits."""

import pytest

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.model.scenario import Edit, Scenario


@pytest.fixture
def factory():
    """Two machines."""
    return Factory.of(machines=[{"machine": "A"}, {"machine": "B", "capacity": 3, "mtbf_hours": None}])


def test_edits_follow_each_other_and_leave_the_factory_alone(factory):
    """Set, scale, add, remove and settings are applied in order; the first factory keeps its hash."""
    before = factory.machines.hash
    scenario = Scenario(
        name="grow",
        edits=(
            Edit(table="machines", where={"machine": "B"}, values={"capacity": 5}, scale={"speed": 2.0}),
            Edit(table="machines", add={"machine": "C"}),
            Edit(table="machines", where={"machine": "A"}, remove=True),
            Edit(table="settings", values={"wip_limit": 7}),
        ),
    )
    changed = scenario.apply(factory)
    assert [(row.machine, row.capacity, row.speed) for row in changed.machines] == [("B", 5, 2.0), ("C", 1, 1.0)]
    assert changed.settings.wip_limit == 7
    assert factory.machines.hash == before
    assert repr(scenario) == "Scenario grow: 4 edits of machines, settings"
    assert len(scenario.with_edits([Edit(table="machines", values={"speed": 1.0})]).edits) == 5


def test_rows_without_a_value_can_be_chosen(factory):
    """None in `where` means a blank cell."""
    changed = Edit(table="machines", where={"mtbf_hours": None}, values={"mtbf_hours": 40.0}).apply(factory)
    assert changed.machines.column("mtbf_hours").tolist() == [40.0, 40.0]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(table="robots"), "there is no table robots"),
        (Edit(table="machines", values={"colour": "red"}), "machines has no column colour"),
        (Edit(table="machines", where={"machine": "Z"}, remove=True), "machines has no row with machine Z"),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(factory, edit, words):
    """The message names what was asked for."""
    with pytest.raises(ModelError, match=words):
        edit.apply(factory)
