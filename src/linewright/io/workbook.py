"""linewright's own workbook: every table is a sheet of that name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from linewright.errors import SourceError
from linewright.io.excel.archive import SUFFIXES, Sheet, Workbook, open_archive
from linewright.io.excel.header import plain_name
from linewright.io.excel.sheet import read_sheet
from linewright.io.excel.write import START_SHEET, write_workbook
from linewright.io.raw_tables import only_known
from linewright.model.faults import Fault
from linewright.model.raw import RawFactory, RawTable
from linewright.model.records import SCHEMAS

__all__ = ["WorkbookReader", "write_workbook"]


class WorkbookReader:
    """Reads workbooks, or folders of them, whose sheets are linewright's tables; several make one factory."""

    name = "workbook"
    title = "linewright's own workbooks (.xlsx), one sheet for each table"
    options: Mapping[str, str] = MappingProxyType({})

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether all files are workbooks, and one has a sheet that is, or nearly is, named after a table.

        A workbook that cannot be opened is taken too: reading it then says why.
        """
        workbooks = _workbooks(files)
        if not workbooks or not all(path.suffix.lower() in SUFFIXES for path in workbooks):
            return False
        try:
            books = [open_archive(path) for path in workbooks]
        except SourceError:
            return True
        return any(_table(sheet) or _near(sheet) for book in books for sheet in book.sheets)

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read every sheet that is named after a table.

        Raises
        ------
        SourceError
            A file is no workbook, or none of the sheets is a table.
        """
        only_known(options, self.options, self.name)
        tables: list[RawTable] = []
        faults: list[Fault] = []
        for path in _workbooks(files):
            book = open_archive(path)
            found, wrong = _read_book(book)
            tables += found
            faults += wrong
        if not tables and not any(fault.level == "error" for fault in faults):
            raise SourceError(_no_table(files, faults))
        return RawFactory(tables=tuple(tables), faults=tuple(faults))


def _workbooks(files: Sequence[Path]) -> list[Path]:
    """The files themselves, and the workbooks in folders (a workspace and Excel's own marks aside)."""
    found: list[Path] = []
    for path in files:
        if path.is_dir() and not (path / "linewright.toml").exists():
            inside = (file for file in sorted(path.iterdir()) if file.suffix.lower() in SUFFIXES)
            found += [file for file in inside if not file.name.startswith("~$")]
        else:
            found.append(path)
    return found


def _read_book(book: Workbook) -> tuple[list[RawTable], list[Fault]]:
    import fastexcel

    tables, faults = [], []
    try:
        loader: Any = fastexcel.read_excel(book.path)
        for sheet in book.sheets:
            table = _table(sheet)
            if not table:
                faults += _stranger(sheet)
                continue
            raw, wrong = read_sheet(book, sheet, SCHEMAS[table], loader)
            faults += wrong + (_hidden(sheet, table) if sheet.hidden and raw else [])
            tables += [raw] if raw else []
    except (fastexcel.FastExcelError, KeyError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        message = f"{book.path.name}: cannot be read ({reason}) — open it in Excel and save it again as .xlsx"
        raise SourceError(message) from error
    return tables, faults


def _table(sheet: Sheet) -> str:
    name = plain_name(sheet.name)
    return name if name in SCHEMAS else ""


def _near(sheet: Sheet) -> str:
    near = get_close_matches(plain_name(sheet.name), list(SCHEMAS), n=1, cutoff=0.75)
    return near[0] if near else ""


def _stranger(sheet: Sheet) -> list[Fault]:
    """Note a sheet that is no table, except the page that explains the workbook."""
    if plain_name(sheet.name) == START_SHEET:
        return []
    near = _near(sheet)
    cure = f"did you mean {near}? Then rename the sheet" if near else "nothing to do, unless it holds a table"
    message = f"the sheet {sheet.name} is no table of linewright and was not read"
    # A misspelt table loses all of its rows, a page of notes loses nothing.
    level = "error" if near else "note"
    return [Fault(level=level, rule="unknown_sheet", table=near, where=sheet.name, message=message, cure=cure)]


def _hidden(sheet: Sheet, table: str) -> list[Fault]:
    message = f"the sheet {sheet.name} is hidden; its rows are used like those of any other"
    cure = "unhide it, or delete it if it should not count"
    return [Fault(level="note", rule="hidden_sheet", table=table, where=sheet.name, message=message, cure=cure)]


def _no_table(files: Sequence[Path], faults: Sequence[Fault]) -> str:
    names = ", ".join(path.name for path in files)
    sheets = ", ".join(fault.where for fault in faults if fault.rule == "unknown_sheet") or "empty ones"
    return (
        f"{names}: none of the sheets ({sheets}) has rows of a linewright table — name the sheets operations, "
        f"machines, orders and so on; `linewright new DIR` writes a workbook to start from"
    )
