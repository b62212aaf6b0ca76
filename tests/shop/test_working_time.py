"""Working time is counted as a person with a calendar and a finger would count it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from linewright.shop.arrays import CALENDAR_INDEX, WINDOW, Calendars, records
from linewright.shop.working_time import NEVER, backward, forward, next_window, open_moment, previous_window

LAST = 400


def calendars_of(*calendars: list[tuple[int, int]]) -> Calendars:
    """Calendars from lists of windows."""
    first = np.concatenate([[0], np.cumsum([len(windows) for windows in calendars])])
    flat = [window for windows in calendars for window in windows]
    index = records(CALENDAR_INDEX, len(calendars) + 1, first_window=first)
    return Calendars(index, records(WINDOW, len(flat), start=[w[0] for w in flat], end=[w[1] for w in flat]))


def random_windows(random: Random) -> list[tuple[int, int]]:
    """Disjoint windows that do not touch, up to the last second."""
    cuts = sorted(random.sample(range(LAST), 2 * random.randint(2, 12)))
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def open_seconds(*calendars: list[tuple[int, int]]) -> list[int]:
    """Every second in which all calendars are open."""
    return [t for t in range(LAST) if all(any(a <= t < b for a, b in windows) for windows in calendars)]


@pytest.mark.parametrize("seed", range(40))
def test_forward_and_backward_count_open_seconds(seed):
    """Work ends after exactly its seconds of common open time, and counted back it begins before them."""
    random = Random(seed)
    own = [random_windows(random) for _ in range(random.randint(1, 3))]
    calendars, used = calendars_of(*own), np.arange(len(own))
    seconds = open_seconds(*own)
    for _ in range(30):
        moment, work = random.randrange(LAST), random.randint(1, 40)
        after = [t for t in seconds if t >= moment]
        expected = after[work - 1] + 1 if len(after) >= work else NEVER
        assert forward(calendars, used, len(own), moment, work) == expected
        before = [t for t in seconds if t < moment]
        expected = before[-work] if len(before) >= work else -NEVER
        assert backward(calendars, used, len(own), moment, work) == expected


@pytest.mark.parametrize("seed", range(20))
def test_a_run_without_pause_needs_one_window_that_is_long_enough(seed):
    """The first moment is the first from which all seconds of the run are open."""
    random = Random(seed)
    own = [random_windows(random), random_windows(random)]
    calendars, used, seconds = calendars_of(*own), np.arange(2), set(open_seconds(*own))
    for _ in range(20):
        moment, work = random.randrange(LAST), random.randint(1, 15)
        fits = [t for t in range(moment, LAST) if all(t + k in seconds for k in range(work))]
        expected = fits[0] if fits else NEVER
        assert open_moment(calendars, used, 2, moment, work, False) == expected


def test_windows_are_cut_at_the_moment():
    """A window that is open already begins now; one that is still open ends now."""
    calendars = calendars_of([(10, 20), (30, 40)])
    assert next_window(calendars, np.array([0]), 1, 15) == (15, 20)
    assert next_window(calendars, np.array([0]), 1, 20) == (30, 40)
    assert previous_window(calendars, np.array([0]), 1, 35) == (30, 35)
    assert previous_window(calendars, np.array([0]), 1, 30) == (10, 20)


def test_no_work_takes_no_time_even_when_closed():
    """Zero seconds are finished at once, also at night."""
    calendars = calendars_of([(10, 20)])
    assert forward(calendars, np.array([0]), 1, 5, 0) == 5
    assert backward(calendars, np.array([0]), 1, 5, 0) == 5
