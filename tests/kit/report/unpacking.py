"""Reads the report's packed columns in plain Python: the second opinion about what a browser reads."""

from __future__ import annotations

import gzip
import json
import re
import struct
from base64 import b64decode

import numpy as np


def data_of(page: str) -> bytes:
    """The packed block inside a report."""
    found = re.search(r'<script type="application/octet-stream" id="data">([^<]*)</script>', page)
    return gzip.decompress(b64decode(found[1]))


def unpacked(block: bytes) -> tuple[dict, dict[str, dict[str, list]]]:
    """The meta facts, and each frame as lists by column."""
    (length,) = struct.unpack_from("<I", block)
    header = json.loads(block[4 : 4 + length])
    frames = {}
    for name, frame in header["frames"].items():
        frames[name] = {
            column: values_of(block, 4 + length, frame["rows"], told) for column, told in frame["columns"].items()
        }
    return header["meta"], frames


def values_of(block: bytes, body: int, rows: int, told: dict) -> list:
    """One column as a list; blanks are None."""
    kind = np.dtype("<" + told["type"])
    numbers = np.frombuffer(block, kind, rows, body + told["offset"])
    if told.get("steps"):
        numbers = np.cumsum(numbers, dtype=kind)
    if "values" in told:
        return [told["values"][code] for code in numbers]
    blank = np.isnan(numbers) if kind.kind == "f" else numbers == -(2**31)
    return [None if empty else number for number, empty in zip(numbers.tolist(), blank.tolist(), strict=True)]
