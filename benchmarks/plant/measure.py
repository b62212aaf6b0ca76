"""Measure the plants that the generator is modelled on: ``python -m benchmarks.plant.measure FOLDER``.

FOLDER holds the four public sets, each in a folder of its own name. What is kept of them are distributions and
shares, in ``statistics.json`` beside this file, with the source and licence of each set; no row is copied.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.plant.sources import adventureworks, frepple, machine_shop, smt2020
from linewright.io.atomic import whole_file

STATISTICS = Path(__file__).with_name("statistics.json")
SOURCES = (machine_shop, adventureworks, frepple, smt2020)


def measured(folder: Path) -> dict[str, Any]:
    """Everything that is measured, by the name of the set."""
    return {
        source.FOLDER: {
            "source": source.SOURCE,
            "licence": source.LICENCE,
            "statistics": source.statistics(folder / source.FOLDER),
        }
        for source in SOURCES
    }


def main(folder: Path) -> None:
    """Write the statistics, and print one line for each."""
    found = measured(folder)
    with whole_file(STATISTICS) as draft:
        draft.write_text(text_of(found), encoding="utf-8")
    for name, part in found.items():
        for statistic, facts in part["statistics"].items():
            print(f"{name:18} {statistic:28} of {facts['sample']:>7,}  {facts['meaning']}")


def text_of(found: dict[str, Any]) -> str:
    """JSON with one line for each statistic, so that a change of one number changes one line."""
    parts = []
    for name, part in found.items():
        lines = [f"  {json.dumps(key)}: {json.dumps(facts)}" for key, facts in part["statistics"].items()]
        head = "".join(
            f" {json.dumps(key)}: {json.dumps(part[key], ensure_ascii=False)},\n" for key in ("source", "licence")
        )
        parts.append(f'{json.dumps(name)}: {{\n{head} "statistics": {{\n' + ",\n".join(lines) + "\n }\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
