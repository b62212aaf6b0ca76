"""The cover page of a workspace: ``linewright.toml``, for people and for programs that only look in."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linewright.errors import SourceError
from linewright.io.atomic import whole_file
from linewright.model.factory import Factory

COVER, DATABASE = "linewright.toml", "linewright.db"

#: The version of the tables. Raise it when a stored table changes, and add the step that brings older ones up.
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file that a factory was read from: where it was, what was in it (SHA-256), and which reader read it how."""

    file: str
    sha256: str
    reader: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def source_files(files: Iterable[Path], reader: str = "", options: Mapping[str, str] | None = None) -> list[SourceFile]:
    """Describe files, and the files in folders, as they are now.

    Parameters
    ----------
    files
        What was read.
    reader
        The name of the reader that read them; blank means the one that recognises each.
    options
        What that reader was told.

    Raises
    ------
    SourceError
        A file cannot be read.
    """
    return [
        SourceFile(file=str(path.resolve()), sha256=_sha256(path), reader=name, options=dict(options or {}))
        for given, name in ((given, reader or _recogniser(given)) for given in files)
        for path in (sorted(given.iterdir()) if given.is_dir() else [given])
        if path.is_file() and not path.name.startswith((".", "~$"))
    ]


def write_cover(folder: Path, factory: Factory, sources: Sequence[SourceFile]) -> None:
    """Write the cover page; it appears whole or not at all."""
    settings = factory.settings
    lines = [
        "# A linewright workspace. The factory and its results are in linewright.db; this page says what they are.",
        f"name = {_text(settings.name)}",
        f"timezone = {_text(settings.timezone)}",
        f"currency = {_text(settings.currency)}",
        f"schema = {VERSION}",
    ]
    for source in sources:
        lines += ["", "[[sources]]", f"file = {_text(source.file)}", f'sha256 = "{source.sha256}"']
        lines += [f"reader = {_text(source.reader)}"] if source.reader else []
        options = ", ".join(f"{_text(name)} = {_text(value)}" for name, value in source.options.items())
        lines += [f"options = {{ {options} }}"] if options else []
    with whole_file(folder / COVER) as draft:
        draft.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_cover(folder: Path) -> dict[str, Any]:
    """Read the cover page, and refuse a workspace that this version cannot open.

    Raises
    ------
    SourceError
        The folder is no workspace, its cover is damaged, or a newer linewright made it.
    """
    path = folder / COVER
    try:
        cover = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{folder}: is not a workspace (it has no {COVER}) — make one with: linewright open FILES"
        raise SourceError(message) from error
    except (OSError, ValueError) as error:
        message = f"{path}: cannot be read ({error}) — correct it, or open the original files again"
        raise SourceError(message) from error
    refuse_newer(folder, cover.get("schema"))
    return cover


def refuse_newer(folder: Path, version: object) -> None:
    """Refuse tables of a later version, which this one would misread.

    Raises
    ------
    SourceError
        They are of a later version, or of none.
    """
    if not isinstance(version, int) or isinstance(version, bool):
        message = f"{folder}: the version of its tables ({version!r}) is not a number — take {COVER} from a backup"
        raise SourceError(message)
    if version > VERSION:
        message = (
            f"{folder}: was made by a newer linewright (tables of version {version}, this one knows {VERSION}) "
            f"— update linewright, or open the original files with this one"
        )
        raise SourceError(message)


def _recogniser(path: Path) -> str:
    from linewright.io.read import readers

    return next((reader.name for reader in readers() if reader.recognises([path])), "")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}) — check that the file is there and readable"
        raise SourceError(message) from error


def _text(value: str) -> str:
    """Write a TOML string, whose escapes are those of JSON but for one."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
