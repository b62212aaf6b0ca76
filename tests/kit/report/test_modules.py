"""The report's JavaScript modules, tested in Node where there is one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from linewright.kit.load import load_by_day
from linewright.kit.report.payload import payload
from tests.kit.report.unpacking import unpacked

TESTS = Path(__file__).resolve().parents[1] / "js"


@pytest.fixture
def node():
    """Node, new enough to run its own test runner on ES modules."""
    found = shutil.which("node")
    if not found:
        pytest.skip("Node is not installed: the report's modules are tested in the browser only")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version[1:].split(".")[0]) < 20:
        pytest.skip(f"Node {version.strip()} is too old to run these tests: 20 is needed")
    return found


def test_the_modules_pass_their_own_tests(node, sample, tmp_path):
    """Scales, layout, search, chains and pixels work without a page; columns read what Python packed."""
    plan, factory, closed = sample
    block = payload(plan, load_by_day(plan, factory, closed), closed)
    (tmp_path / "plan.bin").write_bytes(block)
    (tmp_path / "plan.json").write_text(json.dumps(unpacked(block)), encoding="utf-8")
    places = {"LINEWRIGHT_PACKED": str(tmp_path / "plan.bin"), "LINEWRIGHT_EXPECTED": str(tmp_path / "plan.json")}
    files = sorted(str(path) for path in TESTS.glob("*.test.js"))
    run = subprocess.run(
        [node, "--test", *files], env={**os.environ, **places}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# skipped 0" in run.stdout
    assert len(files) == 7
