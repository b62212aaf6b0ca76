"""Kernels that keep the books of a machine: what it did with its time, and what it drew."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel
from linewright.twin.execute.kernel.clock import curve_mean, open_between
from linewright.twin.execute.records import DOWN_STATE, HELD_STATE, IDLE, NOW, RUN_STATE, RUN_TASK, SETUP_STATE

HOUR = 3600.0


@lean_kernel
def draw(problem: Any, now: Any, machine: int, kwh: float, begin: int, end: int) -> None:
    """Put energy on a machine's meter, with the price and the carbon of its time."""
    what, meter = problem.machines[machine], now.machines[machine]
    last = problem.machines[machine + 1]
    meter.kwh += kwh
    meter.cost += kwh * curve_mean(problem.prices, what.first_point, last.first_point, what.price, begin, end)
    meter.carbon += kwh * curve_mean(problem.carbons, what.first_carbon, last.first_carbon, what.carbon, begin, end)


@lean_kernel
def close_state(problem: Any, now: Any, machine: int, until: int, starts_up: bool) -> None:
    """Count the time since the last change of state.

    An idle machine is switched off after a while if there is time to start up again before it is needed; outside its
    calendar it is off, too, and starts up in the last of that time.
    """
    what, meter = problem.machines[machine], now.machines[machine]
    since, state = meter.since, meter.state
    if until <= since:
        return
    lasted = until - since
    inside = open_between(problem, now, what.calendar, since, until)
    now.seconds[machine, state, 0] += inside
    now.seconds[machine, state, 1] += lasted
    meter.since = until
    outside = lasted - inside
    standby, off, start_up, kwh = 0, 0, 0, 0.0
    if state == IDLE:
        off = outside
        if what.switch_off >= 0 and inside > what.switch_off + what.start_up:
            start_up = what.start_up if starts_up else 0
            standby = what.switch_off
            off += inside - standby - start_up
        else:
            standby = inside
            start_up = min(what.start_up, outside) if starts_up else 0
            off -= start_up
        kwh = standby * what.idle_kw + start_up * what.start_up_kw + off * what.off_kw
    elif state == DOWN_STATE:
        kwh = lasted * what.down_kw
    elif state == HELD_STATE:
        off = outside
        kwh = inside * what.blocked_kw + outside * what.off_kw
    else:
        # Work that pauses while the calendar is closed leaves the machine off.
        off = max(outside - (meter.outside - meter.outside_before), 0)
        kwh = off * what.off_kw
    meter.outside_before = meter.outside
    meter.standby += standby
    meter.off += off
    meter.start_up += start_up
    if kwh > 0.0:
        draw(problem, now, machine, kwh / HOUR, since, until)


@lean_kernel
def show_state(problem: Any, now: Any, machine: int) -> None:
    """Close the books when a machine goes over to another state."""
    meter = now.machines[machine]
    state = IDLE
    if meter.down > 0:
        state = DOWN_STATE
    elif meter.working > 0:
        state = SETUP_STATE if meter.setting == meter.working else RUN_STATE
    elif meter.holding > 0:
        state = HELD_STATE
    if state != meter.state:
        close_state(problem, now, machine, now.counts[NOW], True)
        meter.state = state


@lean_kernel
def book_work(problem: Any, now: Any, machine: int, phase: int, seconds: int, begin: int, straight: bool) -> None:
    """Count worked seconds of a setup or run, and the energy that they took."""
    if seconds <= 0:
        return
    what, meter, end = problem.machines[machine], now.machines[machine], now.counts[NOW]
    if phase == RUN_TASK:
        meter.run += seconds
    else:
        meter.setup += seconds
    if straight:
        meter.outside += seconds - open_between(problem, now, what.calendar, begin, end)
    kilowatts = what.run_kw if phase == RUN_TASK else what.setup_kw
    if kilowatts > 0.0:
        draw(problem, now, machine, kilowatts * seconds / HOUR, begin, end)


@lean_kernel
def idle_in_work(problem: Any, now: Any, machine: int) -> int:
    """Open seconds in which a block was in work but its crew was not: pauses of the people."""
    meter = now.machines[machine]
    inside = now.seconds[machine, SETUP_STATE, 0] + now.seconds[machine, RUN_STATE, 0]
    return max(inside - (meter.run + meter.setup - meter.outside), 0)
