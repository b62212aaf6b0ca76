"""The progress bar."""

from io import StringIO

from rich.console import Console

from linewright.kit.progress import best_so_far, watching
from linewright.model.ports import Progress


def progress(best=1200.0, bound=900.0):
    """A search after two seconds."""
    return Progress(rounds=10, seconds=2.0, best=best, bound=bound, rounds_since_better=3)


def test_the_best_plan_so_far_is_told_with_its_gap():
    """Somebody who waits wants to know whether waiting pays."""
    assert best_so_far(progress(), "EUR") == "best 1,200 EUR, gap at most 25.0 %"
    assert best_so_far(progress(best=0.0, bound=0.0), "h") == "best 0 h"


def test_nothing_is_written_where_nobody_watches():
    """A file or a pipe gets no bar."""
    console = Console(file=StringIO(), force_terminal=False)
    with watching(console) as watch:
        watch(progress())
    assert console.file.getvalue() == ""


def test_a_terminal_shows_the_best_plan():
    """The bar tells the value while the search goes on."""
    console = Console(file=StringIO(), force_terminal=True, width=100, _environ={"TERM": "xterm"})
    with watching(console, seconds=4.0, unit="EUR") as watch:
        watch(progress())
    assert "best 1,200 EUR" in console.file.getvalue()
