"""Points for unsure inputs, and the split of variance against models whose parts are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.twin.statistics.designs import latin_hypercube, sobol, split_crossed, split_nested


def test_a_latin_hypercube_has_one_point_in_each_slice():
    """Each input takes each of its slices once, and the seed decides where."""
    points = latin_hypercube(17, 3, seed=5)
    assert (np.sort((points * 17).astype(int), axis=0) == np.arange(17)[:, None]).all()
    assert np.array_equal(points, latin_hypercube(17, 3, seed=5))
    assert not np.array_equal(points, latin_hypercube(17, 3, seed=6))


def test_sobol_points_are_even_in_pairs():
    """Each of 16 equal boxes of two inputs has as many of 64 points."""
    points = sobol(64, 2, seed=1)
    boxes = np.histogram2d(*points.T, bins=4, range=[(0, 1), (0, 1)])[0]
    assert (boxes == 4).all()
    assert ((points > 0) & (points < 1)).all()
    assert np.array_equal(points, sobol(64, 2, seed=1))


def test_impossible_designs_are_refused():
    """The message says which numbers would do."""
    with pytest.raises(ModelError, match="power of 2, such as 64 or 128"):
        sobol(100, 2, seed=1)
    with pytest.raises(ModelError, match="use 1 or more"):
        latin_hypercube(0, 2, seed=1)


def nested(rng, trials, runs, chance, inputs):
    """Runs whose input and chance are normal with these deviations."""
    return rng.normal(0, inputs, (trials, 1)) + rng.normal(0, chance, (trials, runs))


def crossed(rng, trials, runs, common, rest, inputs):
    """Runs of which each column shares some of its chance."""
    return rng.normal(0, inputs, (trials, 1)) + rng.normal(0, common, runs) + rng.normal(0, rest, (trials, runs))


def test_the_split_is_unbiased_with_few_runs():
    """With 3 runs for each input the mean of 2,000 splits is right, where the plain variance of means is far off."""
    rng = np.random.default_rng(1)
    samples = [nested(rng, 12, 3, 2.0, 1.0) for _ in range(2000)]
    splits = [split_nested(sample) for sample in samples]
    assert np.mean([split.chance for split in splits]) == pytest.approx(4.0, rel=0.03)
    # Cutting at 0 lifts the mean a little.
    assert np.mean([split.inputs for split in splits]) == pytest.approx(1.0, rel=0.2)
    assert np.mean([sample.mean(axis=1).var(ddof=1) for sample in samples]) > 2.2


def test_groups_of_several_sizes():
    """With 60 inputs of 2 to 9 runs both parts are found."""
    rng = np.random.default_rng(2)
    found = []
    for _ in range(300):
        sizes = rng.integers(2, 10, 60)
        found.append(split_nested([rng.normal(rng.normal(0, 2.0), 1.0, size) for size in sizes]))
    assert np.mean([split.chance for split in found]) == pytest.approx(1.0, rel=0.03)
    assert np.mean([split.inputs for split in found]) == pytest.approx(4.0, rel=0.05)
    assert 0.91 <= np.mean([split.low <= 4.0 <= split.high for split in found]) <= 0.98


@pytest.mark.parametrize("inputs", [0.5, 2.0])
def test_the_interval_of_the_inputs_covers(inputs):
    """Of 1,000 intervals 93 to 97 % hold the variance of the inputs, for the nested and the crossed split."""
    rng = np.random.default_rng(3)
    splits = [split_nested(nested(rng, 15, 8, 1.0, inputs)) for _ in range(1000)]
    assert 0.925 <= np.mean([split.low <= inputs**2 <= split.high for split in splits]) <= 0.975
    splits = [split_crossed(crossed(rng, 15, 8, 3.0, 1.0, inputs)) for _ in range(1000)]
    assert 0.925 <= np.mean([split.low <= inputs**2 <= split.high for split in splits]) <= 0.975


def test_common_chance_is_chance():
    """What columns share counts as chance, not as input."""
    rng = np.random.default_rng(4)
    splits = [split_crossed(crossed(rng, 20, 30, 3.0, 1.0, 2.0)) for _ in range(300)]
    assert np.mean([split.chance for split in splits]) == pytest.approx(10.0, rel=0.05)
    assert np.mean([split.inputs for split in splits]) == pytest.approx(4.0, rel=0.05)
    assert np.mean([split.inputs_share for split in splits]) == pytest.approx(4 / 14, rel=0.1)


def test_sure_inputs_have_no_part():
    """When all inputs are the same the split finds little or none, never less than none."""
    rng = np.random.default_rng(5)
    splits = [split_nested(nested(rng, 10, 10, 1.0, 0.0)) for _ in range(300)]
    assert min(split.inputs for split in splits) == 0.0
    assert np.mean([split.inputs for split in splits]) < 0.03


def test_runs_without_chance_are_all_input():
    """What never varies within an input is the input's."""
    found = split_nested(np.repeat(np.arange(5.0)[:, None], 4, axis=1))
    assert (found.chance, found.inputs) == (0.0, 2.5)
    assert found.low < 2.5 < found.high
    assert split_crossed(np.repeat(np.arange(5.0)[:, None], 4, axis=1)).inputs == 2.5


@pytest.mark.parametrize("few", [np.zeros((1, 5)), np.zeros((4, 1))])
def test_too_few_runs_cannot_be_split(few):
    """One input, or one run for each, say nothing."""
    for split in (split_nested(few), split_crossed(few)):
        assert math.isnan(split.inputs)
        assert split.note.startswith("not enough")
