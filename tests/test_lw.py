"""The two set-up scripts, run for real against a small checkout with a stand-in for the installer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")

# Does what `uv pip install` would, as far as these tests can see: it notes the call and installs a tiny linewright.
UV = """#!/bin/sh
echo "$*" >> "$NOTES"
case "$*" in
*--version*) exit 0 ;;
*--editable*)
    for site in .venv/lib/python3*/site-packages; do
        mkdir -p "$site/linewright"
        echo 'import sys; print("ran", sys.argv[1:])' > "$site/linewright/__main__.py"
    done ;;
esac
exit "${UV_FAILS:-0}"
"""


@pytest.fixture
def checkout(tmp_path):
    """A checkout in a folder whose name has a space, with `uv` on the path and an empty home."""
    home = tmp_path / "my factory"
    (home / "src").mkdir(parents=True)
    for name in ("lw", "lw.py", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, home / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    script(programs / "uv", UV.replace(".venv/", f'"{home}"/.venv/'))
    (programs / "python3").symlink_to(sys.executable)
    (tmp_path / "empty").mkdir()
    return home


def script(path, text):
    """Write a program."""
    path.write_text(text)
    path.chmod(0o755)


def lw(home, *arguments, **more):
    """Run ./lw from another folder."""
    programs, notes = home.parent / "programs", home.parent / "notes"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    path = os.pathsep.join((str(programs), "/usr/bin", "/bin"))
    environment = {**kept, "PATH": path, "HOME": str(home.parent / "empty"), "NOTES": str(notes), **more}
    command = [str(home / "lw"), *arguments]
    done = subprocess.run(command, env=environment, cwd=programs, capture_output=True, text=True, check=False)
    calls = [line for line in notes.read_text().splitlines() if "install" in line] if notes.exists() else []
    return done, calls


def test_the_first_run_sets_up_and_the_next_only_runs(checkout):
    """Packages are installed once, with their hashes, and arguments arrive as they were typed."""
    first, calls = lw(checkout, "open", "my orders.xlsx")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "ran ['open', 'my orders.xlsx']\n"
    assert ["--require-hashes" in call for call in calls] == [True, False]

    second, calls_after = lw(checkout, "plan")
    assert second.stdout == "ran ['plan']\n"
    assert second.stderr == ""
    assert calls_after == calls


def test_compiling_is_part_of_the_set_up(checkout):
    """The kernels are compiled again when one of them changes, and only then."""
    source = checkout / "src" / "kernel.py"
    lw(checkout, "plan")
    source.write_text("from linewright.shop.kernels import kernel\n\n\n@kernel\ndef pass_over(): ...\n")

    changed, _ = lw(checkout, "plan")
    assert "ran ['warm']" in changed.stderr
    assert "warm" not in lw(checkout, "plan")[0].stderr


def test_a_failed_set_up_leaves_nothing(checkout):
    """When a package cannot be installed there is no environment, and the next run starts afresh."""
    failed, _ = lw(checkout, "demo", UV_FAILS="1")
    assert failed.returncode == 69
    assert "Installing the packages failed" in failed.stderr
    assert not (checkout / ".venv").exists()
    assert lw(checkout, "demo")[0].returncode == 0


def test_a_killed_set_up_is_begun_again(checkout):
    """An environment that carries the mark of an unfinished set-up is thrown away."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (checkout / ".venv" / "lw-half-made").touch()
    done, calls = lw(checkout, "plan")
    assert done.stdout == "ran ['plan']\n"
    assert len(calls) == 2
    assert not (checkout / ".venv" / "lw-half-made").exists()


def test_two_at_once_set_up_once(checkout):
    """The second run waits for the first one's set-up."""
    slow = (checkout.parent / "programs" / "uv").read_text().replace("#!/bin/sh", "#!/bin/sh\nsleep 0.3")
    script(checkout.parent / "programs" / "uv", slow)
    notes = checkout.parent / "notes"
    environment = {**os.environ, "NOTES": str(notes)}
    environment["PATH"] = f"{checkout.parent / 'programs'}:/usr/bin:/bin"
    command = [str(checkout / "lw"), "plan"]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in "ab"
    ]
    assert [process.communicate()[0] for process in running] == [b"ran ['plan']\n"] * 2
    assert notes.read_text().count("--require-hashes") == 1


def test_a_moved_checkout_is_set_up_again(checkout):
    """An environment knows its own place, so a moved one is renewed."""
    lw(checkout, "plan")
    moved = checkout.rename(checkout.parent / "moved")
    uv = checkout.parent / "programs" / "uv"
    script(uv, uv.read_text().replace(str(checkout), str(moved)))
    done, calls = lw(moved, "plan")
    assert done.stdout == "ran ['plan']\n"
    assert len(calls) == 4


def test_an_old_python_is_told_so(checkout):
    """Without a Python that fits, one line says which is needed and how to get it."""
    programs = checkout.parent / "programs"
    (programs / "python3").unlink()
    script(programs / "python3", '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    for name in ("dirname", "readlink", "sh"):
        (programs / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        [str(checkout / "lw"), "demo"],
        env={"PATH": str(programs), "NOTES": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 69
    assert "needs Python 3.11 to 3.14, and found Python 3.9.2" in done.stderr
    assert "sudo apt install python3 python3-venv" in done.stderr


def test_a_missing_venv_package_has_a_cure_of_one_line(checkout):
    """On Debian Python comes without ensurepip; the message names the package, and nothing is left behind."""
    (checkout.parent / "programs" / "uv").unlink()
    # The environment's own Python is asked for ensurepip; a module that cannot be imported stands in for none.
    hidden = "import sys; sys.modules['ensurepip'] = None"
    set_up = (checkout / "lw.py").read_text()
    making = '"--without-pip", str(VENV)], "Making the environment failed.")'
    assert making in set_up
    hide = f"{making}\n            next(VENV.glob('**/site-packages')).joinpath('hide.pth').write_text({hidden!r})"
    (checkout / "lw.py").write_text(set_up.replace(making, hide))

    done, _ = lw(checkout, "demo")
    assert done.returncode == 69
    assert "sudo apt install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv").exists()
