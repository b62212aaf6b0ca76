"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from linewright.errors import SourceError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to; it takes the place of `path` when all went well.

    Raises
    ------
    SourceError
        The file cannot be written or replaced, for example because another program has it open.
    """
    draft = path.with_name(f".{path.stem}-{token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        _sync(draft)
        draft.replace(path)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        # Where the folder could not be made there is no draft either; that must not hide the reason.
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder beside `path` to fill; it becomes `path` when all went well.

    Raises
    ------
    SourceError
        There is something at `path` already (an empty folder is taken), or it cannot be written.
    """
    if path.is_symlink() or path.is_file() or (path.is_dir() and any(path.iterdir())):
        message = f"{path}: is there already — choose another name, or move it away"
        raise SourceError(message)
    draft = path.with_name(f".{path.name}-{token_hex(4)}")
    try:
        draft.mkdir(parents=True)
        yield draft
        for file in draft.rglob("*"):
            _sync(file)
        if path.is_dir():
            path.rmdir()
        draft.replace(path)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _sync(path: Path) -> None:
    """Have the disk confirm a file before its name is given away, so that a power cut cannot leave it empty."""
    if path.is_file():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _not_written(path: Path, error: OSError) -> SourceError:
    reason = error.strerror or str(error)
    return SourceError(f"{path}: cannot be written ({reason}) — close it in other programs, or choose another place")
