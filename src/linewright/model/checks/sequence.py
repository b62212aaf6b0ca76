"""Checks of the order of steps, where `after` names it, and of the step that a work order is at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import polars as pl

from linewright.model.checks.rows import positions_of, texts
from linewright.model.factory import Factory
from linewright.model.findings import Finding

Steps = dict[int, tuple[int, str]]


def after_unknown(factory: Factory) -> Iterator[Finding]:
    """The steps named in `after` must be other steps of the same material."""
    positions, messages = [], []
    for material, steps in _branching(factory).items():
        for step, (position, after) in steps.items():
            wrong = [name for name in _named(after) if not _is_other_step(name, step, steps)]
            if wrong:
                positions.append(position)
                messages.append(f"waits for step {wrong[0]}, which is no other step of {material}")
    if positions:
        yield _finding(factory, "after_unknown", positions, messages, "numbers of other steps, such as 10;20, or -")


def after_cycle(factory: Factory) -> Iterator[Finding]:
    """Steps cannot wait for each other in a circle."""
    positions, messages = [], []
    for material, steps in _branching(factory).items():
        left = {step: _waits_for(step, steps) for step in steps}
        while free := [step for step, waits in left.items() if not waits & left.keys()]:
            for step in free:
                del left[step]
        # What only waits for a circle is in no circle: it is peeled off from the other end.
        while loose := [step for step in left if all(step not in waits for waits in left.values())]:
            for step in loose:
                del left[step]
        named = [step for step in left if steps[step][1]]
        positions += [steps[step][0] for step in named]
        messages += [f"steps {', '.join(map(str, sorted(left)))} of {material} wait for each other"] * len(named)
    if positions:
        yield _finding(factory, "after_cycle", positions, messages, "steps that do not wait for each other in a circle")


def unknown_step(factory: Factory) -> Iterator[Finding]:
    """A work order can only be at a step that its material has."""
    rows = factory.work_orders.frame.with_row_index("position").filter(pl.col("step").is_not_null(), status="open")
    rows = rows.join(factory.operations.frame, on="material", how="semi", maintain_order="left")
    rows = rows.join(factory.operations.frame, on=["material", "step"], how="anti", maintain_order="left")
    if not rows.height:
        return
    known = factory.operations.frame.group_by("material").agg(pl.col("step").sort())
    listed = rows.join(known, on="material", how="left", maintain_order="left").get_column("step_right").to_list()
    positions = positions_of(rows)
    yield Finding(
        table="work_orders",
        rule="unknown_step",
        column="step",
        positions=positions,
        values=texts(factory.work_orders, positions, "step"),
        messages=[
            f"{material} has no step {{value}}; it has {', '.join(map(str, steps))}"
            for material, steps in zip(rows.get_column("material"), listed, strict=True)
        ],
        expected="a step of the material",
        cures=["correct the step, or leave it blank if the work has not begun"],
    )


def _branching(factory: Factory) -> dict[str, Steps]:
    """Materials with a step that says what it waits for: step -> (position, after)."""
    rows = factory.operations.frame.with_row_index("position")
    named = rows.filter(pl.col("after") != "")
    rows = rows.join(named, on="material", how="semi", maintain_order="left").sort("position")
    routes: dict[str, Steps] = defaultdict(dict)
    for material, step, position, after in rows.select("material", "step", "position", "after").iter_rows():
        routes[material][step] = (position, after)
    return routes


def _named(after: str) -> list[str]:
    return [] if after.strip() == "-" else [part for part in re.split(r"[;,\s]+", after) if part]


def _is_other_step(name: str, step: int, steps: Steps) -> bool:
    return name.isdecimal() and int(name) in steps and int(name) != step


def _waits_for(step: int, steps: Steps) -> set[int]:
    after = steps[step][1]
    if after:
        return {int(name) for name in _named(after) if _is_other_step(name, step, steps)}
    earlier = [other for other in steps if other < step]
    return {max(earlier)} if earlier else set()


def _finding(factory: Factory, rule: str, positions: list[int], messages: list[str], expected: str) -> Finding:
    chosen = np.array(positions, dtype=np.int64)
    return Finding(
        table="operations",
        rule=rule,
        column="after",
        positions=chosen,
        values=texts(factory.operations, chosen, "after"),
        messages=messages,
        expected=expected,
        cures=["correct after, or leave it blank to run the steps in the order of their numbers"],
    )
