"""Rules about what must be in a plan."""

from __future__ import annotations

from linewright.model.factory import Factory
from tests.model.verify.hand_made import broken, lot, plan_of, promised, run, shop, work_order


def two_steps(**work: object) -> Factory:
    """One work order over two steps of 60 minutes on two machines."""
    return shop(
        machines=[{"machine": "M1"}, {"machine": "M2"}],
        operations=[
            {"material": "part", "step": 10, "machine": "M1", "run_minutes": 60.0},
            {"material": "part", "step": 20, "machine": "M2", "run_minutes": 60.0},
        ],
        work_orders=[work_order("A", **work)],
    )


FIRST = run("A/10", "M1", "03-02 06:00", "03-02 07:00")
SECOND = run("A/20", "M2", "03-02 07:00", "03-02 08:00")


def test_a_plan_with_all_steps_is_right():
    """Both steps, one after the other."""
    assert broken(two_steps(), plan_of(two_steps(), [FIRST, SECOND])) == []


def test_a_step_that_is_left_out_is_missing():
    """The second step is not in the plan."""
    assert broken(two_steps(), plan_of(two_steps(), [FIRST])) == ["missing_operation"]


def test_a_work_order_that_is_left_out_is_missing():
    """Neither the job nor a reason is there."""
    factory = two_steps()
    empty = plan_of(factory, [])
    assert broken(factory, plan_of(factory, [], jobs=empty.jobs.head(0))) == ["missing_operation"]


def test_a_work_order_that_is_given_up_with_a_reason_is_not_missing():
    """Its row says why it has no date."""
    factory = two_steps(due=FIRST["start"])
    given_up = promised("A", None, kind="work_order", reason="no machine may do step 20")
    assert broken(factory, plan_of(factory, [], orders=[given_up])) == []


def test_steps_before_the_one_it_is_at_are_done():
    """A work order at step 20 needs only that step, and step 10 would be made twice."""
    factory = two_steps(step=20)
    late = run("A/20", "M2", "03-02 06:00", "03-02 07:00")
    assert broken(factory, plan_of(factory, [late])) == []
    assert broken(factory, plan_of(factory, [FIRST, SECOND])) == ["unknown_operation"]


def test_an_operation_of_no_job_is_unknown():
    """Nobody released Z."""
    factory = two_steps()
    stray = run("Z/10", "M1", "03-02 08:00", "03-02 09:00")
    assert broken(factory, plan_of(factory, [FIRST, SECOND, stray])) == ["unknown_operation"]


def test_a_step_that_the_route_lacks_is_unknown():
    """There is no step 30."""
    factory = two_steps()
    plan = plan_of(factory, [FIRST, SECOND, run("A/30", "M1", "03-02 08:00", "03-02 09:00")])
    assert broken(factory, plan_of(factory, plan.operations.to_dicts(), finish={"A": "03-02 08:00"})) == [
        "unknown_operation"
    ]


def test_an_operation_that_stands_twice_is_unknown():
    """The same step is planned at two times; the second would be work for nothing."""
    factory = two_steps()
    again = run("A/20", "M2", "03-02 08:00", "03-02 09:00")
    plan = plan_of(factory, [FIRST, SECOND, again], finish={"A": "03-02 08:00"})
    assert broken(factory, plan) == ["unknown_operation"]


def test_a_job_of_a_closed_work_order_is_unknown():
    """B was canceled, but the plan still makes it."""
    factory = shop(
        machines=[{"machine": "M1"}],
        operations=[{"material": "part", "step": 10, "run_minutes": 60.0}],
        work_orders=[work_order("B", status="canceled")],
    )
    job = lot("B", "part", 1.0, "03-02 07:00", work_order="B")
    assert broken(factory, plan_of(factory, [run("B/10", "M1", "03-02 06:00", "03-02 07:00")], lots=[job])) == [
        "unknown_operation"
    ]


def test_a_machine_that_does_not_exist_is_unknown():
    """The plan uses M9."""
    factory = two_steps()
    plan = plan_of(factory, [FIRST, {**SECOND, "machine": "M9"}], finish={"A": "03-02 07:00"})
    assert broken(factory, plan) == ["unknown_machine"]
