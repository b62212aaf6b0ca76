"""The report: a plan as one HTML file with an interactive board."""

from linewright.kit.report.write import report_html, write_report

__all__ = ["report_html", "write_report"]
