"""The demo, from the example's files to the report, as a newcomer runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from linewright.app import cli, demo, exits


@pytest.mark.slow
def test_the_demo_plans_four_weeks_and_writes_a_report(tmp_path):
    """About 3,000 work orders are planned and verified, and the report is one file that needs nothing else."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "linewright", "demo"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == exits.OK, done.stderr
    assert "2,999 work orders" in done.stdout
    assert "verified" in done.stdout
    report = tmp_path / "linewright-demo" / "report.html"
    assert report.resolve().as_uri() in done.stdout
    page = report.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)


@pytest.mark.slow
def test_the_line_that_the_demo_shows_can_be_typed(tmp_path, monkeypatch, capsys):
    """The command that the demo prints first plans the same factory."""
    monkeypatch.chdir(tmp_path)
    words = [str(demo.EXAMPLE), *demo.READING, "--rounds", "1", "--json"]
    assert cli.run(["plan", *words]) == exits.OK
    facts = json.loads(capsys.readouterr().out)
    assert facts["factory"] == "AdventureWorks"
    assert facts["verified"] is True


def test_without_the_planner_the_demo_says_so(monkeypatch, capsys):
    """When the plan feature was deleted, the demo ends with a sentence."""
    monkeypatch.setattr(demo, "command_of", lambda name: None)
    assert cli.run(["demo"]) == exits.USAGE
    assert "needs the plan feature" in capsys.readouterr().err


def test_outside_a_checkout_the_demo_says_so(monkeypatch, tmp_path, capsys):
    """An installed package has no examples; the message says where to find them."""
    monkeypatch.setattr(demo, "EXAMPLE", tmp_path / "nothing")
    monkeypatch.setattr(demo, "command_of", lambda name: cli.linewright)
    assert cli.run(["demo"]) == exits.USAGE
    assert "run ./lw demo in a checkout" in capsys.readouterr().err
