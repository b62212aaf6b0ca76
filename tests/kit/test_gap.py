"""What the gap of a plan is made of."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from linewright.kit.gap import open_parts, told
from linewright.kit.page import manager_page
from linewright.model.results import Bound


def bounded(plan, lateness, **parts):
    """The plan with a bound of these parts, in which nobody has to be late on their own."""
    parts = {"lateness": lateness, **parts}
    return replace(plan, bound=Bound(value=sum(parts.values()), kind="load", meaning="work is more", parts=parts))


def test_open_parts_add_up_to_the_gap(sample):
    """Each part is what the plan pays above the least, as a share of its value; together they are the gap."""
    plan = sample[0]
    bound = bounded(plan, 0.5 * plan.costs["lateness"], energy=plan.costs["energy"])
    parts = {one.part: one.share for one in open_parts(bound)}
    assert parts["changeovers"] == pytest.approx(plan.costs["changeovers"] / plan.value)
    assert "energy" not in parts
    assert sum(parts.values()) == pytest.approx(bound.gap)
    assert list(parts.values()) == sorted(parts.values(), reverse=True)


def test_the_sentence_counts_orders_that_are_later_than_they_must_be(sample):
    """Orders that are no later than they must be are not counted."""
    plan = sample[0]
    late = dict(plan.late_orders.select("order", "late_cost").iter_rows())
    dearest, others = plan.late_orders["order"][0], dict(late)
    del others[dearest]
    least = {part: amount for part, amount in plan.costs.items() if part != "lateness"}
    one = bounded(plan, sum(others.values()), **least)
    assert "lateness of 1 order that waits for " in told(replace(one, bound=replace(one.bound, late=others)))
    assert f"lateness of {len(late)} orders" in told(bounded(plan, 0.0, **least))


def test_a_bound_found_otherwise_makes_every_part_an_upper_limit(sample):
    """An exact solver proves more than the sum of the parts, so that not all of them can be saved."""
    plan = bounded(sample[0], 0.0)
    exact = replace(plan, bound=replace(plan.bound, value=0.9 * plan.value, kind="exact"))
    assert told(exact).startswith("Still open 10.0 %: at most ")
    assert "at most" not in told(plan)


def test_late_hours_are_told_too(sample):
    """A plan for least lateness has that one part."""
    plan = sample[0]
    hours = 24 * float(plan.late_orders["late_days"].sum())
    late = replace(plan, objective="tardiness", value=hours)
    late = replace(late, bound=Bound(value=0.75 * hours, kind="job", meaning="", parts={"lateness": 0.75 * hours}))
    assert told(late).startswith("Still open 25.0 %: 25.0 % lateness of ")


def test_nothing_is_said_where_nothing_is_known_or_open(sample):
    """Without parts, without a bound, and when the plan is proven."""
    plan = sample[0]
    assert told(plan) == ""
    assert told(replace(plan, bound=Bound(value=0.0, kind="none", meaning=""))) == ""
    proven = bounded(plan, 0.0)
    assert told(replace(proven, bound=replace(proven.bound, value=plan.value))) == ""


def test_the_page_prints_it_below_the_gap(sample):
    """One more line, and the page still fits on a screen."""
    plan, *rest = sample
    console = Console(file=StringIO(), width=100)
    manager_page(bounded(plan, 0.5 * plan.costs["lateness"]), rest[0], console, rest[1])
    lines = console.file.getvalue().splitlines()
    assert any(line.startswith("Still open ") for line in lines)
    assert len(lines) <= 40
