"""`linewright shields`: what to buy so that every stop is survived."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from linewright.kit.doors import print_json, showing_options, write_report
from linewright.kit.inputs import console, reading_options
from linewright.supply.cli.common import opened


@click.command(short_help="What to buy so that every stop is survived, for the least money.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--listed", is_flag=True, help="Only what the table shields lists, no other stock.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(["supplier", "lane", "machine", "person", "site", "region"]),
    help="Only against stops of this kind; may be repeated.",
)  # fmt: skip
@click.option(
    "--budget", type=click.FloatRange(0), metavar="MONEY", help="Spend at most so much a year, and risk least."
)
@click.option(
    "--risk", type=click.Choice(["worst", "expected"]), default="worst", show_default=True,
    help="With a budget or a curve: the mean of the worst twentieth of the years, or of all.",
)  # fmt: skip
@click.option("--curve", is_flag=True, help="Show what each amount of money buys.")
@showing_options
@reading_options
def shields(
    paths: tuple[Path, ...], listed: bool, kinds: tuple[str, ...], budget: float | None, risk: str, curve: bool,
    now: datetime | None, report: Path | None, as_json: bool, reader: str | None, settings: dict[str, str],
) -> None:  # fmt: skip
    """Choose stock, second sources, capacity and shorter recoveries so that survival covers recovery.

    What is chosen is proven to be within 1 % of the best, and the stress test is run again with it. With a budget each
    stop counts with the chance that it is a year's first, from the table hazards.
    """
    from linewright.supply.hazards.from_factory import hazards_now
    from linewright.supply.network.of_factory import network_of
    from linewright.supply.shields.budget import EXPECTED, WORST, Risk, protect
    from linewright.supply.shields.cheapest import choose
    from linewright.supply.shields.curve import pareto
    from linewright.supply.shields.from_factory import first_chances, options_of
    from linewright.supply.shields.options import shielded
    from linewright.supply.show.shields import print_shields, shield_facts, shield_sections
    from linewright.supply.stress.events import each_node
    from linewright.supply.stress.survive import stress

    factory = opened(paths, reader, settings, now, report)
    start = factory.start(datetime.now(UTC))
    built = network_of(factory, start)
    options, told = options_of(factory, built, more_stock=not listed)
    currency = factory.settings.currency
    events = [event for event in each_node(built.network) if not kinds or event.kind in kinds]
    before = stress(built.network, events, currency=currency)
    chances = first_chances(hazards_now(factory, built.network, start), [event.nodes[0] for event in events])
    measure = Risk(measure=WORST if risk == "worst" else EXPECTED)
    if budget is None:
        choice = choose(built.network, options, events, currency=currency)
    else:
        choice = protect(built.network, options, events, chances, budget, risk=measure, currency=currency)
    safer = shielded(built.network, options, choice.bought)
    still = [event for event in each_node(safer) if not kinds or event.kind in kinds]
    after = stress(safer, still, currency=currency)
    notes = (*told, *built.assumptions)
    points = pareto(built.network, options, events, chances, risk=measure) if curve else None
    if report is not None:
        sections = shield_sections(choice, before, after, notes, points)
        write_report(report, f"Shields of {factory.name}", sections, factory.settings.timezone)
    if as_json:
        print_json(shield_facts(choice, before, after, notes, points))
        return
    print_shields(choice, before, after, notes, points, console())
