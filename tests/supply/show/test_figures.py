"""The figures and words of the stress test."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from linewright import read
from linewright.supply.network.of_factory import network_of
from linewright.supply.show.figures import colour_of, network_map, survive_bars
from linewright.supply.show.network import ranked, stress_lead, stress_sections
from linewright.supply.stress.survive import stress

EXAMPLE = Path(__file__).parents[3] / "examples" / "bracket_shop"


@pytest.fixture(scope="module")
def built():
    factory = read(EXAMPLE)
    return network_of(factory, factory.start(datetime(2026, 3, 2, tzinfo=UTC)))


@pytest.fixture(scope="module")
def report(built):
    return stress(built.network)


def test_the_map_shows_materials_and_not_what_lies_between_steps(report, built):
    """Sheet, bar and bolts stand left of what is made of them; lines pass over the steps between."""
    drawn = network_map(report, built)
    words = [element.text for element in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert {"PLATE", "PIN", "BRACKET-S", "BRACKET-L"} <= set(words)
    assert {"SHEET-3 !", "BAR-20 !", "BOLT-M8 !"} <= set(words)
    assert not any("after step" in word for word in words)


def test_every_stop_has_a_bar_and_its_loss(report):
    """The bars are in the order of their losses."""
    drawn = survive_bars(report)
    assert ElementTree.fromstring(drawn) is not None
    worst = ranked(report).row(0, named=True)
    assert f"{worst['loss']:,.0f} EUR" in drawn
    assert drawn.index(f"{worst['kind']} {worst['node']}") < drawn.index("machine BEND-2")


def test_colours_say_felt_thin_and_safe():
    """A stop that is felt is never green."""
    assert len({colour_of(-1, 10), colour_of(1, 10), colour_of(5, 10)}) == 3


def test_the_lead_names_the_dearest_stop(report, built):
    """The first sentence has its name and its money; the sheet begins with it."""
    lead, sections = stress_sections(report, built)
    worst = report.exposed.row(0, named=True)
    assert lead == stress_lead(report)
    assert f"{worst['node']}: {worst['loss']:,.0f} EUR" in lead
    assert [section.title for section in sections][:2] == ["Survives and recovers", "The network"]
