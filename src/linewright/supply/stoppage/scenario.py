"""A factory in which something has stopped: deliveries come later, machines and people are away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.errors import ModelError
from linewright.model.table import Table

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.stop_results import Stop

#: The kinds of things that stop, and the table and column of their names.
KINDS = {
    "supplier": ("suppliers", "supplier"), "lane": ("lanes", "lane"), "machine": ("machines", "machine"),
    "person": ("people", "person"), "site": ("sites", "site"), "region": ("sites", "region"),
}  # fmt: skip


@dataclass(frozen=True)
class Reached:
    """What a stop reaches: (material, supplier) pairs of sources, suppliers of open purchases, machines, people."""

    sources: frozenset[tuple[str, str]]
    suppliers: frozenset[str]
    machines: frozenset[str]
    people: frozenset[str]

    @property
    def materials(self) -> frozenset[str]:
        """The materials that it holds back."""
        return frozenset(material for material, _ in self.sources)


def reached(factory: Factory, stop: Stop) -> Reached:
    """What a stop of this kind and name takes away.

    Raises
    ------
    ModelError
        There is no such thing; the nearest name is offered.
    """
    _must_exist(factory, stop)
    sites = {stop.name} if stop.kind == "site" else set()
    if stop.kind == "region":
        sites = {site.site for site in factory.sites if site.region == stop.name}
    suppliers = {row.supplier for row in factory.suppliers if row.site and row.site in sites}
    suppliers |= {stop.name} if stop.kind == "supplier" else set()
    centers = {row.work_center for row in factory.work_centers if row.site and row.site in sites}
    machines = {row.machine for row in factory.machines if row.work_center and row.work_center in centers}
    machines |= {stop.name} if stop.kind == "machine" else set()
    people = {row.person for row in factory.people if row.site and row.site in sites}
    people |= {stop.name} if stop.kind == "person" else set()
    lane = stop.name if stop.kind == "lane" else ""
    sources = {
        (row.material, row.supplier) for row in factory.sources
        if row.supplier in suppliers or (lane and row.lane == lane)
    }  # fmt: skip
    return Reached(frozenset(sources), frozenset(suppliers), frozenset(machines), frozenset(people))


def usual_days(factory: Factory, kind: str, name: str) -> float:
    """The time to recover that hazards or suppliers name, else a week."""
    for hazard in factory.hazards:
        if (hazard.kind, hazard.name) == (kind, name) and hazard.recover_days:
            return hazard.recover_days
    supplier = factory.suppliers.get(name) if kind == "supplier" else None
    return (supplier.recover_days if supplier else None) or 7.0


def stopped(factory: Factory, what: Reached, start: datetime, end: datetime, *, other_sources: bool) -> Factory:
    """The factory from `start` on when these things are away until `end`.

    Open purchase lines of theirs that were to come before come at `end`; new orders leave at `end` and take their lead
    time from there. Machines and people have no working time in between.

    Parameters
    ----------
    other_sources
        Whether materials may now be bought elsewhere; else each waits for the source that it would be bought from.
        Open lines for which another source would come before the stop ends are then left out: they are bought there.
    """
    changed: dict[str, Table[Any]] = {}
    if what.sources or what.suppliers:
        days = (end - start).total_seconds() / 86400
        changed["purchases"] = _late_purchases(factory, what, end, days if other_sources else None)
        changed["sources"] = _late_sources(factory, what, days, other_sources)
    if what.machines or what.people:
        changed |= _away(factory, what, start, end)
    return factory.with_tables(**changed)


def _must_exist(factory: Factory, stop: Stop) -> None:
    if stop.kind not in KINDS:
        raise ModelError([f"a {stop.kind} cannot stop — choose one of {', '.join(KINDS)}"])
    table, column = KINDS[stop.kind]
    names = sorted(set(factory.table(table).frame.get_column(column).to_list()) - {""})
    if stop.name in names:
        return
    near = get_close_matches(stop.name, names, n=1)
    cure = f"did you mean {near[0]}?" if near else f"there are {', '.join(names[:5])}" if names else f"{table} is empty"
    raise ModelError([f"{stop.kind} {stop.name} is not in {table}.{column} — {cure}"])


def brought_by(factory: Factory, what: Reached) -> frozenset[str]:
    """The open purchase lines that what stops brings; a line without a supplier comes from its usual source."""
    pairs = what.sources
    usual = dict(factory.sources.frame.sort("lead_days", "preference", descending=True)
        .select("material", "supplier").iter_rows())  # fmt: skip
    found = set()
    for line in factory.purchases:
        supplier = line.supplier or usual.get(line.material, "")
        if supplier in what.suppliers or (line.material, supplier) in pairs:
            found.add(line.purchase)
    return frozenset(found)


def _late_purchases(factory: Factory, what: Reached, end: datetime, days: float | None) -> Table[Any]:
    """Open lines with their new dates; with `days` (of the stop) without those that another source brings sooner."""
    frame = factory.purchases.frame
    comes = pl.coalesce("expected", "due")
    late = pl.col("purchase").is_in(list(brought_by(factory, what))) & (comes.is_null() | (comes < end))
    elsewhere = {
        row.material for row in factory.sources
        if days is not None and row.lead_days < days and (row.material, row.supplier) not in what.sources
    }  # fmt: skip
    kept = frame.filter(~(late & pl.col("material").is_in(list(elsewhere))))
    return Table.of(
        "purchases", kept.with_columns(expected=pl.when(late).then(pl.lit(end)).otherwise(pl.col("expected")))
    )


def _late_sources(factory: Factory, what: Reached, days: float, other_sources: bool) -> Table[Any]:
    frame = factory.sources.frame
    pairs = [f"{material}\0{supplier}" for material, supplier in what.sources]
    mine = (pl.col("material") + "\0" + pl.col("supplier")).is_in(pairs)
    usual = pl.col("lead_days") == pl.col("lead_days").min().over("material")
    if not other_sources:
        # Nobody reacts: what would have been bought there waits for it.
        waits = (mine & usual).any().over("material")
        frame = frame.filter(mine | ~waits)
    later = pl.when(mine).then((pl.col("lead_days") + days).clip(upper_bound=3650)).otherwise(pl.col("lead_days"))
    return Table.of("sources", frame.with_columns(lead_days=later))


def _away(factory: Factory, what: Reached, start: datetime, end: datetime) -> dict[str, Table[Any]]:
    """Calendars of their own for what is away, closed in between."""
    shifts = [asdict(row) for row in factory.shifts]
    exceptions = [asdict(row) for row in factory.calendar_exceptions]
    made: dict[str, str] = {}

    def calendar_of(usual: str) -> str:
        if usual not in made:
            made[usual] = f"{usual or 'round the clock'} (stopped)"
            own = [row | {"calendar": made[usual]} for row in shifts if row["calendar"] == usual]
            always = {"calendar": made[usual], "weekday": "mon-sun", "start": time(0), "end": time(0), "working": True}
            shifts.extend(own if usual else [always])
            closed = {"calendar": made[usual], "start": start, "end": end, "working": False, "note": "stopped"}
            exceptions.extend(
                [row | {"calendar": made[usual]} for row in exceptions if usual and row["calendar"] == usual] + [closed]
            )
        return made[usual]

    machines = [
        asdict(row) | ({"calendar": calendar_of(row.calendar)} if row.machine in what.machines else {})
        for row in factory.machines
    ]
    people = [
        asdict(row) | ({"calendar": calendar_of(row.calendar)} if row.person in what.people else {})
        for row in factory.people
    ]
    return {
        "shifts": Table.of("shifts", shifts), "calendar_exceptions": Table.of("calendar_exceptions", exceptions),
        "machines": Table.of("machines", machines), "people": Table.of("people", people),
    }  # fmt: skip
