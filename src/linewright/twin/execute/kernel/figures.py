"""Kernels that sum a replication up: finishes, machines, energy, and what made the orders late."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.shop.working_time import NEVER
from linewright.twin.execute import records as r
from linewright.twin.execute.kernel.clock import open_between
from linewright.twin.execute.kernel.meters import close_state, idle_in_work


@lean_kernel
def sum_up(problem: Any, now: Any, figures: Any, row: int) -> None:
    """Write the figures of a finished replication."""
    last = 0
    steps = problem.steps.size - 1
    for step in range(steps):
        last = max(last, now.steps[step].end)
        if row < figures.starts.shape[0]:
            figures.starts[row, step], figures.ends[row, step] = now.steps[step].start, now.steps[step].end
    if now.counts[r.LEFT] > 0:
        last = max(last, now.counts[r.NOW])
    figures.totals[row, r.MAKESPAN] = last / 3600.0
    sum_demands(problem, now, figures, row)
    sum_jobs(problem, now, figures, row, last)
    for machine in range(problem.machines.size - 1):
        sum_machine(problem, now, figures, row, machine, last)
    for at in range(now.kwh.size):
        figures.kwh[row, at] = now.kwh[at]
        figures.totals[row, r.ORDER_KWH] += now.kwh[at]
    for at in range(now.bins.shape[1]):
        figures.bins[row, 0, at], figures.bins[row, 1, at] = now.bins[0, at], now.bins[1, at]
    figures.totals[row, r.TOO_LONG_WAITS] = now.counts[r.BROKEN_WAITS]
    figures.totals[row, r.LOOSENED] = 1.0 if now.counts[r.LOOSE_AT] >= 0 else 0.0


@lean_kernel
def sum_demands(problem: Any, now: Any, figures: Any, row: int) -> None:
    """The finish of each demand, its lateness, and why."""
    dated, in_time = 0, 0
    for demand in range(problem.demands.size - 1):
        what = problem.demands[demand]
        finish, block, supply = max(what.ready, 0), -1, -1
        for feed in range(what.first_feed, problem.demands[demand + 1].first_feed):
            step = problem.feeds[feed].step
            moment = now.steps[step].end + problem.feeds[feed].lag
            if moment > finish:
                finish, block = moment, problem.steps[step].block
        for need in range(what.first_need, problem.demands[demand + 1].first_need):
            moment = problem.demand_needs[need].moment + now.supplies[problem.demand_needs[need].supply]
            if moment > finish:
                finish, block, supply = moment, -1, problem.demand_needs[need].supply
        figures.finishes[row, demand] = finish
        if what.due >= NEVER:
            continue
        dated += 1
        late = finish - what.due
        if late <= 0:
            in_time += 1
        else:
            figures.totals[row, r.LATE_COST] += late * what.late_rate
            figures.totals[row, r.LATE_HOURS] += late / 3600.0
        if finish > what.planned:
            explain(problem, now, demand, finish, block, supply)
    figures.totals[row, r.ON_TIME] = in_time / dated if dated > 0 else 1.0


@lean_kernel
def explain(problem: Any, now: Any, demand: int, finish: int, block: int, supply: int) -> None:
    """Share a demand's delay against the plan among what lengthened the path to its finish.

    The path is followed back from whatever gated each start last to the first block that began as planned. On it
    stand repairs, slow runs and setups, rework, absences and late supplies; the delay is shared by their seconds, as
    nights between shifts lengthen what happened before them.
    """
    what = problem.demands[demand]
    delay = float(finish - what.planned)
    made_late = finish > what.due >= what.planned
    machines, people = problem.machines.size - 1, problem.people.size
    first_supply = r.MACHINE_CAUSES * machines + people
    if supply >= 0:
        now.bins[0, first_supply + supply] += delay / 3600.0
        now.bins[1, first_supply + supply] += 1.0 if made_late else 0.0
        return
    total = walk(problem, now, block, 0.0)
    if total > 0.0:
        walk(problem, now, block, delay / total)
        if made_late:
            walk(problem, now, block, -1.0 / total)
    else:
        now.bins[0, first_supply + problem.supplies.size] += delay / 3600.0
        now.bins[1, first_supply + problem.supplies.size] += 1.0 if made_late else 0.0


@lean_kernel
def walk(problem: Any, now: Any, block: int, scale: float) -> float:
    """Follow the path back from a block; the seconds on it that were not planned.

    With scale above 0 they are added to the causes as hours, with scale below 0 as shares of an order.
    """
    machines, people = problem.machines.size - 1, problem.people.size
    total = 0.0
    for _ in range(problem.blocks.size):
        if block < 0:
            break
        what, state = problem.blocks[block], now.blocks[block]
        machine = what.machine
        total += mark(now, r.FAILURE * machines + machine, state.run_down, scale)
        total += mark(now, r.REWORK * machines + machine, state.again, scale)
        total += mark(now, r.SLOW_RUN * machines + machine, state.first_run - what.run, scale)
        if state.start <= what.start:
            break
        total += mark(now, r.FAILURE * machines + machine, state.wait_down, scale)
        if state.wait_absent > 0:
            total += mark(now, r.MACHINE_CAUSES * machines + state.absent, state.wait_absent, scale)
        cause, culprit = state.cause, state.culprit
        if cause == r.BY_SETUP:
            total += mark(now, r.FAILURE * machines + machine, state.setup_down, scale)
            total += mark(now, r.SLOW_SETUP * machines + machine, state.setup - what.setup, scale)
            if state.setup_start <= what.setup_start:
                break
            cause, culprit = state.setup_cause, state.setup_culprit
        if cause == r.BY_MATERIAL:
            supply, latest = -1, what.start
            for need in range(what.first_need, problem.blocks[block + 1].first_need):
                moment = problem.needs[need].moment + now.supplies[problem.needs[need].supply]
                if moment > latest:
                    supply, latest = problem.needs[need].supply, moment
            if supply >= 0:
                total += mark(now, r.MACHINE_CAUSES * machines + people + supply, latest - what.start, scale)
            break
        if cause == r.BY_PLAN or cause == r.BY_NOTHING:  # noqa: PLR1714 - numbers, not tuples, in kernels
            break
        block = culprit
    return total


@lean_kernel
def mark(now: Any, bin_at: int, seconds: int, scale: float) -> float:
    """Add seconds to a cause: as hours, or as the share of an order."""
    if seconds <= 0:
        return 0.0
    if scale > 0.0:
        now.bins[0, bin_at] += seconds * scale / 3600.0
    elif scale < 0.0:
        now.bins[1, bin_at] -= seconds * scale
    return float(seconds)


@lean_kernel
def sum_jobs(problem: Any, now: Any, figures: Any, row: int, last: int) -> None:
    """Lead times, jobs in process, throughput, and what is short."""
    for job in range(now.spans.shape[0]):
        now.spans[job, 0], now.spans[job, 1] = NEVER, -1
    for step in range(problem.steps.size - 1):
        what = problem.steps[step]
        begun = now.blocks[what.block].setup_start
        now.spans[what.job, 0] = min(now.spans[what.job, 0], begun)
        now.spans[what.job, 1] = max(now.spans[what.job, 1], now.steps[step].end)
        if what.good_share < 1.0 and now.steps[step].end >= 0:
            expected = what.units * what.good_share
            figures.totals[row, r.SHORT] += max(expected - now.steps[step].good, 0.0)
    jobs, lead = 0, 0.0
    for job in range(now.spans.shape[0]):
        if now.spans[job, 1] >= 0:
            jobs += 1
            lead += (now.spans[job, 1] - now.spans[job, 0]) / 3600.0
    figures.totals[row, r.JOBS_DONE] = jobs
    if jobs > 0 and last > 0:
        figures.totals[row, r.LEAD_HOURS] = lead / jobs
        figures.totals[row, r.WIP] = lead / (last / 3600.0)
        figures.totals[row, r.THROUGHPUT] = jobs / (last / 86400.0)


@lean_kernel
def sum_machine(problem: Any, now: Any, figures: Any, row: int, machine: int, last: int) -> None:
    """A machine's time by state and energy, from the plan's start to the last end on any machine."""
    what, meter = problem.machines[machine], now.machines[machine]
    close_state(problem, now, machine, last, False)
    single = what.single
    inside = open_between(problem, now, what.calendar, 0, last) + (meter.outside if single else 0)
    run = meter.run if single else now.seconds[machine, r.RUN_STATE, 0]
    setup = meter.setup if single else now.seconds[machine, r.SETUP_STATE, 0]
    waiting = now.seconds[machine, r.IDLE, 0] + (idle_in_work(problem, now, machine) if single else 0)
    figures.machines[row, machine, r.M_OPEN] = inside
    figures.machines[row, machine, r.M_RUN] = run
    figures.machines[row, machine, r.M_SETUP] = setup
    figures.machines[row, machine, r.M_DOWN] = now.seconds[machine, r.DOWN_STATE, 0]
    figures.machines[row, machine, r.M_DOWN_ALL] = now.seconds[machine, r.DOWN_STATE, 1]
    figures.machines[row, machine, r.M_BLOCKED] = now.seconds[machine, r.HELD_STATE, 0]
    figures.machines[row, machine, r.M_WAITING] = waiting
    figures.machines[row, machine, r.M_STANDBY] = meter.standby
    figures.machines[row, machine, r.M_OFF] = meter.off
    figures.machines[row, machine, r.M_START_UP] = meter.start_up
    figures.machines[row, machine, r.M_KWH] = meter.kwh
    figures.machines[row, machine, r.M_NOMINAL] = meter.nominal
    figures.machines[row, machine, r.M_MADE] = meter.made
    figures.machines[row, machine, r.M_GOOD] = meter.good
    figures.machines[row, machine, r.M_REPAIRS] = meter.repairs
    figures.machines[row, machine, r.M_LENGTH] = last
    figures.machines[row, machine, r.M_WORKED] = meter.run
    figures.totals[row, r.KWH] += meter.kwh
    figures.totals[row, r.ENERGY_COST] += meter.cost
    figures.totals[row, r.CARBON] += meter.carbon
    figures.totals[row, r.REPAIRS] += meter.repairs
