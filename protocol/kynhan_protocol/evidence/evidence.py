"""Verifying receipts offline: bytes in, a verdict with every reason out (DESIGN §3.3).

What is handed in are files by name, as a case's folder or an unpacked bundle has them (bundle.py):
`*.receipt` in any folder (those under `heads/` only close the chains for the others), `profile*.json`,
`calendar*.json`, `roots`, `policy`, `checkpoint`. Other files are left alone. The keys that all rests on are
the anchors, compared in person; without them the evidence's own `roots` and profile are taken, and the judgement
says which digits to compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from kynhan_keys import checkpoints
from kynhan_keys.errors import KeysError, VkeyError
from kynhan_keys.vkeys import Vkey

from ..agreement import calendar, profile
from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..errors import CalendarError, ChainError, EvidenceError, NameFormatError, ProfileError
from ..statements import fingerprints
from ..statements.chains import Chain
from ..statements.committees import Committees
from ..statements.statements import Acceptance, Membership, RootStatement
from . import bundle, evidence_rules, exhibits
from .exhibits import Checkpoints, Exhibit
from .trees import Trees
from .verdicts import CHAINS, HEADS, Judgement, Reason, ReceiptJudgement, reason, verdict_of, worst

# The checkpoint that contains the second attestation of new keys is the last under the old ones (DESIGN §3.3).
_CHANGE_OF_KEYS: Final = timedelta(seconds=60)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_NEEDLESS_FOR_HEADS: Final = (
    "chain-open",
    "log-time-missing",
    "dispatch-missing",
    "named-missing",
    "head-missing",
)


@dataclass(frozen=True, kw_only=True)
class Anchors:
    """Keys from outside the evidence, by committee; the relay's are its Ed25519 and ML-DSA-44 keys."""

    roots: Mapping[str, Vkey]
    relay: tuple[Vkey, Vkey] | None = None
    first_witnesses: Mapping[str, Vkey] = field(default_factory=dict)


def verify_case(files: Mapping[str, bytes], anchors: Anchors | None = None) -> Judgement:
    """The verdict on all receipts among `files`, together. Never raises for what is in them."""
    found = exhibits.load(files)
    judged = any(not exhibit.name.startswith((HEADS, CHAINS)) for exhibit in found)
    only_chains = bool(found) and all(exhibit.name.startswith(CHAINS) for exhibit in found)
    general: list[Reason] = [] if judged or only_chains else [reason("nothing", "")]
    roots = dict(anchors.roots) if anchors else _read_roots(files.get("roots"), general)
    case = _Case(files, found, roots, anchors, general)
    case.examine()
    for exhibit in found:
        needless = _NEEDLESS_FOR_HEADS if exhibit.name.startswith(HEADS) else ()
        exhibit.reasons = [one for one in dict.fromkeys(exhibit.reasons) if one.code not in needless]
    receipts = tuple(_judgement(exhibit) for exhibit in found)
    general = list(dict.fromkeys(general))
    overall = worst((verdict_of(general), *(receipt.verdict for receipt in receipts)))
    return Judgement(overall, receipts, tuple(general), case.fingerprint(), anchors is not None)


def verify_receipt(data: bytes, anchors: Anchors | None = None) -> Judgement:
    """The verdict on one receipt and nothing else, which can only be INCOMPLETE or INVALID."""
    return verify_case({"receipts/one.receipt": data}, anchors)


@dataclass
class _Case:
    """The evidence on the table."""

    files: Mapping[str, bytes]
    found: list[Exhibit]
    roots: Mapping[str, Vkey]
    anchors: Anchors | None
    general: list[Reason]
    committees: Committees = field(init=False)
    profiles: dict[str, Profile] = field(init=False)
    calendars: dict[str, Calendar] = field(init=False)

    def __post_init__(self) -> None:
        self.profiles = {
            profile.document_hash(data): made
            for name, data in self.files.items()
            if _is_document(name, "profile") and (made := _profile(data))
        }
        self.calendars = {
            hashlib.sha256(data).hexdigest(): days
            for name, data in self.files.items()
            if _is_document(name, "calendar") and (days := _calendar(data))
        }

    def examine(self) -> None:
        """Fills the reasons of every exhibit and of the whole."""
        self.committees = exhibits.chains_from(self.roots, self.found, _begin)
        heads = Checkpoints(self.committees, self.keys_at, self._gaps())
        self._check_checkpoints(heads)
        if any(exhibit.signed and exhibit.kind == "root" and not exhibit.is_placed for exhibit in self.found):
            # what their places in the log said no longer counts
            rest = [exhibit for exhibit in self.found if exhibit.is_placed]
            self.committees = exhibits.chains_from(self.roots, rest, _begin)
        self._check_anchors()
        self._check_policy()
        evidence_rules.check(
            evidence_rules.Context(
                exhibits=self.found,
                committees=self.committees,
                profiles=self.profiles,
                calendars=self.calendars,
                cosigned=sorted(heads.cosigned),
                trees=Trees(
                    heads.signed, {one.index: one.id for one in self.found if one.signed and one.is_placed}
                ),
                keys_at=self.keys_at,
            )
        )

    def keys_at(self, size: int, at: datetime) -> Sequence[tuple[Vkey, Vkey]]:
        """The relay's keys that may have signed a tree of `size` leaves, or entry `size`, at the time `at`."""
        changes = [one for one in self.committees.profiles() if one.document in self.profiles]
        if not changes:
            return [self.anchors.relay] if self.anchors and self.anchors.relay else []
        past = [change for change in changes if change.index < size] or changes[:1]
        keys = [self.profiles[past[-1].document].relay.vkeys]
        if len(past) > 1 and at <= self._accepted(past[-1].index) + _CHANGE_OF_KEYS:
            keys.append(self.profiles[past[-2].document].relay.vkeys)
        return keys

    def fingerprint(self) -> str | None:
        """The digits of the keys that this evidence rests on."""
        relay = self.anchors.relay if self.anchors and self.anchors.relay else self._first_relay()
        witnesses = self._first_witnesses()
        if not relay or not self.roots or witnesses.keys() != self.roots.keys():
            return None
        return fingerprints.digits(relay[0].name, relay, self.roots, witnesses)

    def _gaps(self) -> frozenset[str]:
        empty = {name for name, chain in self.committees.chains.items() if not chain.links}
        gaps = {
            exhibit.statement.committee
            for exhibit in self.found
            if exhibit.signed
            and isinstance(exhibit.statement, RootStatement)
            and any(one.code == "chain-gap" for one in exhibit.reasons)
        }
        return frozenset(empty | gaps)

    def _check_checkpoints(self, heads: Checkpoints) -> None:
        for exhibit in self.found:
            if not exhibit.proof or not exhibit.head:
                continue
            if not self.keys_at(exhibit.head.size, _NEVER):
                exhibit.blame("no-profile")
                continue
            exhibit.finality, trouble = heads.examine(exhibit.proof.checkpoint)
            for code, detail in trouble:
                exhibit.blame(code, detail)
        if (before := self.files.get("checkpoint")) and self.keys_at(0, _NEVER):
            self.general += (reason(code, "checkpoint", detail) for code, detail in heads.examine(before)[1])

    def _accepted(self, index: int) -> datetime:
        """When the relay accepted the root statement at `index`; where that is not shown, the statement's own
        time.
        """
        links = (link for chain in self.committees.chains.values() for link in chain.links)
        root = next(link for link in links if link.index == index)
        times = [
            exhibit.statement.time
            for exhibit in self.found
            if exhibit.signed
            and isinstance(exhibit.statement, Acceptance)
            and exhibit.statement.of == root.id
        ]
        return min(times, default=root.statement.time)

    def _first_relay(self) -> tuple[Vkey, Vkey] | None:
        for change in self.committees.profiles():
            if change.document in self.profiles:
                return self.profiles[change.document].relay.vkeys
        return None

    def _first_witnesses(self) -> dict[str, Vkey]:
        found: dict[str, Vkey] = {}
        for committee, chain in self.committees.chains.items():
            for link in chain.links:
                if isinstance(link.statement, Membership) and "witness" in link.statement.role:
                    found.setdefault(committee, link.statement.signing)
        return found

    def _check_anchors(self) -> None:
        if not self.anchors:
            return
        first = self._first_relay()
        if self.anchors.relay and first and first != self.anchors.relay:
            self.general.append(reason("other-relay", "profile", "other keys than those compared"))
        shown = self._first_witnesses()
        for committee, key in self.anchors.first_witnesses.items():
            if committee in shown and shown[committee] != key:
                self.general.append(reason("other-witness", committee))

    def _check_policy(self) -> None:
        data = self.files.get("policy")
        if data is None or not self._first_relay():
            return
        for exhibit in self.found:
            if exhibit.proof and exhibit.head and exhibit.is_placed:
                _, note = checkpoints.parse(exhibit.proof.checkpoint)
                at = exhibits.time_of_log(note, exhibit.head.origin)
                for keys in self.keys_at(exhibit.head.size, at):
                    try:
                        if bundle.policy(keys[1], self.committees, exhibit.head.size, at) == data:
                            return
                    except (EvidenceError, KeysError):
                        continue
        self.general.append(reason("policy-differs", "policy"))


def _begin(roots: Mapping[str, Vkey]) -> Committees:
    return Committees.of(Chain(committee, root) for committee, root in roots.items())


def _read_roots(data: bytes | None, general: list[Reason]) -> dict[str, Vkey]:
    if data is None:
        general.append(reason("no-roots", "roots"))
        return {}
    try:
        vkeys = [Vkey.parse(line) for line in data.decode("ascii").splitlines()]
        roots = {vkey.name: vkey for vkey in vkeys}
        _begin(roots)
        if len(roots) != len(vkeys) or bundle.roots_text(roots) != b"".join(sorted(data.splitlines(True))):
            raise EvidenceError("not one root key a line, each committee once")
    except (UnicodeDecodeError, VkeyError, ChainError, NameFormatError, EvidenceError) as error:
        general.append(reason("bad-roots", "roots", error))
        return {}
    return roots


def _is_document(name: str, kind: str) -> bool:
    base = name.rpartition("/")[2]
    return base.startswith(kind) and base.endswith(".json")


def _profile(data: bytes) -> Profile | None:
    try:
        return profile.parse(data)
    except ProfileError:
        return None


def _calendar(data: bytes) -> Calendar | None:
    try:
        return calendar.parse(data)
    except CalendarError:
        return None


def _judgement(exhibit: Exhibit) -> ReceiptJudgement:
    return ReceiptJudgement(
        exhibit.name,
        exhibit.verdict,
        tuple(exhibit.reasons),
        exhibit.finality,
        exhibit.proof.index if exhibit.proof else None,
        exhibit.signed.id if exhibit.signed else None,
        type(exhibit.statement).__name__.lower() if exhibit.signed else None,
        exhibit.time.strftime("%Y-%m-%dT%H:%M:%SZ") if exhibit.time else None,
        tuple(exhibit.faults),
    )
