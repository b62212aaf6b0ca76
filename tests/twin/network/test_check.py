"""What a network may not ask for, each with its cure."""

from __future__ import annotations

import math

import pytest

from linewright.errors import ModelError
from linewright.shop.distributions import ERLANG, exponential, fixed, lognormal
from linewright.twin.network.check import check
from linewright.twin.network.model import (
    Arrivals,
    Cards,
    JobType,
    Join,
    Network,
    Pool,
    Saturated,
    Step,
    empirical,
)
from linewright.twin.network.stations import Failure, Maintenance, Power, Setup, Station

EVERY = Arrivals(interval=fixed(1.0))


def step(station="m", time=1.0, **options):
    """A step of a fixed time."""
    return Step(station=station, time=fixed(time), **options)


def of(*route, station=None, arrivals=EVERY, kinds=(), **options):
    """A network of one station, a spare one, and a type with a route."""
    stations = (Station(name="m", **(station or {})), Station(name="f"))
    kind = JobType(name="j", route=route or (step(),), arrivals=arrivals)
    return Network(name="test", stations=stations, job_types=(kind, *kinds), **options)


PART = JobType(name="part", route=(step("f"),), arrivals=EVERY)
TAKES = {"joins": (Join(job_type="part"),)}
BATCH = {"batch": "b", "batch_most": 2}


def saturated(name):
    """A saturated type in the loop c."""
    return JobType(name=name, route=(step(),), arrivals=Saturated(), cards="c")


def law_of(law):
    """A network with a time of that law."""
    return of(Step(station="m", time=law))


REFUSED = {
    "cannot be interrupted": of(step(**TAKES), station={"preemptive": True}, kinds=(PART,)),
    "2 steps take it in": of(step(name="a", **TAKES), step(name="b", **TAKES), kinds=(PART,)),
    "cannot take parts in": of(step(**TAKES, **BATCH), kinds=(PART,)),
    "cannot return to its machine": of(step(name="a", **BATCH), step(same_machine_as="a")),
    "2 saturated job types share": of(
        kinds=(saturated("x"), saturated("y")), cards=(Cards(name="c", cards=4),)
    ),
    "never skipped": of(step(), step("f", done_share=0.5), station={"block_before_service": True}),
    "failure jam: the name occurs 2 times": of(
        station={"failures": (Failure(name="jam", uptime=fixed(1.0), repair=fixed(1.0)),) * 2}
    ),
    "may be negative": law_of(fixed(-0.5)),
    "or no number": law_of(exponential(math.nan)),
    "time: its times may be negative": law_of(empirical([-1.0, 2.0])),
    "uptime: its times": of(station={"failures": (Failure(uptime=fixed(-1.0), repair=fixed(1.0)),)}),
    "maintenance : its times": of(station={"maintenance": (Maintenance(duration=fixed(-1.0), every_time=9.0),)}),
    "start-up: its times": of(station={"power": Power(start_up=fixed(-1.0))}),
    "setup to a: its times": of(station={"setups": (Setup(after="a", time=fixed(-1.0)),)}),
    "65 phases": law_of((ERLANG, 1.0, 65.0, 0.0, 0, 0)),
    "interval between arrivals is 0": of(arrivals=Arrivals(interval=fixed(0.0))),
    "both 0": of(station={"failures": (Failure(uptime=fixed(0.0), repair=fixed(0.0)),)}),
    "needs 2 people, but pool p has 1": of(
        step(operators=2), station={"operators": "p"}, pools=(Pool(name="p", people=1),)
    ),
    "but 2 jobs can wait": of(step(batch="b", batch_least=3, batch_most=3), station={"queue_places": 1}),
    "there are fewer cards": Network(
        name="test",
        stations=(Station(name="m"),),
        cards=(Cards(name="c", cards=2),),
        job_types=(
            JobType(name="j", route=(step(batch="b", batch_least=3, batch_most=3),), arrivals=Saturated(), cards="c"),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_what_is_not_modelled_is_refused(message):
    """The message says what is wrong, and with what cure."""
    with pytest.raises(ModelError, match=message) as refused:
        check(REFUSED[message])
    assert "; " in str(refused.value)


def test_short_times_are_no_mistake():
    """A log-normal time with a mean below 1 has a negative parameter, and is fine."""
    check(law_of(lognormal(0.1, 0.5)))
