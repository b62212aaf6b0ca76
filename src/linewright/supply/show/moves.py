"""Market moves in words and tables: one page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
from rich.text import Text

from linewright.kit import words
from linewright.kit.sheet import Section, Shown
from linewright.kit.svg import INK, LATE_STRIPE, MUTED, drawing, rect, text
from linewright.kit.tables import frame_table
from linewright.model.move_results import MoveReport

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = (
    Shown("future", "future"), Shown("choice", "choice"), Shown("percent", "service, %", 1), Shown("late", "late"),
    Shown("result", "result"), Shown("cash", "cash"), Shown("overtime", "overtime"), Shown("late_cost", "lateness"),
    Shown("left_over", "left over"), Shown("kg_co2e", "kg CO2e"), Shown("regret", "regret"),
)  # fmt: skip
REGRETS = (
    Shown("choice", "choice"), Shown("regret", "most regret"), Shown("future", "when it comes"),
    Shown("result", "mean result"), Shown("percent", "mean service, %", 1),
)  # fmt: skip
#: Columns of money.
MONEY = frozenset({"result", "cash", "overtime", "late_cost", "left_over", "regret"})
CELL, ROW, LABEL = 130, 26, 210


def moves_sentences(report: MoveReport) -> list[str]:
    """What to decide, what it risks, and what the others would."""
    regrets = report.regrets
    best, worst = regrets.row(0, named=True), regrets.row(regrets.height - 1, named=True)
    told = [
        f"{_first(best['choice'])}: whatever comes, it is at most {words.money(best['regret'], report.currency)} "
        f"behind the best choice" + (f" (when {best['future']} comes)." if best["regret"] > 0.5 else ".")
    ]
    if worst["choice"] != best["choice"] and worst["regret"] > 0.5:
        told.append(
            f"{_first(worst['choice'])} risks most: {words.money(worst['regret'], report.currency)} "
            f"when {worst['future']} comes."
        )
    told.append("Futures: " + "; ".join(f"{future.name}: {future.meaning}" for future in report.futures) + ".")
    return told


def print_moves(report: MoveReport, console: Console) -> None:
    """Print the sentences, the regrets, and every pair."""
    zone = ZoneInfo(report.timezone)
    sentences = moves_sentences(report)
    console.print(Text(sentences[0], "bold"))
    for sentence in sentences[1:]:
        console.print(sentence, markup=False, highlight=False)
    regrets, columns = _short(_percent(report.regrets), REGRETS)
    console.print(frame_table(regrets, columns, zone, title="Choices, the least regret first"))
    pairs, columns = _short(_percent(report.frame), COLUMNS)
    console.print(frame_table(pairs, columns, zone, title="Each choice under each future", limit=24))
    for sentence in report.assumptions:
        console.print(Text(f"Assumed: {sentence}", "dim"))


def moves_sections(report: MoveReport) -> tuple[str, list[Section]]:
    """The lead and the sections of a sheet."""
    sentences = moves_sentences(report)
    return sentences[0], [
        Section("Regret of each choice under each future", tuple(sentences[1:]), regret_map(report)),
        Section("Choices", frame=_percent(report.regrets), columns=REGRETS),
        Section("Service, money and carbon", frame=_percent(report.frame), columns=COLUMNS),
        Section("What was taken for granted", report.assumptions),
    ]


def moves_facts(report: MoveReport) -> dict[str, Any]:
    """The same for machines."""
    return {
        "safest": report.safest, "currency": report.currency, "known_on": report.known_on,
        "futures": [{"name": one.name, "meaning": one.meaning} for one in report.futures],
        "regrets": report.regrets.to_dicts(), "outcomes": report.frame.to_dicts(),
        "assumptions": list(report.assumptions),
    }  # fmt: skip


def regret_map(report: MoveReport) -> str:
    """A field for each pair: the fuller its bar, the more regret."""
    futures, choices = report.futures, [row["choice"] for row in report.regrets.iter_rows(named=True)]
    regret = {
        (row["choice"], row["future"]): (row["regret"], row["service"]) for row in report.frame.iter_rows(named=True)
    }
    most = max([value for value, _ in regret.values()], default=0.0) or 1.0
    parts = [text(LABEL + at * CELL, 14, future.name, MUTED) for at, future in enumerate(futures)]
    for down, choice in enumerate(choices):
        top = 24 + down * ROW
        parts.append(text(LABEL - 10, top + 14, choice, INK, "end"))
        for across, future in enumerate(futures):
            value, service = regret[choice, future.name]
            left = LABEL + across * CELL
            told = f"{choice}, {future.name}: regret {value:,.0f} {report.currency}, service {100 * service:.1f} %"
            parts += [
                rect(left, top, CELL - 12, ROW - 6, "#eff1f3", told),
                rect(
                    left,
                    top,
                    max(1.0, (CELL - 12) * value / most),
                    ROW - 6,
                    LATE_STRIPE if value > 0.5 else "#5b9a6f",
                    told,
                ),
                text(left + CELL - 16, top + 14, f"{value:,.0f}", INK, "end"),
            ]
    width, height = LABEL + CELL * len(futures) + 10, 30 + ROW * len(choices)
    return drawing(width, height, parts, "Regret of each choice under each future")


def _first(words_: str) -> str:
    """The same with a capital letter; names keep theirs."""
    return words_[0].upper() + words_[1:]


def _percent(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(percent=100 * pl.col("service"))


def _short(frame: pl.DataFrame, columns: tuple[Shown, ...]) -> tuple[pl.DataFrame, tuple[Shown, ...]]:
    """Money in thousands where it runs into millions, so that a line fits a terminal."""
    money = [column.name for column in columns if column.name in MONEY]
    most = max((float(frame[name].abs().max() or 0.0) for name in money), default=0.0)  # type: ignore[arg-type]
    if most < 1e6:
        return frame, columns
    shown = tuple(replace(one, heading=f"{one.heading}, k") if one.name in money else one for one in columns)
    return frame.with_columns(pl.col(money) / 1000), shown
