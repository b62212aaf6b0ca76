"""The documentation says what the code does: generated pages are current, and everything public is on them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click
import pytest

from linewright.app.cli import linewright as command_line
from linewright.model.records import SCHEMAS
from linewright.model.tables import TABLES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


@pytest.fixture(scope="module")
def written():
    """The pages of the reference as the generator would write them now."""
    sys.path.insert(0, str(DOCS))
    try:
        import generate_reference
    finally:
        sys.path.remove(str(DOCS))
    return generate_reference.pages()


def test_the_reference_is_current(written):
    """Each generated page equals what the generator writes; else run python docs/generate_reference.py."""
    found = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md")}
    assert found.keys() == written.keys()
    behind = [name for name in written if found[name] != written[name]]
    assert behind == []


def test_every_table_and_column_is_on_its_page():
    """The page of tables has a section for each table and a row for each column, with its meaning."""
    page = (DOCS / "reference" / "tables.md").read_text(encoding="utf-8")
    sections = dict(zip(*[iter(re.split(r"^### (\w+)$", page, flags=re.MULTILINE)[1:])] * 2, strict=True))
    assert list(sections) == list(TABLES)
    for name, text in sections.items():
        rows = re.findall(r"^\| \**(\w+)\**(?: \*)? \| (.+) \| .+ \|$", text, flags=re.MULTILINE)
        assert [row[0] for row in rows][1:] == list(SCHEMAS[name].columns)
        assert all(len(meaning) > 3 for _, meaning in rows[1:]), name


def test_every_command_and_option_is_on_its_page():
    """The page of commands has a section for each verb that is not hidden, and each of its options."""
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    context = click.Context(command_line)
    for name in command_line.list_commands(context):
        command = command_line.get_command(context, name)
        if command.hidden:
            continue
        section = page.partition(f"## linewright {name}\n")[2].partition("\n## ")[0]
        missing = [
            word for option in command.params for word in option.opts if word.startswith("--") and word not in section
        ]
        assert section, name
        assert missing == [], name


def test_every_feature_has_a_page():
    """Each folder with a feature has a page in docs/features, and no page is left over."""
    features = {path.parent.name for path in (ROOT / "src" / "linewright").glob("*/feature.py")} - {"kit"}
    assert {path.stem for path in (DOCS / "features").glob("*.md")} == features


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda path: path.stem)
def test_links_lead_somewhere(page):
    """Every link and picture of a page that points into the project exists."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    lost = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert lost == []


def test_every_page_is_in_the_menu():
    """A page that the menu does not name would never be found."""
    menu = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    assert [str(page.relative_to(DOCS)) for page in PAGES if f'"{page.relative_to(DOCS).as_posix()}"' not in menu] == []
