"""Races on common random numbers, and what fresh seeds say of their winners."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.twin.analytic.decomposition import ContinuousLine, line_throughput
from linewright.twin.optimise.buffers import best_buffers, line_simulation
from linewright.twin.optimise.racing import best_simulated_allocation, fresh_seed, race

WEIGHT = np.array([3.0, 2.0, 1.0])


def noisy(rows, seed, replications):
    """A concave gain with chance that is common to all allocations, and a little of each one's own."""
    common = np.array([np.random.default_rng([seed, number]).normal() for number in replications])
    own = np.array(
        [[np.random.default_rng([seed, number, *row]).normal() for number in replications] for row in rows.tolist()]
    )
    return (WEIGHT * np.sqrt(rows)).sum(axis=1)[:, None] + common + 0.05 * own


def test_a_race_drops_the_surely_worse_early():
    """The winner is the best one, and those far behind were run only a few times."""
    rows = np.array([[7, 3, 1], [0, 0, 11], [1, 9, 1], [7, 4, 0]])
    ended = race(noisy, rows, seed=4, most=64)
    assert ended.winner == 0
    assert ended.runs[1] == ended.runs[2] == 8
    assert len(ended.values) == ended.runs[0]


def test_the_search_finds_the_best_split_and_confirms_it_on_seeds_of_its_own():
    """From an even start to the known optimum; the interval of the gain on fresh seeds lies above zero."""
    seeds = set()

    def watched(rows, seed, replications):
        seeds.add(seed)
        return noisy(rows, seed, replications)

    found = best_simulated_allocation(watched, [5, 5, 4], seed=9, most_runs=64, confirm_runs=40)
    assert found.allocation == (9, 4, 1)
    assert seeds == {9, fresh_seed(9)}
    assert found.confirmed.seed == fresh_seed(9) != 9
    assert found.gain.absolute.low > 0
    assert found.confirmed.n == 40


def test_the_same_seed_gives_the_same_search():
    """Same in, same out."""
    runs = [best_simulated_allocation(noisy, [5, 5, 4], seed=2, most_runs=16, confirm_runs=5) for _ in range(2)]
    assert runs[0].trace == runs[1].trace
    assert runs[0].confirmed == runs[1].confirmed


def test_the_start_is_kept_when_nothing_is_better():
    """At the optimum the race is won by the start, and the gain is exactly nothing."""
    found = best_simulated_allocation(noisy, [9, 4, 1], seed=3, most_runs=64, confirm_runs=10)
    assert found.allocation == (9, 4, 1)
    assert found.gain.absolute.value == 0


def test_a_line_is_decomposed_then_raced_then_confirmed():
    """The decomposition's throughput is a little above the discrete line's, whose interval comes from fresh seeds."""
    line = ContinuousLine.of_times([20, 20, 30], [7, 10, 7])
    found = best_buffers(
        line, 20, simulation=line_simulation(line, parts=2_000, warm_up=200), seed=5, most_runs=16, confirm_runs=20
    )
    assert sum(found.places) == 20
    seen = found.simulated.confirmed
    assert seen.low < found.value < seen.high * 1.05
    assert seen.seed != 5


def test_more_room_never_slows_the_simulated_line():
    """On common random numbers one more place gives at least as much in each single run."""
    line = ContinuousLine.of_times([20, 20, 30], [7, 10, 7], [1.0, 1.2, 1.0])
    small, large = line_simulation(line, parts=1_000, warm_up=0)(np.array([[3, 3], [4, 3]]), 1, np.arange(20))
    assert (large >= small - 1e-12).all()
    assert large.mean() == pytest.approx(line_throughput(line, [[4, 3]])[0], rel=0.08)


def test_one_run_confirms_nothing():
    """An interval needs two runs."""
    with pytest.raises(ModelError, match="at least 2"):
        best_simulated_allocation(noisy, [1, 1, 1], seed=1, confirm_runs=1)
