"""What the doors of the supply planner share: reading, and the plan that they start from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from linewright.kit.inputs import starting_at, warn_of_faults
from linewright.kit.ports import ask

if TYPE_CHECKING:
    from linewright.kit.sheet import Section
    from linewright.model.factory import Factory
    from linewright.model.results import Plan

F = TypeVar("F", bound=Callable[..., Any])

#: Rounds of the plan that is made where none is kept: the dispatch rules, and no search.
ROUNDS = 1


def showing_options(command: F) -> F:
    """Add the options that say how a result is shown, and from when it counts."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the same facts for machines."),
        click.option(
            "--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a sheet that opens in a browser."
        ),
        click.option(
            "--now", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Count from this local moment."
        ),
    ):
        command = option(command)
    return command


def opened(
    paths: tuple[Path, ...], reader: str | None, settings: dict[str, str], now: datetime | None, report: Path | None
) -> Factory:
    """Read the factory, from another moment where one is given; refuse a report that could not be written."""
    from linewright.io.read import read

    if report is not None and not report.parent.is_dir():
        raise click.UsageError(f"{report.parent} is not a folder; make it first, or choose another place.")
    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    warn_of_faults(factory)
    return factory if now is None else starting_at(factory, now)


def base_plan(paths: tuple[Path, ...], factory: Factory) -> Plan:
    """The workspace's last plan while it holds; else one made by the dispatch rules, which takes a second.

    Raises
    ------
    UsageError
        There is none, and no planner is installed.
    """
    from linewright.io.plan_files import plan_from_bytes
    from linewright.io.workspace import Workspace, is_workspace

    place = paths[0] if paths else Path()
    if len(paths) <= 1 and is_workspace(place):
        home = Workspace(place)
        kept = home.results("plan")
        plan = plan_from_bytes(home.result(kept[0].hash)) if kept else None
        if plan is not None and not plan.stale_because(factory):
            return plan
    planner = needed("planner", "a plan")
    rounds = needed("rounds", "a plan")
    made: Plan = planner(factory, stop=rounds(ROUNDS), now=datetime.now(UTC), exact=False, cores=1)
    return made


def needed(port: str, what: str) -> Any:
    """What fills a port, or a refusal that names what is missing."""
    found = ask(port)
    if found is None:
        raise click.UsageError(f"This needs {what}, and no installed feature makes one.")
    return found


def write_report(report: Path, title: str, told: tuple[str, list[Section]], timezone: str) -> None:
    """Write a sheet of a lead and its sections, and say so."""
    from linewright.kit.sheet import write_sheet

    lead, sections = told
    write_sheet(report, title=title, lead=lead, sections=sections, timezone=timezone, made=datetime.now(UTC))
    click.echo(f"Wrote {report}", err=True)


def print_json(facts: object) -> None:
    """Print facts for machines."""
    import json

    click.echo(json.dumps(facts, indent=2, default=str, ensure_ascii=False))
