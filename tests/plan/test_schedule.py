"""The verb: verified, reproducible, interruptible plans, and clear words when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from linewright.errors import ModelError, NoAnswer
from linewright.io.templates import new_factory
from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.model.table import Table
from linewright.model.verify import verify
from linewright.plan import schedule
from linewright.plan.stop import AnyOf, GapBelow, NoBetterFor, Rounds, Seconds, seconds_of

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)


def two_machines(**tables: list[dict[str, object]]) -> Factory:
    """Three orders of one part that needs a saw and then a drill."""
    rows = {
        "machines": [{"machine": "saw"}, {"machine": "drill"}],
        "operations": [
            {"material": "part", "step": 10, "machine": "saw", "run_minutes": 10},
            {"material": "part", "step": 20, "machine": "drill", "run_minutes": 20},
        ],
        "orders": [
            {"order": f"O{at}", "material": "part", "quantity": 3, "due": MONDAY + timedelta(hours=at)}
            for at in (1, 2, 3)
        ],
    }
    return Factory.of(**{**rows, **tables})


def planned(factory: Factory, **options: object):
    """A plan of forty rounds, made without the exact solver."""
    return schedule(factory, **{"stop": Rounds(40), "now": MONDAY, "exact": False, **options})


@pytest.mark.parametrize("template", ["job-shop", "batch"])
def test_every_template_plans_and_verifies(template):
    """What `linewright new` writes can be planned as it is, whatever the seed."""
    for seed in range(3):
        plan = schedule(new_factory(template), stop=Rounds(120), seed=seed, exact=False)
        assert plan.verified
        assert plan.operations.height > 20


def test_the_same_seed_and_rounds_give_the_same_plan():
    """Nothing depends on the clock when the budget is given in rounds."""
    factory = new_factory("job-shop")
    first, second = (schedule(factory, stop=Rounds(150), seed=4, exact=False) for _ in range(2))
    assert first.operations.equals(second.operations)
    assert first.value == second.value
    assert first.origin == second.origin


def test_more_rounds_never_give_a_worse_plan():
    """The best plan so far is kept."""
    factory = new_factory("job-shop")
    short, long = (schedule(factory, stop=Rounds(rounds), seed=1, exact=False) for rounds in (20, 300))
    assert long.value <= short.value


def test_the_plan_states_what_it_costs():
    """Two orders are late by known hours: each late day costs what the order says, or what the settings say."""
    orders = [
        {"order": "rush", "material": "part", "quantity": 3, "due": MONDAY, "late_cost_per_day": 240.0},
        {"order": "calm", "material": "part", "quantity": 3, "due": MONDAY + timedelta(days=9)},
    ]
    plan = planned(two_machines(orders=orders))
    # 30 minutes on the saw and 60 on the drill: 1.5 hours late, 10 an hour.
    assert plan.costs["lateness"] == pytest.approx(15.0)
    assert plan.late_orders["order"].to_list() == ["rush"]
    assert plan.late_orders["late_days"].to_list() == pytest.approx([1.5 / 24])


def test_without_any_due_date_everything_is_finished_early():
    """The objective is then the makespan, and the plan says so."""
    plan = planned(two_machines(orders=[{"order": "O1", "material": "part", "quantity": 3}]))
    assert plan.objective == "makespan"
    assert plan.value == pytest.approx(1.5)
    assert any("due date" in sentence for sentence in plan.assumptions)


def test_weights_change_what_counts():
    """With lateness weighed at nothing the value is what is left."""
    plan = planned(two_machines(), weights=Weights(lateness=0.0))
    assert plan.value == pytest.approx(sum(cost for part, cost in plan.costs.items() if part != "lateness"))


def test_a_pin_is_held_and_work_goes_around_it():
    """A work order pinned to ten o'clock starts then; the others neither push nor wait for it without need."""
    ten = MONDAY + timedelta(hours=4)
    pinned = {
        "work_order": "W1",
        "material": "part",
        "quantity": 3,
        "machine": "saw",
        "pinned": True,
        "pinned_start": ten,
    }
    plan = planned(two_machines(work_orders=[pinned]))
    starts = dict(plan.operations.select("operation", "start").iter_rows())
    assert starts["W1/10"] == ten
    assert starts["O2:part/10"] == MONDAY
    assert plan.relaxed == ()


def test_a_pin_that_cannot_be_held_is_told():
    """Two work orders pinned to one saw at one time: one slips, and the plan says which and why."""
    pins = [
        {
            "work_order": name,
            "material": "part",
            "quantity": 3,
            "machine": "saw",
            "pinned": True,
            "pinned_start": MONDAY,
        }
        for name in ("W1", "W2")
    ]
    plan = planned(two_machines(work_orders=pins))
    assert [relaxed.rule for relaxed in plan.relaxed] == ["pin"]
    assert "waits for machine saw" in plan.relaxed[0].reason


def test_the_frozen_zone_stays_and_moves_have_a_price():
    """Planned again with a new rush order, what starts within two hours keeps machine and time."""
    settings = [{"frozen_hours": 2.0, "move_cost": 5.0}]
    before = planned(two_machines(settings=settings))
    rush = {"order": "rush", "material": "part", "quantity": 9, "due": MONDAY, "late_cost_per_day": 9999.0}
    factory = two_machines(settings=settings)
    grown = factory.with_tables(orders=Table.of("orders", [*factory.orders.content.to_dicts(), rush]))
    after = planned(grown, previous=before)
    frozen = before.operations.filter(before.operations["start"] < MONDAY + timedelta(hours=2))
    kept = after.operations.filter(after.operations["operation"].is_in(frozen["operation"].to_list()))
    assert (
        kept.sort("operation")
        .select("operation", "machine", "start")
        .equals(frozen.sort("operation").select("operation", "machine", "start"))
    )
    assert after.costs["instability"] % 5.0 == 0.0


def test_an_interrupt_keeps_the_best_plan():
    """Ctrl-C in the middle of the search ends it; what was found is verified and handed out."""
    calls = []

    def interrupt(progress):
        calls.append(progress)
        if len(calls) == 3:
            raise KeyboardInterrupt

    plan = schedule(new_factory("job-shop"), stop=Seconds(600), watch=interrupt, exact=False)
    assert plan.verified
    assert plan.origin.options["interrupted"] is True
    assert len(calls) == 3


def test_work_that_never_fits_is_named():
    """A run of nine hours that may not pause finds no room in shifts of eight."""
    factory = two_machines(
        shifts=[{"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)}],
        machines=[{"machine": "saw", "calendar": "day"}, {"machine": "drill"}],
        operations=[{"material": "part", "step": 10, "machine": "saw", "run_minutes": 180, "may_pause": False}],
    )
    with pytest.raises(NoAnswer, match=r"operations:1 \(may_pause\).*needs 9\.0 h on saw without a pause"):
        planned(factory)


def test_a_step_without_machine_names_its_row():
    """A work center without machines cannot do anything; the row and the cure are told."""
    factory = two_machines(
        work_centers=[{"work_center": "empty"}],
        operations=[{"material": "part", "step": 10, "work_center": "empty", "run_minutes": 1}],
    )
    with pytest.raises(ModelError, match=r"operations:1.*step 10 of part.*name a machine"):
        planned(factory)


def test_a_plan_beyond_the_first_horizon_gets_longer_calendars():
    """Three years of work on one shift a week and its drilling are planned, not refused."""
    factory = two_machines(
        shifts=[{"calendar": "day", "weekday": "mon", "start": time(6), "end": time(14)}],
        machines=[{"machine": "saw", "calendar": "day"}, {"machine": "drill"}],
        orders=[{"order": "O1", "material": "part", "quantity": 7000, "due": MONDAY}],
    )
    plan = planned(factory)
    assert plan.end.year == 2029


def test_a_changed_table_makes_the_plan_stale():
    """The plan knows which of the tables that it read have changed."""
    factory = two_machines()
    plan = planned(factory)
    changed = factory.with_tables(orders=Table.of("orders", factory.orders.content.head(2)))
    assert plan.stale_because(factory) == []
    assert plan.stale_because(changed) == ["orders"]


def test_a_tampered_plan_does_not_verify():
    """The verifier is not a formality: an operation moved by a minute is found."""
    factory = two_machines()
    plan = planned(factory)
    moved = plan.operations.with_columns(start=plan.operations["start"] + timedelta(minutes=1))
    assert verify(factory, replace(plan, operations=moved))


def test_stops_combine():
    """Any of several conditions ends the search; the time limit inside is found."""
    stop = AnyOf(Rounds(5), AnyOf(Seconds(60), NoBetterFor(9)), GapBelow(0.01))
    assert seconds_of(stop) == 60
    assert seconds_of(Rounds(5)) is None
    assert repr(AnyOf(Rounds(5), Seconds(1))) == "AnyOf(Rounds(rounds=5), Seconds(seconds=1))"


def test_orders_served_from_stock_need_no_operations():
    """A shop with nothing to do has a plan with a finish for each order."""
    plan = planned(two_machines(stock=[{"material": "part", "quantity": 100}]))
    assert plan.operations.height == 0
    assert plan.orders["late_days"].to_list() == [0.0, 0.0, 0.0]


def test_a_plan_shows_itself_in_a_notebook():
    """One sentence and a figure, with the names of the machines."""
    plan = planned(two_machines())
    shown = plan._repr_html_()
    assert shown is not None
    assert "<svg" in shown
    assert "drill" in plan.gantt()
