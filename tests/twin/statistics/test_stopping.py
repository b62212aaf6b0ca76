"""Stops ask for as many replications as it takes."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.twin.statistics.replications import (
    AllOf,
    AnyOf,
    HalfWidth,
    QuantileHalfWidth,
    Replications,
    Samples,
    ShareHalfWidth,
    replicate,
)
from tests.twin.statistics.tasks import Normals


def samples(*values: float) -> Samples:
    """Samples with one figure."""
    return Samples(("a",), np.arange(len(values)), np.array(values)[:, None], 0)


def test_any_of_ends_with_the_first_and_all_of_with_the_last():
    """The limits of several stops combine by the least and the most."""
    none = samples()
    assert AnyOf(Replications(5), Replications(9)).wanted(none) == 5
    assert AllOf(Replications(5), Replications(9)).wanted(none) == 9
    assert repr(AllOf(Replications(5))) == "AllOf(Replications(replications=5))"


def test_a_half_width_asks_for_its_least_first():
    """A spread from very few runs may be small by luck."""
    assert HalfWidth("a", absolute=1.0, least=20).wanted(samples(1.0, 1.0, 1.0)) == 20


def test_a_narrow_interval_wants_no_more():
    """Equal values are known at once after the least number."""
    same = samples(*[4.0] * 20)
    assert HalfWidth("a", absolute=0.1, least=20).wanted(same) == 20
    # A share of 20 in 20 is not known yet: Wilson's interval reaches down to 84 %.
    assert ShareHalfWidth("a", absolute=0.05, least=20).wanted(same) > 20


def test_the_next_look_is_where_the_interval_should_be_narrow_enough():
    """A half-width 1.2 times too wide needs 1.44 times the replications; one far too wide is doubled."""
    values = samples(*np.resize([0.0, 1.0], 100))
    half = values.mean("a").half_width
    assert HalfWidth("a", absolute=half / 1.2).wanted(values) == 144
    assert HalfWidth("a", absolute=half / 100).wanted(values) == 200
    assert HalfWidth("a", absolute=half / 100, most=150).wanted(values) == 150


def test_an_infinite_figure_ends_the_search():
    """More runs would not make it finite."""
    assert HalfWidth("a", absolute=0.1).wanted(samples(*[1.0] * 30, np.inf)) == 31


@pytest.mark.parametrize("stop", [HalfWidth, ShareHalfWidth])
def test_a_figure_that_is_never_there_ends_the_search(stop):
    """After the least number of runs without it, no more are asked for; one run that has it goes on."""
    assert stop("a", absolute=0.1).wanted(samples(*[np.nan] * 30)) == 30
    assert replicate(Normals(("a",), (np.nan,)), stop=stop("a", absolute=0.1), seed=1).n == 30
    assert stop("a", absolute=0.1).wanted(samples(*[np.nan] * 29, 1.0)) > 30


def test_either_of_two_widths_suffices():
    """Near 0 a relative width never would be reached; the absolute one is."""
    values = samples(*np.resize([-1.0, 1.0], 100))
    assert HalfWidth("a", relative=0.01).wanted(values) == 200
    assert HalfWidth("a", relative=0.01, absolute=0.3).wanted(values) == 100


def test_a_quantile_is_not_known_from_a_few_runs():
    """The 95th percentile needs 72 runs at least, however narrow it would be."""
    task = Normals(("a",), (100.0,), (0.001,), ("a",))
    found = replicate(task, stop=QuantileHalfWidth("a", 0.95, absolute=1.0), seed=1)
    assert 72 <= found.n <= 144
    assert found.quantile("a", 0.95).known


def test_a_width_never_reached_ends_at_the_most():
    """The most is a limit of the budget."""
    found = replicate(Normals(("a",)), stop=HalfWidth("a", absolute=1e-9, most=500), seed=1)
    assert found.n == 500


@pytest.mark.parametrize("wrong", [{}, {"absolute": 0.0}, {"relative": -1.0}, {"absolute": 1.0, "least": 1}])
def test_impossible_widths_are_refused(wrong):
    """A stop that could never end is refused when it is made."""
    with pytest.raises(ModelError, match="half-width"):
        HalfWidth("a", **wrong)


def test_an_interval_after_stopping_still_covers():
    """Looking several times costs little: the interval at the stop covers the mean in 93 to 97 % of 600 cases."""
    inside = 0
    for seed in range(600):
        found = replicate(Normals(("a",)), stop=HalfWidth("a", absolute=0.2), seed=seed, block=64)
        inside += 10.0 in found.mean("a")
    assert 0.93 <= inside / 600 <= 0.97
