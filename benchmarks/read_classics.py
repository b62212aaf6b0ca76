"""Read every scheduling instance above 10,000 operations: python benchmarks/read_classics.py FOLDER_OF_INDEX.

Prints the processor seconds for each file and fails when a size differs from the index.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

from linewright.io.classics import ClassicReader


def main(folder: Path) -> int:
    """Read the big instances of the index; the number of wrong sizes comes back."""
    with (folder / "index.csv").open(encoding="utf-8", newline="") as text:
        rows = {row["file"]: row for row in csv.DictReader(text) if int(row["n_ops"]) > 10_000}
    wrong = 0
    for file, row in sorted(rows.items(), key=lambda item: int(item[1]["n_ops"])):
        begun = time.process_time()
        raw = ClassicReader().read([folder / file], {})
        seconds = time.process_time() - begun
        height = {table.table: table.frame.height for table in raw.tables}
        found = (height["orders"], height["machines"], height["operations"])
        fits = found == (int(row["n_jobs"]), int(row["n_machines"]), int(row["n_ops"]))
        wrong += not fits
        print(f"{file:45} {found[2]:>9,} operations {seconds:6.2f} s  {'ok' if fits else f'WRONG {found}'}")
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
