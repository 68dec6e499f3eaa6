"""Keeping our own copy of the log: fetch, verify, keep. The shell around heads.py and following.py.

    result = await mirror.sync(home, relay)     result.new, result.alarms, result.up_to_date
    view = View(home)                           what the copy says now

The order is the order of trust (DESIGN 3.3): the checkpoint's signatures; the tree under it, recomputed from its
entries and compared with every tree the relay ever signed to us; the text of every entry; what the text says.
Only a contradiction that the relay signed freezes the home. Everything else is recorded, told, and ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from kynhan_keys import merkle
from kynhan_keys.errors import TileError
from kynhan_protocol import profile
from kynhan_protocol.errors import ProfileError
from kynhan_protocol.profile import document_hash
from kynhan_protocol.statements import CalendarApproval, ProfileAttestation

from ..clauses import Pair, clause
from ..errors import ClientError, problem
from ..home.archive import Alarm
from ..home.home import Home
from ..relay.relay import Relay
from . import concerning, heads, logbook, objecting
from .concerning import SLACK, UnusableError
from .entries import fetch
from .following import Finding, Follower, Unread
from .guarding import Guard
from .heads import SignedHead
from .logbook import Entry, Head
from .view import READ, View, committees_of, read_size

PAGE: Final = 1000


@dataclass
class SyncResult:
    """What a sync brought: how many entries are read by now, the new statements, what was wrong.

    `up_to_date` says that everything under the relay's latest checkpoint is here and verified.
    """

    size: int = 0
    new: list[Entry] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    up_to_date: bool = False


async def sync(home: Home, relay: Relay) -> SyncResult:
    """Brings the copy up to date. Raises ClientError relay-down, refused, not-certified, member-expired, home-in-use.

    What does not verify is in `alarms`, and on record; it changes nothing else. A contradiction freezes the home.
    """
    async with home.writing():
        try:
            return await _Sync(home, relay).run()
        except ClientError as error:
            if error.code == "refused" and error.data.get("relay_code") == "unauthorized":
                View(home).own()  # whether it is that our own key is not in force is known here
            raise


def gossip(home: Home, checkpoint: bytes) -> bool:
    """Takes in a checkpoint that came by another way (inside a package, in an answer).

    It is compared with our copy at once or as soon as that is large enough. False if it bears no good signatures of
    the relay's: then it says nothing. A contradiction freezes the home.
    """
    address = home.relay
    try:
        signed = heads.read(checkpoint, address.origin, address.keys, committees_of(home))
    except ClientError:
        return False
    Guard(home).remember(signed.head)
    return True


class _Sync:
    def __init__(self, home: Home, relay: Relay) -> None:
        self._home = home
        self._relay = relay
        self._archive = home.archive
        self._address = home.relay
        self._result = SyncResult()
        self._guard = Guard(home)
        self._committees = committees_of(home)
        self._complete = "clerk" in home.config.roles

    async def run(self) -> SyncResult:
        head = await self._latest()
        if head is not None and await self._take_tree(head):
            await self._read(head)
            await self._cosigned()
            await self._documents()
            objecting.record(self._home, self._guard, self._result.new, self._result.up_to_date)
        self._result.size = read_size(self._home)
        self._result.alarms = self._guard.raised
        return self._result

    # --- the tree

    async def _latest(self) -> Head | None:
        signed = self._checkpoint(await self._relay.checkpoint())
        return None if signed is None else signed.head

    def _checkpoint(self, data: bytes) -> SignedHead | None:
        try:
            return heads.read(data, self._address.origin, self._address.keys, self._committees)
        except ClientError as error:
            self._guard.alarm("relay-answer-invalid", error.en, error.vi)
            return None

    async def _take_tree(self, head: Head) -> bool:
        """Brings our tree to the checkpoint's size, if that is what the checkpoint is of."""
        size = logbook.size(self._archive)
        if head.size <= size:
            if not self._guard.remember(head):
                return False
            if head.size < size:
                self._guard.alarm(
                    "older-checkpoint",
                    f"The relay showed an older log ({head.size} entries) than before ({size}).",
                    f"Máy trung chuyển đưa nhật ký cũ hơn ({head.size} mục) so với trước ({size} mục).",
                    once=f"{head.size}/{size}",
                )
            return True
        try:
            ids = await fetch(self._relay, size, head.size)
        except TileError as error:
            self._garbled(clause("answer.tiles", why=error))
            return False
        frontier = merkle.Frontier.of(size, logbook.node_getter(self._archive))
        leaves = [merkle.leaf_hash(entry) for entry in ids]
        if frontier.extend(leaves).root() != head.root:
            await self._explain(head)
            return False
        with self._archive.transaction():
            logbook.append_leaves(self._archive, [entry.hex() for entry in ids])
            for promised, root, note in logbook.due_promises(self._archive, head.size):
                if logbook.root_at(self._archive, promised) != root:
                    self._guard.fork(
                        {"promised.checkpoint": note, "shown.checkpoint": head.note},
                        f"{promised}/{head.size}",
                    )
            logbook.keep_promises(self._archive, head.size)
            logbook.keep_checkpoint(self._archive, head, own=False, all_cosigned=False)
        return self._home.frozen is None

    async def _explain(self, head: Head) -> None:
        """The entries served do not continue our tree to the checkpoint: who is wrong?

        If the whole log as served has the checkpoint's root, then the relay signed a history other than the one it
        signed to us before, and the entries prove it. If not, it only served rubbish.
        """
        ours = logbook.latest(self._archive)
        try:
            entries = await fetch(self._relay, 0, head.size)
        except TileError as error:
            self._garbled(clause("answer.tiles", why=error))
            return
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        whole = merkle.Frontier().extend(leaves).root()
        if ours is None or whole != head.root or ours.size > head.size:
            self._garbled(clause("answer.other-root", size=head.size))
            return
        self._guard.fork(
            {"before.checkpoint": ours.note, "now.checkpoint": head.note, "now.entries": b"".join(entries)},
            f"{ours.size}/{head.size}",
        )

    def _garbled(self, why: Pair) -> None:
        error = problem("relay-answer-invalid", why=why, kept="")
        self._guard.alarm("relay-answer-invalid", error.en, error.vi)

    # --- the text

    async def _read(self, head: Head) -> None:
        """Reads the text of every entry up to the size of our tree, page by page, each page in one transaction."""
        end = logbook.size(self._archive)
        if not self._complete:
            await self._read_concerning(head, end)
            return
        follower = self._follower(_moment(logbook.last_time(self._archive)))
        at = read_size(self._home)
        held: list[Unread] = []  # read, but not yet dated by a relay statement
        while at < end:
            page = await self._page(at, end)
            if page is None:
                break
            upto, unread = page
            entries = follower.read(unread, last=upto == end)
            held = [one for one in held + unread if one.index >= follower.next_index(upto)]
            with self._archive.transaction():
                logbook.add(self._archive, entries)
                self._archive.put(READ, follower.next_index(upto))
                self._record(follower.findings, held + unread, head)
            follower.findings.clear()
            self._result.new += entries
            at = upto
        self._committees = follower.committees
        self._result.up_to_date = read_size(self._home) == end == head.size

    async def _read_concerning(self, head: Head, end: int) -> None:
        """The same where only what concerns us is served; of a case that is new to us, also what was logged before."""
        start = read_size(self._home)
        try:
            earlier, later = await concerning.gather(self._relay, self._archive, start, end, self._is_entry)
        except UnusableError as error:
            self._garbled(clause("answer.other-text", index=error.index))
            return
        behind, follower = self._follower(None), self._follower(_moment(logbook.last_time(self._archive)))
        with self._archive.transaction():
            found = behind.read(earlier, last=True)
            logbook.add(self._archive, found)
            self._record(behind.findings, earlier, head)
            misdated = concerning.misdated(
                self._archive,
                found,
                self._home.config.committee,
                self._address.origin,
                self._address.keys,
                self._committees,
            )
            self._record(list(misdated), earlier, head)
            entries = follower.read(later, last=True)
            logbook.add(self._archive, entries)
            self._archive.put(READ, end)
            self._record(follower.findings, later, head)
        self._result.new += found + entries
        self._committees = follower.committees
        self._result.up_to_date = end == head.size

    def _follower(self, last_time: datetime | None) -> Follower:
        return Follower(
            self._address.origin,
            self._address.keys[0],
            self._committees,
            last_time=last_time,
            find=lambda id_: logbook.by_id(self._archive, id_),
            root_at=lambda size: logbook.root_at(self._archive, size),
            complete=self._complete,
        )

    async def _page(self, at: int, end: int) -> tuple[int, list[Unread]] | None:
        """The next statements as served to a clerk: how far they reach, and all of them; None if not usable."""
        page = await self._relay.statements(at, min(PAGE, end - at))
        served = [Unread(one.index, one.id, one.note) for one in page.statements if at <= one.index < end]
        upto = served[-1].index + 1 if served else at + 1
        for one in served:
            if not self._is_entry(one):
                self._garbled(clause("answer.other-text", index=one.index))
                return None
        indexes = {one.index for one in served}
        missing = next((index for index in range(at, upto) if index not in indexes), None)
        if missing is not None:
            self._guard.alarm(
                "missing-statement",
                f"The relay withholds the text of entry {missing} of the log.",
                f"Máy trung chuyển không đưa nội dung mục {missing} của nhật ký.",
                once=str(missing),
            )
            return None
        return upto, served

    def _is_entry(self, one: Unread) -> bool:
        """Whether the statement is the entry that our tree has in its place."""
        if one.id != document_hash(one.note):
            return False
        return logbook.node_getter(self._archive)(0, one.index) == merkle.leaf_hash(bytes.fromhex(one.id))

    def _record(self, findings: Sequence[Finding], unread: Sequence[Unread], head: Head) -> None:
        notes = {one.index: one.note for one in unread}
        for finding in findings:
            evidence = {"checkpoint": head.note}
            if finding.index in notes:
                evidence[f"{finding.index}.note"] = notes[finding.index]
            self._guard.record(finding, evidence)

    # --- who cosigned

    async def _cosigned(self) -> None:
        """Keeps the checkpoints that witnesses cosigned: what we may call seen, what makes receipts final."""
        shown = [await self._relay.checkpoint(), await self._relay.candidate(), await self._relay.cosigned()]
        for data in shown:
            signed = None if data is None else self._checkpoint(data)
            if signed is None:
                continue
            head = signed.head
            if head.size > logbook.size(self._archive):
                logbook.promise(self._archive, head.size, head.root, head.note)
                continue
            if not self._guard.remember(head):
                return
            own = signed.cosigned.get(self._home.config.committee)
            everybody = all(committee in signed.cosigned for committee in self._committees.chains)
            with self._archive.transaction():
                logbook.keep_checkpoint(
                    self._archive, head, own=own is not None, all_cosigned=everybody and head.size > 0
                )
                if own is not None:
                    self._check_times(head.size, own)

    def _check_times(self, size: int, cosigned: int) -> None:
        """Log times lie between the cosignatures around them, give or take five minutes (DESIGN 3.3)."""
        before = self._archive.get("cosigned") or {"size": 0, "time": 0}
        if size <= before["size"]:
            return
        rows = self._archive.rows(
            "SELECT idx FROM statements WHERE idx >= ? AND idx < ? AND (log_time > ? OR log_time < ?) LIMIT 1",
            (before["size"], size, cosigned + SLACK, before["time"] - SLACK),
        )
        for (index,) in rows:
            self._guard.record(
                Finding(
                    "objection",
                    "time-outside-cosignatures",
                    f"The relay's time of statement {index} does not fit the witness's cosignatures around it.",
                    f"Thời điểm của mục {index} không khớp các lần ký đối chứng trước và sau.",
                    index,
                ),
                {},
            )
        self._archive.put("cosigned", {"size": size, "time": cosigned})

    # --- documents

    async def _documents(self) -> None:
        """Fetches the profiles and calendars that statements name, and keeps those with the right hash."""
        wanted = [
            entry.logged.statement.document
            for entry in logbook.of_types(self._archive, "profile", "calendar")
            if isinstance(entry.logged.statement, ProfileAttestation | CalendarApproval)
        ]
        for sha256 in dict.fromkeys(wanted):
            data = await self._document(sha256)
            if data is None:
                continue
            try:
                first = profile.parse(data).calendar
            except ProfileError:
                continue
            await self._document(first)
        self._check_relay_keys()

    async def _document(self, sha256: str) -> bytes | None:
        data = self._archive.document(sha256)
        if data is not None:
            return data
        try:
            data = await self._relay.document(sha256)
        except ClientError as error:
            if error.code != "not-found":
                raise
            self._garbled(clause("answer.no-document", id=sha256[:16]))
            return None
        if document_hash(data) != sha256:
            self._garbled(clause("answer.other-document", id=sha256[:16]))
            return None
        self._archive.put_document(sha256, data)
        return data

    def _check_relay_keys(self) -> None:
        """The relay's keys are those of the profile in force."""
        try:
            named = View(self._home).profile.relay
        except ClientError:
            return
        if (named.origin, named.ed25519, named.ml_dsa_44) != (
            self._address.origin,
            self._address.ed25519,
            self._address.ml_dsa_44,
        ):
            self._guard.alarm(
                "relay-keys-differ",
                "The profile in force names other keys of the relay than those this home was given.",
                "Hồ sơ quy chế nêu khóa của máy trung chuyển khác với khóa mà thư mục này được giao.",
            )


def _moment(posix: int) -> datetime | None:
    return datetime.fromtimestamp(posix, UTC) if posix else None
