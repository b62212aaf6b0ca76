"""`linewright plan`: parse, call, show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linewright.kit.doors import check_targets
from linewright.kit.inputs import console, reading_options, starting_at
from linewright.kit.ports import ask

if TYPE_CHECKING:
    from linewright.io.workspace import Workspace
    from linewright.model.factory import Factory
    from linewright.model.results import Plan, Weights
    from linewright.model.run_results import Run

DEFAULT_SECONDS = 10.0


def weight_options(context: click.Context, parameter: click.Parameter, pairs: Sequence[str]) -> dict[str, float]:
    """Split ``part=factor`` pairs, or say which parts there are."""
    from dataclasses import fields

    from linewright.model.results import Weights

    parts = [part.name for part in fields(Weights)]
    chosen = {}
    for pair in pairs:
        name, _, number = pair.partition("=")
        try:
            chosen[name] = float(number)
        except ValueError:
            raise click.BadParameter(f"{pair!r} is not written as part=factor, for example changeovers=2") from None
        if name not in parts or chosen[name] < 0:
            raise click.BadParameter(f"{pair!r}: the parts are {', '.join(parts)}, and a factor is 0 or more")
    return chosen


@click.command(short_help="Make a verified plan, with late orders, costs and a proven gap.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--minutes", type=click.FloatRange(0, min_open=True), help="How long to search; 10 seconds if not given.")
@click.option("--rounds", type=click.IntRange(1), help="Try so many plans instead: the same seed gives the same plan.")
@click.option("--cores", type=click.IntRange(1), default=2, show_default=True, help="How many threads search at once.")
@click.option("--seed", type=int, default=0, show_default=True, help="Where the search's chance begins.")
@click.option(
    "--objective",
    type=click.Choice(["cost", "makespan", "tardiness"]),
    help="What to minimise: the total in currency (the default), the last end, or the hours late.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="PART=FACTOR",
    callback=weight_options,
    help="Weigh a part of the cost.",
)
@click.option("--now", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Plan from this local moment.")
@click.option("--stay-close", is_flag=True, help="Keep the frozen zone of the workspace's last plan, and moves dear.")
@click.option(
    "--out", type=click.Path(path_type=Path), multiple=True, help="Write the plan: .xlsx, .json or a folder of CSV."
)
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a report that opens in a browser."
)
@click.option(
    "--runs",
    type=click.IntRange(0, 100_000),
    default=200,
    show_default=True,
    help="Run the plan so many times for the odds of its dates, where something can go wrong; 0 for none.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the same facts for machines.")
@reading_options
def plan(  # noqa: PLR0913, PLR0917 - one for each option
    paths: tuple[Path, ...], minutes: float | None, rounds: int | None, cores: int, seed: int, objective: str | None,
    weights: dict[str, float], now: datetime | None, stay_close: bool, out: tuple[Path, ...], report: Path | None,
    runs: int, as_json: bool, reader: str | None, settings: dict[str, str],
) -> None:  # fmt: skip
    """Plan the open orders of a factory and show what a manager wants to know.

    PATHS are a workspace (the current folder if none is named), workbooks, folders or other files. A plan of a
    workspace is kept in it. Ctrl-C ends the search and keeps the best plan so far.
    """
    from linewright.io.read import read
    from linewright.model.results import Weights

    chosen = paths or (Path(),)
    check_targets(*out, report)
    factory = read(*chosen, reader=reader, options=settings)
    if now is not None:
        # Said on the command line it counts more than the settings' own start.
        factory = starting_at(factory, now)
    home = _workspace(chosen)
    made = _search(
        factory, minutes, rounds, cores=cores, seed=seed, objective=objective or "", weights=Weights(**weights),
        previous=_last_plan(home) if stay_close else None,
    )  # fmt: skip
    for target in out:
        _write(made, target)
    if home is not None:
        from linewright.io.plan_files import plan_to_bytes

        home.save_result("plan", plan_to_bytes(made), made.origin)
    _show(made, factory, _odds(made, factory, runs, seed), report, as_json=as_json)


def _odds(made: Plan, factory: Factory, runs: int, seed: int) -> Run | None:
    """How likely the plan's dates are, if a feature can tell."""
    odds = ask("odds") if runs and made.operations.height else None
    found: Run | None = odds(factory, made, replications=runs, seed=max(seed, 0)) if odds else None
    return found


def _workspace(paths: tuple[Path, ...]) -> Workspace | None:
    from linewright.io.workspace import Workspace, is_workspace

    return Workspace(paths[0]) if len(paths) == 1 and is_workspace(paths[0]) else None


def _last_plan(home: Workspace | None) -> Plan | None:
    from linewright.io.plan_files import plan_from_bytes

    kept = home.results("plan") if home else ()
    if home is None or not kept:
        raise click.UsageError("--stay-close needs a workspace with an earlier plan; run linewright plan in it first.")
    return plan_from_bytes(home.result(kept[0].hash))


def _search(
    factory: Factory, minutes: float | None, rounds: int | None, *, cores: int, seed: int, objective: str,
    weights: Weights, previous: Plan | None,
) -> Plan:  # fmt: skip
    """Search with a progress bar on the error stream."""
    from rich.console import Console

    from linewright.kit.progress import watching
    from linewright.plan.scheduling import schedule
    from linewright.plan.stop import AnyOf, NoBetterFor, Rounds, Seconds

    seconds = minutes * 60 if minutes else DEFAULT_SECONDS
    stop: Any = (
        Rounds(rounds) if rounds else Seconds(seconds) if minutes else AnyOf(Seconds(seconds), NoBetterFor(20_000))
    )
    unit = {"makespan": "h", "tardiness": "h late"}.get(objective, factory.settings.currency)
    start = datetime.now(UTC)
    with watching(Console(stderr=True), seconds=None if rounds else seconds, unit=unit) as watch:
        return schedule(
            factory,
            stop=stop,
            seed=seed,
            objective=objective,
            weights=weights,
            now=start,
            previous=previous,
            watch=watch,
            cores=cores,
        )


def _write(made: Plan, target: Path) -> None:
    from linewright.io.plan_files import write_plan

    write_plan(made, target)
    click.echo(f"Wrote {target}", err=True)


def _show(made: Plan, factory: Factory, run: Run | None, report: Path | None, *, as_json: bool) -> None:
    """Print the manager's page, or the facts; write the report."""
    from linewright.shop.windows import closed_windows

    closed = closed_windows(factory, made.start, made.end)
    if report is not None:
        from linewright.kit.report import write_report

        write_report(made, factory, report, closed=closed, made=datetime.now(UTC), run=run)
        click.echo(f"Wrote {report}", err=True)
    if as_json:
        import json

        from linewright.kit.facts import plan_facts

        click.echo(json.dumps(plan_facts(made, run), indent=2, default=str, ensure_ascii=False))
        return
    from linewright.kit.page import manager_page

    manager_page(made, factory, console(), closed=closed, run=run)
