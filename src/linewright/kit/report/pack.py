"""Frames as typed binary columns: a JSON header, then raw little-endian arrays that a browser reads without parsing."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zlib import compress

import numpy as np
import polars as pl

#: Stands for "no value" in columns of whole numbers.
BLANK = -(2**31)
#: The arrays begin at multiples of this, as typed arrays in a browser must.
ALIGNMENT = 8

Array = np.ndarray[Any, Any]


def pack(meta: Mapping[str, Any], frames: Mapping[str, pl.DataFrame], start: datetime) -> bytes:
    """Pack frames into one block of bytes.

    The block is the length of the header (4 bytes), the header (JSON), and the columns. The header names for each
    column its kind, its number type and where it begins. Text is a number per row and a list of distinct values;
    instants are seconds since `start`, blanks are :data:`BLANK` or NaN. Where it compresses better, whole numbers are
    told as steps from the row before.
    """
    body = bytearray()
    described = {}
    for name, frame in frames.items():
        columns = {}
        for series in frame.iter_columns():
            description, values = _column(series, start)
            description, values = _shortest(description, values)
            columns[series.name] = {**description, "type": values.dtype.str[1:], "offset": len(body)}
            body += values.tobytes()
            body += bytes(-len(body) % ALIGNMENT)
        described[name] = {"rows": frame.height, "columns": columns}
    header = json.dumps({"meta": meta, "frames": described}, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-(len(header) + 4) % ALIGNMENT)
    return struct.pack("<I", len(header)) + header + bytes(body)


def _column(series: pl.Series, start: datetime) -> tuple[dict[str, Any], Array]:
    """Describe one column and give its numbers."""
    if series.dtype == pl.String:
        return _text(series)
    if isinstance(series.dtype, pl.List):
        # Crews repeat, so each distinct list is told once.
        codes = series.list.join("\x1f")
        description, values = _text(codes)
        description["values"] = [text.split("\x1f") if text else [] for text in description["values"]]
        return {**description, "kind": "list"}, values
    if isinstance(series.dtype, pl.Datetime):
        seconds = (series - start).dt.total_microseconds() / 1e6
        return {"kind": "instant"}, _numbers(seconds)
    if series.dtype == pl.Boolean:
        return {"kind": "flag"}, series.fill_null(value=False).to_numpy().astype("<u1")
    if series.dtype == pl.Float32:
        return {"kind": "number"}, series.fill_null(float("nan")).to_numpy().astype("<f4")
    if series.dtype.is_integer():
        return {"kind": "number"}, _numbers(series.cast(pl.Float64))
    return {"kind": "number"}, series.fill_null(float("nan")).to_numpy().astype("<f8")


def _text(series: pl.Series) -> tuple[dict[str, Any], Array]:
    filled = series.fill_null("")
    values = filled.unique(maintain_order=True)
    codes = filled.replace_strict(values, pl.arange(len(values), eager=True)).to_numpy()
    return {"kind": "text", "values": values.to_list()}, codes.astype(_width(len(values)))


def _shortest(description: dict[str, Any], values: Array) -> tuple[dict[str, Any], Array]:
    """The numbers as they are, or as steps from one row to the next (these wrap around, and so does their sum)."""
    if values.dtype.kind == "f" or values.size < 2:
        return description, values
    steps = np.diff(values, prepend=values.dtype.type(0))
    if len(compress(steps.tobytes(), 1)) < len(compress(values.tobytes(), 1)):
        return {**description, "steps": True}, steps
    return description, values


def _width(size: int) -> str:
    """The narrowest type that counts to `size`."""
    return "<u1" if size <= 2**8 else "<u2" if size <= 2**16 else "<u4"


def _numbers(series: pl.Series) -> Array:
    """Whole numbers that fit as 4 bytes, everything else as it is."""
    values = series.fill_null(float("nan")).to_numpy()
    known = values[~np.isnan(values)]
    if (np.abs(known) < -BLANK).all() and (known == np.floor(known)).all():
        return np.where(np.isnan(values), BLANK, values).astype("<i4")
    return values.astype("<f8")
