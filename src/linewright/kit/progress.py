"""A progress bar that shows the best plan so far; silent where nobody is watching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linewright.model.ports import Progress, Watcher

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def watching(
    console: Console, label: str = "Planning", seconds: float | None = None, unit: str = ""
) -> Iterator[Watcher]:
    """Show a bar while a search goes on, and yield the watcher that moves it.

    Parameters
    ----------
    seconds
        The budget, if there is one; without it the bar only shows that work goes on.
    unit
        What the value is counted in, such as EUR or h.
    """
    if not console.is_terminal or console.is_dumb_terminal:
        yield _silent
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[best]}"),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task(label, total=seconds, best="")

        def show(progress: Progress) -> None:
            bars.update(task, completed=progress.seconds, best=best_so_far(progress, unit))

        yield show


def best_so_far(progress: Progress, unit: str = "") -> str:
    """Say how good the best plan is: "best 12,340 EUR, gap at most 8.1 %"."""
    best = f"best {progress.best:,.0f}{f' {unit}' if unit else ''}"
    if progress.best <= 0:
        return best
    gap = (progress.best - progress.bound) / progress.best
    return f"{best}, gap at most {100 * gap:.1f} %" if 0 <= gap < 1 else best


def _silent(progress: Progress) -> None:
    """Say nothing."""
