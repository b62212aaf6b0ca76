"""A model of a semiconductor fab: long re-entrant routes, ovens, families, limited waits.

SMT2020 is a simulation model, but its figures were taken from industry; this is its high volume, low mix variant.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.plant.sources.forms import Statistic, figure, quantiles, shares

FOLDER = "smt2020_hvlm"
SOURCE = (
    "D. Kopp, M. Hassoun, A. Kalir, L. Mönch, SMT2020 - a semiconductor manufacturing testbed, IEEE Transactions "
    "on Semiconductor Manufacturing 33 (2020), doi 10.1109/TSM.2020.3001933 (high volume, low mix)"
)
LICENCE = "free for research, no licence file; only statistics are taken"

PIECES = 25
ROUTES = ("3", "4")


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file separated by tabs."""
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter="\t"))


def statistics(folder: Path) -> dict[str, Statistic]:
    """All statistics of the fab."""
    routes = [rows_of(folder / f"route_{name}.txt") for name in ROUTES]
    return {**routes_of(routes), **waits(routes), **families(folder, routes), **equipment(folder, routes),
            **orders(folder, routes)}  # fmt: skip


def routes_of(routes: list[list[dict[str, Any]]]) -> dict[str, Statistic]:
    """Lengths, visits to the same machines, ovens and minutes of a lot."""
    steps = [step for route in routes for step in route]
    visits = [count for route in routes for count in Counter(step["STNFAM"] for step in route).values()]
    ovens = [step for step in steps if step["PTPER"] == "per_batch"]
    return {
        "steps_per_route": shares("steps of a route", [len(route) for route in routes]),
        "visits_per_family": shares("visits of a lot to the same machines", visits, least=0.005),
        "oven_share": figure("share of steps in an oven", len(ovens) / len(steps), len(steps)),
        "oven_lots": shares("lots of 25 that an oven takes at most", [int(s["BATCHMX"]) // PIECES for s in ovens]),
        "oven_least_load": shares(
            "least load of an oven, as a share of the most",
            [round(int(step["BATCHMN"]) / int(step["BATCHMX"]), 2) for step in ovens],
        ),
        "oven_minutes": quantiles("minutes of an oven's load", [float(step["PTIME"]) for step in ovens]),
        "lot_minutes": quantiles(
            "minutes of a lot at a step outside ovens", [_minutes(s) for s in steps if s["PTPER"] != "per_batch"]
        ),
    }


def _minutes(step: dict[str, Any]) -> float:
    """Minutes of one lot at a step; an oven's load takes as long whatever it holds.

    Where a machine takes the next piece before the last one is through, the interval counts for all but the first.
    """
    first = float(step["PTIME"])
    if step["PTPER"] != "per_piece":
        return first
    return first + (PIECES - 1) * float(step["PartInterval"] or first)


def _occupied(step: dict[str, Any]) -> float:
    """Minutes for which a lot keeps its machine from others; some inspections see only a part of the lots."""
    if step["PTPER"] == "per_batch":
        return float(step["BatchInterval"] or step["PTIME"]) / int(step["BATCHMX"]) * PIECES
    return _minutes(step) * float(step["StepPercent"] or 100) / 100


def waits(routes: list[list[dict[str, Any]]]) -> dict[str, Statistic]:
    """Steps whose wait is limited."""
    steps = [step for route in routes for step in route]
    limited = [step for step in steps if step["CQT"]]
    next_step = [step for step in limited if int(step["STEP_CQT"]) == int(step["STEP"]) + 1]
    hours = [float(step["CQT"]) * (1 if step["CQTUNITS"] == "hr" else 1 / 60) for step in next_step]
    return {
        "limited_wait_share": figure(
            "share of steps with a limited wait before the next", len(next_step) / len(steps), len(steps)
        ),
        "limited_wait_hours": shares("hours that such a wait may last", hours),
    }


def families(folder: Path, routes: list[list[dict[str, Any]]]) -> dict[str, Statistic]:
    """Changeovers between families of steps on the same machines."""
    steps = [step for route in routes for step in route]
    changed = [step for step in steps if step["SETUP"]]
    minutes = [float(row["STIME"]) for row in rows_of(folder / "setup.txt")]
    minutes += [float(step["STIME"]) for step in changed if step["STIME"]]
    kinds = Counter(step["STNFAM"] for step in changed)
    per_machine = [len({s["SETUP"] for s in changed if s["STNFAM"] == name}) for name in sorted(kinds)]
    return {
        "changeover_share": figure("share of steps with a family", len(changed) / len(steps), len(steps)),
        "changeover_minutes": quantiles("minutes of a changeover between families", minutes),
        "families_per_machine": shares("families on the same machines", per_machine),
    }


def equipment(folder: Path, routes: list[list[dict[str, Any]]]) -> dict[str, Statistic]:
    """Machines of a family, how unevenly they are loaded, and planned maintenance."""
    count = {row["STNFAM"]: float(row["STNQTY"]) for row in rows_of(folder / "tool.txt.1l")}
    count = {name: number for name, number in count.items() if not name.startswith("Delay")}
    load: Counter[str] = Counter()
    for route in routes:
        for step in route:
            load[step["STNFAM"]] += _occupied(step) / count.get(step["STNFAM"], 1e9)
    relative = [value / max(load.values()) for name, value in load.items() if name in count]
    care = rows_of(folder / "pmcal.txt")
    hours = [(float(row["MTTR"]), float(row["MTBPM"]) * 24) for row in care if row["MTBPMUNITS"] == "day"]
    return {
        "machines_per_family": quantiles("machines of a family", count.values()),
        "relative_load": quantiles("load of a machine of a family, divided by that of the busiest", relative),
        "maintenance_days": shares("days from one planned maintenance to the next", [days / 24 for _, days in hours]),
        "maintenance_hours": quantiles("hours of a planned maintenance", [length for length, _ in hours]),
    }


def orders(folder: Path, routes: list[list[dict[str, Any]]]) -> dict[str, Statistic]:
    """Flow factors that are promised, hot lots, and how far lots in process are."""
    work = {f"part_{name}": sum(map(_minutes, route)) for name, route in zip(ROUTES, routes, strict=True)}
    length = {f"part_{name}": len(route) for name, route in zip(ROUTES, routes, strict=True)}
    releases = rows_of(folder / "order.txt")
    normal = [row for row in releases if row["HOTLOT"] == "no"]
    minutes = {row["LOT"]: (_moment(row["DUE"]) - _moment(row["START"])).total_seconds() / 60 for row in releases}
    hot = sum(1 / float(row["REPEAT"]) for row in releases if int(row["PRIOR"]) > 10)
    every = sum(1 / float(row["REPEAT"]) for row in releases)
    wip = rows_of(folder / "WIP.txt")
    return {
        "flow_factor": figure(
            "promised time of a lot divided by its minutes of work, mean of the products",
            sum(minutes[row["LOT"]] / work[row["PART"]] for row in normal) / len(normal), len(normal),
        ),
        "hot_share": figure("share of hot lots among the lots that are started", hot / every, len(releases)),
        "progress": quantiles(
            "step of a lot in process, as a share of its route",
            [int(row["CURSTEP"]) / length[row["PART"]] for row in wip if row["CURSTEP"]],
        ),
    }  # fmt: skip


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%y %H:%M:%S")
