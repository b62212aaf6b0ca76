"""Figures of simulated stops."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from linewright.supply.hazards import Hazards, simulate_stops
from linewright.supply.hazards.figure import loss_figure, tornado_figure
from linewright.supply.network.generate import generate
from tests.supply.hazards.networks import network

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def report():
    """A hundred years of a small network."""
    net = generate(30, 2)
    return simulate_stops(net, Hazards.of(net, 0.5), paths=100, seed=1, exact=5)


def words(figure):
    """Every text of a figure; it must be well-formed."""
    return [node.text for node in ElementTree.fromstring(figure).iter(f"{SVG}text")]


def test_the_distribution_shows_every_path_once(report):
    """The shares of the bars add up to all paths, and the mean, P95 and CVaR are named."""
    titles = [node.text for node in ElementTree.fromstring(loss_figure(report)).iter(f"{SVG}title")][1:]
    shares = [float(title.split(": ")[1].split("%")[0]) for title in titles]
    assert sum(shares) == pytest.approx(100, abs=0.1 * len(shares))
    told = " ".join(words(loss_figure(report)))
    assert "mean" in told
    assert "P95" in told
    assert "CVaR 95" in told


def test_the_tornado_shows_what_was_simulated_again(report):
    """The five exact causes, the costliest first, with method and count."""
    told = words(tornado_figure(report))
    names = [f"source {name}" for name in report.tornado["name"][:5]]
    assert [word for word in told if word in names] == names
    assert told[-1] == "EUR; common random numbers, 100 paths"


def test_every_shape_stays_within_the_figure(report):
    """No bar begins left of the figure or ends right of it."""
    for figure in (loss_figure(report), tornado_figure(report)):
        root = ElementTree.fromstring(figure)
        for bar in root.iter(f"{SVG}rect"):
            assert float(bar.get("x", 0)) >= 0
            assert float(bar.get("x", 0)) + float(bar.get("width")) <= float(root.get("width"))


def test_names_are_escaped_and_nothing_to_show_is_said():
    """A supplier may be called <&>; where nothing ever stops, the figure says so."""
    net = network({"part": (0, 5, 7)}, [("<&>", "part", 9, {})])
    risky = simulate_stops(net, Hazards.of(net, 3.0), paths=20)
    assert "source <&>" in words(tornado_figure(risky))
    calm = simulate_stops(net, Hazards.of(net, 0.0), paths=20)
    assert "No stop happened along any path." in words(tornado_figure(calm))
    assert words(loss_figure(calm))
