"""Run programs on instances, one process at a time, and check what they answer."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.scheduling import peer
from benchmarks.scheduling.check import breaches, value_of
from benchmarks.scheduling.clock import counts_cpu
from benchmarks.scheduling.families import BUNDLED, PEER, ROOT, RULE, Instance
from benchmarks.scheduling.problem import Problem, Work
from benchmarks.scheduling.record import Row
from benchmarks.scheduling.translate import problem_of
from linewright import __version__, read


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What each program is given for an instance."""

    seconds: float
    seed: int
    memory_gb: float


def run_instance(family: str, instance: Instance, programs: tuple[str, ...], budget: Budget) -> list[Row]:
    """A row for each program."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = files_of(instance, folder)
        problem = None
        if instance.classic:
            problem = problem_of(read(*files, reader=instance.reader, options=instance.options))
            problem.save(folder / "problem.json")
        return [
            row_of(family, instance, program, budget, answer_of(instance, files, program, budget, folder), problem)
            for program in programs
        ]


def files_of(instance: Instance, folder: Path) -> tuple[Path, ...]:
    """The files of an instance: as they are, or copies where nothing stands beside them, or a plant that is made."""
    if not instance.files:
        import_module("benchmarks.plant.generate").main([instance.name], folder)
        return (folder / instance.name,)
    if not instance.alone:
        return instance.files
    beside = folder / "alone"
    beside.mkdir()
    return tuple(Path(shutil.copy(file, beside)) for file in instance.files)


def answer_of(
    instance: Instance, files: tuple[Path, ...], program: str, budget: Budget, folder: Path
) -> dict[str, Any]:
    """What a program answers, in a process of its own."""
    task, answer = folder / "task.json", folder / "answer.json"
    answer.unlink(missing_ok=True)
    told = {
        "program": program, "files": [str(file.resolve()) for file in files], "reader": instance.reader,
        "options": dict(instance.options), "objective": instance.objective, "classic": instance.classic,
        "problem": str(folder / "problem.json"), "seconds": budget.seconds, "seed": budget.seed,
        "memory_gb": budget.memory_gb,
    }  # fmt: skip
    task.write_text(json.dumps(told), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.scheduling.worker", str(task), str(answer)]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    if answer.exists():
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found
    last = ended.stderr.strip().rpartition("\n")[2] or "nothing was said"
    return {"failure": f"no plan: the process ended with {ended.returncode}: {last}"}


def warm_up(budget: Budget) -> None:
    """Compile the kernels where they are not compiled yet, so that no recorded run pays for it in time or memory."""
    first = Instance(group="", name="ft06", files=(BUNDLED / "classics" / "ft06.txt",), reader="classics")
    with tempfile.TemporaryDirectory() as made:
        answer = answer_of(first, first.files, RULE, budget, Path(made))
    if "failure" in answer:
        raise RuntimeError(answer["failure"])


def row_of(
    family: str, instance: Instance, program: str, budget: Budget, answer: dict[str, Any], problem: Problem | None
) -> Row:
    """The row of an answer, whose plan is checked."""
    outcome = answer.get("failure") or "plan"
    if outcome == "plan":
        outcome = verdict(instance, problem, answer)
    measured = ("bound", "late_orders", "first_seconds", "seconds", "cpu_seconds", "peak_mb")
    return Row(
        family=family,
        group=instance.group,
        instance=instance.name,
        operations=answer.get("operations") or instance.operations,
        objective=answer.get("objective") or instance.objective,
        program=program,
        budget_seconds=budget.seconds,
        seed=budget.seed,
        outcome=outcome,
        value=answer.get("value"),
        best_known=instance.best_known,
        proven=bool(answer.get("proven")),
        parts=answer.get("parts") or "",
        **{name: answer.get(name) for name in measured},
        versions=peer.versions() if program == PEER else versions(),
        machine=machine(),
        clock="busiest thread" if counts_cpu() else "wall",
        date=f"{datetime.now(UTC):%Y-%m-%d}",
    )


def verdict(instance: Instance, problem: Problem | None, answer: dict[str, Any]) -> str:
    """``plan``, or what is wrong with it; plants were verified by `schedule` and have no second check."""
    if problem is not None:
        plan = [Work(**work) for work in answer["work"]]
        found = breaches(problem, plan)
        if found:
            return f"wrong: {len(found)} breaches, such as {found[0]}"
        value = value_of(problem, plan, instance.objective)
        if abs(value - answer["value"]) > 0.01:
            return f"wrong: the plan's value is {value}, not {answer['value']:g}"
    if instance.limit is not None and answer["value"] < instance.limit - 0.01:
        return f"wrong: {answer['value']:g} is below the proven bound {instance.limit:g}"
    return "plan"


def versions() -> str:
    """The versions that matter to our figures."""
    named = f"Numba {version('numba')}, OR-Tools {version('ortools')}"
    command = ["git", "-C", str(ROOT), "describe", "--always", "--exclude", "*"]
    git = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return f"linewright {__version__}{f' ({git})' if git else ''}, {named}, Python {platform.python_version()}"


def machine() -> str:
    """The processor, its cores and the memory."""
    name, info = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    memory = f", {memory_gb():.0f} GB" if memory_gb() else ""
    return f"{name}, {os.cpu_count()} cores{memory}, {platform.system()}"


def memory_gb() -> float:
    """Memory of this machine; 0 where it is not told."""
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return 0.0
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
