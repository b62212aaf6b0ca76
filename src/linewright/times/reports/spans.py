"""Windows of time: who overlaps whom, and how much of a window is a machine's own."""

from __future__ import annotations

import numpy as np
import polars as pl

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
#: Windows that touch in a minute do not overlap.
TOUCH_SECONDS = 60


def alone_minutes(reports: pl.DataFrame) -> pl.Series:
    """The minutes of windows: without breaks and stops inside, and with the time of a busy machine shared.

    Two reports on one machine with one place share the time that they have in common, so that an hour of the machine
    counts as an hour. A report without start or end has none.
    """
    seconds = {name: _seconds(reports[name]) for name in ("start", "end")}
    start, end = seconds["start"], seconds["end"]
    shared = np.where(np.isnan(start) | np.isnan(end), np.nan, end - start)
    work = reports["kind"].is_in(["run", "setup"]).to_numpy()
    timed = ~np.isnan(shared) & (shared > 0)
    for machine, places in _machines_with_one_place(reports):
        if places > 1:
            continue
        chosen = np.flatnonzero(timed & work & (reports["machine"] == machine).to_numpy())
        if len(chosen) > 1:
            shared[chosen] = _shared(start[chosen], end[chosen])
    pauses = _pauses(reports, start, end)
    taken = np.zeros(len(shared))
    for name in ("machine", "person"):
        owner = reports[name].to_list()
        for at in np.flatnonzero(timed & work & reports["minutes"].is_null().to_numpy()):
            taken[at] = max(taken[at], _covered(pauses.get((name, owner[at])), start[at], end[at]))
    return pl.Series("minutes", np.where(timed, np.maximum(shared - taken, 0.0) / 60, np.nan)).fill_nan(None)


def overlapping(reports: pl.DataFrame, owner: str) -> pl.Series:
    """Which reports start before an earlier one of the same owner (machine or person) has ended."""
    timed = reports.with_row_index("at").filter(
        pl.col("start").is_not_null() & (pl.col("end") > pl.col("start")) & (pl.col(owner) != "")
    )
    if owner == "machine":
        timed = timed.filter(pl.col("places") == 1)
    timed = timed.sort(owner, "start", "end").with_columns(latest=pl.col("end").cum_max().shift(1).over(owner))
    found = timed.filter(pl.col("start") + pl.duration(seconds=TOUCH_SECONDS) < pl.col("latest"))["at"]
    flags = np.zeros(reports.height, dtype=bool)
    flags[found.to_numpy()] = True
    return pl.Series("found", flags)


def _seconds(moments: pl.Series) -> Floats:
    return moments.dt.epoch("us").cast(pl.Float64).to_numpy() / 1e6


def _machines_with_one_place(reports: pl.DataFrame) -> list[tuple[str, int]]:
    """Machines with reports that tell their window only."""
    bare = reports.filter(pl.col("minutes").is_null() & (pl.col("machine") != ""))
    return list(bare.select("machine", "places").unique(maintain_order=True).iter_rows())


def _shared(start: Floats, end: Floats) -> Floats:
    """Seconds of each window when every moment is shared equally by the windows that it lies in."""
    edges = np.unique(np.concatenate([start, end]))
    first, last = np.searchsorted(edges, start), np.searchsorted(edges, end)
    steps = np.zeros(len(edges) + 1)
    np.add.at(steps, first, 1)
    np.add.at(steps, last, -1)
    together = np.maximum(np.cumsum(steps)[:-2], 1)
    each = np.concatenate([[0.0], np.cumsum(np.diff(edges) / together)])
    return np.asarray(each[last] - each[first])


def _pauses(reports: pl.DataFrame, start: Floats, end: Floats) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Breaks and stops with a window, by machine and by person."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    paused = reports["kind"].is_in(["break", "stop"]).to_numpy() & (end > start)
    for name in ("machine", "person"):
        owner = reports[name].to_list()
        for at in np.flatnonzero(paused):
            if owner[at]:
                found.setdefault((name, owner[at]), []).append((start[at], end[at]))
    return found


def _covered(pauses: list[tuple[float, float]] | None, start: float, end: float) -> float:
    """Seconds of a window that its pauses take."""
    covered, reached = 0.0, start
    for begin, stop in sorted(pauses or []):
        low, high = max(begin, reached), min(stop, end)
        if high > low:
            covered, reached = covered + high - low, high
    return covered
