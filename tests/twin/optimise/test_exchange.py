"""Exchange search against full enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.errors import ModelError, NoAnswer
from linewright.twin.analytic.closed_networks import closed_line
from linewright.twin.analytic.decomposition import ContinuousLine, line_throughput
from linewright.twin.analytic.queues import mmc
from linewright.twin.optimise.buffers import best_buffers, even_shares, fewest_cards
from linewright.twin.optimise.exchange import best_allocation


def splits(total, places):
    """Every split of a total over the places."""
    return np.array([row for row in itertools.product(range(total + 1), repeat=places) if sum(row) == total])


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(st.integers(8, 60), st.integers(2, 15)), min_size=3, max_size=4),
    st.integers(1, 14),
)
def test_the_best_buffers_are_those_of_full_enumeration(machines, total):
    """On short lines the search ends at a throughput that no other split of the places exceeds."""
    line = ContinuousLine.of_times([up for up, _ in machines], [down for _, down in machines])
    found = best_buffers(line, total)
    assert sum(found.places) == total
    assert found.value == pytest.approx(line_throughput(line, splits(total, len(machines) - 1)).max(), abs=2e-9)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0.1, 5.0), min_size=2, max_size=12), st.integers(0, 60))
def test_a_concave_sum_is_shared_as_greedy_giving_shares_it(weights, total):
    """For separable concave gains, giving one place after the other to whom it helps most is optimal."""
    weight = np.array(weights)

    def gain(rows):
        return (weight * np.sqrt(rows)).sum(axis=1)

    shares = np.zeros(len(weights), np.int64)
    for _ in range(total):
        shares[int((weight * (np.sqrt(shares + 1) - np.sqrt(shares))).argmax())] += 1
    found = best_allocation(gain, even_shares(total, len(weights)))
    assert found.value == pytest.approx(float(gain(shares[None, :])[0]), abs=1e-6)


def test_people_go_where_they_shorten_the_queues_most():
    """Seven machines over three stations: the exchange search finds the least work in progress of all splits."""
    arriving, rates = (1.8, 0.9, 0.5), (1.0, 1.0, 0.4)

    def fewest_jobs(rows):
        return np.array(
            [
                -sum(
                    mmc(arrival, rate, count).present if count * rate > arrival else 1e3 + arrival / rate - count
                    for arrival, rate, count in zip(arriving, rates, row, strict=True)
                )
                for row in rows.tolist()
            ]
        )

    rows = splits(7, 3)
    found = best_allocation(fewest_jobs, [3, 2, 2], low=1)
    assert found.value == pytest.approx(fewest_jobs(rows[(rows > 0).all(axis=1)]).max())


def test_a_free_total_stops_where_the_next_one_costs_more_than_it_gives():
    """Cards at a price: with `keep_total=False` the search ends at the best number."""

    def worth(rows):
        return np.array(
            [closed_line([2, 5, 10, 3], [1, 2, 6, 2], cards).throughput - 0.004 * cards for (cards,) in rows]
        )

    every = np.arange(1, 41)[:, None]
    found = best_allocation(worth, [20], low=1, high=40, keep_total=False)
    assert found.allocation == tuple(every[int(worth(every).argmax())])


def test_limits_are_kept():
    """No allocation outside the limits is ever asked."""
    seen = []

    def gain(rows):
        seen.append(rows.copy())
        return rows @ np.array([3.0, 2.0, 1.0])

    found = best_allocation(gain, [4, 4, 4], low=1, high=[6, 9, 9])
    rows = np.concatenate(seen)
    assert found.allocation == (6, 5, 1)
    assert (rows >= 1).all()
    assert (rows <= [6, 9, 9]).all()
    assert (rows.sum(axis=1) == 12).all()


def test_the_trace_climbs_and_ends_at_the_result():
    """Every step is better than the one before; the same call gives the same result."""
    line = ContinuousLine.of_times([20, 20, 30, 22, 30, 30], [7, 10, 7, 5, 5, 8])
    found = best_buffers(line, 60).decomposed
    values = [step.value for step in found.trace]
    assert values == sorted(values)
    assert found.trace[-1].allocation == found.allocation
    assert best_buffers(line, 60).decomposed == found
    assert found.value >= line_throughput(line, [18, 19, 11, 8, 4])[0] - 1e-9


def test_fewest_cards_are_the_first_that_suffice():
    """One card less would not make the wanted throughput."""
    line = [2.0, 5.0, 10.0, 3.0], [1, 2, 6, 2]
    cards, made = fewest_cards(*line, 0.35)
    assert closed_line(*line, cards).throughput == pytest.approx(made)
    assert closed_line(*line, cards - 1).throughput < 0.35 <= made
    with pytest.raises(NoAnswer, match="bottleneck"):
        fewest_cards(*line, 0.41)


def test_what_cannot_be_allocated_is_refused():
    """Totals that do not fit, starts outside the limits and objectives that give no number."""
    with pytest.raises(ModelError, match="do not fit"):
        even_shares(10, 3, high=3)
    with pytest.raises(ModelError, match="place 1"):
        best_allocation(lambda rows: rows.sum(axis=1), [1, 5], high=4)
    with pytest.raises(NoAnswer, match="one number"):
        best_allocation(lambda rows: np.full(len(rows), np.nan), [1, 1])
