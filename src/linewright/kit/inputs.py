"""What commands that read a factory have in common: their arguments, and how a factory is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console

    from linewright.model.factory import Factory

F = TypeVar("F", bound=Callable[..., Any])

#: A terminal that nobody watches is given this width, so that files and tests hold the same lines everywhere.
PLAIN_WIDTH = 110


def reader_options(context: click.Context, parameter: click.Parameter, pairs: Sequence[str]) -> dict[str, str]:
    """Split ``name=value`` pairs, or say how one is written."""
    split = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{pair!r} is not written as name=value, for example start=2014-05-05")
        split[name.strip()] = value.strip()
    return split


def reading_options(command: F) -> F:
    """Add the options that say how files are read."""
    for option in (
        click.option(
            "--option",
            "settings",
            metavar="NAME=VALUE",
            multiple=True,
            callback=reader_options,
            help="A reader's option; may be repeated.",
        ),
        click.option("--reader", metavar="NAME", help="Read the files as this format instead of recognising it."),
    ):
        command = option(command)
    return command


def console() -> Console:
    """Where people read: as wide as the terminal, or of a fixed width where there is none."""
    import sys

    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)


def show_found(factory: Factory, out: Console) -> None:
    """Print the name of a factory and the size of its filled tables."""
    from rich.text import Text

    out.print(Text(factory.name, "bold"))
    filled = [f"{len(rows):,}\0{name}" for name, rows in factory.tables.items() if len(rows) and name != "settings"]
    # A number and its table stay on one line.
    out.print(Text(_indented(", ".join(filled) or "no rows at all", out.width).replace("\0", " ")))


def show_assumptions(factory: Factory, out: Console) -> None:
    """Print what the reader took for granted."""
    from rich.text import Text

    if factory.assumptions:
        out.print(Text("Assumed", "bold"))
    for sentence in factory.assumptions:
        out.print(Text(_indented(sentence, out.width)))


def starting_at(factory: Factory, local: datetime) -> Factory:
    """The same factory, planned from another moment of its own time zone."""
    return factory.with_settings(start=local.replace(tzinfo=factory.timezone).astimezone(UTC))


def warn_of_faults(factory: Factory) -> None:
    """Say in one line on the error stream that rows were left out or planned with an assumption."""
    text = faults_in_short(factory)
    if text:
        click.secho(text, err=True, fg="yellow")


def faults_in_short(factory: Factory) -> str:
    """How many rows were left out or are planned with an assumption, the worst of them, and where all are listed."""
    counted = [
        (sum(fault.count for fault in factory.faults if fault.level == level), word)
        for level, word in (("error", "left out"), ("warning", "planned with an assumption"))
    ]
    told = ", ".join(
        f"{number:,} {'row is' if number == 1 else 'rows are'} {word}" for number, word in counted if number
    )
    if not told:
        return ""
    worst = min(factory.faults, key=lambda fault: {"error": 0, "warning": 1}.get(fault.level, 2))
    from textwrap import shorten

    first = shorten(f"{worst.where}: {worst.message}", 140, placeholder=" …")
    return f"Data: {told}; first {first}. linewright check lists them with their cures."


def _indented(text: str, width: int) -> str:
    from textwrap import fill

    return fill(text, width, initial_indent="  ", subsequent_indent="    ")


def factory_facts(factory: Factory) -> dict[str, Any]:
    """What the two functions above print, and the faults, for machines."""
    return {
        "factory": factory.name,
        "tables": {name: len(rows) for name, rows in factory.tables.items() if len(rows)},
        "faults": [fault.facts() for fault in factory.faults],
        "assumptions": list(factory.assumptions),
    }


def typed(path: Path) -> str:
    """A path as one would type it in a shell."""
    import shlex

    return shlex.quote(str(path))
