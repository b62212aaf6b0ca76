"""Join the board's ES modules into one script, because a page that was opened from a file may not import others."""

from __future__ import annotations

import re
from importlib.resources import files

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)


def static(name: str) -> str:
    """The text of a file that the report is made of."""
    return files("linewright.kit.report").joinpath("static", name).read_text(encoding="utf-8")


def bundled(entry: str) -> str:
    """The entry module and all that it imports, each in a function of its own so that names cannot clash."""
    order: list[str] = []
    _visit(entry, order, ())
    return "\n".join(_wrapped(name) for name in order)


def _visit(name: str, order: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        raise ValueError(f"modules import each other in a circle: {' -> '.join((*path, name))}")
    for _, imported in IMPORT.findall(static(f"{name}.js")):
        _visit(imported, order, (*path, name))
    if name not in order:
        order.append(name)


def _wrapped(name: str) -> str:
    source = static(f"{name}.js")
    names = ", ".join(found for _, found in EXPORT.findall(source))
    body = IMPORT.sub(lambda found: f"const {{{found[1]}}} = module_{found[2].replace('-', '_')};\n", source)
    body = EXPORT.sub(r"\1 \2", body)
    return f"const module_{name.replace('-', '_')} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();"
