"""What the twin's doors share: reading, the plan that is run, and the progress of replications."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linewright.kit.doors import check_targets, needed
from linewright.kit.inputs import starting_at, warn_of_faults

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan


def opened(
    paths: tuple[Path, ...], reader: str | None, settings: dict[str, str], now: datetime | None, *targets: Path | None
) -> Factory:
    """Read the factory, from another moment where one is given; refuse targets that could not be written."""
    from linewright.io.read import read

    check_targets(*targets)
    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    warn_of_faults(factory)
    return factory if now is None else starting_at(factory, now)


def plan_to_run(file: Path | None, paths: tuple[Path, ...], factory: Factory) -> Plan:
    """The plan of a file, else the workspace's last one, else a quick one.

    Raises
    ------
    SourceError
        The file is not a plan.
    """
    if file is None:
        found: Plan = needed("kept", "a plan")(paths, factory)
        return found
    from linewright.io.plan_files import read_plan

    return read_plan(file)


@contextmanager
def counting(label: str, most: int | None) -> Iterator[Callable[[int], None]]:
    """A bar of replications done on the error stream; silent where nobody is watching."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda done: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task(label, total=most)
        yield lambda done: bars.update(task, completed=done)


def check_suffix(target: Path, *suffixes: str) -> None:
    """Refuse a file whose name ends in another way.

    Raises
    ------
    UsageError
        It does.
    """
    if target.suffix.lower() not in suffixes:
        raise click.UsageError(f"{target}: this can be written as {', '.join(suffixes)}")
