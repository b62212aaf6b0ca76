"""Lots that are split in two where an order is late for want of a second machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.plan import schedule
from linewright.plan.assemble import order_frame
from linewright.plan.lots import split_candidates
from linewright.plan.scheduling import value_weights
from linewright.plan.search.portfolio import Search, timed
from linewright.plan.stop import AnyOf, Rounds, Seconds
from linewright.shop.compile import compile_shop

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)


class StepClock:
    """A clock that moves on a little whenever somebody looks at it."""

    def __init__(self, step_seconds: float = 0.05) -> None:
        self.step_seconds, self.passed = step_seconds, 0.0

    def now(self) -> datetime:
        """The first moment of the plan."""
        return MONDAY

    def seconds(self) -> float:
        """A step further."""
        self.passed += self.step_seconds
        return self.passed


def two_mills(**tables: list[dict[str, object]]) -> Factory:
    """A hundred brackets, an hour each on one of two equal mills, wanted two and a half days from now."""
    rows: dict[str, list[dict[str, object]]] = {
        "work_centers": [{"work_center": "mills"}],
        "machines": [{"machine": name, "work_center": "mills"} for name in ("mill 1", "mill 2")],
        "materials": [{"material": "bracket"}],
        "operations": [{"material": "bracket", "step": 10, "work_center": "mills", "run_minutes": 60,
                        "setup_minutes": 30}],
        "orders": [{"order": "O-117", "material": "bracket", "quantity": 100, "due": MONDAY + timedelta(hours=60),
                    "late_cost_per_day": 240.0}],
    }  # fmt: skip
    return Factory.of(**{**rows, **tables})


def dispatched(factory: Factory):
    """The shop, and the timetable that the first dispatch rule makes."""
    shop = compile_shop(factory, MONDAY)
    search = Search(shop, value_weights(Weights(), "cost"), 0.0, 0, 0.0, Rounds(1), StepClock(), cores=1)
    return shop, timed(shop, search.run(), 0.0)[0]


def candidates(factory: Factory) -> list[tuple[str, str]]:
    """The candidates of the plan that dispatch rules make."""
    return split_candidates(*dispatched(factory))


def test_a_late_order_with_a_second_machine_is_a_candidate():
    """The lot runs a hundred hours where fifty would do."""
    assert candidates(two_mills()) == [("O-117", "bracket")]


def test_an_order_in_time_is_left_alone():
    """Whoever gets everything in time need not handle two lots."""
    relaxed = {"order": "O-117", "material": "bracket", "quantity": 100, "due": MONDAY + timedelta(days=9)}
    assert candidates(two_mills(orders=[relaxed])) == []


def test_one_machine_is_no_reason_to_split():
    """Two lots one after the other on the only mill end no sooner."""
    assert candidates(two_mills(machines=[{"machine": "mill 1", "work_center": "mills"}])) == []


def test_a_released_work_order_stays_whole():
    """What is on the floor as one lot is late as one lot."""
    released = {"work_order": "W1", "material": "bracket", "quantity": 100, "order": "O-117"}
    assert candidates(two_mills(work_orders=[released])) == []


def test_an_oven_is_not_split():
    """Places in an oven are filled together: two ovens are no reason for two lots."""
    ovens = [{"machine": name, "work_center": "mills", "batch": True, "capacity": 2} for name in ("north", "south")]
    assert candidates(two_mills(machines=ovens)) == []


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ({"lot_size_min": 50.0}, True),
        ({"lot_size_min": 51.0}, False),
        ({"lot_multiple": 25.0}, True),
        ({"lot_multiple": 40.0}, True),
        ({"lot_multiple": 100.0}, False),
    ],
    ids=str,
)
def test_lot_rules_may_forbid_a_split(rule, allowed):
    """Two lots may not make more than the one: forty and eighty make the hundred and twenty of three times forty."""
    found = candidates(two_mills(materials=[{"material": "bracket", **rule}]))
    assert found == ([("O-117", "bracket")] if allowed else [])


def test_the_dearest_lateness_comes_first_and_three_are_enough():
    """Five orders are late; the three that cost most are named, the dearest first."""
    orders = [
        {"order": f"O{at}", "material": "bracket", "quantity": 40, "due": MONDAY, "late_cost_per_day": cost}
        for at, cost in enumerate((10.0, 8000.0, 20.0, 40_000.0, 900.0))
    ]
    shop, state = dispatched(two_mills(orders=orders))
    late_costs = order_frame(shop, state).sort("late_cost", descending=True)
    assert [order for order, _ in split_candidates(shop, state)] == late_costs["order"].to_list()[:3]


def by_the_clock(factory: Factory, **options: object):
    """A plan of six seconds of a clock that moves on by itself."""
    given = {"stop": Seconds(6), "now": MONDAY, "clock": StepClock(), "cores": 1, "exact": False}
    return schedule(factory, **{**given, **options})


def test_a_split_lot_is_in_time():
    """Two lots of fifty end after fifty hours and a half; whole, the lot is forty hours and a half late."""
    whole = schedule(two_mills(), stop=Rounds(60), now=MONDAY, exact=False)
    plan = by_the_clock(two_mills())
    assert whole.value == pytest.approx(40.5 * 10)
    assert plan.verified
    assert plan.value == 0.0
    assert sorted(plan.jobs["quantity"].to_list()) == [50.0, 50.0]
    assert any("bracket for O-117 is split in two" in sentence for sentence in plan.assumptions)
    assert plan.bound.value <= plan.value
    assert "split" in plan.bound.meaning


def test_a_second_split_goes_on_from_the_first():
    """Two orders on mills of their own are late: both lots are split, and the plan says so of both."""
    names = ("bracket", "housing")
    plan = by_the_clock(two_mills(
        work_centers=[{"work_center": name} for name in names],
        machines=[{"machine": f"{name} {at}", "work_center": name} for name in names for at in (1, 2)],
        materials=[{"material": name} for name in names],
        operations=[{"material": name, "step": 10, "work_center": name, "run_minutes": 60} for name in names],
        orders=[{"order": f"for {name}", "material": name, "quantity": 100, "due": MONDAY + timedelta(hours=60)}
                for name in names],
    ))  # fmt: skip
    assert plan.value == 0.0
    assert plan.jobs["quantity"].to_list() == [50.0] * 4
    assert sum("split in two" in sentence for sentence in plan.assumptions) == 2


def test_who_watches_sees_the_plan_get_better_only():
    """Rounds, seconds and the best value never go back when the search goes on with split lots."""
    seen = []
    plan = by_the_clock(two_mills(), watch=seen.append)
    assert [one.best for one in seen] == sorted((one.best for one in seen), reverse=True)
    assert [one.rounds for one in seen] == sorted(one.rounds for one in seen)
    assert [one.seconds for one in seen] == sorted(one.seconds for one in seen)
    assert all(one.bound <= one.best for one in seen)
    assert seen[-1].best == plan.value < seen[0].best
    assert plan.origin.options["rounds"] == seen[-1].rounds


def test_better_plans_are_told_while_split_lots_are_tried():
    """The plan with two lots is told before the search ends, verified."""
    told = []
    by_the_clock(two_mills(), on_better=told.append)
    assert all(plan.verified for plan in told)
    assert [plan.value for plan in told] == sorted((plan.value for plan in told), reverse=True)
    assert told[-1].jobs.height == 2


def test_an_interrupt_keeps_the_best_of_both():
    """Ctrl-C at the first sign of split lots: whatever is best by then is handed out."""
    factory = two_mills()
    whole = schedule(factory, stop=Rounds(60), now=MONDAY, exact=False)

    def interrupt(progress):
        if progress.best < whole.value:
            raise KeyboardInterrupt

    plan = by_the_clock(factory, watch=interrupt)
    assert plan.verified
    assert plan.value < whole.value
    assert plan.origin.options["interrupted"] is True


@pytest.mark.parametrize(
    "options", [{"stop": Seconds(4)}, {"stop": AnyOf(Seconds(6), Rounds(60))}, {"objective": "tardiness"}], ids=str
)
def test_lots_stay_whole_unless_there_is_time_and_money_to_save(options):
    """A short search, a count of rounds and another objective leave lots as they are."""
    assert by_the_clock(two_mills(), **options).jobs["quantity"].to_list() == [100.0]


def test_a_plan_after_one_with_split_lots_is_right():
    """Planned again after a plan with two lots: the order is made once, under every rule of the frozen zone."""
    factory = two_mills(settings=[{"frozen_hours": 4.0, "move_cost": 5.0}])
    before = by_the_clock(factory)
    assert before.jobs.height == 2
    after = schedule(factory, stop=Rounds(60), previous=before, exact=False)
    assert after.verified
    assert after.jobs["quantity"].sum() == 100.0
