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
    work = reports["kind"].is_in(["run", "setup"]).to_numpy()
    timed = ~np.isnan(start) & ~np.isnan(end) & (end > start)
    pauses = _pauses(reports, start, end)
    machine, person = reports["machine"].to_list(), reports["person"].to_list()
    alone = np.where(timed, end - start, np.nan)
    bare = reports["minutes"].is_null().to_numpy()

    def pieces(at: int) -> list[tuple[float, float]]:
        own = [*pauses.get(("machine", machine[at]), ()), *pauses.get(("person", person[at]), ())]
        return _left(own, start[at], end[at])

    for at in np.flatnonzero(timed & work & bare):
        alone[at] = sum((last - first for first, last in pieces(int(at))), 0.0)
    for name, places in _machines_with_one_place(reports):
        if places > 1:
            continue
        chosen = np.flatnonzero(timed & work & (reports["machine"] == name).to_numpy())
        if len(chosen) > 1:
            alone[chosen] = _shared([pieces(int(at)) for at in chosen])
    return pl.Series("minutes", alone / 60).fill_nan(None)


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


def _shared(windows: list[list[tuple[float, float]]]) -> Floats:
    """Seconds of each window, given in pieces, when every moment is shared equally by those that it lies in."""
    owner = np.repeat(np.arange(len(windows)), [len(pieces) for pieces in windows])
    start, end = np.array([piece for pieces in windows for piece in pieces], dtype=float).reshape(-1, 2).T
    if not len(owner):
        return np.zeros(len(windows))
    edges = np.unique(np.concatenate([start, end]))
    first, last = np.searchsorted(edges, start), np.searchsorted(edges, end)
    steps = np.zeros(len(edges) + 1)
    np.add.at(steps, first, 1)
    np.add.at(steps, last, -1)
    together = np.maximum(np.cumsum(steps)[:-2], 1)
    each = np.concatenate([[0.0], np.cumsum(np.diff(edges) / together)])
    seconds: Floats = np.zeros(len(windows))
    np.add.at(seconds, owner, each[last] - each[first])
    return seconds


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


def _left(pauses: list[tuple[float, float]], start: float, end: float) -> list[tuple[float, float]]:
    """What is left of a window without its pauses, in pieces."""
    pieces, reached = [], start
    for begin, stop in sorted(pause for pause in pauses if pause[0] < end and pause[1] > start):
        if begin > reached:
            pieces.append((reached, begin))
        reached = max(reached, stop)
    if reached < end:
        pieces.append((reached, end))
    return pieces
