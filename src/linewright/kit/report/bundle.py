"""Join the board's ES modules into one script, because a page that was opened from a file may not import others."""

from __future__ import annotations

import re
from importlib.resources import files

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
RUN_ONLY = re.compile(r"^(.*) // with a run\n", re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)


def static(name: str) -> str:
    """The text of a file that the report is made of."""
    return files("linewright.kit.report").joinpath("static", name).read_text(encoding="utf-8")


def bundled(entry: str, *, with_run: bool = True) -> str:
    """The entry module and all that it imports, each in a function of its own so that names cannot clash.

    Without a run the lines marked `// with a run` are left out, and so are the modules that only they need.
    """
    sources: dict[str, str] = {}
    _visit(entry, sources, (), with_run)
    return "\n".join(_wrapped(name, source) for name, source in sources.items())


def _visit(name: str, sources: dict[str, str], path: tuple[str, ...], with_run: bool) -> None:
    """Add the sources of a module and of those that it imports, each after the ones that it needs."""
    if name in path:
        raise ValueError(f"modules import each other in a circle: {' -> '.join((*path, name))}")
    source = RUN_ONLY.sub(r"\1\n" if with_run else "", static(f"{name}.js"))
    for _, imported in IMPORT.findall(source):
        _visit(imported, sources, (*path, name), with_run)
    sources.setdefault(name, source)


def _wrapped(name: str, source: str) -> str:
    names = ", ".join(found for _, found in EXPORT.findall(source))
    body = IMPORT.sub(lambda found: f"const {{{found[1]}}} = module_{found[2].replace('-', '_')};\n", source)
    body = EXPORT.sub(r"\1 \2", body)
    return f"const module_{name.replace('-', '_')} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();"
