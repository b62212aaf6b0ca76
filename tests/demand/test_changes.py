"""Shifts of demand: how soon, how seldom wrongly, and what they do to a forecast."""

import numpy as np
import pytest

from linewright.demand import find_shifts
from linewright.demand.changes.reaction import react, widened
from linewright.demand.changes.threshold import run_length, threshold_for


def noise(count, periods, seed=0, size=10.0):
    """Demand around a hundred, one row for each series."""
    return 100 + size * np.random.default_rng(seed).standard_normal((count, periods))


def test_false_alarms_come_as_seldom_as_the_markov_chain_says():
    """A simulated sum of normal scores runs as long as computed, within a tenth."""
    threshold = threshold_for(300.0, 1.0, 3.0)
    scores = np.clip(np.random.default_rng(7).standard_normal((4000, 300)), -3, 3)
    sums, alarms = np.zeros((2, 300)), 0
    for row in scores:
        sums = np.maximum(sums + np.stack([row, -row]) - 1.0, 0.0)
        hit = (sums > threshold).any(axis=0)
        sums[:, hit] = 0.0
        alarms += hit.sum()
    assert scores.size / alarms == pytest.approx(300, rel=0.1)


def test_known_run_lengths_are_met():
    """Allowance 0.5 and threshold 4 give 168 periods on two sides (Montgomery, Introduction to SPC, table 9.3)."""
    assert run_length(4.0, 0.5, 8.0) == pytest.approx(168, rel=0.02)
    assert run_length(5.0, 0.5, 8.0) == pytest.approx(465, rel=0.02)


def test_quiet_series_raise_few_alarms():
    """Noise alone: not more than one alarm in a hundred series-years, counted over two thousand of them."""
    found = find_shifts(list(noise(500, 60)), 12, 12.0)
    assert found.watched.sum() / 12 == pytest.approx(500 * 48 / 12)
    assert 100 * found.alarms.sum() / (found.watched.sum() / 12) <= 1.0


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 1.0])
def test_rare_demand_raises_few_alarms(rate):
    """Counts with many zeros are not normal, and yet alarms stay near one in a hundred series-years."""
    chance = np.random.default_rng(9)
    lots = chance.poisson(rate, (800, 60)) * chance.geometric(0.4, (800, 60))
    found = find_shifts(list(lots.astype(float)), 12, 12.0)
    assert 100 * found.alarms.sum() / (found.watched.sum() / 12) <= 1.5


def test_rare_demand_that_comes_often_is_found():
    """From one demand in two months to four a month: three of ten are seen within six months, and none as a fall."""
    chance = np.random.default_rng(10)
    lots = np.hstack([chance.poisson(0.5, (400, 54)), chance.poisson(4.0, (400, 6))]).astype(float)
    found = find_shifts(list(lots), 12, 12.0)
    assert ((found.raised > 0) & (found.shift > 0)).mean() > 0.3
    assert ((found.raised > 0) & (found.raised <= 6) & (found.shift < 0)).mean() == 0


@pytest.mark.parametrize(("factor", "sign"), [(1.5, 1), (0.5, -1)])
def test_a_shift_by_half_is_found_within_three_periods(factor, sign):
    """With noise of a tenth, nine of ten are found after three periods, with their size and month."""
    series = noise(200, 60, seed=3)
    series[:, -3:] *= factor
    found = find_shifts(list(series), 12, 12.0)
    hit = (found.raised > 0) & (found.raised <= 3) & (np.sign(found.shift) == sign)
    assert hit.mean() > 0.9
    assert np.median(found.since[hit]) == 3
    assert np.median(found.shift[hit]) == pytest.approx(100 * (factor - 1), rel=0.15)
    assert np.median(found.level[hit]) == pytest.approx(100, rel=0.05)


def test_a_shift_of_a_series_that_learns_fast_is_found_too():
    """A smooth wave is followed closely, and still does not swallow a jump by half within a month."""
    months = np.arange(60)
    wave = np.where(months < 57, 120 + 20 * np.sin(months / 2) + months % 5, 190.0)
    found = find_shifts([wave], 12, 12.0)
    assert (found.since[0], found.raised[0]) == (3, 2)
    assert found.shift[0] > 40


def test_one_odd_month_is_no_alarm():
    """A single period, however large, is not a shift."""
    series = noise(100, 60, seed=4)
    series[:, -1] *= 6
    found = find_shifts(list(series), 12, 12.0)
    assert (found.raised == 1).mean() < 0.05


def test_short_and_empty_series_are_not_watched():
    """Fewer than eighteen periods teach no usual error."""
    found = find_shifts([np.ones(10), [], [np.nan]], 12, 12.0)
    assert found.watched.tolist() == [0, 0, 0]
    assert len(find_shifts([], 12, 12.0).raised) == 0


def test_history_before_a_shift_is_moved_towards_the_new_level():
    """After three periods at the new level the chance that it stays is 3/4, so that the past moves by 3/4 of it."""
    series = noise(50, 60, seed=5, size=5.0)
    series[:, -3:] *= 2
    reaction = react(list(series), find_shifts(list(series), 12, 12.0), 12)
    assert reaction.changed.mean() > 0.9
    place = int(np.flatnonzero(reaction.changed)[0])
    assert reaction.series[place][:-3].mean() == pytest.approx(175, rel=0.1)
    assert (reaction.series[place][-3:] == series[place][-3:]).all()
    assert reaction.extra[place] == pytest.approx(np.sqrt(3 / 16) * 100, rel=0.2)


def test_old_shifts_are_history():
    """A shift of two years ago changes nothing any more."""
    series = noise(50, 80, seed=6)
    series[:, -24:] *= 2
    reaction = react(list(series), find_shifts(list(series), 12, 12.0), 12)
    assert reaction.changed.mean() < 0.1


def test_ranges_widen_as_independent_errors_do():
    """Three and four make five, on both sides."""
    point = np.array([[10.0]])
    assert widened(point, np.array([[13.0]]), np.array([4.0])) == pytest.approx(15.0)
    assert widened(point, np.array([[7.0]]), np.array([-4.0])) == pytest.approx(5.0)
