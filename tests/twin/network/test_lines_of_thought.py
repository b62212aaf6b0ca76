"""Properties of lines that hold whatever the numbers, deadlock, and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.errors import ModelError, NoAnswer
from linewright.shop import distributions as laws
from linewright.twin.network.advance import advance
from linewright.twin.network.build import compile_network
from linewright.twin.network.lines import departures, new_line
from linewright.twin.network.model import JobType, Network, Saturated, Step
from linewright.twin.network.state import new_state
from linewright.twin.network.stations import Failure, Station
from tests.twin.network.plants import line

FAILING = [(Failure(uptime=laws.exponential(20.0), repair=laws.exponential(4.0)),)] * 3


def leaving(network, seed, parts=400):
    """When the parts of a line leave."""
    return departures(new_line(compile_network(network), seed=seed), parts)[0]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.lists(st.integers(0, 3), min_size=2, max_size=2), st.integers(0, 1))
def test_one_more_place_never_delays_a_part(seed, places, where):
    """On the same random numbers no part leaves later when a buffer has one more place."""
    times = [laws.exponential(1.0), laws.exponential(1.1), laws.erlang(1.0, 2)]
    more = [count + (at == where) for at, count in enumerate(places)]
    assert np.all(leaving(line(times, more, FAILING), seed) <= leaving(line(times, places, FAILING), seed))


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000))
def test_twice_the_times_are_twice_the_moments(seed):
    """Doubling every time doubles every moment, to the last bit."""
    single, double = (
        leaving(
            line(
                [laws.exponential(1.0 * factor), laws.fixed(0.9 * factor)], [2],
                [(Failure(uptime=laws.exponential(30.0 * factor), repair=laws.exponential(3.0 * factor)),)] * 2,
            ),
            seed,
        )
        for factor in (1, 2)
    )  # fmt: skip
    np.testing.assert_array_equal(double, 2 * single)


def test_a_reversed_line_has_the_same_output():
    """Turning a line round changes no throughput (Yamazaki and Sakasegawa 1975), within 4 standard errors."""
    times, places = [laws.exponential(0.7), laws.erlang(1.0, 2), laws.exponential(0.9)], [1, 3]
    ways = [line(times, places), line(times[::-1], places[::-1])]
    parts = 20_000
    there, back = ([parts / leaving(way, seed, parts)[-1] for seed in range(12)] for way in ways)
    error = np.hypot(np.std(there, ddof=1), np.std(back, ddof=1)) / 12**0.5
    assert abs(np.mean(there) - np.mean(back)) < 4 * error


def loop(places):
    """Two stations that send jobs to and fro through limited queues."""
    stations = (
        Station(name="mill"),
        Station(name="lathe", queue_places=places),
        Station(name="saw", queue_places=places),
    )
    route = [Step(station="mill", time=laws.fixed(0.1))]
    route += [Step(station=name, time=laws.exponential(1.0)) for name in ("lathe", "saw") * 3]
    return Network(
        name="loop", stations=stations, job_types=(JobType(name="k", route=tuple(route), arrivals=Saturated()),)
    )


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 3), st.integers(0, 100))
def test_deadlock_is_named_and_never_hangs(places, seed):
    """Machines that wait for each other are found, with the names of who waits for whom."""
    compiled = compile_network(loop(places))
    with pytest.raises(NoAnswer) as found:
        advance(compiled, new_state(compiled, seed=seed), 1e5)
    assert "deadlock" in str(found.value)
    assert any("lathe waits for room at saw" in row for row in found.value.rows)
    assert any("saw waits for room at lathe" in row for row in found.value.rows)


def test_a_line_has_no_deadlock():
    """Without a way back nobody waits for ever."""
    compiled = compile_network(line([laws.exponential(1.0)] * 4, [0, 0, 0]))
    state = advance(compiled, new_state(compiled), 2_000.0)
    assert state.job_types.finished[0] > 800


def test_bad_rows_are_named_with_their_cures():
    """Every wrong row is told at once: station, row, and what would be right."""
    network = Network(
        name="bad",
        stations=(
            Station(name="a", queue_places=-1, rule="best", operators="nobody"),
            Station(name="a", failures=(Failure(uptime=laws.fixed(1.0), repair=()),)),
        ),
        job_types=(
            JobType(name="k", route=(Step(station="z", time=laws.fixed(1.0)),), arrivals=Saturated()),
            JobType(name="empty", route=(), arrivals=Saturated()),
        ),
    )
    with pytest.raises(ModelError) as found:
        compile_network(network)
    text = str(found.value)
    for part in ("occurs 2 times", "-1 places", "'best'", "'nobody'", "no repair time", "no station 'z'", "no steps"):
        assert part in text
