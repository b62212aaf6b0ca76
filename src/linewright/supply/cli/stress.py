"""`linewright stress`: what if a supplier, a lane, a machine, a person or a place stops."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linewright.kit.doors import needed, print_json, showing_options, write_report
from linewright.kit.inputs import console, reading_options
from linewright.supply.cli.common import opened

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.stop_results import Stop

KINDS = ("supplier", "lane", "machine", "person", "site", "region")
#: Rounds of planning anew after a stop: the dispatch rules, which answer at once.
ROUNDS = 1


@click.command(short_help="What if a supplier, machine, person or place stops: days, orders, money, cure.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--supplier", metavar="NAME", help="This supplier stops.")
@click.option("--lane", metavar="NAME", help="Nothing travels on this lane.")
@click.option("--machine", metavar="NAME", help="This machine stops.")
@click.option("--person", metavar="NAME", help="This person is away.")
@click.option("--site", metavar="NAME", help="Everything at this site stops.")
@click.option("--region", metavar="NAME", help="Everything in this region stops.")
@click.option("--days", type=click.FloatRange(0, 3650, min_open=True), help="For so many days.")
@click.option(
    "--weeks", type=click.FloatRange(0, 520, min_open=True), help="For so many weeks. Without: its time to recover."
)
@click.option("--seconds", type=click.FloatRange(0), default=0.0, help="Search so long for the best way to react.")
@click.option(
    "--years", type=click.IntRange(20, 1_000_000), help="Simulate so many years of stops as they may come, instead."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Where the chance of the years begins.")
@showing_options
@reading_options
def stress(
    paths: tuple[Path, ...], supplier: str | None, lane: str | None, machine: str | None, person: str | None,
    site: str | None, region: str | None, days: float | None, weeks: float | None, seconds: float,
    years: int | None, seed: int,
    now: datetime | None, report: Path | None, as_json: bool, reader: str | None, settings: dict[str, str],
) -> None:  # fmt: skip
    """Test how long the factory survives when something stops.

    Without a name every supplier, lane, machine, rare skill and place is tested against the time that it takes to
    recover. With --years stops come as the table hazards says, and the loss of a year is simulated. With a name the
    detailed plan is taken apart: which orders get late from when, what it costs, and what would close it.
    """
    chosen = [
        (kind, name) for kind, name in zip(KINDS, (supplier, lane, machine, person, site, region), strict=True) if name
    ]
    if len(chosen) > 1:
        raise click.UsageError("Name one thing that stops; test them one after the other.")
    if days is not None and weeks is not None:
        raise click.UsageError("Say how long in days or in weeks, not in both.")
    if not chosen and (days is not None or weeks is not None or seconds):
        raise click.UsageError("Say what stops: --supplier, --lane, --machine, --person, --site or --region.")
    factory = opened(paths, reader, settings, now, report)
    if years is not None:
        if chosen:
            raise click.UsageError("Years are simulated for the whole network; leave out the name.")
        _simulate(factory, years, seed, report, as_json=as_json)
        return
    if not chosen:
        _whole_network(factory, report, as_json=as_json)
        return
    from linewright.model.stop_results import Stop
    from linewright.supply.stoppage import usual_days

    length = days if days is not None else 7 * weeks if weeks is not None else usual_days(factory, *chosen[0])
    _one_stop(paths, factory, Stop(kind=chosen[0][0], name=chosen[0][1], days=length), seconds, report, as_json=as_json)


def _one_stop(
    paths: tuple[Path, ...], factory: Factory, stop: Stop, seconds: float, report: Path | None, *, as_json: bool
) -> None:
    from functools import partial

    from linewright.supply.show.stop import print_stop, stop_facts, stop_sections
    from linewright.supply.stoppage import reached, stop_now

    reached(factory, stop)
    base = needed("kept", "a plan")(paths, factory)
    budget = needed("seconds", "a plan")(seconds) if seconds else needed("rounds", "a plan")(ROUNDS)
    planner = partial(needed("planner", "a plan"), exact=seconds > 0, cores=2 if seconds else 1)
    found = stop_now(factory, base, stop, keeper=needed("keeper", "a plan"), planner=planner, budget=budget)
    if report is not None:
        write_report(report, f"If {stop.kind} {stop.name} stops, {factory.name}", stop_sections(found), found.timezone)
    if as_json:
        print_json(stop_facts(found))
        return
    print_stop(found, console())


def _whole_network(factory: Factory, report: Path | None, *, as_json: bool) -> None:
    from linewright.supply.network.of_factory import network_of
    from linewright.supply.show.network import print_stress, stress_facts, stress_sections
    from linewright.supply.stress.survive import stress as test

    built = network_of(factory, factory.start(datetime.now(UTC)))
    found = test(built.network, currency=factory.settings.currency)
    if report is not None:
        sections = stress_sections(found, built)
        write_report(report, f"Stress test of {factory.name}", sections, factory.settings.timezone)
    if as_json:
        print_json(stress_facts(found, built))
        return
    print_stress(found, built, factory, console())


def _simulate(factory: Factory, years: int, seed: int, report: Path | None, *, as_json: bool) -> None:
    from linewright.supply.hazards import simulate_stops
    from linewright.supply.hazards.from_factory import hazards_now
    from linewright.supply.network.of_factory import network_of
    from linewright.supply.show.hazards import hazard_facts, hazard_sections, print_hazards

    start = factory.start(datetime.now(UTC))
    built = network_of(factory, start)
    hazards = hazards_now(factory, built.network, start)
    found = simulate_stops(built.network, hazards, paths=years, seed=seed, currency=factory.settings.currency)
    if report is not None:
        write_report(report, f"Years of stops, {factory.name}", hazard_sections(found), factory.settings.timezone)
    if as_json:
        print_json(hazard_facts(found))
        return
    print_hazards(found, console())
