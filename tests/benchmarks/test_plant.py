"""The plant benchmark: the same plants everywhere, sound, plannable, like the measured ones, and honestly checked."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

from benchmarks.plant import check, solve
from benchmarks.plant.chance import Chance
from benchmarks.plant.draft import digest, files_of
from benchmarks.plant.generate import plant
from benchmarks.plant.instances import Row, listed, operations_of, write_list
from benchmarks.plant.known import ADVENTUREWORKS, FREPPLE, MACHINE_SHOP, SMT2020, everything
from benchmarks.plant.ladder import INSTANCES, KINDS, SIZES, Instance
from benchmarks.plant.submission import submitted
from linewright import read
from linewright.io.plan_files import write_plan
from linewright.plan import schedule
from linewright.plan.stop import Rounds


@pytest.fixture(scope="module", params=KINDS)
def small(request, root):
    """A plant of 100 operations of each kind, from the files that are kept, and a plan of it."""
    folder = root / "tests" / "data" / "plant" / f"{request.param}-100"
    return folder, *planned(folder)


@cache
def planned(folder):
    """A plant and a plan after a few rounds."""
    factory = read(folder)
    return factory, schedule(factory, stop=Rounds(5), exact=False)


def operation_table(plan, path, change=None):
    """Write the columns that anybody's plan needs, after one row was changed."""
    rows = [
        {
            "job": row["job"], "step": row["step"], "machine": row["machine"],
            "setup_start": row["setup_start"].isoformat(), "start": row["start"].isoformat(),
            "end": row["end"].isoformat(), "people": ";".join(row["people"]),
            "setup_people": ";".join(row["setup_people"]), "load": row["load"],
        }
        for row in plan.operations.to_dicts()
    ]  # fmt: skip
    if change:
        change(rows)
    with path.open("w", encoding="utf-8", newline="") as text:
        table = csv.DictWriter(text, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def test_the_kept_plants_are_what_the_generator_makes(small):
    """The same name gives the same bytes, here and wherever the files were written."""
    folder, *_ = small
    assert plant(INSTANCES[folder.name]).files() == files_of(folder)


def test_another_size_is_another_plant():
    """Chance is named by kind and size, so no two plants share their draws."""
    names = [f"{kind}-{size}" for kind in KINDS for size in SIZES[:2]]
    assert len({digest(plant(INSTANCES[name]).files()) for name in names}) == len(names)


def test_the_listed_hashes_are_those_of_the_plants():
    """What was planned elsewhere was this very plant."""
    rows = listed()
    for name in ("machining-500", "assembly-500", "process-500"):
        assert rows[name].hash == digest(plant(INSTANCES[name]).files())


def test_every_instance_is_listed_with_its_size():
    """The ladder is complete, and each plant has about the operations that its name says."""
    rows = listed()
    assert list(rows) == list(INSTANCES)
    for name, row in rows.items():
        assert int(row.operations) == pytest.approx(INSTANCES[name].size, rel=0.1)
        assert not row.gap or 0 <= float(row.gap) <= 1
        assert not row.best or float(row.best) >= float(row.bound)


def test_a_plant_is_read_without_faults(small):
    """Nothing that a reader of the tables would complain of."""
    _, factory, _ = small
    assert [fault.message for fault in factory.faults] == []


def test_the_counted_operations_are_those_of_a_plan(small):
    """The size that is listed is found without planning."""
    _, factory, plan = small
    assert operations_of(factory) == plan.operations.height


def test_a_small_plant_has_what_a_plant_has(root):
    """Holidays and people everywhere; changeovers, setters and tools; bills of four levels; ovens and limited waits."""
    machining, assembly, process = (read(root / "tests" / "data" / "plant" / f"{kind}-100") for kind in KINDS)
    assert all(len(one.shifts) and len(one.people) and len(one.calendar_exceptions) for one in (machining, assembly))
    assert len(machining.changeovers)
    assert len(machining.tools)
    assert len(machining.work_orders)
    assert machining.operations.frame["setup_crew"].sum() > 0
    assert levels(assembly) == 4
    assert len(assembly.purchases) + len(assembly.sources) > len(assembly.stock) > 0
    assert process.machines.frame["batch"].any()
    assert process.operations.frame["max_wait_minutes"].is_not_null().any()


def levels(factory):
    """Levels of made materials, the product itself included."""
    made = set(factory.operations.frame["material"])
    parts = [(row.material, row.component) for row in factory.components if row.component in made]

    def depth(item):
        return 1 + max((depth(part) for parent, part in parts if parent == item), default=0)

    return max(map(depth, made))


def test_a_plan_is_late_here_and_there_but_not_hopeless(small):
    """Dates are tight enough to be worth planning for, and not all of them can be missed."""
    _, _, plan = small
    late = plan.late_orders.height / plan.orders.height
    assert 0 < late < 0.75


def test_the_checker_agrees_with_the_planner(small, tmp_path):
    """A plan given as a bare table of operations has the value that the planner stated, and no breach."""
    _, factory, plan = small
    again = submitted(factory, operation_table(plan, tmp_path / "plan.csv"))
    assert check.breaches(factory, again) == []
    assert check.value_of(again) == pytest.approx(plan.value, abs=0.01)


def test_the_checker_reads_what_linewright_writes(small, tmp_path):
    """Both the document and the folder of a plan come to the same value."""
    _, factory, plan = small
    for name in ("plan.json", "folder"):
        write_plan(plan, tmp_path / name)
        again = submitted(factory, tmp_path / name)
        assert check.breaches(factory, again) == []
        assert check.value_of(again) == pytest.approx(plan.value, abs=0.01)


def test_the_checker_finds_an_operation_that_is_too_short(small, tmp_path):
    """Whoever ends an operation early is told so."""
    _, factory, plan = small

    def shorten(rows):
        rows[-1]["end"] = rows[-1]["start"]

    spoiled = submitted(factory, operation_table(plan, tmp_path / "plan.csv", shorten))
    assert any("working_time" in breach or "duration" in breach for breach in check.breaches(factory, spoiled))


def test_the_checker_finds_what_is_missing(small, tmp_path):
    """A plan without one of the operations is no plan."""
    _, factory, plan = small
    spoiled = submitted(factory, operation_table(plan, tmp_path / "plan.csv", lambda rows: rows.pop()))
    assert any("missing_operation" in breach for breach in check.breaches(factory, spoiled))


def test_an_order_may_not_be_given_up(small):
    """A reason excuses an order in a factory, not in the benchmark."""
    _, factory, plan = small
    first = pl.int_range(pl.len()) == 0
    given_up = plan.orders.with_columns(reason=pl.when(first).then(pl.lit("no time")).otherwise("reason"))
    found = check.breaches(factory, replace(plan, orders=given_up))
    assert any(breach.startswith("given_up") for breach in found)


def test_material_may_not_be_wished_for(small):
    """Neither assumed supply nor lots of bought material count."""
    _, factory, plan = small
    wished = plan.pegging.with_columns(supply_kind=pl.lit("assumed"))
    lots = plan.jobs.with_columns(material=pl.lit("SOMETHING BOUGHT"))
    found = list(check.rules_of_the_house(factory, replace(plan, pegging=wished, jobs=lots)))
    assert {breach.partition(":")[0] for breach in found} == {"assumed", "not_made"}


def test_a_better_plan_is_recorded_and_a_worse_one_is_not(small, tmp_path):
    """The list keeps the best value and the highest bound, whoever found them."""
    folder, _, plan = small
    path, name = tmp_path / "instances.csv", folder.name
    write_plan(plan, tmp_path / "plan.json")
    words = [name, str(tmp_path / "plan.json"), "--record", "a test", "--seconds", "1"]
    for best, found_by in ((plan.value + 5, "a test"), (plan.value - 5, "somebody")):
        write_list({name: Row(name, best=f"{best:.2f}", found_by="somebody")}, path)
        assert check.main(words, path) == 0
        assert listed(path)[name].found_by == found_by


def test_the_solver_writes_values_and_bounds(tmp_path):
    """One instance planned in a few rounds fills its row; the others stay blank."""
    path = tmp_path / "instances.csv"
    solve.solve(Instance("process", 100), Rounds(5), seed=0, cores=1, path=path)
    row = listed(path)["process-100"]
    assert float(row.best) >= float(row.bound) >= 0
    assert float(row.gap) == pytest.approx(1 - float(row.bound) / float(row.best), abs=1e-4)
    assert listed(path)["process-200"] == Row("process-200")


def test_draws_follow_their_quantiles():
    """Of many draws the measured share lies below each measured value."""
    pairs = everything()["machine_shop_2012"]["statistics"]["lot_size"]["quantiles"]
    chance = Chance(1)
    drawn = [chance.quantile(pairs) for _ in range(4000)]
    for level, value in pairs[1:-1]:
        assert sum(one <= value for one in drawn) / len(drawn) == pytest.approx(level, abs=0.03)


def test_a_machining_plant_is_like_the_measured_shop():
    """Steps, lots, run times, alternatives, unmanned steps and the mix agree with the log's statistics."""
    tables = plant(INSTANCES["machining-5000"]).tables
    operations, orders = pl.DataFrame(tables["operations"]), pl.DataFrame(tables["orders"], infer_schema_length=None)
    steps = operations.group_by("material").len()["len"]
    assert steps.mean() == pytest.approx(MACHINE_SHOP.value("steps_per_job"), rel=0.1)
    assert (operations["crew"] == 0).mean() == pytest.approx(MACHINE_SHOP.value("side_by_side_share"), abs=0.04)
    most_wanted = orders.group_by("material").len().sort("len", descending=True)["len"]
    top = most_wanted.head(round(0.1 * steps.len())).sum() / orders.height
    assert top == pytest.approx(dict(curve("machine_shop_2012", "parts"))[0.1], abs=0.06)
    runs = operations.join(orders, on="material").select(pl.col("run_minutes") * pl.col("quantity")).to_series()
    assert runs.median() == pytest.approx(MACHINE_SHOP_RUN, rel=0.35)


MACHINE_SHOP_RUN = dict(everything()["machine_shop_2012"]["statistics"]["run_minutes_per_step"]["quantiles"])[0.5]


def curve(source, name):
    """Points of a measured concentration."""
    return everything()[source]["statistics"][name]["curve"]


def test_an_assembly_plant_is_like_the_measured_makers():
    """Levels, steps, crews and what a person can do agree with the bicycle maker and the furniture factory."""
    tables = plant(INSTANCES["assembly-10000"]).tables
    operations, skills = pl.DataFrame(tables["operations"]), pl.DataFrame(tables["skills"])
    steps = operations.group_by("material").len()["len"]
    assert steps.mean() == pytest.approx(ADVENTUREWORKS.value("steps_per_routing"), rel=0.25)
    assert operations["crew"].mean() == pytest.approx(FREPPLE.value("crew"), abs=0.1)
    assert skills.group_by("person").len()["len"].mean() == pytest.approx(FREPPLE.value("skills_per_person"), rel=0.2)


def test_a_process_plant_is_like_the_measured_fab():
    """Lots come back to the same machines as often, and have as many steps in families and ovens."""
    operations = pl.DataFrame(plant(INSTANCES["process-10000"]).tables["operations"], infer_schema_length=None)
    visits = operations.group_by("material", "work_center").len()["len"]
    assert visits.mean() == pytest.approx(SMT2020.value("visits_per_family"), rel=0.35)
    ovens = operations["work_center"].str.starts_with("OVEN").mean()
    assert ovens == pytest.approx(SMT2020.value("oven_share"), abs=0.02)
    plain = operations.filter(~pl.col("work_center").str.starts_with("OVEN"))["fixed_minutes"]
    assert plain.mean() == pytest.approx(SMT2020.value("lot_minutes"), rel=0.2)


def test_the_statistics_are_measured(bench):
    """The file that the generator draws from is what the public sets give."""
    from benchmarks.plant.measure import STATISTICS, measured, text_of

    assert text_of(measured(bench("plants"))) == STATISTICS.read_text(encoding="utf-8")
