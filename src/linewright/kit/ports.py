"""How a door asks for what another feature can do, without knowing which one does it."""

from __future__ import annotations

from typing import Any

import click


def ask(port: str, context: click.Context | None = None) -> Any | None:
    """What fills a port of `linewright.model.ports`, or None where no installed feature does.

    Parameters
    ----------
    port
        Its name in lower case, such as ``planner`` or ``forecaster``.
    context
        The command that asks; the running one if not given. The app gives its commands the look-up.
    """
    asking = context or click.get_current_context(silent=True)
    look_up = asking.find_root().obj if asking is not None else None
    return look_up(port) if callable(look_up) else None
