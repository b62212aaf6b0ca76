"""What would it cost to say yes when a customer doubles an order? The factory itself never changes."""

from pathlib import Path

import polars as pl

from linewright import read
from linewright.model.table import Table
from linewright.plan import schedule
from linewright.plan.stop import Rounds

factory = read(Path(__file__).parent / "bracket_shop")

doubled = pl.when(pl.col("order") == "SO-2610").then(2 * pl.col("quantity")).otherwise(pl.col("quantity"))
asked = factory.with_tables(orders=Table.of("orders", factory.orders.content.with_columns(quantity=doubled)))

plans = {}
for name, shop in (("as ordered", factory), ("SO-2610 doubled", asked)):
    plans[name] = plan = schedule(shop, stop=Rounds(20_000), seed=7, exact=False)
    late = ", ".join(plan.late_orders.get_column("order")) or "nothing"
    print(f"{name:<16} total {plan.value:>6,.0f} {plan.currency}, late: {late}")

before, after = plans.values()
print(f"Saying yes costs {after.value - before.value:,.0f} {before.currency} beside the material.")

# A plan knows which tables it was made from, and so whether it still holds.
print(f"For the doubled order the first plan is stale because of: {', '.join(before.stale_because(asked))}.")
