"""The last part of a sync: the profiles and calendars that statements name, and the relay's keys in the profile."""

from __future__ import annotations

from kynhan_protocol.agreement import profile
from kynhan_protocol.agreement.profile import document_hash
from kynhan_protocol.errors import ProfileError
from kynhan_protocol.statements.statements import CalendarApproval, ProfileAttestation

from ..clauses import clause
from ..errors import ClientError
from . import logbook
from .mirroring import Mirroring
from .view import View


async def fetch(on: Mirroring) -> None:
    """Fetches the profiles and calendars that statements name, and keeps those with the right hash."""
    wanted = [
        entry.logged.statement.document
        for entry in logbook.of_types(on.archive, "profile", "calendar")
        if isinstance(entry.logged.statement, ProfileAttestation | CalendarApproval)
    ]
    for sha256 in dict.fromkeys(wanted):
        data = await _document(on, sha256)
        if data is None:
            continue
        try:
            first = profile.parse(data).calendar
        except ProfileError:
            continue
        await _document(on, first)
    _check_relay_keys(on)


async def _document(on: Mirroring, sha256: str) -> bytes | None:
    data = on.archive.document(sha256)
    if data is not None:
        return data
    try:
        data = await on.relay.document(sha256)
    except ClientError as error:
        if error.code != "not-found":
            raise
        on.garbled(clause("answer.no-document", id=sha256[:16]))
        return None
    if document_hash(data) != sha256:
        on.garbled(clause("answer.other-document", id=sha256[:16]))
        return None
    on.archive.put_document(sha256, data)
    return data


def _check_relay_keys(on: Mirroring) -> None:
    """The relay's keys are those of the profile in force."""
    try:
        named = View(on.home).profile.relay
    except ClientError:
        return
    if (named.origin, named.ed25519, named.ml_dsa_44) != (
        on.address.origin,
        on.address.ed25519,
        on.address.ml_dsa_44,
    ):
        on.guard.alarm(
            "relay-keys-differ",
            "The profile in force names other keys of the relay than those this home was given.",
            "Hồ sơ quy chế nêu khóa của máy trung chuyển khác với khóa mà thư mục này được giao.",
        )
