"""The rows of the job log, typed, with what a person would see at once: kind of work, rework, finished jobs."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from linewright.errors import SourceError
from linewright.io.raw_tables import LINE, first_bytes, read_bytes
from linewright.model.faults import Fault

NUMBERS = ("seq", "reported_minutes", "order_qty", "qty_good", "qty_scrap", "qty_mrb")
MOMENTS = ("start", "end")
TEXTS = ("case", "activity", "machine", "worker", "part", "report_type", "rework", "timestamp_match")

#: Kinds of work that end a job.
LAST_KINDS = ("Packing", "Final Inspection Q.C.")


def looks_like_the_log(path: Path) -> bool:
    """Whether a file's first line names the log's columns."""
    header = first_bytes(path).decode("utf-8", errors="replace").lstrip("\ufeff").split("\n", 1)[0]
    return set(NUMBERS + MOMENTS + TEXTS) <= set(header.strip().split(","))


def read_log(path: Path) -> tuple[pl.DataFrame, list[Fault]]:
    """The log and the faults of cells that are not what their column holds; such rows are left out.

    Raises
    ------
    SourceError
        The file cannot be read or a column is missing.
    """
    try:
        text = pl.read_csv(io.BytesIO(read_bytes(path)), infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        raise SourceError(f"{path.name}: is not a CSV file with a header ({first}) — export it again") from error
    missing = [name for name in NUMBERS + MOMENTS + TEXTS if name not in text.columns]
    if missing:
        raise SourceError(f"{path.name}:1: has no column {missing[0]} — take the whole job log with its header")
    text = text.with_row_index(LINE, offset=2).with_columns(pl.col(LINE).cast(pl.Int64))
    typed = text.with_columns(
        *(pl.col(name).cast(pl.Float64, strict=False) for name in NUMBERS),
        *(pl.col(name).str.to_datetime("%Y-%m-%d %H:%M", strict=False) for name in MOMENTS),
    )
    faults, good = [], pl.Series([True] * text.height, dtype=pl.Boolean)
    for name in NUMBERS + MOMENTS:
        damaged = text[name].is_not_null() & typed[name].is_null()
        good &= ~damaged
        cells = text.filter(damaged).select(LINE, name).iter_rows()
        faults += [_damaged(path.name, line, value, name) for line, value in cells]
    return _understood(typed.filter(good)), faults


def _understood(log: pl.DataFrame) -> pl.DataFrame:
    activity = pl.col("activity").str.replace_all(r"\s+", " ").str.strip_chars()
    kind = activity.str.replace(r"^SETUP ", "").str.replace(r" - (Machine \d+|Manual)$", "")
    again = kind.str.contains(r"Rework|^Fix\b") | (pl.col("rework") == "Y").fill_null(value=False)
    return log.with_columns(
        kind=kind,
        again=again,
        setup=(pl.col("report_type") == "S") | activity.str.starts_with("SETUP "),
    )


def _damaged(file: str, line: int, value: str, column: str) -> Fault:
    expected = "a time such as 2012-01-30 06:24" if column in MOMENTS else "a number"
    return Fault(
        level="error", rule="not_readable", table="actuals", where=f"{file}:{line} ({column})", row=line,
        column=column, value=value, expected=expected, message=f"'{value}' is not {expected}; the row is left out",
        cure="correct the cell",
    )  # fmt: skip
