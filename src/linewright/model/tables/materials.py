"""What is bought, made and sold, what it is made of, and what is there now."""

from __future__ import annotations

from datetime import date, datetime

from linewright.model.records import Reference, field, record


@record("materials", "material")
class Material:
    """Anything bought, made or sold."""

    material: str = field(key=True, doc="Part number.")
    name: str = field(default="", doc="Full name.")
    unit: str = field(default="piece", doc="Unit in which it is counted.")
    kind: str = field(
        default="", choices=("", "bought", "made", "sold"), doc="Blank: made if it has operations, else bought."
    )
    cost: float = field(default=0.0, low=0, unit="currency/unit", doc="Standard cost of one unit.")
    shelf_life_days: float | None = field(default=None, above=0, unit="days", doc="How long it keeps.")
    lot_size_min: float = field(default=0.0, low=0, unit="units", doc="A new lot is at least this large.")
    lot_multiple: float = field(default=0.0, low=0, unit="units", doc="A new lot is a multiple of this.")
    safety_stock: float = field(default=0.0, low=0, unit="units", doc="Stock that orders should not use up.")
    kg_co2e: float = field(default=0.0, low=0, unit="kg/unit", doc="Carbon footprint of one bought unit.")


@record("components", "material")
class Component:
    """One line of a bill of materials."""

    material: str = field(ref="materials", doc="What is made.")
    component: str = field(ref="materials", doc="What goes into it.")
    quantity: float = field(default=1.0, above=0, unit="units/unit", doc="How much of the component one unit needs.")
    scrap_share: float = field(default=0.0, low=0, high=0.99, doc="Share of the component that is lost on the way in.")
    step: int | None = field(default=None, low=0, doc="The step that needs it; blank means the first.")
    valid_from: date | None = field(default=None, doc="First day on which the line counts.")
    valid_to: date | None = field(default=None, doc="Last day on which the line counts.")


@record("stock", "material")
class Stock:
    """What is there now."""

    material: str = field(ref="materials", doc="Which material.")
    site: str = field(default="", ref="sites", doc="Where it lies.")
    quantity: float = field(low=0, unit="units", doc="How much.")
    available_from: datetime | None = field(default=None, doc="When it may be used, if not at once.")
    lot: str = field(default="", doc="Lot or batch number.")
    expires: date | None = field(default=None, doc="Last day on which it may be used.")


OPERATION = Reference(("material", "step"), "operations", ("material", "step"))
