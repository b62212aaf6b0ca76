"""How soon the demo's first plan is there, once set up: ``python -m benchmarks.first_plan``.

Starts fresh processes, as a user does, and prints CPU and wall seconds of `linewright --help`, of everything up to
the first plan that the search reports (four weeks of AdventureWorks), and of the whole command, which also verifies
the plan and prints it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "adventureworks"
FOUND = f"""
from linewright import read
from linewright.plan import schedule
from linewright.plan.stop import Rounds

def found(progress):
    raise SystemExit

schedule(read({str(EXAMPLE)!r}, options={{"start": "2014-05-05", "weeks": "4"}}), stop=Rounds(9), watch=found)
"""
FIRST = ("plan", str(EXAMPLE), "--option", "start=2014-05-05", "--option", "weeks=4", "--rounds", "1", "--json")


def measured(*arguments: str) -> tuple[float, float]:
    """CPU and wall seconds of one Python process."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - begun


def main() -> None:
    """Print the best of three for each command."""
    commands = (
        ("linewright --help", ("-m", "linewright", "--help")),
        ("first plan found", ("-c", FOUND)),
        ("first plan, verified", ("-m", "linewright", *FIRST)),
    )
    for label, arguments in commands:
        cpu, wall = min(measured(*arguments) for _ in range(3))
        print(f"{label:22} {cpu:5.2f} s CPU {wall:6.2f} s wall")


if __name__ == "__main__":
    main()
