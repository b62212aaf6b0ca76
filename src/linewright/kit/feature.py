"""What a feature tells the doors about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One folder of verbs, registered under the entry-point group ``linewright.features``.

    `commands` maps a word of the command line to the place of its click command, as ``"package.module:attribute"``.
    `provides` maps a port of `linewright.model.ports`, in lower case, to the place of what fills it: other features'
    doors ask for it by name (`linewright.kit.ports.ask`) and do without where it is missing.
    `sections` are places of functions that take a factory and the moment of its start and return the sections
    (`linewright.kit.sheet.Section`) that the feature adds to the page of `linewright report`, those with
    the least `page` first.
    `warm` is the place of a function without arguments that compiles the feature's kernels, or None. Places are
    loaded when they are needed and not before, so their modules must not import anything heavy at their top.
    """

    name: str
    title: str
    commands: Mapping[str, str] = field(default_factory=dict)
    provides: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[str, ...] = ()
    page: int = 9
    warm: str | None = None
