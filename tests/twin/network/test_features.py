"""What a model can say, each worked out by hand on a few jobs with fixed times."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.shop.distributions import fixed
from linewright.twin.network.advance import advance
from linewright.twin.network.arrays import MAINTENANCE, OFF, RUN, SETUP, START_UP
from linewright.twin.network.build import compile_network
from linewright.twin.network.model import (
    SCRAP,
    Branch,
    Cards,
    JobType,
    Network,
    Pool,
    Releases,
    Saturated,
    StartJobs,
    Step,
    empirical,
)
from linewright.twin.network.state import new_state
from linewright.twin.network.stations import CALENDAR, Failure, Machine, Maintenance, Power, Setup, Station


def job(name, times, *route, **options):
    """A type of jobs with given release times."""
    return JobType(name=name, route=route, arrivals=Releases(times=tuple(times)), **options)


def run(stations, kinds, until=1000.0, **options):
    """The finished jobs as (type, number, time), and the state."""
    network = Network(name="test", stations=tuple(stations), job_types=tuple(kinds), **options)
    compiled = compile_network(network)
    state = advance(compiled, new_state(compiled, log=True), until)
    log = state.log[: int(state.clock.logged[0])]
    names = compiled.names.job_types
    return [(names[line.job_type], int(line.number), float(line.finished)) for line in log], state


def ends(stations, kinds, **options):
    """Only the moments."""
    return [time for _, _, time in run(stations, kinds, **options)[0]]


def test_a_batch_waits_until_it_is_full_enough():
    """Two jobs are the least and three the most: the oven starts at the second, then takes all that wait."""
    step = Step(station="oven", time=fixed(10.0), per="batch", batch="heat", batch_least=2, batch_most=3)
    assert ends([Station(name="oven")], [job("a", [0, 1, 2, 3, 4], step)]) == [11, 11, 21, 21, 21]


def test_batch_families_do_not_mix():
    """Jobs of two families are done in two batches, in the order in which they came."""
    kinds = [
        job(name, times, Step(station="oven", time=fixed(5.0), per="batch", batch=name, batch_most=4))
        for name, times in (("a", [0, 1, 3]), ("b", [2]))
    ]
    finished, _ = run([Station(name="oven")], kinds)
    assert finished == [("a", 0, 5), ("a", 1, 10), ("a", 2, 10), ("b", 0, 15)]


def test_setups_are_avoided_and_a_least_number_of_runs_is_kept():
    """Red to blue takes 2; with the rule the second red goes before the blue that came earlier."""
    setups = (Setup(after="blue", time=fixed(2.0)), Setup(after="red", before="blue", time=fixed(3.0)))
    kinds = [
        job("red", [0, 0.2], Step(station="press", time=fixed(1.0), setup="red")),
        job("blue", [0.1], Step(station="press", time=fixed(1.0), setup="blue")),
    ]
    plain, state = run([Station(name="press", setups=setups)], kinds)
    assert plain == [("red", 0, 1), ("blue", 0, 4), ("red", 1, 8)]
    assert state.time_in[0, SETUP] == 5
    avoided, _ = run([Station(name="press", setups=setups, same_setup_first=True)], kinds)
    assert avoided == [("red", 0, 1), ("red", 1, 2), ("blue", 0, 5)]
    lasting = (*setups, Setup(after="red", time=fixed(0.5), least_runs=2))
    kept, _ = run([Station(name="press", setups=lasting)], kinds)
    assert [name for name, _, _ in kept] == ["red", "red", "blue"]


def test_operators_are_shared_between_stations():
    """One person serves two machines: the second starts when the first is done."""
    stations = [Station(name=name, operators="people") for name in ("x", "y")]
    kinds = [job(name, [0], Step(station=name, time=fixed(4.0))) for name in ("x", "y")]
    assert ends(stations, kinds, pools=(Pool(name="people", people=1),)) == [4, 8]
    assert ends(stations, kinds, pools=(Pool(name="people", people=2),)) == [4, 4]


def test_people_only_for_the_setup_are_free_during_the_run():
    """The second machine is set up while the first runs."""
    setups = (Setup(after="f", time=fixed(1.0)),)
    stations = [Station(name=name, operators="p", operators_for="setup", setups=setups) for name in ("x", "y")]
    kinds = [job(name, [0], Step(station=name, time=fixed(4.0), setup="f")) for name in ("x", "y")]
    assert ends(stations, kinds, pools=(Pool(name="p", people=1),)) == [5, 6]


def test_transport_and_times_per_piece():
    """Three pieces take three times as long; loading is added once; the way to the second station takes 5."""
    route = (
        Step(station="a", time=fixed(2.0), per="piece", load_time=0.5, unload_time=0.25),
        Step(station="b", time=fixed(1.0), transport=fixed(5.0)),
    )
    assert ends([Station(name="a"), Station(name="b")], [job("k", [0], *route, pieces=3)]) == [6.75 + 5 + 1]


def test_rework_takes_a_detour_and_scrap_leaves():
    """A sure detour is taken each time, and sure scrap is counted."""
    mend = Step(station="b", time=fixed(10.0))
    check = Step(name="check", station="a", time=fixed(1.0), branches=(Branch(share=1.0, to="leave", detour=(mend,)),))
    stations = [Station(name="a"), Station(name="b")]
    assert ends(stations, [job("k", [0], check)]) == [11]
    _, state = run(
        stations, [job("k", [0, 1], Step(station="a", time=fixed(1.0), branches=(Branch(share=1.0, to=SCRAP),)))]
    )
    assert state.job_types.scrapped[0] == 2
    assert state.clock.inside[0] == 0


def test_rework_happens_as_often_as_its_share_says():
    """With a chance of 0.25 to go back, a step is done 1 / 0.75 times on average; laps are independent."""
    again = Step(name="s", station="a", time=fixed(1.0), branches=(Branch(share=0.25, to="s"),))
    kind = JobType(name="k", arrivals=Saturated(), route=(again,))
    _, state = run([Station(name="a")], [kind], until=20_000.0)
    assert state.job_types.finished[0] == pytest.approx(15_000, abs=4 * (20_000 * 0.1875) ** 0.5)


def test_a_sampled_step_is_skipped_as_often_as_its_share_says():
    """A step for 30 % of the jobs is done for 30 % of them."""
    route = (Step(station="a", time=fixed(1.0)), Step(station="b", time=fixed(0.5), done_share=0.3))
    kind = JobType(name="k", arrivals=Saturated(), route=route)
    _, state = run([Station(name="a"), Station(name="b")], [kind], until=10_000.0)
    assert state.time_in[1, RUN] / 0.5 == pytest.approx(3_000, abs=4 * 2_100**0.5)


def test_a_limit_of_waiting_time_is_counted_when_missed():
    """The second job waits 4 between the steps; only a limit below that is missed."""
    for limit, missed in ((3.9, 1), (4.1, 0)):
        route = (Step(station="a", time=fixed(1.0), wait_limit=limit), Step(station="b", time=fixed(5.0)))
        _, state = run([Station(name="a"), Station(name="b")], [job("k", [0, 0], *route)])
        assert state.job_types.missed[0] == missed


def test_a_job_returns_to_its_machine():
    """Both jobs want the machine of their first step, though the other one is free."""
    first = Step(name="first", station="a", time=fixed(4.0))
    second = Step(station="a", time=fixed(1.0), same_machine_as="first")
    kinds = [job("k", [0, 1], first, Step(station="b", time=fixed(0.5)), second)]
    finished, state = run([Station(name="a", machines=2), Station(name="b")], kinds)
    assert [time for _, _, time in finished] == [5.5, 6.5]
    assert state.time_in[:2, RUN].tolist() == [5, 5]


def test_a_cascading_machine_takes_the_next_job_early():
    """Each job takes 10, but one may begin every 3."""
    step = Step(station="a", time=fixed(10.0), cascade=fixed(3.0))
    assert ends([Station(name="a")], [job("k", [0, 0, 0], step)]) == [10, 13, 16]


def test_maintenance_by_time_and_by_jobs_waits_for_the_running_job():
    """After every second job 5 are lost; by time, what is due at 3 begins when the job ends at 4."""
    step = Step(station="a", time=fixed(2.0))
    by_jobs = Station(name="a", maintenance=(Maintenance(duration=fixed(5.0), every_jobs=2),))
    finished, state = run([by_jobs], [job("k", [0] * 4, step)])
    assert [time for _, _, time in finished] == [2, 4, 11, 13]
    assert state.time_in[0, MAINTENANCE] == 10
    by_time = Station(name="a", maintenance=(Maintenance(duration=fixed(5.0), every_time=100.0, first=3.0),))
    assert ends([by_time], [job("k", [0] * 4, step)], until=90.0) == [2, 4, 11, 13]


def test_failures_by_running_time_wait_while_the_machine_is_idle():
    """After 5 hours of work, not of time, the machine fails for 10, in the middle of its second job."""
    failing = Station(name="a", failures=(Failure(uptime=fixed(5.0), repair=fixed(10.0)),))
    step = Step(station="a", time=fixed(4.0))
    assert ends([failing], [job("k", [0, 100], step)]) == [4, 114]
    by_calendar = Station(name="a", failures=(Failure(uptime=fixed(5.0), repair=fixed(10.0), clock=CALENDAR),))
    assert ends([by_calendar], [job("k", [0, 3], step)], until=40.0) == [4, 18]


def test_one_crew_repairs_one_machine_at_a_time():
    """Both machines fail at 5; the second waits for the crew until 15."""
    failure = Failure(uptime=fixed(5.0), repair=fixed(10.0), crew="crew")
    stations = [Station(name=name, failures=(failure,)) for name in ("x", "y")]
    kinds = [job(name, [0], Step(station=name, time=fixed(6.0))) for name in ("x", "y")]
    assert ends(stations, kinds, pools=(Pool(name="crew", people=1),)) == [16, 26]


def test_a_machine_is_switched_off_and_starts_up_again():
    """Off after 2 of idleness, 3 to start up at the next arrival."""
    power = Power(off_after=2.0, start_up=fixed(3.0), off_kw=0.1, start_up_kw=5.0, idle_kw=1.0, run_kw=4.0)
    finished, state = run(
        [Station(name="a", power=power)], [job("k", [0, 10], Step(station="a", time=fixed(1.0)))], until=20.0
    )
    assert [time for _, _, time in finished] == [1, 14]
    assert state.time_in[0, OFF] == 7 + 4
    assert state.time_in[0, START_UP] == 3


def test_an_urgent_job_interrupts_and_the_other_goes_on_later():
    """The long job has 7 left when the urgent one comes at 3, and ends 2 later than it would."""
    kinds = [
        job("long", [0], Step(station="a", time=fixed(10.0)), priority=1),
        job("urgent", [3], Step(station="a", time=fixed(2.0)), priority=0),
    ]
    finished, _ = run([Station(name="a", preemptive=True)], kinds)
    assert finished == [("urgent", 0, 5), ("long", 0, 12)]


def test_rules_order_the_queue():
    """Each rule picks its own order of the three that wait when the first ends."""
    orders = {"fifo": "abc", "lifo": "cba", "spt": "bca", "edd": "cab", "cr": "cab", "atc": "cab"}
    for rule, order in orders.items():
        kinds = [job("x", [0], Step(station="m", time=fixed(3.0)))]
        for name, at, time, lead in (("a", 1.0, 4.0, 20.0), ("b", 1.1, 1.0, 90.0), ("c", 1.2, 2.0, 9.0)):
            kinds.append(job(name, [at], Step(station="m", time=fixed(time)), lead_time=lead))
        finished, _ = run([Station(name="m", rule=rule)], kinds)
        assert "".join(name for name, _, _ in finished)[1:] == order, rule


def test_blocking_before_service_keeps_a_machine_from_beginning():
    """Without a place between them, the first machine begins its second job at 1 or, blocked before service, at 6."""
    for before, expected in ((False, [6, 11]), (True, [6, 12])):
        stations = [Station(name="a", block_before_service=before), Station(name="b", queue_places=0)]
        kind = job("k", [0, 0], Step(station="a", time=fixed(1.0)), Step(station="b", time=fixed(5.0)))
        assert ends(stations, [kind]) == expected


def test_machines_of_their_own_have_speeds():
    """The second machine is twice as fast."""
    station = Station(name="a", machines=(Machine(name="slow"), Machine(name="quick", speed=2.0)))
    assert ends([station], [job("k", [0, 0], Step(station="a", time=fixed(4.0)))]) == [2, 4]


def test_cards_keep_the_number_inside():
    """With two cards the third job enters when the first leaves; a saturated loop never has more inside."""
    step = Step(station="a", time=fixed(4.0))
    kinds = [job("k", [0, 0, 0], step, cards="loop")]
    _, state = run([Station(name="a")], kinds, until=3.0, cards=(Cards(name="loop", cards=2),))
    assert state.clock.inside[0] == 2
    loop = JobType(name="k", route=(step, Step(station="b", time=fixed(1.0))), arrivals=Saturated(), cards="loop")
    _, state = run([Station(name="a"), Station(name="b")], [loop], until=101.0, cards=(Cards(name="loop", cards=3),))
    assert state.clock.inside[0] == 3
    assert state.job_types.finished[0] == 25


def test_who_finds_a_full_queue_waits_outside_or_is_lost():
    """One place besides the machine: of three at once one stays out, and comes in when the first leaves."""
    from linewright.twin.network.model import Arrivals

    for lost, finished in ((False, [4, 8, 12]), (True, [4, 8])):
        arrivals = Arrivals(interval=fixed(1e6), first=0.0, jobs=3, lost_when_full=lost)
        kind = JobType(name="k", route=(Step(station="a", time=fixed(4.0)),), arrivals=arrivals)
        assert ends([Station(name="a", queue_places=1)], [kind], until=50.0) == finished


def test_jobs_inside_at_the_start_wait_for_their_step():
    """Two jobs stand before the second step from the beginning."""
    kind = job("k", [0], Step(name="one", station="a", time=fixed(9.0)), Step(name="two", station="b", time=fixed(2.0)))
    started = ends([Station(name="a"), Station(name="b")], [kind], start=(StartJobs(job_type="k", jobs=2, step="two"),))
    assert started == [2, 4, 11]


def test_observed_values_are_drawn_as_they_are():
    """An empirical law gives only observed values, each about as often."""
    kind = JobType(name="k", route=(Step(station="a", time=empirical([3.0, 1.0])),), arrivals=Saturated())
    finished, _ = run([Station(name="a")], [kind], until=4_000.0)
    gaps = np.diff([time for _, _, time in finished])
    assert set(gaps) == {1.0, 3.0}
    assert np.mean(gaps) == pytest.approx(2.0, abs=0.1)
