"""Everything about materials and their risks, as sections of one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from linewright.errors import LinewrightError
from linewright.kit.sheet import Section

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: Days that count as now, how far materials are planned, and the years that are simulated.
SOON_DAYS, WEEKS, YEARS = 7, 26, 1000


def sections(factory: Factory, start: datetime) -> list[Section]:
    """What to order, what to hold, what would be felt and what to buy against it; what cannot be done says why."""
    return [
        *_tried("Materials", lambda: _materials(factory, start)),
        *_tried("Where to hold stock", lambda: _buffers(factory, start)),
        *_tried("If something stops", lambda: _stress(factory, start)),
        *_tried("What a year of stops costs", lambda: _years(factory, start)),
    ]


def _tried(title: str, make: Callable[[], list[Section]]) -> list[Section]:
    try:
        return make()
    except LinewrightError as error:
        return [Section(title, (str(error),))]


def _materials(factory: Factory, start: datetime) -> list[Section]:
    from linewright.supply.requirements import requirements
    from linewright.supply.show.supply import supply_sections

    lead, found = supply_sections(requirements(factory, now=start, weeks=WEEKS), None, SOON_DAYS)
    return [Section("Materials", (lead,), lead=lead), *found]


def _buffers(factory: Factory, start: datetime) -> list[Section]:
    from linewright.supply.buffers.plan import buffers
    from linewright.supply.show.buffers import buffer_sections

    return buffer_sections(buffers(factory, now=start))


def _stress(factory: Factory, start: datetime) -> list[Section]:
    from linewright.supply.network.of_factory import network_of
    from linewright.supply.shields.cheapest import choose
    from linewright.supply.shields.from_factory import options_of
    from linewright.supply.shields.options import shielded
    from linewright.supply.show.network import stress_sections
    from linewright.supply.show.shields import COLUMNS, shield_sentences
    from linewright.supply.stress.survive import stress

    built = network_of(factory, start)
    currency = factory.settings.currency
    before = stress(built.network, currency=currency)
    lead, found = stress_sections(before, built)
    options, told = options_of(factory, built)
    choice = choose(built.network, options, currency=currency)
    after = stress(shielded(built.network, options, choice.bought), currency=currency)
    sentences = (*shield_sentences(choice, before, after), *told)
    return [
        Section("If something stops", (lead,), lead=lead),
        *found,
        Section("What to buy against stops", sentences, frame=choice.frame, columns=COLUMNS),
    ]


def _years(factory: Factory, start: datetime) -> list[Section]:
    from linewright.supply.hazards import simulate_stops
    from linewright.supply.hazards.from_factory import hazards_now
    from linewright.supply.network.of_factory import network_of
    from linewright.supply.show.hazards import hazard_sections

    network = network_of(factory, start).network
    hazards = hazards_now(factory, network, start)
    found = simulate_stops(network, hazards, paths=YEARS, currency=factory.settings.currency)
    return hazard_sections(found)[1]
