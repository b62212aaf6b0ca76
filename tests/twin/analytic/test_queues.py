"""Product forms, priorities and variability against brute force and against each other."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewright.errors import ModelError
from linewright.twin.analytic.closed_networks import closed_line, mean_value_analysis, throughputs
from linewright.twin.analytic.open_networks import jackson, traffic_rates
from linewright.twin.analytic.priorities import shortest_first, urgent_first, urgent_first_at_several
from linewright.twin.analytic.queues import mg1, mm1, mmc, mmck
from linewright.twin.analytic.variability import EffectiveTime, kingman, sakasegawa, vut


def gordon_newell(times, machines, wip):
    """Throughput and mean jobs by adding up every split of the jobs over the stations."""
    weights = {}
    for split in itertools.product(range(wip + 1), repeat=len(times)):
        if sum(split) == wip:
            weights[split] = math.prod(
                (time / min(busy, count)) for time, count, jobs in zip(times, machines, split, strict=True)
                for busy in range(1, jobs + 1)
            )  # fmt: skip
    total = sum(weights.values())
    present = [sum(weight * split[at] for split, weight in weights.items()) / total for at in range(len(times))]
    busy = sum(weight * min(split[0], machines[0]) for split, weight in weights.items()) / total
    return busy / times[0], present


@given(
    st.lists(st.tuples(st.floats(0.1, 5), st.integers(1, 4)), min_size=1, max_size=4),
    st.integers(1, 7),
)
def test_mean_value_analysis_equals_the_sum_over_all_states(stations, wip):
    """Throughput and queues of a closed line are those of Gordon and Newell's product form, state by state."""
    times, machines = [time for time, _ in stations], [count for _, count in stations]
    throughput, present = gordon_newell(times, machines, wip)
    found = closed_line(times, machines, wip)
    assert found.throughput == pytest.approx(throughput, rel=1e-9)
    assert found.present == pytest.approx(present, rel=1e-8, abs=1e-10)


def test_mean_value_analysis_keeps_its_digits_at_a_bottleneck_of_many_machines():
    """With 200 jobs before eight slow machines the recursion still agrees with the product form."""
    times, machines = [8.2, 0.9, 1.0], [8, 1, 1]
    found = mean_value_analysis(times, machines, 200)
    np.testing.assert_allclose(
        [line.throughput for line in found], throughputs(np.array(times), np.array(machines), 200)
    )
    assert sum(found[-1].present) == pytest.approx(200)


def test_a_line_with_a_transport_delay_has_it_as_an_endless_station():
    """A station with endless machines is a pure delay: nobody waits there."""
    found = closed_line([1.0, 4.0], [1, math.inf], 5)
    assert found.stay[1] == pytest.approx(4.0)


@given(st.floats(0.05, 0.95), st.integers(1, 8))
def test_a_station_with_very_many_places_is_one_without_a_limit(load, servers):
    """M/M/c/K with K = 3,000 is M/M/c; both agree with Little's law."""
    endless, limited = mmc(load * servers, 1.0, servers), mmck(load * servers, 1.0, servers, 3_000)
    assert limited.present == pytest.approx(endless.present, rel=1e-6)
    assert endless.present == pytest.approx(endless.throughput * endless.sojourn)


def test_kingman_is_exact_for_poisson_arrivals():
    """VUT with arrivals of variation 1 is Pollaczek and Khinchine's formula, and Sakasegawa's for one machine."""
    for load, scv in ((0.3, 0.0), (0.8, 0.5), (0.95, 4.0)):
        exact = mg1(load, 1.0, scv).waiting
        assert kingman(load, 1.0, scv) == pytest.approx(exact)
        assert sakasegawa(load, 1.0, scv) == pytest.approx(exact)


def test_the_terms_of_the_queue_multiply_to_the_wait():
    """V x U x T is the waiting time, and more machines at equal load wait less."""
    one, four = (vut(0.9, EffectiveTime(2.0, 1.5), 0.5, machines) for machines in (1, 4))
    assert one.variability * one.utilisation_term * one.time == pytest.approx(one.waiting)
    assert four.waiting < one.waiting


def test_failures_lengthen_and_vary_the_effective_time():
    """Hopp and Spearman's Hare X19: 15 min, scv 0.0625, up 744 min, down 248 min give te 20 min and ce2 6.25."""
    effective = EffectiveTime(15.0, 0.0625).with_failures(744.0, 248.0)
    assert effective.mean == pytest.approx(20.0)
    assert effective.scv == pytest.approx(6.26, abs=0.01)


def test_setups_add_their_share_to_the_effective_time():
    """A setup for every job adds all of its mean and variance."""
    every = EffectiveTime(4.0, 0.25).with_setups(2.0, 1.0, 1)
    assert (every.mean, every.scv * every.mean**2) == pytest.approx((6.0, 4.0 + 4.0))


@given(st.lists(st.floats(0.01, 0.3), min_size=1, max_size=3))
def test_priorities_shift_waiting_but_leave_its_work_as_it_is(rates):
    """Kleinrock's conservation law: the load-weighted mean wait is that of first come, first served."""
    waits = urgent_first(rates, [1.0] * len(rates))
    assert np.dot(rates, waits.waiting) == pytest.approx(sum(rates) * mm1(sum(rates)).waiting)
    assert urgent_first_at_several(rates, 1).waiting == pytest.approx(waits.waiting)


def test_shortest_first_of_equal_times_is_first_come_first_served():
    """Where all jobs are nearly alike, ordering them by length changes nothing in the mean."""
    assert shortest_first(0.8, lambda share: 1 + 1e-9 * share) == pytest.approx(mg1(0.8, 1.0, 0.0).waiting, rel=0.02)


def test_rework_multiplies_the_traffic():
    """A tenth of the jobs sent back makes the station see 1 / 0.9 as many."""
    assert traffic_rates([0.9], [[0.1]]) == pytest.approx([1.0])
    assert jackson([0.45], [[0.1]], [1.0], [1]).stations[0].utilisation == pytest.approx(0.5)


def test_what_has_no_long_run_is_refused_with_a_cure():
    """Overload, endless circles and places fewer than servers are told to the planner."""
    with pytest.raises(ModelError, match="add a machine"):
        mm1(1.2)
    with pytest.raises(ModelError, match="circle for ever"):
        traffic_rates([1.0, 0.0], [[0.0, 1.0], [1.0, 0.0]])
    with pytest.raises(ModelError, match="fewer than"):
        mmck(1.0, 1.0, 3, 2)
