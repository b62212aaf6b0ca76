"""`linewright simulate`: parse, call, show."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linewright.kit.doors import needed, print_json, showing_options
from linewright.kit.inputs import console, reading_options
from linewright.twin.cli.common import check_suffix, counting, opened, plan_to_run

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.model.run_results import Run

MODES = ("strict", "skip", "repair", "replan")
#: Each planning anew in a run is a plan by the dispatch rules.
ROUNDS = 1


@click.command(short_help="Run the plan a thousand times: odds for every date, losses, worst runs.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Run this plan, written by linewright plan --out plan.json; else the workspace's last one, else a quick one.",
)  # fmt: skip
@click.option(
    "--replications", type=click.IntRange(1, 1_000_000), help="Run it so many times; else until the odds are sure."
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="strict",
    show_default=True,
    help="How the floor follows the plan: in its order; past work that is not ready; by urgency once late; anew.",
)
@click.option(
    "--patience", type=click.FloatRange(0), default=30.0, show_default=True, help="Minutes before skip takes the next."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Where chance begins.")
@click.option("--open", "number", type=click.IntRange(0), help="Open this run as a plan; --out and --report keep it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Write the odds: .xlsx or .json; with --open the plan: .xlsx, .json or a folder of CSV.",
)
@showing_options
@reading_options
def simulate(
    paths: tuple[Path, ...], plan_file: Path | None, replications: int | None, mode: str, patience: float, seed: int,
    number: int | None, out: tuple[Path, ...], now: datetime | None, report: Path | None, as_json: bool,
    reader: str | None, settings: dict[str, str],
) -> None:  # fmt: skip
    """Run a plan many times against breakdowns, uneven times, absence, rework and late material.

    PATHS are a workspace (the current folder if none is named), workbooks, folders or other files. The same seed gives
    the same runs. Ctrl-C keeps the runs that are done.
    """
    from linewright.twin.simulating import simulate as run_plan

    factory = opened(paths, reader, settings, now, report, *out)
    for target in out if number is None else ():
        check_suffix(target, ".xlsx", ".json")
    plan = plan_to_run(plan_file, paths, factory)
    if number is not None:
        _open_run(factory, plan, number, seed, mode, patience, out, report, as_json=as_json)
        return
    planner = _planner() if mode == "replan" else None
    with counting("Running the plan", replications) as count:
        run = run_plan(
            factory, plan, replications=replications, seed=seed, mode=mode, planner=planner,
            patience_minutes=patience, watch=lambda done: count(done.done),
        )  # fmt: skip
    _tell(run, plan, factory, out, report, as_json=as_json)


def _planner() -> Any:
    return partial(needed("planner", "a plan"), stop=needed("rounds", "a plan")(ROUNDS), exact=False, cores=1)


def _open_run(
    factory: Factory, plan: Plan, number: int, seed: int, mode: str, patience: float, out: tuple[Path, ...],
    report: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Show one run as a plan."""
    from linewright.io.plan_files import write_plan
    from linewright.kit.page import manager_page
    from linewright.shop.windows import closed_windows
    from linewright.twin.simulating import open_run

    opened_plan = open_run(factory, plan, number, seed=seed, mode=mode, patience_minutes=patience)
    for target in out:
        write_plan(opened_plan, target)
        click.echo(f"Wrote {target}", err=True)
    closed = closed_windows(factory, opened_plan.start, opened_plan.end)
    if report is not None:
        from linewright.kit.report import write_report

        write_report(opened_plan, factory, report, closed=closed, made=datetime.now(UTC))
        click.echo(f"Wrote {report}", err=True)
    if as_json:
        from linewright.kit.facts import plan_facts

        print_json(plan_facts(opened_plan))
        return
    manager_page(opened_plan, factory, console(), closed=closed)


def _tell(run: Run, plan: Plan, factory: Factory, out: tuple[Path, ...], report: Path | None, *, as_json: bool) -> None:
    from linewright.twin.show.run import print_run, run_facts
    from linewright.twin.show.write import write_run

    for target in out:
        write_run(run, target)
        click.echo(f"Wrote {target}", err=True)
    if report is not None:
        from linewright.kit.report import write_report
        from linewright.shop.windows import closed_windows

        closed = closed_windows(factory, plan.start, plan.end)
        write_report(plan, factory, report, closed=closed, made=datetime.now(UTC), run=run)
        click.echo(f"Wrote {report}", err=True)
    if as_json:
        print_json(run_facts(run))
        return
    print_run(run, console())
