"""Which instances there are, by family, and an even sample of them."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "tests" / "data"
PLANTS = ROOT / "benchmarks" / "plant" / "instances.csv"
INDEX = Path("scheduling") / "index.csv"

OURS, PEER, RULE = "linewright", "PyJobShop", "ATCS rule"


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance: its files, what is minimised, and what is known about it.

    `alone` leaves out the file of due dates and changeovers that stands beside some instances; without files an
    instance is one of the plant benchmark, which makes them. A classic instance
    is one that the peer can be given and the independent check knows; its values are in units of its file.
    """

    group: str
    name: str
    files: tuple[Path, ...]
    operations: int = 0
    objective: str = "makespan"
    reader: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    best_known: float | None = None
    limit: float | None = None
    alone: bool = False
    classic: bool = True


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family: its words, how its instances are found in the shared folder, and what values are compared with.

    `against` is ``best known`` (where none is published: the better of the two programs), ``bound`` (the proven
    bound of linewright), ``rule`` (the best plan of a dispatching rule) or ``plant`` (each instance has a line).
    """

    title: str
    find: Callable[[Path], list[Instance]]
    against: str = "best known"
    programs: tuple[str, ...] = (OURS, PEER)


def shared_folder() -> Path:
    """Where the public instances lie: LINEWRIGHT_BENCH, else ``shared/bench`` beside this checkout."""
    return Path(os.environ.get("LINEWRIGHT_BENCH") or ROOT.parent / "shared" / "bench")


def sample(instances: Sequence[Instance], count: int | None) -> list[Instance]:
    """So many instances, evenly spread over their sizes; the same ones every time."""
    ordered = sorted(instances, key=lambda instance: (instance.operations, instance.group, instance.name))
    if count is None or count >= len(ordered):
        return ordered
    return [ordered[(2 * place + 1) * len(ordered) // (2 * count)] for place in range(count)]


def indexed(
    shared: Path, *, problem: str, sets: Callable[[Mapping[str, str]], bool] = bool, objective: str = "makespan",
    alone: bool = False,
) -> list[Instance]:  # fmt: skip
    """The instances of the index of one problem."""
    index = shared / INDEX
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["problem"] == problem and sets(row)]
    return [
        Instance(
            group=row["set"],
            name=row["instance"],
            files=(index.parent / row["file"],),
            operations=int(row["n_ops"]),
            objective=objective,
            reader="classics",
            best_known=_number(row["best_known_ub"]) if objective == "makespan" else None,
            limit=_number(row["best_known_lb"]) if objective == "makespan" else None,
            alone=alone,
        )
        for row in rows
    ]


def bundled(_: Path) -> list[Instance]:
    """The small instances that come with the code, so that the command runs anywhere."""
    known = {"ft06.txt": (36, 55), "la01.txt": (50, 666), "mk01.fjs": (55, 40), "Fattahi_setup_02.fjs": (4, None),
             "Fattahi2.fjsw": (4, None), "dafjs01.txt": (26, None)}  # fmt: skip
    return [
        Instance(
            group="bundled", name=name.partition(".")[0], files=(BUNDLED / "classics" / name,), operations=operations,
            reader="classics", best_known=best, limit=best,
        )
        for name, (operations, best) in known.items()
    ]  # fmt: skip


def plants(shared: Path) -> list[Instance]:
    """Whole factories: bicycles, a machine shop, and the demos of frePPLe."""
    weeks = {"start": "2014-05-05", "weeks": "4"}
    log = shared / "plants" / "machine_shop_2012" / "joblog_jan_feb.csv"
    found = [
        Instance(
            group="AdventureWorks", name="four weeks", files=(ROOT / "examples" / "adventureworks",), operations=3005,
            objective="", reader="adventureworks", options=weeks, classic=False,
        )
    ]  # fmt: skip
    if log.exists():
        found.append(
            Instance(group="machine shop", name="2012", files=(log,), operations=144, objective="", classic=False)
        )
    for name, operations in (("jobshop", 100), ("demo", 10), ("manufacturing_demo", 38)):
        file = BUNDLED / "frepple" / f"{name}.json"
        found.append(
            Instance(group="frePPLe", name=name, files=(file,), operations=operations, objective="", classic=False)
        )
    return found


def generated(_: Path, index: Path = PLANTS) -> list[Instance]:
    """The instances of the plant benchmark, with the best values and bounds known; their files are made anew."""
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return [
        Instance(
            group="plant", name=row["name"], files=(),
            operations=int(row["operations"] or row["name"].rpartition("-")[2]),
            objective="cost",
            reader="csv", best_known=_number(row["best"]), limit=_number(row["bound"]), classic=False,
        )
        for row in rows
    ]  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None


def _large(row: Mapping[str, str]) -> bool:
    """Job shops of 100 × 100 and 1000 × 100."""
    return row["set"] == "tai" and row["n_machines"] == "100" and row["n_jobs"] in {"100", "1000"}


def _in(*sets: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda row: row["set"] in sets


def _synthetic(row: Mapping[str, str]) -> bool:
    return row["set"] == "synthetic"


FAMILIES: Mapping[str, Family] = {
    "bundled": Family(title="Small instances that come with the code", find=bundled),
    "jsp": Family(
        title="Job shops (ft, la, abz, orb, swv, yn, ta)",
        find=partial(indexed, problem="JSP", sets=_in("ft", "la", "abz", "orb", "swv", "yn", "ta")),
    ),
    "dmu": Family(title="Job shops (dmu)", find=partial(indexed, problem="JSP", sets=_in("dmu"))),
    "tai": Family(title="Large job shops (tai)", find=partial(indexed, problem="JSP", sets=_large)),
    "fjsp": Family(
        title="Flexible job shops", find=partial(indexed, problem="FJSP", sets=lambda row: not _synthetic(row))
    ),
    "fjsp-w": Family(title="Flexible job shops with workers", find=partial(indexed, problem="FJSP-W")),
    "fjsp-sdst": Family(title="Flexible job shops with changeovers", find=partial(indexed, problem="FJSP-SDST")),
    "jsp-sdst": Family(title="Job shops with changeovers", find=partial(indexed, problem="JSP-SDST")),
    "synthetic": Family(
        title="Large flexible job shops",
        find=partial(indexed, problem="FJSP", sets=_synthetic, alone=True),
        against="bound",
    ),
    "tardiness": Family(
        title="Flexible job shops with changeovers, weighted tardiness",
        find=partial(indexed, problem="FJSP", sets=_synthetic, objective="cost"),
        against="rule",
        programs=(RULE, OURS, PEER),
    ),
    "fajsp": Family(title="Shops with any precedence graph", find=partial(indexed, problem="FAJSP")),
    "bel": Family(title="Re-entrant shops (bel)", find=partial(indexed, problem="JSP-reentrant", sets=_in("bel"))),
    "dct": Family(title="Re-entrant puzzles (dct)", find=partial(indexed, problem="JSP-reentrant", sets=_in("dct"))),
    "plants": Family(title="Plants", find=plants, against="plant", programs=(OURS,)),
    "generated": Family(title="The plant benchmark", find=generated, against="plant", programs=(OURS,)),
}
