"""Figures as SVG."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from linewright.kit.figures import gantt_svg, load_heat_svg, load_svg, plan_html, plan_svg
from linewright.kit.load import late_operations, load_by_day
from tests.kit.sample_plan import sample_plan

SVG = "{http://www.w3.org/2000/svg}"


def test_every_operation_is_a_bar_and_late_ones_are_striped(plan):
    """The figure is the plan: as many bars as operations."""
    root = ElementTree.fromstring(gantt_svg(plan))
    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.find(f"{SVG}title") is not None]
    assert len(bars) == plan.operations.height
    assert sum(bar.get("fill") == "url(#late)" for bar in bars) == sum(late_operations(plan))


def test_a_large_plan_is_told_as_load(sample):
    """Thousands of bars would be confetti and megabytes."""
    large, _, _ = sample_plan(3000)
    figure = plan_svg(large)
    ElementTree.fromstring(figure)
    assert len(figure) < 120_000
    assert "WO-1/10" not in figure


@pytest.mark.parametrize("draw", [load_svg, load_heat_svg])
def test_load_figures_are_well_formed(sample, draw):
    """Each names the work centers or machines that it shows."""
    plan, factory, closed = sample
    figure = draw(plan, load_by_day(plan, factory, closed))
    ElementTree.fromstring(figure)
    assert "TU-1" in figure or "Turning" in figure


def test_names_are_escaped(plan):
    """A factory called <Süd> does not become a tag."""
    page = plan_html(plan)
    assert "Gear works &lt;Süd&gt;" in page
    assert "<Süd>" not in page


def test_a_plan_without_operations_is_a_figure_too(plan):
    """An empty plan says so instead of failing."""
    empty = replace(plan, operations=plan.operations.clear(), orders=plan.orders.clear())
    assert "No operations are planned." in plan_html(empty)
    ElementTree.fromstring(load_svg(empty))
    ElementTree.fromstring(load_heat_svg(empty))
