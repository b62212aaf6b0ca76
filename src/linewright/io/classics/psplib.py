"""Projects with limited resources (PSPLIB .sm, Kolisch & Sprecher): one job whose activities share resources.

Each renewable resource becomes a tool with as many pieces as the resource has units; the project itself runs on one
machine with a place for every activity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from linewright.errors import SourceError
from linewright.io.classics.instance import Alternatives, Instance
from linewright.io.raw_tables import LINE

Rows = list[tuple[int, list[int]]]


def read_psplib(file: str, text: str) -> Instance:
    """Read a single-mode project.

    Raises
    ------
    SourceError
        A section is missing or damaged, or activities have several modes.
    """
    lines = text.splitlines()
    follows = {numbers[0]: (line, numbers) for line, numbers in _section(file, lines, "PRECEDENCE RELATIONS", 3)}
    needs = _section(file, lines, "REQUESTS/DURATIONS", 3)
    _check(file, follows, needs)
    available_line, available = _section(file, lines, "RESOURCEAVAILABILITIES", 1)[-1]
    names = [f"R{number}" for number in range(1, len(available) + 1)]
    for line, numbers in needs:
        if len(numbers) != 3 + len(available):
            problem = f"an activity needs {3 + len(available)} numbers here, not {len(numbers)}"
            raise SourceError(f"{file}:{line}: {problem} — write job, mode, duration and a need of each resource")
    # Activities at either end that take nothing only mark the start and the end of the project.
    preceded = {successor for _, numbers in follows.values() for successor in numbers[3:]}
    inner = {job for job, (_, numbers) in follows.items() if job in preceded and numbers[3:]}
    real = [(line, numbers) for line, numbers in needs if any(numbers[2:]) or numbers[0] in inner]
    steps = [numbers[0] for _, numbers in real]
    return Instance(
        file=file,
        machines=["project"],
        jobs=["project"],
        job=np.zeros(len(real), dtype=np.int64),
        step=np.array(steps, dtype=np.int64),
        line=np.array([line for line, _ in real], dtype=np.int64),
        alternatives=Alternatives(range(len(real)), [0] * len(real), [numbers[2] for _, numbers in real]),
        capacity=max(len(real), 1),
        after=_after(steps, follows),
        further=(
            ("tools", pl.DataFrame({"tool": names, "quantity": available, LINE: [available_line] * len(names)})),
            ("operation_tools", _uses(real, names)),
        ),
        assumptions=(
            f"The project runs on one machine with {len(real)} places; its {len(names)} resources are kinds of tools.",
            f"{len(needs) - len(real)} activities without time and resources only mark the start and end: left out.",
            "The file's own due date and tardiness cost are not used: such projects are judged by their length.",
        ),
    )


def _section(file: str, lines: list[str], title: str, least: int) -> Rows:
    """The rows of numbers below a title, up to the next line of stars."""
    start = next((number for number, line in enumerate(lines) if line.startswith(title)), None)
    if start is None:
        raise SourceError(f"{file}: has no section {title} — check that this is a whole PSPLIB .sm file")
    rows = list(_rows(lines, start + 1))
    if not rows or len(rows[-1][1]) < least:
        raise SourceError(f"{file}:{start + 1}: the section {title} has no rows of numbers — complete it")
    return rows


def _rows(lines: list[str], start: int) -> Iterator[tuple[int, list[int]]]:
    for number, line in enumerate(lines[start:], start=start + 1):
        if line.startswith("***"):
            return
        if re.fullmatch(r"[\s\d]+", line) and line.strip():
            yield number, [int(word) for word in line.split()]


def _check(file: str, follows: dict[int, tuple[int, list[int]]], needs: Rows) -> None:
    for line, numbers in follows.values():
        if numbers[1] != 1:
            problem = f"job {numbers[0]} has {numbers[1]} modes, but only files with one mode are read"
            raise SourceError(f"{file}:{line}: {problem} — choose a single-mode (.sm) file")
        if len(numbers) != 3 + numbers[2] or not all(number in follows for number in numbers[3:]):
            problem = f"job {numbers[0]} announces {numbers[2]} successors, but the numbers after it say otherwise"
            raise SourceError(f"{file}:{line}: {problem} — correct the count, or the numbers of the successors")
    missing = [numbers[0] for _, numbers in needs if numbers[0] not in follows]
    if missing:
        raise SourceError(f"{file}: job {missing[0]} has no precedence row — add one to PRECEDENCE RELATIONS")


def _after(steps: list[int], follows: dict[int, tuple[int, list[int]]]) -> list[str]:
    before: dict[int, list[int]] = {step: [] for step in steps}
    for job, (_, numbers) in follows.items():
        for successor in numbers[3:]:
            if job in before and successor in before:
                before[successor].append(job)
    return [";".join(map(str, sorted(before[step]))) or "-" for step in steps]


def _uses(real: Rows, names: list[str]) -> pl.DataFrame:
    uses = [
        (numbers[0], name, need, line)
        for line, numbers in real
        for name, need in zip(names, numbers[3:], strict=True)
        if need
    ]
    columns = {"step": pl.Int64, "tool": pl.String, "quantity": pl.Int64, LINE: pl.Int64}
    return pl.DataFrame(uses, schema=columns, orient="row").with_columns(material=pl.lit("project"))
