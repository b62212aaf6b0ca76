"""Which features a shop has."""

from __future__ import annotations

from dataclasses import fields
from datetime import time, timedelta
from typing import Any

import pytest

from linewright.model.factory import Factory
from linewright.plan.search.traits import Traits, traits_of
from linewright.shop.compile import compile_shop
from tests.plan.tiny_shops import START

PLAIN: dict[str, list[dict[str, Any]]] = {
    "machines": [{"machine": "saw"}, {"machine": "drill"}],
    "operations": [
        {"material": "part", "step": 10, "machine": "saw", "run_minutes": 10},
        {"material": "part", "step": 20, "machine": "drill", "run_minutes": 20},
    ],
    "orders": [{"order": "O1", "material": "part", "quantity": 3}],
    "people": [{"person": "Ann"}], "skills": [{"person": "Ann", "skill": "turn"}],
    "tools": [{"tool": "jig", "quantity": 1}], "changeovers": [{"minutes": 30}],
    "shifts": [{"calendar": "day", "weekday": "mon-sun", "start": time(6), "end": time(22)}],
}  # fmt: skip
#: What is added to all rows of a table, and the only trait that the shop then has.
ADDED: dict[str, tuple[str, dict[str, Any]]] = {
    "setups": ("operations", {"setup_minutes": 5}),
    "calendars": ("machines", {"calendar": "day"}),
    "crews": ("operations", {"crew": 1, "skill": "turn"}),
    "tools": ("operations", {"tool": "jig"}),
    "several_places": ("machines", {"capacity": 2}),
    "longest_waits": ("operations", {"max_wait_minutes": 60}),
    "transfers": ("operations", {"overlap_quantity": 1}),
    "due_dates": ("orders", {"due": START + timedelta(days=1)}),
    "ovens": ("machines", {"batch": True}),
}
#: The same for rows of their own.
MORE: dict[str, dict[str, list[dict[str, Any]]]] = {
    "changeovers": {"operations": [
        row | {"setup_family": family} for row, family in zip(PLAIN["operations"], ("red", "blue"), strict=True)
    ]},
    "alternatives": {"operation_machines": [
        {"material": "part", "step": 10, "machine": name, "run_minutes": 5} for name in ("saw", "drill")
    ]},
    "chosen_people": {"operation_machines": [
        {"material": "part", "step": 10, "machine": "saw", "person": "Ann", "run_minutes": 5}
    ]},
    "fixed": {"work_orders": [
        {"work_order": "W", "material": "part", "quantity": 1, "machine": "saw", "step": 10, "pinned": True,
         "pinned_start": START + timedelta(hours=9)}
    ]},
    "several_feeds": {"operations": [
        *PLAIN["operations"], {"material": "part", "step": 11, "machine": "drill", "run_minutes": 1, "after": "-"},
        {"material": "part", "step": 30, "machine": "drill", "run_minutes": 1, "after": "11 20"},
    ]},
    "transports": {
        "sites": [{"site": "North"}, {"site": "South"}],
        "work_centers": [{"work_center": "C1", "site": "North"}, {"work_center": "C2", "site": "South"}],
        "lanes": [{"lane": "L", "from_site": "North", "to_site": "South", "days": 0.1}],
        "machines": [{"machine": "saw", "work_center": "C1"}, {"machine": "drill", "work_center": "C2"}],
    },
}  # fmt: skip
#: These do not disturb heads and tails.
HARMLESS = {"alternatives", "changeovers", "setups", "chosen_people", "several_feeds", "due_dates"}


def traits(**tables: list[dict[str, Any]]) -> Traits:
    """The traits of the plain shop with other tables."""
    return traits_of(compile_shop(Factory.of(**{**PLAIN, **tables}), START).arrays)


def names_of(found: Traits) -> set[str]:
    """The features that a shop has."""
    return {part.name for part in fields(found) if getattr(found, part.name)}


def test_a_plain_shop_has_no_feature():
    """Tables that nothing refers to do not count."""
    assert names_of(traits()) == set()
    assert traits().is_disjunctive


@pytest.mark.parametrize("name", ADDED)
def test_a_column_brings_its_feature_and_no_other(name: str):
    """The same shop with one column filled."""
    table, columns = ADDED[name]
    found = traits(**{table: [row | columns for row in PLAIN[table]]})
    assert names_of(found) == {name}
    assert found.is_disjunctive == (name in HARMLESS)


@pytest.mark.parametrize("name", MORE)
def test_rows_bring_their_feature_and_no_other(name: str):
    """The same shop with a few rows more."""
    found = traits(**MORE[name])
    assert names_of(found) == {name}
    assert found.is_disjunctive == (name in HARMLESS)


def test_every_feature_is_tried():
    """A feature that is added later needs a row here."""
    assert set(ADDED) | set(MORE) == {part.name for part in fields(Traits)}
