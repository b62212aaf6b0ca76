"""What a day of promised lead time is worth."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.curve import promise_curve
from linewright.supply.buffers.placement import place
from tests.supply.buffers.chains import random_chain


def test_waiting_longer_never_costs_more():
    """Each point is the optimum of its promise, and the curve falls to nothing once customers wait for everything."""
    chain = Chain.of(
        ["part", "product"], [("part", "product")], lead_days=[9, 4], added_cost=[1, 2], demand_sd=[0, 10],
        promised_days=[np.nan, 0],
    )  # fmt: skip
    curve = promise_curve(chain, range(15))
    assert (np.diff(curve.total) <= 1e-9).all()
    assert curve.total[13:].tolist() == [0, 0]
    assert curve.total[3] == pytest.approx(place(chain.changed(promised_days=np.array([np.nan, 3.0]))).total)
    assert curve.worth_of_a_day.sum() == pytest.approx(curve.total[0])


@pytest.mark.parametrize("seed", [3, 11])
def test_a_kept_solver_changes_nothing(seed):
    """Starting from the optimum of the promise before gives the same points as starting afresh."""
    chain = random_chain(seed, 12, 0.5, 6)
    curve = promise_curve(chain, range(6))
    for days, total in zip(curve.days.tolist(), curve.total.tolist(), strict=True):
        promised = np.where(np.isnan(chain.promised_days), np.nan, days)
        assert total == pytest.approx(place(chain.changed(promised_days=promised)).total, rel=1e-7)


def test_only_stages_with_customers_have_a_promise():
    """Asking for another stage's promise is refused by name."""
    chain = Chain.of("ab", [("a", "b")], lead_days=1, added_cost=1, demand_sd=1, promised_days=[np.nan, 0])
    with pytest.raises(ModelError, match="a promises nothing"):
        promise_curve(chain, [0], stages=["a"])
