"""Verifying receipts offline: bytes in, a verdict with every reason out (DESIGN §3.3).

What is handed in are files by name, as a case's folder or an unpacked bundle has them (bundle.py):
`*.receipt` in any folder (those under `heads/` only support the others), `profile*.json`, `calendar*.json`, `roots`,
`policy*`, `checkpoint`. Other files are named as not looked at. The keys that all rests on are the anchors, compared in
person; without them the evidence's own `roots` and profile are taken, and the judgement says which digits to compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from kynhan_keys.vkeys import Vkey

from ..agreement.calendars import CalendarBook
from ..statements import fingerprints
from ..statements.committees import Committees
from ..statements.statements import Acceptance, Due, Membership, RootStatement
from . import case_file, documents, evidence_rules, exhibits, worlds
from .documents import Documents
from .evidence_due import calendars_on_table
from .exhibits import Checkpoints, Exhibit
from .trees import Trees
from .verdicts import CHAINS, Aside, Judgement, Reason, ReceiptJudgement, Verdict, reason, verdict_of, worst

# The checkpoint that contains the second attestation of new keys is the last under the old ones (DESIGN §3.3).
_CHANGE_OF_KEYS: Final = timedelta(seconds=60)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_BEFORE: Final = "checkpoint"


@dataclass(frozen=True, kw_only=True)
class Anchors:
    """Keys from outside the evidence, by committee; the relay's are its Ed25519 and ML-DSA-44 keys."""

    roots: Mapping[str, Vkey]
    relay: tuple[Vkey, Vkey] | None = None
    first_witnesses: Mapping[str, Vkey] = field(default_factory=dict)


def verify_case(
    files: Mapping[str, bytes], anchors: Anchors | None = None, others: Iterable[str] = ()
) -> Judgement:
    """The verdict on all receipts among `files`, together. Never raises for what is in them.

    `others` are names of files that lie beside and were not read.
    """
    found, general = exhibits.load(files), list[Reason]()
    known = Documents.of(files)
    if anchors is None:
        roots = documents.read_roots(files.get("roots"), general)
    else:
        roots = dict(anchors.roots)
        general += documents.hold_roots(files.get("roots"), roots)
    own, foreign = worlds.part(found, roots, known.profiles)
    judged = [one for one in own if not one.is_support]
    only_chains = bool(found) and all(one.name.startswith(CHAINS) for one in found)
    if not only_chains and all(one.name.startswith(CHAINS) for one in judged):
        general.append(reason("nothing", ""))
    case = _Case(files, judged, [one for one in own if one.is_support], known, roots, anchors, general)
    case.examine()
    for exhibit in judged:
        exhibit.reasons = list(dict.fromkeys(exhibit.reasons))
    receipts = tuple(_judgement(exhibit) for exhibit in judged)
    general = list(dict.fromkeys(general))
    overall = worst((verdict_of(general), *(receipt.verdict for receipt in receipts)))
    beside = [Aside("other-world", one.name, one.head.origin) for one in foreign if one.head]
    beside += case.aside(others)
    return Judgement(
        overall, receipts, tuple(general), case.fingerprint(), anchors is not None, tuple(beside)
    )


def verify_receipt(data: bytes, anchors: Anchors | None = None) -> Judgement:
    """The verdict on one receipt and nothing else, which can only be INCOMPLETE or INVALID."""
    return verify_case({"receipts/one.receipt": data}, anchors)


@dataclass
class _Case:
    """The evidence on the table: the exhibits that are judged, and those in `heads/`, which only support them."""

    files: Mapping[str, bytes]
    judged: list[Exhibit]
    support: list[Exhibit]
    documents: Documents
    roots: Mapping[str, Vkey]
    anchors: Anchors | None
    general: list[Reason]
    committees: Committees = field(init=False)
    beside: list[Aside] = field(default_factory=list)

    @property
    def found(self) -> list[Exhibit]:
        """All exhibits of this log."""
        return self.judged + self.support

    def examine(self) -> None:
        """Fills the reasons of every exhibit and of the whole."""
        self.committees = exhibits.chains_from(self.roots, self.found)
        signed = Checkpoints(self.committees, self.keys_at, self._gaps())
        self._check_checkpoints(signed)
        if any(exhibit.signed and exhibit.kind == "root" and not exhibit.is_placed for exhibit in self.found):
            # what their places in the log said no longer counts
            rest = [exhibit for exhibit in self.found if exhibit.is_placed]
            self.committees = exhibits.chains_from(self.roots, rest)
        self._check_anchors()
        self.general += self.documents.other_committees(self.committees)
        if self._first_relay():
            placed = [one for one in self.found if one.is_placed]
            self.general += documents.check_policies(self.files, placed, self.committees, self.keys_at)
        trees = self._trees(signed)
        context = evidence_rules.Context(
            exhibits=self.judged,
            support=self.support,
            committees=self.committees,
            profiles=self.documents.profiles,
            calendars=self.documents.calendars,
            cosigned=sorted(signed.cosigned),
            trees=trees,
            keys_at=self.keys_at,
        )
        evidence_rules.check(context)
        book = calendars_on_table(self.committees, self.documents.profiles, context.placed())
        self.general += self.documents.missing(self.committees, book)
        self._check_case(context, book, signed)
        self._blame_forks(trees)
        for exhibit in self.support:
            self.general += (one for one in exhibit.reasons if one.verdict == Verdict.INVALID)

    def keys_at(self, size: int, at: datetime) -> Sequence[tuple[Vkey, Vkey]]:
        """The relay's keys that may have signed a tree of `size` leaves, or entry `size`, at the time `at`.

        None where the document of the profile that names them is not here.
        """
        profiles, changes = self.documents.profiles, self.committees.profiles()
        if not changes:
            return [self.anchors.relay] if self.anchors and self.anchors.relay else []
        past = [change for change in changes if change.index < size] or changes[:1]
        if past[-1].document not in profiles:
            return []
        keys = [profiles[past[-1].document].relay.vkeys]
        old = profiles.get(past[-2].document) if len(past) > 1 else None
        if old is not None and at <= self._accepted(past[-1].index) + _CHANGE_OF_KEYS:
            keys.append(old.relay.vkeys)
        return keys

    def fingerprint(self) -> str | None:
        """The digits of the keys that this evidence rests on."""
        relay = self.anchors.relay if self.anchors and self.anchors.relay else self._first_relay()
        witnesses = self._first_witnesses()
        if not relay or not self.roots or witnesses.keys() != self.roots.keys():
            return None
        return fingerprints.digits(relay[0].name, relay, self.roots, witnesses)

    def aside(self, others: Iterable[str]) -> Iterator[Aside]:
        """The files that nothing vouches for."""
        signed = [one for one in self.found if one.signed]
        links = (link.statement for chain in self.committees.chains.values() for link in chain.links)
        vouched = {getattr(one, "document", "") for one in links}
        vouched |= {made.calendar for sha, made in self.documents.profiles.items() if sha in vouched}
        for one in signed:
            vouched.add(
                getattr(one.statement, "calendar" if isinstance(one.statement, Due) else "document", "")
            )
        names = (self.documents.names.get(sha, ()) for sha in vouched)
        yield from self.beside
        yield from documents.aside(
            self.files,
            others,
            frozenset(name for found in names for name in found) | {case_file.NAME},
            frozenset(one.signed.note for one in signed if one.signed),
        )

    def _trees(self, signed: Checkpoints) -> Trees:
        """What all proofs under attested keys say of the tree."""
        trees = Trees()
        for exhibit in self.found:
            if exhibit.proof and exhibit.head and exhibit.proof.checkpoint in signed.attested:
                trees.take(exhibit.name, exhibit.ranges())
        if (before := signed.attested.get(self.files.get(_BEFORE, b""))) and before.size:
            trees.take(_BEFORE, [(0, before.size, before.root)])
        trees.close()
        return trees

    def _blame_forks(self, trees: Trees) -> None:
        by_name = {exhibit.name: exhibit for exhibit in self.found}
        for one in trees.between():
            for name, other in ((one.one, one.other), (one.other, one.one)):
                detail = f"entries {one.range[0]} to {one.range[1] - 1} are others in {other}"
                if name in by_name:
                    by_name[name].blame("fork", detail)
                else:
                    self.general.append(reason("fork", name, detail))

    def _check_case(
        self, context: evidence_rules.Context, book: CalendarBook | None, signed: Checkpoints
    ) -> None:
        data = self.files.get(case_file.NAME)
        if data is None:
            return
        size = max((head.size for head in signed.attested.values()), default=0)
        known = book.with_documents(*self.documents.calendars.values()) if book else None
        placed = context.placed().values()
        match case_file.hold(data, placed, self.documents.profiles, known, self.committees, size):
            case Reason() as differs:
                self.general.append(differs)
            case Aside() as beside:
                self.beside.append(beside)

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

    def _check_checkpoints(self, signed: Checkpoints) -> None:
        for exhibit in self.found:
            if not exhibit.proof or not exhibit.head:
                continue
            if not self.keys_at(exhibit.head.size, _NEVER):
                exhibit.blame("no-profile")
                continue
            exhibit.finality, trouble = signed.examine(exhibit.proof.checkpoint)
            for code, detail in trouble:
                exhibit.blame(code, detail)
        if (before := self.files.get(_BEFORE)) and self.keys_at(0, _NEVER):
            self.general += (reason(code, _BEFORE, detail) for code, detail in signed.examine(before)[1])

    def _accepted(self, index: int) -> datetime:
        """When the relay accepted the root statement at `index`; where that is not shown, its own time."""
        root = self.committees.root_at(index)
        return self._acceptances.get(root.id, root.statement.time)

    @cached_property
    def _acceptances(self) -> Mapping[str, datetime]:
        """By the id of what the relay says that it accepted, when it first did."""
        found = [one.statement for one in self.found if one.signed and isinstance(one.statement, Acceptance)]
        return {one.of: one.time for one in sorted(found, key=lambda one: one.time, reverse=True)}

    def _first_relay(self) -> tuple[Vkey, Vkey] | None:
        for change in self.committees.profiles():
            if change.document in self.documents.profiles:
                return self.documents.profiles[change.document].relay.vkeys
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
