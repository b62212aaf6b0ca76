"""Steps and their machines, tools and waits: what the checks find, where, and what they leave in peace."""

from linewright.model import checks
from tests.model.checks.hand_made import found, op


def test_a_step_needs_a_machine():
    """A group without machines has none; alternatives, an own machine, or no demand at all are in order."""
    steps = [
        op(step=1, work_center="empty"), op(step=2, work_center="W"), op(step=3, machine="M", work_center="empty"),
        op(step=4), op(step=5, work_center="empty"), op(step=6, work_center="empty"),
    ]  # fmt: skip
    tables = {
        "machines": [{"machine": "M", "work_center": "W"}],
        "operation_machines": [{"material": "P", "step": 5, "machine": "M"}],
    }
    assert found(checks.no_machine, operations=steps, **tables) == {"operations": [0, 5]}
    assert found(checks.no_machine, operations=steps) == {"operations": [0, 1, 2, 3, 4, 5]}


def test_a_step_must_fit_into_one_of_its_machines():
    """Three places fit into the large oven of the group, four into none; the bench alone has one."""
    machines = [
        {"machine": "small", "work_center": "oven", "capacity": 2},
        {"machine": "large", "work_center": "oven", "capacity": 3},
        {"machine": "bench", "work_center": ""},
    ]  # fmt: skip
    steps = [
        op(step=1, work_center="oven", load=3), op(step=2, work_center="oven", load=4),
        op(step=3, machine="bench", load=2), op(step=4, load=3), op(step=5, load=4),
        op(step=6, work_center="oven", load=3),
    ]  # fmt: skip
    alternatives = [{"material": "P", "step": 6, "machine": "small"}]
    tables = {"machines": machines, "operations": steps, "operation_machines": alternatives}
    assert found(checks.load_too_large, **tables) == {"operations": [1, 2, 4, 5]}


def test_a_load_that_never_fills_is_an_error():
    """An oven with two places cannot wait for three."""
    ovens = [{"machine": "A", "min_load": 3, "capacity": 2}, {"machine": "B", "min_load": 2, "capacity": 2}]
    assert found(checks.min_load_too_large, machines=ovens) == {"machines": [0]}


def test_a_step_cannot_hold_more_of_a_tool_than_there_are():
    """Two of one gauge do not exist; where tools are not listed, nothing is known."""
    held = [{"material": "P", "step": 1, "tool": "gauge", "quantity": 2}]
    assert found(checks.tool_too_few, operation_tools=held, tools=[{"tool": "gauge", "quantity": 1}]) == {
        "operation_tools": [0]
    }
    assert found(checks.tool_too_few, operation_tools=held, tools=[{"tool": "gauge", "quantity": 2}]) == {}
    assert found(checks.tool_too_few, operation_tools=held) == {}


def test_the_least_wait_is_not_above_the_most():
    """Paint that must dry for an hour cannot be packed within half of it."""
    steps = [op(step=1, min_wait_minutes=60.0, max_wait_minutes=30.0), op(step=2, min_wait_minutes=60.0)]
    assert found(checks.waits_crossed, operations=steps) == {"operations": [0]}


def test_steps_without_any_time_are_told_of_together():
    """A time at an alternative machine is a time."""
    steps = [op(step=1), op(step=2, setup_minutes=1.0), op(step=3)]
    alternatives = [{"material": "P", "step": 3, "machine": "M", "run_minutes": 2.0}]
    assert found(checks.no_time, operations=steps, operation_machines=alternatives) == {"operations": [0]}
