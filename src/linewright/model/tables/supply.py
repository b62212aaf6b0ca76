"""Who delivers, how goods travel, what is on order, and what energy costs."""

from __future__ import annotations

from datetime import date, datetime

from linewright.model.records import field, record


@record("suppliers", "supply")
class Supplier:
    """Who delivers."""

    supplier: str = field(key=True, doc="Short name or number.")
    name: str = field(default="", doc="Full name.")
    site: str = field(default="", ref="sites", doc="Where it ships from.")
    recover_days: float | None = field(default=None, low=0, unit="days", doc="Time to recover after a stop.")
    reliability: float | None = field(
        default=None, low=0, high=1, doc="Share of deliveries that come in full and on time."
    )


@record("lanes", "supply")
class Lane:
    """A transport link between two sites."""

    lane: str = field(key=True, doc="Short name.")
    from_site: str = field(ref="sites", doc="From where.")
    to_site: str = field(ref="sites", doc="To where.")
    mode: str = field(default="", doc="Truck, rail, sea, air.")
    days: float = field(default=0.0, low=0, high=3650, unit="days", doc="Days on the way (24 h each).")
    cost: float = field(default=0.0, low=0, unit="currency", doc="Cost of one shipment.")
    kg_co2e_per_tonne_km: float = field(default=0.0, low=0, unit="kg/(t km)", doc="Carbon of transport.")


@record("sources", "supply")
class Source:
    """A way to buy a material."""

    material: str = field(ref="materials", doc="What.")
    supplier: str = field(ref="suppliers", doc="From whom.")
    lead_days: float = field(default=0.0, low=0, high=3650, unit="days", doc="Days from order to receipt.")
    lead_days_sd: float | None = field(default=None, low=0, unit="days", doc="Standard deviation of those days.")
    price: float = field(default=0.0, low=0, unit="currency/unit", doc="Price of one unit.")
    min_quantity: float = field(default=0.0, low=0, unit="units", doc="Least quantity of an order.")
    multiple: float = field(default=0.0, low=0, unit="units", doc="Orders are multiples of this.")
    weekly_capacity: float | None = field(
        default=None, low=0, unit="units/week", doc="Most that can be delivered in a week."
    )
    lane: str = field(default="", ref="lanes", doc="The transport link it uses.")
    admin_days: float = field(
        default=0.0, low=0, high=3650, unit="days", doc="Days of paperwork before an order leaves the house."
    )
    preference: int = field(default=1, low=0, high=1000, doc="Who is asked first; 1 before 2.")
    valid_from: date | None = field(default=None, doc="First day on which an order may be placed here.")
    valid_to: date | None = field(default=None, doc="Last day on which an order may be placed here.")


@record("purchases", "supply")
class Purchase:
    """An open line of a purchase order."""

    purchase: str = field(key=True, doc="Number of the purchase order line.")
    supplier: str = field(default="", ref="suppliers", doc="From whom.")
    material: str = field(ref="materials", doc="What.")
    quantity: float = field(low=0, unit="units", doc="How much is still to come.")
    due: datetime | None = field(default=None, day_end=True, doc="Promised date.")
    expected: datetime | None = field(default=None, day_end=True, doc="Date now expected; blank: as promised.")
    site: str = field(default="", ref="sites", doc="Where it arrives.")


@record("hazards", "supply")
class Hazard:
    """Something that may stop: how often, and how long it takes to recover."""

    kind: str = field(
        key=True, choices=("supplier", "site", "region", "lane", "machine", "person"), doc="What kind of thing it is."
    )
    name: str = field(key=True, doc="The supplier, site, region, lane, machine or person.")
    stops_per_year: float = field(default=0.0, low=0, high=366, unit="1/year", doc="How often it stops, on average.")
    recover_days: float | None = field(
        default=None,
        low=0,
        high=3650,
        unit="days",
        doc="Median time to recover; blank: as the supplier or machine says.",
    )
    recover_days_worst: float | None = field(
        default=None, low=0, high=3650, unit="days", doc="Time to recover that 19 of 20 stops keep."
    )


@record("shields", "supply")
class Shield:
    """Something that could be bought to survive a stop."""

    shield: str = field(key=True, doc="Short name.")
    kind: str = field(choices=("stock", "source", "capacity", "recovery"), doc="What it is.")
    material: str = field(default="", ref="materials", doc="The material: of more stock, or of a second source.")
    supplier: str = field(default="", ref="suppliers", doc="The second source, or the supplier that recovers sooner.")
    work_center: str = field(default="", ref="work_centers", doc="The work center that gets more capacity.")
    cost: float = field(default=0.0, low=0, unit="currency", doc="Cost of having it at all, in a year.")
    cost_per_unit: float = field(
        default=0.0,
        low=0,
        unit="currency/unit",
        doc="Cost of each unit in a year: of stock, of weekly capacity of a source, an hour a day, a day of recovery.",
    )
    most: float | None = field(default=None, low=0, unit="units", doc="The most that can be had, in these units.")


@record("tariffs", "energy")
class Tariff:
    """Price and carbon of energy in a window of time."""

    site: str = field(default="", ref="sites", doc="Where; blank means everywhere.")
    start: datetime = field(doc="From when.")
    end: datetime = field(doc="Until when.")
    eur_per_kwh: float = field(low=0, unit="currency/kWh", doc="Price in the factory's currency.")
    kg_co2e_per_kwh: float = field(default=0.0, low=0, unit="kg/kWh", doc="Carbon.")
