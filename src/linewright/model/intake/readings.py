"""What comes out of reading one column: values of the right type, and the cells that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

#: What spreadsheets write into a cell whose formula failed.
DAMAGED = r"^#(DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$"


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """Cells of one column that show the same mistake; `message` may name the cell as {value}."""

    rule: str
    bad: pl.Series
    message: str
    cure: str
    expected: str = ""
    level: str = "error"
    together: bool = False


@dataclass(frozen=True)
class Reading:
    """The values of a column (null where it is blank or could not be read) and its mistakes."""

    values: pl.Series
    mistakes: tuple[Mistake, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How a file writes things: the time zone of its local times, and whether 1.234,5 is a number."""

    zone: str = "UTC"
    decimal_comma: bool = False


def as_text(cells: pl.Series) -> pl.Series:
    """Cells of any type as a person would type them, stripped; blank cells are null."""
    dtype = cells.dtype
    if dtype.is_float():
        text = _float_text(cells)
    elif dtype == pl.Object or dtype.is_nested() or isinstance(dtype, pl.Duration):
        text = pl.Series(cells.name, [None if cell is None else str(cell) for cell in cells.to_list()], dtype=pl.String)
    elif dtype == pl.Boolean:
        text = cells.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    elif isinstance(dtype, pl.Datetime):
        text = cells.dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    else:
        text = cells.cast(pl.String)
    return text.to_frame("text").select(stripped(pl.col("text"))).to_series().alias(cells.name)


def stripped(text: pl.Expr) -> pl.Expr:
    """Text without blanks around it; what is blank is null."""
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(bare)


def _float_text(cells: pl.Series) -> pl.Series:
    # A number typed as 4711 comes out of a workbook as 4711.0.
    whole = ((cells == cells.round(0)) & (cells.abs() < 2**63)).fill_null(value=False)
    wholes = cells.set(~whole, None).cast(pl.Int64, strict=False).cast(pl.String)
    return wholes.zip_with(whole, cells.cast(pl.String))


def mask(condition: pl.Series) -> pl.Series:
    """A condition where unknown counts as no."""
    return condition.fill_null(value=False)
