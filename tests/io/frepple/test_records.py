"""What single records of frePPLe mean."""

from __future__ import annotations

from datetime import UTC, datetime, time

SITE = ("location", {"name": "plant"})
ITEM = ("item", {"name": "bolt"})


def operation(name: str, **fields: object) -> tuple[str, dict[str, object]]:
    """An operation at the plant that takes ten minutes a unit."""
    usual = {"name": name, "type": "time_per", "duration_per": "600", "item": "bolt", "location": "plant"}
    return ("operation", {**usual, **fields})


def resource(name: str, **fields: object) -> tuple[str, dict[str, object]]:
    """A resource at the plant."""
    return ("resource", {"name": name, "location": "plant", "maximum": 1, **fields})


def use(operation_name: str, resource_name: str, **fields: object) -> tuple[str, dict[str, object]]:
    """An operation needs a resource."""
    return ("operationresource", {"operation": operation_name, "resource": resource_name, "quantity": 1, **fields})


def test_durations_may_be_written_with_colons(read_records):
    """1 02:30:00 is a day, two hours and a half."""
    factory = read_records(SITE, ITEM, operation("make", type="fixed_time", duration="1 02:30:00"))
    assert factory.operations["bolt", 10].fixed_minutes == 26.5 * 60


def test_the_lowest_priority_number_wins_and_the_other_way_is_told(read_records):
    """A second way with other materials is not mixed with the first."""
    factory = read_records(
        SITE, ITEM, ("item", {"name": "rod"}), resource("lathe"), resource("press"),
        operation("press it", priority=2), operation("turn it", priority=1),
        use("press it", "press"), use("turn it", "lathe"),
        ("operationmaterial", {"operation": "turn it", "item": "rod", "quantity": -2, "type": "start"}),
    )  # fmt: skip
    assert factory.operations["bolt", 10].machine == "lathe"
    assert [(row.component, row.quantity) for row in factory.components] == [("rod", 2)]
    assert "alternative_not_used" in {fault.rule for fault in factory.faults}


def test_an_alternate_offers_its_children(read_records):
    """Children of an alternate that do the same work are alternative machines with their own times."""
    factory = read_records(
        SITE, ITEM, resource("old"), resource("new"),
        operation("choose", type="alternate"),
        operation("slow", item=None, owner="choose", priority=2, duration_per="1200"),
        operation("fast", item=None, owner="choose", priority=1), use("slow", "old"), use("fast", "new"),
    )  # fmt: skip
    rows = [(row.machine, row.run_minutes) for row in factory.operation_machines]
    assert rows == [("new", 10.0), ("old", 20.0)]


def test_several_units_a_run_shorten_each_unit(read_records):
    """An operation that yields four bolts takes a quarter of its time and rod for each."""
    factory = read_records(
        SITE, ITEM, ("item", {"name": "rod"}), operation("make"),
        ("operationmaterial", {"operation": "make", "item": "bolt", "quantity": 4, "type": "end"}),
        ("operationmaterial", {"operation": "make", "item": "rod", "quantity": -1, "type": "start"}),
    )  # fmt: skip
    assert factory.operations["bolt", 10].run_minutes == 2.5
    assert [row.quantity for row in factory.components] == [0.25]


def test_a_pool_of_machines_without_skills_offers_its_members(read_records):
    """A resource that only groups others stands for any of them."""
    factory = read_records(
        SITE, ITEM, resource("mills"), resource("mill 1", owner="mills"), resource("mill 2", owner="mills"),
        operation("mill it"), use("mill it", "mills"),
    )  # fmt: skip
    assert [row.machine for row in factory.operation_machines] == ["mill 1", "mill 2"]
    assert len(factory.people) == 0


def test_shifts_and_a_holiday_become_weekly_windows_and_an_exception(read_records):
    """The bucket with the lowest priority number wins; a location's hours bind its resources."""
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), True)
    weekend = {"saturday": False, "sunday": False}
    factory = read_records(
        ("calendar", {"name": "hours", "defaultvalue": 0}),
        ("calendarbucket", {"calendar": "hours", "value": 1, "priority": 10, **days, **weekend,
                            "starttime": "06:00:00", "endtime": "14:00:00"}),
        ("calendarbucket", {"calendar": "hours", "value": 0, "priority": 1, "startdate": "2024-05-01 00:00:00",
                            "enddate": "2024-05-02 00:00:00"}),
        ("location", {"name": "plant", "available": "hours"}), ITEM, resource("lathe"), operation("turn it"),
        use("turn it", "lathe"),
    )  # fmt: skip
    assert factory.machines["lathe"].calendar == "hours"
    assert next((row.weekday, row.start, row.end) for row in factory.shifts) == ("mon", time(6), time(14))
    assert len(factory.shifts) == 5
    assert [(row.start, row.end, row.working) for row in factory.calendar_exceptions] == [
        (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 2, tzinfo=UTC), False)
    ]


def test_a_second_machine_of_an_operation_is_told(read_records):
    """One machine can be planned for an operation; the other is named."""
    factory = read_records(
        SITE, ITEM, resource("lathe"), resource("crane"), operation("turn it"), use("turn it", "lathe"),
        use("turn it", "crane"),
    )  # fmt: skip
    fault = next(fault for fault in factory.faults if fault.rule == "second_machine")
    assert (fault.value, fault.materials) == ("crane", ())


def test_a_value_that_cannot_be_read_is_told_with_its_line(read_records):
    """The record is kept, the value counts as blank."""
    factory = read_records(SITE, ITEM, ("buffer", {"item": "bolt", "location": "plant", "onhand": "many"}))
    fault = next(fault for fault in factory.faults if fault.rule == "not_readable")
    assert (fault.column, fault.value) == ("onhand", "many")
    assert fault.where.startswith("small.json:")
    assert factory.stock.content["quantity"].to_list() == [0.0]


def test_goods_on_their_way_between_locations_arrive(read_records):
    """A distribution order that has left is expected at its destination; one that has not is only told."""

    def order(reference: str, start: str) -> tuple[str, dict[str, object]]:
        fields = {"reference": reference, "type": "DO", "status": "confirmed", "quantity": 5, "item": "bolt"}
        dates = {"startdate": f"{start} 00:00:00", "enddate": "2024-02-01 00:00:00"}
        return ("operationplan", {**fields, **dates, "origin": "plant", "destination": "shop"})

    factory = read_records(
        SITE, ("location", {"name": "shop"}), ITEM, order("DO 1", "2023-12-30"), order("DO 2", "2024-01-20")
    )
    assert [(row.purchase, row.site) for row in factory.purchases] == [("DO 1", "shop")]
    assert "transfer_not_begun" in {fault.rule for fault in factory.faults}
