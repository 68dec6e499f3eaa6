"""Reading the log out of a report's evidence: the trust rules of a syncing client, over a tar instead of a relay.

Every statement is held against the tree, the tree against the checkpoint, every signature against the chains, by the
code that reads the log from a relay (following.py, heads.py). Nothing is believed because the reporter says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from kynhan_keys import checkpoints, merkle
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import KeysError, VkeyError
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.errors import (
    CalendarError,
    ChainError,
    EvidenceError,
    NameFormatError,
    ProfileError,
    StatementError,
)
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements import fingerprints, signing
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import ProfileAttestation, RelayStatement

from ..clauses import Pair
from ..errors import ClientError
from ..log import heads
from ..log.following import Follower, Unread
from ..log.logbook import Entry
from ..trust import trust
from . import proof
from .reasons import Reasons

SLACK: Final = timedelta(minutes=5)


@dataclass
class Replayed:
    """The log as the evidence shows it. `reaches`: up to when it is shown to be whole (see docs/spec/reports.md);
    `final`: both sides' witnesses cosigned the checkpoint; `missing`: indexes whose statement is not shown;
    `fingerprint`: the 60 digits of the keys that it all rests on."""

    head: Checkpoint
    committees: Committees
    entries: list[Entry]
    profiles: dict[str, Profile]
    calendars: CalendarBook
    final: bool
    reaches: datetime
    missing: list[int] = field(default_factory=list)
    fingerprint: str | None = None

    def cases(self, size: int) -> dict[str, list[Logged]]:
        """The statements of each case among the first `size`."""
        found: dict[str, list[Logged]] = {}
        for entry in self.entries:
            if entry.case is not None and entry.logged.index < size:
                found.setdefault(entry.case, []).append(entry.logged)
        return found

    def cut(self, until: datetime) -> int:
        """The index of the first statement logged at `until` or later; the size if there is none."""
        later = (one.logged.index for one in self.entries if one.logged.time >= until)
        return min(later, default=self.head.size)


def replay(files: Mapping[str, bytes], roots: Mapping[str, Vkey] | None, found: Reasons) -> Replayed | None:
    """The log in the evidence, everything wrong with it among the reasons; None if it cannot be read at all.

    `roots`: the committees' first root keys, compared in person; without them the evidence's own are taken.
    """
    tree = _tree(files, found)
    anchors = roots or _roots(files.get("roots"), found)
    if tree is None or anchors is None:
        return None
    head, leaves = tree
    unread, missing = _statements(files.get("statements"), leaves, found)
    profiles = _profiles(files)
    relay = _relay_keys(unread, profiles, head.origin)
    if relay is None:
        found.add("report.no-profile", Verdict.INCOMPLETE, "profile")
        return None
    follower = _follow(unread, leaves, anchors, relay, head.origin, complete=not missing, found=found)
    if follower is None:
        return None
    committees, entries = follower
    in_force = profiles.get(committees.profile_at(head.size) or "")
    if in_force is None:
        found.add("report.no-profile", Verdict.INCOMPLETE, "profile")
        return None
    if in_force.relay.vkeys != relay:
        found.add("report.other-relay", Verdict.INVALID, "profile")
        return None
    book = _calendars(committees, entries, profiles, files)
    signed = _checkpoint(files["checkpoint"], head.origin, relay, committees, found)
    if signed is None or book is None:
        if book is None:
            found.add("report.no-calendar", Verdict.INCOMPLETE, "calendar")
        return None
    last = max(
        (one.logged.time for one in entries if isinstance(one.logged.statement, RelayStatement)),
        default=datetime.min.replace(tzinfo=UTC),
    )
    cosigned = [datetime.fromtimestamp(at, UTC) for at in signed.cosigned.values()]
    if any(last > at + SLACK for at in cosigned):
        found.add("report.time-contradicts", Verdict.INVALID, "checkpoint")
    final = all(name in signed.cosigned for name in committees.chains)
    # an old tree signed again is dated by the relay alone: what both witnesses saw reaches as far as they cosigned it
    dated = min(signed.cosigned.values()) if final else signed.head.time
    reaches = max(last, datetime.fromtimestamp(dated, UTC))
    digits = _fingerprint(head.origin, relay, anchors, committees)
    return Replayed(head, committees, entries, profiles, book, final, reaches, missing, digits)


def _tree(files: Mapping[str, bytes], found: Reasons) -> tuple[Checkpoint, list[bytes]] | None:
    """The checkpoint and the leaves under it, which have its root."""
    data, leaves = files.get("checkpoint"), files.get("leaves")
    if data is None or leaves is None:
        found.add("report.no-tree", Verdict.INCOMPLETE, "checkpoint" if data is None else "leaves")
        return None
    try:
        head, _ = checkpoints.parse(data)
    except KeysError as error:
        found.add("report.bad-checkpoint", Verdict.INVALID, "checkpoint", error)
        return None
    split = [leaves[at : at + merkle.HASH_BYTES] for at in range(0, len(leaves), merkle.HASH_BYTES)]
    if len(leaves) != head.size * merkle.HASH_BYTES or merkle.Frontier().extend(split).root() != head.root:
        found.add("report.other-tree", Verdict.INVALID, "leaves")
        return None
    return head, split


def _statements(data: bytes | None, leaves: list[bytes], found: Reasons) -> tuple[list[Unread], list[int]]:
    """The statements that stand where they say, and the indexes for which none is shown."""
    try:
        shown = proof.parse(data or b"")
    except EvidenceError as error:
        found.add("report.bad-statements", Verdict.INVALID, "statements", error)
        shown = []
    unread = []
    for one in shown:
        entry = hashlib.sha256(one.note)
        if one.index >= len(leaves) or merkle.leaf_hash(entry.digest()) != leaves[one.index]:
            found.add("report.altered", Verdict.INVALID, str(one.index))
        else:
            unread.append(Unread(one.index, entry.hexdigest(), one.note))
    missing = sorted(set(range(len(leaves))) - {one.index for one in unread})
    if missing:
        found.add(
            "report.withheld",
            Verdict.INCOMPLETE,
            "statements",
            f"{len(missing)}: {missing[:10]}",
            count=len(missing),
        )
    return unread, missing


def _follow(
    unread: list[Unread],
    leaves: list[bytes],
    roots: Mapping[str, Vkey],
    relay: tuple[Vkey, Vkey],
    origin: str,
    *,
    complete: bool,
    found: Reasons,
) -> tuple[Committees, list[Entry]] | None:
    nodes: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        return nodes[level, index]

    nodes.update(((level, index), value) for level, index, value in merkle.new_nodes(0, leaves, node))
    try:
        begin = Committees.of(Chain(name, root) for name, root in roots.items())
    except (ChainError, NameFormatError) as error:
        found.add("report.bad-roots", Verdict.INVALID, "roots", error)
        return None
    follower = Follower(
        origin,
        relay,
        begin,
        last_time=None,
        find=lambda _: None,
        root_at=lambda size: merkle.root(size, node),
        complete=complete,
    )
    entries = follower.read(unread, last=True)
    for one in follower.findings:
        grave = one.severity == "contradiction" or complete
        pair: Pair = (one.vi, one.en)
        found.told(one.code, Verdict.INVALID if grave else Verdict.INCOMPLETE, str(one.index), pair)
    return follower.committees, entries


def _checkpoint(
    data: bytes, origin: str, keys: tuple[Vkey, Vkey], committees: Committees, found: Reasons
) -> heads.SignedHead | None:
    try:
        return heads.read(data, origin, keys, committees)
    except ClientError as error:
        found.add("report.bad-checkpoint", Verdict.INVALID, "checkpoint", error.en)
        return None


def _fingerprint(
    origin: str, relay: tuple[Vkey, Vkey], roots: Mapping[str, Vkey], committees: Committees
) -> str | None:
    """The digits; None before there is a witness on each side."""
    try:
        return fingerprints.digits(origin, relay, roots, trust.first_witnesses(committees))
    except ClientError:
        return None


def _roots(data: bytes | None, found: Reasons) -> dict[str, Vkey] | None:
    if data is None:
        found.add("report.no-roots", Verdict.INCOMPLETE, "roots")
        return None
    try:
        vkeys = [Vkey.parse(line) for line in data.decode("ascii").splitlines()]
    except (UnicodeDecodeError, VkeyError) as error:
        found.add("report.bad-roots", Verdict.INVALID, "roots", error)
        return None
    return {vkey.name: vkey for vkey in vkeys}


def _profiles(files: Mapping[str, bytes]) -> dict[str, Profile]:
    made = {}
    for name, data in files.items():
        if name.startswith("profile") and name.endswith(".json"):
            try:
                made[profile.document_hash(data)] = profile.parse(data)
            except ProfileError:
                continue
    return made


def _relay_keys(
    unread: list[Unread], profiles: Mapping[str, Profile], origin: str
) -> tuple[Vkey, Vkey] | None:
    """The relay's keys in the newest profile that is here and that somebody attested: whether both committees did is
    asked once the chains are read."""
    for one in reversed(unread):
        try:
            statement = signing.parse(one.note).statement
        except StatementError:
            continue
        known = profiles.get(statement.document) if isinstance(statement, ProfileAttestation) else None
        if known is not None and known.relay.origin == origin:
            return known.relay.vkeys
    return None


def _calendars(
    committees: Committees,
    entries: list[Entry],
    profiles: Mapping[str, Profile],
    files: Mapping[str, bytes],
) -> CalendarBook | None:
    first = next((profiles[one.document] for one in committees.profiles() if one.document in profiles), None)
    documents: list[Calendar] = []
    for name, data in files.items():
        if name.startswith("calendar") and name.endswith(".json"):
            try:
                documents.append(calendar.parse(data))
            except CalendarError:
                continue
    if first is None:
        return None
    book = CalendarBook.begin(first.calendar, first.committees, *documents).beside(committees)
    for entry in entries:
        book = book.apply(entry.logged)
    known = {document.sha for document in documents}
    return book if all(change.document in known for change in book.changes) else None
