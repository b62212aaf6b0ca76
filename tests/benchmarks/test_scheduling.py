"""The benchmark beside PyJobShop: its clock, its check, its sampling, and the page that it writes."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import time
import types
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from benchmarks.scheduling import __main__ as command
from benchmarks.scheduling import families, peer
from benchmarks.scheduling.check import breaches, value_of
from benchmarks.scheduling.clock import BusiestThread, Watchdog, counts_cpu, thread_seconds
from benchmarks.scheduling.families import FAMILIES, OURS, PEER, RULE, Instance, sample
from benchmarks.scheduling.figure import gap_figure
from benchmarks.scheduling.page import BEGIN, END, rewritten, section
from benchmarks.scheduling.problem import Problem, Work
from benchmarks.scheduling.record import Record, Row
from benchmarks.scheduling.run import files_of, verdict
from benchmarks.scheduling.summary import gap_of, references_of, standing
from benchmarks.scheduling.translate import problem_of
from linewright import read

ROW = Row(
    family="jsp", group="ft", instance="ft06", operations=36, objective="makespan", program=OURS, budget_seconds=10.0,
    seed=0, outcome="plan", value=57.0, best_known=55.0, bound=47.0, late_orders=0, first_seconds=0.1, seconds=10.2,
    cpu_seconds=19.5, peak_mb=300.0, versions="linewright", machine="one", clock="busiest thread", date="2026-11-26",
)  # fmt: skip
THEIRS = replace(ROW, program=PEER, value=60.5)


@pytest.fixture
def tiny():
    """Two jobs of two steps on two machines; B/2 has a choice, and a worker is shared."""
    return Problem(
        operations=["A/1", "A/2", "B/1", "B/2"],
        job=["A", "A", "B", "B"],
        before=[[], [0], [], [2]],
        modes=[[("M1", "W1", 3)], [("M2", "", 2)], [("M2", "W1", 4)], [("M1", "", 5), ("M2", "", 6)]],
        family=["F", "F", "G", "G"],
        changeovers=[("M1", "F", "G", 2)],
        due={"A": 4, "B": 20},
        weight={"A": 3, "B": 1},
    )


GOOD = [Work("A/1", "M1", "W1", 0, 3), Work("A/2", "M2", "", 7, 9), Work("B/1", "M2", "W1", 3, 7),
        Work("B/2", "M1", "", 7, 12)]  # fmt: skip


def test_the_busiest_thread_of_each_tick_counts():
    """Two threads that work at once count once, and work that moves from thread to thread is added up."""
    spent = {1: 5.0, 2: 0.0}
    clock = BusiestThread(lambda: dict(spent))
    spent.update({1: 5.4, 2: 0.3})
    assert clock.tick() == pytest.approx(0.4)
    spent.update({2: 0.8, 3: 0.2})
    assert clock.tick() == pytest.approx(0.9)
    del spent[1], spent[2]
    spent[3] = 0.3
    assert clock.tick() == pytest.approx(1.0)


def test_the_clock_never_goes_back():
    """A thread that ends before its tick does takes nothing away from what was shown."""
    spent = {1: 0.0, 2: 0.0}
    clock = BusiestThread(lambda: dict(spent))
    spent.update({1: 1.0})
    assert clock.seconds() == pytest.approx(1.0)
    del spent[1]
    assert clock.tick() == pytest.approx(1.0)


@pytest.mark.skipif(not counts_cpu(), reason="this system does not tell the CPU time of a thread")
def test_work_is_counted_and_waiting_is_not():
    """What a thread works is seen from another one, and is no more than the process did."""
    everything, clock = time.process_time(), BusiestThread()

    def work():
        while time.thread_time() < 0.05:
            pass

    def seen():
        work()
        shown.append(clock.seconds())

    shown: list[float] = []
    worker = threading.Thread(target=seen)
    worker.start()
    worker.join()
    assert 0.045 <= shown[0] <= time.process_time() - everything
    assert threading.get_native_id() in thread_seconds()


def test_the_watchdog_waits_for_the_limit():
    """It acts at every tick from the limit on, and not before."""
    ticks = itertools.count()  # The watchdog's thread outlives the test and goes on reading.
    clock = BusiestThread(lambda: {1: float(next(ticks))})
    reached, early = threading.Event(), threading.Event()
    watchdog = Watchdog(clock)
    watchdog.act_from(1e6, early.set)
    watchdog.act_from(2.0, reached.set)
    assert reached.wait(60)
    assert not early.is_set()


def test_a_sample_is_spread_evenly_over_the_sizes():
    """The same instances each time, from the middle of each part; more than there are gives all."""
    listed = [Instance(group="g", name=f"i{size}", files=(), operations=size) for size in (9, 1, 8, 2, 7, 3, 6, 4, 5)]
    assert [instance.operations for instance in sample(listed, 3)] == [2, 5, 8]
    assert sample(listed[::-1], 3) == sample(listed, 3)
    assert [instance.operations for instance in sample(listed, 20)] == list(range(1, 10))


def test_every_family_finds_its_files(bench):
    """The shared folder has instances for each family, no instance is in one twice, and its files are there."""
    shared = bench("scheduling/index.csv").parents[1]
    for name, family in FAMILIES.items():
        found = family.find(shared)
        assert found or name == "generated", name
        assert len({(instance.group, instance.name) for instance in found}) == len(found), name
        assert all(file.exists() for instance in found for file in instance.files), name


def test_a_good_plan_passes_the_check(tiny):
    """Nothing is wrong with it; job A is five units late, each costing three."""
    assert breaches(tiny, GOOD) == []
    assert value_of(tiny, GOOD, "makespan") == 12
    assert value_of(tiny, GOOD, "cost") == 15


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (Work("B/2", "M1", "", 7, 11), "takes 4"),
        (Work("B/2", "M3", "", 7, 12), "on M3"),
        (Work("B/2", "M2", "", 6, 12), "before B/1 ends"),
        (Work("A/2", "M2", "", 6, 8), "M2: A/2 starts at 6"),
        (Work("B/1", "M2", "W1", 2, 6), "W1: B/1 starts at 2"),
        (Work("A/1", "M1", "W1", -1, 2), "takes 3"),
        (Work("C/1", "M1", "", 0, 3), "without"),
    ],
)
def test_the_check_finds_every_kind_of_breach(tiny, changed, told):
    """One operation is moved so that one rule breaks."""
    plan = [changed if changed.operation == work.operation else work for work in GOOD]
    found = breaches(tiny, plan if changed.operation != "C/1" else [*GOOD[1:], changed])
    assert any(told in words for words in found), found


def test_the_check_knows_changeovers(tiny):
    """Two units lie between the families on machine 1."""
    longer = replace(tiny, changeovers=[("", "F", "G", 5)])
    assert breaches(longer, GOOD) == ["M1: B/2 starts at 7, A/1 ends at 3, and 5 lie between them"]


def test_a_value_that_is_too_good_is_no_plan(tiny):
    """A plan below a published bound, or whose value is another one than it says, is called wrong."""
    instance = Instance(group="g", name="tiny", files=(), limit=13)
    answer = {"work": [vars(work) for work in GOOD], "value": 12}
    assert verdict(replace(instance, limit=12), tiny, answer) == "plan"
    assert "below the proven bound" in verdict(instance, tiny, answer)
    assert "not 11" in verdict(instance, tiny, answer | {"value": 11})


def test_the_problem_says_what_the_file_says(root, tmp_path):
    """Choices, workers, precedence, changeovers and due dates arrive; JSON keeps them."""
    classics = root / "tests" / "data" / "classics"
    found = {
        path.name: problem_of(read(path)) for path in classics.iterdir() if path.suffix in {".fjs", ".fjsw", ".txt"}
    }
    assert [len(modes) for modes in found["mk01.fjs"].modes[:3]] == [2, 3, 2]
    assert found["ft06.txt"].before[:3] == [[], [0], [1]]
    assert any(len(before) > 1 for before in found["dafjs01.txt"].before)
    assert {worker for modes in found["Fattahi2.fjsw"].modes for _, worker, _ in modes} > {"W1"}
    assert found["Fattahi_setup_02.fjs"].changeovers
    assert len(found["syn100x5s1.fjs"].due) == len(set(found["syn100x5s1.fjs"].job))
    for problem in found.values():
        problem.save(tmp_path / "problem.json")
        again = Problem.load(tmp_path / "problem.json")
        assert again.setups() == problem.setups()
        assert (again.operations, again.before, again.due) == (problem.operations, problem.before, problem.due)


def test_an_instance_alone_has_no_due_dates(root, tmp_path):
    """The copy of the file stands without the file of due dates and families beside it."""
    file = root / "tests" / "data" / "classics" / "syn100x5s1.fjs"
    copied = files_of(Instance(group="g", name="syn", files=(file,), alone=True), tmp_path)
    assert problem_of(read(*copied)).due == {}


def test_rows_come_back_as_they_were_recorded(tmp_path):
    """Numbers stay numbers, and what is not known stays unknown."""
    record = Record(tmp_path / "results")
    none = replace(ROW, program=PEER, outcome="no plan", value=None, bound=None, late_orders=None, proven=False)
    record.add(ROW)
    record.add(none)
    assert record.rows_of("jsp") == record.rows() == [ROW, none]
    record.replace("jsp", [none])
    assert record.rows() == [none]


def test_gaps_are_means_over_the_plans_there_are():
    """A program without a plan has no gap there, and the count says so."""
    other = replace(ROW, instance="ft10", value=940.0, best_known=930.0)
    rows = [ROW, THEIRS, other, replace(other, program=PEER, outcome="no plan", value=None)]
    references = references_of(rows, "best known")
    ours, theirs = standing(rows, references, OURS), standing(rows, references, PEER)
    assert ours is not None
    assert theirs is not None
    assert ours.gap == pytest.approx((2 / 55 + 10 / 930) / 2)
    assert (theirs.gap, theirs.without_plan) == (pytest.approx(5.5 / 55), 1)


def test_what_values_are_compared_with():
    """The better program where nothing is published; our bound; the rule; nothing above nothing."""
    rows = [replace(ROW, best_known=None), replace(THEIRS, best_known=None), replace(ROW, program=RULE, value=0.0)]
    assert references_of(rows[:2], "best known") == {"ft/ft06": 57.0}
    assert references_of(rows, "bound") == {"ft/ft06": 47.0}
    assert references_of(rows, "rule") == {"ft/ft06": 0.0}
    assert gap_of(ROW, 0.0) is None
    assert gap_of(replace(ROW, value=0.0), 0.0) == 0.0


def test_the_section_is_rewritten_in_its_place():
    """What stands before and after stays, and writing twice changes nothing."""
    page = rewritten("# Benchmarks\n\nBefore.\n", "first")
    assert page.count(BEGIN) == page.count(END) == 1
    again = rewritten(f"{page}\nAfter.\n", "second")
    assert "Before." in again
    assert again.endswith("\nAfter.\n")
    assert "first" not in again
    assert rewritten(again, "second") == again


def test_the_section_shows_both_programs_and_every_plant():
    """A line for each family; plants have their bound and late orders; a wrong plan is told."""
    plant = replace(ROW, family="plants", group="frePPLe", instance="jobshop", objective="cost", late_orders=4)
    none = replace(plant, instance="demo", outcome="NoAnswer: no room", value=None)
    text = section([ROW, replace(THEIRS, outcome="wrong: 1 breaches"), plant, none], "figure.svg")
    assert "| Job shops (ft, la, abz, orb, swv, yn, ta), 10 s | 1 | 3.64 |" in text
    assert "- PyJobShop on ft06: wrong: 1 breaches" in text
    assert "- linewright on demo: NoAnswer: no room" in text
    assert "| frePPLe: jobshop | 36 | cost | 57.0 | 55.0 | 47.0 | 17.54 | 4 |" in text


def test_the_figure_is_an_svg_for_light_and_dark():
    """It parses, has both marks for the family, and says for how many instances the peer has no plan."""
    none = replace(THEIRS, instance="ft10", outcome="no plan", value=None)
    drawn = gap_figure([ROW, THEIRS, none])
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert "prefers-color-scheme:dark" in drawn
    assert {"3.64 %", "10.00 %"} <= {node.text for node in ElementTree.fromstring(drawn).iter() if node.text}
    assert "0 and 1 of 2 without plan" in drawn


def test_the_command_records_and_writes(tmp_path, monkeypatch):
    """One bundled instance without the peer: a checked plan, its row, its table and its figure."""
    monkeypatch.setattr(command, "warm_up", lambda _: None)
    words = [
        "--sample",
        "1",
        "--seconds",
        "0.2",
        "--no-peer",
        "--results",
        str(tmp_path / "rows"),
        "--out",
        str(tmp_path),
    ]
    ended = CliRunner().invoke(command.main, words, catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    (row,) = Record(tmp_path / "rows").rows()
    assert (row.instance, row.program, row.outcome) == ("ft06", OURS, "plan"), row.outcome
    assert row.value is not None
    assert row.value >= 55
    assert row.peak_mb is not None
    assert row.peak_mb > 50
    assert "| ft06 | 1 |" in (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert ElementTree.parse(tmp_path / "benchmarks" / "scheduling.svg").getroot() is not None
    again = CliRunner().invoke(command.main, [*words, "--add"], catch_exceptions=False)
    assert "ft06" not in again.output


@pytest.mark.parametrize(
    ("solve", "told"),
    [
        ("lambda *_: all(number == 0 for number in iter(int, 1))", "no plan: not ready after"),
        ("lambda *_: bytearray(2**40)", "no plan: it needs more than 8 GB"),
        ("lambda *_: {}['plan']", "KeyError"),
    ],
)
@pytest.mark.skipif(not counts_cpu(), reason="memory is only limited on Linux")
def test_a_program_that_fails_leaves_an_answer(root, tmp_path, solve, told):
    """One that never ends, one that wants too much memory and one with a fault each say so in their answer."""
    script = (
        "import sys, types\nfrom pathlib import Path\nfrom benchmarks.scheduling import worker\n"
        "worker.ALLOWANCE_SECONDS = 0.05\nmodule = types.ModuleType('ours')\n"
        f"module.solve = {solve}\nsys.modules['benchmarks.scheduling.ours'] = module\n"
        "worker.main(Path('task.json'), Path('answer.json'))\n"
    )
    task = {"program": OURS, "seconds": 0.0, "memory_gb": 8.0}
    (tmp_path / "task.json").write_text(json.dumps(task), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    answer = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    assert told in answer["failure"]
    assert answer["peak_mb"] > 1


def test_unknown_families_are_refused():
    """The message lists what there is."""
    ended = CliRunner().invoke(command.main, ["--families", "jps", "--no-peer", "--page-only"])
    assert ended.exit_code == 2
    assert "jsp" in ended.output


def test_the_peer_plans_what_it_is_given(root, tmp_path):
    """PyJobShop's plan of a shop with changeovers passes the same check."""
    pytest.importorskip("pyjobshop", reason=f"PyJobShop is not installed: {peer.INSTALL}")
    file = root / "tests" / "data" / "classics" / "Fattahi_setup_02.fjs"
    problem = problem_of(read(file))
    problem.save(tmp_path / "problem.json")
    clock = BusiestThread()
    task = {"problem": tmp_path / "problem.json", "objective": "makespan", "seconds": 20.0, "seed": 0}
    answer = peer.solve(task, clock, Watchdog(clock))
    plan = [Work(**work) for work in answer["work"]]
    assert answer["proven"]
    assert breaches(problem, plan) == []
    assert value_of(problem, plan, "makespan") == answer["value"]


def test_the_plant_benchmark_is_found_when_it_is_there(tmp_path, monkeypatch):
    """Its list says what is known of each plant, and its own generator makes the files."""
    index = tmp_path / "instances.csv"
    assert families.generated(tmp_path, index) == []
    index.write_text("name,operations,best,bound\np-100,100,12.5,\n", encoding="utf-8")
    (found,) = families.generated(tmp_path, index)
    assert (found.name, found.operations, found.best_known, found.limit) == ("p-100", 100, 12.5, None)
    maker = types.ModuleType("benchmarks.plant.generate")
    maker.main = lambda names, out: (out / names[0]).mkdir()
    monkeypatch.setitem(sys.modules, "benchmarks.plant", types.ModuleType("benchmarks.plant"))
    monkeypatch.setitem(sys.modules, "benchmarks.plant.generate", maker)
    (made,) = files_of(found, tmp_path)
    assert made.is_dir()
