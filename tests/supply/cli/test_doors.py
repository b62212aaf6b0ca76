"""The doors of the supply planner, run as a user would on the bracket shop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linewright.app import exits

SHOP = str(Path(__file__).parents[3] / "examples" / "bracket_shop")


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_supply_says_what_to_order_and_what_is_short(run, workplace):
    """The first line counts purchases and late orders; the sheet and the file are written whole."""
    code, out, _ = run("supply", SHOP, "--report", "materials.html", "--out", "proposals.csv", "--buffers")
    assert code == exits.OK
    assert "to place within 7 days" in out.splitlines()[0]
    assert "Short or late" in out
    assert "Where to hold stock" in out
    page = (workplace / "materials.html").read_text(encoding="utf-8")
    assert "To order now" in page
    assert "Red, yellow, green" in page
    assert (workplace / "proposals.csv").read_text(encoding="utf-8-sig").startswith("proposal,kind,material")


def test_supply_gives_the_same_facts_to_machines(run):
    """JSON with proposals, shortages and exceptions."""
    code, out, _ = run("supply", SHOP, "--json")
    facts = json.loads(out)
    assert code == exits.OK
    assert {row["kind"] for row in facts["proposals"]} >= {"purchase", "work_order"}
    assert {"shortages", "exceptions", "late_orders", "to_order"} <= set(facts)


def test_an_order_is_traced_down_to_its_purchases(run):
    """Everything that a bracket is made from, level by level; a wrong name is said."""
    code, out, _ = run("supply", SHOP, "--order", "SO-2611")
    assert code == exits.OK
    assert {"PLATE", "SHEET-3", "BOLT-M8"} <= set(out.split())
    code, _, err = run("supply", SHOP, "--order", "SO-9999")
    assert code != exits.OK
    assert "SO-9999" in err


def test_stress_names_the_dearest_stop(run, workplace):
    """Without a name everything is tried, and drawn."""
    code, out, _ = run("stress", SHOP, "--report", "stress.html")
    assert code == exits.OK
    assert "stops are felt before they are over" in out.splitlines()[0]
    page = (workplace / "stress.html").read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml") == 2


def test_stress_takes_one_stop_through_the_plan(run):
    """Orders, hours, money, and what closes it."""
    code, out, _ = run("stress", SHOP, "--supplier", "SCHRAUB", "--weeks", "3")
    told = " ".join(out.split())
    assert code == exits.OK
    assert "If supplier SCHRAUB stops for 21 days, the first order is missed on" in told
    assert "more of BOLT-M8 in stock today for" in told
    assert "closes it (tried on the plan)" in told
    code, out, _ = run("stress", SHOP, "--machine", "LASER-1", "--days", "3", "--json")
    facts = json.loads(out)
    assert code == exits.OK
    assert facts["late_cost"] >= facts["late_cost_reacting"]
    assert facts["stop"] == {"kind": "machine", "name": "LASER-1", "days": 3.0}


def test_years_of_stops_are_simulated(run, workplace):
    """The same seed says the same; the sheet has both figures; nothing else is printed."""
    words = ("stress", SHOP, "--years", "200", "--seed", "3")
    code, out, err = run(*words, "--report", "years.html")
    assert code == exits.OK
    assert out.startswith("Stops cost ")
    assert "200 years simulated, seed 3" in out
    assert err.strip() == "Wrote years.html"
    assert (workplace / "years.html").read_text(encoding="utf-8").count("data:image/svg+xml") == 2
    assert run(*words)[1] == out
    code, _, err = run(*words, "--supplier", "RHEIN")
    assert code == 2
    assert "leave out the name" in err


def test_stress_refuses_two_stops_and_names_that_do_not_exist(run):
    """One thing at a time; the nearest name is offered."""
    code, _, err = run("stress", SHOP, "--machine", "LASER-1", "--supplier", "RHEIN")
    assert code == 2
    assert "Name one thing that stops" in err
    code, _, err = run("stress", SHOP, "--supplier", "RHEIM")
    assert code != exits.OK
    assert "did you mean RHEIN?" in err


def test_shields_close_what_is_exposed(run, workplace):
    """What is bought is tried again."""
    code, out, _ = run("shields", SHOP, "--kind", "supplier", "--report", "shields.html")
    told = " ".join(out.split())
    assert code == exits.OK
    assert "a year closes 2 of 2 exposed stops" in told
    assert "Tried again with it: 0 of 2 stops are still felt." in told
    assert "What to buy" in (workplace / "shields.html").read_text(encoding="utf-8")


def test_a_budget_buys_the_least_risk_and_the_curve_says_what_money_buys(run):
    """More money never buys more risk, and the budget is kept."""
    code, out, _ = run(
        "shields", SHOP, "--kind", "supplier", "--budget", "60", "--risk", "expected", "--curve", "--json"
    )
    facts = json.loads(out)
    assert code == exits.OK
    assert 0 < facts["cost"] <= 60 + 1e-6
    losses = [point["expected_loss"] for point in facts["curve"]]
    assert losses == sorted(losses, reverse=True)
    assert facts["curve"][-1]["exposed"] == 0
    code, out, _ = run("shields", SHOP, "--kind", "supplier", "--budget", "60", "--curve")
    assert code == exits.OK
    assert "a year brings the worst loss down to" in " ".join(out.split())
    assert "What money buys" in out


def test_shields_from_the_list_alone_say_what_stays_open(run):
    """Nothing on the list helps against an absent bench."""
    code, out, _ = run("shields", SHOP, "--listed", "--kind", "machine", "--json")
    facts = json.loads(out)
    assert code == exits.OK
    assert "BENCH-1" in " ".join(facts["left_open"])


def test_scenarios_advise_a_choice(run, workplace):
    """One page with service, cash, overtime, carbon and regret."""
    code, out, _ = run("scenarios", SHOP, "--rounds", "1", "--high", "1.3", "--low", "0.8", "--report", "moves.html")
    told = " ".join(out.split())
    assert code == exits.OK
    assert "whatever comes, it is at most" in told
    assert "high: +30 % (given)" in told
    assert "Service, money and carbon" in (workplace / "moves.html").read_text(encoding="utf-8")
    code, _, err = run("scenarios", SHOP, "--shock", "BRACKET-L")
    assert code == 2
    assert "MATERIAL=FACTOR" in err


def test_a_report_into_a_folder_that_is_not_there_is_refused_first(run):
    """Nothing is computed for a file that could not be written."""
    code, _, err = run("stress", SHOP, "--report", "missing/stress.html")
    assert code == 2
    assert "missing is not a folder" in err


def test_rows_that_were_left_out_are_told_before_the_answer(run, workplace):
    """One line on the error stream with the count and the first of them, however long its message; JSON stays whole."""
    folder = workplace / "shop"
    folder.mkdir()
    for name in ("materials", "operations", "orders", "machines", "work_centers", "sources", "suppliers", "sites"):
        text = (Path(SHOP) / f"{name}.csv").read_text(encoding="utf-8-sig")
        (folder / f"{name}.csv").write_text(text.replace("2026-03-05,", "next Tuesday,") if name == "orders" else text)
    code, out, err = run("supply", folder, "--now", "2026-03-02", "--json")
    assert code == exits.OK
    assert json.loads(out)["proposals"]
    line = next(line for line in err.splitlines() if line.startswith("Data: "))
    assert "left out" in line
    assert "linewright check" in line
    assert len(line) < 300
