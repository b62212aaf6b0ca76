"""Write the pages of ``docs/reference`` from what the code declares: ``python docs/generate_reference.py``.

A test compares the pages with what this script would write, so the reference cannot drift from the code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from linewright.app import exits
from linewright.app.cli import linewright as command_line
from linewright.io.read import readers
from linewright.model import results
from linewright.model.records import SCHEMAS, Column, Schema
from linewright.model.tables import TABLES

REFERENCE = Path(__file__).parent / "reference"
WRITTEN = "<!-- Written by docs/generate_reference.py; change the code, then run it again. -->\n"

KINDS: Mapping[type, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    date: "date",
    time: "time of day",
    datetime: "date and time",
}

GROUPS: Mapping[str, str] = {
    "place": "Place",
    "time": "Time",
    "equipment": "Equipment",
    "people": "People",
    "material": "Material",
    "routing": "Routing",
    "demand": "Demand",
    "supply": "Supply",
    "energy": "Energy",
    "history": "History",
}

#: The modules whose public names are documented.
#: The modules that declare the results of demand and supply.
OTHER_RESULTS = (
    "forecast_results", "supply_results", "stop_results", "stress_results", "hazard_results", "move_results",
)  # fmt: skip
PUBLIC = (
    "linewright", "linewright.plan", "linewright.demand", "linewright.supply.requirements", "linewright.supply.stress",
    "linewright.supply.shields", "linewright.supply.hazards", "linewright.supply.stoppage", "linewright.supply.moves",
)  # fmt: skip


def pages() -> dict[str, str]:
    """Every page of the reference by its file name."""
    return {
        "tables.md": tables_page(),
        "commands.md": commands_page(),
        "readers.md": readers_page(),
        "results.md": results_page(),
        "python.md": python_page(),
    }


def tables_page() -> str:
    """Every table and column of a factory."""
    lines = [
        WRITTEN,
        "# Tables\n",
        "A factory is these tables. Any of them may be empty; the smallest factory that can be planned has",
        "`machines`, `operations` and `orders`. A column in **bold** is part of the row's name, one marked with * must",
        "be filled in. Times without a zone are in the factory's time zone.\n",
    ]
    schemas = [SCHEMAS[name] for name in TABLES]
    for group, members in groupby(schemas, key=lambda schema: schema.group):
        lines += [f"## {GROUPS.get(group, group.capitalize())}\n"]
        for schema in members:
            lines += table_section(schema)
    return "\n".join(lines)


def table_section(schema: Schema) -> Iterator[str]:
    """One table: its sentence and its columns."""
    yield f"### {schema.table}\n"
    yield f"{schema.doc}\n"
    yield "| column | meaning | holds |"
    yield "|---|---|---|"
    for column in schema.columns.values():
        name = f"**{column.name}**" if column.key else column.name
        cells = (name + (" *" if column.required else ""), column.doc, holds(column))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    for reference in schema.composite:
        yield f"\n{', '.join(reference.columns)} together name a row of [{reference.table}](#{reference.table})."
    yield ""


def holds(column: Column) -> str:
    """What may stand in a cell: type, unit, range, and what an empty cell stands for."""
    parts = [KINDS[column.type], column.unit and f"in {column.unit}", allowed(column)]
    if not column.required and column.default not in (None, ""):
        parts.append(f"blank means {default(column)}")
    return ", ".join(part for part in parts if part)


def default(column: Column) -> str:
    """The value of an empty cell."""
    if isinstance(column.default, bool):
        return "yes" if column.default else "no"
    return f"{column.default:g}" if isinstance(column.default, int | float) else str(column.default)


def allowed(column: Column) -> str:
    """What a cell may hold beyond its type."""
    if column.ref:
        table, _, target = column.ref.partition(".")
        return f"a {target} in [{table}](#{table})" if target else f"a row of [{table}](#{table})"
    choices = tuple(choice for choice in column.choices if choice)
    return "one of " + ", ".join(choices) if choices else column.range_text


def commands_page() -> str:
    """Every command with its help, and what its exit code means."""
    lines = [
        WRITTEN,
        "# Commands\n",
        "`./lw COMMAND` in a checkout is `linewright COMMAND` in its environment.\n",
    ]
    habits = {**command_line.context_settings, "terminal_width": 100}
    context = click.Context(command_line, info_name="linewright", **habits)
    for name in ("", *command_line.list_commands(context)):
        command = command_line.get_command(context, name) if name else command_line
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context) if name else context
        lines += [f"## linewright {name}".rstrip() + "\n", "```text", command.get_help(inner), "```\n"]
    lines += ["## Exit codes\n", "| code | meaning |", "|---|---|"]
    lines += [f"| {code} | {meaning} |" for code, meaning in exits.MEANINGS.items()]
    return "\n".join(lines) + "\n"


def readers_page() -> str:
    """Every format that can be read, with its options."""
    lines = [
        WRITTEN,
        "# Formats\n",
        "`linewright open FILES...` and `linewright.read(...)` recognise these by themselves. `--reader NAME` asks",
        "for one of them, `--option NAME=VALUE` tells it something; in Python these are `reader=` and `options=`.\n",
    ]
    for reader in readers():
        lines += [f"## {reader.name}\n", f"{sentence(reader.title)}\n"]
        if reader.options:
            lines += ["| option | meaning |", "|---|---|"]
            lines += [f"| `{name}` | {meaning} |" for name, meaning in reader.options.items()]
            lines += [""]
    return "\n".join(lines)


def sentence(text: str) -> str:
    """A title as a sentence."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def results_page() -> str:
    """The frames of a plan and what is in them."""
    lines = [WRITTEN, "# Results\n", section_of(results.Plan), "## Frames of a plan\n"]
    for name, columns in (
        ("operations", "OPERATION_COLUMNS"),
        ("jobs", "JOB_COLUMNS"),
        ("orders", "ORDER_COLUMNS"),
        ("pegging", "PEGGING_COLUMNS"),
    ):
        lines += [f"### plan.{name}\n", *frame_lines(results, columns)]
    lines += [section_of(kind) for kind in (results.Bound, results.Weights, results.Relaxed, results.Origin)]
    for module_name in OTHER_RESULTS:
        module = import_module(f"linewright.model.{module_name}")
        lines += [f"## {module_name.removesuffix('_results').capitalize()}\n", f"{inspect.getdoc(module)}\n"]
        for columns in (name for name in vars(module) if name.endswith("_COLUMNS") and hasattr(module, name)):
            if re.search(rf"^{columns}\b", inspect.getsource(module), re.MULTILINE):
                title = columns.removesuffix("_COLUMNS").replace("_", " ").lower()
                lines += [f"### Rows of {title}\n", *frame_lines(module, columns)]
    return "\n".join(lines)


def frame_lines(module: Any, columns: str) -> list[str]:
    """What the rows of a frame are, and its columns with their types."""
    rows = [f"| {column} | {dtype_text(dtype)} |" for column, dtype in getattr(module, columns).items()]
    return [remark(columns, module) + "\n", "| column | type |", "|---|---|", *rows, ""]


def section_of(kind: type) -> str:
    """A result's class: its docstring and its fields."""
    rows = [f"- `{name}`: {annotation}" for name, annotation in kind.__annotations__.items()]
    rows += [
        f"- `{name}`: {inspect.getdoc(member)}"
        for name, member in vars(kind).items()
        if not name.startswith("_") and (isinstance(member, property) or inspect.isfunction(member))
    ]
    return f"## {kind.__name__}\n\n{inspect.getdoc(kind)}\n\n" + "\n".join(rows) + "\n"


def remark(constant: str, module: Any = results) -> str:
    """The ``#:`` comment above a constant of a module of results."""
    source = inspect.getsource(module)
    found = re.search(rf"((?:^#: .*\n)+)^{constant}\b", source, re.MULTILINE)
    return " ".join(line.removeprefix("#: ") for line in found.group(1).splitlines()) if found else ""


def dtype_text(dtype: Any) -> str:
    """A Polars type in plain words."""
    text = str(dtype)
    known = {
        "Date": "day",
        "UInt64": "whole number",
        "String": "text",
        "Int64": "whole number",
        "Float64": "number",
        "Boolean": "yes or no",
    }
    return known.get(text, "list of text" if text.startswith("List") else "instant (UTC)")


def python_page() -> str:
    """Every public name of the library."""
    lines = [WRITTEN, "# Python\n"]
    for module_name in PUBLIC:
        module = import_module(module_name)
        lines += [f"## {module_name}\n", f"{inspect.getdoc(module)}\n"]
        for name in getattr(module, "__all__", ()):
            lines += [f"### {name}\n", signature(name, getattr(module, name)), ""]
    return "\n".join(lines)


def signature(name: str, value: Any) -> str:
    """A name's call and docstring."""
    text = inspect.getdoc(value) or ""
    if inspect.isfunction(value):
        # Annotations are kept as text, and would be shown in quotes.
        call = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(value)))
        text = f"```text\n{name}{call}\n```\n\n{text}"
    # Headings of NumPy docstrings would become headings of the page.
    return re.sub(r"^(\w[\w ]*)\n-{3,}$", r"**\1**\n", text, flags=re.MULTILINE) + "\n"


def main() -> None:
    """Write every page that has changed."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        path = REFERENCE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/reference/{name}")


if __name__ == "__main__":
    main()
