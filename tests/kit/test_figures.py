"""Figures as SVG."""

from dataclasses import replace
from xml.etree import ElementTree

import polars as pl
import pytest

from linewright.kit.figures import gantt_svg, load_heat_svg, load_svg, plan_html, plan_svg, reliability_svg
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


def test_odds_that_are_kept_lie_on_the_diagonal():
    """Each group is a point with its interval; the figure says how far the worst is off."""
    shares = [0.1, 0.5, 0.9]
    rows = {"stated": shares, "kept": shares, "low": [0.05, 0.4, 0.88], "high": [0.2, 0.6, 0.95], "n": [50, 60, 700]}
    root = ElementTree.fromstring(reliability_svg(pl.DataFrame(rows)))
    points = [shape for shape in root.iter(f"{SVG}rect") if shape.find(f"{SVG}title") is not None]
    places = [(float(point.get("x")), float(point.get("y"))) for point in points]
    assert len({round(x + y) for x, y in places}) == 1
    assert places == sorted(places)
    assert "0.0 points" in ElementTree.tostring(root, encoding="unicode")
    off = pl.DataFrame({**rows, "kept": [0.1, 0.47, 0.9]})
    assert "3.0 points" in reliability_svg(off)
    assert "stated 50.0 %, kept 47.0 % (40.0 to 60.0), 60 orders" in reliability_svg(off)


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
