"""Plan a small shop: what is late, what it costs, how good the plan is, and what the machines do on Monday."""

from pathlib import Path

import polars as pl

from linewright import read
from linewright.plan import schedule
from linewright.plan.stop import Rounds

factory = read(Path(__file__).parent / "bracket_shop")

# So many plans are tried, whatever the clock says, so that the same plan comes out on every machine. Without
# `exact=False` a shop of this size would then go to the exact solver, to find or prove the best plan.
plan = schedule(factory, stop=Rounds(20_000), seed=7, exact=False)
print(plan)
print()

print("Late orders")
for order, days, cost in plan.late_orders.select("order", "late_days", "late_cost").iter_rows():
    print(f"  {order}: {days:.1f} days, {cost:,.0f} {plan.currency}")
print()

print(f"Total {plan.value:,.2f} {plan.currency}")
for part, amount in plan.costs.items():
    print(f"  {part:<12} {amount:>10,.2f}")
print(f"Proven bound {plan.bound.value:,.2f}: {plan.bound.meaning}")
print()

print("Monday")
zone = plan.timezone
local = plan.operations.with_columns(pl.col("setup_start", "end").dt.convert_time_zone(zone))
monday = local.filter(pl.col("setup_start").dt.date() == plan.start.astimezone(factory.timezone).date())
for row in monday.sort("machine", "setup_start").iter_rows(named=True):
    span = f"{row['setup_start']:%H:%M} to {row['end']:%a %H:%M}"
    print(f"  {row['machine']:<8} {span}  {row['operation']:<20} {row['name']}")
