"""`linewright experiment`: parse, call, show."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linewright.kit.doors import needed, print_json, showing_options, write_report
from linewright.kit.inputs import console, reading_options
from linewright.twin.cli.common import counting, opened

if TYPE_CHECKING:
    from linewright.model.factory import Factory

WAYS = ("plan", "open", "stream")
#: Scenarios are planned with so many plans each, so that the comparison is the same on every machine.
ROUNDS = 2_000
#: Replications where none are asked for: a stream costs more than a plan, and tells more.
USUAL = {"plan": 400, "open": 400, "stream": 40}


@click.command(short_help="Compare what-ifs on common luck: one more machine, a faster step, a bigger buffer.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--try", "tries", multiple=True, required=True, metavar="NAME: EDIT, ...",
    help="A what-if, such as 'second welder: machines[WELD-2]=[WELD-1]'; may be repeated.",
)  # fmt: skip
@click.option(
    "--way",
    type=click.Choice(WAYS),
    default="plan",
    show_default=True,
    help="Plan each and run the plans; let the open orders flow by due date; or let their mix come without end.",
)
@click.option("--replications", type=click.IntRange(2, 1_000_000), help="Runs of each; 400, or 40 of a stream.")
@click.option(
    "--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True, help="Plans tried for each scenario."
)
@click.option(
    "--pace", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True,
    help="A stream that comes so many times as fast as the open orders are due.",
)  # fmt: skip
@click.option("--figure", "figures", multiple=True, metavar="NAME", help="Compare only this figure; may be repeated.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Where chance begins.")
@showing_options
@reading_options
def experiment(
    paths: tuple[Path, ...], tries: tuple[str, ...], way: str, replications: int | None, rounds: int, pace: float,
    figures: tuple[str, ...], seed: int, now: datetime | None, report: Path | None, as_json: bool,
    reader: str | None, settings: dict[str, str],
) -> None:  # fmt: skip
    """Say what scenarios change, with intervals, each run of one paired with the same luck in the others.

    PATHS are a workspace (the current folder if none is named), workbooks, folders or other files. An edit is a cell
    (machines[M4].speed=1.2, operations[P/10].run_minutes*=0.9, work_centers[MILL].queue_places+=1), a copy of a row
    (machines[M5]=[M4]) or a row that goes (-people[Ann]). Ctrl-C keeps the runs that are done.
    """
    from linewright.kit.edits import scenario_of
    from linewright.twin.experiment.factories import compare_factories
    from linewright.twin.show.experiment import comparison_facts, comparison_sections, print_comparison
    from linewright.twin.statistics.replications import Replications

    factory = opened(paths, reader, settings, now, report)
    scenarios = [scenario_of(text, factory) for text in tries]
    wanted = replications or USUAL[way]
    with counting("Running scenarios", wanted) as count:
        found = compare_factories(
            factory, scenarios, way=_way(factory, way, rounds, pace, seed), stop=Replications(wanted), seed=seed,
            figures=figures, watch=lambda done: count(done.done),
        )  # fmt: skip
    if report is not None:
        write_report(report, f"What if, {factory.name}", comparison_sections(found), factory.settings.timezone)
    if as_json:
        print_json(comparison_facts(found))
        return
    print_comparison(found, console())


def _way(factory: Factory, way: str, rounds: int, pace: float, seed: int) -> Any:
    """How each factory is run."""
    from linewright.twin.experiment.factories import EndlessFlow, Flow, Planned

    start = factory.start(datetime.now(UTC))
    if way == "open":
        return Flow(start=start)
    if way == "stream":
        return EndlessFlow(start=start, pace=pace)
    planner = partial(needed("planner", "a plan"), exact=False, cores=1)
    return Planned(planner=planner, search=needed("rounds", "a plan")(rounds), seed=seed, now=start)
