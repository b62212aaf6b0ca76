"""Follow the order that is latest back to its cause, one operation at a time."""

from pathlib import Path

from linewright import read
from linewright.plan import schedule
from linewright.plan.stop import Rounds

factory = read(Path(__file__).parent / "bracket_shop")
plan = schedule(factory, stop=Rounds(2_000), seed=7, exact=False)

latest = plan.orders.sort("late_days", descending=True).row(0, named=True)
print(f"{latest['order']} is {latest['late_days']:.1f} days late." if latest["late_days"] else "Nothing is late.")

# What the order gets, and which job finishes last.
supplies = [row["supply"] for row in plan.pegging.iter_rows(named=True) if row["consumer"] == latest["order"]]
rows = {row["operation"]: row for row in plan.operations.iter_rows(named=True)}
own = [row for row in rows.values() if row["job"] in supplies]

# Every operation names the one thing that kept it from starting earlier; where that is another operation, follow it.
step, seen = max(own, key=lambda row: row["end"], default=None), set()
while step and step["operation"] not in seen:
    seen.add(step["operation"])
    start = step["start"].astimezone(factory.timezone)
    cause = step["waits_for_operation"] or step["waits_for_name"] or ""
    print(f"  {start:%a %d %b %H:%M}  {step['operation']:<20} {step['machine']:<8} kept by {step['waits_for']} {cause}")
    step = rows.get(step["waits_for_operation"] or "")
