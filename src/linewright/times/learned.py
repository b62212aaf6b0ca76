"""The learned model behind a table of times: it answers for any step, machine and quantity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.model.times_results import TimeRange
from linewright.times.minutes.model import Minutes
from linewright.times.minutes.terms import Floats

#: With fewer jobs (or setups) a time is a guess from similar work.
LEAST_JOBS = 6


@dataclass(frozen=True)
class Place:
    """What is known of a step: its kind of work, family, usual machine and quantities, and jobs by machine ("": all)."""

    name: str
    family: str
    work_center: str
    machine: str
    quantity: float
    report_quantity: float
    jobs: Mapping[str, int]


@dataclass(frozen=True, repr=False)
class Learned:
    """Models of jobs, of single reports and of setups (None: too few of them), and what is known of each step."""

    jobs: Minutes
    reports: Minutes | None
    setups: Minutes | None
    setup_shares: Mapping[tuple[str, str], float]
    places: Mapping[tuple[str, int], Place]
    centers: Mapping[str, str]

    def predict(
        self, material: str, step: int, machine: str | None, quantity: float | None, factor: float, per: str
    ) -> TimeRange:
        """How long a piece of work takes; see `Times.predict`."""
        if per not in {"job", "report"}:
            raise ValueError(f"per is job or report, not {per}")
        place = self._place(material, step)
        model = self.jobs if per == "job" or self.reports is None else self.reports
        usual = place.quantity if per == "job" else place.report_quantity
        units = usual if quantity is None else float(quantity)
        if not units > 0:
            raise ModelError([f"{material}/{step}: {units:g} units cannot be timed — ask for a quantity above zero"])
        if machine and machine not in self.centers:
            raise ModelError([f"there is no machine {machine} — use a name of the sheet machines"])
        record = self._record(material, step, machine or place.machine, units, place, per)
        told = model.forecast(record)
        jobs = place.jobs.get(machine or "", 0)
        mean, low, middle, high = (
            float(values[0]) * factor for values in (told.mean, told.low, told.median, told.high)
        )
        return TimeRange(
            material=material, step=step, machine=machine or place.machine, quantity=units, mean=mean, p10=low,
            p50=middle, p90=high, jobs=jobs, sure=place.jobs.get("", 0) >= LEAST_JOBS,
        )  # fmt: skip

    def quantiles(self, rows: pl.DataFrame, quantile: str | float) -> pl.DataFrame:
        """Minutes of a usual job of some rows of the table: `run` of the whole job, `setup` on average over jobs.

        Parameters
        ----------
        quantile
            ``mean``, ``p50`` or a chance between 0 and 1 with which a time is not exceeded.
        """
        records = self.records(rows)
        share = self._shares(rows)
        run = _at(self.jobs, records, quantile)
        if self.setups is None:
            return pl.DataFrame({"run": run, "setup": np.zeros(rows.height)})
        once = _at(self.setups, records.with_columns(quantity=pl.lit(1.0)), quantile)
        return pl.DataFrame({"run": run, "setup": once * share})

    def records(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with material, step, machine and quantity as records of jobs."""
        made = [
            self._record(row["material"], row["step"], row["machine"] or place.machine, row["quantity"], place, "job")
            for row in rows.iter_rows(named=True)
            if (place := self._place(row["material"], row["step"]))
        ]
        return pl.concat(made)

    def _shares(self, rows: pl.DataFrame) -> Floats:
        keys = [(material, self._place(material, step).name) for material, step in rows.select("material", "step").rows()]
        return np.array([self.setup_shares.get(key, 0.0) for key in keys])

    def _place(self, material: str, step: int) -> Place:
        try:
            return self.places[material, step]
        except KeyError:
            raise ModelError(
                [f"there is no step {step} of {material} — add it to operations, or name one of its steps"]
            ) from None

    def _record(
        self, material: str, step: int, machine: str, quantity: float, place: Place, per: str
    ) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "material": [material], "step": [step], "kind_of_work": [place.name], "family": [place.family],
                "work_center": [self.centers.get(machine, place.work_center)], "machine": [machine], "person": [""],
                "quantity": [float(quantity)],
                "order_quantity": [float(quantity) if per == "job" else max(place.quantity, float(quantity))],
            }
        )  # fmt: skip


def _at(model: Minutes, records: pl.DataFrame, quantile: str | float) -> Floats:
    if quantile == "mean":
        return model.forecast(records).mean
    return model.quantile(records, 0.5 if quantile == "p50" else float(quantile))
