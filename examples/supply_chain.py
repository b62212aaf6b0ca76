"""From a forecast to purchases, a schedule and a stress test, on four weeks of a bicycle factory.

The prices of AdventureWorks are invented (a single bearing ball costs 40 dollars), so its money is large.
"""

from functools import partial
from pathlib import Path

from linewright import read
from linewright.demand import forecast
from linewright.model.stop_results import Stop
from linewright.plan import schedule
from linewright.plan.keep import keep_order
from linewright.plan.stop import Rounds
from linewright.supply.requirements import requirements
from linewright.supply.requirements.feed import with_purchases
from linewright.supply.stoppage import stop_now

options = {"start": "2014-05-05", "weeks": "4", "sales": "yes"}
factory = read(Path(__file__).parent / "adventureworks", reader="adventureworks", options=options)

# What will be wanted: from three years of sales.
expected = forecast(factory)
print(expected)

# What to buy for it: orders first, then what is forecast and not ordered yet.
materials = requirements(factory.with_tables(forecast=expected.as_table()), weeks=13)
print(materials)
print("To place today, the dearest first:")
dearest = materials.order_today.sort("money", "proposal", descending=[True, False])
for row in dearest.head(3).iter_rows(named=True):
    thousands = f"{row['quantity'] / 1000:,.0f} thousand {row['unit']} of {row['material']}"
    print(f"  {thousands} from {row['supplier']}, there on {row['receive_on']}")

# When the work runs, if that is bought.
supplied = with_purchases(factory, materials)
planner = partial(schedule, exact=False, cores=1)
plan = planner(supplied, stop=Rounds(1))
print(plan)

# What if the supplier of most purchases stops for three weeks?
supplier = (
    materials.purchases.group_by("supplier").len().sort("len", "supplier", descending=[True, False])["supplier"][0]
)
stopped = stop_now(
    supplied, plan, Stop(kind="supplier", name=supplier, days=21), keeper=keep_order, planner=planner, budget=Rounds(1)
)
print(stopped)
for row in stopped.materials.head(3).iter_rows(named=True):
    print(f"  {row['quantity']:,.0f} more of {row['material']} in stock today would help {row['orders']:,} orders")
