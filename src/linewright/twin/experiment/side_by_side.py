"""Several tasks run on the same replications, so that each run of one has its pair in the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.errors import ModelError
from linewright.twin.statistics.replications import Samples, Stopping, Task


@dataclass(frozen=True)
class SideBySide:
    """A task of which each replication is one run of every scenario; picklable where all of theirs are.

    A block that is done is done for all scenarios, so breaking off leaves no run without its pair.
    """

    names: tuple[str, ...]
    tasks: tuple[Task, ...]
    chosen: tuple[str, ...]

    @classmethod
    def of(cls, tasks: Mapping[str, Task], figures: tuple[str, ...]) -> SideBySide:
        """The scenarios with these of their figures.

        Raises
        ------
        ModelError
            A scenario does not have one of the figures.
        """
        missing = [
            f"{name}: there is no figure {figure} — use one of {', '.join(task.figures)}"
            for name, task in tasks.items()
            for figure in figures
            if figure not in task.figures
        ]
        if missing:
            raise ModelError(missing)
        return cls(tuple(tasks), tuple(tasks.values()), figures)

    @property
    def figures(self) -> tuple[str, ...]:
        """One column for each scenario and figure."""
        return tuple(f"{name}: {figure}" for name in self.names for figure in self.chosen)

    def __call__(self, numbers: Any, seed: int) -> Any:
        """The figures of all scenarios (n, scenarios x figures)."""
        return np.concatenate([self._chosen(task, numbers, seed) for task in self.tasks], axis=1)

    def _chosen(self, task: Task, numbers: Any, seed: int) -> Any:
        places = [task.figures.index(figure) for figure in self.chosen]
        return np.asarray(task(numbers, seed), np.float64)[:, places]

    def apart(self, samples: Samples) -> dict[str, Samples]:
        """The samples of each scenario."""
        width = len(self.chosen)
        return {
            name: Samples(
                self.chosen, samples.numbers, samples.values[:, place * width : (place + 1) * width], samples.seed,
                stopped=samples.stopped,
            )
            for place, name in enumerate(self.names)
        }  # fmt: skip


def change_of(figure: str) -> str:
    """The name under which a stop finds the change of a figure against the base, run by run."""
    return f"change of {figure}"


@dataclass(frozen=True)
class InEveryScenario:
    """A stop that has enough when another one has in every scenario.

    The other finds the figures of a scenario, and of each also its change against the base (0 for the base itself):
    `HalfWidth(change_of("throughput"), absolute=0.1)`.
    """

    stop: Stopping
    scenarios: SideBySide
    base: str

    def wanted(self, samples: Samples) -> int:
        """The most that it wants in any scenario."""
        apart = self.scenarios.apart(samples)
        return max(self.stop.wanted(with_changes(found, apart[self.base])) for found in apart.values())


def with_changes(found: Samples, base: Samples) -> Samples:
    """The samples of a scenario with the change of each figure against the base."""
    figures = (*found.figures, *(change_of(figure) for figure in found.figures))
    with np.errstate(invalid="ignore"):  # Two runs without end have no difference.
        changes = found.values - base.values
    values = np.concatenate([found.values, changes], axis=1)
    return Samples(figures, found.numbers, values, found.seed)
