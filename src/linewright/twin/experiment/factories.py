"""What-ifs of a factory compared with the factory as it is, on common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from linewright.errors import ModelError, NoAnswer
from linewright.twin.experiment.comparing import Experiment, experiment
from linewright.twin.experiment.flows import (
    OPEN_WORK_BETTER,
    OPEN_WORK_UNITS,
    STREAM_BETTER,
    STREAM_UNITS,
    OpenWork,
    Stream,
)
from linewright.twin.experiment.plans import PLAN_BETTER, PLAN_UNITS, followed
from linewright.twin.experiment.telling import tell
from linewright.twin.statistics.blocks import Watch
from linewright.twin.statistics.replications import Stopping, Task
from linewright.twin.statistics.selection import Better

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.ports import Planner, Stop
    from linewright.model.scenario import Scenario

#: What the factory without any edit is called.
AS_IT_IS = "as it is"
#: What figures are called on the shop floor.
WORDS: Mapping[str, str] = {
    "throughput": "output", "wip": "work in process", "on_time": "on-time share", "late": "lateness",
    "late_hours": "lateness", "carbon": "CO2e",
}  # fmt: skip


class Way(Protocol):
    """How a factory is run: what comes of it, in which units, and whether more or less of it is better."""

    @property
    def units(self) -> Mapping[str, str]:
        """The figures with their units."""

    @property
    def better(self) -> Mapping[str, Better]:
        """For a figure whether more or less of it is better."""

    def task(self, factory: Factory) -> tuple[Task, tuple[str, ...]]:
        """The task of a factory, and what it assumes."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The open work flows once through the machines by a dispatch rule, without a plan."""

    start: datetime
    rule: str = "edd"
    units: Mapping[str, str] = field(default_factory=lambda: OPEN_WORK_UNITS)
    better: Mapping[str, Better] = field(default_factory=lambda: OPEN_WORK_BETTER)

    def task(self, factory: Factory) -> tuple[Task, tuple[str, ...]]:
        """The open work of a factory, until all of it is done."""
        from linewright.twin.network.of_factory import network_of

        flow = network_of(factory, start=self.start, rule=self.rule)
        return OpenWork(flow), flow.assumptions


@dataclass(frozen=True, kw_only=True)
class EndlessFlow:
    """The mix of the open work comes again and again: what the factory puts out, week by week.

    `pace` is how much faster work comes than the open orders are due; with a limit of jobs in process, a fast pace
    shows what the factory can do at most.
    """

    start: datetime
    rule: str = "edd"
    pace: float = 1.0
    weeks: float = 12.0
    settling_weeks: float = 4.0
    units: Mapping[str, str] = field(default_factory=lambda: STREAM_UNITS)
    better: Mapping[str, Better] = field(default_factory=lambda: STREAM_BETTER)

    def task(self, factory: Factory) -> tuple[Task, tuple[str, ...]]:
        """The stream of a factory over the weeks that count."""
        from linewright.twin.network.of_factory import network_of

        flow = network_of(factory, start=self.start, rule=self.rule, endless=True, pace=self.pace)
        return Stream(flow, self.weeks, self.settling_weeks), flow.assumptions


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Each factory is planned by the same planner, and the floor follows the plan through what happens.

    `search` ends the planner's search; one that counts rounds makes the comparison the same on every machine. `mode`
    says how the floor follows the plan: strict, skip or repair (see `linewright.twin.simulating.simulate`).
    """

    planner: Planner
    search: Stop | None = None
    seed: int = 0
    now: datetime | None = None
    mode: str = "strict"
    patience_minutes: float = 30.0
    threshold_hours: float = 8.0
    rule: str = "ATC"
    units: Mapping[str, str] = field(default_factory=lambda: PLAN_UNITS)
    better: Mapping[str, Better] = field(default_factory=lambda: PLAN_BETTER)

    def task(self, factory: Factory) -> tuple[Task, tuple[str, ...]]:
        """The plan of a factory, as it is followed."""
        from linewright.twin.execute.problem import prepare

        plan = self.planner(factory, stop=self.search, seed=self.seed, now=self.now)
        prepared = prepare(factory, plan, threshold_hours=self.threshold_hours)
        task = followed(prepared, mode=self.mode, patience_minutes=self.patience_minutes, rule=self.rule)
        return task, (*plan.assumptions, *prepared.assumptions)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """Scenarios of a factory compared with it: the experiment, the units of its figures, and what was assumed.

    `planned` says that each scenario was planned by a search of its own, whose luck is in no interval.
    """

    experiment: Experiment
    units: Mapping[str, str]
    assumptions: Mapping[str, tuple[str, ...]]
    planned: bool = False

    def called(self, figure: str) -> str:
        """What a figure is called on the shop floor."""
        return WORDS.get(figure, figure.replace("_", " "))

    def tell(self, words: Mapping[str, str] | None = None) -> list[str]:
        """The comparison in plain sentences; `words` are what figures are called, beside or instead of `WORDS`."""
        return tell(self.experiment, {**WORDS, **(words or {})}, self.units)

    def __repr__(self) -> str:
        """The experiment in one line."""
        return repr(self.experiment)


def compare_factories(
    factory: Factory,
    scenarios: Sequence[Scenario],
    *,
    way: Way,
    stop: Stopping,
    seed: int = 0,
    figures: Sequence[str] = (),
    indifference: Mapping[str, float] | None = None,
    confidence: float = 0.95,
    block: int | None = None,
    executor: Executor | None = None,
    watch: Watch | None = None,
) -> Comparison:
    """Apply each scenario, run all of them and the factory as it is on the same chance, and say what changes.

    Parameters
    ----------
    way
        How a factory is run: as a `Flow` of its open work, as an `EndlessFlow`, or `Planned`.
    stop
        Replications of each scenario, see `experiment`.
    figures
        Which of the way's figures to compare; all if none is named.
    indifference
        For a figure the smallest difference that matters; its best scenario is then selected with as many further
        replications as that takes.

    Raises
    ------
    ModelError
        There is no such figure, two scenarios have one name, or a scenario does not fit the factory, which is then
        named.
    NoAnswer
        A scenario cannot be run, such as one that has no plan.
    """
    chosen = tuple(figures) or tuple(way.units)
    _check_figures(chosen, indifference or {}, way)
    named = _named(scenarios)
    made = {name: _made(name, apply(factory), way) for name, apply in named.items()}
    found = experiment(
        {name: task for name, (task, _) in made.items()}, figures=chosen, base=AS_IT_IS, stop=stop, seed=seed,
        better={figure: side for figure, side in way.better.items() if figure in chosen}, indifference=indifference,
        confidence=confidence, block=block, executor=executor, watch=watch,
    )  # fmt: skip
    currency = factory.settings.currency
    return Comparison(
        experiment=found,
        units={figure: currency if unit == "currency" else unit for figure, unit in way.units.items()},
        assumptions={name: assumed for name, (_, assumed) in made.items()},
        planned=isinstance(way, Planned),
    )


def _check_figures(chosen: tuple[str, ...], indifference: Mapping[str, float], way: Way) -> None:
    """A wrong name is told at once, not after minutes of planning."""
    known = ", ".join(way.units)
    faults = [f"there is no figure {figure} — use one of {known}" for figure in chosen if figure not in way.units]
    faults += [
        f"experiment: {figure} is not compared — use one of {', '.join(chosen)}"
        for figure in indifference
        if figure not in chosen
    ]
    if faults:
        raise ModelError(faults)


def _named(scenarios: Sequence[Scenario]) -> dict[str, Callable[[Factory], Factory]]:
    """What makes the factory of each scenario, the factory as it is first."""
    named: dict[str, Callable[[Factory], Factory]] = {AS_IT_IS: lambda factory: factory}
    for scenario in scenarios:
        if scenario.name in named:
            raise ModelError([f"scenario {scenario.name}: there is another one of that name — give it another"])
        named[scenario.name] = _applying(scenario)
    return named


def _applying(scenario: Scenario) -> Callable[[Factory], Factory]:
    def apply(factory: Factory) -> Factory:
        try:
            return scenario.apply(factory)
        except ModelError as wrong:
            raise ModelError([f"{scenario.name}: {problem}" for problem in wrong.problems]) from wrong

    return apply


def _made(name: str, factory: Factory, way: Way) -> tuple[Task, tuple[str, ...]]:
    """The task of a scenario; what is wrong with it is told with its name."""
    try:
        return way.task(factory)
    except ModelError as wrong:
        raise ModelError([f"{name}: {problem}" for problem in wrong.problems]) from wrong
    except NoAnswer as none:
        raise NoAnswer(f"{name}: {str(none).partition(chr(10))[0]}", none.rows) from none
