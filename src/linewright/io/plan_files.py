"""Plans in files: a workbook or CSV for people, JSON for programs, bytes for the workspace."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from pathlib import Path

import polars as pl

from linewright.errors import SourceError
from linewright.io.atomic import whole_file
from linewright.io.local_times import local_moments
from linewright.io.plans.document import document_of, plan_of
from linewright.io.plans.sheets import sheets_of
from linewright.model.results import INSTANT, Plan

__all__ = ["plan_from_bytes", "plan_from_json", "plan_to_bytes", "plan_to_json", "read_plan", "write_plan"]


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan in the way that the name asks for: ``.xlsx``, ``.json``, or else a folder of CSV files.

    The workbook and the CSV files show local times; the JSON document is exact, and `read_plan` reads it again.

    Raises
    ------
    SourceError
        The name has another suffix, or the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".xlsx":
        from linewright.io.plans.book import write_plan_workbook

        write_plan_workbook(plan, path)
    elif kind == ".json":
        with whole_file(path) as draft:
            draft.write_text(plan_to_json(plan, indent=1) + "\n", encoding="utf-8")
    elif not kind or path.is_dir():
        _write_folder(plan, path)
    else:
        message = (
            f"{path}: a plan can be written as .xlsx, as .json, or as a folder of CSV files (a name without suffix)"
        )
        raise SourceError(message)


def read_plan(path: Path) -> Plan:
    """Read a plan from the JSON document that `write_plan` made.

    Raises
    ------
    SourceError
        The file cannot be read, or holds no plan.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read ({error}) — check that it is the .json file of a plan"
        raise SourceError(message) from error
    try:
        return plan_from_json(text)
    except SourceError as error:
        message = f"{path}: {error}"
        raise SourceError(message) from error


def plan_to_json(plan: Plan, *, indent: int | None = None) -> str:
    """A plan as a JSON document, whose keys `linewright.io.plans.document` lists."""
    separators = (",", ":") if indent is None else None
    return json.dumps(document_of(plan), ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)


def plan_from_json(text: str) -> Plan:
    """The plan of a JSON document.

    Raises
    ------
    SourceError
        It is no JSON, or no plan.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        message = f"this is not JSON ({error}) — choose a file that `linewright plan --out` made"
        raise SourceError(message) from error
    return plan_of(document)


def plan_to_bytes(plan: Plan) -> bytes:
    """A plan as compressed bytes; the same plan always gives the same ones."""
    return gzip.compress(plan_to_json(plan).encode(), compresslevel=6, mtime=0)


def plan_from_bytes(packed: bytes) -> Plan:
    """The plan that `plan_to_bytes` packed.

    Raises
    ------
    SourceError
        The bytes are damaged or are no plan.
    """
    try:
        text = gzip.decompress(packed).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        message = f"this plan is damaged ({error}) — make it again"
        raise SourceError(message) from error
    return plan_from_json(text)


def _write_folder(plan: Plan, folder: Path) -> None:
    for name, frame in sheets_of(plan).items():
        with whole_file(folder / f"{name}.csv") as draft:
            _write_csv(frame, draft, plan.timezone)


def _write_csv(frame: pl.DataFrame, path: Path, timezone: str) -> None:
    columns = [_texts(series, timezone).to_list() for series in frame.iter_columns()]
    # The mark at the beginning lets Excel see that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*columns, strict=True))


def _texts(series: pl.Series, timezone: str) -> pl.Series:
    if series.dtype == INSTANT:
        text = local_moments(series, timezone)
    elif series.dtype == pl.Boolean:
        text = series.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    else:
        text = series.cast(pl.String)
    return text.fill_null("")
