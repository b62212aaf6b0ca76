"""The real machine shop: four splits by time."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from linewright import read
from linewright.times import evaluate
from linewright.times.evaluation import ERP, MEAN, OURS
from linewright.times.minutes.trees import learn_trees
from linewright.times.reports.aside import cleaned
from linewright.times.reports.records import job_records, report_records

LOG = "plants/machine_shop_2012/joblog_jan_feb.csv"
SPLITS = tuple(datetime(2012, month, day, tzinfo=UTC) for month, day in ((1, 31), (2, 7), (2, 14), (2, 21)))
BOOSTING = "gradient boosting alone"
#: Work centers with fewer later records are not judged one by one.
LEAST = 60


def main() -> None:
    """Print the tables."""
    folder = Path(os.environ.get("LINEWRIGHT_BENCH") or Path(__file__).resolve().parents[3] / "shared" / "bench")
    path = folder / LOG
    if not path.exists():
        print(f"The job log is not at {path}; set LINEWRIGHT_BENCH to the folder of the public data.")
        return
    factory = read(path)
    reports = cleaned(factory).reports
    records = {"report": report_records(reports), "job": job_records(reports)}
    for every in (None, 7.0):
        begun = time.process_time()
        found = evaluate(factory, SPLITS, every_days=every)
        spent = time.process_time() - begun
        print(f"\n{'Learned once' if every is None else 'Learned anew each week'}, all splits: {spent:.1f} CPU-s")
        print(f"{'unit':8}{'steps':18}{'method':30}{'records':>8}{'WAPE':>8}{'median':>8}{'10-90 %':>9}")
        for unit in ("report", "job"):
            for known in (False, True):
                steps = "with 5+ earlier" if known else "all"
                for method in (MEAN, ERP, OURS):
                    row = found.row(unit, method, known=known)
                    print(f"{unit:8}{steps:18}{method:30}{row['records']:8,}{_figures(row)}")
            if every is None:
                print(f"{unit:8}{'all':18}{BOOSTING:30}{_boosting(records[unit])}")
        _splits(found)
        _centers(found)


def _figures(row: dict[str, float]) -> str:
    return f"{row['wape']:8.3f}{row['median_error']:8.2f}{100 * row['coverage']:8.0f}%"


def _boosting(records: pl.DataFrame) -> str:
    """Trees alone; their P10 to P90 are the quantiles of their own errors while learning, as is usual."""
    parts = []
    for split in SPLITS:
        past = records.filter((pl.col("until") <= split) | ~pl.col("dated") & (pl.col("moment") < split))
        came = records.filter("dated", pl.col("moment") >= split)
        grown = learn_trees(past, ("material", "kind_of_work", "machine", "person"), seed=0)
        error = np.log(past["minutes"].to_numpy()) - grown.predict(past)
        low, high = np.quantile(error, [0.1, 0.9])
        point, minutes = grown.predict(came), came["minutes"].to_numpy()
        off = np.abs(np.exp(point) - minutes)
        inside = (np.log(minutes) >= point + low) & (np.log(minutes) <= point + high)
        parts.append((len(minutes), off.sum() / minutes.sum(), np.median(off / minutes), inside.mean()))
    weight = [part[0] for part in parts]
    wape, median, coverage = (float(np.average([part[at] for part in parts], weights=weight)) for at in (1, 2, 3))
    return f"{sum(weight):8,}" + _figures({"wape": wape, "median_error": median, "coverage": coverage})


def _splits(found: object) -> None:
    frame = found.frame.filter(  # type: ignore[attr-defined]
        (pl.col("method") == OURS) & (pl.col("work_center") == "") & ~pl.col("known")
    )
    for row in frame.sort("unit", "split", descending=[True, False]).iter_rows(named=True):
        print(f"  {row['unit']:8}from {row['split']:%d %b}{'':30}{row['records']:8,}{_figures(row)}")


def _centers(found: object) -> None:
    frame = found.frame.filter((pl.col("method") == OURS) & ~pl.col("known"))  # type: ignore[attr-defined]
    for unit in ("report", "job"):
        for center in frame.filter(pl.col("unit") == unit)["work_center"].unique().sort():
            row = found.row(unit, OURS, center)  # type: ignore[attr-defined]
            if center and row["records"] >= LEAST:
                print(f"  {unit:8}{center:40}{row['records']:8,}{_figures(row)}")
