"""From raw tables to a checked factory: every fault in one pass, each at its place."""

import random
import time
from datetime import UTC, datetime

import polars as pl
import pytest

from linewright.model.faults import Fault, Source
from linewright.model.intake import assemble
from linewright.model.raw import RawFactory
from tests.model.raws import factory_of, raw, told

MACHINES = raw("machines", {"machine": ["CNC-7", "CNC-8"]})


def test_one_bad_row_leaves_the_others():
    """A number that is none is named with its place and value, and only its row is left out."""
    factory = factory_of(raw("machines", {"machine": ["A", "B", "C"], "speed": ["1", "zehn", "2"]}))
    assert factory.machines.column("machine").tolist() == ["A", "C"]
    (fault,) = factory.faults
    assert (fault.level, fault.rule, fault.where, fault.value) == (
        "error",
        "not_a_number",
        "machines.csv:3 (speed)",
        "zehn",
    )
    assert "decimal point" in fault.cure


def test_a_workbook_names_the_cell():
    """The place of a fault in a sheet is the cell, as Excel names it."""
    source = Source("plant.xlsx", "machines", {"machine": "A", "speed": "D"})
    factory = factory_of(raw("machines", {"machine": ["A"], "speed": ["zehn"]}, source=source))
    assert [fault.where for fault in factory.faults] == ["machines!D2"]


def test_all_faults_of_a_row_are_told_at_once():
    """A row with three mistakes is told of three times, so that it is mended in one go."""
    columns = {"material": ["P"], "step": ["10.5"], "machine": ["CNC-9"], "run_minutes": ["-1"]}
    factory = factory_of(MACHINES, raw("operations", columns))
    assert {fault.rule for fault in factory.faults} == {"not_whole", "unknown_reference", "out_of_range"}


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("quantity", "", "missing"), ("quantity", "0", "out_of_range"), ("quantity", "#DIV/0!", "damaged"),
        ("status", "maybe", "not_a_choice"), ("order", " ", "missing"), ("due", "03/04/2026", "ambiguous_date"),
        ("quantity", "2e12", "out_of_range"), ("quantity", "inf", "not_finite"),
    ],
)  # fmt: skip
def test_each_kind_of_bad_cell_has_its_rule(column, cell, rule):
    """Blank, out of range, damaged, not offered: each has a name, a place, and something better to write."""
    good = {"order": ["O-1"], "material": ["P"], "quantity": ["5"], "status": ["Open"], "due": ["2026-03-02"]}
    factory = factory_of(raw("orders", {**good, column: [cell]}))
    errors = [fault for fault in factory.faults if fault.level == "error"]
    assert [(fault.rule, fault.where) for fault in errors] == [(rule, f"orders.csv:2 ({column})")]
    assert errors[0].expected
    assert errors[0].cure
    assert len(factory.orders) == 0


def test_cells_that_the_file_marks_as_damaged_are_errors():
    """A reader knows of cells that come out blank; they are not taken for blanks."""
    columns = {"order": ["O-1", "O-2"], "material": ["P", "P"], "quantity": [1.0, None]}
    factory = factory_of(raw("orders", columns, damaged={(1, "quantity"): "#REF!"}))
    assert [(fault.rule, fault.value, fault.row) for fault in factory.faults if fault.level == "error"] == [
        ("damaged", "#REF!", 3)
    ]


def test_blank_rows_are_passed_over():
    """Spreadsheets end in rows where nothing stands; they are no faults, and do not move the numbers of the rows."""
    factory = factory_of(raw("machines", {"machine": ["A", None, "", "B"], "speed": [None, None, " ", "zehn"]}))
    assert [(fault.rule, fault.row) for fault in factory.faults] == [("not_a_number", 5)]
    assert len(factory.machines) == 1


def test_the_later_of_two_equal_keys_is_left_out():
    """The first row stays; the fault of the second names the place of the first."""
    factory = factory_of(raw("machines", {"machine": ["A", "B", "A"], "speed": ["1", "2", "3"]}))
    assert factory.machines.column("speed").tolist() == [1.0, 2.0]
    (fault,) = told(factory, "duplicate")
    assert fault.row == 4
    assert "machines.csv:2" in fault.message


def test_a_key_of_several_columns_may_share_some():
    """Step 10 of P and step 10 of Q are two steps."""
    columns = {"material": ["P", "Q", "P"], "step": ["10", "10", "10.0"], "run_minutes": ["1", "2", "3"]}
    factory = factory_of(MACHINES, raw("operations", columns))
    assert len(factory.operations) == 2
    assert [fault.row for fault in told(factory, "duplicate")] == [4]


def test_an_unknown_name_suggests_the_one_that_was_meant():
    """Where CNC-9 is not in machines, CNC-8 is offered."""
    factory = factory_of(
        raw("machines", {"machine": ["CNC-8"]}),
        raw("operations", {"material": ["P"], "step": [1], "machine": ["CNC-9"]}),
    )
    (fault,) = told(factory, "unknown_reference")
    assert fault.message == "CNC-9 is not in machines; did you mean CNC-8?"


def test_a_reference_into_an_empty_table_is_accepted():
    """Who lists no materials may still plan; names are then taken as they are."""
    factory = factory_of(MACHINES, raw("orders", {"order": ["O"], "material": ["P"], "quantity": [1]}))
    assert len(factory.orders) == 1


def test_a_reference_of_several_columns_is_checked_together():
    """Step 20 of P is not in operations, even though P is there and Q has a step 20."""
    factory = factory_of(
        MACHINES,
        raw("operations", {"material": ["P", "Q"], "step": [10, 20]}),
        raw("operation_machines", {"material": ["P", "P"], "step": [10, 20], "machine": ["CNC-7", "CNC-7"]}),
    )
    assert [(fault.row, fault.value) for fault in told(factory, "unknown_reference")] == [(3, "P step 20")]
    assert len(factory.operation_machines) == 1


def test_what_needs_a_lost_row_is_lost_with_it_to_the_end():
    """A bad site takes its work center along, that its machines, and those their steps; each says why."""
    factory = factory_of(
        raw("sites", {"site": ["S", "S"], "name": ["a", "b"]}),
        raw("work_centers", {"work_center": ["W", "V"], "site": ["S", "S"], "cost_per_hour": ["oops", "1"]}),
        raw("machines", {"machine": ["M", "N"], "work_center": ["W", "V"]}),
        raw("operations", {"material": ["P", "P"], "step": [10, 20], "machine": ["M", "N"]}),
        raw("operation_tools", {"material": ["P", "P"], "step": [10, 20], "tool": ["T", "T"]}),
    )
    assert (len(factory.work_centers), len(factory.machines)) == (1, 1)
    assert factory.operations.column("step").tolist() == [20]
    assert len(factory.operation_tools) == 1
    assert {fault.table for fault in told(factory, "consequence")} == {"machines", "operations", "operation_tools"}
    assert "work_centers.csv:2" in next(f.message for f in told(factory, "consequence") if f.table == "machines")


def test_an_unknown_customer_costs_no_order():
    """Who wants it does not change the plan: the order stays, with a warning and without the name."""
    orders = raw("orders", {"order": ["O"], "customer": ["Mayer"], "material": ["P"], "quantity": [1]})
    factory = factory_of(raw("customers", {"customer": ["Meyer"]}), orders)
    assert factory.orders["O"].customer == ""
    assert [fault.level for fault in told(factory, "unknown_reference")] == ["warning"]


def test_unknown_columns_are_kept_beside_their_rows():
    """A column of their own stays with the rows that stay, and is mentioned."""
    factory = factory_of(
        raw("machines", {"machine": ["A", "B", "C"], "speed": ["1", "zehn", "1"], "paint": ["red", "blue", "green"]})
    )
    assert factory.machines.extra is not None
    assert factory.machines.extra.to_dict(as_series=False) == {"paint": ["red", "green"]}
    assert [fault.level for fault in told(factory, "unknown_column")] == ["note"]


def test_a_mistyped_column_is_a_warning():
    """idel_kw means idle_kw; its default is used until it is renamed, which changes the plan."""
    factory = factory_of(raw("machines", {"machine": ["A"], "idel_kw": [3]}))
    (fault,) = told(factory, "unknown_column")
    assert (fault.level, fault.expected) == ("warning", "idle_kw")


def test_a_missing_column_is_one_fault():
    """Without quantities no order counts; that is said once, not once for each row."""
    factory = factory_of(raw("orders", {"order": ["A", "B"], "material": ["P", "P"], "quantty": [1, 2]}))
    (fault,) = told(factory, "missing_column")
    assert (fault.count, fault.column) == (2, "quantity")
    assert "quantty" in fault.cure
    assert len(factory.orders) == 0


def test_several_sheets_make_one_table():
    """Rows of two files stand in one table, and each knows its own file; each has its own way to write numbers."""
    factory = factory_of(
        raw("machines", {"machine": ["A"], "speed": ["1,5"]}, decimal_comma=True, source=Source("north.csv")),
        raw(
            "machines",
            {"machine": ["A", "B"], "speed": ["1.5", "zehn"], "hall": ["x", "y"]},
            source=Source("south.csv"),
        ),
        raw("machines", {"machine": ["C"], "speed": ["2"]}, source=Source("east.csv")),
    )
    assert factory.machines.column("speed").tolist() == [1.5, 2.0]
    assert factory.machines.place(1) == "east.csv:2"
    assert told(factory, "duplicate")[0].where == "south.csv:2 (machine)"
    assert told(factory, "not_a_number")[0].where == "south.csv:3 (speed)"
    assert factory.machines.extra is not None
    assert factory.machines.extra.height == 2


def test_settings_give_the_time_zone_of_all_tables():
    """Six in the morning in Berlin is five in UTC, in orders as in the settings themselves."""
    factory = factory_of(
        raw("orders", {"order": ["O"], "material": ["P"], "quantity": [1], "release": ["2026-03-02 06:00"]}),
        raw("settings", {"timezone": ["Europe/Berlin"], "start": ["2026-03-02 06:00"]}),
    )
    assert factory.orders["O"].release == factory.settings.start == datetime(2026, 3, 2, 5, tzinfo=UTC)


def test_bad_settings_fall_back_to_defaults():
    """The row of the settings is never left out: what cannot be read there counts as its default, with a warning."""
    factory = factory_of(
        raw("settings", {"name": ["Plant", "Twin"], "timezone": ["Mars/Base", ""], "late_cost_per_day": ["many", ""]})
    )
    assert (factory.name, factory.settings.timezone, factory.settings.late_cost_per_day) == ("Plant", "UTC", 100.0)
    assert {fault.rule: fault.level for fault in factory.faults} == {
        "not_a_timezone": "warning", "not_a_number": "warning", "one_row": "error",
    }  # fmt: skip


def test_what_no_plan_needs_costs_no_row():
    """A site with a wrong latitude stays."""
    factory = factory_of(raw("sites", {"site": ["S"], "latitude": ["north"]}))
    assert factory.sites["S"].latitude is None
    assert factory.faults[0].level == "warning"


def test_weekdays_and_times_of_shifts():
    """A week's shifts as people type them; a day that is none is named."""
    columns = {
        "calendar": ["day", "day"],
        "weekday": ["Mo-Fr", "Caturday"],
        "start": ["6:00", "6:00"],
        "end": ["24:00", "14:00"],
    }
    factory = factory_of(raw("shifts", columns))
    assert factory.shifts.frame.select("weekday").to_series().to_list() == ["mon-fri"]
    assert [fault.rule for fault in factory.faults] == ["not_a_weekday"]


def test_a_table_that_nobody_knows_is_mentioned():
    """A table called machnies is not passed over in silence."""
    assert "did you mean machines?" in told(factory_of(raw("machnies", {"machine": ["A"]})), "unknown_table")[0].message


def test_what_the_reader_says_is_kept():
    """A reader's own faults get their harm, and its assumptions stay."""
    fault = Fault(level="error", rule="long_line", table="orders", where="x:3", message="m", cure="c", materials=("P",))
    orders = raw("orders", {"order": ["O"], "material": ["P"], "quantity": [1]})
    factory = assemble(RawFactory(tables=(orders,), faults=(fault,), assumptions=("We assume.",)))
    assert told(factory, "long_line")[0].order_names == ("O",)
    assert "We assume." in factory.assumptions


def test_rows_that_are_left_out_are_an_assumption():
    """Planning without a step is something that the reader of a plan must know."""
    factory = factory_of(MACHINES, raw("operations", {"material": ["P", "P"], "step": ["10", "ten"]}))
    assert factory.assumptions == (
        "1 of 2 rows of operations were left out: what is made there is planned without these steps.",
    )


def test_typed_columns_are_taken_as_they_are():
    """A database or Parquet file gives types; they need no text in between."""
    frame = pl.DataFrame({"order": [4711.0], "material": ["P"], "quantity": [2], "due": [datetime(2026, 3, 6, 14)]})
    factory = factory_of(raw("orders", {name: frame.get_column(name).to_list() for name in frame.columns}))
    assert factory.orders["4711"].due == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert told(factory, "not_a_number") == []


def test_nothing_at_all_is_an_empty_factory():
    """No tables, no rows: a factory in which every table is empty."""
    assert sum(map(len, assemble(RawFactory(tables=())).tables.values())) == 0
    assert len(factory_of(raw("machines", {"machine": []})).machines) == 0


def test_ten_thousand_faults_are_all_found_and_quickly():
    """Of 100,000 rows with 10,000 faults each fault is found at its place, in less than two seconds of CPU."""
    rng, size = random.Random(7), 100_000
    columns = {
        "material": [f"P-{row // 10}" for row in range(size)], "step": [str(row % 10) for row in range(size)],
        "machine": [f"M-{row % 50}" for row in range(size)], "run_minutes": ["2.5"] * size, "crew": ["0"] * size,
    }  # fmt: skip
    bad = {"material": "Q{}", "step": "", "machine": "X-{}", "run_minutes": "zehn", "crew": "77"}
    damaged = {row: rng.choice(list(bad)) for row in rng.sample(range(size), 10_000)}
    for row, column in damaged.items():
        columns[column][row] = bad[column].format(row)
    tables = (
        raw("materials", {"material": [f"P-{row}" for row in range(size // 10)]}),
        raw("machines", {"machine": [f"M-{row}" for row in range(50)]}),
        raw("operations", columns),
    )
    began = time.process_time()
    factory = assemble(RawFactory(tables=tables))
    used = time.process_time() - began
    found = {(fault.row, fault.column) for fault in factory.faults if fault.level == "error"}
    assert found == {(row + 2, column) for row, column in damaged.items()}
    assert len(factory.operations) == size - len(damaged)
    assert used < 2
