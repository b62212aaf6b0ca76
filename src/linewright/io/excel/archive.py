"""A workbook as the archive that it is: its sheets, its broken cells and its merged cells.

The fast loader gives values only. A cell that Excel itself marks as broken (``#DIV/0!``) comes out of it as a
blank, so the marks are looked up in the sheet's own XML.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from linewright.errors import SourceError

#: Suffixes of the files that are workbooks of this kind.
SUFFIXES = frozenset({".xlsx", ".xlsm"})

#: A workbook that unpacks to more than this is refused: no plant needs it, and a small file can hide a huge one.
LARGEST_BYTES = 4 * 1024**3

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_BROKEN = re.compile(rb"""\bt=["']e["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\s")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_PLACE = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_CELL_END = re.compile(rb"</(?:\w+:)?c>")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<")
_MERGED = re.compile(rb"""mergeCell\s[^>]*ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; `part` is its file inside the archive."""

    name: str
    hidden: bool
    part: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that could be opened; `from_1904` says that its dates are counted from that year."""

    path: Path
    sheets: tuple[Sheet, ...]
    from_1904: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet's XML says beside its values.

    `broken` maps (row number, column index from 0) to the text shown there; `merged` holds the column and the
    first and last row number of each vertical merge.
    """

    broken: dict[tuple[int, int], str]
    merged: tuple[tuple[int, int, int], ...]


def open_archive(path: Path) -> Workbook:
    """Look into a workbook without loading its cells.

    Raises
    ------
    SourceError
        The file is missing, empty, locked with a password, of an old format, or damaged.
    """
    _refuse_what_is_no_workbook(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_BYTES:
                message = f"{path.name}: unpacks to more than 4 GB — split it, or save its sheets as CSV files"
                raise SourceError(message)
            return _contents(path, archive)
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError, NotImplementedError) as error:
        message = f"{path.name}: is no whole Excel workbook ({error}) — open it in Excel and save it again as .xlsx"
        raise SourceError(message) from error


def marks(book: Workbook, sheet: Sheet) -> Marks:
    """Find the cells of a sheet that are broken or merged."""
    with zipfile.ZipFile(book.path) as archive:
        xml = archive.read(sheet.part)
    # Merges are listed after the cells, so the cells need not be searched for them.
    tail = xml[max(xml.rfind(b"sheetData>"), 0) :]
    merged = (
        (column_index(left.decode()), int(top), int(bottom))
        for left, top, right, bottom in _MERGED.findall(tail)
        if left == right
    )
    # Most sheets have no broken cell, and a plain search says so in a twentieth of the time.
    hits = _BROKEN.finditer(xml) if b't="e"' in xml or b"t='e'" in xml else ()
    found = (_broken_cell(xml, hit.start()) for hit in hits)
    return Marks(dict(cell for cell in found if cell is not None), tuple(merged))


def column_index(letters: str) -> int:
    """Count a column from 0: ``A`` is 0, ``AA`` is 26."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - ord("A") + 1
    return index - 1


def column_letters(index: int) -> str:
    """Name a column, counted from 0, as the workbook does."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _refuse_what_is_no_workbook(path: Path) -> None:
    try:
        with path.open("rb") as file:
            first = file.read(4)
            inside = path.read_bytes() if first == _OLD_OR_LOCKED else b""
    except OSError as error:
        message = f"{path.name}: cannot be opened ({error.strerror}) — check that the file is there and readable"
        raise SourceError(message) from error
    problem = ""
    if path.name.startswith("~$"):
        problem = "is only the mark that Excel has the workbook open — open the file without ~$ in its name"
    elif not first:
        problem = "is empty — save the workbook again"
    elif "EncryptedPackage".encode("utf-16-le") in inside:
        problem = "is locked with a password — save a copy without one (File > Info > Protect Workbook)"
    elif inside:
        problem = "is an old .xls file — open it in Excel and save it as .xlsx"
    elif first[:2] != b"PK":
        problem = "is not an Excel workbook, whatever its name says — save it as .xlsx, or give it its true suffix"
    if problem:
        message = f"{path.name}: {problem}"
        raise SourceError(message)


def _contents(path: Path, archive: zipfile.ZipFile) -> Workbook:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    parts = {link.get("Id"): _part(link.get("Target", "")) for link in links if _is_worksheet(link)}
    sheets, from_1904 = [], False
    for element in book.iter():
        if _local(element.tag) == "workbookPr":
            from_1904 = element.get("date1904") in ("1", "true")
        if _local(element.tag) == "sheet":
            link = next((value for name, value in element.attrib.items() if _local(name) == "id"), None)
            # A chart sheet has no cells and is passed over.
            if link in parts:
                hidden = element.get("state", "visible") != "visible"
                sheets.append(Sheet(element.get("name", ""), hidden, parts[link]))
    return Workbook(path, tuple(sheets), from_1904)


def _is_worksheet(link: ElementTree.Element) -> bool:
    return link.get("Type", "").endswith("/worksheet")


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _broken_cell(xml: bytes, position: int) -> tuple[tuple[int, int], str] | None:
    start = xml.rfind(b"<", 0, position)
    if not _CELL.match(xml, start):
        return None  # The mark is part of somebody's text.
    end = xml.find(b">", position)
    place = _PLACE.search(xml, start, end)
    if place is None:
        # A cell may leave out its place; then rows and cells are counted.
        rows = [hit.start() for hit in _ROW.finditer(xml, 0, start)]
        where = (len(rows), len(_CELL.findall(xml[rows[-1] if rows else 0 : start])))
    else:
        where = (int(place[2]), column_index(place[1].decode()))
    close = None if xml[end - 1 : end] == b"/" else _CELL_END.search(xml, end)
    value = _VALUE.search(xml, end, close.start()) if close else None
    return where, value[1].decode() if value else "#ERROR!"
