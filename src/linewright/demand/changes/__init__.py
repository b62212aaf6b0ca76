"""Shifts of demand: found soon, seldom wrongly, and allowed for."""
