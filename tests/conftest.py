"""What every test may ask for."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Ctrl-C counts, also where the tests were started in the background and it is ignored from then on."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command line; gives its exit code and what it printed."""
    from linewright.app import cli

    def call(*words: object) -> tuple[int, str, str]:
        code = cli.run([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of this checkout."""
    return ROOT


@pytest.fixture(scope="session")
def bench() -> Callable[[str], Path]:
    """Find shared public data by its path, or skip the test with a reason.

    The data lies in the folder named by LINEWRIGHT_BENCH, else in ``shared/bench`` beside this checkout.
    """
    folder = Path(os.environ.get("LINEWRIGHT_BENCH") or ROOT.parent / "shared" / "bench")

    def find(path: str) -> Path:
        found = folder / path
        if not found.exists():
            pytest.skip(f"the shared data is not here: {path} (set LINEWRIGHT_BENCH to its folder)")
        return found

    return find
