"""A fab of the testbed becomes a network of stations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linewright.shop.distributions import between, exponential, fixed
from linewright.twin.fabs.smt2020 import raw_minutes, read_smt2020
from linewright.twin.fabs.smt2020.flow import Reading, entered_minutes, network_of_fab
from linewright.twin.network.advance import advance
from linewright.twin.network.build import compile_network
from linewright.twin.network.state import new_state


@pytest.fixture
def fab(tiny_fab):
    """The tiny fab, read."""
    return read_smt2020(tiny_fab)


def test_steps_have_the_times_of_lot_and_tool(fab):
    """Loading is in the lot's time; a tool that cascades is free after its interval; travel is where places join."""
    oven, wet, litho, met, film, last = network_of_fab(fab).job_types[0].route
    assert oven.time == between(123 - 30, 123 + 30)
    assert (oven.per, oven.batch, oven.batch_least, oven.batch_most) == ("batch", "r_a 1", 2, 3)
    assert (oven.wait_limit, oven.wait_limit_to) == (240, "3")
    assert wet.time == pytest.approx(between(40 - 0.1, 40 + 0.1))
    assert (wet.cascade, film.cascade, litho.cascade) == (fixed(37.5), fixed(20), None)
    assert (oven.transport, wet.transport, film.transport) == (None, between(4, 8), None)
    assert (litho.setup, last.setup, met.setup) == ("S1", "S2", "")
    assert (litho.same_machine_as, last.same_machine_as) == ("", "3")
    assert met.done_share == 0.4
    assert [(branch.share, branch.to) for branch in last.branches] == [(0.1, "5")]


def test_tools_fail_and_stop_as_the_files_say(fab):
    """Breakdowns by the calendar, and upkeep spread evenly over the tools, by time or by lots of 25 pieces."""
    stations = {station.name: station for station in network_of_fab(fab).stations}
    (failure,) = stations["Litho"].failures
    assert (failure.uptime, failure.repair, failure.clock) == (exponential(540), exponential(60), "calendar")
    plans = [machine.maintenance[0] for machine in stations["Litho"].machines]
    assert [(plan.every_jobs, plan.first) for plan in plans] == [(20, 8), (20, 16)]
    (film,) = stations["Film"].machines
    (plan,) = film.maintenance
    assert (plan.every_time, plan.first, plan.duration) == (14400, 11520, between(600, 840))
    assert stations["Oven"].failures == ()


def test_setups_are_those_that_the_station_needs(fab):
    """A time in the route counts for every state before; else the matrix, and the row for any other state."""
    litho = next(station for station in network_of_fab(fab).stations if station.name == "Litho")
    told = {(setup.before, setup.after): (setup.time, setup.least_runs) for setup in litho.setups}
    assert told == {
        ("", "S1"): (fixed(8), 0),
        ("S1", "S2"): (fixed(7), 3),
        ("", "S2"): (fixed(9), 3),
    }
    assert litho.same_setup_first


def test_streams_of_lots_have_priorities_and_dates(fab):
    """The most urgent class is 0; lots come at constant intervals and are due so long after."""
    regular, hot = network_of_fab(fab).job_types
    assert (regular.name, regular.priority, regular.lead_time) == ("Lot_a", 1, 1440)
    assert (regular.arrivals.interval, regular.arrivals.first, regular.arrivals.most) == (fixed(100), 0, 1000)
    assert (hot.name, hot.priority, hot.arrivals.first) == ("Hot_a", 0, 60)


def test_lots_inside_wait_for_their_step(fab):
    """Each is there once, and entered as long before its date as its stream does."""
    assert [(start.job_type, start.jobs, start.step) for start in network_of_fab(fab).start] == [
        ("Lot_a", 1, "5"), ("Lot_a", 1, "6"),
    ]  # fmt: skip
    assert entered_minutes(fab) == {"Lot_a": [600 - 1440, 300 - 1440], "Hot_a": []}
    assert network_of_fab(fab, Reading(start_lots=False)).start == ()


def test_the_reading_of_the_peer_is_a_choice(fab):
    """Full furnaces shared by the steps of one name, and half as wide uniform times."""
    network = network_of_fab(fab, Reading(full_batches=True, mixed_batches=True, uniform_half=False, rule="cr"))
    oven = network.job_types[0].route[0]
    assert (oven.batch, oven.batch_least, oven.time) == ("001_oven", 3, between(123 - 15, 123 + 15))
    assert {station.rule for station in network.stations} == {"cr"}


def test_hvlm_becomes_a_network(bench):
    """As many tools, families and streams as the testbed has, and its lots inside."""
    network = network_of_fab(read_smt2020(bench("simulation/smt2020/SMT2020_HVLM")))
    assert repr(network) == "Network SMT2020: 1,443 machines at 106 stations, 5 types of jobs"
    assert len(network.start) == 2255


def test_an_empty_fab_takes_the_raw_time(tiny_fab):
    """Lots that come one by one, without stops and in batches of one, take the sum of the means and the setups."""
    fab = read_smt2020(tiny_fab)
    single = replace(fab.product["a"].steps[0], least_pieces=25)
    calm = replace(
        fab,
        products=(replace(fab.product["a"], steps=(single, *fab.product["a"].steps[1:])),),
        releases=(replace(fab.releases[0], interval_minutes=1000.0),),
        breakdowns=(), upkeeps=(), start_lots=(),
    )  # fmt: skip
    compiled = compile_network(network_of_fab(calm))
    state = advance(compiled, new_state(compiled, log=True), jobs=800)
    log = state.log[: int(state.clock.logged[0])]
    # A tenth of the lots does the last two steps again; a tool that has both setups changes twice for each lot.
    again = 0.1 * (62 + 39.5)
    cycle = (log.finished - log.arrived).mean()
    assert raw_minutes(calm, "a") + again <= cycle <= raw_minutes(calm, "a") + again + 1.2 * (8 + 7)


def test_a_run_fab_keeps_up_with_its_releases(tiny_fab):
    """With all stops, setups and the lots inside, as many lots leave as come, and urgent ones are faster."""
    fab = read_smt2020(tiny_fab)
    slower = replace(
        fab, releases=tuple(replace(one, interval_minutes=3 * one.interval_minutes) for one in fab.releases)
    )
    compiled = compile_network(network_of_fab(slower))
    state = advance(compiled, new_state(compiled), until=900 * 300.0)
    regular, hot = state.job_types
    assert regular.finished == pytest.approx(902, rel=0.02)
    assert hot.finished == pytest.approx(10, abs=1)
    assert regular.inside < 30
