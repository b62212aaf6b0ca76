"""One program on one instance: ``python -m benchmarks.scheduling.worker TASK ANSWER`` (both JSON files).

Each run has a process of its own, so that its peak memory is its own and nothing that an earlier run loaded helps.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.scheduling.clock import BusiestThread, Watchdog

#: Building a model, verifying a plan and putting it into words may take this long beside the search.
ALLOWANCE_SECONDS = 120.0
STATUS = Path("/proc/self/status")


def main(task_file: Path, answer_file: Path) -> None:
    """Solve the task and write the answer."""
    task = json.loads(task_file.read_text(encoding="utf-8"))
    limit_memory(task["memory_gb"])
    clock = BusiestThread()
    watchdog = Watchdog(clock)
    limit = task["seconds"] + ALLOWANCE_SECONDS
    watchdog.act_from(limit, partial(give_up, answer_file, clock))
    module = "peer" if task["program"] == "PyJobShop" else "ours"
    try:
        answer = import_module(f"benchmarks.scheduling.{module}").solve(task, clock, watchdog)
    except MemoryError:
        answer = {"failure": f"no plan: it needs more than {task['memory_gb']:.0f} GB"}
    except Exception as error:
        # Whatever goes wrong is a result of the benchmark.
        told = " ".join(line.strip() for line in str(error).splitlines()[:2])
        answer = {"failure": f"{type(error).__name__}: {told}"}
    write(answer_file, answer, clock)


def write(answer_file: Path, answer: dict[str, Any], clock: BusiestThread) -> None:
    """Write the answer, with what the whole process used."""
    used = {"peak_mb": peak_mb(), "seconds": clock.seconds()}
    answer_file.write_text(json.dumps({**used, **answer}), encoding="utf-8")


def give_up(answer_file: Path, clock: BusiestThread) -> None:
    """End a program that has not come back long after its search should have ended."""
    write(answer_file, {"failure": f"no plan: not ready after {clock.seconds():.0f} s"}, clock)
    os._exit(0)


def peak_mb() -> float:
    """The most memory that this process ever had.

    The usual ``ru_maxrss`` of a started program begins with the memory of whoever started it, the kernel's own
    high-water mark does not.
    """
    if STATUS.exists():
        marks = dict(line.split(":", 1) for line in STATUS.read_text(encoding="utf-8").splitlines())
        return float(marks["VmHWM"].split()[0]) / 1024
    if sys.platform == "win32":
        return float("nan")
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def limit_memory(gigabytes: float) -> None:
    """Let a model that is too large fail by itself instead of taking the machine down."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 2**30), resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
