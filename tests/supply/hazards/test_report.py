"""The report of many years, its tornado, and two networks compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.model.hazard_results import LOSS_COLUMNS, SERVICE_COLUMNS, STEP_COLUMNS, TORNADO_COLUMNS
from linewright.supply.hazards import Hazards, Recovery, Shock, compare, simulate_stops
from linewright.supply.hazards.base_plan import walk_of
from linewright.supply.hazards.simulation import simulate_paths
from linewright.supply.hazards.stops import Calendar
from linewright.supply.hazards.tornado import COMMON, CONDITIONAL, losses_without
from linewright.supply.network.generate import generate
from tests.supply.hazards.networks import network

NET = generate(40, 4)
HAZARDS = Hazards.of(NET, 0.5, shocks=[Shock("region 1", 0.5, Recovery.of(20), 0.5)])


@pytest.fixture(scope="module")
def report():
    """600 years of a small network."""
    return simulate_stops(NET, HAZARDS, paths=600, seed=3, exact=4)


def test_one_supplier_without_stock_loses_what_the_formula_says():
    """Stops of 2 days at 3 a year, 5 units a day at 7 each: mean = margin * days down = 35 * sum of P(down)."""
    net = network({"part": (0, 5, 7)}, [("supplier", "part", 5, {})])
    hazards = Hazards.of(net, 3.0, [Recovery.fixed(2)])
    told = simulate_stops(net, hazards, paths=4000, steps=364, step_days=1, seed=1)
    rate = 3 / 365.25
    days = 364 - 2
    expected = 35 * (days * (1 - np.exp(-2 * rate)) + 2 - (1 - np.exp(-2 * rate)) / rate)
    _, low, high = told.figure("mean")
    assert low <= expected <= high
    nothing, low, high = told.figure("nothing lost")
    assert low <= np.exp(-364 * rate) <= high
    assert nothing == (told.losses == 0).mean()


def test_every_table_has_its_columns_and_says_what_it_rests_on(report):
    """The count of paths, the seed and the method stand in each row."""
    tables = {"figures": LOSS_COLUMNS, "tornado": TORNADO_COLUMNS, "service": SERVICE_COLUMNS, "steps": STEP_COLUMNS}
    for name, columns in tables.items():
        table = getattr(report, name)
        assert dict(table.schema) == {column: dtype() for column, dtype in columns.items()}
        assert table["paths"].unique().to_list() == [600]
        assert table["seed"].unique().to_list() == [3]
        assert table["method"].str.len_chars().min() > 0


def test_tables_agree_with_each_other(report):
    """Losses by product, by step and by path add up to the same mean."""
    assert report.service["lost_margin"].sum() == pytest.approx(report.mean)
    assert report.steps["lost_margin"].sum() == pytest.approx(report.mean)
    assert report.mean == pytest.approx(report.losses.mean())
    assert report.cvar >= report.figure("P95")[0] >= report.figure("P50")[0]
    assert (report.service["service"] >= report.service["service_p5"]).all()


def test_the_report_says_itself_in_a_line(report):
    """For those who print it."""
    assert repr(report).startswith("HazardReport of 600 paths of 364 days: ")
    assert "seed 3" in repr(report)
    with pytest.raises(KeyError):
        report.figure("P42")


def test_exact_rows_of_the_tornado_are_whole_simulations(report):
    """What is simulated again without a cause equals a full run in which it never happens."""
    row = report.tornado.row(0, named=True)
    assert row["method"] == COMMON
    names = [*zip(HAZARDS.cause_kinds, HAZARDS.cause_names, strict=True)]
    never = HAZARDS.without([names.index((row["kind"], row["name"]))])
    without = simulate_stops(NET, never, paths=600, seed=3, exact=0)
    assert row["mean_less"] == pytest.approx(report.mean - without.mean)
    assert row["cvar_less"] == pytest.approx(report.cvar - without.cvar)
    assert row["mean_low"] <= row["mean_less"] <= row["mean_high"]


def test_only_paths_that_a_cause_struck_are_simulated_again():
    """The others cannot change; the result is that of simulating all."""
    walk, calendar = walk_of(NET), Calendar()
    paths = simulate_paths(walk, HAZARDS, np.arange(200), seed=8)
    for cause in (0, 25, 40):
        full = simulate_paths(walk, HAZARDS.without([cause]), np.arange(200), seed=8).losses
        assert np.array_equal(losses_without(paths, walk, HAZARDS, [cause], 8, calendar), full)


def test_estimated_rows_agree_with_exact_ones():
    """For nearly all causes the exact part lies within the estimate's interval."""
    exact = simulate_stops(NET, HAZARDS, paths=600, seed=3, exact=99).tornado
    rough = simulate_stops(NET, HAZARDS, paths=600, seed=3, exact=0).tornado
    assert set(exact["method"]) == {COMMON}
    assert set(rough["method"]) == {CONDITIONAL}
    both = exact.join(rough, on=["kind", "name"], suffix="_rough")
    for part in ("mean", "cvar"):
        inside = (both[f"{part}_low_rough"] <= both[f"{part}_less"]) & (
            both[f"{part}_less"] <= both[f"{part}_high_rough"]
        )
        assert inside.mean() > 0.85
    width = (both["mean_high"] - both["mean_low"]).mean()
    assert width < (both["mean_high_rough"] - both["mean_low_rough"]).mean()


def test_a_change_is_compared_path_by_path(report):
    """Twice the stock helps on average, and by a smaller interval than two separate simulations could tell."""
    richer = replace(NET, stock=NET.stock * 2)
    after = simulate_stops(richer, HAZARDS, paths=600, seed=3, exact=0)
    found = compare(report, after)
    rows = {row["figure"]: row for row in found.table.iter_rows(named=True)}
    mean = rows["mean"]
    assert mean["gain"] == pytest.approx(report.mean - after.mean)
    assert 0 < mean["low"] < mean["gain"] < mean["high"]
    assert rows["CVaR 95"]["gain"] == pytest.approx(report.cvar - after.cvar)
    apart = np.hypot(*(np.std(told.losses) / np.sqrt(600) for told in (report, after)))
    assert mean["high"] - mean["low"] < 2 * 1.96 * apart
    assert set(rows) == {"mean", "P50", "P80", "P95", "P99", "CVaR 95"}


def test_a_quicker_recovery_never_costs_a_day_more():
    """On the same random numbers every path of a single source has at most the loss of before."""
    net = network({"part": (10, 5, 7)}, [("supplier", "part", 8, {})])
    slow, quick = (
        simulate_stops(net, Hazards.of(net, 2.0, [Recovery.of(days)]), paths=300, seed=2) for days in (14, 7)
    )
    assert (quick.losses <= slow.losses + 1e-9).all()
    assert quick.mean < slow.mean


def test_reports_on_other_numbers_are_not_compared(report):
    """A different seed is no pair."""
    other = simulate_stops(NET, HAZARDS, paths=600, seed=4, exact=0)
    with pytest.raises(ModelError, match="do not share their random numbers"):
        compare(report, other)


def test_what_is_lost_without_stops_is_told():
    """A demand above capacity is no matter of stops: the report says how much is lost anyway."""
    net = network({"part": (0, 5, 7)}, [("supplier", "part", 4, {})])
    told = simulate_stops(net, Hazards.of(net, 0.0), paths=20)
    assert told.calm_loss == pytest.approx(7 * 364)
    assert told.figure("nothing lost")[0] == 1
    assert "are lost even without any stop" in told.assumptions[-1]
    assert told.tornado.height == 0


def test_wrong_arguments_are_all_named():
    """Too few paths, no steps, and hazards of another network."""
    with pytest.raises(ModelError) as told:
        simulate_stops(generate(20, 1), HAZARDS, paths=3, steps=0, step_days=0)
    assert [problem.split(":")[0] for problem in told.value.problems] == [
        "the hazards are those of another network",
        "paths 3",
        "steps 0",
        "step_days 0",
    ]
