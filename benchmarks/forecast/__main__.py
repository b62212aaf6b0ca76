"""Forecasts of public competitions beside statsforecast, then shifts: ``python -m benchmarks.forecast [SET ...]``.

For each set: sMAPE, MASE and RMSSE of the official test part, what came inside the ranges of 80 % and 95 %, and series
per CPU-second (one process, with ranges, the best of three runs). Name sets ("M3 monthly", shifts) to run only those.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from benchmarks.forecast import peer, shifts
from benchmarks.forecast.measures import coverage, mase, rmsse, smape
from benchmarks.forecast.sets import COMPETITIONS, Competition, read_set
from linewright.demand import forecast_series

HEAD = ("sMAPE", "MASE", "RMSSE", "in 80 %", "in 95 %", "series/CPU-s")


def main(names: list[str]) -> None:
    """Print the tables."""
    if not peer.installed():
        print(peer.INSTALL)
    print(f"{'set':14} {'series':>6} {'who':24}" + "".join(f"{head:>13}" for head in HEAD))
    chosen = [one for one in COMPETITIONS if not names or one.name in names]
    errors: dict[str, list[tuple[float, int]]] = {}
    for one in chosen:
        for who, point in _compare(one):
            if one.file == "m3":
                errors.setdefault(who, []).append((point, len(read_set(one)[0])))
    for who, parts in errors.items():
        if len(parts) == 4:
            mean = sum(error * count for error, count in parts) / sum(count for _, count in parts)
            print(f"{'M3 all':14} {sum(count for _, count in parts):6} {who:24}{mean:13.2f}")
    if not names or "shifts" in names:
        shifts.main()


def _compare(one: Competition) -> list[tuple[str, float]]:
    """Print the lines of a set; hand back who had which sMAPE."""
    past, came = read_set(one)
    horizon, spent = came.shape[1], []
    for _ in range(3):
        begun = time.process_time()
        ours = forecast_series(past, one.season, horizon)
        spent.append(time.process_time() - begun)
    told = [("linewright", _line(one, past, came, "linewright", ours.point, (ours.low, ours.high), min(spent)))]
    if not peer.installed():
        return told
    # Long series would keep the peer busy for many minutes.
    smooth = {"m3": peer.SMOOTH, "m4_weekly": (), "m4_hourly": ()}.get(one.file, peer.SMOOTH[:1])
    for name in peer.INTERMITTENT if one.file == "carparts" else smooth:
        found, seconds = peer.run(name, past, one.season, horizon, levels=True)
        ranges = (
            tuple(np.stack([found[f"{side}-{level}"] for level in (80, 95)]) for side in ("lo", "hi"))
            if "lo-80" in found
            else None
        )
        told.append((name, _line(one, past, came, name, found["mean"], ranges, seconds)))
    return told


def _line(
    one: Competition, past: list[np.ndarray], came: np.ndarray, who: str, point: np.ndarray,
    ranges: tuple[np.ndarray, ...] | None, seconds: float,
) -> float:  # fmt: skip
    error = smape(came, point)
    inside = [f"{coverage(came, ranges[0][at], ranges[1][at]):13.1f}" if ranges else f"{'-':>13}" for at in (0, 1)]
    numbers = (error, mase(past, came, point, one.season), rmsse(past, came, point))
    cells = "".join(f"{number:13.3f}" for number in numbers) + "".join(inside) + f"{len(past) / seconds:13,.0f}"
    print(f"{one.name:14} {len(past):6} {who:24}{cells}", flush=True)
    return error


if __name__ == "__main__":
    main(sys.argv[1:])
