"""Results in the database, each under the hash of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql

from linewright.errors import SourceError
from linewright.io.store.database import RESULTS
from linewright.model.results import Origin


@dataclass(frozen=True, kw_only=True)
class SavedResult:
    """A result that is kept: the hash of its content, its kind (such as plan), when it was made, and from what."""

    hash: str
    kind: str
    made_at: datetime
    origin: Mapping[str, Any]
    size_bytes: int


def save(
    connection: sql.Connection, kind: str, payload: bytes, origin: Origin | Mapping[str, Any], made_at: datetime
) -> str:
    """Keep a result under its hash, which is returned; the same content made again counts as made now."""
    key = _hash(kind, payload)
    facts = asdict(origin) if isinstance(origin, Origin) else dict(origin)
    moment = made_at.astimezone(UTC).isoformat(timespec="microseconds")
    connection.execute(sql.delete(RESULTS).where(RESULTS.c.hash == key))
    row = {"hash": key, "kind": kind, "made_at": moment, "origin": facts, "payload": payload}
    connection.execute(sql.insert(RESULTS), [row])
    return key


def listed(connection: sql.Connection, kind: str) -> tuple[SavedResult, ...]:
    """The results of one kind, or of all if that is blank; the newest first."""
    size = sql.func.length(RESULTS.c.payload)
    columns = (RESULTS.c.hash, RESULTS.c.kind, RESULTS.c.made_at, RESULTS.c.origin, size)
    chosen = sql.select(*columns).order_by(RESULTS.c.made_at.desc(), RESULTS.c.hash)
    rows = connection.execute(chosen.where(RESULTS.c.kind == kind) if kind else chosen)
    return tuple(
        SavedResult(hash=key, kind=what, made_at=datetime.fromisoformat(made_at), origin=origin, size_bytes=size_bytes)
        for key, what, made_at, origin, size_bytes in rows
    )


def content(connection: sql.Connection, key: str) -> bytes:
    """The bytes of a result.

    Raises
    ------
    SourceError
        There is no such result, or its bytes are not those that its hash names.
    """
    row = connection.execute(RESULTS.select().where(RESULTS.c.hash == key)).one_or_none()
    if row is None or _hash(row.kind, row.payload) != key:
        message = f"the result {key} {'is damaged' if row else 'is not kept in this workspace'} — make it again"
        raise SourceError(message)
    return bytes(row.payload)


def _hash(kind: str, payload: bytes) -> str:
    return hashlib.sha256(kind.encode() + b"\x00" + payload).hexdigest()
