"""The list of instances with the best that is known: ``python -m benchmarks.plant.instances NAME|KIND|SIZE|all``.

The command makes the instances and writes their sizes and hashes; what is known of a plant that has changed is dropped.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.plant.draft import digest
from benchmarks.plant.generate import plant
from benchmarks.plant.ladder import INSTANCES, Instance, chosen
from linewright import read
from linewright.io.atomic import whole_file
from linewright.model.factory import Factory

LIST = Path(__file__).with_name("instances.csv")


@dataclass(frozen=True)
class Row:
    """One line of the list; numbers are texts, since blanks mean that nothing is known.

    `best` is the total cost in EUR of the best checked plan and `bound` what is proven that no plan can be below;
    `seconds` are CPU seconds of the busiest thread, `cores` the threads that searched.
    """

    name: str
    operations: str = ""
    machines: str = ""
    people: str = ""
    orders: str = ""
    hash: str = ""
    best: str = ""
    found_by: str = ""
    found_on: str = ""
    seconds: str = ""
    cores: str = ""
    version: str = ""
    bound: str = ""
    bound_by: str = ""
    gap: str = ""

    def with_best(self, value: float, **facts: str) -> Row:
        """The row with a better plan; the gap follows."""
        return replace(self, best=f"{value:.2f}", **facts).with_gap()

    def with_bound(self, value: float, by: str) -> Row:
        """The row with a bound, when it is higher than the one that is known."""
        if self.bound and value <= float(self.bound):
            return self
        # Rounded down, since a bound that is a cent too high proves nothing.
        return replace(self, bound=f"{int(value * 100) / 100:.2f}", bound_by=by).with_gap()

    def with_gap(self) -> Row:
        """The row with its gap, as a share of the best value."""
        if not self.best or not self.bound:
            return replace(self, gap="")
        best = float(self.best)
        return replace(self, gap=f"{(best - float(self.bound)) / best:.4f}" if best > 0 else "0.0000")


def listed(path: Path = LIST) -> dict[str, Row]:
    """All rows of the list by name; instances that are not listed yet have an empty one."""
    known: dict[str, Row] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as text:
            known = {row["name"]: Row(**row) for row in csv.DictReader(text)}
    return {name: known.get(name, Row(name)) for name in INSTANCES}


def write_list(rows: dict[str, Row], path: Path = LIST) -> None:
    """Write the list; it appears whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows.values())
    with whole_file(path) as draft:
        draft.write_text(text.getvalue(), encoding="utf-8")


def made(instance: Instance) -> tuple[Factory, str]:
    """The factory of an instance, made anew, and the hash of its files."""
    draft = plant(instance)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / instance.name
        draft.write(folder)
        factory = read(folder)
    wrong = [fault.message for fault in factory.faults if fault.level == "error"]
    if wrong:
        raise SystemExit(f"{instance.name} is not sound: {wrong[0]}")
    return factory, digest(draft.files())


def described(row: Row, factory: Factory, found: str) -> Row:
    """The row with the size of the plant; all else is dropped when the plant is another one."""
    if row.hash and row.hash != found:
        row = Row(row.name)
    return replace(
        row,
        operations=str(operations_of(factory)),
        machines=str(len(factory.machines)),
        people=str(len(factory.people)),
        orders=str(len(factory.orders)),
        hash=found,
    )


def operations_of(factory: Factory) -> int:
    """Operations that are to be planned, after stock has been given to the orders."""
    from linewright.shop.explosion import explode

    start = factory.settings.start
    assert start is not None
    explosion = explode(factory, start)
    steps: dict[str, list[int]] = {}
    for material, step in factory.operations.frame.select("material", "step").iter_rows():
        steps.setdefault(material, []).append(step)
    at = factory.work_orders.frame["step"].to_list()
    jobs = zip(explosion.jobs["material"].tolist(), explosion.jobs["work_order"].tolist(), strict=True)
    return sum(
        sum(step >= (at[released] or 0) if released >= 0 else True for step in steps[explosion.materials[material]])
        for material, released in jobs
    )


def main(names: list[str]) -> None:
    """Describe the chosen instances anew."""
    for instance in chosen(names):
        row = described(listed()[instance.name], *made(instance))
        write_list(listed() | {instance.name: row})
        print(f"{row.name:18} {row.operations:>7} operations {row.machines:>5} machines {row.people:>5} people "
              f"{row.orders:>6} orders  {row.hash}")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
