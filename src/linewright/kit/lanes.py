"""Put operations that share a machine at the same time into lanes, so that no bar hides another."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise

import numpy as np
import polars as pl


def with_lanes(operations: pl.DataFrame) -> pl.DataFrame:
    """Add the column `lane`: the lowest lane of its machine that is free from its setup to its end.

    The rows come back in order of machine, lane and start, so that each lane is a sorted run without overlaps.
    """
    ordered = operations.sort(["machine", "setup_start", "end"], maintain_order=True)
    lanes = np.zeros(ordered.height, dtype=np.int64)
    edges = ordered.select(pl.col("setup_start").to_physical(), pl.col("end").to_physical(), pl.col("machine").rle_id())
    begins, ends, machines = (series.to_numpy() for series in edges.iter_columns())
    bounds = np.flatnonzero(np.diff(machines, prepend=-1, append=-1))
    for first, last in pairwise(bounds.tolist()):
        lanes[first:last] = assigned(begins[first:last], ends[first:last])
    laned = ordered.with_columns(pl.Series("lane", lanes, dtype=pl.Int64))
    return laned.sort(["machine", "lane", "setup_start", "end"], maintain_order=True)


def assigned(begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Lanes of intervals that are sorted by begin: each takes the lowest lane that is free."""
    lanes = np.zeros(len(begins), dtype=np.int64)
    # Most machines do one thing at a time; they need no heap.
    if len(begins) < 2 or (begins[1:] >= np.maximum.accumulate(ends)[:-1]).all():
        return lanes
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    opened = 0
    for place, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
        while busy and busy[0][0] <= begin:
            heappush(free, heappop(busy)[1])
        if free:
            lane = heappop(free)
        else:
            lane, opened = opened, opened + 1
        lanes[place] = lane
        heappush(busy, (end, lane))
    return lanes
