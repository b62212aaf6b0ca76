"""From a row's model and parameters to a network, and what of a run is compared with the row's value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.oracles.view import View
from linewright.shop.distributions import (
    between,
    erlang,
    exponential,
    fixed,
    geometric,
    hyperexponential,
    lognormal,
)
from linewright.twin.network.arrays import DOWN, OFF, START_UP
from linewright.twin.network.model import (
    LEAVE,
    Arrivals,
    Branch,
    Cards,
    JobType,
    Law,
    Network,
    Pool,
    Saturated,
    Step,
)
from linewright.twin.network.stations import CALENDAR, Failure, Power, Station

Params = dict[str, Any]
Measure = Callable[[View], Any]
SERVICES: dict[str, Law] = {
    "Erlang-2": erlang(1.0, 2),
    "uniform(0,2)": between(0.0, 2.0),
    "deterministic": fixed(1.0),
    "exponential": exponential(1.0),
}


@dataclass(frozen=True)
class Case:
    """A network, what is measured by metric, whether finished jobs are noted, and the highest utilisation."""

    network: Network
    measures: dict[str, Measure]
    log: bool = False
    busy: float = 0.9
    extra: dict[str, Any] = field(default_factory=dict)


def station(
    arrivals: Law | None, service: Law, *, machines: int = 1, jobs: int = 1, lost: bool = False, **options: Any
) -> Network:
    """One station, where jobs arrive with this law of intervals."""
    return Network(
        name="station",
        stations=(Station(name="station", machines=machines, **options),),
        job_types=()
        if arrivals is None
        else (
            JobType(
                name="job",
                route=(Step(station="station", time=service),),
                arrivals=Arrivals(interval=arrivals, jobs=jobs, lost_when_full=lost),
            ),
        ),
    )


def service(name: str) -> Law:
    """A service law with mean 1 by its name."""
    if name in SERVICES:
        return SERVICES[name]
    kind, _, square = name.rpartition(" scv ")
    return {"lognormal": lognormal, "hyperexp": hyperexponential}[kind](1.0, float(square) ** 0.5)


def queue(family: str, model: str, params: Params) -> Case:
    """Families mm1, mmc, mg1, gm1, batch, spt: a station without limits."""
    rate = params.get("lam") or params["lb"] * params["k"]
    servers = params.get("c", 1)
    measures: dict[str, Measure] = {
        "Wq": View.wait, "Wq per job": View.wait, "L": View.inside, "P(wait>0)": View.waited,
        "P(sojourn>5)": lambda view: view.later_than(5.0),
    }  # fmt: skip
    busy = rate / servers / params.get("mu", 1)
    if family == "mg1":
        return Case(station(exponential(1 / rate), service(params["service"])), measures, busy=busy)
    if family == "gm1":
        name = model.split("/", maxsplit=1)[0]
        gaps = fixed(1 / rate) if name == "D" else erlang(1 / rate, int(name[1:]))
        return Case(station(gaps, exponential(1.0)), measures, busy=busy)
    if family == "batch":
        return Case(station(exponential(1 / params["lb"]), exponential(1.0), jobs=params["k"]), measures, busy=busy)
    options = {"rule": "spt"} if family == "spt" else {}
    network = station(exponential(1 / rate), exponential(1 / params.get("mu", 1)), machines=servers, **options)
    return Case(network, measures, log=family == "mm1", busy=busy)


def limited(family: str, model: str, params: Params) -> Case:
    """Families mmcc and mmck: who finds all places taken is lost."""
    rate = params.get("lam") or params["a"]
    places = params.get("K", params["c"]) - params["c"]
    network = station(exponential(1 / rate), exponential(1.0), machines=params["c"], lost=True, queue_places=places)
    return Case(network, {"P(block)": View.lost, "throughput": View.throughput, "L": View.inside})


def interrupted(family: str, model: str, params: Params) -> Case:
    """Family mg1_fail: failures that happen while working."""
    law = {"det": fixed(1.0), "exp": exponential(1.0)}[params["service"]]
    failure = Failure(uptime=exponential(1 / params["f"]), repair=exponential(params["m"]))
    network = station(exponential(1 / params["lam"]), law, failures=(failure,))
    busy = params["lam"] * (1 + params["f"] * params["m"])
    return Case(network, {"Wq": View.wait, "fraction of time down": lambda view: view.share(DOWN)}, busy=busy)


def classes(family: str, model: str, params: Params) -> Case:
    """Family prio: classes of jobs, the first the most urgent."""
    means = params.get("mean") or [1.0] * len(params["lam"])
    names = range(len(params["lam"]))
    kinds = tuple(
        JobType(
            name=f"class {number}",
            priority=number,
            route=(Step(station="station", time=exponential(means[number])),),
            arrivals=Arrivals(interval=exponential(1 / params["lam"][number])),
        )
        for number in names
    )
    stations = (Station(name="station", machines=params.get("c", 1), preemptive="preemptive-resume" in model),)
    measures: dict[str, Measure] = {}
    for number in names:
        measures[f"Wq class {number}"] = lambda view, number=number: view.wait(number)
        measures[f"sojourn class {number}"] = lambda view, number=number: view.cycle(number)
    busy = sum(rate * mean for rate, mean in zip(params["lam"], means, strict=True)) / params.get("c", 1)
    return Case(Network(name=model, stations=stations, job_types=kinds), measures, busy=busy)


def energy(family: str, model: str, params: Params) -> Case:
    """Family energy: a machine that is switched off when empty, or always on."""
    if "always on" in model:
        power = Power(idle_kw=params["idle"], run_kw=params["busy"])
    else:
        start = fixed(params["D"]) if "det start-up" in model else exponential(params["D"])
        off, starting, busy = params["kW"]
        power = Power(off_kw=off, start_up_kw=starting, run_kw=busy, off_after=0.0, start_up=start)
    measures: dict[str, Measure] = {
        "sojourn": View.cycle, "mean kW": View.kw, "P(off)": lambda view: view.share(OFF),
        "P(startup)": lambda view: view.share(START_UP),
        # As many leave as come in the long run; the mean of a ratio of two random figures would be off.
        "kWh per job (time in h)": lambda view: view.kw() / params["lam"],
    }  # fmt: skip
    network = station(exponential(1 / params["lam"]), exponential(1.0), power=power)
    return Case(network, measures, busy=params["lam"])


def repair(family: str, model: str, params: Params) -> Case:
    """Family repair: machines that run whenever they are up, and few who repair them."""
    failure = Failure(
        uptime=exponential(1 / params["l"]), repair=exponential(1 / params["m"]), clock=CALENDAR, crew="crew"
    )
    machines = Station(name="station", machines=params["N"], failures=(failure,))
    network = Network(name=model, stations=(machines,), job_types=(), pools=(Pool(name="crew", people=params["c"]),))

    def up(view: View) -> float:
        return params["N"] - float(view.state.time_in[:, DOWN].sum() / view.span)

    return Case(network, {"mean machines up": up})


def jackson(family: str, model: str, params: Params) -> Case:
    """Family jackson: after a station another, or the way out, by chance."""
    count = len(params["mu"])
    stations = tuple(Station(name=str(at), machines=params["servers"][at]) for at in range(count))

    def step(at: int) -> Step:
        ways = [Branch(share=share, to=str(to)) for to, share in enumerate(params["routing"][at]) if share > 0]
        rest = 1 - sum(way.share for way in ways)
        ways += [Branch(share=rest, to=LEAVE)] if rest > 1e-12 else []
        return Step(name=str(at), station=str(at), time=exponential(1 / params["mu"][at]), branches=tuple(ways))

    kinds = tuple(
        JobType(
            name=f"from {first}",
            route=(step(first), *(step(at) for at in range(count) if at != first)),
            arrivals=Arrivals(interval=exponential(1 / rate)),
        )
        for first, rate in enumerate(params["gamma"])
        if rate > 0
    )
    measures: dict[str, Measure] = {
        "total L": View.inside,
        "mean sojourn": lambda view: float(view.types.cycle.sum() / view.types.finished.sum()),
    }
    return Case(Network(name=model, stations=stations, job_types=kinds), measures)


def conwip(family: str, model: str, params: Params) -> Case:
    """Family conwip: a constant number of jobs on a line.

    In the worst case all jobs move together. The practical worst case is a balanced line of single exponential
    machines with the same raw time and the same bottleneck rate.
    """
    times, machines, wip = params["times"], params["machines"], params["wip"]
    batch = wip if "worst case (all" in model else 1
    if "practical" in model:
        critical = sum(times) * min(count / time for count, time in zip(machines, times, strict=True))
        machines, times = [1] * round(critical), [sum(times) / round(critical)] * round(critical)
    exponentially = "practical" in model or "exponential" in model
    laws = [exponential(time) if exponentially else fixed(time * batch) for time in times]
    # Machines that take all jobs one after the other as one batch: only one of a station is ever needed.
    stations = tuple(Station(name=str(at), machines=1 if batch > 1 else count) for at, count in enumerate(machines))
    route = tuple(
        Step(station=str(at), time=law, per="batch" if batch > 1 else "job", batch="all" if batch > 1 else "",
             batch_least=batch, batch_most=batch)
        for at, law in enumerate(laws)
    )  # fmt: skip
    kind = JobType(name="job", route=route, arrivals=Saturated(), cards="line")
    network = Network(name=model, stations=stations, job_types=(kind,), cards=(Cards(name="line", cards=wip),))
    return Case(network, {"TH": View.throughput}, extra={"deterministic": not exponentially})


def line(family: str, model: str, params: Params) -> Case:
    """Families two_det, multi_det, two_exp, multi_exp, tandem, tandem_erl, bap_exact: a saturated line."""
    count = len(params.get("mu") or params.get("p") or range(params.get("K", 0)))
    speeds = params.get("mu") or [1.0] * count
    laws = [exponential(1 / speed) for speed in speeds]
    before = False
    places = [params["b"]] if isinstance(params.get("b"), int) else params.get("b")
    if family == "tandem_erl":
        laws = [erlang(1.0, params["phases"])] * count
    failures: list[tuple[Failure, ...]] = [()] * count
    if "p" in params:
        law = geometric if family.endswith("det") else exponential
        failures = [
            (Failure(uptime=law(1 / fail), repair=law(1 / mend)),)
            for fail, mend in zip(params["p"], params["r"], strict=True)
        ]
    if family.endswith("det"):
        laws = [fixed(1.0)] * count
        limits = params["N"] if isinstance(params["N"], list) else [params["N"]]
        # Of two machines, blocking after service with a place less is the same; with more it is not.
        before = len(limits) > 1
        places = [limit - (1 if before else 2) for limit in limits]
    return Case(serial(laws, list(params["alloc"] if places is None else places), failures, before), {
        "TH": View.throughput, "E": View.throughput, "mean n": _level, "max TH": View.throughput,
        "parts between first finish and last finish": _between,
    })  # fmt: skip


def serial(laws: list[Law], places: list[int], failures: list[tuple[Failure, ...]], before: bool = False) -> Network:
    """A saturated line with `places` between its machines."""
    stations = tuple(
        Station(
            name=str(at),
            queue_places=places[at - 1] if at else None,
            failures=failures[at],
            block_before_service=before,
        )
        for at in range(len(laws))
    )
    route = tuple(Step(station=str(at), time=law) for at, law in enumerate(laws))
    kind = JobType(name="part", route=route, arrivals=Saturated())
    return Network(name="line", stations=stations, job_types=(kind,))


def _level(view: View) -> Any:
    levels = view.levels()
    return levels[0] if len(levels) == 1 else levels


def _between(view: View) -> float:
    return sum(view.levels())


CASES: dict[str, Callable[[str, str, Params], Case]] = {
    "mm1": queue, "mmc": queue, "mg1": queue, "gm1": queue, "batch": queue, "spt": queue, "mmcc": limited,
    "mmck": limited, "mg1_fail": interrupted, "prio": classes, "energy": energy, "repair": repair, "jackson": jackson,
    "conwip": conwip, "two_det": line, "multi_det": line, "two_exp": line, "multi_exp": line, "tandem": line,
    "tandem_erl": line, "bap_exact": line,
}  # fmt: skip
