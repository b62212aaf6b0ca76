"""What a factory may buy, and how likely its stops are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from linewright import read
from linewright.model.table import Table
from linewright.supply.hazards import Hazards
from linewright.supply.network.of_factory import network_of
from linewright.supply.shields.from_factory import first_chances, options_of
from linewright.supply.shields.options import CAPACITY, RECOVERY, SOURCE, STOCK

EXAMPLE = Path(__file__).parents[3] / "examples" / "bracket_shop"


@pytest.fixture(scope="module")
def factory():
    return read(EXAMPLE)


def built_of(factory):
    return network_of(factory, datetime(2026, 3, 2, tzinfo=UTC))


def test_the_table_becomes_options_in_units_of_a_day(factory):
    """A second source of 4,000 a week is 571 a day; a unit of it costs seven weekly units."""
    built = built_of(factory)
    options, _ = options_of(factory, built, more_stock=False)
    by_kind = {option.kind: option for option in options}
    assert set(by_kind) == {STOCK, SOURCE, CAPACITY, RECOVERY}
    source = by_kind[SOURCE]
    assert built.network.pool_names[source.at] == "SHEET-3"
    assert source.most == pytest.approx(4000 / 7)
    assert source.cost_per_unit == pytest.approx(0.14)
    assert built.network.group_names[by_kind[CAPACITY].at] == "LASER-1"
    assert built.network.node_names[by_kind[RECOVERY].at] == "RHEIN"


def test_more_stock_costs_its_share_of_the_price_unless_a_row_says_so(factory):
    """Bolts for 0.11 at 12 % a year; sheet has a row of its own."""
    built = built_of(factory)
    options, told = options_of(factory, built)
    added = {option.name: option for option in options if option.name.startswith("more ")}
    assert "more SHEET-3" not in added
    assert added["more BOLT-M8"].cost_per_unit == pytest.approx(0.11 * 0.12)
    assert "may be held at 12 % of its price a year" in told[-1]


def test_rows_that_fit_nowhere_are_left_out_and_told(factory):
    """An unknown work center, supplier or material does not stop the others."""
    rows = [
        {"shield": "a", "kind": "stock", "material": "BOLT-M8-A2"},
        {"shield": "b", "kind": "capacity", "work_center": "SAWS"},
        {"shield": "c", "kind": "recovery", "supplier": "NOBODY"},
        {"shield": "d", "kind": "stock", "material": "PIN"},
    ]
    changed = factory.with_tables(shields=Table.of("shields", rows))
    options, told = options_of(changed, built_of(changed), more_stock=False)
    assert [option.name for option in options] == ["d"]
    assert len(told) == 3
    assert all("is left out" in sentence for sentence in told)


def test_first_stops_share_the_chance_of_any_stop(factory):
    """Rates of 1 and 3 a year: some stop with chance 1 - exp(-4), a quarter of it the first."""
    network = built_of(factory).network
    rates = np.zeros(network.nodes)
    rates[:2] = 1.0, 3.0
    chances = first_chances(Hazards.of(network, rates), [0, 1, 2])
    assert chances == pytest.approx([(1 - np.exp(-4)) / 4, 3 * (1 - np.exp(-4)) / 4, 0.0])
