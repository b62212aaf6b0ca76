"""Three mistakes in a factory's files: what linewright says about them, and what it still can plan."""

import shutil
import tempfile
from pathlib import Path

from linewright import read

shop = Path(__file__).parent / "bracket_shop"

with tempfile.TemporaryDirectory() as folder:
    # A copy of the shop, in which somebody has mistyped a machine, a date and a quantity.
    copy = Path(shutil.copytree(shop, Path(folder) / "bracket_shop"))
    for file, right, wrong in (
        ("operation_machines.csv", "MILL-2", "MIL-2"),
        ("orders.csv", "2026-03-04 14:00", "Wednesday"),
        ("components.csv", "BRACKET-L,PLATE,", "BRACKET-L,PLATES,"),
    ):
        text = (copy / file).read_text(encoding="utf-8-sig")
        (copy / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")

    factory = read(copy)
    for fault in factory.faults:
        print(f"{fault.level} in {Path(fault.where).name}")
        print(f"    {fault.message}")
        print(f"    cure: {fault.cure}")
        if fault.orders:
            print(f"    harm: {fault.orders} orders, {fault.days:.1f} machine days")
    print(f"{len(factory.orders)} of {len(read(shop).orders)} orders are left to plan.")
