"""Points and ranges of many series."""

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from linewright.demand import forecast_series
from linewright.demand.batch.cleaning import cleaned
from linewright.demand.batch.combine import combined, weights_by_error, weights_of_all
from linewright.demand.batch.conformal import adapted_levels, conformal_bounds
from linewright.demand.batch.rolling import trials
from linewright.demand.models.panel import Panel
from linewright.demand.models.pool import intermittent_candidates, is_intermittent, smooth_candidates

ODD = [
    [5], [0, 0, 0, 0], [3, np.nan, 4, 5, np.nan], [7] * 30, [-1, -2, 3] * 10, [1e90, 2e90, 1.5e90] * 6, [1, 2],
    [0] * 20 + [5], list(range(40)), [np.inf, 1, 2, 3, 4], [0, 1] * 30,
]  # fmt: skip


def competition(bench, name, period=None):
    """Histories and what came of one of the public sets."""
    csv.field_size_limit(10**8)
    with gzip.open(bench(f"supply/forecast/{name}.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if period in {None, row["period"]}]
    return [np.array(row["train"].split(), float) for row in rows], np.array(
        [row["test"].split() for row in rows], float
    )


@pytest.mark.parametrize("ranges", ["split", "adaptive"])
@pytest.mark.parametrize("season", [1, 4, 12, 52])
def test_odd_series_have_numbers_and_nested_ranges(ranges, season):
    """One point, zeros, gaps, constants, huge and negative numbers: each has a forecast inside its ranges."""
    found = forecast_series(ODD, season, 9, ranges=ranges)
    assert np.isfinite(found.point).all()
    assert (found.low[1] <= found.low[0]).all()
    assert (found.low[0] <= found.point).all()
    assert (found.point <= found.high[0]).all()
    assert (found.high[0] <= found.high[1]).all()
    positive = [min(np.nan_to_num(one)) >= 0 for one in ODD]
    assert (found.low[:, positive] >= 0).all()


def test_series_without_a_value_are_named_and_the_rest_is_forecast():
    """Nothing stands in for a history that is not there."""
    found = forecast_series([[], [1, 2, 3, 4], [np.nan, np.nan]], 1, 2)
    assert np.isnan(found.point[[0, 2]]).all()
    assert np.isfinite(found.point[1]).all()
    assert sorted(found.notes) == [0, 2]
    assert "at least one" in found.notes[0]
    assert "2 with a note" in repr(found)


def test_nothing_is_forecast_of_nothing():
    """An empty list is an empty answer."""
    assert forecast_series([], 12, 3).point.shape == (0, 3)


@pytest.mark.parametrize("wrong", [{"season": 0}, {"horizon": 0}, {"levels": (1.2,)}, {"ranges": "hope"}])
def test_arguments_without_meaning_are_refused(wrong):
    """The message says what would be right."""
    with pytest.raises(ValueError, match="must be"):
        forecast_series([[1, 2, 3]], **({"season": 1, "horizon": 1} | wrong))
    with pytest.raises(ValueError, match="one array of numbers"):
        forecast_series([[[1, 2], [3, 4]]], 1, 1)


def test_missing_values_count_as_those_a_season_earlier():
    """A gap takes the value of the same place one season before."""
    (values,), notes = cleaned([[np.nan, 1, 2, 3, 4, np.nan, 6]], 4, 100)
    assert values.tolist() == [1, 2, 3, 4, 1, 6]
    assert "1 missing" in notes[0]


def test_the_same_series_give_the_same_forecast():
    """Nothing is random, and the order of the series does not matter."""
    chance = np.random.default_rng(2)
    series = [50 + chance.standard_normal(20 + number).cumsum() for number in range(12)]
    first = forecast_series(series, 4, 5)
    again = forecast_series(series, 4, 5)
    turned = forecast_series(series[::-1], 4, 5)
    assert_array_equal(first.high, again.high)
    assert_allclose(turned.high[:, ::-1], first.high, rtol=1e-9)


def test_scaling_a_batch_scales_its_forecast():
    """Pieces or dozens: the answer is the same."""
    chance = np.random.default_rng(4)
    series = [60 + 8 * chance.standard_normal(40) for _ in range(10)]
    one, dozen = forecast_series(series, 4, 5), forecast_series([values / 12 for values in series], 4, 5)
    assert_allclose(dozen.point * 12, one.point, rtol=1e-6)
    assert_allclose(dozen.high * 12, one.high, rtol=1e-6)


@pytest.mark.parametrize(("count", "length"), [(1, 120), (400, 40)])
def test_ranges_hold_what_comes(count, length):
    """Noise around a level: the shares inside are the chances, for one series alone as for many."""
    chance, inside = np.random.default_rng(11), []
    for _ in range(25 if count == 1 else 1):
        values = 100 + 10 * chance.standard_normal((count, length + 6))
        found = forecast_series(list(values[:, :length]), 1, 6)
        came = values[:, length:]
        inside.append([((found.low[at] <= came) & (came <= found.high[at])).mean() for at in (0, 1)])
    assert_allclose(np.mean(inside, axis=0), [0.8, 0.95], atol=0.05)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60), st.sampled_from([0.5, 0.8, 0.95]))
@settings(deadline=None)
def test_conformal_bounds_are_order_statistics(scores, level):
    """When there are enough scores, so many of them lie inside as the finite-sample rule says; bounds never cross."""
    low, high = conformal_bounds(np.array(scores), level)
    assert low <= high
    tail = int((len(scores) + 1) * (1 - level) / 2 + 1e-12)
    if tail >= 1:
        assert (np.array(scores) < low).sum() <= tail - 1
        assert (np.array(scores) > high).sum() <= tail - 1


def test_conformal_bounds_hold_exactly_for_exchangeable_scores():
    """Over all ways to leave one of n + 1 scores out, it falls inside with at least the chance asked for."""
    scores = np.random.default_rng(1).standard_normal(60)
    inside = []
    for left_out in range(60):
        low, high = conformal_bounds(np.delete(scores, left_out), 0.8)
        inside.append(low <= scores[left_out] <= high)
    assert np.mean(inside) >= 0.8


def test_adaptive_ranges_follow_the_latest_misses():
    """A series that has become noisy asks for a higher level, one that has become calm for a lower one."""
    chance = np.random.default_rng(6)
    noise = chance.standard_normal((100, 2))
    noise[60:, 0] *= 5
    noise[60:, 1] *= 0.1
    panel = Panel.of(list(noise.T), 1)
    rising, falling = adapted_levels(panel, noise, 0.8)
    assert rising > 0.9
    assert falling < 0.7


def test_trials_never_see_what_they_forecast():
    """Changing the last values changes what came at a trial, and never what was said."""
    chance = np.random.default_rng(5)
    values = 80 + 5 * chance.standard_normal((6, 40))
    other = values.copy()
    other[:, -4:] += 100
    for one, two in zip(trials(Panel.of(list(values), 4), 4, smooth_candidates),
                        trials(Panel.of(list(other), 4), 4, smooth_candidates), strict=True):  # fmt: skip
        if one.periods_ago == 4:
            assert_array_equal(one.candidates.points, two.candidates.points)
            assert not np.array_equal(one.actual, two.actual)


def test_methods_that_miss_count_less():
    """A season that only repeats beats the trend methods on a series that is nothing but a season of shocks."""
    shocks = np.random.default_rng(9).uniform(10, 200, 12)
    panel = Panel.of([np.tile(shocks, 6)], 12)
    candidates = smooth_candidates(panel, 12)
    tried = list(trials(panel, 12, smooth_candidates))
    weights = weights_by_error(candidates, tried)
    assert candidates.names[weights[:, 0].argmax()] == "naive of 12"
    assert weights.sum(axis=0) == pytest.approx(1.0)
    assert_allclose(combined(candidates, weights)[:, 0], shocks, rtol=0.05)


def test_shared_weights_learn_that_demand_falls():
    """When parts die out, all series together learn to forecast less than their past; single ones could not."""
    chance = np.random.default_rng(12)
    rate = 0.6 * 0.97 ** np.arange(72)
    panel = Panel.of(list(chance.poisson(rate, (400, 72)).astype(float)), 12)
    assert is_intermittent(panel).mean() > 0.9
    candidates = intermittent_candidates(panel, 12)
    weights = weights_of_all(candidates, list(trials(panel, 12, intermittent_candidates)))
    ahead = combined(candidates, weights).sum()
    came = 400 * (0.6 * 0.97 ** np.arange(72, 84)).sum()
    assert (weights >= 0).all()
    assert abs(ahead - came) < abs(candidates.points[0].sum() - came)


def test_the_m3_quarterly_competition_is_won(bench):
    """The mean sMAPE is below the best published method's, and ranges hold within two points and a half."""
    past, came = competition(bench, "m3", "QUARTERLY")
    found = forecast_series(past, 4, came.shape[1])
    smape = 200 * (np.abs(came - found.point) / (np.abs(came) + np.abs(found.point))).mean()
    # Theta, the winner of M3, had 8.96 on all quarterly series (Makridakis & Hibon 2000).
    assert smape < 8.96
    inside = [((found.low[at] <= came) & (came <= found.high[at])).mean() for at in (0, 1)]
    assert_allclose(inside, [0.8, 0.95], atol=0.025)


def test_a_few_steady_series_have_a_range_for_the_next_period_too():
    """Few scores are helped out by those of later periods; noise around a level is no less tomorrow than next year."""
    noise = 100 + 10 * np.random.default_rng(8).standard_normal((60, 54))
    inside, misses = [], []
    for begin in range(0, 60, 3):
        made = forecast_series(list(noise[begin : begin + 3, :42]), 12, 12)
        came = noise[begin : begin + 3, 42]
        inside.append((made.low[0, :, 0] <= came) & (came <= made.high[0, :, 0]))
        misses.append((came - made.point[:, 0]) / made.spread)
    assert np.mean(inside) > 0.6
    assert np.sqrt(np.mean(np.square(misses))) < 1.6
