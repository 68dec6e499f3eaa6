"""Copies that the profile asks for (R13, R17): of a request sent straight to a unit, for the clerk of its committee; of
a unit's reply, for its own committee. They move nothing in the case.

A copy is owed from the moment that the original is in the log, and is made from our own sealed original: whatever came
between (no connection, Ctrl-C), the next sync sends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import duties
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import CopyEntry, Manifest

from ..dossiers.dossier import CopyLine, Cover, FileLine, Part, Progress, Stream
from ..dossiers.letter import Letter
from ..errors import ClientError
from ..home import cupboard
from ..home.home import Home
from ..log.view import View
from ..packages import kept, send
from ..packages.kept import Files
from ..relay.relay import Relay

LOOKED: Final = "copies"  # archive key: below this index no copy is owed any more


@dataclass(frozen=True)
class Copied:
    """A copy that was sent, or waits in the outbox, and the committee it is for."""

    to: str
    sent: send.LetterOutcome


@dataclass(frozen=True)
class Owed:
    """A copy that is owed: the original of ours, and the committee that gets it."""

    case: str
    original: Sent
    to: str


async def send_with(
    home: Home, relay: Relay, letter: Letter, *, progress: Progress | None = None
) -> tuple[send.LetterOutcome, tuple[Copied, ...]]:
    """Sends a letter, then the copies that are owed; those of an original that waits are sent by the next sync.

    Raises ClientError as send.send does, for the letter; a copy that cannot be sent now is owed on.
    """
    sent = await send.send(home, relay, letter, progress=progress)
    if sent.state == "queued":
        return sent, ()
    return sent, await send_owed(home, relay, progress=progress)


async def send_owed(home: Home, relay: Relay, *, progress: Progress | None = None) -> tuple[Copied, ...]:
    """Sends every copy that is owed, oldest first. What cannot be sent for now stays owed; what the rules do not allow
    any more (the case has moved on), or whose original is gone, is recorded in the diary and holds up no other."""
    done: list[Copied] = []
    while (one := _next(home)) is not None:
        index, owed = one
        if owed is not None:
            try:
                letter = await _letter(home, relay, owed)
                done.append(Copied(owed.to, await send.send(home, relay, letter, progress=progress)))
            except ClientError as error:
                if error.code not in _REFUSED:
                    break
                home.archive.note_event(
                    "copy-refused", home.clock.posix(), dispatch=owed.original.id, code=error.code
                )
        home.archive.put(LOOKED, index + 1)
    return tuple(done)


# What no later attempt changes: the rules say no, or the original is not here any more, or not whole.
_REFUSED: Final = frozenset(
    (
        *("not-now", "bad-letter", "unknown-recipient", "secrecy-above-ceiling", "needs-approver"),
        *("package-unusable", "destroyed", "header-missing", "body-missing", "not-found"),
    )
)


def _next(home: Home) -> tuple[int, Owed | None] | None:
    """The index of our next original that was not looked at yet, and the copy of it that is owed; None at the end."""
    row = home.archive.row(
        "SELECT p.dispatch, p.case_id, s.idx FROM packages AS p JOIN statements AS s ON s.id = p.dispatch"
        " WHERE p.direction = 'out' AND p.kind IN ('request', 'reply') AND s.idx >= ? ORDER BY s.idx LIMIT 1",
        (int(home.archive.get(LOOKED) or 0),),
    )
    if row is None:
        return None
    view = View(home)
    case = view.case(row[1])
    sent = case.dispatches[row[0]]
    to = _wanted(home, case, view.profile_of(case.profile), sent)
    if to is None or _is_waiting(home, case, sent.id):
        return int(row[2]), None
    return int(row[2]), Owed(case.id, sent, to)


def _wanted(home: Home, case: Case, profile: Profile, sent: Sent) -> str | None:
    """The committee that should get a copy of a dispatch of ours and was not sent one."""
    if sent.from_ != home.config.member or sent.part == "copy" or not sent.stands:
        return None
    by_unit = "clerk" not in home.config.roles
    to = next(iter(duties.copies_to(sent.kind, sent.from_, sent.to, profile, by_unit=by_unit)), None)
    if to is None:
        return None
    copied = (one for one in case.dispatches.values() if one.kind == sent.kind and one.regarding == sent.id)
    return None if any(one.to == to and one.part == "copy" for one in copied) else to


def _is_waiting(home: Home, case: Case, dispatch: str) -> bool:
    """Whether the copy is in the outbox already."""
    return any(
        row.kind == "dispatch" and row.case == case.id and row.draft.get("regarding") == dispatch
        for row in cupboard.waiting(home.archive)
    )


async def _letter(home: Home, relay: Relay, one: Owed) -> Letter:
    """The original once more, for the committee: the same files and register fields."""
    original = await kept.bring(home, relay, one.original.id)
    made = manifests.parse(cupboard.manifest(home.archive, one.original.id) or b"").manifest
    files = Files(original)
    parts = tuple(
        Part(
            name=entry.name,
            role=entry.role,
            stream=Stream(entry.size, entry.hash, partial(files.read, number)),
            line=FileLine(entry.name, entry.role, entry.pages, entry.original, entry.signed),
        )
        for number, entry in enumerate(made.file)
    )
    return Letter(
        kind=made.kind,
        to=one.to,
        parts=parts,
        cover=_cover(made),
        title=made.title,
        term=made.term,
        urgency=made.urgency,
        secrecy=made.secrecy,
        case=one.case,
        regarding=one.original.id,
    )


def _cover(made: Manifest) -> Cover:
    """The register fields of a manifest, as a cover has them."""
    same = set(Cover.__struct_fields__) & set(Manifest.__slots__) - {"copy", "file", "cover"}
    fields = {name: getattr(made, name) for name in same}
    return Cover(**fields, copy=tuple(map(_line, made.copy)))


def _line(entry: CopyEntry) -> CopyLine:
    return CopyLine(entry.channel, entry.name, entry.quantity, entry.purpose)
