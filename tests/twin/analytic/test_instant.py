"""Instant estimates of networks against exact formulas and chains."""

from __future__ import annotations

import pytest

from linewright.errors import NoAnswer
from linewright.shop.distributions import erlang, exponential, fixed
from linewright.twin.analytic.closed_networks import closed_line
from linewright.twin.analytic.instant import estimate
from linewright.twin.analytic.line_chains import exact_line
from linewright.twin.analytic.open_networks import jackson
from linewright.twin.network.model import Arrivals, Branch, Cards, JobType, Network, Saturated, Step
from linewright.twin.network.stations import Failure, Setup, Station


def network(stations, route, arrivals, **more):
    kind = JobType(name="part", route=route, arrivals=arrivals, cards="loop" if "cards" in more else "")
    return Network(name="test", stations=stations, job_types=(kind,), **more)


def row(times, places):
    """A saturated row of single machines."""
    stations = tuple(
        Station(name=f"M{at}", queue_places=None if at == 0 else places[at - 1]) for at in range(len(times))
    )
    return network(stations, tuple(Step(station=f"M{at}", time=time) for at, time in enumerate(times)), Saturated())


def test_exponential_stations_with_rework_are_jacksons():
    """Poisson arrivals, exponential times and a loop: VUT is exact for single machines and 3 % off for two."""
    route = (
        Step(station="saw", time=exponential(1.0)),
        Step(station="mill", time=exponential(1.6)),
        Step(station="check", time=exponential(0.5), branches=(Branch(share=0.2, to="0"),)),
    )
    stations = (Station(name="saw"), Station(name="mill", machines=2), Station(name="check"))
    found = estimate(network(stations, route, Arrivals(interval=exponential(2.0))))
    exact = jackson([0.5, 0, 0], [[0, 1, 0], [0, 0, 1], [0.2, 0, 0]], [1.0, 1 / 1.6, 2.0], [1, 2, 1])
    for station, queue in zip(found.stations, exact.stations, strict=True):
        assert station.utilisation == pytest.approx(queue.utilisation)
        assert station.present == pytest.approx(queue.present, rel=0.03)
    assert found.stations[0].present == pytest.approx(exact.stations[0].present)
    assert found.throughput == pytest.approx(0.5)
    assert found.bottleneck == "saw"


def test_scrap_lets_fewer_jobs_on():
    """A fifth lost at the first station neither reaches the second nor counts as throughput."""
    route = (Step(station="press", time=fixed(1.0), scrap_share=0.2), Step(station="paint", time=fixed(1.0)))
    found = estimate(
        network((Station(name="press"), Station(name="paint")), route, Arrivals(interval=exponential(2.0)))
    )
    assert [station.utilisation for station in found.stations] == pytest.approx([0.5, 0.4])
    assert found.throughput == pytest.approx(0.4)
    assert found.throughput_bound == pytest.approx(0.8)


def test_failures_and_setups_are_in_the_effective_time():
    """Down a tenth of the time, and a setup of 1 for every second job of two families in turn by chance."""
    lathe = Station(
        name="lathe",
        failures=(Failure(uptime=exponential(9.0), repair=exponential(1.0)),),
        setups=(Setup(after="red", time=fixed(1.0)), Setup(after="blue", time=fixed(1.0))),
    )
    kinds = tuple(
        JobType(
            name=colour,
            route=(Step(station="lathe", time=fixed(1.0), setup=colour),),
            arrivals=Arrivals(interval=exponential(8.0)),
        )
        for colour in ("red", "blue")
    )
    found = estimate(Network(name="test", stations=(lathe,), job_types=kinds))
    assert found.stations[0].effective.mean == pytest.approx((1 + 0.5) / 0.9)
    assert found.stations[0].utilisation == pytest.approx(0.25 * 1.5 / 0.9)


def test_cards_are_the_product_form():
    """Penny Fab Two with three cards, exponential: the estimate is mean value analysis."""
    times, machines = (2.0, 5.0, 10.0, 3.0), (1, 2, 6, 2)
    stations = tuple(Station(name=f"S{at}", machines=count) for at, count in enumerate(machines))
    route = tuple(Step(station=f"S{at}", time=exponential(time)) for at, time in enumerate(times))
    found = estimate(network(stations, route, Saturated(), cards=(Cards(name="loop", cards=3),)))
    exact = closed_line(times, machines, 3)
    assert found.throughput == pytest.approx(exact.throughput)
    assert [station.present for station in found.stations] == pytest.approx(exact.present)
    assert found.present == 3


@pytest.mark.parametrize(
    ("phases", "places", "within"), [(1, [2, 2, 2], 0.02), (1, [3, 1, 4], 0.02), (2, [1, 1, 1], 0.02), (1, [6], 0.02)]
)
def test_a_saturated_line_is_near_the_exact_chain(phases, places, within):
    """Exponential and Erlang lines with a place or more between machines: decomposition within two per cent."""
    law = exponential(1.0) if phases == 1 else erlang(1.0, phases)
    found = estimate(row([law] * (len(places) + 1), places))
    assert found.method == "DDX"
    assert found.throughput == pytest.approx(
        exact_line([1] * (len(places) + 1), places, phases=phases).throughput, rel=within
    )


def test_overload_is_told_in_words():
    """A station with too much work waits for ever, and the throughput is what it can do."""
    found = estimate(
        network((Station(name="saw"),), (Step(station="saw", time=fixed(2.0)),), Arrivals(interval=fixed(1.0)))
    )
    assert found.throughput == pytest.approx(0.5)
    assert "more than it can do" in found.stations[0].words


def test_the_words_name_the_three_terms():
    """For teaching: variability x utilisation x time, each with its number."""
    found = estimate(
        network(
            (Station(name="saw"),), (Step(station="saw", time=exponential(1.0)),), Arrivals(interval=exponential(2.0))
        )
    )
    assert found.stations[0].words == "saw: a job waits 1 = variability 1 x utilisation 1 (50% busy) x time 1"


def test_what_has_no_formula_says_so():
    """A saturated line without limits between its machines has no long run here."""
    with pytest.raises(NoAnswer, match="limited queues"):
        estimate(row([fixed(1.0)] * 2, [None]))
