"""The terms of a time: which levels share what, and how a record's level is numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
#: A level that was never seen.
NEW = -1


@dataclass(frozen=True)
class Term:
    """Records that agree in these columns share an effect; with `slope` also how their time grows with quantity."""

    name: str
    columns: tuple[str, ...]
    slope: bool = False


#: From the plant down to the operation: a level with few records leans on the one above it.
TERMS = (
    Term("work center", ("work_center",)),
    Term("kind of work", ("kind_of_work",)),
    Term("machine", ("machine",), slope=True),
    Term("family", ("family", "kind_of_work")),
    Term("part", ("material",)),
    Term("operation", ("material", "kind_of_work")),
)
#: Who did it is known of a report, not of work that is planned: it only keeps people's pace out of the other effects.
PERSON = Term("person", ("person",))


def keys_of(records: pl.DataFrame, term: Term) -> list[str]:
    """The level of each record, as text."""
    parts = [records[name].cast(pl.String).fill_null("").to_list() for name in term.columns]
    return parts[0] if len(parts) == 1 else ["\x1f".join(values) for values in zip(*parts, strict=True)]


def numbered(keys: Sequence[str]) -> dict[str, int]:
    """A number for each different level, in the order in which they appear."""
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def numbers(keys: Sequence[str], known: Mapping[str, int]) -> Ints:
    """The number of each key, `NEW` for those not known."""
    return np.fromiter((known.get(key, NEW) for key in keys), dtype=np.int64, count=len(keys))
