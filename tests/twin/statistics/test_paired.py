"""Pairs of runs: intervals, percentages, p-values and their correction for several comparisons."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from linewright.twin.statistics.intervals import mean_interval
from linewright.twin.statistics.paired import (
    holm,
    holm_confidences,
    p_value_of_zero,
    paired_difference,
    percent_interval,
)

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def shared(seed, n=40, change=0.3, noise=0.2):
    """Two designs on common chance."""
    rng = np.random.default_rng(seed)
    base = rng.normal(10.0, 2.0, n)
    return base, base + change + rng.normal(0.0, noise, n)


def test_the_difference_is_that_of_a_paired_t_test():
    """Interval and p-value are SciPy's."""
    base, other = shared(1)
    found = paired_difference(base, other, seed=9)
    theirs = stats.ttest_rel(other, base)
    interval = theirs.confidence_interval(0.95)
    assert (found.absolute.low, found.absolute.high) == pytest.approx((interval.low, interval.high))
    assert found.p_value == pytest.approx(theirs.pvalue)
    assert (found.absolute.method, found.absolute.seed, found.percent.n) == ("paired t", 9, 40)


def test_common_numbers_save_runs():
    """The ratio is that of the variances of independent and paired differences: (1 + corr) 2 var / noise."""
    base, other = shared(2, n=4000)
    found = paired_difference(base, other)
    assert found.variance_ratio == pytest.approx((4 + 4 + 0.04) / 0.04, rel=0.1)
    assert found.correlation > 0.99


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.floats(-1.0, 1.0), st.sampled_from([1.0, -1.0]))
def test_percent_and_absolute_agree_on_zero(seed, change, side):
    """The percentage excludes 0 exactly when the difference does, also where the base is negative."""
    base, other = shared(seed, n=12, change=change, noise=0.5)
    found = paired_difference(side * base, side * base + (other - base))
    assert (0.0 in found.percent) == (0.0 in found.absolute)
    assert found.percent.low <= found.percent.value <= found.percent.high


def test_fieller_is_the_set_of_ratios_that_a_t_test_keeps():
    """At each bound the mean of change - q base is just t standard errors from 0."""
    base, other = shared(3, n=15)
    found = percent_interval(base, other - base)
    for bound in (found.low, found.high):
        away = (other - base) - bound / 100 * base
        assert abs(stats.ttest_1samp(away, 0.0).statistic) == pytest.approx(stats.t.ppf(0.975, 14))


def test_percentages_cover_as_often_as_they_say():
    """Of 3,000 intervals for a rise of 5 %, 93 to 97 % hold it."""
    inside = 0
    for seed in range(3000):
        rng = np.random.default_rng(seed)
        base = rng.normal(10.0, 3.0, 20)
        inside += 5.0 in percent_interval(base, 0.5 + rng.normal(0.0, 1.0, 20))
    assert 0.93 <= inside / 3000 <= 0.97


def test_a_base_near_zero_has_no_percentage():
    """The percentage says why it is missing."""
    rng = np.random.default_rng(1)
    found = percent_interval(rng.normal(0.0, 1.0, 30), rng.normal(1.0, 1.0, 30))
    assert not found.known
    assert found.note == "the base is too near to 0 for a share of it"


def test_equal_designs_do_not_differ():
    """Without any difference p is 1; with the same one in every run it is 0, and the interval is a point."""
    base = np.resize([1.0, 2.0, 4.0], 10)
    same, shifted = paired_difference(base, base), paired_difference(base, base + 0.5)
    assert (same.p_value, same.absolute.half_width) == (1.0, 0.0)
    assert (shifted.p_value, shifted.absolute.low, shifted.absolute.high) == (0.0, 0.5, 0.5)
    assert same.variance_ratio == math.inf


@pytest.mark.parametrize("base", [[3.0, 5.0], [0.9, 0.8], [0.3, 0.4, 0.9, 7.7]])
def test_the_same_change_in_a_few_runs_is_not_certain(base):
    """Two equal changes have no spread to judge by, also where rounding makes one; no change at all stays none."""
    base = np.array(base)
    found = paired_difference(base, base + 0.1)
    assert found.absolute.note == found.percent.note == f"not enough: {base.size} runs, at least 10 are needed"
    assert not found.absolute.known
    assert math.isnan(found.p_value)
    assert paired_difference(base, base).p_value == 1.0


def test_one_pair_says_it_is_not_enough():
    """A single pair has a difference without interval."""
    found = paired_difference([4.0], [5.0])
    assert (found.absolute.value, found.percent.value) == (1.0, 25.0)
    assert found.absolute.note == found.percent.note == "not enough: 1 run, at least 2 are needed"
    assert math.isnan(found.p_value)


def test_pairs_without_the_figure_are_left_out():
    """Where one side is missing the pair does not count."""
    found = paired_difference([1.0, np.nan, 3.0, 5.0], [2.0, 9.0, np.nan, 7.0])
    assert (found.absolute.n, found.absolute.value) == (2, 1.5)
    with pytest.raises(ValueError, match="3 and 2"):
        paired_difference([1.0, 2.0, 3.0], [1.0, 2.0])


def test_runs_that_never_end_cannot_be_compared():
    """An infinite figure leaves no difference, and the note says in how many runs it is."""
    found = paired_difference([1.0, np.inf, 3.0], [2.0, np.inf, 4.0])
    assert math.isnan(found.absolute.value)
    assert found.absolute.note == found.percent.note == "without end in 1 of 3 runs"


def test_holm_on_his_own_kind_of_example():
    """Worked by hand: 0.01, 0.02, 0.03 and 0.005 of four."""
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm_confidences([0.01, 0.04, 0.03, 0.005]) == pytest.approx([1 - 0.05 / 3, 0.975, 0.975, 0.9875])


@given(P_VALUES)
def test_holm_is_the_step_down_procedure(p_values):
    """The adjusted p-values find what testing one after the other finds."""
    found = holm(p_values) <= 0.05
    left, expected = len(p_values), np.zeros(len(p_values), bool)
    for place in np.argsort(p_values, kind="stable"):
        if p_values[place] * left > 0.05:
            break
        expected[place] = True
        left -= 1
    assert (found == expected).all()


@given(P_VALUES)
def test_an_interval_excludes_zero_exactly_when_the_difference_is_found(p_values):
    """The confidence of each is that with which it was tested."""
    found = holm(p_values) <= 0.05
    # A small slack at the boundary: 1 - (1 - 0.05/3) is not 0.05/3 to the last bit.
    errors = 1 - holm_confidences(p_values, 0.95)
    clear = np.abs(np.array(p_values) - errors) > 1e-9
    assert ((np.array(p_values) <= errors) == found)[clear].all()


def test_what_is_not_known_is_not_found():
    """A missing p-value counts as a comparison and finds nothing."""
    adjusted = holm([np.nan, 0.03])
    assert math.isnan(adjusted[0])
    assert adjusted[1] == pytest.approx(0.06)


def test_of_many_equal_designs_few_families_find_one():
    """With ten designs that do not differ, 5 % of families or fewer find a difference."""
    rng = np.random.default_rng(8)
    families = 800
    base = rng.normal(size=(families, 12))
    others = rng.normal(size=(families, 10, 12)) + base[:, None]
    wrong = 0
    for family in range(families):
        p_values = [p_value_of_zero(other - base[family]) for other in others[family]]
        wrong += bool((holm(p_values) <= 0.05).any())
    assert 0.025 <= wrong / families <= 0.07


def test_wider_confidence_is_a_wider_interval():
    """The interval that Holm tests first is the widest."""
    base, other = shared(4)
    half = [mean_interval(other - base, confidence=level).half_width for level in (0.95, 0.975, 0.9875)]
    assert half == sorted(half)
