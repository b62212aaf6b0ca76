"""Small networks for tests: lines by hand, and random ones with a bit of everything."""

from __future__ import annotations

import random

from linewright.shop import distributions as laws
from linewright.twin.network.model import (
    Arrivals,
    Branch,
    Cards,
    JobType,
    Join,
    Network,
    Pool,
    Saturated,
    Step,
)
from linewright.twin.network.stations import CALENDAR, Failure, Maintenance, Power, Setup, Station

POWER = Power(
    off_kw=0.1, start_up_kw=6.0, idle_kw=1.0, setup_kw=2.0, run_kw=8.0, blocked_kw=1.5, down_kw=0.5, off_after=2.0,
    start_up=laws.exponential(0.5),
)  # fmt: skip


def line(times, places, failures=None, arrivals=None, **options):
    """A serial line with laws of times, `places` between its machines, and failures by machine."""
    stations = tuple(
        Station(
            name=f"m{at}",
            queue_places=places[at - 1] if at else None,
            failures=failures[at] if failures else (),
            **options,
        )
        for at in range(len(times))
    )
    route = tuple(Step(station=f"m{at}", time=law) for at, law in enumerate(times))
    kind = JobType(name="part", route=route, arrivals=arrivals or Saturated())
    return Network(name="line", stations=stations, job_types=(kind,))


def tree(places=2, failing=()):
    """Two branches, one of two machines, that feed an assembly, and a machine after it."""
    names = ("a1", "a2", "b1", "assembly", "last")
    stations = tuple(
        Station(name=name, queue_places=places if name in {"a2", "last"} else None, failures=failing) for name in names
    )
    time = laws.exponential(1.0)
    return Network(
        name="tree",
        stations=stations,
        job_types=(
            JobType(
                name="A", route=(Step(station="a1", time=time), Step(station="a2", time=time)), arrivals=Saturated()
            ),
            JobType(name="B", route=(Step(station="b1", time=laws.between(0.5, 1.5)),), arrivals=Saturated()),
            JobType(
                name="whole",
                route=(
                    Step(
                        station="assembly",
                        time=time,
                        joins=(Join(job_type="A", places=places), Join(job_type="B", places=places)),
                    ),
                    Step(station="last", time=laws.fixed(0.9)),
                ),
                arrivals=Saturated(),
            ),
        ),
    )


def random_law(chance, mean):
    """A law of any kind with a mean."""
    return chance.choice(
        [
            laws.fixed(mean), laws.exponential(mean), laws.between(0.5 * mean, 1.5 * mean), laws.erlang(mean, 2),
            laws.lognormal(mean, 0.7), laws.weibull(mean, 1.5), laws.triangular(0.2 * mean, mean, 1.8 * mean),
            laws.hyperexponential(mean, 1.3),
        ]
    )  # fmt: skip


def random_network(seed):
    """A network with a random choice of what a model can say; its load is moderate."""
    chance = random.Random(seed)
    count = chance.randint(1, 4)
    stations, batching = [], set()
    for at in range(count):
        name = f"s{at}"
        setups = ()
        if chance.random() < 0.3:
            setups = (
                Setup(after="red", time=random_law(chance, 0.3), least_runs=chance.choice([0, 2])),
                Setup(after="blue", before="red", time=laws.fixed(0.2)),
            )
        batch = chance.random() < 0.2
        if batch:
            batching.add(name)
        failures = tuple(
            Failure(
                uptime=random_law(chance, 30.0), repair=random_law(chance, 2.0), name=str(number),
                clock=chance.choice(["running", CALENDAR]), crew=chance.choice(["", "crew"]),
                age=chance.choice([0.0, 5.0]),
            )
            for number in range(chance.choice([0, 0, 1, 2]))
        )  # fmt: skip
        plans = ()
        if chance.random() < 0.3:
            plans = (
                Maintenance(duration=random_law(chance, 1.0), every_time=25.0),
                Maintenance(duration=laws.fixed(0.5), every_jobs=10, name="count"),
            )
        stations.append(
            Station(
                name=name,
                machines=chance.choice([1, 1, 2, 3]),
                queue_places=chance.choice([None, None, 1, 3]) if at else None,
                rule=chance.choice(["fifo", "lifo", "edd", "cr", "atc"] + ([] if batch else ["spt"])),
                by_priority=chance.random() < 0.7,
                same_setup_first=chance.random() < 0.5,
                preemptive=not batch and not setups and chance.random() < 0.2,
                setups=setups,
                operators=chance.choice(["", "", "people"]),
                operators_for=chance.choice(["run", "setup"]),
                failures=failures,
                maintenance=plans,
                power=POWER if chance.random() < 0.5 else Power(idle_kw=1.0, run_kw=3.0),
            )
        )
    kinds = tuple(_random_type(chance, number, stations, batching) for number in range(chance.randint(1, 3)))
    return Network(
        name=f"random {seed}",
        stations=tuple(stations),
        job_types=kinds,
        pools=(Pool(name="crew", people=1), Pool(name="people", people=2)),
        cards=(Cards(name="loop", cards=4),),
        unit_hours=0.5,
    )


def _random_type(chance, number, stations, batching):
    limited = any(station.queue_places is not None for station in stations)
    route = []
    for at, station in enumerate(stations):
        batch = station.name in batching
        branches = ()
        if at and chance.random() < 0.3:
            detour = (Step(station="s0", time=random_law(chance, 0.3)),) if chance.random() < 0.5 else ()
            branches = (Branch(share=0.1, to=f"{at}", detour=detour if not batching else ()),)
        route.append(
            Step(
                name=str(at),
                station=station.name,
                time=random_law(chance, chance.uniform(0.2, 0.8)),
                per="batch" if batch else chance.choice(["job", "piece"]),
                setup=chance.choice(["red", "blue", ""]) if station.setups else "",
                batch=f"b{number % 2}" if batch else "",
                batch_least=1,
                batch_most=3 if batch else 1,
                load_time=chance.choice([0.0, 0.1]),
                transport=chance.choice([None, random_law(chance, 0.2)]),
                scrap_share=chance.choice([0.0, 0.05]),
                branches=branches,
                done_share=chance.choice([1.0, 0.7]) if at else 1.0,
                wait_limit=chance.choice([None, 2.0]),
                cascade=laws.fixed(0.1)
                if not limited and not batch and not station.preemptive and chance.random() < 0.2
                else None,
            )
        )
    arrivals = Arrivals(
        interval=random_law(chance, chance.uniform(2.0, 6.0)), jobs=chance.choice([1, 1, 2]),
        lost_when_full=chance.random() < 0.5,
    )  # fmt: skip
    return JobType(
        name=f"type {number}", route=tuple(route), arrivals=arrivals, priority=number, pieces=chance.choice([1, 2]),
        lead_time=chance.choice([None, 10.0]), cards=chance.choice(["", "loop"]), weight=1.0 + number,
    )  # fmt: skip
