"""A factory's open work becomes a network, and every simplification is said."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.model.scenario import Edit
from linewright.model.table import Table
from linewright.shop.distributions import exponential, fixed, lognormal, weibull
from linewright.twin.experiment.flows import OpenWork
from linewright.twin.network.advance import advance
from linewright.twin.network.arrays import RUN
from linewright.twin.network.build import compile_network
from linewright.twin.network.model import LEAVE, Cards, empirical
from linewright.twin.network.of_factory import network_of
from linewright.twin.network.state import new_state

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)


def shop(**tables):
    """Two saws and an oven; an order of ten frames, each of which is sawn and baked."""
    rows = {
        "settings": [{"name": "Shop", "timezone": "UTC", "start": MONDAY}],
        "work_centers": [{"work_center": "SAW"}, {"work_center": "OVEN"}],
        "machines": [
            {"machine": "S1", "work_center": "SAW"},
            {"machine": "S2", "work_center": "SAW", "speed": 2.0},
            {"machine": "O1", "work_center": "OVEN", "capacity": 4, "batch": True, "min_load": 2},
        ],
        "materials": [{"material": "FRAME", "kind": "made"}],
        "operations": [
            {"material": "FRAME", "step": 10, "work_center": "SAW", "setup_minutes": 5.0, "run_minutes": 3.0},
            {"material": "FRAME", "step": 20, "work_center": "OVEN", "fixed_minutes": 90.0},
        ],
        "orders": [
            {"order": "A", "material": "FRAME", "quantity": 10.0, "due": MONDAY + timedelta(hours=8)},
            {"order": "B", "material": "FRAME", "quantity": 4.0, "due": MONDAY + timedelta(hours=4)},
        ],
    }
    return Factory.of(**{**rows, **tables})


def changed(factory, table, where, **values):
    """The factory with some cells changed."""
    return Edit(table=table, where=where, values=values).apply(factory)


def flow_of(factory, **options):
    """Its flow from Monday on."""
    return network_of(factory, start=MONDAY, **options)


def step(flow, number, order="A:FRAME"):
    """A step of a job by its number."""
    kind = next(kind for kind in flow.network.job_types if kind.name == order)
    return next(step for step in kind.route if step.name == str(number))


def test_orders_become_jobs_with_their_times_and_dates():
    """A job is an order's lot: its quantity is in the time, its due date in minutes, and speed 1 counts."""
    flow = flow_of(shop())
    assert {kind.name: kind.arrivals.due for kind in flow.network.job_types} == {
        "A:FRAME": (480.0,),
        "B:FRAME": (240.0,),
    }
    assert [kind.arrivals.times for kind in flow.network.job_types] == [(0.0,), (0.0,)]
    saw = step(flow, 10)
    assert (saw.station, saw.time, saw.load_time) == ("SAW", fixed(30.0), 5.0)
    assert step(flow, 10, "B:FRAME").time == fixed(12.0)
    assert [(machine.name, machine.speed) for machine in flow.network.stations[0].machines] == [
        ("S1", 1.0),
        ("S2", 2.0),
    ]
    assert repr(flow) == "Flow of 2 jobs: Network Shop: 3 machines at 2 stations, 2 types of jobs"


def test_an_oven_takes_loads():
    """Jobs of one family share it, as many as it has places, and at least its least load."""
    bake = step(flow_of(shop()), 20)
    assert (bake.per, bake.batch, bake.batch_least, bake.batch_most) == ("batch", "any", 2, 4)
    assert any("that wait for a least load (2)" in said for said in flow_of(shop()).assumptions)
    wide = changed(shop(), "operations", {"step": 20}, load=2, setup_family="hot")
    assert not any("least load" in said for said in flow_of(wide).assumptions)
    bake = step(flow_of(wide), 20)
    assert (bake.batch, bake.batch_least, bake.batch_most) == ("hot", 1, 2)


def test_variation_rework_and_waits_are_carried_over():
    """Log-normal run times, a chance to be done again, drying before the next step and a longest wait."""
    factory = changed(
        shop(), "operations", {"step": 10}, run_variation=0.4, rework_share=0.1, min_wait_minutes=15.0,
        max_wait_minutes=60.0,
    )  # fmt: skip
    flow = flow_of(factory)
    saw = step(flow, 10)
    assert saw.time == lognormal(30.0, 0.4)
    assert [(branch.share, branch.to) for branch in saw.branches] == [(0.1, "20")]
    assert saw.wait_limit == 60.0
    assert step(flow, 20).transport == fixed(15.0)
    assert step(flow, 20).wait_limit is None


def test_the_plant_s_own_hours_count():
    """Time is working time of the longest calendar; a machine with fewer hours is slower by its share."""
    factory = shop(
        shifts=[
            {"calendar": "long", "weekday": "mon-fri", "start": time(6), "end": time(22)},
            {"calendar": "short", "weekday": "mon-fri", "start": time(6), "end": time(14)},
        ],
    )  # fmt: skip
    factory = changed(factory, "machines", None, calendar="long")
    factory = changed(factory, "machines", {"machine": "S1"}, calendar="short")
    factory = changed(factory, "orders", {"order": "A"}, due=MONDAY + timedelta(days=1, hours=2))
    flow = flow_of(factory)
    due = next(kind.arrivals.due[0] for kind in flow.network.job_types if kind.name == "A:FRAME")
    assert due == 16 * 60 + 2 * 60
    assert flow.moment(due) == MONDAY + timedelta(days=1, hours=2)
    assert flow.moment(60.0) == MONDAY + timedelta(hours=1)
    assert flow.network.stations[0].machines[0].speed == pytest.approx(0.5)
    assert any("open 80 hours a week" in said for said in flow.assumptions)
    assert any("S1 works 50 % of the plant's hours" in said for said in flow.assumptions)


def test_buffers_cards_and_places_come_from_the_tables():
    """Queue places limit a station, the WIP limit is a loop of cards, and a machine with places is several."""
    factory = changed(shop(), "work_centers", {"work_center": "OVEN"}, queue_places=3)
    factory = changed(factory, "machines", {"machine": "S1"}, capacity=2).with_settings(wip_limit=7)
    flow = flow_of(factory)
    saw, oven = flow.network.stations
    assert (saw.queue_places, oven.queue_places) == (None, 3)
    assert flow.network.cards == (Cards(name="wip limit", cards=7),)
    assert {kind.cards for kind in flow.network.job_types} == {"wip limit"}
    assert [machine.name for machine in saw.machines] == ["S1 place 1", "S1 place 2", "S2"]
    assert any("S1 has 2 places" in said for said in flow.assumptions)


def test_failures_have_their_laws_crews_and_ages():
    """Every distribution of the table, in minutes; two means alone are exponential."""
    modes = [
        {"machine": "S1", "mode": "blade", "up_hours": 20.0, "up_distribution": "weibull", "up_shape": 2.0,
         "repair_hours": 1.0, "repair_distribution": "lognormal", "repair_shape": 0.5, "repair_crew": "FIX",
         "age_hours": 3.0},
        {"machine": "S2", "mode": "service", "clock": "calendar", "up_hours": 100.0, "up_distribution": "fixed",
         "repair_hours": 2.0, "repair_distribution": "empirical", "repair_values": "1; 2;3"},
    ]  # fmt: skip
    factory = shop(failure_modes=modes, repair_crews=[{"repair_crew": "FIX", "quantity": 2}])
    factory = changed(factory, "machines", {"machine": "O1"}, mtbf_hours=50.0, mttr_hours=4.0)
    flow = flow_of(factory)
    machines = {machine.name: machine for station in flow.network.stations for machine in station.machines}
    (blade,) = machines["S1"].failures
    assert (blade.uptime, blade.repair) == (weibull(1200.0, 2.0), lognormal(60.0, 0.5))
    assert (blade.clock, blade.crew, blade.age) == ("running", "FIX", 180.0)
    (service,) = machines["S2"].failures
    assert (service.clock, service.uptime, service.repair) == ("calendar", fixed(6000.0), empirical([60, 120, 180]))
    (oven,) = machines["O1"].failures
    assert (oven.uptime, oven.repair) == (exponential(3000.0), exponential(240.0))
    assert [(pool.name, pool.people) for pool in flow.network.pools] == [("FIX", 2)]


def test_crews_become_pools():
    """People with a skill are a pool; those who share skills are one, and people away half of the time count half."""
    people = [{"person": "Ann"}, {"person": "Bob", "absence_share": 0.5}, {"person": "Cem", "absence_share": 0.5}]
    skills = [{"person": "Ann", "skill": "saw"}, {"person": "Bob", "skill": "saw"}, {"person": "Cem", "skill": "saw"}]
    factory = shop(people=people, skills=skills)
    flow = flow_of(changed(factory, "operations", {"step": 10}, crew=1, skill="saw"))
    saw, oven = flow.network.stations
    assert [(pool.name, pool.people) for pool in flow.network.pools] == [("Ann, Bob, Cem", 2)]
    assert (saw.operators, saw.operators_for, oven.operators) == ("Ann, Bob, Cem", "run", "")
    assert (step(flow, 10).operators, step(flow, 20).operators) == (1, None)
    assert any("3 people are there 2.0 at a time" in said for said in flow.assumptions)


def test_setters_are_needed_for_changeovers():
    """People who only set up are asked for where families change; a note says where orders are set up without them."""
    setters = {"people": [{"person": "Ann"}], "skills": [{"person": "Ann", "skill": "saw"}]}
    changes = [{"work_center": "SAW", "from_family": "thin", "to_family": "thick", "minutes": 20.0}]
    plain = changed(shop(**setters), "operations", {"step": 10}, setup_crew=1, setup_skill="saw", setup_family="thick")
    flow = flow_of(plain)
    assert flow.network.stations[0].operators == ""
    assert any("whose setup needs people (2)" in said for said in flow.assumptions)
    known = changed(
        plain.with_tables(changeovers=Table.of("changeovers", changes)),
        "machines",
        {"machine": "S1"},
        setup_family="thin",
    )
    saw = flow_of(known).network.stations[0]
    assert (saw.operators, saw.operators_for) == ("Ann", "setup")


def test_changeovers_become_setups():
    """Families that a station's work has, with the minutes between them, and what a machine is set up for."""
    factory = shop(
        changeovers=[{"work_center": "SAW", "from_family": "thin", "to_family": "thick", "minutes": 20.0}],
        operations=[
            {"material": "FRAME", "step": 10, "work_center": "SAW", "run_minutes": 3.0, "setup_family": "thin"},
            {"material": "FRAME", "step": 20, "work_center": "SAW", "run_minutes": 3.0, "setup_family": "thick"},
        ],
    )
    factory = changed(factory, "machines", {"machine": "S1"}, setup_family="thick")
    flow = flow_of(factory)
    (saw,) = flow.network.stations
    assert [(setup.before, setup.after, setup.time) for setup in saw.setups] == [("thin", "thick", fixed(20.0))]
    assert [machine.setup for machine in saw.machines] == ["thick", ""]
    assert [step(flow, 10).setup, step(flow, 20).setup] == ["thin", "thick"]


def test_a_part_is_joined_where_it_is_used():
    """The job of a frame waits for the job that makes its tubes, and only jobs of orders need a card."""
    factory = shop(
        materials=[{"material": "FRAME", "kind": "made"}, {"material": "TUBE", "kind": "made"}],
        components=[{"material": "FRAME", "component": "TUBE", "quantity": 2.0}],
        operations=[
            {"material": "FRAME", "step": 10, "work_center": "OVEN", "run_minutes": 3.0},
            {"material": "TUBE", "step": 10, "work_center": "SAW", "run_minutes": 1.0},
        ],
    ).with_settings(wip_limit=2)
    flow = flow_of(factory)
    kinds = {kind.name: kind for kind in flow.network.job_types}
    assert kinds["A:TUBE"].route[0].time == fixed(20.0)
    assert [join.job_type for join in kinds["A:FRAME"].route[0].joins] == ["A:TUBE"]
    assert (kinds["A:FRAME"].cards, kinds["A:TUBE"].cards) == ("wip limit", "")


def test_machines_that_are_no_alternatives_are_stations_of_their_own():
    """A work center falls apart where its operations name their machine, and stays one where they may use either."""
    factory = changed(shop(), "operations", {"step": 10}, machine="S2")
    names = [station.name for station in flow_of(factory).network.stations]
    assert names == ["SAW", "OVEN"]
    split = shop(
        operations=[
            {"material": "FRAME", "step": 10, "machine": "S1", "run_minutes": 3.0},
            {"material": "FRAME", "step": 20, "machine": "S2", "run_minutes": 3.0},
        ]
    )
    assert [station.name for station in flow_of(split).network.stations] == ["S1", "S2"]
    mixed = shop(
        operations=[
            {"material": "FRAME", "step": 10, "work_center": "SAW", "run_minutes": 3.0},
            {"material": "FRAME", "step": 20, "machine": "S2", "run_minutes": 3.0},
        ]
    )
    flow = flow_of(mixed)
    assert [station.name for station in flow.network.stations] == ["SAW"]
    assert any("only some of these machines (2)" in said for said in flow.assumptions)


def test_an_endless_flow_repeats_the_mix():
    """Jobs of mean quantity come as often as the open ones are due, and twice as often at a pace of two."""
    flow = flow_of(shop(), endless=True)
    (kind,) = flow.network.job_types
    assert (kind.name, kind.arrivals.interval, kind.lead_time) == ("FRAME", exponential(240.0), 360.0)
    assert kind.route[0].time == fixed(21.0)
    fast = flow_of(shop(), endless=True, pace=2.0)
    assert fast.network.job_types[0].arrivals.interval == exponential(120.0)


@pytest.mark.parametrize("due_hours", [-48.0, -10.0, 0.01])
def test_dates_before_the_plant_opens_give_no_pace(due_hours):
    """Where no working time is left until the last due date, work comes as if its dates were a week away."""
    factory = shop(shifts=[{"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14)}])
    factory = changed(factory, "machines", None, calendar="day")
    factory = changed(factory, "orders", None, due=MONDAY + timedelta(hours=due_hours))
    (kind,) = network_of(factory, start=MONDAY - timedelta(days=2), endless=True).network.job_types
    assert kind.arrivals.interval == exponential(pytest.approx(5 * 480 / 2))


@pytest.mark.parametrize(
    ("table", "where", "values", "told"),
    [
        ("machines", {"machine": "S1"}, {"mtbf_hours": 9.0}, "S1 fails every 9 h and is never repaired — fill in"),
        ("operations", {"step": 20}, {"fixed_minutes": 0.0}, "step 20 of FRAME takes no time — fill in run_minutes"),
        ("operations", {"step": 10}, {"setup_minutes": -5.0}, "step 10 of FRAME takes -5 minutes — correct the sign"),
        ("orders", None, {"status": "closed"}, "nothing is to be done — add open orders"),
    ],
)  # fmt: skip
def test_rows_that_cannot_flow_are_named(table, where, values, told):
    """No repair, no time or no work: the row and the cure."""
    with pytest.raises(ModelError) as caught:
        flow_of(changed(shop(), table, where, **values))
    assert told in str(caught.value)


def test_failures_that_say_too_little_are_all_named():
    """A Weibull law without a shape and empirical hours that are none, in one error."""
    modes = [
        {"machine": "S1", "mode": "a", "up_hours": 20.0, "up_distribution": "weibull", "repair_hours": 1.0},
        {"machine": "S2", "mode": "b", "up_hours": 20.0, "repair_hours": 1.0, "repair_distribution": "empirical",
         "repair_values": "1;two"},
        {"machine": "S2", "mode": "c", "up_hours": -1.0, "repair_hours": 1.0},
    ]  # fmt: skip
    with pytest.raises(ModelError) as caught:
        flow_of(shop(failure_modes=modes))
    assert [problem.partition(": ")[2].partition(" —")[0] for problem in caught.value.problems] == [
        "S1 a: up_distribution weibull has no shape",
        "S2 b: repair_values is 1;two",
        "S2 c: fails after -1 h and is repaired in 1 h",
    ]


@pytest.mark.parametrize("options", [{"rule": "first"}, {"pace": 0.0}])
def test_unknown_options_are_refused(options):
    """A rule that nobody knows, or a pace at which nothing comes."""
    with pytest.raises(ModelError, match="use"):
        flow_of(shop(), **options)


def test_the_flow_runs_as_worked_out_by_hand():
    """The urgent order takes the first saw (17 min), the other the fast one (35 min, halved); then one load of 90."""
    compiled = compile_network(flow_of(shop()).network)
    state = advance(compiled, new_state(compiled, log=True), jobs=2)
    log = state.log[: int(state.clock.logged[0])]
    assert sorted(log.finished.tolist()) == [107.5, 107.5]
    assert {compiled.names.job_types[kind] for kind in log.job_type} == {"A:FRAME", "B:FRAME"}
    saw_hours = {name: state.time_in[at].tolist()[RUN] for at, name in enumerate(compiled.names.machines)}
    assert saw_hours == {"S1": 17.0, "S2": 17.5, "O1": 90.0}


@given(minutes=st.floats(-2e6, 2e6))
def test_working_time_and_moments_agree(night_shift, minutes):
    """A moment that so many working minutes lead to is found back, within the calendar, long before and after it."""
    clock = night_shift.clock
    assert float(clock.minutes(clock.seconds(minutes))) == pytest.approx(minutes, abs=1e-4)
    assert float(clock.minutes(clock.first_seconds(minutes))) == pytest.approx(minutes, abs=1e-4)
    assert clock.first_seconds(minutes) <= clock.seconds(minutes) + 1e-4


@pytest.fixture(scope="module")
def night_shift():
    """A flow in a plant that works at night, five days a week."""
    factory = shop(shifts=[{"calendar": "night", "weekday": "mon-fri", "start": time(22), "end": time(6)}])
    return flow_of(changed(factory, "machines", None, calendar="night"))


def test_a_factory_without_machines_is_refused():
    """There is nothing that jobs could flow through."""
    with pytest.raises(ModelError, match="machines: there are none — add"):
        flow_of(shop(machines=[], operations=[]))


def test_reworked_assemblies_do_not_ask_for_their_parts_again():
    """A step that takes in parts and may be done again ends in every run: its parts are inside by then."""
    factory = Factory.of(
        settings=[{"start": MONDAY}],
        machines=[{"machine": "M"}, {"machine": "N"}],
        operations=[
            {"material": "PART", "step": 10, "machine": "M", "run_minutes": 5.0},
            {"material": "WHOLE", "step": 10, "machine": "N", "run_minutes": 5.0, "rework_share": 0.5},
        ],
        components=[{"material": "WHOLE", "component": "PART", "quantity": 1.0}],
        orders=[{"order": "O", "material": "WHOLE", "quantity": 1.0, "due": MONDAY}],
    )
    found = OpenWork(network_of(factory, start=MONDAY))(np.arange(40), 1)
    assert np.isfinite(found[:, 0]).all()
    # Two times five minutes, and as often again as a coin shows heads.
    assert 10 / 60 <= found[:, 0].min() < found[:, 0].max()


@pytest.mark.parametrize("endless", [False, True])
def test_rework_does_not_dry_again(endless):
    """A step that is done again starts at once: drying and the way to it are behind it, once and in a stream."""
    factory = changed(shop(), "operations", {"step": 10}, min_wait_minutes=600.0, rework_share=0.2)
    factory = changed(factory, "operations", {"step": 20}, rework_share=0.3)
    saw, bake = flow_of(factory, endless=endless).network.job_types[0].route
    assert bake.transport == fixed(600.0)
    for made, share, following in ((saw, 0.2, "20"), (bake, 0.3, LEAVE)):
        (branch,) = made.branches
        (again,) = branch.detour
        assert (branch.share, branch.to, again.station, again.time) == (share, following, made.station, made.time)
        assert again.transport is None
        assert [(more.share, more.to, more.detour) for more in again.branches] == [(share, "", ())]
