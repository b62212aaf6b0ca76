"""frePPLe's own demo data opens unchanged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linewright.errors import SourceError
from linewright.io.frepple import FreppleReader
from linewright.model.intake import assemble


def test_the_job_shop_is_ft10_in_hours(read_demo):
    """Ten jobs of ten operations, all due after 930 hours; the oldest style of fixtures, with primary keys."""
    factory = read_demo("jobshop.json")
    assert (len(factory.orders), len(factory.machines), len(factory.operations)) == (10, 10, 100)
    assert factory.settings.start is not None
    assert {order.due for order in factory.orders} == {factory.settings.start + timedelta(hours=930)}
    first = factory.operations["Item 01", 10]
    assert (first.name, first.machine, first.fixed_minutes) == ("J01T01", "Machine 00", 29 * 60)
    assert factory.faults == ()


def test_the_furniture_maker_has_people_with_skills(read_demo):
    """Three operators; sawing and varnish need a skill, assembly any of them."""
    factory = read_demo("manufacturing_demo.json")
    assert {person.person for person in factory.people} == {"Philippe", "Carl", "Antonio"}
    assert {(row.person, row.skill) for row in factory.skills} >= {
        ("Carl", "Sawing skill"), ("Antonio", "Varnish skill"), ("Antonio", "operators"),
    }  # fmt: skip
    saw, assemble_chair = factory.operations["chair leg", 10], factory.operations["chair", 10]
    assert (saw.crew, saw.skill, saw.run_minutes) == (1, "Sawing skill", 20)
    assert (assemble_chair.crew, assemble_chair.skill) == (1, "operators")


def test_a_routing_has_its_steps_in_order(read_demo):
    """Varnish is applied and dried; drying needs no resource and takes six hours whatever the quantity."""
    factory = read_demo("manufacturing_demo.json")
    steps = [row for row in factory.operations if row.material == "varnished chair"]
    assert [(row.step, row.name, row.run_minutes, row.fixed_minutes) for row in steps] == [
        (10, "Apply varnish for chair", 30, 0), (20, "Drying varnish for chair", 0, 360),
    ]  # fmt: skip
    assert factory.machines[steps[1].machine].capacity == 200


def test_open_demands_are_orders_and_closed_ones_history(read_demo):
    """16 of 220 demands are open."""
    factory = read_demo("manufacturing_demo.json")
    assert (len(factory.orders), len(factory.demand_history)) == (16, 204)


def test_transport_through_the_warehouse_is_added_up(read_demo):
    """A shop is served from the factory in one day to the warehouse and two more to the shop."""
    lanes = {(row.from_site, row.to_site): row.days for row in read_demo("manufacturing_demo.json").lanes}
    assert lanes["factory", "warehouse"] == 1
    assert lanes["factory", "shop 1"] == 3


def test_two_factories_are_alternatives_of_each_other(read_demo):
    """Packing is the same work in both; in factory 1 a second unit comes in February."""
    factory = read_demo("demo.json")
    rows = [row.machine for row in factory.operation_machines if row.material == "product"]
    assert rows == ["pack in factory 1 1", "pack in factory 1 2", "pack in factory 2"]
    closed = [row for row in factory.calendar_exceptions if row.calendar == factory.machines[rows[1]].calendar]
    assert max(row.end for row in closed) == datetime(2014, 2, 1, tzinfo=UTC)


def test_a_confirmed_order_that_has_begun_is_running(read_demo):
    """The manufacturing order of December runs when the plan starts in January; purchases are on their way."""
    factory = read_demo("demo.json")
    job = factory.work_orders["MO 0001"]
    assert (job.material, job.step, job.machine) == ("fabric", 10, "weave in factory 1")
    assert job.started == datetime(2013, 12, 13, tzinfo=UTC)
    assert factory.purchases["PO 0002"].site == "factory 2"


@pytest.mark.parametrize(
    ("name", "orders", "history"),
    [
        ("demo.json", 14, 0),
        ("demo_ai_forecasting.json", 0, 533),
        ("distribution_demo.json", 0, 3_294),
        ("forecast_distribution_demo.json", 0, 0),
        ("forecast_manufacturing_demo.json", 0, 0),
        ("jobshop.json", 10, 0),
        ("manufacturing_demo.json", 16, 204),
    ],
)
def test_all_seven_demos_open(bench, name, orders, history):
    """Each opens without an error; those without open demand say that there is nothing to plan."""
    path = bench(f"plants/frepple_demo/{name}")
    assert FreppleReader().recognises([path])
    factory = assemble(FreppleReader().read([path], {}))
    assert (len(factory.orders), len(factory.demand_history)) == (orders, history)
    assert [fault for fault in factory.faults if fault.level == "error"] == []
    assert any("no open demand" in text for text in factory.assumptions) == (orders == 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", r"bad.json:1: is not JSON \(a list is needed\)"),
        ('[{"model": "input.item", "fields": {}}', r"a comma or \] is needed"),
        ('[\n\n{"model": "input.item"}]', r"bad.json:3: is not a record with model and fields"),
    ],
)
def test_other_json_is_refused_with_its_line(tmp_path, text, told):
    """What is not a fixture is told with the line where it stops being one."""
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=told):
        FreppleReader().read([path], {})
