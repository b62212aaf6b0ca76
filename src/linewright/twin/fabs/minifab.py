"""The five-machine six-step mini-fab as a network of stations.

The mini-fab is a small re-entrant line with batches which the semiconductor industry uses for teaching (Spier and
Kempf, *Simulation of emergent behavior in manufacturing systems*, ASMC 1995, pp. 90-94). Times are in minutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linewright.errors import ModelError, SourceError
from linewright.shop.distributions import fixed
from linewright.twin.network import model, stations

if TYPE_CHECKING:
    from linewright.twin.network.model import Network

WEEK_MINUTES = 7 * 24 * 60.0
MINUTE_HOURS = 1 / 60
#: What the file says as a check, and the machine group whose steps it adds up.
CHECKS = {
    "litho_minutes_per_lot": "litho",
    "implant_minutes_per_lot": "implant",
    "diffusion_minutes_per_batch": "diffusion",
}


@dataclass(frozen=True, kw_only=True)
class MiniFab:
    """The mini-fab as a network, and what had to be assumed or could not be verified."""

    network: Network
    assumptions: tuple[str, ...]


def read_minifab(path: Path | str, *, full_batches: bool = True) -> MiniFab:
    """The mini-fab of a JSON file.

    Parameters
    ----------
    full_batches
        A diffusion machine waits for a full load; else it starts with what is there.

    Raises
    ------
    SourceError
        The file cannot be read, or is no JSON.
    ModelError
        Steps, groups, starts or the sums that the file gives as checks contradict each other.
    """
    path = Path(path)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read as JSON: {error}") from error
    faults = list(_faults(told)) if isinstance(told, dict) else [f"{path.name}: is no JSON object — use the mini-fab's"]
    if faults:
        raise ModelError([f"{path.name}: {fault}" for fault in faults])
    cell_minutes = float(told.get("transport_minutes", {}).get("one_cell", 0.0))
    route = tuple(_steps(told["steps"], cell_minutes, full_batches=full_batches))
    network = model.Network(
        name="mini-fab",
        stations=tuple(
            stations.Station(name=group, machines=tuple(stations.Machine(name=machine) for machine in machines))
            for group, machines in told["machine_groups"].items()
        ),
        job_types=tuple(
            model.JobType(name=part, route=route, arrivals=model.Arrivals(interval=fixed(WEEK_MINUTES / lots)))
            for part, lots in told["weekly_starts"].items()
        ),
        unit_hours=MINUTE_HOURS,
    )
    return MiniFab(network=network, assumptions=tuple(_assumptions(told, cell_minutes, full_batches=full_batches)))


def _steps(rows: Sequence[Mapping[str, Any]], cell_minutes: float, *, full_batches: bool) -> Iterator[model.Step]:
    """The route; between two groups a lot travels by one cell."""
    before = ""
    for row in rows:
        lots = int(row.get("batch", 1))
        yield model.Step(
            station=row["group"],
            name=str(row["step"]),
            time=fixed(float(row["minutes"])),
            load_time=float(row.get("load", 0.0)),
            unload_time=float(row.get("unload", 0.0)),
            per="batch" if lots > 1 else "job",
            batch=f"step {row['step']}" if lots > 1 else "",
            batch_least=lots if full_batches else 1,
            batch_most=lots,
            transport=fixed(cell_minutes) if before not in {"", row["group"]} and cell_minutes else None,
        )
        before = row["group"]


def _faults(told: Mapping[str, Any]) -> Iterator[str]:
    """What is missing or contradicts itself, with the cure."""
    lacking = [name for name in ("machine_groups", "steps", "weekly_starts") if not told.get(name)]
    if lacking:
        yield from (f"{name} is missing — add it" for name in lacking)
        return
    groups = told["machine_groups"]
    for row in told["steps"]:
        place = f"step {row.get('step', '?')}"
        if row.get("group") not in groups:
            yield f"{place}: group {row.get('group')} is not in machine_groups — use one of {', '.join(groups)}"
        for name in ("minutes", "load", "unload"):
            if not _is_number(row.get(name, 0 if name != "minutes" else None), low=0.0):
                yield f"{place}: {name} is {row.get(name)} — write minutes of at least 0"
        if not _is_number(row.get("batch", 1), low=1.0):
            yield f"{place}: batch is {row.get('batch')} — write a number of lots of at least 1"
    for group, machines in groups.items():
        if not machines:
            yield f"machine_groups: {group} has no machines — name at least one"
    for part, lots in told["weekly_starts"].items():
        if not _is_number(lots, low=1e-9):
            yield f"weekly_starts: {part} is {lots} — write lots a week above 0"
    yield from _failed_checks(told)


def _failed_checks(told: Mapping[str, Any]) -> Iterator[str]:
    for name, expected in told.get("checks", {}).items():
        found = sum(row["minutes"] for row in told["steps"] if row.get("group") == CHECKS.get(name))
        if name in CHECKS and abs(found - expected) > 1e-9:
            yield f"checks: {name} is {expected}, but the steps make {found:g} — correct one of them"


def _is_number(value: object, low: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value < float("inf")


def _assumptions(told: Mapping[str, Any], cell_minutes: float, *, full_batches: bool) -> Iterator[str]:
    if "verified" in told:
        yield f"The file says of itself: {told['verified']}."
    yield "Lots of all products may share a load at one step." + (" A load is always full." if full_batches else "")
    yield "Lots start evenly spread over the week, each product for itself; there are no breakdowns and no setups."
    if cell_minutes:
        yield f"A move between two machine groups takes {cell_minutes:g} minutes."
