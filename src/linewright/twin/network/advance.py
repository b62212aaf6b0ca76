"""Run a state on, whatever room it needs."""

from __future__ import annotations

import math

from linewright.errors import NoAnswer
from linewright.twin.network.arrays import BLOCKED, State
from linewright.twin.network.build import Compiled
from linewright.twin.network.state import with_longer_log, with_longer_trace, with_more_events, with_more_jobs

#: More jobs than any run finishes.
NO_COUNT = 1 << 60


def advance(compiled: Compiled, state: State, until: float = math.inf, jobs: int = NO_COUNT) -> State:
    """Run up to a moment, or until so many jobs are finished since the sums were set back.

    The state is changed; use what is returned, as its arrays may have grown.

    Raises
    ------
    NoAnswer
        Stations wait for each other for ever.
    """
    from linewright.twin.network.kernel import run

    while True:
        status = run.run_until(compiled.plant, state, float(until), int(jobs))
        if status == run.NEEDS_JOBS:
            state = with_more_jobs(compiled, state)
        elif status == run.NEEDS_EVENTS:
            state = with_more_events(state)
        elif status == run.NEEDS_LOG:
            state = with_longer_log(state)
        elif status == run.NEEDS_TRACE:
            state = with_longer_trace(state)
        elif status == run.DEADLOCK:
            raise NoAnswer(
                f"deadlock at {state.clock.time[0]:g}: machines wait for each other", _waits(compiled, state)
            )
        else:
            return state


def _waits(compiled: Compiled, state: State) -> list[str]:
    names = compiled.names
    stuck = state.queues.stuck == 1
    found = []
    for station, name in enumerate(names.stations):
        if stuck[station]:
            targets = sorted(
                {
                    names.stations[state.machines.target[at]]
                    for at in range(
                        compiled.plant.stations.first_machine[station],
                        compiled.plant.stations.first_machine[station + 1],
                    )
                    if BLOCKED in {state.machines.state[at], state.machines.resume[at]}
                }
            )
            found.append(f"{name} waits for room at {', '.join(targets)}: more places, or fewer jobs inside, avoid it")
    return found
