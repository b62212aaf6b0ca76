"""Every Python block and console session of the documentation runs, and does what it says."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.example import Example
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def console_session(example: Example) -> str | None:
    """Run each line after a ``$``; what follows it must be what it prints, ``...`` standing for anything."""
    for session in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, told = session.partition("\n")
        words = shlex.split(command, comments=True)
        if words[0] in {"linewright", "./lw"}:
            words = [sys.executable, "-m", "linewright", *words[1:]]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode not in {0, 1}:
            return f"{command} ended with {done.returncode}:\n{done.stderr}"
        if told.strip() and not OutputChecker().check_output(told, done.stdout, ELLIPSIS | NORMALIZE_WHITESPACE):
            return f"{command} printed:\n{done.stdout}"
    return None


DOCUMENTS = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser(language="console", evaluator=console_session), SkipParser()]
)


def examples_of(page: Path) -> list[Example]:
    """The blocks of a page that can be run."""
    return list(DOCUMENTS.parse(page).examples())


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """An empty folder to work in, from which the examples can be reached."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if examples_of(page)], ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page, workplace):
    """From the first block to the last, in one place, each does what it says."""
    for example in examples_of(page):
        example.evaluate()


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.stem)
def test_an_example_prints_what_is_recorded(script, workplace):
    """Each script of the examples folder prints exactly what stands in the file of the same name with .out."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "110"}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    recorded = script.with_suffix(".out").read_text(encoding="utf-8")
    changed = difflib.unified_diff(recorded.splitlines(), done.stdout.splitlines(), "recorded", "printed", lineterm="")
    assert "\n".join(changed) == ""
