"""The door of learned times, run as a user would."""

from __future__ import annotations

import json

import pytest

from linewright.app import exits
from linewright.io.csv_folder import write_csv_folder
from linewright.io.read import read
from linewright.io.workspace import Workspace
from tests.times.made_up import PEOPLE, shop


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    """An empty folder to work in, with a plant in which one time has moved."""
    monkeypatch.chdir(tmp_path)
    write_csv_folder(shop(66, moved=2.0, spread=0.25), tmp_path / "plant")
    return tmp_path


def test_times_names_what_differs_and_nobody(run, workplace):
    """A row with its figures, the sentence, and the sheet; no person's name in any of them."""
    code, out, err = run("times", "plant", "--report", "times.html", "--out", "times.csv")
    told = " ".join(out.split())
    assert code == exits.OK
    assert "1 of 9 steps with reports surely differs from the file" in told
    assert "Turning of P-0 takes" in told
    assert "the file says 4.0, since January 2026" in told
    page = (workplace / "times.html").read_text(encoding="utf-8")
    table = (workplace / "times.csv").read_text(encoding="utf-8-sig")
    assert table.startswith("row,material,step")
    for name in PEOPLE:
        assert name not in out + err + page + table


def test_machines_get_the_same_facts(run):
    """JSON with the table, the alarm, and no name."""
    code, out, _ = run("times", "plant", "--json")
    facts = json.loads(out)
    assert code == exits.OK
    assert facts["differences"] == ["P-0/10"]
    assert facts["alarms"][0]["standard"] == 4.0
    assert {"times", "queues", "curves", "levels", "assumptions"} <= set(facts)
    assert not any(name in out for name in PEOPLE)


def test_an_accepted_row_is_written_into_a_new_factory(run, workplace):
    """The folder can be read back, has the learned time, and keeps the rest; a second try is refused."""
    code, _, err = run("times", "plant", "--accept", "P-0/10", "--quantile", "0.8", "--out", "learned")
    assert code == exits.OK
    assert "1 row taken over" in err
    before, after = read(workplace / "plant"), read(workplace / "learned")
    assert after.operations["P-0", 10].run_minutes + after.operations["P-0", 10].fixed_minutes > 6
    assert after.operations["P-0", 10].run_variation is not None
    assert after.operations["P-1", 10].run_minutes == before.operations["P-1", 10].run_minutes
    code, _, err = run("times", "plant", "--accept-all", "--out", "learned")
    assert code != exits.OK
    assert "exists already" in err


def test_a_workspace_takes_times_over_itself(run, workplace):
    """Without --out the workspace has them; anything else must be given a place."""
    Workspace.create(workplace / "home", read(workplace / "plant"))
    code, _, _ = run("times", "home", "--accept-all")
    assert code == exits.OK
    assert read(workplace / "home").operations["P-0", 10].run_variation is not None
    code, _, err = run("times", "plant", "--accept-all")
    assert code != exits.OK
    assert "--out" in err


def test_wrong_times_are_priced_in_the_plan(run, workplace):
    """With an order due soon, the plan's order costs more than it promised, and planning anew is no dearer."""
    orders = "order;material;quantity;due\nSO-1;P-0;200;2026-03-07\nSO-2;P-0;200;2026-03-08\n"
    (workplace / "plant" / "orders.csv").write_text(orders)
    code, out, err = run("times", "plant", "--price", "--json")
    assert code == exits.OK, err
    prices = json.loads(out)["prices"]
    assert prices["replanned"] <= prices["true"]
    assert [row["row"] for row in prices["rows"]] == ["", "P-0/10"]
    assert prices["rows"][0]["cost"] == pytest.approx(prices["true"] - prices["promised"])
    code, out, _ = run("times", "plant", "--price")
    assert "In the plan:" in " ".join(out.split())


def test_the_test_on_later_reports_is_printed(run):
    """Both units, all methods, and machines get the rows."""
    code, out, _ = run("times", "plant", "--evaluate", "--split", "2026-01-11")
    assert code == exits.OK
    assert "Later reports" in out
    assert "total minutes / total units" in out
    code, out, _ = run("times", "plant", "--evaluate", "--split", "2026-01-11", "--json")
    assert {row["unit"] for row in json.loads(out)["rows"]} == {"report", "job"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--quantile", "2"), "number between 0 and 1"),
        (("--evaluate", "--accept-all"), "--evaluate only tests"),
        (("--split", "2026-01-11"), "add --evaluate"),
        (("--accept", "P-77/10", "--out", "x"), "there is no row P-77/10"),
        (("--out", "times.pdf"), ".xlsx, .csv or .json"),
        (("--report", "nowhere/times.html"), "is not a folder"),
    ],
)
def test_what_makes_no_sense_is_refused(run, words, said):
    """With the reason, and without writing anything."""
    code, _, err = run("times", "plant", *words)
    assert code != exits.OK
    assert said in err


def test_a_factory_without_reports_is_refused_kindly(run, root):
    """The bracket shop has no actuals; the message says what to fill in. Its report page goes without the section."""
    code, _, err = run("times", root / "examples" / "bracket_shop")
    assert code != exits.OK
    assert "fill a sheet actuals" in err


def test_the_machine_shop_log_is_all_it_needs(run, root):
    """The public log is read, learned from, and written as a workbook."""
    log = root / "tests" / "data" / "machine_shop" / "joblog_slice.csv"
    code, out, _ = run("times", log, "--out", "times.xlsx")
    assert code == exits.OK
    assert "Too few jobs" in out
    assert "W48" not in out


def test_the_page_of_the_factory_has_learned_times(run, workplace):
    """The report of all features has the section and its sentence."""
    code, _, err = run("report", "plant", "--out", "report.html")
    assert code == exits.OK, err
    page = (workplace / "report.html").read_text(encoding="utf-8")
    assert "Times that differ from the file" in page
    assert "Turning of P-0 takes" in page
    assert not any(name in page for name in PEOPLE)
