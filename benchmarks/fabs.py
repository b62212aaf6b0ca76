"""A year of the SMT2020 fab, beside what others publish: ``python -m benchmarks.fabs [REPLICATIONS] [DAYS]``.

The fab is the testbed's first data set, high volume and low mix: 1,443 tools, two products of 583 and 343 steps,
breakdowns, upkeep, setups, furnaces, hot lots, and the 2,255 lots that are inside at the start. It is not
redistributable: set LINEWRIGHT_BENCH to a folder with ``simulation/smt2020/SMT2020_HVLM`` (the files are in the
repository of PySCFabSim and, as a workbook, at p2schedgen.fernuni-hagen.de). Two readings of the files are run:

- as the testbed's paper describes it: a furnace starts with the least load that its recipe allows, of lots at one step;
- as PySCFabSim runs it: a furnace waits for a full load, and lots of both products may share it.

The regular lots of PySCFabSim's stored runs wait longer than those of the paper; a later version of its dispatcher also
keeps tools idle when upkeep is near, which the files do not ask for.

Cycle times are in days, of lots that finish after the first `WARM_DAYS` days, with 95 % intervals over replications.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from linewright.twin.fabs.smt2020 import Fab, loads_of, raw_minutes, read_smt2020
from linewright.twin.fabs.smt2020.flow import Reading, entered_minutes, network_of_fab
from linewright.twin.network.advance import advance
from linewright.twin.network.build import Compiled, compile_network
from linewright.twin.network.state import new_state
from linewright.twin.statistics.intervals import mean_interval

DAY = 1440.0
#: The lots inside at the start were left by another simulator; their influence is gone after a cycle time or so.
WARM_DAYS = 90.0
TARGET_SECONDS = 60.0
#: PySCFabSim on the machine on which the targets were set: CPU seconds for a simulated day of this data set.
PEER_SECONDS_A_DAY = 2.9
READINGS = {
    "as published": Reading(),
    "as PySCFabSim": Reading(full_batches=True, mixed_batches=True, uniform_half=False),
}
#: Kopp, Hassoun, Kalir and Mönch 2020, IEEE TSM 33(4): raw processing times (table II), days; and the median and the
#: 5th and 95th percentile of the flow factor at 10,000 wafer starts a week.
PUBLISHED_RAW_DAYS = {"part_3": 27.18, "part_4": 15.96}
PUBLISHED_FLOW_FACTOR = (1.85, 1.73, 2.01)
#: Mean cycle times (days) and lots a day over 730 days from the same start, as kept in the repository of PySCFabSim
#: (prosysscience/PySCFabSim-release, greedy/greedy_seedNone_730days_SMT2020_HVLM_{fifo,cr}.json, commits 5008175 and
#: 0bd4aa0): three runs, first in first out twice and critical ratio.
PEER_DAYS = {
    "Lot_3": ((68.13, 69.16, 68.16), 19624 / 730),
    "Lot_4": ((39.40, 40.14, 39.48), 19933 / 730),
    "HotLot_3": ((33.56, 33.62, 33.88), 521 / 730),
    "HotLot_4": ((19.39, 19.47, 19.54), 522 / 730),
    "SuperHotLot_3": ((33.22, 33.47, 33.70), 40 / 730),
}


@dataclass(frozen=True)
class Year:
    """What one replication gives for each stream: lots a day, mean cycle time in days; and flow factors of all lots."""

    lots_a_day: Any
    cycle_days: Any
    flow_factors: Any
    inside: int
    events: int
    seconds: float


def folder() -> Path:
    """Where the files are; ends the program with a reason where they are not."""
    named = os.environ.get("LINEWRIGHT_BENCH")
    found = Path(named or ".") / "simulation" / "smt2020" / "SMT2020_HVLM"
    if not named or not found.exists():
        raise SystemExit("the SMT2020 files are not here: set LINEWRIGHT_BENCH to the folder of the shared data")
    return found


def year(fab: Fab, compiled: Compiled, replication: int, days: float) -> Year:
    """Run one replication and sum up the lots that finish after the warm-up."""
    begun = time.process_time()
    state = new_state(compiled, seed=1, replication=replication, log=True)
    state = advance(compiled, state, days * DAY)
    seconds = time.process_time() - begun
    log = state.log[: int(state.clock.logged[0])]
    arrived = log.arrived.copy()
    for at, (_, entered) in enumerate(entered_minutes(fab).items()):
        # The lots inside at the start are the first of their stream.
        inside = (log.job_type == at) & (log.number < len(entered))
        arrived[inside] = np.array(entered)[log.number[inside]]
    cycle = (log.finished - arrived)[log.finished > WARM_DAYS * DAY] / DAY
    late = log[log.finished > WARM_DAYS * DAY]
    streams = [late.job_type == at for at in range(len(fab.releases))]
    raw = np.array([raw_minutes(fab, release.part) / DAY for release in fab.releases])
    regular = np.array([release.priority == min(one.priority for one in fab.releases) for release in fab.releases])
    return Year(
        lots_a_day=np.array([stream.sum() / (days - WARM_DAYS) for stream in streams]),
        cycle_days=np.array([cycle[stream].mean() if stream.any() else np.nan for stream in streams]),
        flow_factors=(cycle / raw[late.job_type])[regular[late.job_type]],
        inside=int(state.clock.inside[0]),
        events=int(state.clock.events[0]),
        seconds=seconds,
    )


def show_raw(fab: Fab) -> None:
    """The files' sums of means beside those of the paper: whether the files are read as they were meant."""
    print(f"\n{'raw processing time':22} {'days':>7} {'paper':>7}")
    for part, published in PUBLISHED_RAW_DAYS.items():
        print(f"{part:22} {raw_minutes(fab, part) / DAY:7.2f} {published:7.2f}")
    worst = max(loads_of(fab).values(), key=lambda load: load.busy_share)
    print(f"{'busiest family':22} {worst.family}, {100 * worst.busy_share:.1f} % of its available time (paper 97.4)")


def show(fab: Fab, name: str, years: list[Year], days: float) -> None:
    """One table for a reading of the files."""
    seconds = [one.seconds for one in years]
    print(
        f"\n{name}: {days:g} days, {len(years)} replications, {np.mean(seconds):.1f} CPU s each "
        f"({np.mean([one.events for one in years]) / np.mean(seconds) / 1e6:.1f} M events/s), "
        f"{np.mean([one.inside for one in years]):,.0f} lots inside at the end"
    )
    print(f"{'stream':14} {'started/d':>9} {'done/d':>7} {'peer':>6} | {'days':>7} {'from':>7} {'to':>7} | PySCFabSim")
    for at, release in enumerate(fab.releases):
        cycle = mean_interval(np.array([one.cycle_days[at] for one in years]), seed=1)
        peers, done = PEER_DAYS[release.name]
        print(
            f"{release.name:14} {DAY / release.interval_minutes:9.2f} "
            f"{np.mean([one.lots_a_day[at] for one in years]):7.2f} {done:6.2f} | "
            f"{cycle.value:7.2f} {cycle.low:7.2f} {cycle.high:7.2f} | {' '.join(f'{peer:.2f}' for peer in peers)}"
        )
    factors = np.quantile(np.concatenate([one.flow_factors for one in years]), [0.5, 0.05, 0.95])
    print(
        f"flow factor of regular lots: median {factors[0]:.2f} ({factors[1]:.2f} to {factors[2]:.2f} for 90 % of lots)"
    )
    print("paper: median {:.2f} ({:.2f} to {:.2f})".format(*PUBLISHED_FLOW_FACTOR))


def runs(fab: Fab, reading: Reading, replications: int, days: float) -> Iterator[Year]:
    """The replications of one reading."""
    compiled = compile_network(network_of_fab(fab, reading))
    for replication in range(replications):
        yield year(fab, compiled, replication, days)


def main(replications: int, days: float) -> None:
    """Print the tables."""
    begun = time.process_time()
    fab = read_smt2020(folder())
    print(f"{fab!r}, read in {time.process_time() - begun:.2f} CPU s")
    show_raw(fab)
    # The kernel is compiled, or loaded, before anything is measured.
    next(runs(fab, Reading(start_lots=False), 1, 1.0))
    slowest = 0.0
    for name, reading in READINGS.items():
        years = list(runs(fab, reading, replications, days))
        show(fab, name, years, days)
        slowest = max(slowest, max(one.seconds for one in years) * 365 / days)
    peer = 365 * PEER_SECONDS_A_DAY
    print(
        f"\na year takes at most {slowest:.1f} CPU s (target {TARGET_SECONDS:g}); PySCFabSim {PEER_SECONDS_A_DAY} "
        f"CPU s a day, {peer:,.0f} a year: {peer / slowest:.0f} times as much"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, float(sys.argv[2]) if len(sys.argv) > 2 else 365.0)
