"""Read, check and explode all of AdventureWorks: ``python -m benchmarks.adventureworks FOLDER``.

The folder is the full set (72,591 work orders, 67,131 routing rows, 121,317 sales lines). Prints seconds of CPU and
the peak memory of each step; nothing is planned, since all of it lies in the past.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from linewright import read
from linewright.shop.explosion import explode


def main(folder: Path) -> None:
    """Measure each step once, in a process of its own."""
    begun = time.process_time()
    factory = read(folder)
    told("read and check", begun)
    start = factory.settings.start
    if start is None:
        raise SystemExit("the files name no start")
    warm = factory.with_tables(orders=factory.orders.__class__.of("orders", factory.orders.content.head(1)))
    explode(warm, start)
    begun = time.process_time()
    explosion = explode(factory, start)
    told("explode", begun)
    print(f"{len(factory.orders):,} orders and {len(factory.work_orders):,} work orders")
    print(f"{explosion.jobs['material'].size:,} jobs, {explosion.pegs['supply'].size:,} pegs")
    print(f"{len(factory.faults):,} faults, the worst: {factory.faults[0].message}")


def told(step: str, begun: float) -> None:
    """Print one line of the table."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:16} {time.process_time() - begun:6.1f} s CPU   peak {peak:6.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
