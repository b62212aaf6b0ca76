"""The verb: from a factory with reports of the floor to its true times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from linewright import __version__
from linewright.errors import ModelError
from linewright.model.results import Origin
from linewright.model.times_results import Times
from linewright.times.estimates.curves import curves_of
from linewright.times.estimates.levels import levels_of
from linewright.times.estimates.now import judged, still_true
from linewright.times.estimates.queues import queues_of
from linewright.times.estimates.shares import setup_shares
from linewright.times.estimates.standards import standards_of
from linewright.times.learned import Learned, Place
from linewright.times.minutes.model import LEAST_TO_LEARN, TRIALS, Minutes, learn_minutes
from linewright.times.reports.aside import Cleaned, cleaned
from linewright.times.reports.read import family_of
from linewright.times.reports.records import job_records, report_records
from linewright.times.table import Counted, alarms_of, table_of

if TYPE_CHECKING:
    from linewright.model.factory import Factory

READS = (
    "settings", "actuals", "operations", "operation_machines", "machines", "work_centers", "work_orders", "materials",
    "skills",
)  # fmt: skip


def learn_times(
    factory: Factory, *, until: datetime | None = None, since: datetime | None = None, seed: int = 0
) -> Times:
    """Learn setup and run times, yield, rework and queues from what the floor reported, with ranges that hold.

    Parameters
    ----------
    factory
        Its `actuals` are learned from; its `operations` hold the standards that are judged.
    until, since
        Only reports that ended before, or began after, these timezone-aware moments.
    seed
        Of the trees; the same reports and seed give the same times.

    Raises
    ------
    ModelError
        There are no reports, or too few that tell a time.
    """
    reports = _between(cleaned(factory), since, until)
    jobs = job_records(reports.reports)
    _refuse_too_few(jobs)
    standards = standards_of(factory)
    levels = judged(jobs, standards)
    current = still_true(jobs, levels)
    stretches = report_records(still_true(reports.reports, levels))
    setups = job_records(reports.reports, "setup")
    learned, of_reports = _models(factory, current, stretches, setups, seed)
    counted = Counted(jobs=current, setups=setups, cleaned=reports, standards=standards, levels=levels, every=jobs)
    frame = table_of(factory, learned, counted)
    return Times(
        factory_name=factory.name, currency=factory.settings.currency, timezone=factory.settings.timezone,
        frame=frame, queues=queues_of(reports.reports), curves=curves_of(jobs),
        levels=levels_of(factory, of_reports), alarms=alarms_of(frame, factory), faults=reports.faults,
        assumptions=_told(learned, jobs, stretches), model=learned,
        origin=Origin(
            made_by="times.learn_times", code_version=__version__, seed=seed,
            options={"until": until and until.isoformat(), "since": since and since.isoformat()},
            reads=factory.hashes(READS),
        ),
    )  # fmt: skip


def _between(found: Cleaned, since: datetime | None, until: datetime | None) -> Cleaned:
    """Only what was known at a moment: a report counts when it has ended."""

    def chosen(frame: pl.DataFrame) -> pl.DataFrame:
        if until is not None:
            frame = frame.filter((pl.coalesce("end", "moment") <= until).fill_null(value=True))
        return frame if since is None else frame.filter((pl.col("moment") >= since).fill_null(value=False))

    return Cleaned(
        reports=chosen(found.reports), rework=chosen(found.rework), everything=chosen(found.everything),
        faults=found.faults,
    )  # fmt: skip


def _refuse_too_few(jobs: pl.DataFrame) -> None:
    if jobs.height < LEAST_TO_LEARN:
        runs = f"{jobs.height} {'job' if jobs.height == 1 else 'jobs'} at a step"
        raise ModelError(
            [
                f"actuals: {runs} with minutes and units, not enough to learn from — {LEAST_TO_LEARN} are needed; "
                "report good units and start and end (or minutes) of runs"
            ]
        )


def _models(
    factory: Factory, jobs: pl.DataFrame, stretches: pl.DataFrame, setups: pl.DataFrame, seed: int
) -> tuple[Learned, Minutes | None]:
    """The models, and the one of reports as long as it knows people."""
    of_reports = learn_minutes(stretches, seed=seed, people=True) if stretches.height >= LEAST_TO_LEARN else None
    # A setup is done once for a job, whatever its quantity.
    once = setups.with_columns(quantity=pl.lit(1.0))
    learned = Learned(
        jobs=learn_minutes(jobs, seed=seed),
        reports=None if of_reports is None else of_reports.nameless(),
        setups=learn_minutes(once, seed=seed) if once.height >= LEAST_TO_LEARN else None,
        setup_shares={(row[0], row[1]): row[2] for row in setup_shares(jobs, setups).rows()},
        places=_places(factory, jobs, stretches),
        centers=dict(
            factory.machines.content.select(
                "machine", pl.when(pl.col("work_center") != "").then("work_center").otherwise("machine")
            ).rows()
        ),
        routing=_routing(factory),
    )
    return learned, of_reports


def _routing(factory: Factory) -> dict[str, pl.DataFrame]:
    """The tables that learned times are taken over into; alternatives do not say who they are for."""
    return {
        "operations": factory.operations.content,
        "operation_machines": factory.operation_machines.content.drop("person"),
        "machines": factory.machines.content,
    }


def _places(factory: Factory, jobs: pl.DataFrame, stretches: pl.DataFrame) -> dict[tuple[str, int], Place]:
    """Every step of the factory, with what its reports say about it."""
    usual = dict(_by_step(jobs))
    parts = {key: float(group["quantity"].median()) for key, group in _by_step(stretches)}  # type: ignore[arg-type]
    lot = float(jobs["quantity"].median())  # type: ignore[arg-type]
    first: dict[tuple[str, int], str] = {}
    for material, step, machine in factory.operation_machines.content.select("material", "step", "machine").rows():
        first.setdefault((material, step), machine)
    centers = dict(factory.machines.content.select("machine", "work_center").rows())
    steps = factory.operations.content.with_columns(family=family_of(pl.col("material")))
    places = {}
    for row in steps.iter_rows(named=True):
        key = row["material"], row["step"]
        group = usual.get(key)
        machine = row["machine"] or first.get(key, "")
        quantity, counts = lot, {}
        if group is not None:
            machine = str(group["machine"].mode().sort()[0]) or machine
            quantity = float(group["quantity"].median())  # type: ignore[arg-type]
            counts = {"": group.height, **dict(group["machine"].value_counts().rows())}
        name = row["name"] or str(row["step"])
        center = centers.get(machine) or row["work_center"] or name
        places[key] = Place(
            name, row["setup_family"] or row["family"], center, machine, quantity, parts.get(key, quantity), counts
        )
    return places


def _by_step(records: pl.DataFrame) -> Iterable[tuple[tuple[Any, ...], pl.DataFrame]]:
    return records.filter(pl.col("step").is_not_null()).group_by("material", "step", maintain_order=True)


def _told(learned: Learned, jobs: pl.DataFrame, stretches: pl.DataFrame) -> tuple[str, ...]:
    """What must be known to read the times."""
    share, count = learned.jobs.held.get("", (0.0, 0))
    held = (
        f"Ranges learned from the earlier {100 * TRIALS[-2]:.0f} % of the jobs caught {100 * share:.0f} % of the "
        f"{count} later ones; 80 % are meant to be."
        if count
        else "There are too few jobs to check the ranges on later ones; they are those of a normal distribution."
    )
    trees = "effects and trees in equal parts" if learned.jobs.share else "shrunken effects alone: trees did not help"
    return (
        "A time is that of a job at a step: all its run minutes, by whomever, without rework, for the units made.",
        f"Learned from {jobs.height:,} jobs at a step and {stretches.height:,} single reports, by {trees}.",
        held,
    )
