"""Work in progress: what the checks find, where, and what counts as blank afterwards."""

from datetime import timedelta

import pytest

from linewright.model import checks
from tests.model.checks.hand_made import START, found, job, op, words
from tests.model.raws import factory_of, raw, told

MACHINES = [{"machine": "A", "work_center": "X"}, {"machine": "B", "work_center": "X"}, {"machine": "C"}]


def run(name, minutes=0, **more):
    """A job whose step began some minutes after the start."""
    return job(name, **{"machine": "A", "started": START + timedelta(minutes=minutes), **more})


@pytest.mark.parametrize(
    ("step", "rows", "wrong"),
    [
        ({"machine": "A"}, [], [1, 2]), ({"work_center": "X"}, [], [2]), ({}, [], []),
        ({"machine": "A"}, [{"material": "P", "step": 10, "machine": "C"}], [0, 1]),
    ],
)  # fmt: skip
def test_a_work_order_names_a_machine_that_may(step, rows, wrong):
    """Rows of operation_machines, else the step's machine, else its work center's, else any."""
    jobs = [job(machine=name, work_order=name) for name in "ABC"]
    tables = {"machines": MACHINES, "operations": [op(**step)], "operation_machines": rows, "work_orders": jobs}
    assert found(checks.machine_not_eligible, **tables) == ({"work_orders": wrong} if wrong else {})


def test_the_step_that_a_work_order_is_at_says_which_machines():
    """The first step where none is named; closed jobs and jobs without a routing are left in peace."""
    steps = [op(step=10, machine="A"), op(step=20, machine="B")]
    jobs = [job(machine="B"), job("V", machine="B", step=20), job("U", machine="B", status="closed"),
            job("T", "Q", machine="B")]  # fmt: skip
    tables = {"machines": MACHINES, "operations": steps, "work_orders": jobs}
    assert found(checks.machine_not_eligible, **tables) == {"work_orders": [0]}
    assert words(checks.machine_not_eligible, **tables) == [
        "B may not do step 10 of P, only A: it counts as blank"
    ]  # fmt: skip


def test_a_machine_with_too_few_places_may_not_do_the_step():
    """A load of two places goes to the machine that has them."""
    machines = [{"machine": "A"}, {"machine": "B", "capacity": 2}]
    tables = {"machines": machines, "operations": [op(load=2)], "work_orders": [job(machine="A")]}
    assert found(checks.machine_not_eligible, **tables) == {"work_orders": [0]}


def test_one_place_holds_one_running_job():
    """The one that began last goes on, whether or not the others name the only machine."""
    jobs = [run("W1"), run("W2", 5), run("W3", 3, machine=""), run("W4", 9, status="closed"), job("W5", machine="A")]
    tables = {"machines": MACHINES, "operations": [op(machine="A")], "work_orders": jobs}
    assert found(checks.running_twice, **tables) == {"work_orders": [0, 2]}
    assert words(checks.running_twice, **tables)[0].startswith("A has 1 place and runs W2 too")


def test_places_are_filled_from_the_latest_start():
    """Three places hold loads of two and one; the job that began first waits."""
    steps = [op(load=2), op("Q"), op("R")]
    jobs = [run("W1", material="R"), run("W2", 1, material="Q"), run("W3", 2)]
    tables = {"operations": steps, "work_orders": jobs}
    assert found(checks.running_twice, machines=[{"machine": "A", "capacity": 3}], **tables) == {"work_orders": [0]}
    assert found(checks.running_twice, machines=[{"machine": "A", "capacity": 4}], **tables) == {}


@pytest.mark.parametrize(("batch", "wrong"), [(True, {"work_orders": [0]}), (False, {})])
def test_an_oven_runs_one_family(batch, wrong):
    """Red and blue cannot be in the oven together; on a machine with places they can."""
    steps = [op(setup_family="red"), op("Q", setup_family="blue")]
    jobs = [run("W1"), run("W2", 1, material="Q"), run("W3", 2, material="Q")]
    tables = {"machines": [{"machine": "A", "capacity": 5, "batch": batch}], "operations": steps, "work_orders": jobs}
    assert found(checks.running_twice, **tables) == wrong


def test_a_running_job_without_a_machine_is_noted_where_several_may():
    """Where only one may do the step, it is that one."""
    steps = [op(work_center="X"), op("Q", machine="C")]
    jobs = [run("W1", machine=""), run("W2", material="Q", machine=""), run("W3", machine="B")]
    tables = {"machines": MACHINES, "operations": steps, "work_orders": jobs}
    assert found(checks.running_without_machine, **tables) == {"work_orders": [0]}


def test_what_a_check_blanks_is_blank_in_the_factory():
    """The rows stay, the places are named, and the step waits in line for a machine that may."""
    factory = factory_of(
        raw("machines", {"machine": ["A", "B"]}),
        raw("operations", {"material": ["P", "Q"], "step": [10, 10], "machine": ["A", "B"]}),
        raw("work_orders", {
            "work_order": ["W1", "W2", "W3", "W4"], "material": ["P", "x", "P", "Q"], "quantity": [1, "none", 1, 1],
            "machine": ["A", "A", "A", "A"], "started": ["2026-03-02 05:00", "", "2026-03-02 05:30", ""],
        }),
    )  # fmt: skip
    assert factory.work_orders.column("machine").tolist() == ["A", "A", ""]
    assert factory.work_orders.frame.get_column("started").is_null().to_list() == [True, False, True]
    assert [fault.where for fault in told(factory, "running_twice")] == ["work_orders.csv:2 (started)"]
    assert [fault.where for fault in told(factory, "machine_not_eligible")] == ["work_orders.csv:5 (machine)"]
    assert told(factory, "running_twice")[0].value == "2026-03-02 05:00"
