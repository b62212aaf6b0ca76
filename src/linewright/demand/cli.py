"""`linewright forecast`: parse, call, show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linewright.kit.doors import check_targets
from linewright.kit.inputs import console, reading_options, warn_of_faults

if TYPE_CHECKING:
    from linewright.model.forecast_results import ForecastResult


@click.command(short_help="What will be wanted, with ranges that hold, and where demand has changed.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--periods", type=click.IntRange(1, 1000), help="Look so many periods ahead; 12 months or 13 weeks.")
@click.option("--by", "bucket", type=click.Choice(["month", "week"]), help="Count by month or week; else as it fits.")
@click.option(
    "--ranges",
    type=click.Choice(["split", "adaptive"]),
    default="split",
    show_default=True,
    help="Conformal ranges: of all similar materials, or following each material's latest misses.",
)
@click.option("--no-customers", is_flag=True, help="Only totals, no forecasts of single customers.")
@click.option("--now", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Look ahead from this local moment.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Write the forecast: .xlsx, .csv (a forecast table) or .json.",
)
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a sheet that opens in a browser."
)
@click.option("--json", "as_json", is_flag=True, help="Print the same facts for machines.")
@reading_options
def forecast(
    paths: tuple[Path, ...], periods: int | None, bucket: str | None, ranges: str, no_customers: bool,
    now: datetime | None, out: tuple[Path, ...], report: Path | None, as_json: bool, reader: str | None,
    settings: dict[str, str],
) -> None:  # fmt: skip
    """Forecast demand from the demand_history of a factory, or from its orders.

    PATHS are a workspace (the current folder if none is named), workbooks, folders or other files. The ranges hold what
    comes in 80 % and 95 % of the cases; materials whose demand has moved to another level are named.
    """
    from linewright.demand.forecasting import forecast as make
    from linewright.demand.show.told import forecast_facts, print_forecast
    from linewright.io.read import read

    _check_targets(out, report)
    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    warn_of_faults(factory)
    moment = now.replace(tzinfo=factory.timezone) if now else None
    made = make(factory, periods=periods, now=moment, bucket=bucket or "", ranges=ranges, customers=not no_customers)
    for target in out:
        _write(made, target)
    if report is not None:
        _write_report(made, report, factory.settings.timezone)
    if as_json:
        import json

        click.echo(json.dumps(forecast_facts(made), indent=2, default=str, ensure_ascii=False))
        return
    print_forecast(made, console())


def _check_targets(out: tuple[Path, ...], report: Path | None) -> None:
    """Refuse targets that cannot be written before the work, not after it."""
    check_targets(*out, report)
    for target in out:
        if target.suffix.lower() not in {".xlsx", ".csv", ".json"}:
            raise click.UsageError(f"{target}: a forecast can be written as .xlsx, .csv or .json")


def _write(made: ForecastResult, target: Path) -> None:
    """Write the forecast as the name asks for; the file appears whole or not at all."""
    from linewright.io.atomic import whole_file

    with whole_file(target) as draft:
        if target.suffix.lower() == ".csv":
            made.frame.write_csv(draft, include_bom=True)
        elif target.suffix.lower() == ".json":
            import json

            from linewright.demand.show.told import forecast_facts

            draft.write_text(json.dumps(forecast_facts(made), indent=1, default=str) + "\n", encoding="utf-8")
        else:
            _write_book(made, draft)
    click.echo(f"Wrote {target}", err=True)


def _write_book(made: ForecastResult, draft: Path) -> None:
    import polars as pl
    import xlsxwriter

    alarms = [[alarm.material, alarm.since, alarm.sentence] for alarm in made.alarms]
    told = {"material": pl.String, "since": pl.Date, "change": pl.String}
    sheets = {
        # A sheet of this name and these columns can be read back as the factory's own table.
        "forecast": made.as_table().content,
        "ranges": made.frame,
        "accuracy": made.accuracy,
        "orders": made.consumption,
        "intake": made.intake,
        "changes": pl.DataFrame(alarms, schema=told, orient="row"),
        "assumptions": pl.DataFrame({"assumption": list(made.assumptions)}, schema={"assumption": pl.String}),
    }
    with xlsxwriter.Workbook(str(draft)) as book:
        for name, frame in sheets.items():
            frame.write_excel(book, name, autofit=True, dtype_formats={pl.Date: "yyyy-mm-dd"})


def _write_report(made: ForecastResult, report: Path, timezone: str) -> None:
    from linewright.demand.show.told import forecast_sections, lead
    from linewright.kit.sheet import write_sheet

    write_sheet(
        report, title=f"Forecast of {made.factory_name}", lead=lead(made), sections=forecast_sections(made),
        timezone=timezone, made=datetime.now(UTC),
    )  # fmt: skip
    click.echo(f"Wrote {report}", err=True)
