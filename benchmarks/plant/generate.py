"""Write plants as CSV folders: ``python -m benchmarks.plant.generate NAME|KIND|SIZE|all OUT``.

The same name gives the same bytes on every machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.plant.draft import Draft, digest
from benchmarks.plant.kinds.assembly import Assembly
from benchmarks.plant.kinds.machining import Machining
from benchmarks.plant.kinds.process import Process
from benchmarks.plant.ladder import Instance, chosen

MAKERS: dict[str, Callable[[Instance], Machining | Assembly | Process]] = {
    "machining": Machining,
    "assembly": Assembly,
    "process": Process,
}


def plant(instance: Instance) -> Draft:
    """The tables of an instance."""
    return MAKERS[instance.kind](instance).draft()


def main(names: list[str], out: Path) -> None:
    """Write each instance into a folder of its name."""
    for instance in chosen(names):
        begun = time.process_time()
        draft = plant(instance)
        draft.write(out / instance.name)
        seconds = time.process_time() - begun
        print(f"{instance.name:18} {digest(draft.files())} {seconds:6.1f} s CPU")


if __name__ == "__main__":
    main(sys.argv[1:-1], Path(sys.argv[-1]))
