"""Delimited text: how a file is encoded and separated, its rows with their lines, and tables as such text."""
