"""Recognise the job log and read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import polars as pl

from linewright.io.machine_shop.log import looks_like_the_log, read_log
from linewright.io.machine_shop.standards import machines_of, progress, steps_of
from linewright.io.machine_shop.traps import traps
from linewright.io.raw_tables import LINE, Gathered, only_known, single_file
from linewright.model.faults import Source
from linewright.model.raw import RawFactory

KINDS = MappingProxyType({"S": "setup", "D": "run", "B": "break"})


class MachineShopReader:
    """Reads the machine shop's job log; see `Reader` for what each member means."""

    name = "machine_shop"
    title = "the job log of a real machine shop (2012): reports of setups, runs and breaks"
    options: Mapping[str, str] = MappingProxyType({})

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether this is one CSV file with the log's header."""
        return len(files) == 1 and files[0].is_file() and ".csv" in files[0].suffixes and looks_like_the_log(files[0])

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read the log; routings and standard times are worked out from it.

        Raises
        ------
        SourceError
            The file cannot be read or is not the log.
        """
        only_known(options, self.options, self.name)
        path = single_file(files, self.name)
        log, faults = read_log(path)
        source = Source(
            path.name,
            columns={
                "work_order": "case", "material": "part", "operation": "activity", "person": "worker",
                "kind": "report_type", "minutes": "reported_minutes", "quantity": "order_qty", "good": "qty_good",
                "scrap": "qty_scrap",
            },
        )  # fmt: skip
        found = Gathered(faults=[*faults, *traps(log, source)])
        steps = steps_of(log)
        found.add("settings", _settings(log), source)
        _add_equipment(found, log, source)
        _add_people(found, log, source)
        _add_routing(found, log, steps, source)
        _add_jobs(found, log, steps, source)
        found.add("actuals", _actuals(log, steps), source)
        found.assumptions += _assumptions(log)
        return found.raw()


def _settings(log: pl.DataFrame) -> pl.DataFrame:
    last = pl.concat([log["start"], log["end"]]).max()
    start = pl.Series([last], dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
    return pl.DataFrame({"name": ["Machine shop 2012"], "timezone": ["UTC"], "start": start})


def _add_equipment(found: Gathered, log: pl.DataFrame, source: Source) -> None:
    named = log.filter(pl.col("machine").is_not_null()).group_by("machine", maintain_order=True)
    machines = named.agg(pl.col(LINE).min())
    group = pl.col("machine").str.replace(r"\s*-?\s*Machine \d+\s*-?\s*", "").str.replace(r" \d+$", "")
    machines = machines.with_columns(work_center=group).join(
        _desks(log), on="machine", how="left", maintain_order="left"
    )
    found.add("work_centers", machines.group_by("work_center", maintain_order=True).agg(pl.col(LINE).min()), source)
    found.add("machines", machines.with_columns(pl.col("capacity").fill_null(1)), source)
    shared = machines.filter(pl.col("capacity") > 1).select("machine", "capacity").iter_rows()
    told = ", ".join(f"{desk} {places}" for desk, places in shared)
    if told:
        found.assumptions.append(f"Desks have a place for as many people as once worked there together: {told}.")


def _desks(log: pl.DataFrame) -> pl.DataFrame:
    """How many people worked at the same time at each place that is not a numbered machine."""
    timed = log.filter(~pl.col("machine").str.contains("Machine") & (pl.col("reported_minutes") > 0))
    timed = timed.filter(pl.col("start").is_not_null() & (pl.col("end") > pl.col("start")))
    starts = timed.select("machine", "worker", moment="start")
    together = starts.join(timed.select("machine", "start", "end", other="worker"), on="machine")
    together = together.filter((pl.col("start") <= pl.col("moment")) & (pl.col("moment") < pl.col("end")))
    counts = together.group_by("machine", "moment").agg(pl.col("other").n_unique().alias("capacity"))
    return counts.group_by("machine").agg(pl.col("capacity").max().cast(pl.Int64))


def _add_people(found: Gathered, log: pl.DataFrame, source: Source) -> None:
    workers = log.filter(pl.col("worker").is_not_null())
    people = workers.group_by(pl.col("worker").alias("person")).agg(pl.col(LINE).min()).sort("person")
    found.add("people", people, source)
    may = workers.filter(pl.col("report_type") != "B").group_by(
        pl.col("worker").alias("person"), pl.col("kind").alias("skill")
    )
    found.add("skills", may.agg(pl.col(LINE).min()).sort("person", "skill"), source)


def _add_routing(found: Gathered, log: pl.DataFrame, steps: pl.DataFrame, source: Source) -> None:
    parts = log.group_by(pl.col("part").alias("material"), maintain_order=True).agg(pl.col(LINE).min())
    found.add("materials", parts.with_columns(kind=pl.lit("made")), source)
    prepared = pl.col("setup_minutes") > 0
    operations = steps.select(
        LINE,
        "step",
        "setup_minutes",
        "run_minutes",
        material="part",
        name="kind",
        crew=pl.lit(1),
        skill="kind",
        setup_crew=prepared.cast(pl.Int64),
        setup_skill=pl.when(prepared).then("kind"),
    )
    found.add("operations", operations, source)
    machines = machines_of(log, steps).select(LINE, "step", "machine", material="part")
    found.add("operation_machines", machines, source)


def _add_jobs(found: Gathered, log: pl.DataFrame, steps: pl.DataFrame, source: Source) -> None:
    jobs = progress(log, steps)
    running = pl.col("status") == "open"
    frame = jobs.select(
        LINE,
        "status",
        work_order="case",
        material="part",
        quantity="order_qty",
        step=pl.when(running).then("step"),
        done_quantity=pl.when(running).then("done_quantity").otherwise(0.0),
    )
    found.add("work_orders", frame, source)
    still_open = jobs.filter(pl.col("status") == "open").height
    found.assumptions.append(
        f"{jobs.height - still_open} jobs were inspected or packed at the end and count as closed; {still_open} are "
        "open and stand at the last step that they report, with the good units reported there."
    )


def _actuals(log: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    kind = pl.when("setup").then(pl.lit("setup")).otherwise(pl.col("report_type").replace_strict(KINDS, default="run"))
    known = steps.select("part", "kind", "step")
    return log.join(known, on=["part", "kind"], how="left", maintain_order="left").select(
        LINE,
        "step",
        "machine",
        work_order="case",
        material="part",
        operation="activity",
        person="worker",
        kind=kind,
        start=pl.col("start").dt.replace_time_zone("UTC"),
        end=pl.col("end").dt.replace_time_zone("UTC"),
        minutes="reported_minutes",
        good="qty_good",
        scrap="qty_scrap",
        rework=pl.col("again"),
    )


def _assumptions(log: pl.DataFrame) -> list[str]:
    return [
        "The log has no due dates, so no job can be late, and no bills of materials, so all material is at hand.",
        "The log has no calendars: machines and people are there round the clock.",
        "The log names no time zone: its times are kept as UTC, and the plan starts at its last one.",
        "A part's routing is the kinds of work that at least half of its finished jobs report "
        f"({log['part'].n_unique()} parts); the machines used for a kind of work are alternatives; rework is left out "
        "of routings and times.",
        "Setup times are medians over jobs; run times are all reported minutes over all ordered units.",
        "Whoever reported a kind of work may do it; a run and a setup need one such person.",
    ]
