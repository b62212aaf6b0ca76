"""How long a step keeps its tool and its lot: the two differ where tools cascade."""

from __future__ import annotations

from dataclasses import dataclass

from linewright.twin.fabs.smt2020.records import Fab, Spread, Step


@dataclass(frozen=True)
class Visit:
    """Minutes of one visit without waiting and setup: of the tool until it takes the next, of the lot until it leaves.

    Both are the random `minutes` of the step, times `factor`, and a fixed part; where the tool's time is not random,
    `tool_random` is False.
    """

    minutes: Spread
    factor: float
    lot_fixed: float
    tool_fixed: float
    tool_random: bool

    @property
    def lot_mean_minutes(self) -> float:
        """The mean time of the lot in the tool."""
        return self.minutes.mean_minutes * self.factor + self.lot_fixed

    @property
    def tool_mean_minutes(self) -> float:
        """The mean time for which the tool takes nothing else."""
        return (self.minutes.mean_minutes * self.factor if self.tool_random else 0.0) + self.tool_fixed


def visit_of(fab: Fab, step: Step, pieces: int) -> Visit:
    """The times of one step for a lot of so many pieces (or for a whole batch).

    Loading and unloading take the tool only where it does not cascade. With an interval between pieces the last one
    follows the first by the interval times one less than the pieces, and the tool is free after the interval times the
    pieces; with an interval between lots the tool is free after it.
    """
    family = fab.family[step.family]
    handling = family.load_minutes + family.unload_minutes
    tool_handling = 0.0 if family.cascades else handling
    if step.piece_interval_minutes > 0:
        interval = step.piece_interval_minutes
        return Visit(step.minutes, 1.0, (pieces - 1) * interval + handling, pieces * interval + tool_handling, False)
    factor = float(pieces) if step.per == "piece" else 1.0
    if step.lot_interval_minutes > 0:
        return Visit(step.minutes, factor, handling, step.lot_interval_minutes + tool_handling, False)
    return Visit(step.minutes, factor, handling, tool_handling, True)
