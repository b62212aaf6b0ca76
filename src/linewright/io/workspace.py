"""A workspace: the folder in which linewright keeps one factory, where it came from, and all its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from linewright.errors import SourceError
from linewright.io.atomic import whole_folder
from linewright.io.raw_tables import only_known
from linewright.io.store import cover
from linewright.io.store.cover import SourceFile, source_files
from linewright.model.factory import Factory
from linewright.model.raw import RawFactory

if TYPE_CHECKING:
    from linewright.io.store.results import SavedResult
    from linewright.model.results import Origin

__all__ = ["SourceFile", "Workspace", "WorkspaceReader", "is_workspace", "source_files"]


def is_workspace(path: Path) -> bool:
    """Whether a folder has the cover page of a workspace."""
    return (path / cover.COVER).is_file()


class Workspace:
    """One factory, the files it came from, and its results, in a folder of its own.

    Everything that is written is written in one transaction: a process that is killed, or a power cut, leaves either
    what was there before or all that is new.
    """

    def __init__(self, folder: Path) -> None:
        """Open a workspace.

        Raises
        ------
        SourceError
            The folder is no workspace, it is damaged, or a newer linewright made it.
        """
        from linewright.io.store.database import ABOUT, Database

        cover.read_cover(folder)
        path = folder / cover.DATABASE
        if not path.is_file():
            message = f"{path}: is missing — take it from a backup, or open the original files again"
            raise SourceError(message)
        self.folder, self.database = folder, Database(path)
        with self.database.reading() as connection:
            version = connection.execute(ABOUT.select().where(ABOUT.c.name == "schema")).one_or_none()
        # The cover is a page that anybody may edit; the tables know best what they are.
        cover.refuse_newer(folder, int(version.value) if version else None)

    @classmethod
    def create(cls, folder: Path, factory: Factory, sources: Sequence[SourceFile] = ()) -> Workspace:
        """Make a workspace; its folder appears whole or not at all.

        Parameters
        ----------
        folder
            Where; nothing, or an empty folder, may be there.
        factory
            What it holds, with its faults and assumptions.
        sources
            The original files, as `source_files` describes them.

        Raises
        ------
        SourceError
            Something is there already, or the folder cannot be written.
        """
        from linewright.io.store.contents import write_factory
        from linewright.io.store.database import ABOUT, METADATA, Database

        with whole_folder(folder) as draft:
            database = Database(draft / cover.DATABASE)
            with database.writing() as connection:
                METADATA.create_all(connection)
                connection.execute(ABOUT.insert(), [{"name": "schema", "value": str(cover.VERSION)}])
                write_factory(connection, factory, sources)
            database.settle()
            cover.write_cover(draft, factory, sources)
        return cls(folder)

    def factory(self) -> Factory:
        """The factory, with the faults and assumptions of its reading."""
        from linewright.io.store.contents import read_factory

        with self.database.reading() as connection:
            return read_factory(connection)

    def sources(self) -> tuple[SourceFile, ...]:
        """The original files."""
        from linewright.io.store.contents import read_sources

        with self.database.reading() as connection:
            return read_sources(connection)

    def update(self, factory: Factory, sources: Sequence[SourceFile] | None = None) -> None:
        """Put a changed factory in the place of the old one; results stay, and can tell that they are stale.

        Parameters
        ----------
        factory
            The new one; tables that did not change are not written again.
        sources
            Its original files; None means those of before.
        """
        from linewright.io.store.contents import write_factory

        with self.database.writing() as connection:
            write_factory(connection, factory, sources)
        cover.write_cover(self.folder, factory, self.sources())

    def save_result(
        self, kind: str, payload: bytes, origin: Origin | Mapping[str, Any], *, made_at: datetime | None = None
    ) -> str:
        """Keep a result and return the hash that names it; the same content is kept once.

        Parameters
        ----------
        kind
            What it is, such as ``plan``.
        payload
            The result in bytes, for example those of `linewright.io.plan_files.plan_to_bytes`.
        origin
            What made it, from what.
        made_at
            When it was made; now, if that is left out.
        """
        from linewright.io.store.results import save

        with self.database.writing() as connection:
            return save(connection, kind, payload, origin, made_at or datetime.now(UTC))

    def results(self, kind: str = "") -> tuple[SavedResult, ...]:
        """The results that are kept, the newest first; of one kind, or of all."""
        from linewright.io.store.results import listed

        with self.database.reading() as connection:
            return listed(connection, kind)

    def result(self, key: str) -> bytes:
        """The content of a result by its hash.

        Raises
        ------
        SourceError
            There is no such result, or it is damaged.
        """
        from linewright.io.store.results import content

        with self.database.reading() as connection:
            return content(connection, key)

    def __repr__(self) -> str:
        """The folder."""
        return f"Workspace {self.folder}"


class WorkspaceReader:
    """Reads workspaces like any other source, so that they can be joined with other files.

    A workspace alone is opened faster, and with all its faults, by :meth:`Workspace.factory`.
    """

    name = "workspace"
    title = "a linewright workspace (a folder with linewright.toml)"
    options: Mapping[str, str] = MappingProxyType({})

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether all are folders of workspaces."""
        return bool(files) and all(is_workspace(path) for path in files)

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read the tables; their rows keep the places in the files that they first came from.

        Raises
        ------
        SourceError
            A workspace cannot be opened.
        """
        from linewright.io.store.raw import raw_tables

        only_known(options, self.options, self.name)
        factories = [Workspace(path).factory() for path in files]
        return RawFactory(
            tables=tuple(
                raw for factory in factories for table in factory.tables.values() for raw in raw_tables(table)
            ),
            # Rows that were left out cannot be found wrong again; all other faults can.
            faults=tuple(fault for factory in factories for fault in factory.faults if fault.level == "error"),
            assumptions=tuple(said for factory in factories for said in factory.assumptions),
        )
