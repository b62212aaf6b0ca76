"""What is written into a workbook, and that reading it back gives the same factory."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from subprocess import run

import openpyxl
import pytest

from linewright.errors import SourceError
from linewright.io.templates import new_factory
from linewright.io.workbook import WorkbookReader, write_workbook
from linewright.model.factory import Factory
from linewright.model.intake import assemble
from linewright.model.tables import TABLES
from tests.io.everything import differences, everything


def read_back(path: Path) -> Factory:
    """What a workbook says, checked."""
    return assemble(WorkbookReader().read([path], {}))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The job shop as a workbook."""
    path = tmp_path_factory.mktemp("workbook") / "shop.xlsx"
    write_workbook(new_factory("job-shop"), path, template=True)
    return path


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_value_of_every_table_comes_back(tmp_path: Path, seed: int) -> None:
    """The last digit of a number, the hour that comes twice, and names that spreadsheets like to spoil."""
    factory = everything(seed=seed)
    write_workbook(factory, tmp_path / "all.xlsx")
    again = read_back(tmp_path / "all.xlsx")
    assert differences(factory, again) == []
    assert [fault for fault in again.faults if fault.level == "error"] == []


def test_own_columns_come_back(tmp_path: Path) -> None:
    """Columns that linewright does not know are written behind the others and read again."""
    factory = everything(seed=1)
    write_workbook(factory, tmp_path / "all.xlsx")
    extra, again = factory.orders.extra, read_back(tmp_path / "all.xlsx").orders.extra
    assert extra is not None
    assert again is not None
    assert again.equals(extra)


def test_the_same_factory_gives_the_same_file(tmp_path: Path) -> None:
    """Nothing in the file depends on when it was written."""
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(new_factory("batch"), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_every_table_is_a_sheet_in_the_order_of_filling_in(example: Path) -> None:
    """The first sheet explains the workbook in a dozen lines; headers stay in sight."""
    book = openpyxl.load_workbook(example)
    assert book.sheetnames == ["start_here", *TABLES]
    lines = [row[0].value for row in book["start_here"].iter_rows()]
    assert lines[0] == "Bracket shop"
    assert 8 <= len(lines) <= 12
    assert all(book[name].freeze_panes for name in TABLES)


def test_headers_say_unit_need_and_meaning(example: Path) -> None:
    """A star marks what must be filled in, brackets hold the unit, and a comment says the rest."""
    sheet = openpyxl.load_workbook(example)["operations"]
    headers = {cell.value: cell.comment.text for cell in sheet[1]}
    assert "material *" in headers
    assert "run_minutes [min/unit]" in headers
    assert "at least 0 and at most 1e+07" in headers["run_minutes [min/unit]"]
    assert "Must stand in the sheet machines (column machine)" in headers["machine"]
    assert "Blank: yes." in headers["may_pause"]


def test_drop_downs_offer_references_choices_and_yes_or_no(example: Path) -> None:
    """References come from the column of the other sheet, with room for rows to come."""
    book = openpyxl.load_workbook(example)
    rules = {
        (name, str(rule.sqref).rstrip("0123456789").split(":")[0][0]): rule.formula1
        for name in ("machines", "orders")
        for rule in book[name].data_validations.dataValidation
    }
    assert rules["machines", "B"] == "work_centers!$A$2:$A$507"
    assert rules["machines", "C"] == "shifts!$A$2:$A$510"
    assert rules["machines", "F"] == '"yes,no"'
    assert rules["orders", "K"] == '"open,closed,canceled"'


def test_dates_are_dates_to_a_spreadsheet(example: Path) -> None:
    """A due date at the end of a day is shown as that day, and a moment with its time."""
    sheet = openpyxl.load_workbook(example)["orders"]
    assert [sheet["E2"].value, sheet["E2"].number_format] == [datetime(2026, 3, 3), "yyyy-mm-dd"]
    assert [sheet["E4"].value, sheet["E4"].number_format] == [datetime(2026, 3, 4, 14), "yyyy-mm-dd hh:mm"]


def test_what_does_not_fit_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    """A text longer than a cell can hold names its row, and the old file stays as it was."""
    path = tmp_path / "shop.xlsx"
    path.write_text("the old one")
    factory = Factory.of(machines=[{"machine": "M1"}, {"machine": "M2", "endpoint": "x" * 40_000}])
    with pytest.raises(SourceError, match=r"machines:2 \(endpoint\): a text of 40,000 letters"):
        write_workbook(factory, path)
    assert [file.name for file in tmp_path.iterdir()] == ["shop.xlsx"]
    assert path.read_text() == "the old one"


def test_a_workbook_saved_by_libreoffice_is_still_the_same_factory(example: Path, tmp_path: Path) -> None:
    """Another program rewrites styles, dates and the whole XML; the rows stay."""
    soffice = which("soffice") or which("libreoffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(example)]
    run(command, check=True, capture_output=True, timeout=120)
    assert differences(new_factory("job-shop"), read_back(tmp_path / "shop.xlsx")) == []


def test_a_workbook_saved_by_another_library_is_still_the_same_factory(example: Path, tmp_path: Path) -> None:
    """Openpyxl writes other XML: shared strings, its own styles, times as fractions."""
    openpyxl.load_workbook(example).save(tmp_path / "again.xlsx")
    assert differences(new_factory("job-shop"), read_back(tmp_path / "again.xlsx")) == []


def test_numbers_keep_seventeen_digits(tmp_path: Path) -> None:
    """The writing library alone would round 0.1 + 0.2."""
    factory = Factory.of(
        orders=[{"order": "O", "material": "A", "quantity": 0.1 + 0.2, "due": datetime.max.replace(tzinfo=UTC)}]
    )
    write_workbook(factory, tmp_path / "shop.xlsx")
    with zipfile.ZipFile(tmp_path / "shop.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert any(b"<v>0.30000000000000004</v>" in sheet for sheet in sheets)
