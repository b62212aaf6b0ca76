"""`linewright times`: parse, call, show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linewright.kit.doors import check_targets, print_json, write_report
from linewright.kit.inputs import console, reading_options, warn_of_faults
from linewright.kit.ports import ask

if TYPE_CHECKING:
    from datetime import datetime

    from linewright.model.factory import Factory
    from linewright.model.times_results import Times


def quantile_of(context: click.Context, parameter: click.Parameter, value: str) -> str | float:
    """Understand mean, p50 or a chance between 0 and 1."""
    if value in {"mean", "p50"}:
        return value
    try:
        chance = float(value)
    except ValueError:
        chance = 0.0
    if not 0 < chance < 1:
        raise click.BadParameter(f"{value!r} is not mean, p50 or a number between 0 and 1, such as 0.8")
    return chance


@click.command(short_help="True setup and run times from what the floor reported, beside the file's.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--accept", metavar="ROW", multiple=True, help="Take over this row (material/step); may be repeated.")
@click.option("--accept-all", is_flag=True, help="Take over every row that surely differs.")
@click.option(
    "--quantile", default="mean", show_default=True, callback=quantile_of,
    help="Take over the mean, the p50, or the time that is kept with this chance, such as 0.8.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path),
    help="Write the table (.csv, .xlsx, .json); with accepted rows the factory with them (.xlsx or a new folder).",
)  # fmt: skip
@click.option("--price", is_flag=True, help="Plan, and say what the wrong times cost in the plan.")
@click.option("--evaluate", "test", is_flag=True, help="Test on later reports instead: learn early, forecast late.")
@click.option("--split", type=click.DateTime(["%Y-%m-%d"]), multiple=True, help="Test from this day; may be repeated.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Only reports up to this moment.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Only reports from this moment on.")
@click.option("--seed", type=int, default=0, show_default=True, help="Where the chance of the trees begins.")
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a sheet that opens in a browser."
)
@click.option("--json", "as_json", is_flag=True, help="Print the same facts for machines.")
@reading_options
def times(
    paths: tuple[Path, ...], accept: tuple[str, ...], accept_all: bool, quantile: str | float, out: Path | None,
    price: bool, test: bool, split: tuple[datetime, ...], until: datetime | None, since: datetime | None, seed: int,
    report: Path | None, as_json: bool, reader: str | None, settings: dict[str, str],
) -> None:  # fmt: skip
    """Learn true times from a factory's actuals, and say which times of the file are wrong.

    PATHS are a workspace (the current folder if none is named), workbooks, folders or other files. Rows are ranked by
    harm: machine hours a month that the file leaves out, and their cost. With --accept the factory is written with
    learned times, to plan with; a workspace takes them over itself if --out is not given. No person is shown.
    """
    from linewright.io.read import read
    from linewright.times.learning import learn_times

    if test and (accept or accept_all or price):
        raise click.UsageError("--evaluate only tests; leave out what takes over or prices.")
    if split and not test:
        raise click.UsageError("--split says where a test begins; add --evaluate.")
    check_targets(out, report)
    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    warn_of_faults(factory)
    if test:
        _evaluate(factory, split, seed, as_json=as_json)
        return
    local = [moment and moment.replace(tzinfo=factory.timezone) for moment in (until, since)]
    found = learn_times(factory, until=local[0], since=local[1], seed=seed)
    prices = _prices(paths, factory, found) if price else None
    if accept or accept_all:
        _accept(paths, factory, found, accept, quantile, out)
    elif out is not None:
        _write_table(found, prices, out)
    if report is not None:
        from linewright.times.show.told import lead, times_sections

        write_report(
            report, f"Times of {found.factory_name}", (lead(found), times_sections(found, prices)), found.timezone
        )
    if as_json:
        from linewright.times.show.told import times_facts

        print_json(times_facts(found, prices))
        return
    from linewright.times.show.told import print_times

    print_times(found, console(), prices)


def _evaluate(factory: Factory, split: tuple[datetime, ...], seed: int, *, as_json: bool) -> None:
    from linewright.times.evaluation import evaluate
    from linewright.times.show.told import print_evaluation

    moments = [moment.replace(tzinfo=factory.timezone) for moment in split]
    found = evaluate(factory, moments or None, seed=seed)
    if as_json:
        print_json({"factory": found.factory_name, "seed": seed, "rows": found.frame.to_dicts()})
        return
    print_evaluation(found, console())


def _prices(paths: tuple[Path, ...], factory: Factory, found: Times) -> Any:
    from linewright.kit.doors import needed
    from linewright.times.money import priced

    keeper, planner = needed("keeper", "a plan"), needed("planner", "a plan")
    rounds = ask("rounds")
    plan = needed("kept", "a plan")(paths, factory)
    return priced(factory, found, plan, keeper=keeper, planner=planner, budget=rounds(1) if rounds else None)


def _accept(
    paths: tuple[Path, ...], factory: Factory, found: Times, accept: tuple[str, ...], quantile: str | float,
    out: Path | None,
) -> None:  # fmt: skip
    """Write the factory with learned times: into a file or folder, or into the workspace that was read."""
    from linewright.io.workspace import Workspace, is_workspace
    from linewright.kit.words import count
    from linewright.times.accepting import as_scenario

    scenario = as_scenario(found, list(accept) or None, quantile=quantile)
    changed = scenario.apply(factory)
    told = f"{count(len(scenario.edits), 'row')} taken over"
    if out is not None:
        _write_factory(changed, out)
        click.echo(f"Wrote {out}: {told}", err=True)
        return
    folder = paths[0] if len(paths) == 1 else Path()
    if len(paths) > 1 or not is_workspace(folder):
        raise click.UsageError("Name a new file or folder with --out: only a workspace takes times over itself.")
    Workspace(folder).update(changed)
    click.echo(f"{folder}: {told}", err=True)


def _write_factory(factory: Factory, target: Path) -> None:
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise click.UsageError(f"{target} exists already; choose another name, or move it away.")
    if target.suffix.lower() == ".xlsx":
        from linewright.io.workbook import write_workbook

        write_workbook(factory, target)
    else:
        from linewright.io.csv_folder import write_csv_folder

        write_csv_folder(factory, target)


def _write_table(found: Times, prices: Any, target: Path) -> None:
    """Write the table as the name asks for; the file appears whole or not at all."""
    from linewright.io.atomic import whole_file

    if target.suffix.lower() not in {".xlsx", ".csv", ".json"}:
        raise click.UsageError(f"{target}: the table can be written as .xlsx, .csv or .json")
    with whole_file(target) as draft:
        if target.suffix.lower() == ".csv":
            found.frame.write_csv(draft, include_bom=True)
        elif target.suffix.lower() == ".json":
            import json

            from linewright.times.show.told import times_facts

            draft.write_text(json.dumps(times_facts(found, prices), indent=1, default=str) + "\n", encoding="utf-8")
        else:
            _write_book(found, draft)
    click.echo(f"Wrote {target}", err=True)


def _write_book(found: Times, draft: Path) -> None:
    import polars as pl
    import xlsxwriter

    local = [pl.col(name).dt.convert_time_zone(found.timezone).dt.replace_time_zone(None) for name in ("since",)]
    sheets = {"times": found.frame.with_columns(local), "queues": found.queues, "learning curves": found.curves}
    with xlsxwriter.Workbook(str(draft)) as book:
        for name, frame in sheets.items():
            frame.write_excel(book, name, autofit=True)
