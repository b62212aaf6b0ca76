"""The plan that other commands start from: the workspace's last one while it holds, else a quick one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan

#: Rounds of the plan that is made where none is kept: the dispatch rules, and no search.
ROUNDS = 1


def kept_plan(paths: tuple[Path, ...], factory: Factory) -> Plan:
    """The last plan of a workspace while the factory has not changed; else one by the dispatch rules, in a second.

    Parameters
    ----------
    paths
        What a command was given; empty means the current folder.
    factory
        What was read from there, perhaps changed since.

    Raises
    ------
    ModelError
        The rows cannot be planned.
    NoAnswer
        No moment of the calendar has room for an operation.
    """
    from linewright.io.plan_files import plan_from_bytes
    from linewright.io.workspace import Workspace, is_workspace
    from linewright.plan.scheduling import schedule
    from linewright.plan.stop import Rounds

    place = paths[0] if paths else Path()
    if len(paths) <= 1 and is_workspace(place):
        home = Workspace(place)
        kept = home.results("plan")
        plan = plan_from_bytes(home.result(kept[0].hash)) if kept else None
        if plan is not None and not plan.stale_because(factory):
            return plan
    return schedule(factory, stop=Rounds(ROUNDS), now=datetime.now(UTC), exact=False, cores=1)
