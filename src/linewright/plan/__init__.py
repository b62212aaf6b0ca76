"""Detailed scheduling: from a factory to a verified plan.

>>> from linewright.plan import schedule  # doctest: +SKIP
"""

from linewright.plan.schedule import schedule

__all__ = ["schedule"]
