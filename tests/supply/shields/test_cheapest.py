"""The cheapest shields, beside one program for all events."""

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.supply.network.generate import generate
from linewright.supply.shields import Option, choose, shielded
from linewright.supply.shields.generate import offers_for
from linewright.supply.stress import each_node, each_place, stress
from tests.supply.shields import oracles
from tests.supply.stress.oracles import tiny

CHAIN = {"stock": [4, 10], "demand": [2, 0], "rate": [3, 3], "uses": [[(1, 1.0)], []], "output": [0, 1]}


def test_the_cheaper_of_stock_and_second_source_is_bought():
    """With 4 in stock and 2 a day, ten days lack 16 of the product: stock at 1 each, or a source for 10 in all."""
    network = tiny(**CHAIN, recover=[10, 1])
    stock = Option(name="more", kind="stock", at=0, cost_per_unit=1.0)
    source = Option(name="other", kind="source", at=0, cost=10.0, most=3.0, inputs=((1, 1.0),))
    assert choose(network, [stock]).bought == {"more": pytest.approx(16.0, rel=1e-6)}
    choice = choose(network, [stock, source])
    assert choice.bought.keys() == {"other"}
    assert choice.cost == pytest.approx(10.0)
    assert choice.gap <= 0.01


def test_a_recovery_is_shortened_by_whole_days():
    """Two days are survived, so a recovery of 4.5 days must be 3 days sooner, at 5 for having it and 2 a day."""
    network = tiny(**CHAIN, recover=[4.5, 1])
    choice = choose(network, [Option(name="plan", kind="recovery", at=0, cost=5.0, cost_per_unit=2.0, most=4)])
    assert choice.bought == {"plan": 3.0}
    assert choice.cost == pytest.approx(11.0)
    assert choice.sentences[1] == "plan: node 0 recovers 3 days sooner, for 11 EUR."


def test_more_hours_help_only_what_is_left_of_a_group():
    """One of two machines leaves half of 3 hours: for 2 a day another hour is needed, half of which is left."""
    network = tiny(
        stock=[0], demand=[2], rate=[np.inf], uses=[[]], output=[0], usage=[[(0, 1.0)]], capacity=[3],
        hits_capacity=[(0, 0.5)], recover=[0, 5],
    )  # fmt: skip
    choice = choose(network, [Option(name="hours", kind="capacity", at=0, cost_per_unit=7.0, most=9)])
    assert choice.bought == {"hours": pytest.approx(1.0, rel=1e-6)}


def test_what_nothing_closes_is_named_and_the_rest_is_shielded():
    """Stock of the part helps against its supplier only; the product's line stays open and is said to."""
    network = tiny(**CHAIN, recover=[10, 10])
    choice = choose(network, [Option(name="parts", kind="stock", at=1, cost_per_unit=1.0)])
    assert choice.left_open == ("node 0",)
    assert choice.closed == ("node 1",)
    assert choice.bought == {"parts": pytest.approx(6.0, rel=1e-6)}
    assert choice.sentences[-1] == "Nothing that is offered closes node 0."


@pytest.mark.parametrize("seed", range(4))
def test_the_cost_is_that_of_one_program_for_all_events(seed):
    """On small networks the choice costs no more than its gap above the optimum, and its bound is below it."""
    network = generate(24, seed)
    offers = offers_for(network, seed)
    exposed = stress(network).exposed["node"].to_list()
    plans = [option for option in offers if option.kind == "recovery"]
    useful = [option for option in plans if network.node_names[option.at] in exposed][:2]
    options = [option for option in offers if option.kind != "recovery"] + useful
    choice = choose(network, options, gap=1e-6)
    best = oracles.cheapest(network, options, each_node(network))
    assert choice.cost == pytest.approx(best, rel=1e-5)
    assert choice.bound <= best * (1 + 1e-6)


def test_with_the_shields_nothing_is_exposed_any_more():
    """The stress test of the shielded network finds no stop that is felt; without them it found some."""
    network = generate(150, 7)
    options = offers_for(network, 3)
    choice = choose(network, options)
    assert stress(network).exposed.height == len(choice.closed) > 0
    assert stress(shielded(network, options, choice.bought)).exposed.is_empty()
    assert choice.gap <= 0.01


def test_regions_can_be_shielded_as_well():
    """Stops of whole regions are closed together."""
    network = generate(40, 1)
    options = [option for option in offers_for(network, 3) if option.kind != "recovery"]
    places = each_place(network)
    choice = choose(network, options, places, gap=1e-6)
    closed = [event for event in places if event.name in choice.closed]
    assert closed
    assert choice.cost == pytest.approx(oracles.cheapest(network, options, closed), rel=1e-5)
    after = stress(shielded(network, options, choice.bought), closed)
    assert after.exposed.is_empty()


def test_nothing_is_bought_where_nothing_is_exposed():
    """A network that survives everything needs no shield."""
    network = tiny(**CHAIN, recover=[1, 1])
    choice = choose(network, [Option(name="more", kind="stock", at=0, cost_per_unit=1.0)])
    assert choice.frame.is_empty()
    assert choice.cost == 0.0


def test_wrong_options_are_named_with_their_cure():
    """Every option that points nowhere or has a negative cost is in one message."""
    options = [
        Option(name="one", kind="stock", at=9), Option(name="two", kind="wall", at=0),
        Option(name="two", kind="stock", at=0, cost=-1.0),
    ]  # fmt: skip
    with pytest.raises(ModelError) as caught:
        choose(tiny(**CHAIN), options)
    assert len(caught.value.problems) == 4
