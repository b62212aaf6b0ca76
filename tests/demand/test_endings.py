"""Demand that ends: seen within a few periods, seldom wrongly, and forecast no more."""

from datetime import date

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import rankdata

from linewright.demand import find_shifts, forecast, forecast_series
from linewright.demand.changes.ranks import LEAST_SPREAD, normal_scores
from linewright.demand.changes.reaction import react
from linewright.demand.models.panel import Panel
from linewright.model.factory import Factory


def bikes(count, seed=1):
    """Lumpy monthly demand that is hardly ever empty, two years of it."""
    chance = np.random.default_rng(seed)
    return np.maximum(np.rint(chance.gamma(2.5, 20, (count, 24))), 1.0)


@pytest.mark.parametrize("silent", [3, 5, 11])
def test_an_end_is_seen_within_three_periods(silent):
    """However long ago it was, the alarm is dated to the third empty period, but where one was nearly so before."""
    found = find_shifts(list(np.hstack([bikes(100), np.zeros((100, silent))])), 12, 12.0)
    assert found.ended.mean() > 0.9
    assert (found.raised >= silent - 2).mean() > 0.9
    assert (found.since == silent).mean() > 0.8
    assert found.shift == pytest.approx(-found.level)


def test_a_few_last_pieces_are_an_end_too():
    """Remainders below a twentieth of the level do not hide that nothing is wanted any more."""
    tail = np.array([3.0, 1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 1.0, 0.0])
    found = find_shifts([np.concatenate([np.full(24, 100.0) + np.arange(24) % 5, tail])], 12, 12.0)
    assert found.ended[0]
    assert found.raised[0] >= len(tail) - 2


def test_what_comes_again_has_not_ended():
    """A demand after the run takes the end back."""
    tail = np.array([0.0] * 6 + [50.0, 60.0])
    found = find_shifts(list(np.hstack([bikes(50), np.tile(tail, (50, 1))])), 12, 12.0)
    assert not found.ended.any()


def test_the_end_of_a_season_is_no_end():
    """Sold in three months of each year: nine empty months are nothing new."""
    year = [20.0, 30.0, 25.0] + [0.0] * 9
    found = find_shifts([np.array(year * 3), np.array(year * 2)], 12, 12.0)
    assert not found.ended.any()
    assert not found.alarms.any()


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.0, 2.0])
def test_chance_seldom_looks_like_an_end(rate):
    """Runs of empty periods that are only chance: less than half an end in a hundred series-years."""
    counts = np.random.default_rng(2).poisson(rate, (400, 60)).astype(float)
    ends = sum(find_shifts(list(counts[:, :months]), 12, 12.0).ended.sum() for months in (30, 45, 60))
    assert ends / 3 / 400 < 0.01


def test_ranks_do_not_look_ahead():
    """Each score is that of the rank among the values so far, by a second formulation, whatever comes later."""
    chance = np.random.default_rng(3)
    series = [chance.poisson(0.7, length).astype(float) for length in (30, 22)]
    scores = normal_scores(Panel.of(series, 12))
    for place, values in enumerate(series):
        own = scores[-len(values) :, place]
        assert own == pytest.approx(normal_scores(Panel.of([values[:-8]], 12))[:, 0].tolist() + own[-8:].tolist())
        raw = []
        for end in range(1, len(values) + 1):
            raw.append(ndtri((rankdata(values[:end])[-1] - 0.5) / end))
            spread = max(np.sqrt(np.mean(np.square(raw))), LEAST_SPREAD)
            assert own[end - 1] == pytest.approx(raw[-1] / spread)


def plant(**series):
    """A factory with these monthly demands, which end in December 2025."""
    rows = [
        {"material": name, "date": date(2025 - (age // 12), 12 - age % 12, 1), "quantity": float(quantity)}
        for name, values in series.items()
        for age, quantity in enumerate(values[::-1])
        if quantity
    ]
    materials = [{"material": name} for name in series]
    return Factory.of(materials=materials, demand_history=rows)


def test_what_has_ended_is_not_forecast_as_if_it_went_on():
    """After four empty months little is expected, and after two years as good as nothing; both are told."""
    steady = (100 + 10 * np.sin(np.arange(48))).round()
    lately = np.concatenate([steady[:44], np.zeros(4)])
    long_ago = np.concatenate([steady[:24], np.zeros(24)])
    made = forecast(plant(STEADY=steady, LATELY=lately, LONGAGO=long_ago), customers=False)
    accuracy = {row["material"]: row for row in made.accuracy.iter_rows(named=True)}
    assert accuracy["STEADY"]["mean"] > 90
    # What ended does not widen the range of what goes on.
    assert accuracy["STEADY"]["standard_deviation"] < 10
    assert accuracy["LATELY"]["mean"] < 10
    assert accuracy["LONGAGO"]["mean"] < 0.5
    assert accuracy["LONGAGO"]["standard_deviation"] < 2
    assert [alarm.material for alarm in made.alarms] == ["LATELY"]
    assert "ended in September 2025" in made.alarms[0].sentence
    assert any("ended long ago" in note and "LONGAGO" in note for note in made.assumptions)


def test_the_history_of_an_end_keeps_no_level():
    """What a passing lull would leave is the square of its chance, for large and small periods alike."""
    series = [np.concatenate([values, np.zeros(5)]) for values in bikes(20)]
    changes = find_shifts(series, 12, 12.0)
    reaction = react(series, changes, 12)
    for place, values in enumerate(series):
        begin = len(values) - changes.since[place]
        assert reaction.series[place][:begin] == pytest.approx(values[:begin] / (changes.since[place] + 1) ** 2)


def test_the_error_so_far_is_that_of_somebody_who_did_not_know_the_shift():
    """An adjusted history would have known of a shift before it came."""
    wave = 100 + 10 * np.sin(np.arange(48))
    shifted = np.where(np.arange(48) < 44, wave, 2 * wave).round()
    made = forecast(plant(A=shifted), customers=False)
    assert made.alarms
    blind = forecast_series([shifted], 12, 12)
    row = made.accuracy.row(0, named=True)
    assert row["error"] == pytest.approx(blind.error[0])
    assert row["error_share"] == pytest.approx(blind.error[0] / blind.usual[0])
