"""One page of what every feature has to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewright.app import exits

SHOP = str(Path(__file__).parents[2] / "examples" / "bracket_shop")


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)


def test_the_page_joins_materials_buffers_and_risks(run, tmp_path):
    """Its first line is about material and stops, and every part has its section."""
    code, out, _ = run("report", SHOP, "--out", "all.html")
    page = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert code == exits.OK
    assert out.strip() == "Wrote all.html"
    for title in ("To order now", "Where to hold stock", "Survives and recovers", "What to buy against stops"):
        assert f"<h2>{title}</h2>" in page


def test_a_factory_without_demand_gets_a_page_that_says_why(run, tmp_path):
    """Parts that cannot be done say so; the page is written all the same."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "machines.csv").write_text("machine\nM1\n")
    (tmp_path / "shop" / "operations.csv").write_text("material,step,machine,run_minutes\nP,10,M1,5\n")
    code, _, _ = run("report", "shop")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert code == exits.OK
    assert "nothing is wanted" in page
