"""Exact values that the twin's simulator and formulas must reproduce."""
