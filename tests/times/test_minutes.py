"""Shrinkage, trees, and ranges that hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.times.estimates.shares import rework_shares, shrunken_shares
from linewright.times.minutes.effects import learn_effects
from linewright.times.minutes.model import _trials, learn_minutes
from linewright.times.minutes.ranges import conformal_bound, ranges_of
from linewright.times.minutes.terms import TERMS, Term
from linewright.times.minutes.trees import learn_trees


def records(count: int, *, seed: int = 0, spread: float = 0.5, growth: float = 1.0, center: int = 3) -> pl.DataFrame:
    """Records of some parts at work centers, with known effects on the log of minutes."""
    chance = np.random.default_rng(seed)
    part, place = chance.integers(6, size=count), chance.integers(center, size=count)
    units = np.exp(chance.uniform(0, 4, size=count))
    logs = 1.0 + 0.3 * part + 0.5 * place + growth * np.log(units) + spread * chance.standard_normal(count)
    names = [f"C{number}" for number in place]
    return pl.DataFrame(
        {
            "material": [f"P-{number}" for number in part], "kind_of_work": names, "family": ["p"] * count,
            "work_center": names, "machine": [f"M{number}" for number in place], "person": [""] * count,
            "quantity": units, "order_quantity": units, "minutes": np.exp(logs),
        }
    )  # fmt: skip


def test_an_effect_lies_between_its_own_mean_and_that_of_all():
    """A group with few records leans far on the whole, one with many hardly."""
    group = ["few"] * 3 + ["many"] * 300 + ["other"] * 300
    chance = np.random.default_rng(4)
    mean = np.array([2.0] * 3 + [1.0] * 300 + [-1.0] * 300)
    data = pl.DataFrame({"group": group, "quantity": 1.0, "minutes": np.exp(mean + 0.3 * chance.standard_normal(603))})
    learned = learn_effects(data, [Term("group", ("group",))])
    asked = pl.DataFrame({"group": ["few", "many", "new"], "quantity": 1.0})
    few, many, new = learned.predict(asked)[0]
    assert new < few < 2.0
    assert new < many
    assert abs(many - 1.0) < 0.05
    unsure = learned.mean(asked)[1]
    assert unsure[1] < unsure[0] < unsure[2]


def test_one_level_gives_the_textbook_shrinkage():
    """With equal groups the effects are the group means times n t / (n t + s), t and s being the learned variances."""
    chance = np.random.default_rng(8)
    names = [f"G{number}" for number in range(40) for _ in range(10)]
    logs = np.repeat(0.7 * chance.standard_normal(40), 10) + 0.5 * chance.standard_normal(400)
    data = pl.DataFrame({"group": names, "quantity": 1.0, "minutes": np.exp(logs)})
    learned = learn_effects(data, [Term("group", ("group",))])
    level = learned.levels[0]
    assert np.sqrt(level.between) == pytest.approx(0.7, rel=0.25)
    means = logs.reshape(40, 10).mean(axis=1) - logs.mean()
    slope = float((means * level.effect).sum() / (means**2).sum())
    textbook = 10 * 0.7**2 / (10 * 0.7**2 + 0.5**2)
    assert slope == pytest.approx(textbook, abs=0.04)


def test_how_minutes_grow_with_quantity_is_recovered():
    """An exponent of 0.6 is found."""
    learned = learn_effects(records(800, growth=0.6, spread=0.3), TERMS)
    assert learned.growth(records(5)) == pytest.approx(np.full(5, 0.6), abs=0.06)


def test_a_lost_report_hardly_moves_a_time():
    """One report a thousand times too long changes its group by less than a twentieth."""
    clean = records(200, spread=0.3)
    dirty = clean.with_columns(
        pl.when(pl.int_range(pl.len()) == 7).then(pl.col("minutes") * 1000).otherwise("minutes").alias("minutes")
    )
    asked = clean[7:8]
    before, after = (float(learn_effects(data, TERMS).predict(asked)[0][0]) for data in (clean, dirty))
    assert abs(after - before) < 0.05


def test_trees_do_not_mind_names_they_never_saw():
    """An unknown part, machine and kind still get a time."""
    grown = learn_trees(records(200), ("material", "machine"), seed=0)
    new = records(3).with_columns(material=pl.lit("P-new"), machine=pl.lit("M-new"))
    assert np.isfinite(grown.predict(new)).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(9, 60), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]), st.integers(0, 10_000))
def test_the_conformal_bound_is_the_order_statistic(count, chance, seed):
    """With n errors the bound is below exactly ceil((n + 1) p) - 1 of them above half, the mirror image below."""
    errors = np.random.default_rng(seed).standard_normal(count)
    bound = conformal_bound(errors, chance)
    mirror = -conformal_bound(-errors, 1 - chance)
    assert bound == pytest.approx(mirror) or chance == 0.5
    if chance >= 0.5 and np.isfinite(bound):
        assert int((errors < bound).sum()) == int(np.ceil((count + 1) * chance - 1e-9)) - 1


def test_conformal_coverage_is_exact_on_exchangeable_errors():
    """Over many draws a range of 80 % from 39 skewed errors catches the next one in 80 % of them, to the unit."""
    chance = np.random.default_rng(3)
    draws = chance.lognormal(size=(20_000, 40))
    caught = np.mean(
        [conformal_bound(row[:-1], 0.1) <= row[-1] <= conformal_bound(row[:-1], 0.9) for row in draws]
    )  # fmt: skip
    # 39 errors leave 40 equally likely ranks; 32 of them lie inside.
    assert caught == pytest.approx(0.8, abs=3 * np.sqrt(0.8 * 0.2 / 20_000))


def test_groups_have_ranges_of_their_own_and_small_ones_those_of_all():
    """A wild group is wider; a group with two errors gets the bound of the whole."""
    chance = np.random.default_rng(1)
    errors = np.concatenate([chance.standard_normal(400), 4 * chance.standard_normal(400), [0.0, 0.1]])
    found = ranges_of(["calm"] * 400 + ["wild"] * 400 + ["tiny"] * 2, errors)
    calm, wild, tiny, unknown = found.quantile(["calm", "wild", "tiny", "unknown"], 0.9)
    assert calm < unknown < wild
    assert tiny == unknown == conformal_bound(errors, 0.9)


def test_ranges_hold_on_records_that_come_later():
    """Learned from the first half of steady work, 80 % ranges catch between 75 and 85 % of the second, everywhere."""
    data = records(1600, seed=5, spread=0.6)
    learned, came = learn_minutes(data[:800]), data[800:]
    told = learned.forecast(came)
    minutes = came["minutes"].to_numpy()
    inside = (minutes >= told.low) & (minutes <= told.high)
    assert 0.75 < inside.mean() < 0.85
    for name in ("C0", "C1", "C2"):
        assert 0.73 < inside[(came["work_center"] == name).to_numpy()].mean() < 0.87
    assert told.mean.sum() == pytest.approx(minutes.sum(), rel=0.1)
    assert (told.low <= told.median).all()
    assert (told.median <= told.high).all()


def test_trees_earn_their_keep_where_effects_do_not_add_up():
    """A part that is slow on one machine only is learned by trees; where effects add up there are none."""
    plain = records(500, spread=0.2)
    assert learn_minutes(plain).share == 0.0
    odd = (pl.col("material") == "P-1") ^ (pl.col("machine") == "M1") ^ (pl.col("quantity") > 8)
    bent = plain.with_columns(minutes=pl.when(odd).then(pl.col("minutes") * 8).otherwise("minutes"))
    assert learn_minutes(bent).share == 0.5


def test_the_same_records_and_seed_learn_the_same():
    """To the last digit."""
    data = records(300)
    one, other = (learn_minutes(data, seed=2).forecast(data[:20]) for _ in range(2))
    assert (one.median == other.median).all()
    assert (one.high == other.high).all()


def test_few_records_have_ranges_of_a_normal_distribution():
    """Fifteen records are learned from, without a check on later ones."""
    learned = learn_minutes(records(15))
    assert learned.held == {}
    told = learned.forecast(records(15))
    assert (told.high > told.low).all()


def test_shares_lean_on_the_whole_where_little_is_known():
    """One bad unit of two is no yield of one half; equal shares are kept."""
    found = shrunken_shares(np.array([1.0, 10.0, 12.0, 9.0]), np.array([2.0, 1000.0, 1000.0, 1000.0]))
    assert 0.01 < found[0] < 0.2
    assert found[1:] == pytest.approx([0.01, 0.012, 0.009], abs=0.0025)
    assert shrunken_shares(np.zeros(2), np.zeros(2)).tolist() == [0.0, 0.0]
    spread = shrunken_shares(np.array([100.0, 500.0, 900.0]), np.array([1000.0, 1000.0, 1000.0]))
    assert spread == pytest.approx([0.1, 0.5, 0.9], abs=0.01)


def test_the_rework_share_is_the_chance_of_a_repeat():
    """Half as much rework as first-time work is a chance of a third after each run: p / (1 - p) is one half."""
    work = {"material": "P", "work_center": "C", "kind": "run"}
    first, again = (pl.DataFrame([{**work, "minutes": minutes}] * 50) for minutes in (120.0, 60.0))
    chance = rework_shares(first, again)["rework_share"][0]
    assert chance == pytest.approx(1 / 3)
    assert chance / (1 - chance) == pytest.approx(0.5)
    only = rework_shares(first.with_columns(minutes=pl.lit(1e-6)), again)["rework_share"][0]
    assert only == 0.99


def test_trials_learn_only_from_what_had_ended():
    """What began before a trial's forecasts but ended after all of them changes none of the forecasts."""
    begun = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=number) for number in range(100)]
    dated = records(100).with_columns(moment=pl.Series(begun), until=pl.Series(begun) + pl.duration(minutes=30))
    late = pl.int_range(pl.len()) < 10
    open_ones = dated.with_columns(
        until=pl.when(late).then(pl.lit(begun[-1]) + pl.duration(days=1)).otherwise("until"),
    )
    wild = open_ones.with_columns(minutes=pl.when(late).then(pl.col("minutes") * 50).otherwise("minutes"))
    one, other = (_trials(data, TERMS, ("material",), 0)["effects"].to_list() for data in (open_ones, wild))
    assert one == other
    assert one != _trials(dated, TERMS, ("material",), 0)["effects"].to_list()
