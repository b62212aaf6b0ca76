"""Lines by recursion beside the same lines by the event kernel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.shop import distributions as laws
from linewright.twin.network.advance import advance
from linewright.twin.network.build import compile_network
from linewright.twin.network.lines import departures, new_line, why_not_a_line
from linewright.twin.network.model import Arrivals
from linewright.twin.network.state import new_state
from linewright.twin.network.stations import Failure
from tests.twin.network.plants import line, random_network, tree

LAWS = st.sampled_from(
    [laws.fixed(1.0), laws.exponential(1.0), laws.erlang(0.9, 3), laws.between(0.5, 1.5), laws.lognormal(1.0, 0.8)]
)
FAILURES = st.sampled_from(
    [
        (),
        (Failure(uptime=laws.exponential(20.0), repair=laws.exponential(3.0)),),
        (
            Failure(uptime=laws.weibull(15.0, 2.0), repair=laws.fixed(1.5)),
            Failure(uptime=laws.geometric(30.0), repair=laws.geometric(4.0)),
        ),
    ]
)
MACHINES = st.lists(st.tuples(LAWS, FAILURES, st.integers(0, 4)), min_size=1, max_size=5)
SOURCES = st.sampled_from(
    [None, Arrivals(interval=laws.exponential(1.3)), Arrivals(interval=laws.fixed(1.1), first=0.0)]
)


def both_ways(network, jobs, product=0, seed=3):
    """Departures, entries and waits of the first jobs, by the kernel and by the recursion."""
    compiled = compile_network(network)
    assert why_not_a_line(compiled) == ""
    state = advance(compiled, new_state(compiled, seed=seed, log=True), jobs=jobs * len(network.job_types) + 50)
    log = state.log[: int(state.clock.logged[0])]
    log = log[log.job_type == product][:jobs]
    found = departures(new_line(compiled, seed=seed, block=64), log.size)
    return (log.finished, log.released, log.waited), found


@settings(deadline=None, max_examples=40)
@given(MACHINES, SOURCES)
def test_the_recursion_is_the_kernel_to_the_last_bit(machines, source):
    """On any line, whatever its times, failures and places, each part leaves at the same moment both ways."""
    times, failures, places = (list(column) for column in zip(*machines, strict=True))
    kernel, recursion = both_ways(line(times, places[:-1], failures, source), 200)
    np.testing.assert_array_equal(kernel[0], recursion[0])
    np.testing.assert_array_equal(kernel[1], recursion[1])
    np.testing.assert_allclose(kernel[2], recursion[2], atol=1e-9)


@pytest.mark.parametrize("places", [0, 1, 3])
def test_an_assembly_tree_is_the_same_both_ways(places):
    """Where two branches meet, the finished wholes leave at the same moments both ways."""
    failing = (Failure(uptime=laws.exponential(25.0), repair=laws.exponential(3.0)),)
    kernel, recursion = both_ways(tree(places, failing), 300, product=2)
    np.testing.assert_array_equal(kernel[0], recursion[0])
    assert kernel[0].size >= 100


def test_a_single_station_follows_lindley():
    """The waits of the recursion are those of Lindley's equation on the same numbers."""
    compiled = compile_network(line([laws.exponential(1.0)], [], arrivals=Arrivals(interval=laws.exponential(1.25))))
    left, came, waited = departures(new_line(compiled, seed=1), 500)
    service = left - came - waited
    expected = np.zeros(500)
    for part in range(1, 500):
        expected[part] = max(0.0, expected[part - 1] + service[part - 1] - (came[part] - came[part - 1]))
    np.testing.assert_allclose(waited, expected, atol=1e-9)


def test_blocks_do_not_change_a_path():
    """Computing parts a few at a time gives the same departures as many at a time."""
    network = line([laws.exponential(1.0)] * 3, [2, 0])
    compiled = compile_network(network)
    few, many = (departures(new_line(compiled, seed=2, block=block), 1000)[0] for block in (7, 4096))
    np.testing.assert_array_equal(few, many)


def test_other_networks_are_refused_with_the_reason():
    """A network that is no line says why."""
    reasons = {why_not_a_line(compile_network(random_network(seed))) for seed in range(12)}
    assert "" not in reasons
    assert any("machines" in reason for reason in reasons)
