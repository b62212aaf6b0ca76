"""Columns of the tables and of the plan as arrays, and the few operations that arrays need beside NumPy's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: Stands for a blank moment or number; earlier and smaller than everything.
BLANK = -(1 << 62)


class Columns:
    """A frame read as arrays: instants are whole seconds since 1970, and blank text is ""."""

    def __init__(self, frame: pl.DataFrame) -> None:
        gaps = [column.name for column in frame if column.dtype == pl.String and column.null_count()]
        self.frame = frame.with_columns(pl.col(gaps).fill_null("")) if gaps else frame

    def __len__(self) -> int:
        """The number of rows."""
        return self.frame.height

    def rows(self, chosen: IntArray) -> Columns:
        """Some rows, in the order of their numbers given."""
        return self if np.array_equal(chosen, np.arange(len(self))) else Columns(self.frame[chosen])

    def whole(self, name: str) -> IntArray:
        """Whole numbers and moments; BLANK where there is none."""
        numbers = self.frame.get_column(name).to_numpy()
        if numbers.dtype.kind == "M":
            missing = np.isnat(numbers)
            # Seconds begin at the whole second before a moment.
            whole = numbers.astype("datetime64[s]").astype(np.int64)
        else:
            missing = np.isnan(numbers)
            whole = np.where(missing, 0, numbers).astype(np.int64)
        return np.where(missing, BLANK, whole)

    def real(self, name: str, blank: float = np.nan) -> FloatArray:
        """Numbers; `blank` where there is none. Moments are whole seconds."""
        numbers = self.frame.get_column(name).to_numpy()
        if numbers.dtype.kind == "M":
            missing, numbers = np.isnat(numbers), self.whole(name)
            return np.where(missing, blank, numbers)
        return np.where(np.isnan(numbers), blank, numbers).astype(np.float64)

    def true(self, name: str) -> BoolArray:
        """Whether something holds; not where it is blank."""
        column = self.frame.get_column(name)
        return (column.fill_null(value=False) if column.null_count() else column).to_numpy()

    def text(self, name: str) -> list[str]:
        """Text."""
        return self.frame.get_column(name).to_list()

    def places(self, name: str, known: Mapping[str, int], blank: int | None = None) -> IntArray:
        """The places of names in a list; -1 for names that are not there. `blank`, if given, stands for no name."""
        names = self.frame.get_column(name)
        places = known if blank is None else {**known, "": blank}
        distinct = names.unique()
        # Where few names come back often, each is looked up once.
        if 4 * len(distinct) > len(names):
            return positions(names.to_list(), places)
        found = positions(distinct.to_list(), places)
        if len(distinct) == 1:
            return np.full(len(names), found[0])
        number: IntArray = found[names.cast(pl.Enum(distinct)).to_physical().to_numpy()]
        return number


def positions(names: list[str], known: Mapping[str, int]) -> IntArray:
    """The places of names in a list; -1 for names that are not there."""
    return np.array([known.get(name, -1) for name in names], np.int64)


def numbered(names: list[str]) -> dict[str, int]:
    """Each name with its place; of equal names the last one counts."""
    return {name: at for at, name in enumerate(names)}


def ranges(first: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """Every whole number from each `first` up to its `end`: which pair it belongs to, and the number."""
    count = np.maximum(end - first, 0)
    owner = np.repeat(np.arange(count.size), count)
    within = np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)
    return owner, first[owner] + within


def offsets(counts: IntArray) -> IntArray:
    """Where each group begins when groups lie one behind the other, and where the last ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])


def running_latest(group: IntArray, moment: IntArray) -> IntArray:
    """For each row the row before it in its group with the latest moment (of equal ones the first); -1 for none.

    Rows must lie group by group.
    """
    found = np.full(group.size, -1, np.int64)
    if not group.size:
        return found
    span = int(moment.max() - moment.min()) + 1
    # Each group's moments lie above all of the groups before it, so that one running maximum serves them all.
    lifted = moment - moment.min() + np.cumsum(np.append(0, group[1:] != group[:-1])) * span
    highest = np.maximum.accumulate(lifted)
    is_new = np.append(True, lifted[1:] > highest[:-1])
    holder = np.maximum.accumulate(np.where(is_new, np.arange(group.size), 0))
    same = np.append(False, group[1:] == group[:-1])
    found[1:] = np.where(same[1:], holder[:-1], -1)
    return found
