"""Turns that a run seldom takes: heaps that fill with stale events, interrupted people, laps, machines that are off."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.shop.distributions import exponential, fixed
from linewright.twin.network.advance import advance
from linewright.twin.network.arrays import DOWN
from linewright.twin.network.build import compile_network
from linewright.twin.network.figures import figure_names, figures_of
from linewright.twin.network.model import Arrivals, Branch, Cards, JobType, Network, Pool, Releases, Step
from linewright.twin.network.state import forget, new_state, with_more_events
from linewright.twin.network.stations import CALENDAR, Failure, Machine, Maintenance, Power, Station


def step(station, time, **options):
    """A step of a fixed time."""
    return Step(station=station, time=fixed(time), **options)


def network(stations, kinds, **options):
    """A network of stations and of (name, route, arrivals) or job types."""
    made = tuple(k if isinstance(k, JobType) else JobType(name=k[0], route=k[1], arrivals=k[2]) for k in kinds)
    return Network(name="test", stations=tuple(stations), job_types=made, **options)


def run(net, until, **options):
    """The compiled network and its state at a moment."""
    compiled = compile_network(net)
    return compiled, advance(compiled, new_state(compiled, **options), until)


EVERY = Arrivals(interval=fixed(1.0))
STALE = {
    "switching off": network([Station(name="m", power=Power(off_after=2_000.0))], [("j", (step("m", 0.5),), EVERY)]),
    "clocks": network(
        [
            Station(
                name="m",
                failures=(
                    Failure(name="often", uptime=exponential(4.0), repair=fixed(0.2), clock=CALENDAR),
                    Failure(name="rare", uptime=fixed(50_000.0), repair=fixed(1.0), clock=CALENDAR),
                ),
            )
        ],
        [("j", (step("m", 0.5),), EVERY)],
    ),
    "interruption": network(
        [Station(name="m", preemptive=True)],
        [
            JobType(name="long", priority=1, route=(step("m", 5000.0),), arrivals=Releases(times=(0.0,))),
            ("hot", (step("m", 0.25),), EVERY),
        ],
    ),
}


@pytest.mark.parametrize("net", STALE.values(), ids=STALE.keys())
def test_stale_events_do_not_overflow_the_heap(net):
    """What no longer counts is dropped before the heap is full, and no figure is another than with room for all."""
    compiled, state = run(net, 1_900.0)
    roomy = new_state(compiled)
    while roomy.heap.size < 5_000:
        roomy = with_more_events(roomy)
    roomy = advance(compiled, roomy, 1_900.0)
    assert roomy.marks.count[0] > state.heap.size >= state.marks.count[0]
    np.testing.assert_array_equal(figures_of(compiled, roomy, 1_900.0), figures_of(compiled, state, 1_900.0))


def test_the_heap_grows_with_events_that_count():
    """A heap that is too short for live events grows, and nothing is lost."""
    net = network([Station(name="m", machines=9)], [("j", (step("m", 0.5, transport=fixed(300.0)),), EVERY)])
    compiled, state = run(net, 500.0)
    short = new_state(compiled)
    short = advance(compiled, short._replace(heap=short.heap[: int(compiled.plant.options.margin[0]) + 8]), 500.0)
    assert short.heap.size > compiled.plant.options.margin[0] + 8
    np.testing.assert_array_equal(figures_of(compiled, short, 500.0), figures_of(compiled, state, 500.0))


def test_a_blocked_machine_that_waits_for_its_crew_cuts_nobody_off():
    """A fails at 20 while it is blocked and the crew is at X; B and D, blocked behind it, go on all the same."""
    stations = [
        Station(name="C", queue_places=0),
        Station(name="A", failures=(Failure(uptime=fixed(20.0), repair=fixed(1.0), clock=CALENDAR, crew="crew"),)),
        Station(name="B"),
        Station(name="D"),
        Station(name="X", failures=(Failure(uptime=fixed(15.0), repair=fixed(200.0), clock=CALENDAR, crew="crew"),)),
    ]
    kinds = [("0", (step("C", 50.0),), Releases(times=(0.0,)))]
    kinds += [
        (name, (step(name, time), step("C", 1.0)), Releases(times=(0.0,)))
        for name, time in (("A", 1.0), ("B", 2.0), ("D", 3.0))
    ]
    _, state = run(network(stations, kinds, pools=(Pool(name="crew", people=1),)), 1000.0)
    assert state.job_types.finished.tolist() == [1, 1, 1, 1]


def test_time_never_runs_backwards_after_a_maintenance():
    """Two clocks run out during one maintenance; both failures come after it, one after the other."""
    modes = tuple(
        Failure(name=name, uptime=fixed(time), repair=fixed(1.0), clock=CALENDAR) for name, time in (("a", 5), ("b", 6))
    )
    station = Station(
        name="m", failures=modes, maintenance=(Maintenance(duration=fixed(10.0), every_time=100.0, first=4.0),)
    )
    _, state = run(network([station], [("j", (step("m", 0.5),), EVERY)]), 18.0, trace=True)
    assert (np.diff(state.trace.time[: state.clock.traced[0]]) >= 0).all()
    assert state.time_in[0, DOWN] == 2


def test_who_is_interrupted_gives_its_people_back():
    """With one person for one machine the urgent job takes over, and all are finished."""
    kinds = [
        JobType(name="long", priority=1, route=(step("m", 5.0),), arrivals=Arrivals(interval=fixed(8.0))),
        ("hot", (step("m", 0.5),), Arrivals(interval=fixed(10.0))),
    ]
    station = Station(name="m", preemptive=True, operators="p")
    _, state = run(network([station], kinds, pools=(Pool(name="p", people=1),)), 207.0)
    assert state.job_types.finished.tolist() == [25, 20]
    assert state.pools.free[0] == 1


def test_operators_who_are_a_crew_too_repair_when_they_are_free():
    """The repair waits for the operator of the other machine, and begins when that job ends at 11."""
    stations = [
        Station(name="m", operators="p"),
        Station(name="f", failures=(Failure(uptime=fixed(3.0), repair=fixed(1.0), crew="p"),)),
    ]
    kinds = [("j", (step("m", 10.0),), Releases(times=(1.0,))), ("k", (step("f", 5.0),), Releases(times=(0.0,)))]
    _, state = run(network(stations, kinds, pools=(Pool(name="p", people=1),)), 100.0, log=True)
    assert state.log.finished[:2].tolist() == [11, 14]
    assert state.pools.free[0] == 1


def test_each_lap_that_a_step_leads_back_has_its_own_toss():
    """A step that leads back to itself and is left with a chance of a half takes two laps on average."""
    lap = step("m", 1.0, name="w", then="w", branches=(Branch(share=0.5, to="leave"),))
    _, state = run(network([Station(name="m", machines=30)], [("j", (lap,), EVERY)]), 2000.0)
    assert state.job_types.cycle[0] / state.job_types.finished[0] == pytest.approx(2.0, abs=4 * (2 / 2000) ** 0.5)


def test_the_busy_share_of_a_pool():
    """One of two people is at work half of the time."""
    net = network(
        [Station(name="m", operators="p")], [("j", (step("m", 0.5),), EVERY)], pools=(Pool(name="p", people=2),)
    )
    compiled, state = run(net, 100.0)
    names = [str(figure) for figure in figure_names(compiled)]
    busy = figures_of(compiled, state, 100.0)[names.index("pool p: busy_share")]
    assert busy == pytest.approx(99 * 0.5 / 200)


def test_the_longest_queue_after_a_warm_up_begins_with_who_waits_then():
    """Of 50 jobs at once 44 still wait at 5.5, and that is the longest queue from then on."""
    compiled, state = run(network([Station(name="m")], [("j", (step("m", 1.0),), Releases(times=(0.0,) * 50))]), 5.5)
    forget(state)
    assert advance(compiled, state, 20.0).queues.most[0] == 44


def test_a_machine_that_is_off_starts_up_for_the_job_that_must_return():
    """The second job returns at 51 to the second machine, though the first was woken before it."""
    power = Power(off_after=5.0, start_up=fixed(1.0))
    stations = [
        Station(name="m", machines=(Machine(name="m1"), Machine(name="m2")), power=power),
        Station(name="f", machines=2),
    ]
    back = (step("m", 1.0, name="x"), step("f", 50.0), step("m", 1.0, same_machine_as="x"))
    kinds = [("a", (step("m", 1.0),), Releases(times=(0.0,))), ("j", back, Releases(times=(0.1,)))]
    _, state = run(network(stations, kinds), 500.0, log=True)
    assert state.log.finished[:2].tolist() == [1, pytest.approx(53.1)]


def test_the_card_of_a_lost_job_is_handed_on():
    """The job that waits for a card enters when another, which had it, is turned away."""
    kinds = [
        ("x", (step("full", 200.0),), Releases(times=(0.0,))),
        JobType(
            name="lost", route=(step("full", 1.0),), cards="c",
            arrivals=Arrivals(interval=fixed(9.0), first=4.0, jobs=1, most=1, lost_when_full=True),
        ),
        JobType(name="held", route=(step("m", 20.0),), cards="c", arrivals=Releases(times=(0.0, 1.0))),
    ]  # fmt: skip
    stations = [Station(name="full", queue_places=0), Station(name="m")]
    _, state = run(network(stations, kinds, cards=(Cards(name="c", cards=1),)), 100.0)
    assert state.job_types.finished.tolist() == [0, 0, 2]
    assert state.job_types.lost[1] == 1


def test_machines_wait_for_each_other_behind_a_skipped_step():
    """A loop that closes only when its unlimited step is skipped is looked at for deadlocks."""
    stations = [Station(name="a", queue_places=1), Station(name="b")]
    for share, cyclic in ((1.0, 0), (0.05, 1)):
        route = (step("a", 1.0), step("b", 0.1, done_share=share), step("a", 1.0, name="again"))
        assert compile_network(network(stations, [("j", route, EVERY)])).plant.options.cyclic[0] == cyclic


def test_a_second_machine_leaves_the_luck_of_the_first():
    """The first of two machines fails as it would alone."""
    causes = []
    for count in (1, 2):
        failing = (Failure(uptime=exponential(10.0), repair=fixed(1.0)),)
        net = network([Station(name="m", machines=count, failures=failing)], [("j", (step("m", 1.0),), EVERY)])
        causes.append(compile_network(net).plant.modes.cause[0])
        assert [machine.name for machine in net.stations[0].all_machines] == ["m", "m 2"][:count]
    assert causes[0] == causes[1]
