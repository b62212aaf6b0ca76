"""Raw processing times and loads by sums of means."""

from __future__ import annotations

import pytest

from linewright.twin.fabs.smt2020 import loads_of, raw_minutes, read_smt2020

FOLDER = "simulation/smt2020/SMT2020_HVLM"


def test_the_raw_time_adds_up(tiny_fab):
    """Six steps, of which one is done by 40 % of the lots, and travel where both places are joined."""
    fab = read_smt2020(tiny_fab)
    steps = 123 + 40 + 32 + 0.4 * 12 + 62 + 39.5
    travel = 6 + 6 + 0.4 * 6
    assert raw_minutes(fab, "a") == pytest.approx(steps + travel)


def test_the_load_counts_rework_sampling_batches_and_stops(tiny_fab):
    """Each family's busy share, worked out by hand."""
    loads = loads_of(read_smt2020(tiny_fab))
    rate = 1 / 100 + 1 / 1000
    assert loads["Oven"].busy_share == pytest.approx(rate * 123 / 2.5 / 2)
    assert loads["Met"].available_share == pytest.approx(0.9)
    assert loads["Met"].busy_share == pytest.approx(rate * 0.4 * 12 / 0.9)
    assert loads["Film"].available_share == pytest.approx(0.95)
    assert loads["Film"].busy_share == pytest.approx(rate * 1.1 * 20 / 0.95)
    pieces = rate * 25 * 2.1 / 2
    assert loads["Litho"].available_share == pytest.approx(0.9 - pieces / 500 * 240)


def test_hvlm_has_the_published_raw_times_and_loads(bench):
    """Kopp et al. 2020 give 27.18 and 15.96 days (table II), and the greatest load of each area (table III)."""
    fab = read_smt2020(bench(FOLDER))
    assert raw_minutes(fab, "part_3") / 1440 == pytest.approx(27.18, rel=0.002)
    assert raw_minutes(fab, "part_4") / 1440 == pytest.approx(15.96, rel=0.002)
    greatest = {
        "Dielectric": 89.8, "Diffusion": 90.0, "Dry_Etch": 91.8, "Litho": 97.4, "Def_Met": 84.0, "Litho_Met": 91.7,
        "TF_Met": 74.9,
    }  # fmt: skip
    loads = loads_of(fab).values()
    for group, published in greatest.items():
        found = max(load.busy_share for load in loads if load.group == group)
        assert 100 * found == pytest.approx(published, abs=0.6), group


def test_hvlm_is_read_whole(bench):
    """As many tools, families, steps, stops and lots as the testbed has."""
    fab = read_smt2020(bench(FOLDER))
    assert repr(fab) == "Fab of 1,443 tools in 106 families, 2 products of 583 and 343 steps, 2,255 lots inside"
    assert len(fab.upkeeps) == 292
    assert {stop.family for stop in fab.breakdowns} == {family.name for family in fab.families} - {"Delay_32"}
