"""Each forecasting method against a plain second formulation, one series at a time."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from linewright.demand.batch.conformal import Scores
from linewright.demand.models import damped, evolving, intermittent, level, theta
from linewright.demand.models.panel import Panel
from linewright.demand.models.seasons import is_seasonal, seasons_of

LENGTHS = (30, 7, 18, 30, 4)


@pytest.fixture
def ragged():
    """Series of different lengths, some with a trend."""
    chance = np.random.default_rng(3)
    return [50 + 2 * number * np.arange(length) + 5 * chance.standard_normal(length)
            for number, length in enumerate(LENGTHS)]  # fmt: skip


@pytest.mark.parametrize(
    "method",
    [theta.dynamic_theta, damped.damped_trend, level.level_only, evolving.evolving_season, intermittent.all_blocks,
     intermittent.one_block, intermittent.chance_and_size],
)  # fmt: skip
def test_series_side_by_side_are_forecast_as_if_alone(method, ragged):
    """Padding and neighbours change nothing."""
    together = method(Panel.of(ragged, 4), 6).points
    alone = [method(Panel.of([one], 4), 6).points[:, 0] for one in ragged]
    assert_allclose(together.T, alone, rtol=1e-9)


def smoothed(values, alpha, start):
    """Levels and errors of exponential smoothing, value by value."""
    now, errors = start, []
    for value in values:
        errors.append(value - now)
        now = alpha * value + (1 - alpha) * now
    return now, np.array(errors)


def test_the_level_has_the_best_start_for_its_parameter(ragged):
    """No other start of the grid's parameters gives a smaller squared error."""
    for values in ragged[1:3]:
        fit = level.level_only(Panel.of([values], 1), 1)
        best = min(
            (np.sum(smoothed(values, alpha, start)[1] ** 2), smoothed(values, alpha, start)[0])
            for alpha in level.ALPHAS
            for start in np.linspace(values.min() - 60, values.max() + 60, 1001)
        )
        assert fit.points[0, 0] == pytest.approx(best[1], rel=4e-3)


def theta_error(values, alpha, start, weight):
    """The squared error of the dynamic Theta model, by the paper's recursion from one period to the next."""
    now, mean, slope, total = start, 0.0, 0.0, 0.0
    for number, value in enumerate(values, start=1):
        # `number` - 1 periods are known; A and B are those of the line through them.
        begin = mean - number / 2 * slope
        trend = (1 - alpha) ** (number - 1) * begin + (1 - (1 - alpha) ** number) / alpha * slope
        if number > 2:
            total += (value - now - weight * trend) ** 2
        now = alpha * value + (1 - alpha) * now
        slope = ((number - 2) * slope + 6 / number * (value - mean)) / (number + 1) if number > 1 else 0.0
        mean = ((number - 1) * mean + value) / number
    return total


def test_theta_is_the_least_squares_fit_of_the_papers_recursion(ragged):
    """Start and trend weight from the closed form are no worse than those near them, by the recursion itself."""
    for values in ragged[:3]:
        panel = Panel.of([values], 1)
        line = theta._running_line(panel)
        for alpha in level.ALPHAS:
            loss, start, weight = (float(found[0]) for found in theta._least_squares(panel, alpha, line))
            assert theta_error(values, alpha, start, weight) == pytest.approx(loss, rel=1e-6)
            near = [theta_error(values, alpha, start + shift, min(max(weight + tilt, 0.0), theta.MOST_TREND))
                    for shift in (-1.0, 0.0, 1.0) for tilt in (-0.05, 0.0, 0.05)]  # fmt: skip
            assert loss <= min(near) * (1 + 1e-9)


def test_theta_goes_on_as_if_its_forecasts_had_come(ragged):
    """The second step ahead is the first step after the first forecast was appended, with the parameters kept."""
    values, alpha, weight = ragged[0], 0.4, 0.5
    panel = Panel.of([values], 1)
    line = theta._running_line(panel)
    rate, share, start = np.array([alpha]), np.array([weight]), np.array([50.0])
    points = theta._points(panel, rate, share, level.levels_of(panel, rate, start)[-1], line, 3)
    longer = Panel.of([np.append(values, points[0, 0])], 1)
    line = theta._running_line(longer)
    again = theta._points(longer, rate, share, level.levels_of(longer, rate, start)[-1], line, 2)
    assert_allclose(again, points[1:], rtol=1e-10)


def test_the_damped_trend_follows_its_recursion(ragged):
    """Errors and points equal those of the three equations, value by value."""
    values = ragged[3]
    panel = Panel.of([values], 1)
    fit = damped.damped_trend(panel, 4)
    alpha, beta, phi = (float(found[0]) for found in damped.damped_parameters(panel))
    now, slope = (float(found[0]) for found in damped.starts_of(panel))
    for value, error in zip(values, fit.errors[:, 0], strict=True):
        slope, now = phi * slope, now + phi * slope
        assert value - now == pytest.approx(error)
        now, slope = now + alpha * (value - now), slope + alpha * beta * (value - now)
    ahead = [now + slope * sum(phi**step for step in range(1, steps + 1)) for steps in range(1, 5)]
    assert_allclose(fit.points[:, 0], ahead)


def test_a_straight_line_is_continued():
    """Theta comes close to a line without noise."""
    points = theta.dynamic_theta(Panel.of([np.arange(40.0)], 1), 3).points[:, 0]
    assert_allclose(points, [40, 41, 42], rtol=0.02)


@pytest.mark.parametrize("season", [4, 7, 12])
def test_a_clean_season_is_found_and_put_back(season):
    """Factors times a level: the series without its season is flat, and with it itself again."""
    factors = np.linspace(0.5, 1.5, season)
    values = 200 * np.tile(factors / factors.mean(), 6)
    panel = Panel.of([values, values[3:], 100 + np.zeros(30)], season)
    seasons = seasons_of(panel)
    assert is_seasonal(panel).tolist() == [True, True, False]
    bare = seasons.removed_from(panel)
    assert_allclose(bare.values[panel.first[0] :, 0], 200, rtol=1e-6)
    assert_allclose(bare.values[panel.first[1] :, 1], 200, rtol=1e-6)
    ahead = seasons.put_into(np.full((season, 3), 200.0))
    assert_allclose(ahead[:, 0], values[:season], rtol=1e-6)


def test_a_season_around_zero_is_one_of_terms():
    """Where values are not positive, the season is added instead of multiplied."""
    values = np.tile([-10.0, 0.0, 10.0, 0.0], 8)
    seasons = seasons_of(Panel.of([values], 4))
    assert_allclose(seasons.factors, 1.0)
    assert_allclose(seasons.terms[:, 0], [-10, 0, 10, 0], atol=1e-9)


def test_noise_has_no_season():
    """The test finds a season in about as many random series as its level says (one in six), not in most."""
    chance = np.random.default_rng(8)
    assert is_seasonal(Panel.of(list(chance.standard_normal((300, 60))), 12)).mean() < 0.3


def test_a_changing_season_is_followed():
    """After the season has turned round, the new one is forecast."""
    old, new = np.array([0.0, 10.0, 0.0, -10.0]), np.array([0.0, -10.0, 0.0, 10.0])
    values = 50 + np.concatenate([np.tile(old, 12), np.tile(new, 12)])
    points = evolving.evolving_season(Panel.of([values], 4), 4).points[:, 0]
    assert_allclose(points, 50 + new, atol=1.5)


def test_blocks_are_counted_from_the_end():
    """Sums over blocks of three leave out the oldest periods."""
    panel = Panel.of([np.arange(1.0, 9.0), np.arange(5.0)], 1)
    sums = intermittent.added_up(panel, 3)
    assert sums.values.T.tolist() == [[3 + 4 + 5, 6 + 7 + 8], [0, 2 + 3 + 4]]
    assert sums.first.tolist() == [0, 1]


@pytest.mark.parametrize("method", [intermittent.all_blocks, intermittent.one_block, intermittent.chance_and_size])
def test_regular_demand_with_gaps_is_forecast_at_its_rate(method):
    """Six units every third period are two a period."""
    points = method(Panel.of([np.tile([0.0, 0.0, 6.0], 20)], 1), 2).points[:, 0]
    assert_allclose(points, 2.0, rtol=0.15)


def test_demand_that_has_stopped_fades():
    """TSB renews its chance in periods without demand, so that a dead part is forecast low."""
    points = intermittent.chance_and_size(Panel.of([np.r_[np.tile([0.0, 4.0], 20), np.zeros(20)]], 1), 1).points
    assert points[0, 0] < 1.0


def test_how_errors_grow_is_learnt():
    """Noise around a level does not grow with the distance, a random walk with its root."""
    chance = np.random.default_rng(2)
    steps = np.arange(1, 13)
    for power in (0.0, 0.5):
        scores = Scores(tuple(step**power * chance.standard_normal(150) for step in steps))
        assert scores.growth == pytest.approx(power, abs=0.08)
        for step in (0, 11):
            assert np.std(scores.around(step)) == pytest.approx((step + 1) ** power, rel=0.1)
    assert 0 < Scores((np.ones(3),)).growth < 0.5
    assert Scores((np.zeros(3), np.zeros(3))).around(0).tolist() == [0.0] * 6
