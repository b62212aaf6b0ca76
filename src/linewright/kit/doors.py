"""What commands that show a result have in common: their options, their targets, and what they ask of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from linewright.kit.ports import ask

if TYPE_CHECKING:
    from linewright.kit.sheet import Section

F = TypeVar("F", bound=Callable[..., Any])


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


def check_targets(*targets: Path | None) -> None:
    """Refuse files that cannot be written before the work, not after it.

    Raises
    ------
    UsageError
        A target's folder does not exist.
    """
    for target in targets:
        if target is not None and not target.parent.is_dir():
            raise click.UsageError(f"{target.parent} is not a folder; make it first, or choose another place.")


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
