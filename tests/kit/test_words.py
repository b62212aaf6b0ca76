"""How results are told."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from linewright.kit import words
from linewright.model.results import CAUSES, Bound

BERLIN = ZoneInfo("Europe/Berlin")


def test_every_cause_of_the_model_has_words():
    """No cause is told as a bare rule name."""
    assert set(words.CAUSE_WORDS) == set(CAUSES)


@pytest.mark.parametrize(
    ("rule", "name", "operation", "told"),
    [
        ("machine", "M4", "WO-3/10", "waits for machine M4, busy with WO-3/10"),
        ("predecessor", "", "WO-3/10", "waits for the step before: WO-3/10"),
        ("policy", "full_load", "", "waits for a full load"),
        ("calendar", "", "", "waits for working time"),
        ("weather", "rain", "", "waits for weather rain"),
    ],
)
def test_a_cause_is_told_with_what_is_known(rule, name, operation, told):
    """The sentence grows with the name and the blocking operation."""
    assert words.cause(rule, name, operation) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [(4.24, "4.2 days"), (2.0, "2.0 days"), (0.5, "12.0 h"), (0.01, "14 min"), (1200.0, "1,200.0 days")],
)
def test_lateness_has_the_unit_that_fits(days, told):
    """Days from two days on, hours from one hour on, else minutes."""
    assert words.days_late(days) == told


def test_an_instant_is_told_in_the_time_of_the_plant():
    """14:05 in Berlin is 13:05 in UTC in winter, and 12:05 in summer."""
    assert words.moment(datetime(2026, 3, 2, 13, 5, tzinfo=UTC), BERLIN) == "Mon 2 Mar 14:05"
    assert words.moment(datetime(2026, 7, 6, 12, 5, tzinfo=UTC), BERLIN) == "Mon 6 Jul 14:05"


def test_small_amounts_of_money_show_cents():
    """A unit price must not be rounded to nothing."""
    assert [words.money(amount, "EUR") for amount in (0, 0.25, 99.5, 12340.4)] == [
        "0 EUR", "0.25 EUR", "99.50 EUR", "12,340 EUR",
    ]  # fmt: skip


def test_the_gap_is_told_in_plain_words(plan):
    """Unknown, proven and open gaps read differently, and the bound's meaning follows as a sentence."""
    total = plan.value
    assert words.gap(plan) == "at most 19.0 % could still be saved"
    assert words.gap_meaning(plan).endswith("The work of Turning does not fit before the due dates.")
    unknown = replace(plan, bound=Bound(value=0.0, kind="none", meaning=""))
    assert words.gap(unknown) == "not known"
    proven = replace(plan, bound=Bound(value=total, kind="exact", meaning="all orders were tried"))
    assert words.gap_meaning(proven) == "No better plan exists. All orders were tried."
    assert words.gap_meaning(replace(plan, value=0.0)) == "Nothing can be saved: the total is already 0."
