"""Where the factory is, what it assumes, and when it works."""

from __future__ import annotations

from datetime import datetime, time

from linewright.model.records import field, record


@record("settings", "place")
class Settings:
    """The factory itself, in one row: its name, time, money and the numbers used where a row is silent."""

    name: str = field(default="Factory", doc="Name of the factory, shown on every result.")
    timezone: str = field(
        default="UTC", doc="IANA time zone in which dates and shifts are typed, such as Europe/Berlin."
    )
    currency: str = field(default="EUR", doc="The one currency of all money columns (ISO 4217).")
    start: datetime | None = field(
        default=None, doc="The moment at which planning starts; blank means the moment of the run."
    )
    frozen_hours: float = field(
        default=0.0,
        low=0,
        high=87600,
        unit="h",
        doc="Work of the earlier plan that starts within these hours stays as it is.",
    )
    late_cost_per_day: float = field(
        default=100.0, low=0, unit="currency/day", doc="Cost of a late day for orders that do not state their own."
    )
    stock_cost_share_per_year: float = field(
        default=0.1,
        low=0,
        high=10,
        unit="1/year",
        doc="Yearly cost of holding finished goods early, as a share of their cost.",
    )
    move_cost: float = field(
        default=0.0,
        low=0,
        unit="currency",
        doc="Cost of moving an operation to another machine or hour than the earlier plan.",
    )
    firm_days: float = field(
        default=0.0, low=0, high=3650, unit="days", doc="No new order is proposed to start within these days."
    )
    service_level: float = field(
        default=0.95, above=0, high=0.99999, doc="Share of periods without a shortage, where a material names none."
    )
    wip_limit: int | None = field(
        default=None, low=1, unit="jobs", doc="CONWIP: jobs in process at most, in simulations of the flow."
    )
    own_times_only: bool = field(
        default=False, doc="yes: what is learned about times is shown for a person to herself only, by her own name."
    )
    price_per_kwh: float = field(
        default=0.0, low=0, unit="currency/kWh", doc="Energy price outside the hours in tariffs."
    )
    kg_co2e_per_kwh: float = field(
        default=0.0, low=0, unit="kg/kWh", doc="Carbon of energy outside the hours in tariffs."
    )


@record("sites", "place")
class Site:
    """A plant, warehouse or supplier's place."""

    site: str = field(key=True, doc="Short name of the place.")
    name: str = field(default="", doc="Full name.")
    timezone: str = field(default="", doc="IANA time zone of its shifts; blank means the factory's.")
    country: str = field(default="", doc="Country (ISO 3166 code).")
    region: str = field(default="", doc="Region whose places can be hit together, such as a river basin.")
    latitude: float | None = field(default=None, low=-90, high=90, unit="degrees", doc="Latitude for maps.")
    longitude: float | None = field(default=None, low=-180, high=180, unit="degrees", doc="Longitude for maps.")


@record("shifts", "time")
class Shift:
    """A weekly working window of a calendar, or a break inside one."""

    calendar: str = field(doc="Name of the calendar; several rows make one calendar.")
    weekday: str = field(doc="mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri.")
    start: time = field(doc="When it begins.")
    end: time = field(doc="When it ends; not later than the start means the next day, 00:00 is midnight.")
    working: bool = field(default=True, doc="no makes the row a break that is cut out of the working windows.")


@record("calendar_exceptions", "time")
class CalendarException:
    """A holiday, shutdown or overtime window; later rows win over earlier ones and over the weekly shifts."""

    calendar: str = field(ref="shifts.calendar", doc="The calendar that differs.")
    start: datetime = field(doc="From when.")
    end: datetime = field(day_end=True, doc="Until when; a date alone means the end of that day.")
    working: bool = field(default=False, doc="yes adds working time, no takes it away.")
    cost_per_hour: float = field(
        default=0.0, low=0, unit="currency/h", doc="Extra cost of each hour worked in an added window (overtime)."
    )
    note: str = field(default="", doc="Why.")
