"""A plan that is followed on the floor as a task: what becomes of it in each replication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.errors import ModelError
from linewright.twin.statistics.selection import Better

if TYPE_CHECKING:
    from linewright.twin.execute.problem import Prepared
    from linewright.twin.execute.records import Problem

#: How the floor may follow a plan here; planning anew in the middle of a run is for `linewright.twin.simulate`.
FOLLOWED = ("strict", "skip", "repair")
#: The figures of `Run.totals` that tell plans apart, with their units. `late` is hours late of all orders together.
PLAN_UNITS: Mapping[str, str] = {
    "on_time": "share", "late_cost": "currency", "late": "h", "makespan": "h", "lead_time": "h", "wip": "jobs",
    "energy": "kWh", "energy_cost": "currency", "carbon": "kg",
}  # fmt: skip
PLAN_BETTER: Mapping[str, Better] = {
    "on_time": "more", "late_cost": "less", "late": "less", "makespan": "less", "lead_time": "less", "wip": "less",
    "energy": "less", "energy_cost": "less", "carbon": "less",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class FollowedPlan:
    """A prepared plan, run again and again; picklable."""

    problem: Problem

    @property
    def figures(self) -> tuple[str, ...]:
        """See `PLAN_UNITS`."""
        return tuple(PLAN_UNITS)

    def __call__(self, numbers: Any, seed: int) -> Any:
        """The figures of these replications (n, figures); infinite where a run does not come to its end."""
        from linewright.twin.execute.frames import TOTAL_FIGURES
        from linewright.twin.execute.records import FINISHED
        from linewright.twin.execute.running import PlanTask

        made = PlanTask(self.problem)(numbers, seed)
        places = {name: place for name, _, place in TOTAL_FIGURES}
        found = made.totals[:, [places[figure] for figure in PLAN_UNITS]]
        return np.where((made.status[:, 0] == FINISHED)[:, None], found, np.inf)


def followed(prepared: Prepared, *, mode: str, patience_minutes: float, rule: str) -> FollowedPlan:
    """The task of a plan that the floor follows in this mode, see `linewright.twin.simulating.simulate`.

    Raises
    ------
    ModelError
        There is no such mode or rule.
    """
    from linewright.twin.simulating import MODES, RULES

    if mode not in FOLLOWED:
        raise ModelError([f"mode {mode} — use one of {', '.join(FOLLOWED)}"])
    if rule not in RULES:
        raise ModelError([f"rule {rule} — use one of {', '.join(RULES)}"])
    # Pairs of replications that share errors of mean times would not be independent runs.
    ready = prepared.with_options(
        mode=MODES.index(mode), rule=RULES.index(rule), patience=round(60 * patience_minutes), pairs=1
    )
    return FollowedPlan(ready.problem)
