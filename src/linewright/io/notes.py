"""Faults as comments on the cells of the user's own workbook."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from pathlib import Path

from linewright.errors import SourceError
from linewright.io.atomic import whole_file
from linewright.model.faults import Fault

#: Fill colours of a cell by the level of its fault; the comment says the level in words too.
COLOURS = {"error": "F4B6B0", "warning": "FBE3A3", "note": "D9E2EC"}

_CELL = re.compile(r"(?P<sheet>.+)!(?P<cell>[A-Z]{1,3}[1-9]\d*)")


def write_notes(workbook: Path, faults: Iterable[Fault], target: Path) -> int:
    """Copy a workbook to `target` with a comment on each faulty cell, and return how many cells have one.

    The original is not touched: what the copying library does not know, such as charts, would be lost from it.

    Raises
    ------
    SourceError
        The workbook cannot be read, the copy cannot be written, or the extra ``notes`` is not installed.
    """
    try:
        from openpyxl import load_workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import PatternFill
    except ModuleNotFoundError as error:
        raise SourceError("notes in a workbook need one more package: pip install 'linewright[notes]'") from error
    try:
        with warnings.catch_warnings():
            # What a copy cannot keep is said above; the library's own warnings would only repeat it for each sheet.
            warnings.simplefilter("ignore")
            book = load_workbook(workbook, keep_vba=workbook.suffix.lower() == ".xlsm")
    except Exception as error:
        raise SourceError(f"{workbook}: cannot be read as a workbook ({error})") from error

    told: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        place = _CELL.fullmatch(fault.where)
        if place and place["sheet"] in book.sheetnames:
            told.setdefault((place["sheet"], place["cell"]), []).append(fault)
    for (sheet, name), found in told.items():
        cell = book[sheet][name]
        own = [cell.comment.text] if cell.comment else []
        cell.comment = Comment("\n\n".join([*own, *map(_text, found)]), "linewright", width=420, height=140)
        cell.fill = PatternFill(
            "solid", fgColor=COLOURS[min(found, key=lambda fault: list(COLOURS).index(fault.level)).level]
        )
    with whole_file(target) as draft:
        book.save(draft)
    return len(told)


def _text(fault: Fault) -> str:
    more = f"\nAnd {fault.count - 1:,} more like this one." if fault.count > 1 else ""
    return f"{fault.level}: {fault.message}\nCure: {fault.cure}{more}"
