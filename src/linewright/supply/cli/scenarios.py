"""`linewright scenarios`: what to decide before the market has moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linewright.kit.doors import needed, print_json, showing_options, write_report
from linewright.kit.inputs import console, reading_options
from linewright.supply.cli.common import opened

if TYPE_CHECKING:
    from linewright.model.factory import Factory


def factors(context: click.Context, parameter: click.Parameter, pairs: Sequence[str]) -> dict[str, float]:
    """Split ``MATERIAL=FACTOR`` pairs, or say how one is written."""
    chosen = {}
    for pair in pairs:
        name, _, number = pair.rpartition("=")
        try:
            chosen[name] = float(number)
        except ValueError:
            raise click.BadParameter(f"{pair!r} is not written as MATERIAL=FACTOR, for example P-17=2") from None
        if not name or chosen[name] <= 0:
            raise click.BadParameter(f"{pair!r}: name a material, and a factor above 0")
    return chosen


@click.command(short_help="Choices of today under futures of the market: service, cash, regret.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--high", type=click.FloatRange(0, 100, min_open=True), help="Factor of the high future, such as 1.3.")
@click.option("--low", type=click.FloatRange(0, 100, min_open=True), help="Factor of the low future, such as 0.7.")
@click.option("--shock", multiple=True, metavar="MATERIAL=FACTOR", callback=factors, help="Who jumps in the shock.")
@click.option(
    "--known-after", type=click.FloatRange(0, 365), default=7.0, show_default=True,
    help="Days until it is known which future has come.",
)  # fmt: skip
@click.option(
    "--rounds", type=click.IntRange(1), default=300, show_default=True, help="How hard the planner tries for each pair."
)
@showing_options
@reading_options
def scenarios(
    paths: tuple[Path, ...], high: float | None, low: float | None, shock: dict[str, float], known_after: float,
    rounds: int, now: datetime | None, report: Path | None, as_json: bool, reader: str | None,
    settings: dict[str, str],
) -> None:  # fmt: skip
    """Compare what can be decided today under a base, a high, a low and a shock future.

    Each choice buys material for one of the futures, with or without Saturdays; each future is then planned in detail.
    """
    from functools import partial

    from rich.console import Console
    from rich.progress import Progress

    from linewright.kit.ports import ask
    from linewright.supply.moves import market_moves, usual_choices, usual_futures
    from linewright.supply.show.moves import moves_facts, moves_sections, print_moves

    if high is not None and low is not None and high <= low:
        raise click.UsageError("--high must be more than --low.")
    factory = opened(paths, reader, settings, now, report)
    _known(factory, shock)
    planner = partial(needed("planner", "a plan"), exact=False, cores=1)
    forecaster = ask("forecaster")
    start = factory.start(datetime.now(UTC))
    # Without a history there is nothing to forecast from; the usual factors are then named as assumed.
    forecast = forecaster(factory, now=start) if forecaster and len(factory.demand_history) else None
    futures = usual_futures(factory, forecast, high=high, low=low, shock=shock or None)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("planning", total=None)
        found = market_moves(
            factory, futures, usual_choices(futures), planner=planner, budget=needed("rounds", "a plan")(rounds),
            known_after_days=known_after, now=start,
            watch=lambda done, total: progress.update(bar, completed=done, total=total),
        )  # fmt: skip
    if report is not None:
        write_report(report, f"Market moves, {factory.name}", moves_sections(found), found.timezone)
    if as_json:
        print_json(moves_facts(found))
        return
    print_moves(found, console())


def _known(factory: Factory, shock: dict[str, float]) -> None:
    """Refuse a shock to a material that nobody orders, and name the nearest."""
    from difflib import get_close_matches

    ordered = {*factory.orders.frame.get_column("material"), *factory.work_orders.frame.get_column("material")}
    for name in shock:
        if name not in ordered:
            near = get_close_matches(name, sorted(ordered), n=1)
            cure = f"did you mean {near[0]}?" if near else "name a material that is ordered"
            raise click.UsageError(f"--shock {name}: nobody orders it; {cure}")
