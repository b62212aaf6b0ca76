"""What to buy against stops, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.text import Text

from linewright.kit import words
from linewright.kit.sheet import Section, Shown
from linewright.kit.tables import frame_table
from linewright.model.stress_results import ShieldChoice, StressReport
from linewright.supply.show.figures import survive_bars

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

COLUMNS = (
    Shown("shield", "what"), Shown("kind", "kind"), Shown("target", "for"), Shown("units", "how much", 1),
    Shown("cost", "a year"),
)  # fmt: skip
STOPS = (
    Shown("kind", "kind"), Shown("node", "what stops"), Shown("survive_days", "survives, days", 1),
    Shown("recover_days", "recovers in", 1), Shown("margin_days", "margin", 1), Shown("loss", "loss"),
)  # fmt: skip
CURVE = (
    Shown("budget", "money a year"), Shown("exposed", "stops felt"), Shown("expected_loss", "expected loss"),
    Shown("worst_loss", "in the worst years"),
)  # fmt: skip
ASSUMED = 4


def shield_sentences(choice: ShieldChoice, before: StressReport, after: StressReport) -> list[str]:
    """What it costs, what it closes, and what nothing closes."""
    exposed, left = before.exposed.height, after.exposed.height
    if exposed == 0:
        return [f"Nothing to buy: all {before.frame.height} stops are over before anything runs short."]
    loss = float(before.exposed["loss"].sum() or 0.0)
    gap = (
        "proven to be the cheapest" if choice.gap < 5e-4 else f"within {100 * choice.gap:.1f} % of the cheapest, proven"
    )
    if choice.measure != "cost":
        told = [
            f"{words.money(choice.cost, choice.currency)} a year brings the {choice.measure} down to "
            f"{words.money(choice.goal, choice.currency)}, within {100 * choice.gap:.1f} % of the least.",
            f"Tried again with it: {left} of {after.frame.height} stops are still felt, {exposed} without.",
        ]
        return told
    told = [
        f"{words.money(choice.cost, choice.currency)} a year closes {exposed - left} of {exposed} exposed stops, "
        f"{gap}; once each they would cost {words.money(loss, choice.currency)}.",
        f"Tried again with it: {left} of {after.frame.height} stops are still felt.",
    ]
    told += [f"Nothing that is offered closes {name}." for name in choice.left_open[:5]]
    if len(choice.left_open) > 5:
        told.append(f"And {len(choice.left_open) - 5} more are left open; --json and --report name them all.")
    return told


def print_shields(
    choice: ShieldChoice, before: StressReport, after: StressReport, notes: Sequence[str],
    curve: pl.DataFrame | None, console: Console,
) -> None:  # fmt: skip
    """Print the sentences and what to buy."""
    zone = ZoneInfo("UTC")
    sentences = shield_sentences(choice, before, after)
    console.print(Text(sentences[0], "bold"))
    for sentence in sentences[1:]:
        console.print(sentence, markup=False, highlight=False)
    if choice.frame.height:
        dearest = choice.frame.sort("cost", "shield", descending=[True, False])
        console.print(frame_table(dearest, COLUMNS, zone, title="To buy", limit=15))
    if curve is not None:
        console.print(frame_table(curve, CURVE, zone, title="What money buys"))
    for sentence in notes[:ASSUMED]:
        console.print(Text(f"Assumed: {sentence}", "dim"))
    if len(notes) > ASSUMED:
        console.print(Text(f"And {len(notes) - ASSUMED} more assumptions, in --report and --json.", "dim"))


def shield_sections(
    choice: ShieldChoice,
    before: StressReport,
    after: StressReport,
    notes: Sequence[str],
    curve: pl.DataFrame | None = None,
) -> tuple[str, list[Section]]:
    """The lead and the sections of a sheet."""
    sentences = shield_sentences(choice, before, after)
    return sentences[0], [
        Section("What to buy", tuple(sentences[1:]), frame=choice.frame, columns=COLUMNS),
        Section("What money buys", frame=curve, columns=CURVE),
        Section("Before", figure=survive_bars(before)),
        Section("After", figure=survive_bars(after)),
        Section("Stops after the purchase", frame=after.exposed, columns=STOPS),
        Section("What was taken for granted", tuple(notes)),
    ]


def shield_facts(
    choice: ShieldChoice,
    before: StressReport,
    after: StressReport,
    notes: Sequence[str],
    curve: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """The same for machines."""
    return {
        "cost": choice.cost, "bound": choice.bound, "gap": choice.gap, "currency": choice.currency,
        "shields": choice.frame.to_dicts(), "closed": list(choice.closed), "left_open": list(choice.left_open),
        "exposed_before": before.exposed.to_dicts(), "exposed_after": after.exposed.to_dicts(),
        "curve": None if curve is None else curve.to_dicts(), "assumptions": list(notes),
    }  # fmt: skip
