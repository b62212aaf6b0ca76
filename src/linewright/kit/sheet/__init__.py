"""A sheet: one HTML file of sentences, tables and figures, for results that need no board."""

from linewright.kit.sheet.columns import Shown, shown_rows
from linewright.kit.sheet.page import Section, sheet_html, write_sheet

__all__ = ["Section", "Shown", "sheet_html", "shown_rows", "write_sheet"]
