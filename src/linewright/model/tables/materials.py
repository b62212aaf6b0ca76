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
    price: float = field(
        default=0.0, low=0, unit="currency/unit", doc="Sales price of one unit, where orders name none."
    )
    lot_rule: str = field(
        default="",
        choices=("", "lot_for_lot", "period", "wagner_whitin"),
        doc="How needs become lots; blank means lot for lot.",
    )
    period_days: float = field(default=7.0, above=0, high=3650, unit="days", doc="Days that a lot covers, rule period.")
    order_cost: float = field(
        default=0.0, low=0, unit="currency", doc="Cost of one more lot or order, rule wagner_whitin."
    )
    make_days: float | None = field(
        default=None, low=0, high=3650, unit="days", doc="Days from order to stock; blank: from the routing."
    )
    service_level: float | None = field(
        default=None, above=0, high=0.99999, doc="Share of periods without a shortage; blank: the settings'."
    )
    promised_days: float | None = field(
        default=None,
        low=0,
        high=3650,
        unit="days",
        doc="Days within which customers are promised it; blank: from stock.",
    )


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


@record("substitutes", "material")
class Substitute:
    """A material that may stand in for another when that is short."""

    material: str = field(ref="materials", doc="What is short.")
    substitute: str = field(ref="materials", doc="What may be used instead.")
    quantity: float = field(default=1.0, above=0, unit="units/unit", doc="Units of the substitute for one unit.")
    preference: int = field(default=1, low=0, high=1000, doc="What is tried first; 1 before 2.")
    valid_from: date | None = field(default=None, doc="First day on which it may be used.")
    valid_to: date | None = field(default=None, doc="Last day on which it may be used.")


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
