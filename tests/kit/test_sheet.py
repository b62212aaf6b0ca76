"""Sheets: sentences, tables and figures in one file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from linewright.kit.sheet import Section, Shown, sheet_html, shown_rows, write_sheet

FRAME = pl.DataFrame(
    {
        "part": ["<b>A</b>", None], "quantity": [1234.56, None], "when": [datetime(2026, 3, 2, 5, tzinfo=UTC), None],
        "day": [date(2026, 3, 2), None], "open": [True, False],
    }
)  # fmt: skip
COLUMNS = (Shown("part", "part"), Shown("quantity", "how much", 1), Shown("when", "when"), Shown("day", "day"),
           Shown("open", "open"))  # fmt: skip


def test_cells_are_written_in_local_time_and_with_thousands():
    """Nothing is written where nothing is known."""
    rows = shown_rows(FRAME, COLUMNS, ZoneInfo("Europe/Berlin"))
    assert rows == [
        ["<b>A</b>", "1,234.6", "Mon 2 Mar 06:00", "2 Mar 2026", "yes"],
        ["–", "–", "–", "–", ""],
    ]


def test_names_in_the_data_are_never_part_of_the_page():
    """Markup in a part number is text; empty sections are left out; no request is possible."""
    page = sheet_html(
        title="A & B", lead="One sentence.", timezone="UTC",
        sections=[Section("Rows", frame=FRAME, columns=COLUMNS), Section("Nothing"), Section("Words", ("Said.",))],
    )  # fmt: skip
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    assert "<b>A" not in page
    assert "Nothing" not in page
    assert "default-src 'none'" in page
    assert "A &amp; B" in page


def test_long_tables_say_how_much_is_left_out():
    """Two hundred rows are shown and the rest is counted."""
    frame = pl.DataFrame({"part": [f"P-{at}" for at in range(1234)]})
    page = sheet_html(title="T", lead="L", timezone="UTC", sections=[Section("S", frame=frame, columns=COLUMNS[:1])])
    assert page.count("<td>") == 200
    assert "and 1,034 more rows" in page


def test_a_sheet_appears_whole(tmp_path):
    """The file is there and no draft beside it."""
    path = write_sheet(tmp_path / "a.html", title="T", lead="L", timezone="UTC", sections=[])
    assert [file.name for file in tmp_path.iterdir()] == ["a.html"]
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_names_are_never_broken_and_sentences_may_be():
    """A part number with a hyphen stays on one line; a column of sentences is marked."""
    frame = pl.DataFrame(
        {"part": ["BRACKET-L"], "text": ["a sentence that is a good deal longer than any name can be"]}
    )
    columns = (Shown("part", "part"), Shown("text", "text"))
    page = sheet_html(title="T", lead="L", timezone="UTC", sections=[Section("S", frame=frame, columns=columns)])
    assert "<td>BRACKET-L</td>" in page
    assert '<td class="long">a sentence' in page
