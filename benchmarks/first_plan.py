"""How soon the demo's first plan is there, once set up: ``python -m benchmarks.first_plan``.

Starts fresh processes, as a user does, and prints the CPU seconds and the wall seconds of reading four weeks of
AdventureWorks, planning one round, and having the plan verified; the first line is `linewright --help`.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "adventureworks"
FIRST = ("plan", str(EXAMPLE), "--option", "start=2014-05-05", "--option", "weeks=4", "--rounds", "1", "--json")


def measured(*arguments: str) -> tuple[float, float]:
    """CPU and wall seconds of one command in a process of its own."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "linewright", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - begun


def main() -> None:
    """Print the best of three for each command."""
    for label, arguments in (("linewright --help", ("--help",)), ("first plan, verified", FIRST)):
        cpu, wall = min(measured(*arguments) for _ in range(3))
        print(f"{label:22} {cpu:5.2f} s CPU {wall:6.2f} s wall")


if __name__ == "__main__":
    main()
