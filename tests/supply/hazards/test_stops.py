"""When each node is down."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import lognorm

from linewright.errors import ModelError
from linewright.supply.hazards.causes import Hazards, Shock
from linewright.supply.hazards.recovery import Recovery
from linewright.supply.hazards.stops import DAYS_PER_YEAR, Calendar, Events, down_shares, draw_downs, draw_events
from linewright.supply.network.generate import generate
from tests.supply.hazards.networks import network

PAIR = network({"part": (0, 1, 1)}, [("a", "part", 1, {}), ("b", "part", 1, {})], place=("valley", "valley"))


def test_the_number_of_stops_is_poisson():
    """Mean and variance of the stops a year are the rate, and the times between them have no memory."""
    hazards = Hazards.of(PAIR, [3.0, 0.0], [Recovery.fixed(1)] * 2)
    calendar = Calendar(1, DAYS_PER_YEAR)
    events = draw_events(hazards, np.arange(20_000), calendar, 4)
    counts = np.bincount(events.path, minlength=20_000)
    assert counts.mean() == pytest.approx(3, abs=0.05)
    assert counts.var() == pytest.approx(3, abs=0.15)
    assert (events.cause == 0).all()
    assert events.start.mean() == pytest.approx(DAYS_PER_YEAR / 2, rel=0.01)


@pytest.mark.parametrize("rate", [0.5, 8.0])
def test_the_share_that_is_down_is_that_of_the_queue(rate):
    """Started fresh, a node is down at time t with probability 1 - exp(-rate * integral of P(R > s)): M/G/infinity."""
    recovery = Recovery.of(20, 60)
    hazards = Hazards.of(PAIR, [rate, 0.0], [recovery] * 2)
    calendar = Calendar(364, 1.0)
    shares = down_shares(hazards, np.arange(3000), calendar, 11)[:, :, 0].mean(axis=0)
    longer = lognorm(s=recovery.sigma, scale=20).sf
    for day in (10, 40, 200):
        expected = 1 - math.exp(-rate / DAYS_PER_YEAR * quad(longer, 0, day + 0.5)[0])
        assert shares[day] == pytest.approx(expected, abs=0.025)


def test_weeks_are_the_means_of_their_days():
    """The same path in days and in weeks is down for the same time in every week."""
    hazards = Hazards.of(PAIR, 6.0, shocks=[Shock("valley", 4.0, Recovery.of(9))])
    weeks = down_shares(hazards, np.arange(50), Calendar(10, 7.0), 3)
    days = down_shares(hazards, np.arange(50), Calendar(70, 1.0), 3)
    assert weeks == pytest.approx(days.reshape(50, 10, 7, 2).mean(axis=2))
    assert weeks.max() <= 1


def test_stops_that_overlap_count_once():
    """From day 0 to 10 and from 5 to 12 is 12 days, whichever is drawn first; the calendar cuts off the rest."""
    hazards = Hazards.of(PAIR, 1.0)
    events = Events(
        np.zeros(4, int), np.zeros(4, int), np.array([5.0, 0.0, 6.0, 20.0]), np.array([12.0, 10.0, 7.0, 99.0])
    )
    downs = draw_downs(hazards, events, np.arange(1), Calendar(4, 7.0), 0)
    assert downs.step.tolist() == [0, 1, 2, 3]
    assert (downs.share * 7).tolist() == pytest.approx([7, 5, 1, 7])


def test_a_path_does_not_depend_on_its_neighbours():
    """Drawn alone, in any order or among others, a path has exactly the same stops."""
    hazards = Hazards.of(generate(60, 1), 2.0, shocks=[Shock("region 1", 2.0, Recovery.of(9), 0.5)])
    together = down_shares(hazards, np.arange(40), Calendar(), 9)
    for chosen in ([17], [39, 3, 17]):
        assert np.array_equal(down_shares(hazards, np.array(chosen), Calendar(), 9), together[chosen])


def test_a_new_node_shifts_nobody_elses_numbers():
    """Common random numbers hold between networks that differ in a node."""
    more = network(
        {"part": (0, 1, 1)}, [("new", "part", 1, {}), ("a", "part", 1, {}), ("b", "part", 1, {})], place=("valley",) * 3
    )
    shocks = [Shock("valley", 3.0, Recovery.of(9), 0.5)]
    before = down_shares(Hazards.of(PAIR, 2.0, shocks=shocks), np.arange(30), Calendar(), 2)
    after = down_shares(Hazards.of(more, 2.0, shocks=shocks), np.arange(30), Calendar(), 2)
    assert np.array_equal(after[:, :, 1:], before)
    assert before.any()


def test_a_shock_hits_all_of_its_place_together():
    """With certainty all nodes of the place are down for the same time, and nobody elsewhere is."""
    place = ("valley", "hill", "valley")
    made = [(name, "part", 1.0, {}) for name in "abc"]
    hazards = Hazards.of(
        network({"part": (0, 1, 1)}, made, place=place), 0.0, shocks=[Shock("valley", 2.0, Recovery.of(20))]
    )
    shares = down_shares(hazards, np.arange(200), Calendar(), 6)
    assert shares[:, :, 0].any()
    assert np.array_equal(shares[:, :, 0], shares[:, :, 2])
    assert not shares[:, :, 1].any()


def test_a_shock_hits_each_node_with_its_probability():
    """Three in ten are hit, one by one."""
    hazards = Hazards.of(PAIR, 0.0, shocks=[Shock("valley", 0.2, Recovery.fixed(1), 0.3)])
    events = draw_events(hazards, np.arange(30_000), Calendar(), 8)
    downs = draw_downs(hazards, events, np.arange(30_000), Calendar(364, 1.0), 8)
    hits = np.unique(np.stack([downs.path, downs.node]), axis=1)
    struck = np.unique(events.path).size
    assert (hits[1] == 0).sum() / struck == pytest.approx(0.3, abs=0.03)
    both = np.bincount(hits[0]).tolist().count(2) / struck
    assert both == pytest.approx(0.09, abs=0.02)


def test_figures_out_of_range_are_all_named():
    """Each fault says which cause, what it is, and what would be right."""
    with pytest.raises(ModelError) as told:
        Hazards.of(
            PAIR, [-1.0, 400.0], [Recovery(5, 2), Recovery(0, 3)],
            [Shock("", 1.0, Recovery.of(1)), Shock("valley", 1.0, Recovery.of(1), 1.5)],
        )  # fmt: skip
    problems = "\n".join(told.value.problems)
    assert "source a: -1 stops a year" in problems
    assert "source b: 400 stops a year" in problems
    assert "source a: recovers in 5 days, at worst 2" in problems
    assert "source b: a median of 0 days cannot have a worst case" in problems
    assert "shock of no place" in problems
    assert "probability 1.5" in problems
