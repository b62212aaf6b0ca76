"""Scenarios compared on common random numbers: what changes, how sure that is, and which is best."""
