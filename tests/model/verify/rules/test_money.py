"""Rule `money`: each part of the total, computed by hand."""

from __future__ import annotations

from datetime import time

import pytest

from linewright.model.factory import Factory
from linewright.model.results import Weights
from tests.model.verify.hand_made import Row, at, broken, peg, plan_of, promised, run, shop, work_order


def check(factory: Factory, operations: list[Row], costs: dict[str, float], **more: object) -> list[str]:
    """What a plan with these costs breaks."""
    return broken(factory, plan_of(factory, operations, costs=costs, **more))


def one_hour(machine: Row | None = None, **tables: object) -> Factory:
    """A work order of 10 units, an hour on M1."""
    step = {"material": "part", "step": 10, "fixed_minutes": 60.0, **tables.pop("step", {})}
    machines = [{"machine": "M1", "work_center": "mill", **(machine or {})}]
    return shop(**{"machines": machines, "work_orders": [work_order("A", quantity=10.0)], **tables}, operations=[step])


def hour(start: str = "03-02 06:00", end: str = "03-02 07:00", **more: object) -> Row:
    """The hour's run of 10 units."""
    return run("A/10", "M1", start, end, **{"quantity": 10.0, **more})


@pytest.mark.parametrize(("own", "cost"), [(None, 50.0), (24.0, 12.0), (0.0, 0.0)])
def test_lateness_is_days_times_the_cost_of_a_day(own: float | None, cost: float):
    """Half a day late at the settings' 100, or at the order's own."""
    factory = one_hour(
        orders=[
            {"order": "O", "material": "part", "quantity": 10.0, "due": at("03-01 19:00"), "late_cost_per_day": own}
        ]
    )
    row = promised("O", "03-02 07:00", late_days=0.5, late_cost=cost)
    given = {"orders": [row], "pegging": [peg("O", "part", 10.0, "work_order", "A")]}
    assert check(factory, [hour()], {"lateness": cost}, **given) == []
    assert check(factory, [hour()], {"lateness": cost + 1}, **given) == ["money"]
    given["orders"] = [{**row, "late_cost": cost + 1}]
    assert check(factory, [hour()], {"lateness": cost}, **given) == ["money"]


def test_changeovers_cost_their_row_and_the_hours_of_the_work_center():
    """30 minutes at 80 an hour and 7 for cleaning: 47."""
    factory = one_hour(
        {"setup_family": "red"},
        work_centers=[{"work_center": "mill", "cost_per_hour": 80.0}],
        step={"setup_family": "blue"},
        changeovers=[{"from_family": "red", "to_family": "blue", "minutes": 30.0, "cost": 7.0}],
    )
    row = hour("03-02 06:30", "03-02 07:30", setup_start="03-02 06:00", changeover_minutes=30.0)
    assert check(factory, [row], {"changeovers": 47.0}) == []
    assert check(factory, [row], {"changeovers": 40.0}) == ["money"]


def overtime(people: list[str]) -> tuple[Factory, Row]:
    """M1 works to 14:00, and to 18:00 as overtime at 9 an hour; people's overtime from 15:00 to 18:00 costs 5."""
    opened = [{"calendar": "day", "start": at("03-02 14:00"), "end": at("03-02 18:00"), "working": True},
              {"calendar": "staff", "start": at("03-02 15:00"), "end": at("03-02 18:00"), "working": True}]  # fmt: skip
    factory = one_hour(
        {"calendar": "day"},
        shifts=[{"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)},
                {"calendar": "staff", "weekday": "mon-fri", "start": time(6), "end": time(15)}],
        calendar_exceptions=[opened[0] | {"cost_per_hour": 9.0}, opened[1] | {"cost_per_hour": 5.0}],
        people=[{"person": "Ann", "calendar": "staff"}],
        step={"fixed_minutes": 180.0, "crew": len(people)},
    )  # fmt: skip
    return factory, hour("03-02 13:00", "03-02 16:00", people=people)


def test_overtime_is_paid_for_the_machine_and_for_each_person():
    """From 13 to 16 the machine has 2 hours at 9, and Ann 1 hour at 5."""
    factory, row = overtime([])
    assert check(factory, [row], {"overtime": 18.0}) == []
    assert check(factory, [row], {}) == ["money"]
    factory, row = overtime(["Ann"])
    assert check(factory, [row], {"overtime": 23.0}) == []
    assert check(factory, [row], {"overtime": 18.0}) == ["money"]


def test_early_stock_is_paid_by_the_day():
    """10 units of 365 each, 2 days early, at 10 % a year: 2 x 3650 x 0.1 / 365 = 2."""
    factory = one_hour(
        materials=[{"material": "part", "cost": 365.0}],
        work_orders=[work_order("A", quantity=10.0, due=at("03-04 07:00"))],
    )
    given = {"orders": [promised("A", "03-02 07:00", kind="work_order")]}
    assert check(factory, [hour()], {"early_stock": 2.0}, **given) == []
    assert check(factory, [hour()], {"early_stock": 1.5}, **given) == ["money"]


TARIFFS = [
    {"start": at("03-02 06:30"), "end": at("03-02 08:00"), "eur_per_kwh": 0.5},
    {"site": "north", "start": at("03-02 07:00"), "end": at("03-02 07:30"), "eur_per_kwh": 1.0},
]
NORTH = {"sites": [{"site": "north"}], "work_centers": [{"work_center": "mill", "site": "north"}]}


def test_energy_is_paid_at_the_mean_price_of_each_phase():
    """Setup 6:00-6:30: 2 kW x 0.5 h at 0.1. Run 6:30-7:30: 10 kWh + 10 x 3 kWh at (0.5 + 1.0) / 2 = 0.75."""
    factory = one_hour(
        {"setup_kw": 2.0, "run_kw": 10.0},
        **NORTH,
        settings=[{"price_per_kwh": 0.1}],
        tariffs=TARIFFS,
        step={"setup_minutes": 30.0, "kwh_per_unit": 3.0},
    )
    row = hour("03-02 06:30", "03-02 07:30", setup_start="03-02 06:00", setup_minutes=30.0, kwh=41.0)
    # 1 kWh at 0.1 and 40 kWh at 0.75.
    assert check(factory, [row], {"energy": 30.1}) == []
    assert check(factory, [row], {"energy": 4.1}) == ["money"]
    assert check(factory, [row | {"kwh": 40.0}], {"energy": 30.1}) == ["money"]


def test_the_price_of_a_pause_does_not_count():
    """A run of an hour to 7:00 and on from 8:00 to 8:30: half at 0.1, half at 0.1 again; the dear hour is a pause."""
    factory = one_hour(
        {"run_kw": 10.0, "calendar": "split"},
        settings=[{"price_per_kwh": 0.1}],
        tariffs=[{"start": at("03-02 07:00"), "end": at("03-02 08:00"), "eur_per_kwh": 9.0}],
        shifts=[{"calendar": "split", "weekday": "mon", "start": time(6), "end": time(7)},
                {"calendar": "split", "weekday": "mon", "start": time(8), "end": time(9)}],
    )  # fmt: skip
    row = hour("03-02 06:30", "03-02 08:30", run_minutes=60.0, kwh=10.0)
    assert check(factory, [row], {"energy": 1.0}) == []


def test_a_run_of_no_time_pays_the_usual_price():
    """10 units of 3 kWh in a step of 0 minutes, at 0.1, though a tariff is in force."""
    step = {"fixed_minutes": 0.0, "kwh_per_unit": 3.0}
    factory = one_hour(**NORTH, settings=[{"price_per_kwh": 0.1}], tariffs=TARIFFS, step=step)
    assert check(factory, [hour("03-02 07:10", "03-02 07:10", kwh=30.0)], {"energy": 3.0}) == []


def test_prices_are_those_of_the_machine_s_own_hours():
    """Ann is away from 6:15 to 6:45; the price is still the mean from 6:00 to 7:00, half 0.1 and half 0.5: 0.3."""
    factory = one_hour(
        {"run_kw": 10.0},
        settings=[{"price_per_kwh": 0.1}],
        tariffs=TARIFFS[:1],
        shifts=[{"calendar": "ann", "weekday": "mon", "start": time(6), "end": time(6, 15)},
                {"calendar": "ann", "weekday": "mon", "start": time(6, 45), "end": time(9)}],
        people=[{"person": "Ann", "calendar": "ann"}],
        step={"fixed_minutes": 30.0, "crew": 1},
    )  # fmt: skip
    row = hour("03-02 06:00", "03-02 07:00", run_minutes=30.0, people=["Ann"], kwh=5.0)
    assert check(factory, [row], {"energy": 1.5}) == []


def test_a_load_pays_its_oven_once():
    """Two operations in one load: 10 kWh are shared, 5 each, and its overtime hour at 9 is paid once."""
    factory = shop(
        settings=[{"price_per_kwh": 1.0}],
        shifts=[{"calendar": "never", "weekday": "sun", "start": time(6), "end": time(7)}],
        calendar_exceptions=[
            {
                "calendar": "never",
                "start": at("03-02 06:00"),
                "end": at("03-02 07:00"),
                "working": True,
                "cost_per_hour": 9.0,
            }
        ],
        machines=[{"machine": "M1", "batch": True, "capacity": 2, "run_kw": 10.0, "calendar": "never"}],
        operations=[{"material": "part", "step": 10, "fixed_minutes": 60.0}],
        work_orders=[work_order("A"), work_order("B")],
    )
    rows = [run(f"{name}/10", "M1", "03-02 06:00", "03-02 07:00", load="1", kwh=5.0) for name in "AB"]
    assert check(factory, rows, {"energy": 10.0, "overtime": 9.0}) == []


def test_instability_counts_operations_that_moved():
    """To another machine, or by more than an hour; an hour is still near."""
    factory = one_hour(
        machines=[{"machine": "M1", "work_center": "mill"}, {"machine": "M2"}], settings=[{"move_cost": 4.0}]
    )
    earlier = plan_of(factory, [hour("03-02 08:00", "03-02 09:00")])
    near = plan_of(factory, [hour("03-02 07:00", "03-02 08:00")])
    assert broken(factory, near, earlier) == []
    far = [hour("03-02 06:59", "03-02 07:59")]
    assert broken(factory, plan_of(factory, far), earlier) == ["money"]
    assert broken(factory, plan_of(factory, far, costs={"instability": 4.0}), earlier) == []
    other = [hour("03-02 08:00", "03-02 09:00") | {"machine": "M2"}]
    assert broken(factory, plan_of(factory, other, costs={"instability": 4.0}), earlier) == []


def test_preferences_are_those_of_the_chosen_alternatives():
    """M1 costs 3 more than the best machine."""
    factory = one_hour(operation_machines=[{"material": "part", "step": 10, "machine": "M1", "preference": 3.0}])
    assert check(factory, [hour()], {"preference": 3.0}) == []
    assert check(factory, [hour()], {}) == ["money"]


def test_the_value_is_the_weighted_sum():
    """A preference of 3, counted twice, is 6."""
    factory = one_hour(operation_machines=[{"material": "part", "step": 10, "machine": "M1", "preference": 3.0}])
    weights = {"weights": Weights(preference=2.0)}
    assert check(factory, [hour()], {"preference": 3.0}, value=6.0, **weights) == []
    assert check(factory, [hour()], {"preference": 3.0}, value=3.0, **weights) == ["money"]


def test_the_value_may_be_the_makespan_or_the_late_hours():
    """The last operation ends an hour after the plan's start, half an hour after it is due."""
    factory = one_hour(work_orders=[work_order("A", quantity=10.0, due=at("03-02 06:30"), late_cost_per_day=0.0)])
    given = {"orders": [promised("A", "03-02 07:00", kind="work_order", late_days=1 / 48)]}
    assert check(factory, [hour()], {}, objective="makespan", value=1.0, **given) == []
    assert check(factory, [hour()], {}, objective="makespan", value=2.0, **given) == ["money"]
    assert check(factory, [hour()], {}, objective="tardiness", value=0.5, **given) == []
    assert check(factory, [hour()], {}, objective="tardiness", value=1.0, **given) == ["money"]


def test_where_a_plan_could_mean_several_alternatives_any_preference_is_right():
    """Ann runs M1, as a row without a person allows for 5 and one that names her for nothing."""
    key = {"material": "part", "step": 10, "machine": "M1"}
    factory = one_hour(
        people=[{"person": "Ann"}],
        step={"crew": 1},
        operation_machines=[{**key, "preference": 5.0}, {**key, "person": "Ann"}],
    )
    assert check(factory, [hour(people=["Ann"])], {"preference": 5.0}) == []
    assert check(factory, [hour(people=["Ann"])], {"preference": 0.0}) == []
    assert check(factory, [hour(people=["Ann"])], {"preference": 6.0}) == ["money"]
