"""The harm of faults: which open orders need a row, and how much work that is."""

import time

import polars as pl
import pytest

from linewright.model.factory import Factory
from linewright.model.faults import Fault
from linewright.model.harm import Harm
from tests.model.raws import factory_of, raw, told

CHAIN = [{"material": "bike", "component": "wheel"}, {"material": "wheel", "component": "spoke"}]


def fault(*materials):
    """A fault about some materials."""
    return Fault(level="error", rule="r", table="stock", where="w", message="m", cure="c", materials=materials)


def filled(factory, *faults):
    """The faults with their harm in this factory."""
    return Harm({name: table.frame for name, table in factory.tables.items()}).filled(faults)


def test_harm_climbs_through_the_bills_to_the_orders():
    """A fault at the spoke harms the bicycle's order and the wheel's work order, and not the pedal's."""
    factory = Factory.of(
        components=CHAIN,
        orders=[
            {"order": "B", "material": "bike", "quantity": 1.0},
            {"order": "P", "material": "pedal", "quantity": 1.0},
        ],
        work_orders=[{"work_order": "W", "material": "wheel", "quantity": 1.0}],
    )
    (told_fault,) = filled(factory, fault("spoke"))
    assert (told_fault.orders, told_fault.order_names) == (2, ("B", "W"))
    assert filled(factory, fault("bike"))[0].order_names == ("B",)
    assert filled(factory, fault("saddle"))[0].orders == 0


def test_days_are_the_machine_time_of_those_orders():
    """Setup once and run for each unit, at the quickest alternative: (30 + 0.5 * 1,410 * 2) minutes are one day."""
    factory = Factory.of(
        operations=[{"material": "bike", "step": 10, "setup_minutes": 30.0, "run_minutes": 9.0, "batch_size": 1.0}],
        operation_machines=[
            {"material": "bike", "step": 10, "machine": name, "run_minutes": run}
            for name, run in (("A", 0.5), ("B", 3.0))
        ],
        orders=[{"order": "B", "material": "bike", "quantity": 2820.0}],
    )
    assert filled(factory, fault("bike"))[0].days == pytest.approx(1.0)


def test_a_work_order_counts_from_its_step():
    """What is done is no longer harmed; a work order for an open order is not counted twice."""
    factory = Factory.of(
        operations=[{"material": "bike", "step": step, "run_minutes": 1440.0} for step in (10, 20)],
        orders=[{"order": "B", "material": "bike", "quantity": 1.0}],
        work_orders=[{"work_order": "W", "order": "B", "material": "bike", "quantity": 1.0, "step": 20}],
    )
    (told_fault,) = filled(factory, fault("bike"))
    assert (told_fault.orders, told_fault.days) == (1, 1.0)


def test_closed_orders_are_not_harmed():
    """What is delivered cannot be late."""
    factory = Factory.of(orders=[{"order": "B", "material": "bike", "quantity": 1.0, "status": "closed"}])
    assert filled(factory, fault("bike"))[0].orders == 0


def test_the_earliest_due_orders_are_named():
    """A fault names at most five orders, those due first."""
    orders = raw("orders", {
        "order": [f"O{day}" for day in range(9, 0, -1)], "material": ["bike"] * 9, "quantity": [1] * 9,
        "due": [f"2026-03-0{day}" for day in range(9, 0, -1)],
    })  # fmt: skip
    (told_fault,) = filled(factory_of(orders), fault("bike"))
    assert (told_fault.orders, told_fault.order_names) == (9, ("O1", "O2", "O3", "O4", "O5"))


def test_a_circle_in_the_bills_ends():
    """Even where a material goes into itself, the climb ends."""
    factory = Factory.of(
        components=[*CHAIN, {"material": "spoke", "component": "bike"}],
        orders=[{"order": "B", "material": "bike", "quantity": 1.0}],
    )
    assert filled(factory, fault("wheel"))[0].orders == 1


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("machines", {"machine": ["M"], "speed": ["zehn"]}),
        ("work_centers", {"work_center": ["W"], "cost_per_hour": ["zehn"]}),
        ("tools", {"tool": ["T"], "quantity": ["zehn"]}),
        ("people", {"person": ["Ann"], "cost_per_hour": ["zehn"]}),
        ("skills", {"person": ["Ann"], "skill": ["weld"], "level": ["zehn"]}),
        ("shifts", {"calendar": ["day"], "weekday": ["zehn"], "start": ["6:00"], "end": ["7:00"]}),
        ("stock", {"material": ["bike"], "quantity": ["zehn"]}),
    ],
)
def test_faults_of_what_does_the_work_harm_what_it_makes(table, columns):
    """A bad row of a machine, group, tool, person, skill or calendar harms the orders whose steps use it."""
    good = {
        "machines": raw("machines", {"machine": ["M"], "work_center": ["W"], "calendar": ["day"]}),
        "people": raw("people", {"person": ["Ann"]}),
        "skills": raw("skills", {"person": ["Ann"], "skill": ["weld"]}),
        "operations": raw("operations", {
            "material": ["bike"], "step": [10], "work_center": ["W"], "tool": ["T"], "crew": [1], "skill": ["weld"],
        }),
        "orders": raw("orders", {"order": ["B", "P"], "material": ["bike", "pedal"], "quantity": [1, 1]}),
    }  # fmt: skip
    if table == "machines":
        columns = {**columns, "work_center": ["W"]}
    factory = factory_of(*{**good, table: raw(table, columns)}.values())
    faults = [fault for fault in factory.faults if fault.table == table and fault.value == "zehn"]
    assert [fault.order_names for fault in faults] == [("B",)]


def test_a_fault_in_an_order_harms_that_order_alone():
    """Another order for the same material is not touched."""
    columns = {"order": ["A", "B"], "material": ["bike", "bike"], "quantity": ["1", "many"]}
    (told_fault,) = told(factory_of(raw("orders", columns)), "not_a_number")
    assert (told_fault.orders, told_fault.order_names) == (1, ("B",))


def test_notes_do_no_harm():
    """What needs no action stands behind what does, however many orders it touches."""
    orders = raw("orders", {"order": ["A", "B"], "material": ["bike", "bike"], "quantity": ["1", "1"], "mine": [1, 2]})
    assert {fault.level: fault.orders for fault in factory_of(orders).faults} == {"note": 0, "warning": 2}


def test_faults_are_ranked_by_harm():
    """The fault that most orders need stands first, whatever its table."""
    factory = factory_of(
        raw("materials", {"material": ["a", "b"], "cost": ["x", "y"]}),
        raw("orders", {"order": ["1", "2", "3"], "material": ["b", "b", "a"], "quantity": [1, 1, 1]}),
    )
    assert [fault.orders for fault in told(factory, "not_a_number")] == [2, 1]
    assert factory.faults[0].orders == 2


def test_a_hundred_thousand_orders_are_climbed_quickly():
    """A thousand faults under 120,000 orders and 70,000 work orders take less than two seconds of CPU."""
    size = 2000
    parts = [f"P{number}" for number in range(size)]
    bill = pl.DataFrame({"material": [f"P{number // 2}" for number in range(2, size)], "component": parts[2:]})
    wanted = pl.DataFrame({"material": [parts[number % size] for number in range(120_000)], "quantity": 1.0})
    names = pl.Series([f"O{number}" for number in range(120_000)])
    factory = Factory.of(
        components=bill.with_columns(quantity=1.0),
        operations=pl.DataFrame({"material": parts, "step": 10, "run_minutes": 1.0}),
        orders=wanted.with_columns(order=names),
        work_orders=wanted.with_columns(work_order=names).head(70_000),
    )
    frames = {name: table.frame for name, table in factory.tables.items()}
    began = time.process_time()
    harmed = Harm(frames).filled([fault(part) for part in parts[1000:]])
    assert time.process_time() - began < 2
    assert all(one.orders >= 95 for one in harmed)
