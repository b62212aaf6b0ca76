"""Checks across tables: what the rows say together, after each has been read alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from linewright.model.factory import Factory
from linewright.model.findings import Finding

#: A check looks at a factory whose rows are good one by one, and tells what is wrong between them.
Check = Callable[[Factory], Iterable[Finding]]

#: Every check, in the order in which their findings are told.
CHECKS: tuple[Check, ...] = ()
