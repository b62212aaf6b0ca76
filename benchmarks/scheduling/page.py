"""The section of docs/benchmarks.md that the command writes, between two comments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.scheduling.families import FAMILIES, OURS, PEER
from benchmarks.scheduling.record import Row
from benchmarks.scheduling.summary import Standing, published, references_of, standing

BEGIN, END = "<!-- scheduling: begin -->", "<!-- scheduling: end -->"
COMPARED = {
    "best known": "mean gap to the best known value",
    "bound": "mean gap to linewright's proven bound",
    "plant": "share of the value that is not proven to be needed",
    "rule": "mean distance to the best plan of the ATCS dispatching rule (below it is negative)",
}
INTRODUCTION = """\
`python -m benchmarks.scheduling`: linewright beside PyJobShop 0.0.9 on CP-SAT, both with two threads, on the same
instances in the same run, each in a process of its own for each instance.

Seconds are CPU seconds of the busiest thread: ten times a second the thread that worked most since the last look is
found, and its work is added up. So nobody is punished for cores that something else uses, and on an idle machine the
figure is what a wall clock shows (macOS and Windows, which do not tell it, are measured by the wall clock). The budget
is that of the search, PyJobShop is stopped from outside by the same clock, and building a model, verifying and putting
the plan into words come on top and are part of the seconds shown.

Every plan is checked again by plain Python that shares no code with either program. A gap is a mean over the instances
for which a program has a plan, so it flatters whoever has fewer; *none* counts the instances without one. Peak memory
is the kernel's high-water mark of the process. Each run has a row in
`benchmarks/results/scheduling/`."""


def section(rows: Sequence[Row], figure: str = "") -> str:
    """The whole section: what is measured, the figure, a table of all families, and one for each family."""
    parts = [INTRODUCTION]
    if figure:
        parts.append(f"![Mean gap of each family, linewright and PyJobShop]({figure})")
    blocks = blocks_of(rows)
    lines = [_line(_label(key), block, key[0]) for key, block in blocks.items() if not _plant(key)]
    parts.append(_table(HEADS, lines))
    parts += [_chapter(key, block) for key, block in blocks.items()]
    return "\n\n".join(part for part in parts if part)


def blocks_of(rows: Iterable[Row]) -> dict[tuple[str, float], list[Row]]:
    """The rows by family and budget, in the order of the families."""
    order = list(FAMILIES)
    found: dict[tuple[str, float], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (order.index(row.family), row.budget_seconds)):
        found.setdefault((row.family, row.budget_seconds), []).append(row)
    return found


def rewritten(page: str, text: str) -> str:
    """The page with a new section between its comments; at its end if it had none."""
    before, begun, rest = page.partition(BEGIN)
    if not begun:
        return f"{page.rstrip()}\n\n## Against PyJobShop\n\n{BEGIN}\n\n{text}\n\n{END}\n"
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}"


def write_page(path: Path, text: str) -> None:
    """Put the section into the page."""
    page = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rewritten(page, text), encoding="utf-8")


#: Each pair of columns is linewright and PyJobShop.
HEADS = (
    "set", "instances", "gap %", "PyJobShop gap %", "none", "PyJobShop none", "first plan s", "s", "PyJobShop s",
    "MB", "PyJobShop MB",
)  # fmt: skip
PLANT_HEADS = ("plant", "operations", "objective", "value", "best known", "bound", "gap %", "late orders",
               "made of", "first plan s", "s", "MB")  # fmt: skip


def _line(label: str, rows: Sequence[Row], family: str) -> list[str]:
    against = FAMILIES[family].against
    references = references_of(rows, against)
    ours, peer = standing(rows, references, OURS), standing(rows, references, PEER)
    both = (ours, peer)
    return [
        label,
        str(len({(row.group, row.instance) for row in rows if row.program == OURS})),
        *(_share(one) for one in both),
        *("" if one is None else str(one.without_plan) for one in both),
        _number(ours.first_seconds if ours else None, 2),
        *(_number(one.seconds if one else None, 1) for one in both),
        *(_number(one.peak_mb if one else None, 0) for one in both),
    ]


def _chapter(key: tuple[str, float], rows: Sequence[Row]) -> str:
    family, budget = key
    found = FAMILIES[family]
    against = COMPARED[found.against]
    if found.against == "best known" and not published(rows):
        against += " (where none is published: to the better of the two)"
    told = f"### {found.title}, {budget:g} s\n\n{_circumstances(rows)} Gap: {against}."
    if _plant(key):
        lines = [_plant_line(row) for row in rows if row.program == OURS]
        return f"{told}\n\n{_table(PLANT_HEADS, lines)}{_failures(rows)}"
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    lines = [_line(group, part, family) for group, part in sorted(groups.items())] if len(groups) > 1 else []
    return f"{told}\n\n{_table(HEADS, lines or _instances(rows, family))}{_failures(rows)}"


def _instances(rows: Sequence[Row], family: str) -> list[list[str]]:
    """A family of one set: a line for each instance while there are few of them, else one for all."""
    names = list(dict.fromkeys(row.instance for row in rows))
    if len(names) > 16:
        return [_line("all", rows, family)]
    return [_line(name, [row for row in rows if row.instance == name], family) for name in names]


def _plant_line(row: Row) -> list[str]:
    # As the plan itself says it: the share of its value that is not proven to be needed.
    gap = None if row.bound is None or not row.value else (row.value - row.bound) / row.value
    return [
        f"{row.group}: {row.instance}", f"{row.operations:,}", row.objective,
        _number(row.value, 1) if row.planned else "none", _number(row.best_known, 1), _number(row.bound, 1),
        _number(None if gap is None else 100 * gap, 2), "" if row.late_orders is None else str(row.late_orders),
        row.parts, _number(row.first_seconds, 2), _number(row.seconds, 1), _number(row.peak_mb, 0),
    ]  # fmt: skip


def _circumstances(rows: Sequence[Row]) -> str:
    """When, where and with what the rows were recorded."""
    dates, seeds = sorted({row.date for row in rows}), sorted({row.seed for row in rows})
    days = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    clocks = "" if {row.clock for row in rows} == {"busiest thread"} else " Seconds are wall seconds."
    machines, versions = (
        " and ".join(sorted({getattr(row, what) for row in rows})) for what in ("machine", "versions")
    )
    return f"Recorded {days} on {machines}; {versions}; seed {', '.join(map(str, seeds))}.{clocks}"


def _failures(rows: Sequence[Row]) -> str:
    """Anything worse than finding no plan in time is told, so that it cannot hide in a count."""
    odd = [row for row in rows if not row.planned and row.outcome != "no plan"]
    told = [f"- {row.program} on {row.instance}: {row.outcome}" for row in odd[:12]]
    more = [f"- and {len(odd) - 12} more"] if len(odd) > 12 else []
    return "".join(f"\n{line}" for line in ["", *told, *more]) if told else ""


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    if not lines:
        return ""
    rows = [heads, ["---", *("---:" for _ in heads[1:])], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _label(key: tuple[str, float]) -> str:
    against = FAMILIES[key[0]].against
    told = f" (to the {against})" if against in {"bound", "rule"} else ""
    return f"{FAMILIES[key[0]].title}, {key[1]:g} s{told}"


def _plant(key: tuple[str, float]) -> bool:
    return FAMILIES[key[0]].against == "plant"


def _share(one: Standing | None) -> str:
    return _number(None if one is None or one.gap is None else 100 * one.gap, 2)


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
