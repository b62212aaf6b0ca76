"""The habits of the house that a machine can check."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "linewright"
MODULES = sorted(SOURCE.rglob("*.py"))

#: Whom each folder may import, beside itself. Features are the folders that are not named here.
MAY_IMPORT = {
    "errors": set(),
    "model": {"errors"},
    "shop": {"errors", "model"},
    "io": {"errors", "model"},
    "kit": {"errors", "model"},
}
FEATURE_MAY_IMPORT = {"errors", "model", "shop"}
DOOR_MAY_IMPORT = FEATURE_MAY_IMPORT | {"io", "kit"}
DOORS = {"cli.py", "web.py", "feature.py"}
#: Folders of doors, for features with several commands: what they parse and call, and how results are shown.
DOOR_FOLDERS = {"cli", "show"}
FEATURES = sorted(path.parent.name for path in SOURCE.glob("*/feature.py") if path.parent.name != "kit")

#: What the model and the compiled shop must not know: solvers, toolkits, file formats, screens.
TOOLKITS = {
    "click", "fastexcel", "highspy", "numba", "openpyxl", "ortools", "rich", "scipy", "sqlalchemy", "xlsxwriter",
}  # fmt: skip

#: Files that may be longer than 500 lines, each with its reason.
LONG = {}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "linewright":
                yield from (f"linewright.{alias.name}" for alias in node.names if not alias.name.startswith("_"))


def is_door(path: Path) -> bool:
    """Whether a file of a feature parses and shows, so that it may know files and screens."""
    return path.name in DOORS or (len(path.parts) > 2 and path.parent.name in DOOR_FOLDERS)


def room(module: str) -> str:
    """The folder of the house in which a module lives."""
    return module.split(".")[1] if "." in module else ""


def tracked() -> list[Path]:
    """Every file that belongs to the project."""
    git = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if git.returncode != 0:
        pytest.skip("this is no git checkout")
    return [path for name in git.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_every_room_imports_only_the_rooms_below_it():
    """Layers: errors < model < shop < features < app; io and kit beside the features."""
    wrong = []
    for path in MODULES:
        home = room(".".join(("linewright", *path.relative_to(SOURCE).with_suffix("").parts)))
        if home in {"app", "__init__", "__main__"}:
            continue
        allowed = MAY_IMPORT.get(home, DOOR_MAY_IMPORT if is_door(path) else FEATURE_MAY_IMPORT) | {home}
        wrong += [
            f"{path.relative_to(ROOT)} imports {name}"
            for name in imports(path)
            if name.startswith("linewright.") and room(name) not in allowed
        ]
    assert wrong == []


def test_model_and_shop_know_no_toolkit():
    """The model uses Polars and NumPy only; the shop may also compile its kernels."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        for name in imports(path)
        if name.partition(".")[0] in TOOLKITS - ({"numba"} if "shop" in path.parts else set())
        and path.relative_to(SOURCE).parts[0] in {"model", "shop", "errors.py"}
    ]
    assert wrong == []


def test_modules_do_not_import_each_other_in_circles():
    """At run time, whatever is imported has never to wait for its importer."""
    graph = {}
    for path in MODULES:
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        graph[name] = {found for found in top_level_imports(path) if found.startswith("linewright")}
    assert circles(graph) == []


def top_level_imports(path: Path) -> Iterator[str]:
    """The modules that a file imports while it is itself being imported; `from package import module` names both."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name for name in names if is_module(name)]
            # Only the submodule is needed when every name is one.
            yield from modules if len(modules) == len(names) else [node.module, *modules]


def is_module(name: str) -> bool:
    """Whether a dotted name is a file or folder of the source."""
    path = SOURCE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def circles(graph: dict[str, set[str]]) -> list[str]:
    """The modules that remain when those without open imports are taken away, again and again."""
    left = {name: found & graph.keys() for name, found in graph.items()}
    while free := [name for name, found in left.items() if not found & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


@pytest.mark.parametrize("folder", ["src", "tests", "docs", "examples", "benchmarks"])
def test_files_stay_short(folder):
    """No source file has more than 500 lines, but for those listed with a reason."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long.keys() <= LONG.keys(), long


def test_every_source_file_says_what_it_is():
    """Each module opens with a docstring, and each package that holds nothing may stay empty."""
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if (tree := ast.parse(path.read_text(encoding="utf-8"))).body and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_every_test_opens_with_a_sentence():
    """The first line of a test says in plain words what must be true."""
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_file_knows_the_machine_it_was_written_on():
    """No tracked text names a folder of one machine, a package index or a home directory."""
    telling = re.compile(rb"/(?:work|root|home/\w+|opt/\w+|Users/\w+)/|find-links|index-url|C:\\\\Users")
    own = {"test_architecture.py", "CONTRIBUTING.md"}
    suffixes = {".py", ".md", ".toml", ".lock", ".sh", ".svg", ".out", ".yml", ""}
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group().decode()}"
        for path in tracked()
        if path.suffix in suffixes and path.name not in own and (found := telling.search(path.read_bytes()))
    ]
    assert wrong == []


@pytest.mark.parametrize("feature", FEATURES)
def test_a_deleted_feature_leaves_a_working_product(feature, tmp_path):
    """Without a feature's folder its commands are missing, and the others work."""
    shutil.copytree(SOURCE, tmp_path / "linewright", ignore=shutil.ignore_patterns(feature, "__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}

    def linewright(*arguments):
        command = [sys.executable, "-W", "error", "-m", "linewright", *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    told = linewright("--help")
    assert told.returncode == 0, told.stderr
    assert told.stderr == ""
    assert "check" in told.stdout
    assert f"\n  {feature} " not in told.stdout
    assert linewright(feature).returncode == 2

    made = linewright("new", "plant", "--template", "job-shop")
    assert made.returncode == 0, made.stderr
    found = linewright("check", "plant", "--json")
    assert found.returncode == 0, found.stdout + found.stderr


def test_help_loads_nothing_heavy():
    """Listing the verbs imports no table, array, solver or file library, so that it starts at once."""
    script = (
        "import sys\n"
        "from linewright.app.cli import run\n"
        "assert run(['--help']) == 0\n"
        "print('loaded:', sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout.rpartition("loaded: ")[2]))
    heavy = {"fastexcel", "numba", "numpy", "ortools", "pandas", "polars", "rich", "sqlalchemy", "xlsxwriter"}
    assert loaded & heavy == set()
