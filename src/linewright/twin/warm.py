"""Compile the twin's kernels once, in the set-up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
#: One piece on one machine, which may fail.
MINUTES = 10.0


def warm() -> None:
    """Run a plan of one operation, a station and a line, with everything that is compiled."""
    from linewright.shop.distributions import exponential, fixed
    from linewright.twin.network import run_network, simulate_network
    from linewright.twin.network.model import Arrivals, JobType, Network, Saturated, Step
    from linewright.twin.network.stations import Station
    from linewright.twin.simulating import simulate

    factory = one_machine()
    simulate(factory, one_operation(factory), replications=2)
    route = (Step(station="M", time=fixed(1.0)),)
    stations = (Station(name="M"),)

    def flow(arrivals: Any) -> Network:
        job_type = JobType(name="part", route=route, arrivals=arrivals)
        return Network(name="one station", stations=stations, job_types=(job_type,))

    run_network(flow(Arrivals(interval=exponential(2.0))), horizon=10.0, replications=2)
    simulate_network(flow(Saturated()), horizon=10.0, replications=2)


def one_machine() -> Factory:
    """A factory of one machine with one job."""
    from linewright.model.factory import Factory

    return Factory.of(
        settings=[{"start": START}],
        machines=[{"machine": "M", "mtbf_hours": 100.0, "mttr_hours": 1.0}],
        operations=[{"material": "A", "step": 10, "machine": "M", "run_minutes": MINUTES, "run_variation": 0.2}],
        work_orders=[{"work_order": "W", "material": "A", "quantity": 1.0}],
    )


def one_operation(factory: Factory) -> Plan:
    """Its plan, written by hand: no planner is asked, as there may be none."""
    import polars as pl

    from linewright import __version__
    from linewright.model.results import (
        JOB_COLUMNS,
        OPERATION_COLUMNS,
        ORDER_COLUMNS,
        PEGGING_COLUMNS,
        Bound,
        Origin,
        Plan,
        Weights,
    )

    end = START + timedelta(minutes=MINUTES)
    operation = {
        "operation": "W/10", "job": "W", "material": "A", "step": 10, "machine": "M", "quantity": 1.0,
        "setup_start": START, "start": START, "end": end, "setup_minutes": 0.0, "changeover_minutes": 0.0,
        "run_minutes": MINUTES, "people": [], "setup_people": [], "load": "", "name": "", "work_center": "",
        "waits_for": "nothing", "waits_for_operation": "", "waits_for_name": "", "kwh": 0.0, "pinned": False,
    }  # fmt: skip
    job = {"job": "W", "work_order": "W", "order": "", "material": "A", "quantity": 1.0, "finish": end}
    return Plan(
        factory_name=factory.name, currency="EUR", timezone="UTC", start=START, objective="makespan",
        value=MINUTES / 60, costs={}, weights=Weights(), bound=Bound(value=0.0, kind="none", meaning=""),
        operations=pl.DataFrame([operation], schema=dict(OPERATION_COLUMNS)),
        jobs=pl.DataFrame([job], schema=dict(JOB_COLUMNS)), orders=pl.DataFrame(schema=dict(ORDER_COLUMNS)),
        pegging=pl.DataFrame(schema=dict(PEGGING_COLUMNS)), relaxed=(), faults=(), assumptions=(),
        origin=Origin(made_by="twin.warm", code_version=__version__, seed=0),
    )  # fmt: skip
