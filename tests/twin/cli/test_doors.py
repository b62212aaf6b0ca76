"""The command lines of the twin, as a user types them."""

from __future__ import annotations

import json

import polars as pl
import pytest

from linewright.app import exits
from linewright.io.csv_folder import write_csv_folder
from linewright.io.templates import write_new
from linewright.model.factory import Factory

RUNS = ("--replications", "60")


@pytest.fixture(scope="module")
def plant(tmp_path_factory):
    """The small factory of `linewright new`, in which something can go wrong."""
    return write_new(tmp_path_factory.mktemp("plant") / "plant", csv=True)


def test_odds_are_told_in_words_and_for_machines(run, plant, tmp_path):
    """The page names doubtful dates with their intervals; JSON holds the same figures and the seed."""
    code, told, _ = run("simulate", plant, *RUNS)
    assert code == exits.OK
    assert "of the orders are in time on average" in told
    assert "What adds hours" in told
    assert "Next: --open" in told
    target = tmp_path / "odds.json"
    code, printed, _ = run("simulate", plant, *RUNS, "--json", "--out", target)
    facts = json.loads(printed)
    assert (facts["replications"], facts["origin"]["seed"]) == (60, 0)
    assert all(row["low"] <= row["on_time"] <= row["high"] for row in facts["orders"])
    assert len(json.loads(target.read_text(encoding="utf-8"))["operations"]) > 10


def test_the_same_seed_is_the_same_luck(run, plant):
    """Two runs of the command print the same figures; another seed prints others."""
    first, again, other = (json.loads(run("simulate", plant, *RUNS, "--seed", seed, "--json")[1]) for seed in (3, 3, 4))
    assert first["totals"] == again["totals"]
    assert first["totals"] != other["totals"]


def test_one_run_can_be_opened_and_kept(run, plant, tmp_path):
    """A run is shown on the manager's page and written as a plan; the report draws ranges."""
    plan, book, page = tmp_path / "run.json", tmp_path / "odds.xlsx", tmp_path / "odds.html"
    code, told, _ = run("simulate", plant, "--open", 5, "--out", plan)
    assert code == exits.OK
    assert "NOT VERIFIED" in told
    assert json.loads(plan.read_text(encoding="utf-8"))["origin"]["made_by"].startswith("twin")
    code, _, said = run("simulate", plant, *RUNS, "--out", book, "--report", page)
    assert code == exits.OK
    assert f"Wrote {book}" in said
    assert pl.read_excel(book, sheet_name="odds").height > 3
    assert "Odds" in page.read_text(encoding="utf-8")


def test_a_plan_that_was_written_can_be_run(run, plant, tmp_path):
    """A plan from a file is run as it is; one of changed rows is refused with the tables that changed."""
    plan = tmp_path / "plan.json"
    assert run("plan", plant, "--rounds", 5, "--runs", 0, "--out", plan)[0] == exits.OK
    assert run("simulate", plant, "--plan", plan, *RUNS)[0] == exits.OK
    orders = plant / "orders.csv"
    text = orders.read_bytes()
    rows = pl.read_csv(orders, infer_schema=False)
    rows.with_columns(priority=pl.lit("9")).write_csv(orders)
    code, _, said = run("simulate", plant, "--plan", plan, *RUNS)
    orders.write_bytes(text)
    assert code == exits.STALE
    assert "orders" in said


def test_a_plan_shows_its_odds(run, plant):
    """The manager's page has a line of odds, and none where none are wanted."""
    code, told, _ = run("plan", plant, "--rounds", 5, "--runs", 40)
    assert code == exits.OK
    assert "Odds:" in told
    assert "Odds:" not in run("plan", plant, "--rounds", 5, "--runs", 0)[1]
    facts = json.loads(run("plan", plant, "--rounds", 5, "--runs", 40, "--json")[1])
    assert facts["odds"]["replications"] == 40


def test_scenarios_are_compared_in_sentences(run, plant, tmp_path):
    """Each scenario has its heading and what it changes; the page and JSON say the same."""
    tries = ("--try", "second welder: machines[WELD-2]=[WELD-1]", "--try", "slow: machines[SAW-1].speed=0.5")
    page = tmp_path / "what_if.html"
    code, told, _ = run("experiment", plant, *tries, "--rounds", 5, "--replications", 30, "--report", page)
    assert code == exits.OK
    assert told.startswith("second welder\n")
    assert "30 runs of each, paired on common luck, seed 0." in told
    assert "second welder" in page.read_text(encoding="utf-8")
    code, printed, _ = run("experiment", plant, *tries, "--way", "stream", "--replications", 4, "--json")
    facts = json.loads(printed)
    assert facts["scenarios"] == ["as it is", "second welder", "slow"]
    assert {row["figure"] for row in facts["levels"]} == {"throughput", "lead_time", "wip", "on_time"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("experiment", "--try", "robots[A].speed=2"), "no table robots"),
        (("experiment", "--try", "machines[SAW-9].speed=2"), "no row with machine SAW-9"),
        (("simulate", "--out", "odds.txt"), "can be written as .xlsx, .json"),
        (("simulate", "--report", "nowhere/odds.html"), "is not a folder"),
    ],
)
def test_what_cannot_be_meant_is_refused(run, plant, words, said):
    """The cure is told, and nothing is run."""
    code, _, told = run(words[0], plant, *words[1:])
    assert code != exits.OK
    assert said in told


def test_a_factory_without_chance_says_so(run, tmp_path):
    """Where nothing varies, the plan has no odds, and the run says what would be needed."""
    factory = Factory.of(
        machines=[{"machine": "M"}],
        operations=[{"material": "A", "step": 10, "run_minutes": 5.0}],
        work_orders=[{"work_order": "W", "material": "A", "quantity": 4.0}],
    )
    plant = tmp_path / "sure"
    write_csv_folder(factory, plant)
    assert "Odds:" not in run("plan", plant, "--rounds", 5)[1]
    code, told, _ = run("simulate", plant, "--replications", 3)
    assert code == exits.OK
    assert "run_variation or failure_modes" in told
