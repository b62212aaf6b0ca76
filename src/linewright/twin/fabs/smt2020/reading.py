"""Read a folder of the SMT2020 testbed.

The files are those of Kopp, Hassoun, Kalir and Mönch, *SMT2020: A semiconductor manufacturing testbed*, IEEE
Transactions on Semiconductor Manufacturing 33(4), 2020, pp. 522-531, in the tab-separated form that AutoSched reads.
What each column means follows the paper and the open simulator PySCFabSim (Kovács et al., *A customizable simulator
for artificial intelligence research to schedule semiconductor fabs*, ASMC 2022).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from linewright.twin.fabs.smt2020.records import (
    Fab,
    Product,
    Release,
    Spread,
    StartLot,
    Step,
    ToolFamily,
)
from linewright.twin.fabs.smt2020.stops import read_stops
from linewright.twin.fabs.smt2020.tab_files import Faults, Row, rows_of


def read_smt2020(folder: Path | str) -> Fab:
    """The fab that a folder describes.

    Raises
    ------
    SourceError
        A file is missing.
    ModelError
        Rows contradict each other or say nothing useful; all of them at once.
    """
    folder = Path(folder)
    faults = Faults()
    families = _families(folder, faults)
    products = _products(folder, families, faults)
    releases = _releases(folder, products, faults)
    breakdowns, upkeeps = read_stops(folder, families, faults)
    fab = Fab(
        products=tuple(products.values()),
        families=tuple(families.values()),
        breakdowns=breakdowns,
        upkeeps=upkeeps,
        releases=tuple(releases.values()),
        start_lots=_start_lots(folder, products, releases, faults),
        changeovers=_changeovers(folder, faults),
        least_runs=_least_runs(folder, faults),
        travel=_travel(folder, faults),
    )
    faults.raise_any()
    return fab


def _families(folder: Path, faults: Faults) -> dict[str, ToolFamily]:
    families = {}
    for row in rows_of(folder, "tool.txt.1l", faults):
        name = row.text("STNFAM")
        if name in families:
            faults.add(row, f"tool family {name} stands twice", "remove one of the rows")
        families[name] = ToolFamily(
            name=name,
            group=row.text("STNGRP"),
            tools=int(row.number("STNQTY", low=1)),
            location=row.text("STNFAMLOC"),
            load_minutes=row.minutes("LTIME", "LTUNITS", 0.0),
            unload_minutes=row.minutes("ULTIME", "ULTUNITS", 0.0),
            # A capacity of two places is how AutoSched is told that a lot may enter while another is inside.
            cascades=row.number("STNCAP", 1.0, low=1) >= 2,
            least_setup="rank_RSETUP" in row.text("FWLRANK"),
            setup_first=row.text("RULE") == "rule_LSSU",
            batch_by_step=row.text("BATCHCRITF") == "crit_sameroutestep",
        )
    return families


def _products(folder: Path, families: Mapping[str, ToolFamily], faults: Faults) -> dict[str, Product]:
    products: dict[str, Product] = {}
    for row in rows_of(folder, "part.txt", faults):
        part = row.text("PART")
        rows = list(rows_of(folder, row.text("ROUTEFILE"), faults))
        steps = tuple(_step(step, families, len(rows)) for step in rows)
        if [step.number for step in steps] != list(range(1, len(steps) + 1)):
            faults.add(row, f"the steps of {row.text('ROUTEFILE')} are not 1, 2, 3 ...", "number them in order")
        products[part] = Product(part=part, route=row.text("ROUTE"), steps=steps)
    return products


def _step(row: Row, families: Mapping[str, ToolFamily], steps: int) -> Step:
    """One row of a route.

    A piece's interval comes only with a time per piece; without one the pieces are made one after the other.
    """
    number = int(row.number("STEP", low=1))
    per = row.text("PTPER").removeprefix("per_")
    if per not in {"lot", "piece", "batch"}:
        row.faults.add(row, f"PTPER is {row.text('PTPER') or 'blank'}", "use per_lot, per_piece or per_batch")
    rework = int(row.number("RWKSTEP", 0.0, high=number))
    if row.text("REWORK") and not rework:
        row.faults.add(row, "REWORK has a share but no step", "write the step in RWKSTEP")
    later = {name: int(row.number(name, 0.0, high=steps)) for name in ("STEP_CQT", "FORSTEP")}
    for name, target in later.items():
        if 0 < target <= number:
            row.faults.add(row, f"{name} {target} is not after step {number}", "name a later step")
    return Step(
        number=number,
        name=row.text("DESC"),
        family=row.named("STNFAM", families, "tool.txt.1l"),
        minutes=row.spread("PDIST", "PTIME", "PTIME2", "PTUNITS"),
        per=per,
        least_pieces=int(row.number("BATCHMN", 0.0)),
        most_pieces=int(row.number("BATCHMX", 0.0, low=row.number("BATCHMN", 0.0))),
        setup=row.text("SETUP"),
        setup_minutes=row.minutes("STIME", "STUNITS") if row.text("STIME") else None,
        same_tool_step=later["FORSTEP"] if row.text("SVESTN") == "yes" else 0,
        lot_interval_minutes=row.minutes("BatchInterval", "BatchIntUnits", 0.0),
        piece_interval_minutes=row.minutes("PartInterval", "PartIntUnits", 0.0),
        rework_step=rework,
        rework_share=row.number("REWORK", 0.0, high=100) / 100,
        sample_share=row.number("StepPercent", 100.0, high=100) / 100,
        clocked_step=later["STEP_CQT"],
        clock_minutes=row.minutes("CQT", "CQTUNITS", 0.0),
    )


def _releases(folder: Path, products: Mapping[str, Product], faults: Faults) -> dict[str, Release]:
    rows = list(rows_of(folder, "order.txt", faults))
    start = min((row.instant("START") for row in rows), default=None)
    releases = {}
    for row in rows:
        if row.text("RDIST") not in {"", "constant"}:
            faults.add(row, f"RDIST {row.text('RDIST')} is not known", "use constant")
        first = row.instant("START")
        due = (row.instant("DUE") - first).total_seconds() / 60
        if due < 0:
            faults.add(row, "DUE is before START", "a due date comes after the release")
        name = row.text("LOT")
        releases[name] = Release(
            name=name,
            part=row.named("PART", products, "part.txt"),
            priority=int(row.number("PRIOR", 0.0)),
            pieces=int(row.number("PIECES", low=1)),
            first_minutes=(first - start).total_seconds() / 60 if start else 0.0,
            interval_minutes=row.minutes("REPEAT", "RUNITS", low=1e-9),
            lots=int(row.number("RPT#", 1.0)) * int(row.number("LOTSPERRPT", 1.0, low=1)),
            due_minutes=due,
        )
    return releases


def _start_lots(
    folder: Path, products: Mapping[str, Product], releases: Mapping[str, Release], faults: Faults
) -> tuple[StartLot, ...]:
    if not (folder / "WIP.txt").exists():
        return ()
    lots = []
    for row in rows_of(folder, "WIP.txt", faults):
        part = row.named("PART", products, "part.txt")
        steps = len(products[part].steps) if part in products else 1
        name = row.text("LOT")
        # The lot Init_Lot_3_17 is the 17th of those that the stream Lot_3 released before the start.
        stream = name.removeprefix("Init_").rpartition("_")[0]
        lots.append(
            StartLot(
                name=name,
                release=stream if stream in releases else "",
                part=part,
                priority=int(row.number("PRIOR", 0.0)),
                pieces=int(row.number("PIECES", low=1)),
                step=int(row.number("CURSTEP", low=1, high=steps)),
                due_minutes=(row.instant("DUE") - row.instant("START")).total_seconds() / 60,
            )
        )
    return tuple(lots)


def _changeovers(folder: Path, faults: Faults) -> dict[tuple[str, str], float]:
    return {
        (row.text("CURSETUP"), row.text("NEWSETUP")): row.minutes("STIME", "STUNITS")
        for row in rows_of(folder, "setup.txt", faults)
    }


def _least_runs(folder: Path, faults: Faults) -> dict[str, int]:
    return {row.text("SETUP"): int(row.number("MINRUN", 1.0, low=1)) for row in rows_of(folder, "setupgrp.txt", faults)}


def _travel(folder: Path, faults: Faults) -> dict[tuple[str, str], Spread]:
    return {
        (row.text("FROMLOC"), row.text("TOLOC")): row.spread("DDIST", "DTIME", "DTIME2", "DUNITS")
        for row in rows_of(folder, "fromto.txt", faults)
    }
