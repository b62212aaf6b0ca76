"""The learned model behind a table of times: it answers for any step, machine and quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """What is known of a step: kind of work, family, usual machine and quantities, and jobs by machine ("": all)."""

    name: str
    family: str
    work_center: str
    machine: str
    quantity: float
    report_quantity: float
    jobs: Mapping[str, int]


@dataclass(frozen=True, repr=False)
class Learned:
    """Models of jobs, of single reports and of setups (None: too few of them), and what is known of each step.

    `routing` has the tables that learned times are taken over into, without people.
    """

    jobs: Minutes
    reports: Minutes | None
    setups: Minutes | None
    setup_shares: Mapping[tuple[str, str], float]
    places: Mapping[tuple[str, int], Place]
    centers: Mapping[str, str]
    routing: Mapping[str, pl.DataFrame]

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
        told = model.forecast(self._records([(material, step, machine or "", units)], per))
        jobs = place.jobs.get(machine or "", 0)
        mean, low, middle, high = (
            float(values[0]) * factor for values in (told.mean, told.low, told.median, told.high)
        )
        return TimeRange(
            material=material, step=step, machine=machine or place.machine, quantity=units, mean=mean, p10=low,
            p50=middle, p90=high, jobs=jobs, sure=place.jobs.get("", 0) >= LEAST_JOBS,
        )  # fmt: skip

    def usual_machine(self, material: str, step: int) -> str:
        """Where a step is mostly done; times of the step in all are those there."""
        return self._place(material, step).machine

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
        return self._records(rows.select("material", "step", "machine", "quantity").rows(), "job")

    def _shares(self, rows: pl.DataFrame) -> Floats:
        keys = [
            (material, self._place(material, step).name) for material, step in rows.select("material", "step").rows()
        ]
        return np.array([self.setup_shares.get(key, 0.0) for key in keys])

    def _place(self, material: str, step: int) -> Place:
        try:
            return self.places[material, step]
        except KeyError:
            raise ModelError(
                [f"there is no step {step} of {material} — add it to operations, or name one of its steps"]
            ) from None

    def _records(self, wanted: Sequence[tuple[str, int, str, float]], per: str) -> pl.DataFrame:
        """Records as they would be learned from: (material, step, machine or blank for the usual one, quantity)."""
        places = [self._place(material, step) for material, step, _, _ in wanted]
        machines = [one[2] or place.machine for one, place in zip(wanted, places, strict=True)]
        units = [float(one[3]) for one in wanted]
        # A stretch of work belongs to a job of the usual size, or of its own if that is larger.
        ordered = [max(place.quantity, size) for place, size in zip(places, units, strict=True)]
        centers = [self.centers.get(name, place.work_center) for name, place in zip(machines, places, strict=True)]
        return pl.DataFrame(
            {
                "material": [one[0] for one in wanted], "step": [one[1] for one in wanted],
                "kind_of_work": [place.name for place in places], "family": [place.family for place in places],
                "work_center": centers, "machine": machines, "person": [""] * len(places), "quantity": units,
                "order_quantity": units if per == "job" else ordered,
            }
        )  # fmt: skip


def _at(model: Minutes, records: pl.DataFrame, quantile: str | float) -> Floats:
    if quantile == "mean":
        return model.forecast(records).mean
    return model.quantile(records, 0.5 if quantile == "p50" else float(quantile))
