"""The placement of safety stock: optimal, proven, and the same by any way of computing it."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from linewright.supply.buffers.certificate import breaches
from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.monolithic import monolithic_cost
from linewright.supply.buffers.placement import own_stock, place, priced
from linewright.supply.buffers.willems import read_willems
from tests.supply.buffers.chains import random_chain, tried_out

SMALL = (1, 2, 3, 4, 6, 7, 8, 9, 11, 13, 14, 15, 17, 18, 20)


def two_stages(**numbers):
    """A part that takes 9 days, and a product made of it in 4 days for customers who wait for 3."""
    given = {"lead_days": [9, 4], "added_cost": [1, 2], "demand_sd": [0, 10], "promised_days": [np.nan, 3]}
    return Chain.of(["part", "product"], [("part", "product")], service_factor=2.0, **{**given, **numbers})


def test_two_stages_by_hand():
    """The part covers 9 days at 1 or none; the product covers 1 day at 3, or 10 days."""
    placement = place(two_stages())
    both = 2 * 10 * (1 * np.sqrt(9) + 3 * np.sqrt(1))
    only_product = 2 * 10 * 3 * np.sqrt(10)
    assert placement.total == pytest.approx(min(both, only_product))
    assert placement.safety_stock.tolist() == pytest.approx([60, 20])
    assert placement.method == "elimination"


def test_units_scale_demand_and_value():
    """Three parts in each product: three times the deviation at the part, three times its cost in the product."""
    chain = Chain.of(
        ["part", "product"], [("part", "product", 3)], lead_days=[9, 4], added_cost=[1, 2], demand_sd=[0, 10],
        demand_mean=[0, 5], promised_days=[np.nan, 3],
    )  # fmt: skip
    assert chain.sigma.tolist() == [30, 10]
    assert chain.mean.tolist() == [15, 5]
    assert chain.value.tolist() == [1, 5]


@pytest.mark.parametrize("seed", range(30))
def test_small_chains_equal_trying_everything(seed):
    """Trees, circles, fractions of days, uncertain lead times, units: no combination of days costs less."""
    chain = random_chain(
        seed, 2 + seed % 5, 0.3 + 0.1 * (seed % 6), 3,
        fractions=seed % 2 == 1, uncertain=seed % 3 == 1, units=seed % 4 > 1,
    )  # fmt: skip
    placement = place(chain)
    assert placement.total == pytest.approx(tried_out(chain), rel=1e-7)
    assert breaches(placement) == []


@pytest.mark.parametrize("seed", range(6))
def test_two_formulations_agree(seed):
    """The plain programme, in which nothing is eliminated, has the same optimum."""
    chain = random_chain(200 + seed, 11, 0.35, 6, fractions=seed % 2 == 1, uncertain=seed % 3 == 2)
    assert place(chain).total == pytest.approx(monolithic_cost(chain), rel=1e-6)


def test_fractional_programmes_are_branched():
    """Dense chains exist whose linear programme is not whole; branching proves the same optimum as the plain one."""
    found = [place(random_chain(seed, 7, 0.8, 3, fractions=seed % 2 == 1)) for seed in range(40)]
    branched = [placement for placement in found if placement.method == "branching"]
    assert branched
    for placement in branched:
        assert breaches(placement) == []
        assert placement.total == pytest.approx(monolithic_cost(placement.chain), rel=1e-6)


@pytest.mark.parametrize("number", SMALL)
def test_public_chains_have_the_known_optimum(bench, number):
    """The smaller chains of Willems (2008) are placed at the known optimum, proven and checked."""
    folder = bench("supply/willems")
    with (folder / "gsm_reference.csv").open(encoding="utf-8") as file:
        known = {int(row["chain"]): float(row["opt_cost_integer_grid"]) for row in csv.DictReader(file)}
    chain = read_willems(folder / f"chain_{number:02d}_stages.csv", folder / f"chain_{number:02d}_arcs.csv")
    placement = place(chain)
    assert placement.total == pytest.approx(known[number], rel=1e-6)
    assert breaches(placement) == []
    assert placement.total <= own_stock(chain).total


def test_uncertain_lead_times_cost_more():
    """Spread around the same mean needs more stock, and the plain programme agrees on how much."""
    certain, uncertain = two_stages(demand_mean=[0, 8]), two_stages(demand_mean=[0, 8], lead_days_sd=[4, 1])
    assert uncertain.lead_mean == pytest.approx(certain.lead_mean)
    assert np.sqrt((uncertain.lead_days**2).mean(axis=1) - uncertain.lead_mean**2) == pytest.approx([4, 1])
    placement = place(uncertain)
    assert placement.total > place(certain).total
    assert placement.total == pytest.approx(monolithic_cost(uncertain), rel=1e-6)
    # With both stages holding stock it is the textbook formula: sigma^2 E[L] + mean^2 Var[L].
    assert priced(uncertain, np.zeros(2)).safety_stock[0] == pytest.approx(2 * np.sqrt(100 * 9 + 64 * 16))


def test_the_certificate_finds_what_is_wrong():
    """A total that is too low, stock that is too small, and a promise that is not kept are all named."""
    placement = place(two_stages())
    wrong = replace(
        placement, total=placement.total - 1, safety_stock=placement.safety_stock * 0.9,
        outbound_days=placement.outbound_days + 9,
    )  # fmt: skip
    told = "\n".join(breaches(wrong))
    for words in ("holds", "quotes", "are promised", "the total is"):
        assert words in told
    assert "not proven" in "\n".join(breaches(own_stock(two_stages())))


def test_a_limit_of_time_gives_an_answer_with_its_gap():
    """Without time the placement is still possible and correctly priced, and says what is not proven."""
    chain = random_chain(5, 14, 0.7, 8)
    placement = place(chain, seconds=0.0)
    assert breaches(placement, proven_within=np.inf) == []
    assert placement.bound <= place(chain).total * (1 + 1e-9) <= placement.total * (1 + 2e-9)
