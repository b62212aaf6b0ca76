"""The manager's page in a terminal."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from linewright.kit.page import manager_page
from linewright.kit.tables import fault_table, meter
from tests.kit.sample_plan import sample_plan


def shown(*sample, width=100, **options):
    """The page as text."""
    console = Console(file=StringIO(), width=width, **options)
    manager_page(*sample[:2], console, *sample[2:])
    return console.file.getvalue()


def test_the_page_holds_what_a_manager_wants_to_know(sample):
    """Late orders with reasons, load, cost, gap, faults and assumptions."""
    page = shown(*sample)
    plan = sample[0]
    for order in plan.late_orders["order"].head(8):
        assert order in page
    for told in (
        "Turning",
        "could still be saved",
        "operations!D1362",
        "did you mean CNC-8?",
        "No tools table",
        "and 2 more",
    ):
        assert told in page


@pytest.mark.parametrize("operations", [300, 3000])
def test_the_page_fits_on_a_screen(operations):
    """At most 40 lines of at most 100 signs, with five faults and many late orders."""
    plan, factory, closed = sample_plan(operations)
    crowded = replace(plan, faults=plan.faults * 3, assumptions=plan.assumptions * 3)
    lines = shown(crowded, factory, closed).splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100


def test_no_colour_means_no_escape_codes(sample):
    """A log file stays readable."""
    assert "\x1b" not in shown(*sample)
    assert "\x1b" in shown(*sample, force_terminal=True)
    assert "\x1b[31m" not in shown(*sample, force_terminal=True, no_color=True)


def test_a_narrow_terminal_cuts_but_does_not_overflow(sample):
    """On 50 signs every line still fits."""
    assert max(len(line.rstrip()) for line in shown(*sample, width=50).splitlines()) <= 50


def test_names_with_brackets_are_shown_as_they_are(sample):
    """A name such as [red] is data, not a colour."""
    plan, factory, closed = sample
    named = replace(plan, factory_name="Works [red]", assumptions=("Nothing in [bold] is assumed.",))
    page = shown(named, factory, closed)
    assert "Works [red]" in page
    assert "Nothing in [bold] is assumed." in page


def test_faults_are_listed_with_how_many_are_left(plan):
    """A limit never hides that there is more."""
    console = Console(file=StringIO(), width=120)
    fault_table(plan.faults, console, limit=1)
    assert "operations!D1362" in console.file.getvalue()
    assert "and 2 more faults" in console.file.getvalue()


def test_a_meter_stays_in_its_frame():
    """More than full looks full."""
    assert meter(0.5, 4) == "██░░"
    assert meter(1.7, 4) == "████"
    assert meter(-1.0, 4) == "░░░░"
