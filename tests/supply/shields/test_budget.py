"""The least risk for a budget, beside one program for all scenarios."""

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.supply.network.generate import generate
from linewright.supply.shields import Option, Risk, choose, pareto, protect
from linewright.supply.shields.generate import offers_for
from linewright.supply.stress import each_node
from tests.supply.shields import oracles
from tests.supply.stress.oracles import tiny


def test_the_worst_cases_are_weighed_by_their_probability():
    """Of losses 10 at 3 % and 4 at 50 %, the worst 5 % have a mean of (3 x 10 + 2 x 4) / 5."""
    losses, chances = np.array([4.0, 10.0]), np.array([0.5, 0.03])
    assert Risk(tail=0.95).of(losses, chances) == pytest.approx(7.6)
    assert Risk(measure="expected loss").of(losses, chances) == pytest.approx(2.3)
    assert Risk(tail=0.9).of(losses, np.array([0.02, 0.03])) == pytest.approx((0.03 * 10 + 0.02 * 4) / 0.1)


def test_half_the_money_prevents_half_of_the_loss():
    """Ten days lack 16; 8 of them are bought for 8, the other 8 are lost at 5 each."""
    network = tiny(
        stock=[4, 10], demand=[2, 0], margin=[5, 0], rate=[3, 3], uses=[[(1, 1.0)], []], output=[0, 1], recover=[10, 1]
    )
    option = Option(name="more", kind="stock", at=0, cost_per_unit=1.0)
    choice = protect(network, [option], each_node(network), [0.1, 0.1], 8.0, risk=Risk(tail=0.9))
    assert choice.bought == {"more": pytest.approx(8.0, rel=1e-6)}
    assert choice.goal == pytest.approx(40.0, rel=1e-6)
    assert choice.closed == ()


@pytest.mark.parametrize("tail", [0.0, 0.8])
@pytest.mark.parametrize("seed", range(3))
def test_the_risk_is_that_of_one_program_for_all_scenarios(seed, tail):
    """On small networks the risk equals the optimum of one program with all scenarios in it."""
    network = generate(24, seed)
    options = [option for option in offers_for(network, seed) if option.kind != "recovery"]
    events, chances = each_node(network), np.random.default_rng(seed).uniform(0, 0.04, network.nodes)
    budget = choose(network, options).cost / 3
    risk = Risk(tail=tail) if tail else Risk(measure="expected loss")
    choice = protect(network, options, events, chances, budget, risk=risk, gap=1e-5)
    best = oracles.least_risk(network, options, events, chances, budget, tail)
    assert choice.goal == pytest.approx(best, rel=1e-4)
    assert choice.bound <= best * (1 + 1e-6)
    assert choice.cost <= budget * (1 + 1e-6)


def test_more_money_never_means_more_risk():
    """Along the curve the risk falls from that of doing nothing to none, where nothing is exposed any more."""
    network = generate(40, 2)
    options = offers_for(network, 1)
    chances = np.full(network.nodes, 0.5 / network.nodes)
    curve = pareto(network, options, each_node(network), chances, steps=3)
    worst = curve["worst_loss"].to_numpy()
    assert (np.diff(worst) <= 0.01 * worst[0]).all()
    assert worst[0] > 0
    assert worst[-1] <= 0.01 * worst[0]
    assert (curve["cost"] <= curve["budget"] * (1 + 1e-6) + 1e-6).all()


def test_probabilities_must_fit_the_events():
    """Too few, negative or too many in sum is refused."""
    network = tiny(stock=[4], demand=[2], rate=[3], uses=[[]], output=[0])
    with pytest.raises(ModelError, match="sum up to 1"):
        protect(network, [], each_node(network), [1.5], 1.0)
