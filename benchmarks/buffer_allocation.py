"""Published buffer allocations, met or beaten: ``python -m benchmarks.buffer_allocation [--no-simulation] [--seed S]``.

The lines are those of N. Nahas, D. Ait-Kadi & M. Nourelfath, *International Journal of Production Economics*
103:743-754, 2006, with the values of B. Zhou, J. Liu, J. Yu & D. Tao, *Optimal Control Applications and Methods*
39:204-219, 2018, table 4 (n = 5 to 30 machines, up to 360 places), from simulation/oracles.csv in the folder named by
LINEWRIGHT_BENCH. Their searches (PSO-EDA and others) took 10 to 130 s for each line.

Prints ours beside the published throughput, both by the DDX decomposition, with seconds of CPU; then lines that are
small enough for the exact chain; then the decomposed optimum raced against its neighbours by simulation of the
discrete line on common random numbers, and its throughput on fresh seeds, as the decomposition flatters discrete lines.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from linewright.twin.analytic.decomposition import ContinuousLine, line_throughput
from linewright.twin.analytic.line_chains import exact_line
from linewright.twin.optimise.buffers import best_buffers, even_shares, line_simulation
from linewright.twin.optimise.exchange import best_allocation

#: Published values have six decimals, the last of which may be rounded up.
ROUNDING = 5e-7
#: What the authors say their searches took.
PUBLISHED_SECONDS = "10-130"
#: All searches together should take no longer.
MOST_SECONDS = 15.0

Row = dict[str, Any]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.buffer_allocation")
    parser.add_argument("--no-simulation", action="store_true", help="leave out the races by simulation")
    parser.add_argument("--seed", type=int, default=1, help="seed of the races (1)")
    asked = parser.parse_args()
    rows = read_rows()
    published_allocations([row for row in rows if row["family"] == "bap_pub"])
    searches([row for row in rows if row["family"] == "bap_best"])
    exact_chains([row for row in rows if row["family"] == "bap_exact" and row["metric"] == "max TH"])
    if not asked.no_simulation:
        races([row for row in rows if row["family"] == "bap_best"], asked.seed)


def read_rows() -> list[Row]:
    """The rows about buffer allocation, with their parameters."""
    path = Path(os.environ.get("LINEWRIGHT_BENCH", "")) / "simulation" / "oracles.csv"
    if not path.exists():
        raise SystemExit("set LINEWRIGHT_BENCH to the folder that holds simulation/oracles.csv")
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["family"].startswith("bap_")]
    return [{**row, "params": json.loads(row["params"]), "value": json.loads(row["value"])} for row in rows]


def line_of(row: Row) -> ContinuousLine:
    """The line of a row."""
    return ContinuousLine.of_times(row["params"]["mt"], row["params"]["mr"])


def published_allocations(rows: list[Row]) -> None:
    """The decomposition gives the throughput that was published for an allocation."""
    print("Throughput of published allocations by decomposition")
    print(f"{'case':6}{'machines':>9}{'published':>12}{'ours':>12}{'difference':>12}")
    for row in rows:
        ours = line_throughput(line_of(row), row["params"]["alloc"])[0]
        machines = len(row["params"]["mt"])
        print(f"{row['case']:6}{machines:9d}{row['value']:12.6f}{ours:12.6f}{ours - row['value']:12.1e}")


def searches(rows: list[Row]) -> None:
    """The best allocation by exchange search on the decomposition."""
    print("\nBest allocation of B places by exchange search on the decomposition")
    print(
        f"{'case':6}{'machines':>9}{'B':>5}{'published':>12}{'ours':>12}{'gain':>9}{'asked':>8}"
        f"{'their s':>9}{'CPU s':>8}  verdict"
    )
    total, worse = 0.0, 0
    for row in rows:
        began = time.process_time()
        found = best_buffers(line_of(row), row["params"]["B"])
        seconds = time.process_time() - began
        total += seconds
        met = found.value >= row["value"] - ROUNDING
        worse += not met
        verdict = "better" if found.value > row["value"] + ROUNDING else "equal" if met else "WORSE"
        theirs = PUBLISHED_SECONDS if row["kind"].startswith("published") else "-"
        print(
            f"{row['case']:6}{len(row['params']['mt']):9d}{row['params']['B']:5d}{row['value']:12.6f}{found.value:12.6f}"
            f"{found.value / row['value'] - 1:+9.2%}{found.decomposed.asked:8,d}{theirs:>9}{seconds:8.2f}  {verdict}"
        )
        print(f"{'':6}{list(found.places)}")
    print(f"{total:.1f} CPU s in all (target {MOST_SECONDS:g}), {worse} worse than the known value")


def exact_chains(rows: list[Row]) -> None:
    """The best allocation by exchange search on the exact chain, beside full enumeration."""
    print("\nBest allocation by exchange search on the exact chain, beside full enumeration")
    print(f"{'case':6}{'machines':>9}{'B':>5}{'enumerated':>14}{'ours':>14}{'asked':>8}{'CPU s':>8}")
    for row in rows:
        rates, places = row["params"]["mu"], row["params"]["B"]
        began = time.process_time()
        found = best_allocation(
            lambda many, rates=rates: np.array([exact_line(rates, buffers).throughput for buffers in many]),
            even_shares(places, len(rates) - 1).tolist(),
        )
        seconds = time.process_time() - began
        print(
            f"{row['case']:6}{len(rates):9d}{places:5d}{row['value']:14.10f}{found.value:14.10f}{found.asked:8d}{seconds:8.2f}"
        )


def races(rows: list[Row], seed: int) -> None:
    """The decomposed optimum against its neighbours by simulation, and what it does on fresh seeds."""
    print("\nThe last steps by simulation of the discrete line (unit cycles, block after service), fresh seeds confirm")
    print(
        f"{'case':6}{'machines':>9}{'by DDX':>10}{'simulated':>11}{'95 % interval':>20}{'DDX too high':>14}"
        f"{'gain by races':>26}{'runs':>8}{'CPU s':>8}"
    )
    seen = set()
    for row in rows:
        line, places = line_of(row), row["params"]["B"]
        if (line, places) in seen or len(line.failure_rates) > 15:
            continue
        seen.add((line, places))
        simulation = line_simulation(line, parts=10_000, warm_up=1_000)
        if len(seen) == 1:
            simulation(even_shares(places, len(line.failure_rates) - 1)[None, :], seed, np.arange(1))
        began = time.process_time()
        found = best_buffers(line, places, simulation=simulation, seed=seed, confirm_runs=200)
        seconds = time.process_time() - began
        if found.simulated is None:
            continue
        told, gain = found.simulated.confirmed, found.simulated.gain.percent
        interval = f"{told.low:.4f} to {told.high:.4f}"
        gained = f"{gain.value:+.3f} % ({gain.low:+.3f} to {gain.high:+.3f})"
        print(
            f"{row['case']:6}{len(line.failure_rates):9d}{found.value:10.4f}{told.value:11.4f}{interval:>20}"
            f"{found.value / told.value - 1:14.1%}{gained:>26}{found.simulated.runs:8,d}{seconds:8.1f}"
        )


if __name__ == "__main__":
    main()
