"""Workbooks: what is inside the file, how a sheet becomes a raw table, and how tables become sheets."""
