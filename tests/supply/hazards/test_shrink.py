"""Log-normals of many groups at once."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.supply.hazards.shrink import shrunk_log_normals


def sample(seed, groups=60, rows=(1, 40), between=0.5, within=0.4):
    """Groups whose means scatter about log 20, with few to many rows each."""
    random = np.random.default_rng(seed)
    means = np.log(20) + between * random.standard_normal(groups)
    group = np.repeat(np.arange(groups), random.integers(*rows, groups))
    return means, group, np.exp(means[group] + within * random.standard_normal(group.size))


def test_many_rows_speak_for_themselves():
    """With hundreds of rows a group is as its rows are."""
    _, group, days = sample(1, rows=(300, 400))
    fit = shrunk_log_normals(days, group, 60)
    own = np.bincount(group, np.log(days)) / np.bincount(group)
    assert fit.mean == pytest.approx(own, abs=0.02)
    assert fit.sigma == pytest.approx(np.full(60, 0.4), abs=0.06)
    assert fit.weight.min() > 0.98


def test_few_rows_are_drawn_towards_the_usual():
    """The error of the means is smaller than with each group alone, and than with all in one."""
    truth, group, days = sample(2, rows=(1, 6))
    fit = shrunk_log_normals(days, group, 60)
    own = np.bincount(group, np.log(days)) / np.bincount(group)

    def error(means):
        return np.mean((means - truth) ** 2)

    assert error(fit.mean) < error(own)
    assert error(fit.mean) < error(np.log(days).mean())
    assert (np.abs(fit.mean - fit.usual_mean) <= np.abs(own - fit.usual_mean) + 1e-9).all()


def test_groups_that_are_alike_become_one():
    """Without scatter between groups the weight of a group's own rows is small."""
    _, group, days = sample(3, rows=(2, 5), between=0.0)
    assert shrunk_log_normals(days, group, 60).weight.mean() < 0.3


def test_a_group_without_rows_is_as_usual():
    """With the scatter between groups in its spread."""
    _, group, days = sample(4)
    fit = shrunk_log_normals(days, group, 61)
    assert fit.mean[60] == pytest.approx(fit.usual_mean)
    assert fit.sigma[60] > fit.sigma[np.bincount(group).argmax()]
    assert fit.rows[60] == 0


def test_the_next_row_falls_below_the_worst_as_often_as_told():
    """Over many groups 19 of 20 new rows lie below the 95 % point, however few rows there were."""
    truth, group, days = sample(5, groups=3000, rows=(1, 5))
    fit = shrunk_log_normals(days, group, 3000)
    after = truth + 0.4 * np.random.default_rng(6).standard_normal(3000)
    assert np.mean(after <= fit.mean + 1.645 * fit.sigma) == pytest.approx(0.95, abs=0.02)


def test_a_typing_error_is_cut_back():
    """One row of a thousand days among rows of twenty moves nothing, and is counted."""
    _, group, days = sample(7, rows=(20, 30))
    before = shrunk_log_normals(days, group, 60)
    days[0] = 50_000
    after = shrunk_log_normals(days, group, 60)
    assert after.far[0] == 1
    assert after.mean[0] == pytest.approx(before.mean[0], abs=0.12)


def test_rows_still_open_count_as_longer():
    """Leaving open rows out, or taking them as ended, is too short; filled in, the mean is right."""
    random = np.random.default_rng(8)
    logs, bound = np.log(20) + 0.5 * random.standard_normal(4000), np.log(20) + 0.5 * random.standard_normal(4000)
    still_open = logs > bound
    seen = np.where(still_open, bound, logs)
    group = np.zeros(4000, int)
    fit = shrunk_log_normals(np.exp(seen), group, 1, still_open)
    assert fit.mean[0] == pytest.approx(np.log(20), abs=0.03)
    assert fit.sigma[0] == pytest.approx(0.5, abs=0.03)
    assert seen.mean() < fit.mean[0] - 0.1
    assert logs[~still_open].mean() < fit.mean[0] - 0.1
