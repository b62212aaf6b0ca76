"""All exact values of the suite beside what the twin says: ``python -m benchmarks.oracles [FAMILY ...]``.

The rows lie in ``simulation/oracles.csv`` of the folder that LINEWRIGHT_BENCH names. A simulated mean is in range when
it lies within 3.5 standard errors of 24 replications and the error is at most 0.5 % (2 % from 90 % utilisation on);
over a family the standardised errors must look normal: |mean| < 0.5 and standard deviation 0.7 to 1.4 where there are
enough of them (10). A case with a row out of range is run once more, four times as long, and both are printed. Figures
of known mean (arrivals, work, repairs) serve as control variates. Rows without chance must be exact; rows of formulas
are asked of the twin's analytic companions.
"""

from __future__ import annotations

import csv
import json
import math
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.oracles.cases import CASES, Case
from benchmarks.oracles.formulas import FAMILIES, formula
from benchmarks.oracles.measure import REPLICATIONS, ROUNDING, SLOW, Found, simulate_case
from linewright.shop.chance import identity

MOST_ERRORS, LEAST_JUDGED, LONGER = 3.5, 10, 4.0


def main(families: list[str]) -> int:
    """Print the table; returns 1 when something is out of range."""
    folder = os.environ.get("LINEWRIGHT_BENCH")
    if not folder:
        print("set LINEWRIGHT_BENCH to the folder with simulation/oracles.csv")
        return 2
    with (Path(folder) / "simulation" / "oracles.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not families or row["family"] in families]
    groups: dict[tuple[str, str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row["case"], row["family"], row["model"], row["params"]].append(row)
    begun, wrong, scores = time.process_time(), 0, defaultdict(list)
    for (name, family, model, text), group in groups.items():
        params = json.loads(text)
        if family in FAMILIES:
            wrong += sum(not _formula_row(name, family, model, params, row) for row in group)
            continue
        wrong += _simulated(name, family, model, params, group, scores)
    wrong += _judge(scores)
    print(f"{len(rows)} rows, {wrong} out of range, {time.process_time() - begun:.0f} CPU s")
    return int(wrong > 0)


def _simulated(
    name: str,
    family: str,
    model: str,
    params: dict[str, Any],
    group: list[dict[str, str]],
    scores: dict[str, list[float]],
) -> int:
    values = {row["metric"]: json.loads(row["value"]) for row in group}
    if "an optimal allocation" in values:
        # The best throughput belongs to the allocation that is named beside it.
        params = params | {"b": values.pop("an optimal allocation")}
        print(f"{name:6} {family:11} allocation {params['b']} is simulated for the throughput")
    case: Case = CASES[family](family, model, params)
    allowed = 0.02 if case.busy >= SLOW else 0.005
    found = simulate_case(case, list(values), seed=identity(name))
    lines, wrong, standard = _compare(name, family, values, found, allowed)
    if wrong:
        # One row in some hundreds is out by chance: it is run once more, longer and on fresh numbers.
        print("\n".join(lines), "\n       once more, longer and on fresh numbers:")
        found = simulate_case(case, list(values), seed=identity(name, "again"), longer=LONGER)
        lines, wrong, standard = _compare(name, family, values, found, allowed)
    print("\n".join(lines), flush=True)
    scores[family] += standard
    return wrong


def _compare(
    name: str, family: str, values: dict[str, Any], found: Found, allowed: float
) -> tuple[list[str], int, list[float]]:
    """One line for each number, how many are out of range, and the standardised errors of those that vary."""
    lines, wrong, standard = [], 0, []
    for metric, value in values.items():
        means, errors = np.atleast_1d(found.mean[metric]), np.atleast_1d(found.error[metric])
        for wanted, mean, error in zip(np.atleast_1d(value), means, errors, strict=True):
            relative = abs(mean - wanted) / abs(wanted)
            steady = error < ROUNDING * abs(wanted)
            score = 0.0 if steady else (mean - wanted) / error
            good = relative < 1e-3 if steady else abs(score) <= MOST_ERRORS and relative <= allowed
            wrong += not good
            standard += [] if steady else [score]
            lines.append(
                f"{name:6} {family:11} {metric[:28]:28} {wanted:12.6g} {mean:12.6g} {100 * relative:7.3f} % "
                f"z {score:6.2f} {found.seconds:6.2f} s{'' if good else '  <- out of range'}"
            )
    return lines, wrong, standard


def _formula_row(name: str, family: str, model: str, params: dict[str, Any], row: dict[str, str]) -> bool:
    value = json.loads(row["value"])
    try:
        found = formula(family, model, params, row["metric"])
    except ImportError as missing:
        print(f"{name:6} {family:11} {row['metric'][:28]:28} not there yet: {missing}")
        return False
    relative = (found - value) / abs(value)
    good = relative > -1e-6 if family == "bap_best" else abs(relative) < 1e-5
    print(
        f"{name:6} {family:11} {row['metric'][:28]:28} {value:12.6g} {found:12.6g} {100 * abs(relative):7.3f} % formula"
        f"{'' if good else '  <- out of range'}",
        flush=True,
    )
    return good


def _judge(scores: dict[str, list[float]]) -> int:
    """Print the standardised errors of each family and of all; returns how many do not look normal."""
    print(f"\n{'family':12} {'rows':>5} {'mean z':>7} {'sd':>6} {'max |z|':>8}   ({REPLICATIONS} replications each)")
    wrong = 0
    everything = [score for family in scores.values() for score in family]
    for family, found in [*scores.items(), ("all", everything)]:
        values = np.array(found)
        spread = values.std(ddof=1) if values.size > 1 else math.nan
        judged = values.size >= LEAST_JUDGED
        good = not judged or (abs(values.mean()) < 0.5 and 0.7 < spread < 1.4)
        wrong += not good
        print(
            f"{family:12} {values.size:5} {values.mean() if values.size else math.nan:7.2f} {spread:6.2f} "
            f"{np.abs(values).max(initial=0):8.2f}{'' if good else '  <- does not look normal'}"
        )
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
