"""The reader of linewright's own workbooks, with the traps that real workbooks hold."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
import xlsxwriter

from linewright.errors import SourceError
from linewright.io.workbook import WorkbookReader
from linewright.model.intake import assemble
from linewright.model.raw import RawFactory, RawTable


def book_of(path: Path, sheets: dict[str, list[list[object]]], **options: object) -> Path:
    """Write sheets of plain cells; dates and times get a format, texts that begin with = are broken formulas."""
    book = xlsxwriter.Workbook(str(path), options)
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, date | datetime | time | timedelta):
                    sheet.write_datetime(row, column, value, moment)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(row, column, value, None, "#DIV/0!")
                elif value is not None:
                    sheet.write(row, column, value)
    book.close()
    return path


def read(*paths: Path) -> RawFactory:
    """Read workbooks without options."""
    return WorkbookReader().read(paths, {})


def only(raw: RawFactory) -> RawTable:
    """The one table that was found."""
    assert len(raw.tables) == 1
    return raw.tables[0]


OPERATIONS = ["material", "step", "run_minutes [min]"]


def test_a_fault_can_name_the_exact_cell(tmp_path: Path) -> None:
    """Rows keep their number and columns their letter, whatever stands above and beside the table."""
    rows = [[], ["Our routings"], [], [None, *OPERATIONS], [None, "A", 10, 1.5], [], [None, "A", 20, "zehn"]]
    table = only(read(book_of(tmp_path / "shop.xlsx", {"Operations": rows})))
    assert table.rows.to_list() == [5, 6, 7]
    assert table.frame.get_column("run_minutes").to_list() == ["1.5", None, "zehn"]
    assert table.source.place(table.rows[2], "run_minutes") == "Operations!D7"


def test_every_bad_cell_keeps_its_text(tmp_path: Path) -> None:
    """Words, truth values and infinities in a number column are kept for the checks to quote."""
    bad = ["zehn", "1.5 h", True, "inf", "12 min"]
    rows = [OPERATIONS, *[["A", 10 * index, cell] for index, cell in enumerate([2.5, *bad, 1 / 3])]]
    run = only(read(book_of(tmp_path / "shop.xlsx", {"operations": rows}))).frame.get_column("run_minutes")
    assert run.to_list() == ["2.5", "zehn", "1.5 h", "true", "inf", "12 min", str(1 / 3)]


def test_numbers_are_numbers_to_the_last_digit(tmp_path: Path) -> None:
    """A number column without bad cells comes out as numbers, and a column of whole numbers as integers."""
    rows = [OPERATIONS, ["A", 10, 1 / 3], ["A", 20, None], ["A", 30, 1e-7]]
    frame = only(read(book_of(tmp_path / "shop.xlsx", {"operations": rows}))).frame
    assert frame.get_column("run_minutes").to_list() == [1 / 3, None, 1e-7]
    assert frame.get_column("step").to_list() == [10, 20, 30]
    assert frame.get_column("step").dtype.is_integer()


def test_broken_formulas_are_damage_and_no_blanks(tmp_path: Path) -> None:
    """#DIV/0! is told with its position in the frame."""
    rows = [OPERATIONS, [], ["A", 10, 1.5], [None, None, "=1/0"], ["A", 20, "=1/0"], ["t", 30, 't="e"']]
    table = only(read(book_of(tmp_path / "shop.xlsx", {"operations": rows})))
    assert table.damaged == {(2, "run_minutes"): "#DIV/0!", (3, "run_minutes"): "#DIV/0!"}
    assert table.frame.get_column("run_minutes").to_list() == [None, "1.5", None, None, 't="e"']


def test_names_that_look_like_numbers_stay_names(tmp_path: Path) -> None:
    """4711 typed as a number and "4711" typed as text are the same part, and 007 keeps its zeros."""
    rows = [OPERATIONS, [4711, 10, 1], ["4711", 20, 1], ["007", 10, 1], [47.5, 10, 1]]
    frame = only(read(book_of(tmp_path / "shop.xlsx", {"operations": rows}))).frame
    assert frame.get_column("material").to_list() == ["4711", "4711", "007", "47.5"]


def test_dates_come_in_three_disguises(tmp_path: Path) -> None:
    """A date cell, a date typed as text and a bare day number all reach the checks as they were meant."""
    due = [datetime(2026, 3, 2, 14, 30), date(2026, 3, 2), "2026-03-02", "2.3.2026", 46083, 20260302]
    rows = [["order", "material", "quantity", "due"], *[[f"O{i}", "A", 1, cell] for i, cell in enumerate(due)]]
    frame = only(read(book_of(tmp_path / "shop.xlsx", {"orders": rows}))).frame
    expected = ["2026-03-02 14:30:00", "2026-03-02", "2026-03-02", "2.3.2026", "46083", "20260302"]
    assert frame.get_column("due").to_list() == expected


def test_workbooks_that_count_from_1904_are_no_four_years_off(tmp_path: Path) -> None:
    """Day numbers of old Mac workbooks are shifted; their date cells already are."""
    rows = [["order", "material", "quantity", "due"], ["O1", "A", 1, date(2026, 3, 2)], ["O2", "A", 1, 44621]]
    frame = only(read(book_of(tmp_path / "mac.xlsx", {"orders": rows}, date_1904=True))).frame
    assert frame.get_column("due").to_list() == ["2026-03-02", "46083"]


def test_times_of_day_lose_the_loaders_year(tmp_path: Path) -> None:
    """A time cell is a time, 24:00 is midnight, and 30 hours do not quietly become six."""
    ends = [time(14, 0), timedelta(hours=24), timedelta(hours=30), "22:00"]
    rows = [["calendar", "weekday", "start", "end"], *[["day", "mon", time(6), end] for end in ends]]
    frame = only(read(book_of(tmp_path / "shop.xlsx", {"shifts": rows}))).frame
    assert frame.get_column("start").unique().to_list() == ["06:00:00"]
    assert frame.get_column("end").to_list() == ["14:00:00", "24:00:00", "30:00:00", "22:00"]


def test_texts_with_decimal_commas_are_told_apart(tmp_path: Path) -> None:
    """Numbers pasted as German text are announced, and the true numbers of that column are written alike."""
    rows = [OPERATIONS, ["A", 10, "1.234,5"], ["A", 20, 0.25]]
    table = only(read(book_of(tmp_path / "shop.xlsx", {"operations": rows})))
    assert table.decimal_comma
    assert table.frame.get_column("run_minutes").to_list() == ["1.234,5", "0,25"]


def test_merged_cells_count_for_each_of_their_rows(tmp_path: Path) -> None:
    """A material merged over its three steps is the material of all three, and a note says so."""
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("operations")
    sheet.write_row(0, 0, OPERATIONS)
    sheet.merge_range(1, 0, 3, 0, "A")
    for row in range(1, 4):
        sheet.write_row(row, 1, [10 * row, 1.5])
    book.close()
    raw = read(path)
    assert only(raw).frame.get_column("material").to_list() == ["A", "A", "A"]
    assert [(fault.rule, fault.where) for fault in raw.faults] == [("merged_cells", "operations!A2:A4")]


def test_own_columns_are_kept_and_names_may_be_typed_freely(tmp_path: Path) -> None:
    """Spaces, capitals, stars and units in a header do not matter; unknown columns keep their own names."""
    rows = [["Material *", "STEP", "Run minutes (min/unit)", "Our remark"], ["A", 10, 1, "mind the burr"]]
    frame = only(read(book_of(tmp_path / "shop.xlsx", {"Operations ": rows}))).frame
    assert frame.columns == ["material", "step", "run_minutes", "Our remark"]
    assert frame.item(0, "Our remark") == "mind the burr"


def test_a_column_that_comes_twice_is_read_once(tmp_path: Path) -> None:
    """The first one counts and a warning names the header's row."""
    rows = [[*OPERATIONS, "Step"], ["A", 10, 1, 99]]
    raw = read(book_of(tmp_path / "shop.xlsx", {"operations": rows}))
    assert only(raw).frame.get_column("step").to_list() == [10]
    assert [(fault.level, fault.rule, fault.where) for fault in raw.faults] == [
        ("warning", "column_twice", "operations!D1")
    ]


def test_strange_sheets_are_noted_with_the_nearest_name(tmp_path: Path) -> None:
    """A sheet that is no table is not read, and a near miss is suggested; an empty one is nobody's business."""
    sheets = {"operations": [OPERATIONS, ["A", 10, 1]], "Machine": [["machine"], ["M1"]], "start_here": [["Hello"]]}
    raw = read(book_of(tmp_path / "shop.xlsx", sheets))
    assert [(fault.rule, fault.where, fault.table) for fault in raw.faults] == [
        ("unknown_sheet", "Machine", "machines")
    ]
    assert "did you mean machines" in raw.faults[0].cure


def test_a_sheet_without_its_header_is_an_error(tmp_path: Path) -> None:
    """The fault names the sheet and the columns that it should have."""
    raw = read(book_of(tmp_path / "shop.xlsx", {"operations": [["Part", "No."], ["A", 10]]}))
    assert not raw.tables
    assert [(fault.level, fault.rule) for fault in raw.faults] == [("error", "no_header")]
    assert "run_minutes" in raw.faults[0].expected


def test_hidden_sheets_count_and_are_mentioned(tmp_path: Path) -> None:
    """Many a workbook hides its lists; their rows are needed."""
    path = tmp_path / "hidden.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("operations").write_row(0, 0, OPERATIONS)
    hidden = book.add_worksheet("tools")
    hidden.write_column(0, 0, ["tool", "jig"])
    hidden.hide()
    book.close()
    raw = read(path)
    assert [table.frame.height for table in raw.tables] == [0, 1]
    assert [fault.rule for fault in raw.faults] == ["hidden_sheet"]


def test_several_workbooks_make_one_factory(tmp_path: Path) -> None:
    """Each table remembers its own file."""
    one = book_of(tmp_path / "one.xlsx", {"operations": [OPERATIONS, ["A", 10, 1]]})
    two = book_of(tmp_path / "two.xlsx", {"operations": [OPERATIONS, ["B", 10, 1]]})
    assert [table.source.file for table in read(one, two).tables] == ["one.xlsx", "two.xlsx"]


def test_a_workbook_without_any_table_is_refused(tmp_path: Path) -> None:
    """The error names the sheets that are there and how to get right ones."""
    path = book_of(tmp_path / "budget.xlsx", {"Budget": [["Year", "Sum"], [2026, 5]]})
    with pytest.raises(SourceError, match=r"budget.xlsx: none of the sheets \(Budget\).*linewright new"):
        read(path)
    assert not WorkbookReader().recognises([path])


def test_only_workbooks_are_recognised(tmp_path: Path) -> None:
    """Names and sheets decide; a file that cannot be opened is taken, so that reading it can say why."""
    good = book_of(tmp_path / "shop.xlsx", {"Machine": [["machine"], ["M1"]]})
    (tmp_path / "broken.xlsx").write_bytes(b"")
    (tmp_path / "orders.csv").write_text("order\n")
    reader = WorkbookReader()
    assert reader.recognises([good])
    assert reader.recognises([tmp_path / "broken.xlsx"])
    assert not reader.recognises([good, tmp_path / "orders.csv"])
    assert not reader.recognises([])


def test_a_folder_of_workbooks_is_read(tmp_path: Path) -> None:
    """Excel's mark of an open workbook is passed over, and a workspace is not a folder of workbooks."""
    book_of(tmp_path / "shop.xlsx", {"operations": [OPERATIONS, ["A", 10, 1]]})
    (tmp_path / "~$shop.xlsx").write_bytes(b"mark")
    assert WorkbookReader().recognises([tmp_path])
    assert only(read(tmp_path)).source.file == "shop.xlsx"
    (tmp_path / "linewright.toml").touch()
    assert not WorkbookReader().recognises([tmp_path])


def test_every_spoilt_cell_of_a_large_sheet_is_named_and_no_other(tmp_path: Path) -> None:
    """Sixty cells are spoilt in eight ways; the faults name exactly these, and every other row counts."""
    random = Random(5)
    spoilt = dict(
        zip(
            random.sample(range(2, 4002), 60),
            cycle(["zehn", "=1/0", True, "12 min", "n/a", "1..5", "-", "?"]),
            strict=False,
        )
    )
    rows = [[f"P{row // 4}", 10 * (row % 4), spoilt.get(row, random.random())] for row in range(2, 4002)]
    path = book_of(tmp_path / "large.xlsx", {"operations": [OPERATIONS, *rows], "machines": [["machine"], ["M1"]]})
    factory = assemble(read(path))
    errors = {fault.where for fault in factory.faults if fault.level == "error"}
    assert errors == {f"operations!C{row}" for row in spoilt}
    assert len(factory.operations) == 4000 - len(spoilt)
