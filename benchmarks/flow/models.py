"""The two models of the comparison, as networks: a queue, and a line of machines that fail."""

from __future__ import annotations

from linewright.shop.distributions import exponential, fixed
from linewright.twin.network.model import Arrivals, JobType, Network, Saturated, Step
from linewright.twin.network.stations import Failure, Power, Station

LOAD = 0.8
MACHINES, PLACES, UPTIME, REPAIR = 5, 10, 100.0, 10.0


def queue() -> Network:
    """M/M/1 with load 0.8."""
    return Network(
        name="M/M/1",
        stations=(Station(name="desk"),),
        job_types=(
            JobType(
                name="customer",
                route=(Step(station="desk", time=exponential(1.0)),),
                arrivals=Arrivals(interval=exponential(1 / LOAD)),
            ),
        ),
    )


def line(places: tuple[int, ...] = (PLACES,) * (MACHINES - 1), *, power: bool = False) -> Network:
    """Five machines with unit cycle, exponential uptimes of work and repairs, and places between them."""
    draws = Power(idle_kw=1.0, run_kw=5.0, blocked_kw=1.2, down_kw=0.4) if power else Power()
    failure = Failure(uptime=exponential(UPTIME), repair=exponential(REPAIR))
    stations = tuple(
        Station(name=f"m{at}", queue_places=places[at - 1] if at else None, failures=(failure,), power=draws)
        for at in range(MACHINES)
    )
    route = tuple(Step(station=station.name, time=fixed(1.0)) for station in stations)
    return Network(name="line", stations=stations, job_types=(JobType(name="part", route=route, arrivals=Saturated()),))
