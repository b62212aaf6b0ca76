"""How full machines are, day by day."""

import itertools
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewright.kit.load import OpenTime, late_operations, load_by_day, local_midnights, machine_shares
from tests.kit.sample_plan import START, ZONE


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=20, unique=True), st.integers(-50, 1100))
def test_open_time_leaves_out_exactly_the_closed_seconds(edges, moment):
    """The clock equals counting the open seconds one by one."""
    edges = sorted(edges)[: len(edges) // 2 * 2]
    windows = list(zip(edges[::2], edges[1::2], strict=True))
    clock = OpenTime([(START + timedelta(seconds=a), START + timedelta(seconds=b)) for a, b in windows], START)
    counted = sum(not any(a <= second < b for a, b in windows) for second in range(max(0, moment)))
    assert clock(np.array([float(moment)]))[0] == (counted if moment > 0 else moment)


def test_days_of_a_clock_change_keep_their_length():
    """The Sunday on which summer time begins has 23 hours."""
    midnights = local_midnights(START, START + timedelta(days=9), ZONE)
    hours = [(after - before) / timedelta(hours=1) for before, after in itertools.pairwise(midnights)]
    assert sorted(set(hours)) == [23.0, 24.0]
    assert hours.index(23.0) == 6


def test_busy_hours_add_up_to_the_work_of_the_plan(sample):
    """Hours by day sum to the setup and run hours of the bars; an oven's load counts once."""
    plan, factory, closed = sample
    load = load_by_day(plan, factory, closed)
    work = plan.operations.with_columns(hours=(pl.col("setup_minutes") + pl.col("run_minutes")) / 60)
    alone = work.filter(pl.col("load") == "").group_by("machine").agg(pl.col("hours").sum())
    expected = dict(alone.iter_rows())
    for machine, hours in zip(load.machines, load.busy_hours.sum(axis=1), strict=True):
        if machine in expected:
            assert abs(hours - expected[machine]) < 1e-6, machine
    ovens = work.filter(pl.col("load") != "").unique(["machine", "load"])["hours"].sum()
    oven_rows = [row for row, center in enumerate(load.work_centers) if center == "Hardening"]
    assert abs(load.busy_hours[oven_rows].sum() - ovens) < 1e-6


def test_no_machine_of_a_verified_plan_is_busier_than_it_is_open(sample):
    """Bars pause at night, and so do their hours."""
    load = load_by_day(*sample)
    assert (load.busy_hours <= load.open_hours + 1e-9).all()
    assert (load.late_hours <= load.busy_hours + 1e-9).all()
    assert load.late_hours.sum() > 0


def test_idle_machines_of_a_used_work_center_count_as_open(sample):
    """The fullest work center is the one that the sample makes the bottleneck."""
    plan, factory, closed = sample
    centers = load_by_day(plan, factory, closed).by_work_center()
    assert centers["work_center"][0] == "Turning"
    assert centers["used"].is_sorted(descending=True)


def test_what_is_open_after_the_end_is_no_missed_chance(plan):
    """A plan of one hour on one machine fills it, although the day goes on."""
    hour = plan.operations.head(1).with_columns(
        pl.lit(plan.start).alias("setup_start"), pl.lit(plan.start + timedelta(hours=1)).alias("end")
    )
    center = load_by_day(replace(plan, operations=hour)).by_work_center().row(0, named=True)
    assert center["used"] == pytest.approx(1.0)


def test_a_load_is_shared_by_its_members(sample):
    """The members of one oven load take one machine together."""
    plan, factory, _ = sample
    shares = plan.operations.with_columns(share=pl.Series(machine_shares(plan, factory)))
    together = shares.filter(pl.col("load") != "").group_by("machine", "load").agg(pl.col("share").sum())
    assert (together["share"] - 1).abs().max() < 1e-9


def test_work_is_late_when_its_order_is(plan):
    """Exactly the operations of jobs of late orders are late."""
    late = set(plan.late_orders["order"])
    jobs = {row["job"] for row in plan.jobs.iter_rows(named=True) if row["order"] in late}
    assert late_operations(plan) == [job in jobs for job in plan.operations["job"]]
