"""Find the features that are installed: those of linewright and those of others, in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from linewright.kit.feature import Feature

GROUP = "linewright.features"


def installed() -> tuple[Feature, ...]:
    """Every feature that can be loaded, in the order of their names.

    A feature whose folder was deleted is simply not there. One that fails to load is named on the error stream and
    left out, so that a broken plug-in does not take the others with it.
    """
    return tuple(feature for entry in sorted(set(entry_points(group=GROUP))) for feature in _loaded(entry))


def load(place: str) -> Any:
    """Load what stands at a place written as ``"package.module:attribute"``."""
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


def command_of(name: str) -> click.Command | None:
    """The command that a feature has given to the command line under this name, or None."""
    places = {word: place for feature in installed() for word, place in feature.commands.items()}
    command = load(places[name]) if name in places else None
    return command if isinstance(command, click.Command) else None


def port(name: str) -> Any | None:
    """What fills a port of `linewright.model.ports`, or None where no installed feature does."""
    places = {word: place for feature in installed() for word, place in feature.provides.items()}
    return load(places[name]) if name in places else None


def _loaded(entry: EntryPoint) -> Iterator[Feature]:
    try:
        feature = entry.load()
    except Exception as problem:
        # Whatever a plug-in raises, the others go on.
        if not _is_deleted(entry, problem):
            click.echo(f"linewright: feature {entry.name} is left out: {problem!r}", err=True)
        return
    if isinstance(feature, Feature):
        yield feature


def _is_deleted(entry: EntryPoint, problem: Exception) -> bool:
    return isinstance(problem, ModuleNotFoundError) and f"{entry.module}.".startswith(f"{problem.name}.")
