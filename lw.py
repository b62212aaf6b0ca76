"""linewright in one command, for every system: ``py lw.py demo``, ``py lw.py test``, ``py lw.py anything``.

The first run sets up ``.venv`` beside this file from `requirements.lock`, every package checked by its hash, and
compiles the planner. Later runs only compare a stamp. Nothing but Python's own library is used here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent
VENV = HOME / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = HOME / "requirements.lock"
HALF_MADE = VENV / "lw-half-made"
PACKAGES, KERNELS = VENV / "lw-packages", VENV / "lw-kernels"
UNAVAILABLE, INTERRUPTED = 69, 130

VENV_CURE = "python3-venv is missing. Install it and try again: sudo apt install python3-venv"


class SetUpError(Exception):
    """Setting up failed; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Set up when needed, then run linewright or its tests with these arguments."""
    try:
        if not is_ready():
            with only_one():
                set_up()
    except SetUpError as problem:
        say(str(problem))
        return UNAVAILABLE
    except OSError as problem:
        say(f"{problem.strerror}: {problem.filename}. Setting up needs to write into {HOME}.")
        return UNAVAILABLE
    except KeyboardInterrupt:
        say("interrupted; the next run sets up again.")
        return INTERRUPTED
    if arguments[:1] == ["test"]:
        os.chdir(HOME)
        return become([str(PYTHON), "-P", "-m", "pytest", "-n", "2", *arguments[1:]])
    return become([str(PYTHON), "-P", "-m", "linewright", *arguments])


def is_ready() -> bool:
    """Whether packages and compiled kernels are those that this checkout asks for."""
    return not HALF_MADE.exists() and read(PACKAGES) == packages_stamp() and read(KERNELS) == kernels_stamp()


def set_up() -> None:
    """Install what is missing and compile what has changed."""
    if HALF_MADE.exists() or not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    if HALF_MADE.exists():
        raise SetUpError(f"{VENV} is half-made and cannot be removed. Delete it by hand and try again.")
    if read(PACKAGES) != packages_stamp():
        install()
    if read(KERNELS) != kernels_stamp():
        compile_kernels()


def install() -> None:
    """Make the environment and install every locked package, or leave nothing behind."""
    fresh = not VENV.exists()
    VENV.mkdir(exist_ok=True)
    # A kill leaves this mark, and the next run starts again from nothing.
    HALF_MADE.touch()
    try:
        if fresh:
            say("setting up once, in .venv: a few minutes, 1 GB.")
            run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "Making the environment failed.")
        uv = find_uv()
        say("installing the packages of requirements.lock.")
        target = ["--quiet", "--python", str(PYTHON)]
        cure = "Installing the packages failed; the lines above say why. Is the network there?"
        run([*uv, "pip", "install", *target, "--require-hashes", "-r", str(LOCK)], cure)
        itself = ["--no-deps", "--no-build-isolation", "--editable", str(HOME)]
        run([*uv, "pip", "install", *target, *itself], "Installing linewright itself failed.")
        write(PACKAGES, packages_stamp())
        HALF_MADE.unlink()
    except SetUpError:
        # An older environment is still whole: the installer had not begun, or the next run lets it finish.
        shutil.rmtree(VENV, ignore_errors=True) if fresh else HALF_MADE.unlink()
        raise
    except BaseException:
        if fresh:
            shutil.rmtree(VENV, ignore_errors=True)
        raise


def find_uv() -> list[str]:
    """The uv that is on the path, else one that pip brings into the environment, checked by its hash."""
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
        return [found]
    if not (VENV / "uv.txt").exists():
        run([str(PYTHON), "-c", "import ensurepip"], VENV_CURE, quiet=True)
        run([str(PYTHON), "-m", "ensurepip"], VENV_CURE, quiet=True)
        (VENV / "uv.txt").write_text(locked("uv"), encoding="utf-8")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*command, "-r", str(VENV / "uv.txt")], "Installing uv failed; the lines above say why. Is the network there?")
    return [str(PYTHON), "-m", "uv"]


def locked(package: str) -> str:
    """The lines of the lock that pin one package."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{package}=="))
    last = next(number for number in range(first, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[first : last + 1]) + "\n"


def compile_kernels() -> None:
    """Pay for the compilers once, here, so that the first plan does not."""
    stamp = kernels_stamp()
    run([str(PYTHON), "-P", "-m", "linewright", "warm"], "Compiling the planner failed; the lines above say why.")
    write(KERNELS, stamp)


def packages_stamp() -> str:
    """A hash of everything that decides what is installed, and where."""
    digest = hashlib.sha256(str(HOME).encode())
    for path in (LOCK, HOME / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def kernels_stamp() -> str:
    """A hash of every source file that is compiled."""
    digest = hashlib.sha256(packages_stamp().encode())
    for path in sorted((HOME / "src").rglob("*.py")):
        source = path.read_bytes()
        if b"kernel\ndef " in source:
            digest.update(source)
    return digest.hexdigest()


@contextlib.contextmanager
def only_one():  # noqa: ANN201 - an iterator that never leaves this file
    """Let one set-up run at a time; the others wait. The system frees the lock of a process that dies."""
    with (HOME / ".venv.lock").open("a+b") as file:
        waiting = False
        while not try_lock(file.fileno()):
            if not waiting:
                say("another set-up is running; waiting for it.")
            waiting = True
            time.sleep(0.5)
        yield


def try_lock(number: int) -> bool:
    """Take the lock of an open file if it is free."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def run(command: list[str], cure: str, *, quiet: bool = False) -> None:
    """Run one step of the set-up; its output goes to the error stream, so that results stay alone on the other."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    if subprocess.run(command, env=environment(), stdout=output, stderr=output, check=False).returncode != 0:
        raise SetUpError(cure)


def become(command: list[str]) -> int:
    """Run the command in this process's place, or beside it where the system cannot."""
    if os.name == "nt":
        return subprocess.run(command, env=environment(), check=False).returncode
    sys.stdout.flush()
    os.execve(command[0], command, environment())


def environment() -> dict[str, str]:
    """The caller's environment without what would mix another Python into ours, or make it read every source anew."""
    left_out = {"PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in left_out}


def read(path: Path) -> str:
    """The text of a small file, empty when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def write(path: Path, text: str) -> None:
    """Write a small file in one step."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def say(sentence: str) -> None:
    """Tell the user what happens."""
    print(f"linewright: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if not (3, 11) <= sys.version_info[:2] <= (3, 14):
        sys.exit("linewright needs Python 3.11 to 3.14; this is " + sys.version.split()[0])
    sys.exit(main(sys.argv[1:]))
