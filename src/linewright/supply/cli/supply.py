"""`linewright supply`: what to order today, what is short, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linewright.kit.doors import print_json, showing_options, write_report
from linewright.kit.inputs import console, reading_options
from linewright.supply.cli.common import opened

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.forecast_results import ForecastResult
    from linewright.model.supply_results import SupplyPlan
    from linewright.supply.buffers.plan.verb import BufferPlan


@click.command(short_help="What to order today, what is short and for which orders.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--weeks", type=click.IntRange(1, 520), default=26, show_default=True, help="How far to look.")
@click.option(
    "--bucket-days", type=click.IntRange(1, 31), default=7, show_default=True, help="Length of a period in days."
)
@click.option("--days", type=click.IntRange(0, 365), default=7, show_default=True, help="Show orders to place so soon.")
@click.option("--forecast", "with_forecast", is_flag=True, help="Also cover what is forecast and not ordered yet.")
@click.option("--buffers", is_flag=True, help="Also size safety stocks and say where to hold them.")
@click.option("--order", "trace", metavar="ORDER", help="Show everything that an order is made from.")
@click.option("--for", "serves", metavar="PURCHASE", help="Show everything that a purchase or work order is for.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the proposals: .csv or .xlsx.")
@showing_options
@reading_options
def supply(
    paths: tuple[Path, ...], weeks: int, bucket_days: int, days: int, with_forecast: bool, buffers: bool,
    trace: str | None, serves: str | None, out: Path | None, now: datetime | None, report: Path | None,
    as_json: bool, reader: str | None, settings: dict[str, str],
) -> None:  # fmt: skip
    """Plan materials: what to buy and make when, from whom, for which order; what to expedite, delay or cancel.

    Every need is pegged to the stock, purchase or new order that covers it, or is named short.
    """
    from linewright.supply.requirements import requirements
    from linewright.supply.show.buffers import print_moved
    from linewright.supply.show.supply import print_supply, supply_facts, supply_sections

    if out is not None and out.suffix.lower() not in {".csv", ".xlsx"}:
        raise click.UsageError(f"{out}: proposals can be written as .csv or .xlsx")
    factory = opened(paths, reader, settings, now, report)
    start = factory.start(datetime.now(UTC))
    if with_forecast:
        factory = _with_forecast(factory, start)
    # What is shown must have been planned.
    found = requirements(factory, now=start, bucket_days=bucket_days, weeks=max(weeks, days // 7 + 1))
    if trace or serves:
        _print_trace(found, trace, serves, as_json=as_json)
        return
    held, expected = _tried_buffers(factory, start) if buffers else (None, None)
    if out is not None:
        _write_proposals(found, out)
    if report is not None:
        write_report(report, f"Materials of {factory.name}", supply_sections(found, held, days), found.timezone)
    if as_json:
        print_json(supply_facts(found, held, days))
        return
    print_supply(found, held, days, console())
    if held is not None and expected is not None:
        print_moved(held, expected, console())


def _with_forecast(factory: Factory, start: datetime) -> Factory:
    """The factory with a forecast; its own rows stay where it has them."""
    from linewright.kit.doors import needed

    if len(factory.forecast):
        return factory
    forecast: Any = needed("forecaster", "a forecast")(factory, now=start)
    return factory.with_tables(forecast=forecast.as_table())


def _buffers(factory: Factory, start: datetime) -> tuple[BufferPlan, ForecastResult | None]:
    """The buffers, sized by a forecast where there is a forecaster and a history, and that forecast."""
    from linewright.kit.ports import ask
    from linewright.supply.buffers.plan import buffers

    forecaster = ask("forecaster")
    # Without a history there is nothing to learn a spread from.
    expected: Any = forecaster(factory, now=start) if forecaster and len(factory.demand_history) else None
    return buffers(factory, now=start, expected=expected), expected


def _tried_buffers(factory: Factory, start: datetime) -> tuple[BufferPlan | None, ForecastResult | None]:
    """The buffers; where they cannot be sized, the reason on the error stream, and the rest goes on."""
    from linewright.errors import LinewrightError

    try:
        return _buffers(factory, start)
    except LinewrightError as error:
        click.secho(f"No buffers: {error}", err=True, fg="yellow")
        return None, None


def _write_proposals(found: SupplyPlan, target: Path) -> None:
    """Write the proposals, whole or not at all."""
    from linewright.io.atomic import whole_file

    with whole_file(target) as draft:
        if target.suffix.lower() == ".csv":
            draft.write_bytes(found.proposals.write_csv().encode("utf-8-sig"))
        else:
            found.proposals.write_excel(draft, worksheet="proposals", autofit=True)
    click.echo(f"Wrote {target}", err=True)


def _print_trace(found: SupplyPlan, order: str | None, supply_name: str | None, *, as_json: bool) -> None:
    from zoneinfo import ZoneInfo

    from linewright.kit.tables import frame_table
    from linewright.supply.show.supply import TRACE, traced

    try:
        rows = found.upstream(order) if order else found.downstream(supply_name or "")
    except KeyError as error:
        raise click.UsageError(f"{error.args[0]}.") from None
    if as_json:
        print_json(rows.to_dicts())
        return
    title = f"Order {order} is made from" if order else f"{supply_name} is for"
    console().print(frame_table(traced(rows), TRACE, ZoneInfo(found.timezone), title=title, limit=40))
