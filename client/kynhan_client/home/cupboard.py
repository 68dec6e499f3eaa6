"""Packages, receipts, manifests and the outbox in the archive, as small typed functions.

The words of `state` and `step` belong to send.py and receive.py; nothing here gives them a meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..clauses import clause
from ..errors import problem
from .archive import Archive, Value

Direction = Literal["in", "out"]


@dataclass(frozen=True)
class Package:
    """A dispatch that we received or sent; its ciphertext lies in sealed/ (the body, if `body_here`). `opened_to`: the
    folders it was unpacked into, one a line."""

    dispatch: str
    direction: Direction
    state: str
    case: str
    kind: str
    body_here: bool = False
    header: bytes | None = None
    opened_at: int | None = None
    opened_to: str | None = None
    fault: str | None = None


@dataclass(frozen=True)
class Receipt:
    """The proof of a statement (a tlog-proof file), final once all committees' witnesses cosigned its tree."""

    id: str
    proof: bytes
    final: bool


@dataclass(frozen=True)
class Waiting:
    """Something in the outbox; the columns are described in schema/001.sql."""

    id: int
    kind: str
    state: str
    step: str
    case: str | None
    draft: dict[str, Any]
    note: bytes | None
    header: bytes | None
    file_key: bytes | None
    manifest: bytes | None
    body_path: str | None
    body_size: int | None
    body_sha256: str | None
    upload: str | None
    upload_offset: int
    dispatch: str | None
    attempts: int
    last_error: str | None
    created: int
    changed: int


# --- packages

_PACKAGE = "dispatch, direction, state, case_id, kind, body_here, header, opened_at, opened_to, fault"


def package(archive: Archive, dispatch: str) -> Package | None:
    """The package of a dispatch, if we have dealt with it."""
    row = archive.row(f"SELECT {_PACKAGE} FROM packages WHERE dispatch = ?", (dispatch,))  # noqa: S608
    return None if row is None else _package(row)


def packages(archive: Archive, direction: Direction, *states: str) -> list[Package]:
    """Packages in one direction, all or those in these states."""
    marks = f" AND state IN ({', '.join('?' * len(states))})" if states else ""
    rows = archive.rows(
        f"SELECT {_PACKAGE} FROM packages WHERE direction = ?{marks}",  # noqa: S608 - marks are ?
        (direction, *states),
    )
    return [_package(row) for row in rows]


def put_package(archive: Archive, package: Package) -> None:
    """Keeps a package, in place of what was kept for the dispatch."""
    archive.run(
        f"INSERT OR REPLACE INTO packages ({_PACKAGE}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
        (
            package.dispatch,
            package.direction,
            package.state,
            package.case,
            package.kind,
            int(package.body_here),
            package.header,
            package.opened_at,
            package.opened_to,
            package.fault,
        ),
    )


def _package(row: tuple[Any, ...]) -> Package:
    dispatch, direction, state, case, kind, body_here, *rest = row
    return Package(dispatch, direction, state, case, kind, bool(body_here), *rest)


# --- receipts


def put_receipt(archive: Archive, id_: str, proof: bytes, *, final: bool) -> None:
    """Keeps a verified proof; a final one is never replaced by a pending one."""
    archive.run(
        "INSERT INTO receipts VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET proof = excluded.proof, final = excluded.final WHERE excluded.final >= final",
        (id_, proof, int(final)),
    )


def receipt(archive: Archive, id_: str) -> Receipt | None:
    """The proof kept for a statement."""
    row = archive.row("SELECT id, proof, final FROM receipts WHERE id = ?", (id_,))
    return None if row is None else Receipt(row[0], row[1], bool(row[2]))


def pending_receipts(archive: Archive) -> list[str]:
    """Ids of statements whose proof is not final yet."""
    return [row[0] for row in archive.rows("SELECT id FROM receipts WHERE NOT final")]


# --- manifests


def put_manifest(archive: Archive, dispatch: str, note: bytes, fields: Mapping[str, object]) -> None:
    """Keeps the manifest of a package, whole, and its register fields (values that JSON has)."""
    kept: list[Value] = [
        str(value) if (value := fields.get(name)) is not None else None
        for name in ("subject", "doctype", "number", "symbol", "title", "secrecy", "issued")
    ]
    archive.run(
        "INSERT OR REPLACE INTO manifests VALUES (?,?,?,?,?,?,?,?,?,?)",
        (dispatch, note, *kept, json.dumps(dict(fields), ensure_ascii=False)),
    )


def manifest(archive: Archive, dispatch: str) -> bytes | None:
    """The whole manifest.note of a package that we opened or made."""
    row = archive.row("SELECT note FROM manifests WHERE dispatch = ?", (dispatch,))
    return None if row is None else bytes(row[0])


# --- outbox

_WAITING = (
    "id, kind, state, step, case_id, draft, note, header, file_key, manifest, body_path, body_size, body_sha256,"
    " upload, upload_offset, dispatch, attempts, last_error, created, changed"
)
_CHANGEABLE = frozenset(
    (
        *("state", "step", "case_id", "draft", "note", "header", "file_key", "manifest"),
        *("body_path", "body_size", "body_sha256", "upload", "upload_offset", "dispatch"),
        *("attempts", "last_error"),
    )
)


def put_waiting(
    archive: Archive, kind: str, step: str, draft: Mapping[str, object], *, case: str | None, time: int
) -> int:
    """Puts something into the outbox; gives its number."""
    archive.run(
        "INSERT INTO outbox (kind, step, case_id, draft, created, changed) VALUES (?,?,?,?,?,?)",
        (kind, step, case, json.dumps(dict(draft), ensure_ascii=False), time, time),
    )
    return archive.last_id()


def change_waiting(archive: Archive, id_: int, *, time: int, **changes: Value) -> None:
    """Changes columns of something in the outbox (names as in schema/001.sql; `draft` as JSON text)."""
    if not changes.keys() <= _CHANGEABLE:
        raise KeyError(f"no such columns: {sorted(changes.keys() - _CHANGEABLE)}")
    assignments = ", ".join(f"{name} = ?" for name in changes)
    archive.run(
        f"UPDATE outbox SET {assignments}, changed = ? WHERE id = ?",  # noqa: S608 - names checked above
        (*changes.values(), time, id_),
    )


def waiting(archive: Archive, *states: str) -> list[Waiting]:
    """What is in the outbox, oldest first: that in these states, or everything that waits."""
    wanted = states or ("waiting",)
    rows = archive.rows(
        f"SELECT {_WAITING} FROM outbox WHERE state IN ({', '.join('?' * len(wanted))}) ORDER BY id",  # noqa: S608
        wanted,
    )
    return [_waiting(row) for row in rows]


def waiting_by_id(archive: Archive, id_: int) -> Waiting:
    """One thing in the outbox. Raises ClientError not-found."""
    row = archive.row(f"SELECT {_WAITING} FROM outbox WHERE id = ?", (id_,))  # noqa: S608
    if row is None:
        raise problem("not-found", what=clause("thing.outbox", id=id_))
    return _waiting(row)


def _waiting(row: tuple[Any, ...]) -> Waiting:
    values = (*row[:5], json.loads(row[5]), *row[6:])
    return Waiting(*values)
