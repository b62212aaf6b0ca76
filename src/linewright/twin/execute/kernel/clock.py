"""Kernels that count working time for the execution of a plan: common windows of calendars, cut by people's absences.

As :mod:`linewright.shop.working_time`, with two additions: where a look-up ended is remembered for each calendar, as
the next one most often falls into the same window; and a day on which somebody is absent is closed.
"""

from __future__ import annotations

from math import floor
from typing import Any

from linewright.shop.chance import uniform
from linewright.shop.kernels import lean_kernel
from linewright.shop.working_time import NEVER
from linewright.twin.execute.records import CREW, REPLICATION, RUN_TASK, SETUP_TASK, SOMEBODY, USED

DAY = 86400


@lean_kernel
def window_after(problem: Any, now: Any, calendar: int, moment: int) -> int:
    """Position of the first window that ends after the moment; the calendar's end when there is none."""
    low, high = problem.index[calendar].first_window, problem.index[calendar + 1].first_window
    at = now.hints[calendar]
    if low <= at < high and (at == low or problem.windows[at - 1].end <= moment):
        if problem.windows[at].end > moment:
            return at
        if at + 1 < high and problem.windows[at + 1].end > moment:
            now.hints[calendar] = at + 1
            return at + 1
    while low < high:
        middle = (low + high) >> 1
        if problem.windows[middle].end > moment:
            high = middle
        else:
            low = middle + 1
    now.hints[calendar] = low
    return low


@lean_kernel
def day_at(problem: Any, person: int, moment: int) -> int:
    """Position of the local midnight that begins somebody's day."""
    first = problem.people[person].first_midnight
    at = first + (moment - problem.midnights[first]) // DAY
    at = min(max(at, first), problem.midnights.size - 2)
    # Days of 23 and 25 hours shift the midnights that follow.
    while at > first and problem.midnights[at] > moment:
        at -= 1
    while at < problem.midnights.size - 2 and problem.midnights[at + 1] <= moment:
        at += 1
    return at


@lean_kernel
def is_absent(problem: Any, now: Any, person: int, day: int) -> bool:
    """Whether somebody is absent on the day that begins with this midnight; the same day in every plan."""
    who = problem.people[person]
    number = who.first_day + day - who.first_midnight
    seed, cause = problem.options[0].seed, who.cause
    return uniform(seed, cause, now.counts[REPLICATION], number) < who.absence


@lean_kernel
def present_from(problem: Any, now: Any, person: int, moment: int) -> int:
    """The first moment, at or after the given one, of a day on which somebody is there."""
    day = day_at(problem, person, moment)
    while day < problem.midnights.size - 2 and is_absent(problem, now, person, day):
        day += 1
        moment = problem.midnights[day]
    return moment


@lean_kernel
def list_calendars(problem: Any, now: Any, block: int, phase: int) -> None:
    """List the calendars that meet in the setup or the run of a block, and whoever may be absent."""
    count, crew = 0, 0
    calendar = problem.machines[problem.blocks[block].machine].calendar
    if calendar != 0:
        now.used[0, 0] = calendar
        count = 1
    for task in range(problem.blocks[block].first_task, problem.blocks[block + 1].first_task):
        resource = now.tasks[task].resource
        if problem.resources[resource].kind != SOMEBODY:
            continue
        other = SETUP_TASK if phase == RUN_TASK else RUN_TASK
        if problem.tasks[task].phase == other:
            continue
        person = problem.resources[resource].owner
        calendar = problem.people[person].calendar
        known = calendar == 0
        for at in range(count):
            known = known or now.used[0, at] == calendar
        if not known:
            now.used[0, count] = calendar
            count += 1
        if problem.options[0].absence and problem.people[person].absence > 0:
            now.used[1, crew] = person
            crew += 1
    now.counts[USED], now.counts[CREW] = count, crew


@lean_kernel
def common_window(problem: Any, now: Any, moment: int) -> tuple[int, int]:
    """Begin and end of the first common window of the listed calendars at or after a moment, cut at the moment."""
    end = NEVER
    index, settled, count = 0, 0, now.counts[USED]
    while settled < count:
        calendar = now.used[0, index]
        at = window_after(problem, now, calendar, moment)
        if at == problem.index[calendar + 1].first_window:
            return NEVER, NEVER
        if problem.windows[at].start > moment:
            moment = problem.windows[at].start
            end = problem.windows[at].end
            settled = 1
        else:
            end = min(end, problem.windows[at].end)
            settled += 1
        index = index + 1 if index + 1 < count else 0
    return moment, end


@lean_kernel
def next_open(problem: Any, now: Any, moment: int) -> tuple[int, int]:
    """As `common_window`, without the days on which one of the crew is absent."""
    crew = now.counts[CREW]
    begin, end = common_window(problem, now, moment)
    if crew == 0:
        return begin, end
    while begin < NEVER:
        later = begin
        for at in range(crew):
            later = max(later, present_from(problem, now, now.used[1, at], later))
        if later == begin:
            for at in range(crew):
                day = day_at(problem, now.used[1, at], begin) + 1
                while day < problem.midnights.size - 2 and problem.midnights[day] < end:
                    if is_absent(problem, now, now.used[1, at], day):
                        end = problem.midnights[day]
                    day += 1
            return begin, end
        begin, end = common_window(problem, now, later)
    return begin, end


@lean_kernel
def finish_of(problem: Any, now: Any, moment: int, seconds: int) -> int:
    """When work of `seconds` that may begin at the moment is finished, in the listed calendars."""
    if seconds == 0 or (now.counts[USED] == 0 and now.counts[CREW] == 0):
        return moment + seconds
    while seconds > 0:
        begin, end = next_open(problem, now, moment)
        if begin >= NEVER:
            return NEVER
        worked = min(end - begin, seconds)
        seconds -= worked
        moment = begin + worked
    return moment


@lean_kernel
def worked_between(problem: Any, now: Any, begin: int, end: int) -> int:
    """Working seconds between two moments in the listed calendars."""
    if begin >= end:
        return 0
    if now.counts[USED] == 0 and now.counts[CREW] == 0:
        return end - begin
    worked = 0
    while begin < end:
        opens, closes = next_open(problem, now, begin)
        if opens >= end:
            break
        begin = min(closes, end)
        worked += begin - opens
    return worked


@lean_kernel
def fitting_moment(problem: Any, now: Any, moment: int, seconds: int) -> int:
    """The first moment at which work of `seconds` fits into one window; NEVER when there is none."""
    if seconds == 0 or (now.counts[USED] == 0 and now.counts[CREW] == 0):
        return moment
    while True:
        begin, end = next_open(problem, now, moment)
        if begin >= NEVER or end - begin >= seconds:
            return begin
        moment = end


@lean_kernel
def open_between(problem: Any, now: Any, calendar: int, begin: int, end: int) -> int:
    """Seconds between two moments that lie in one calendar."""
    if calendar == 0 or begin >= end:
        return max(end - begin, 0)
    open_seconds = 0
    at, last = window_after(problem, now, calendar, begin), problem.index[calendar + 1].first_window
    while at < last and problem.windows[at].start < end:
        open_seconds += min(problem.windows[at].end, end) - max(problem.windows[at].start, begin)
        at += 1
    return open_seconds


@lean_kernel
def curve_mean(points: Any, first: int, last: int, flat: float, begin: int, end: int) -> float:
    """Mean of a price over a machine's working time between two moments; see `linewright.shop.evaluate.mean_price`."""
    if last - first < 2:
        return flat
    worked, spent = 0.0, 0.0
    for side in range(2):
        moment = begin if side == 0 else end
        low, high = first, last - 1
        while low + 1 < high:
            middle = (low + high) >> 1
            if points[middle].moment <= moment:
                low = middle
            else:
                high = middle
        span = points[low + 1].moment - points[low].moment
        share = min(max(moment - points[low].moment, 0), span) / span
        sign = -1.0 if side == 0 else 1.0
        worked += sign * (points[low].worked + share * (points[low + 1].worked - points[low].worked))
        spent += sign * (points[low].spent + share * (points[low + 1].spent - points[low].spent))
    return spent / worked if worked > 0 else flat


@lean_kernel
def whole(seconds: float) -> int:
    """A whole number of seconds, halves rounded up; what no clock can hold is never."""
    return floor(seconds + 0.5) if seconds < NEVER else NEVER
