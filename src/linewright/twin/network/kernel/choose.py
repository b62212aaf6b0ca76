"""Which waiting job a free machine takes, where it is not simply the first."""

from __future__ import annotations

import math
from typing import Any

from linewright.twin.network.arrays import ATC, CR, IDLE
from linewright.twin.network.kernel.compiled import inner_kernel

#: In the apparent tardiness cost, how many mean processing times ahead a due date is felt (Vepsalainen and Morton
#: 1987 use 1.5 to 4.5 by tightness).
LOOK_AHEAD = 2.0
#: A machine and a job in one number.
PAIR_BITS = 32
NO_PAIR = -1


@inner_kernel
def choose(plant: Any, state: Any, station: int) -> int:
    """The best pair of an idle machine and a job that it may begin, as one number; NO_PAIR when there is none.

    In this order: no other setup family while the least number of runs is not reached, the more urgent class, no
    setup, the rule's index, and the place in the queue.
    """
    best = NO_PAIR
    best_keeps, best_rank, best_setup, best_index = 0, 0, 0, 0.0
    record = plant.stations[station]
    for at in range(record.first_machine, plant.stations[station + 1].first_machine):
        machine = state.machines[at]
        if machine.state != IDLE:
            continue
        job = state.queues[station].first
        while job >= 0:
            if may_start(plant, state, station, at, job):
                family = plant.steps[state.jobs[job].step].family
                changes = 1 if family >= 0 and family != machine.family else 0
                keeps = changes if machine.runs_left > 0 else 0
                rank = state.jobs[job].rank
                setup = changes if record.same_setup == 1 else 0
                index = dispatch_index(plant, state, record.rule, record.expected, job)
                if (
                    best < 0
                    or keeps < best_keeps
                    or (keeps == best_keeps and rank < best_rank)
                    or (keeps == best_keeps and rank == best_rank and setup < best_setup)
                    or (keeps == best_keeps and rank == best_rank and setup == best_setup and index < best_index)
                ):
                    best = (at << PAIR_BITS) | job
                    best_keeps, best_rank, best_setup, best_index = keeps, rank, setup, index
            job = state.jobs[job].next
    return best


@inner_kernel
def may_start(plant: Any, state: Any, station: int, at: int, job: int) -> bool:
    """Whether a machine may begin a job now: its own machine, a full enough batch, people, and parts."""
    record = plant.steps[state.jobs[job].step]
    if record.same >= 0 and state.slots[job, record.same] >= 0 and state.slots[job, record.same] != at:
        return False
    if record.batch >= 0 and state.families[record.batch] < record.least:
        return False
    if plant.stations[station].before == 1 and not has_room_behind(plant, state, record.then):
        return False
    if plant.stations[station].pool >= 0:
        needed = people_needed(plant, state, station, at, job)
        if state.pools[plant.stations[station].pool].free < needed:
            return False
    for join in range(record.first_join, plant.steps[state.jobs[job].step + 1].first_join):
        store = plant.options[0].stations + plant.joins[join].store
        if state.queues[store].length < plant.joins[join].quantity:
            return False
    return True


@inner_kernel
def has_room_behind(plant: Any, state: Any, step: int) -> bool:
    """Whether one more job may come to a step's station, where those in work count as well."""
    if step < 0:
        return True
    station = plant.steps[step].station
    first, end = plant.stations[station].first_machine, plant.stations[station + 1].first_machine
    there = state.queues[station].taken
    for at in range(first, end):
        there += state.machines[at].jobs
    return there < plant.stations[station].places + end - first


@inner_kernel
def people_needed(plant: Any, state: Any, station: int, at: int, job: int) -> int:
    """People to begin a job; where they only set up, none when there is nothing to set up."""
    record = plant.steps[state.jobs[job].step]
    if plant.stations[station].setup_people == 1 and setup_law(plant, state, at, record.family) < 0:
        return 0
    return record.people


@inner_kernel
def setup_law(plant: Any, state: Any, at: int, family: int) -> int:
    """The law of the setup time before a family on a machine, -1 for no setup."""
    matrix = plant.stations[plant.machines[at].station].matrix
    before = state.machines[at].family
    if matrix < 0 or family < 0 or before == family:
        return -1
    return plant.switches[matrix, before + 1, family]


@inner_kernel
def dispatch_index(plant: Any, state: Any, rule: int, mean: float, job: int) -> float:
    """What a rule sorts by that changes with time: the least goes first. Other rules sort the queue itself.

    Critical ratio is the time to the due date over the work that is left. The apparent tardiness cost is
    ``weight / time * exp(-slack / (2 * mean time))`` (Vepsalainen and Morton, *Management Science* 33, 1987).
    """
    if rule not in (CR, ATC):
        return 0.0
    record = state.jobs[job]
    step = plant.steps[record.step]
    ahead = record.due - state.clock[0].time
    if rule == CR:
        return ahead / max(step.rest, 1e-12)
    time = max(step.expected, 1e-12)
    slack = max(0.0, ahead - step.rest)
    return -plant.job_types[record.job_type].weight / time * math.exp(-slack / (LOOK_AHEAD * max(mean, 1e-12)))
