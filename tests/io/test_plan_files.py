"""Plans as bytes, JSON, workbook and CSV."""

from __future__ import annotations

import csv
import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from linewright.errors import SourceError
from linewright.io.plan_files import plan_from_bytes, plan_from_json, plan_to_bytes, plan_to_json, read_plan, write_plan
from linewright.model.results import Plan
from tests.kit.sample_plan import sample_plan

SHEETS = ["summary", "operations", "orders", "late_orders", "jobs", "pegging", "relaxed", "faults", "assumptions"]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan of about 60 operations, over the change to summer time, with one start to the microsecond."""
    made = sample_plan(60)[0]
    first = pl.int_range(pl.len()) == 0
    odd = made.operations.with_columns(
        start=pl.when(first).then(pl.col("start").dt.offset_by("1us")).otherwise("start")
    )
    return replace(made, operations=odd)


def assert_same(one: Plan, other: Plan) -> None:
    """Every field is equal, frames with their types."""
    for part in fields(Plan):
        mine, yours = getattr(one, part.name), getattr(other, part.name)
        if isinstance(mine, pl.DataFrame):
            assert yours.schema == mine.schema, part.name
            assert yours.equals(mine), part.name
        else:
            assert yours == mine, part.name


def test_bytes_hold_the_whole_plan(plan: Plan) -> None:
    """To the last digit and microsecond, and the same plan always gives the same bytes."""
    packed = plan_to_bytes(plan)
    assert_same(plan, plan_from_bytes(packed))
    assert plan_to_bytes(plan_from_bytes(packed)) == packed


def test_an_empty_plan_comes_back(plan: Plan) -> None:
    """Without rows the columns keep their types."""
    bare = {name: getattr(plan, name).clear() for name in ("operations", "jobs", "orders", "pegging")}
    empty = replace(plan, **bare, relaxed=(), faults=(), assumptions=())
    assert_same(empty, plan_from_bytes(plan_to_bytes(empty)))


def test_the_json_document_has_its_documented_keys(plan: Plan) -> None:
    """Programs may rely on them, and on instants in UTC."""
    from linewright.io.plans import document

    made = json.loads(plan_to_json(plan))
    assert {"format", "version", "factory", "start", "operations", "orders", "origin", "verified"} <= set(made)
    assert [key for key in made if key not in (document.__doc__ or "")] == []
    assert made["start"] == "2026-03-23T05:00:00Z"
    assert made["operations"][1]["start"].endswith("Z")
    assert made["operations"][0]["people"] == plan.operations.item(0, "people").to_list()


def test_a_json_file_is_read_again(plan: Plan, tmp_path: Path) -> None:
    """Written whole, readable by people too."""
    write_plan(plan, tmp_path / "plan.json")
    assert_same(plan, read_plan(tmp_path / "plan.json"))
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "is not JSON"),
        ('{"format": "something else"}', "is not a plan"),
        ('{"format": "linewright plan", "version": 99}', "a newer linewright wrote this plan"),
        ('{"format": "linewright plan", "version": 1, "factory": "x"}', "is damaged"),
    ],
)
def test_what_is_no_plan_is_refused(text: str, problem: str) -> None:
    """Each with its cure."""
    with pytest.raises(SourceError, match=problem):
        plan_from_json(text)


def test_damaged_bytes_are_refused(plan: Plan) -> None:
    """Neither half a plan nor noise is taken for one."""
    packed = plan_to_bytes(plan)
    for spoilt in (packed[: len(packed) // 2], b"noise", packed[:200] + b"\x00" + packed[201:]):
        with pytest.raises(SourceError, match="damaged"):
            plan_from_bytes(spoilt)


def test_the_workbook_shows_local_times(plan: Plan, tmp_path: Path) -> None:
    """Dates are dates, on the factory's clock, below a header that stays in sight and filters."""
    write_plan(plan, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == SHEETS
    sheet = book["operations"]
    header = [cell.value for cell in sheet[1]]
    shown = sheet.cell(3, header.index("start") + 1)
    zoned = plan.operations.get_column("start").dt.convert_time_zone(plan.timezone).dt.replace_time_zone(None)
    assert shown.value == zoned[1]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", sheet.dimensions)
    assert sheet.max_row == plan.operations.height + 1


def test_the_summary_tells_a_manager_the_figures(plan: Plan, tmp_path: Path) -> None:
    """Late orders, value, bound with its reason, costs, seed."""
    write_plan(plan, tmp_path / "plan.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "plan.xlsx")["summary"].iter_rows(min_row=2, values_only=True)
    told = dict(rows)
    assert told["late orders"] == str(plan.late_orders.height)
    assert told["from"] == "2026-03-23 06:00"
    assert told["because"] == plan.bound.meaning
    assert told["cost of changeovers"] == "1,830.50 EUR"
    assert told["orders that could not be planned"] == "1"


def test_the_same_plan_gives_the_same_workbook(plan: Plan, tmp_path: Path) -> None:
    """Nothing in the file depends on when it was written."""
    for name in ("one.xlsx", "two.xlsx"):
        write_plan(plan, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_folder_has_a_csv_for_each_sheet(plan: Plan, tmp_path: Path) -> None:
    """With local times, and lists in one cell."""
    write_plan(plan, tmp_path / "plan")
    assert {path.name for path in (tmp_path / "plan").iterdir()} == {f"{name}.csv" for name in SHEETS}
    with (tmp_path / "plan" / "operations.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == plan.operations.height
    crews = ["; ".join(names) for names in plan.operations.get_column("people").to_list()]
    assert [row["people"] for row in rows] == crews
    starts = [datetime.fromisoformat(row["setup_start"]).replace(tzinfo=UTC) for row in rows]
    first = plan.operations.get_column("setup_start")
    assert {int((shown - true).total_seconds()) for shown, true in zip(starts, first, strict=True)} <= {3600, 7200}


def test_another_suffix_is_refused(plan: Plan, tmp_path: Path) -> None:
    """The error says what can be written."""
    with pytest.raises(SourceError, match=r"as .xlsx, as .json, or as a folder"):
        write_plan(plan, tmp_path / "plan.pdf")
    assert list(tmp_path.iterdir()) == []
