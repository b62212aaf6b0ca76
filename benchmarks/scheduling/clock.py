"""Seconds that do not depend on who else uses the machine: the CPU time of the busiest thread.

Wall seconds on a shared machine measure the neighbours. So both programs are stopped by the CPU time of their
busiest thread: ten times a second the thread that worked most since the last look is found, and its work is added
up. With cores to spare this is what a wall clock would show, as long as one thread has something to do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

TASKS = Path("/proc/self/task")
TICK_SECONDS = 0.1
#: The list of threads costs 100 microseconds; a search that asks more often than this gets the last answer.
FRESH_SECONDS = 0.002


def counts_cpu() -> bool:
    """Whether this system tells the CPU time of each thread; without Linux it is wall time."""
    return TASKS.is_dir()


def thread_seconds() -> dict[int, float]:
    """CPU seconds of each thread of this process, also of those that a library started.

    On macOS and Windows, where no file lists the threads, it is the wall clock under one number.
    """
    if not counts_cpu():
        return {0: time.perf_counter()}
    spent = {}
    for thread in [int(path.name) for path in TASKS.iterdir()]:
        try:
            # Linux makes the number of a thread's CPU clock from that of the thread (posix-timers_types.h).
            spent[thread] = time.clock_gettime(~thread << 3 | 6)
        except OSError:
            continue  # It ended since it was listed.
    return spent


class BusiestThread:
    """A clock that moves by the CPU time of the busiest thread; `schedule` takes it as its clock.

    Within one tick the busiest thread counts, over ticks its work is summed. Ticks that are too short would add up
    threads that share a core by turns, ticks that are too long would lose work that changes from thread to thread.
    """

    def __init__(self, read: Callable[[], Mapping[int, float]] = thread_seconds) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._before = read()
        self._sum = self._shown = 0.0
        self._looked = float("-inf")

    def now(self) -> datetime:
        """The current instant."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Seconds of the busiest thread so far."""
        with self._lock:
            if time.perf_counter() - self._looked >= FRESH_SECONDS:
                self._look()
            return self._shown

    def tick(self) -> float:
        """End a tick, and return the seconds so far."""
        with self._lock:
            self._before = self._look()
            self._sum = self._shown
            return self._shown

    def _look(self) -> Mapping[int, float]:
        """Add what the busiest thread did since the last tick."""
        spent = self._read()
        busiest = max((seconds - self._before.get(thread, 0.0) for thread, seconds in spent.items()), default=0.0)
        self._shown = max(self._shown, self._sum + busiest)
        self._looked = time.perf_counter()
        return spent


class Watchdog:
    """Ticks a clock ten times a second, and acts when it reaches a limit."""

    def __init__(self, clock: BusiestThread) -> None:
        self.clock = clock
        self._alarms: list[tuple[float, Callable[[], object]]] = []
        threading.Thread(target=self._watch, daemon=True, name="watchdog").start()

    def act_from(self, seconds: float, act: Callable[[], object]) -> None:
        """Act at every tick once the clock shows this: a solver that is about to start would miss a single call."""
        self._alarms.append((seconds, act))

    def _watch(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            shown = self.clock.tick()
            for limit, act in list(self._alarms):
                if shown >= limit:
                    act()
