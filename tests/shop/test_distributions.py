"""Random values by inversion."""

import math

import numpy as np
import pytest
from scipy import stats

from linewright.shop import distributions as laws
from linewright.shop.chance import identity

CAUSE = np.uint64(identity("test"))
TABLE = np.array([1.0, 2.0, 2.5, 8.0])

#: Each distribution with the SciPy one that it must equal; None where SciPy has no such one.
CASES = {
    "exponential": (laws.exponential(3.0), stats.expon(scale=3.0)),
    "uniform": (laws.between(2.0, 5.0), stats.uniform(2.0, 3.0)),
    "triangular": (laws.triangular(1.0, 2.0, 5.0), stats.triang(0.25, 1.0, 4.0)),
    "lognormal": (laws.lognormal(4.0, 0.7), stats.lognorm(math.sqrt(math.log1p(0.49)), scale=4 / math.sqrt(1.49))),
    "weibull": (laws.weibull(10.0, 2.0), stats.weibull_min(2.0, scale=10.0 / math.gamma(1.5))),
    "erlang": (laws.erlang(6.0, 3), stats.gamma(3, scale=2.0)),
    "shifted": (laws.shifted_exponential(2.0, 5.0), stats.expon(2.0, 3.0)),
}


def drawn(record, count=4000):
    """Values of a distribution."""
    law = laws.of([record])[0]
    return np.array([laws.sample(law, TABLE, np.uint64(3), CAUSE, 0, index) for index in range(count)])


@pytest.mark.parametrize("name", CASES)
def test_values_follow_the_distribution(name):
    """A Kolmogorov-Smirnov test against SciPy's own finds nothing, and the mean is the stated one."""
    record, peer = CASES[name]
    assert stats.kstest(drawn(record), peer.cdf).pvalue > 1e-3
    assert laws.mean_of(laws.of([record])[0], TABLE) == pytest.approx(peer.mean())


@pytest.mark.parametrize(
    ("record", "mean", "variation"),
    [
        (laws.fixed(2.5), 2.5, 0.0),
        (laws.geometric(4.0), 4.0, math.sqrt(0.75)),
        (laws.geometric(1.0), 1.0, 0.0),
        (laws.hyperexponential(1.0, 1.5), 1.0, 1.5),
        ((laws.EMPIRICAL, 0.0, 0.0, 0.0, 0, 4), 3.375, 0.8142),
    ],
)
def test_moments_are_the_stated_ones(record, mean, variation):
    """Mean and coefficient of variation of many values are those that were asked for."""
    values = drawn(record, 20_000)
    assert values.mean() == pytest.approx(mean, rel=0.04)
    assert values.std() / values.mean() == pytest.approx(variation, abs=0.06)
    assert laws.mean_of(laws.of([record])[0], TABLE) == pytest.approx(mean)


def test_the_normal_quantile_is_exact():
    """The quantile is SciPy's to the last digits, far into both tails."""
    for share in (1e-300, 1e-20, 1e-9, 0.01, 0.3, 0.5, 0.77, 0.99, 1 - 1e-12):
        assert laws.normal_quantile(share) == pytest.approx(stats.norm.ppf(share), rel=1e-13, abs=1e-15)


def test_more_luck_is_a_larger_value():
    """Under the same number a longer mean gives a longer time: values keep their rank."""
    short, long = drawn(laws.lognormal(2.0, 0.5), 200), drawn(laws.lognormal(3.0, 0.5), 200)
    np.testing.assert_allclose(long / short, 1.5)


@pytest.mark.parametrize("phases", [0, 65])
def test_an_erlang_distribution_has_at_most_64_phases(phases):
    """More would use the random numbers of the next value."""
    with pytest.raises(ValueError, match="give 1 to 64"):
        laws.erlang(1.0, phases)
