"""Bought materials: stock, open purchases, and from whom to buy more."""

from __future__ import annotations

from benchmarks.plant.book import Book
from benchmarks.plant.calendars import START, moment
from benchmarks.plant.chance import Chance
from benchmarks.plant.draft import Draft
from benchmarks.plant.known import ADVENTUREWORKS

#: An open purchase is promised for the time at which the stock ends, give or take these shares of it.
PROMISED = (0.6, 1.05)


def write_supply(draft: Draft, chance: Chance, book: Book, prices: dict[str, float]) -> None:
    """Cover each material for the measured weeks; what arrives in the lead time after that is bought already."""
    suppliers = max(3, len(prices) // 3)
    for number in range(1, suppliers + 1):
        draft.add("suppliers", supplier=f"S{number}")
    for material, price in prices.items():
        weekly = book.use[material] / book.weeks
        cover = ADVENTUREWORKS.draw(chance, "bought_cover_weeks")
        lead = ADVENTUREWORKS.draw(chance, "lead_days")
        draft.add("stock", material=material, quantity=float(round(weekly * cover)))
        vendors = chance.some(range(1, suppliers + 1), ADVENTUREWORKS.whole(chance, "vendors_per_item"))
        for rank, vendor in enumerate(vendors):
            days = round(lead if not rank else max(lead, ADVENTUREWORKS.draw(chance, "lead_days")))
            draft.add("sources", material=material, supplier=f"S{vendor}", lead_days=days, price=round(price, 2))
        if cover * 7 < lead and weekly > 0:
            due = moment(24 * cover * 7 * chance.between(*PROMISED)).replace(minute=0)
            draft.add(
                "purchases", purchase=f"B-{material}", supplier=f"S{vendors[0]}", material=material,
                quantity=float(round(weekly * (lead / 7 + 1 - cover) + 1)), due=max(due, START),
            )  # fmt: skip
