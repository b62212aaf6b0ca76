"""Read a factory from whatever files there are: the first reader that recognises them reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from linewright.errors import SourceError

if TYPE_CHECKING:
    from linewright.io.reader import Reader
    from linewright.model.factory import Factory
    from linewright.model.raw import RawFactory

#: Every reader as ``module:class``; the first that recognises the files wins.
READERS = (
    "linewright.io.workspace:WorkspaceReader",
    "linewright.io.workbook:WorkbookReader",
    "linewright.io.csv_folder:CsvReader",
    "linewright.io.parquet_folder:ParquetReader",
    "linewright.io.adventureworks:AdventureWorksReader",
    "linewright.io.frepple:FreppleReader",
    "linewright.io.machine_shop:MachineShopReader",
    "linewright.io.classics:ClassicReader",
)


def read(*files: str | PathLike[str], reader: str | None = None, options: Mapping[str, str] | None = None) -> Factory:
    """Read files or folders, check them, and make a factory of what is good.

    Parameters
    ----------
    files
        Workbooks, folders, single files or a workspace; several together make one factory.
    reader
        The name of a reader, such as ``csv``, instead of recognising the files.
    options
        What that reader should know, by name.

    Raises
    ------
    SourceError
        A file is missing, or no reader knows it.

    Examples
    --------
    ``read("plant.xlsx")``, ``read("orders.csv", "routing.xlsx")``, ``read("mk01.fjs", reader="classics")``
    """
    from linewright.io.workspace import Workspace, is_workspace
    from linewright.model.intake import assemble

    paths = [Path(file) for file in files]
    if reader in {None, "workspace"} and len(paths) == 1 and is_workspace(paths[0]) and not options:
        # Its rows were checked when they were opened, and the faults of that time are kept with them.
        return Workspace(paths[0]).factory()
    return assemble(read_raw(paths, reader=reader, options=options or {}))


def read_raw(files: Sequence[Path], *, reader: str | None, options: Mapping[str, str]) -> RawFactory:
    """Read files as they are, without checking them.

    Raises
    ------
    SourceError
        A file is missing, or no reader knows it.
    """
    _refuse_missing(files)
    if reader is not None:
        return _named(reader).read(files, options)
    for known in readers():
        if known.recognises(files):
            return known.read(files, options)
    if len(files) > 1:
        return _mixed(files, options)
    raise SourceError(_unknown(files))


def readers() -> Iterator[Reader]:
    """Every reader that is installed, in the order in which they are asked."""
    for entry in READERS:
        module, _, name = entry.partition(":")
        # As with features, a format whose file was deleted is a format less, and no error.
        if find_spec(module) is not None:
            made: Reader = getattr(import_module(module), name)()
            yield made


def _mixed(files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
    """Read files of several kinds, each by its own reader, into one."""
    from linewright.model.raw import RawFactory

    groups: dict[str, tuple[Reader, list[Path]]] = {}
    for file in files:
        known = next((known for known in readers() if known.recognises([file])), None)
        if known is None:
            raise SourceError(_unknown([file]))
        groups.setdefault(known.name, (known, []))[1].append(file)
    taken = {name for known, _ in groups.values() for name in known.options}
    found = [
        known.read(some, {name: text for name, text in options.items() if name in known.options or name not in taken})
        for known, some in groups.values()
    ]
    return RawFactory(
        tables=tuple(table for raw in found for table in raw.tables),
        faults=tuple(fault for raw in found for fault in raw.faults),
        assumptions=tuple(dict.fromkeys(said for raw in found for said in raw.assumptions)),
        notes={name: note for raw in found for name, note in raw.notes.items()},
    )


def _named(name: str) -> Reader:
    known = {reader.name: reader for reader in readers()}
    if name not in known:
        message = f"there is no reader {name} — choose one of {', '.join(known)}"
        raise SourceError(message)
    return known[name]


def _refuse_missing(files: Sequence[Path]) -> None:
    if not files:
        message = "there is nothing to read — name a file or folder"
        raise SourceError(message)
    for file in files:
        if not file.exists():
            near = f"; did you mean {_near(file)}?" if _near(file) else ""
            message = f"{file}: there is no such file or folder{near} — check the name"
            raise SourceError(message)


def _near(file: Path) -> str:
    from difflib import get_close_matches

    if not file.parent.is_dir():
        return ""
    near = get_close_matches(file.name, [other.name for other in file.parent.iterdir()], n=1)
    return near[0] if near else ""


def _unknown(files: Sequence[Path]) -> str:
    names = ", ".join(str(file) for file in files)
    looked_for = "\n".join(f"  {reader.name}: {reader.title}" for reader in readers())
    return f"{names}: not a kind of file that linewright knows — it looked for\n{looked_for}"
