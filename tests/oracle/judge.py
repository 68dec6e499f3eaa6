"""An independent judge of a case's folder: whether what is shown is proved.

Like reader.py it shares no code with Kynhan, and was written from docs/spec/evidence.md and the public specifications.
It knows no rule of a case and counts no date: it asks whether each statement that a folder shows is signed by who was
certified, stands in the one log whose keys both committees attest, has its time, and has beside it what it names. Of a
folder whose statements are all lawful, VALID may be said of what has no doubt here, and of nothing else.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.oracle import reader
from tests.oracle.reader import Receipt, RefusedError, Vkey, require
from tlog_scales.signing import NoteSignature
from tlog_scales.tlog import InclusionProof

ROOT_KINDS = ("membership", "revocation", "profile", "succession")
RELAY_KINDS = ("acceptance", "handover", "due", "reminder")
SUPPORT = "heads/"
RECEIPT_KEYS = {"of", "dispatch", "start", "basis", "replaces"}


@dataclass
class Item:
    """One receipt file that could be read."""

    name: str
    receipt: Receipt
    kind: str
    fields: dict[str, list[str]]
    text: bytes
    signatures: list[NoteSignature]

    @property
    def index(self) -> int:
        return self.receipt.index

    @functools.cached_property
    def id(self) -> str:
        return hashlib.sha256(self.receipt.statement).hexdigest()

    def one(self, name: str) -> str:
        """The value of a field; "-" where there is none."""
        return self.fields.get(name, ["-"])[0]

    @property
    def committee(self) -> str:
        """The committee of who signed."""
        return self.one("committee" if self.kind in ROOT_KINDS else self.author).split("/")[0]

    @property
    def author(self) -> str:
        return "from" if self.kind == "dispatch" else "by"

    @property
    def is_shown(self) -> bool:
        return not self.name.startswith(SUPPORT)


@dataclass
class Chain:
    """A committee's root statements in the order of the log, as far as they follow from its root key."""

    root: Vkey
    links: list[Item] = field(default_factory=list)

    def take(self, item: Item) -> None:
        """Appends the next one. Raises RefusedError."""
        before = self.links[-1].id if self.links else "-"
        require(item.one("number") == str(len(self.links) + 1), "a number is missing")
        require(item.one("previous") == before, "another one stands before it")
        require(not self.links or item.index > self.links[-1].index, "not in the order of the log")
        keys = [self.root]
        if (
            item.kind == "membership"
            and (own := reader.read_vkey(item.one("signing"))).sig_type == reader.ED25519
        ):
            keys.append(own)
        if item.kind == "succession":
            keys.append(reader.read_vkey(item.one("root")))
            self.root = keys[-1]
        check_signatures(item, keys)
        self.links.append(item)

    def key(self, member: str, index: int) -> Vkey | None:
        """The member's key in force for a statement at `index`."""
        found, revoked = None, set()
        for link in self.links:
            if link.index < index and link.one("member") == member:
                found = link.one("signing") if link.kind == "membership" else found
                revoked |= {link.one("key")} if link.kind == "revocation" else set()
        return reader.read_vkey(found) if found is not None and found not in revoked else None


def check_signatures(item: Item, keys: list[Vkey]) -> None:
    """The lines are those of these keys, in this order. Raises RefusedError."""
    require(len(item.signatures) == len(keys), "another number of signatures")
    for line, vkey in zip(item.signatures, keys, strict=True):
        reader.check_note_signature(item.text, line, vkey)


@functools.lru_cache(maxsize=1024)
def _line_holds(line: NoteSignature, key: str, checkpoint: str) -> bool:
    vkey = reader.read_vkey(key)
    try:
        vkey.get_verifier().verify_note(line, reader.read_checkpoint(checkpoint))
    except Exception:
        return False
    return True


@dataclass
class Judge:
    """A folder on the table; `doubts` are a file's name and why it is not proved."""

    files: Mapping[str, bytes]
    doubts: list[tuple[str, str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    chains: dict[str, Chain] = field(default_factory=dict)
    profiles: list[tuple[int, str]] = field(default_factory=list)

    def doubt(self, name: str, why: str) -> None:
        self.doubts.append((name, why))

    def judge(self) -> list[tuple[str, str]]:
        """Every doubt there is; none if all that is shown is proved."""
        try:
            roots = [reader.read_vkey(line) for line in self.files["roots"].decode().splitlines()]
            self.chains = {vkey.name: Chain(vkey) for vkey in roots}
        except (KeyError, ValueError, RefusedError):
            self.doubt("roots", "not there, or not to be read")
            return self.doubts
        self._read()
        self._profile()
        self._chains()
        self._attested()
        self._trees()
        for item in self.items:
            if item.is_shown:
                try:
                    self._check(item)
                except RefusedError as error:
                    self.doubt(item.name, str(error))
        if not any(item.is_shown for item in self.items):
            self.doubt("", "nothing is shown")
        return self.doubts

    def _read(self) -> None:
        for name, data in sorted(self.files.items()):
            if name.endswith(".receipt"):
                try:
                    receipt = reader.read_receipt(data)
                    kind, fields, text, lines = reader.read_statement(receipt.statement)
                except Exception as error:
                    self.doubt(name, f"not to be read: {error}")
                    continue
                kind = kind.removeprefix("kynhan/").removesuffix("@v1")
                self.items.append(Item(name, receipt, kind, fields, text, lines))

    def _documents(self) -> Iterator[tuple[str, dict[str, object]]]:
        for data in self.files.values():
            try:
                document = json.loads(data)
            except ValueError:
                continue
            if isinstance(document, dict):
                yield hashlib.sha256(data).hexdigest(), document

    def _profile(self) -> None:
        """Whose log it is: that named by a profile which a root of ours signed for; the rest is another world."""
        named = {
            sha: document["relay"]["origin"]  # type: ignore[index]
            for sha, document in self._documents()
            if document.get("kynhan") == "profile@v1"
        }
        ours = {
            named.get(item.one("document"))
            for item in self.items
            if item.kind == "profile" and item.committee in self.chains
        }
        self.items = [
            item for item in self.items if item.receipt.checkpoint.origin in ours or not ours - {None}
        ]

    def _chains(self) -> None:
        seen: set[str] = set()
        attested: dict[str, set[str]] = {}
        for item in sorted(self.items, key=lambda one: one.index):
            if item.kind not in ROOT_KINDS or item.id in seen:
                continue
            seen.add(item.id)
            try:
                require(item.committee in self.chains, "of a committee whose root is not here")
                self.chains[item.committee].take(item)
            except RefusedError as error:
                self.doubt(item.name, str(error))
                continue
            if item.kind == "profile":
                by = attested.setdefault(item.one("document"), set())
                by.add(item.committee)
                if by == set(self.chains):
                    self.profiles.append((item.index, item.one("document")))

    def _attested(self) -> None:
        """The documents in force are here, and the committees are those of them."""
        documents = dict(self._documents())
        if not self.profiles:
            self.doubt("profile", "none is attested by both")
        for _, sha in self.profiles:
            if sha not in documents:
                self.doubt("profile", f"{sha} is missing")
                continue
            parties = documents[sha]["parties"]
            assert isinstance(parties, dict)
            if {party["committee"] for party in parties.values()} != set(self.chains):
                self.doubt("roots", "not those of the committees of the profile")
            if documents[sha]["calendar"] not in documents:
                self.doubt("calendar", "the profile's is missing")
        for name in self.files:
            if name.startswith("policy") and self.profiles:
                try:
                    policy = reader.read_policy(self.files[name])
                    for item in self.items:
                        if item.is_shown:
                            reader.check_policy(item.receipt.checkpoint, policy)
                except Exception as error:
                    self.doubt(name, str(error))

    def _relay_keys(self, size: int) -> list[Vkey]:
        documents = dict(self._documents())
        past = [sha for index, sha in self.profiles if index < size] or [sha for _, sha in self.profiles[:1]]
        require(bool(past) and past[-1] in documents, "the profile that names the relay's keys is missing")
        relay = documents[past[-1]]["relay"]
        assert isinstance(relay, dict)
        return [reader.read_vkey(relay["ed25519"]), reader.read_vkey(relay["ml-dsa-44"])]

    def _is_signed(self, item: Item) -> bool:
        """Whether its tree is the relay's, and every other line that of a witness in force."""
        checkpoint = item.receipt.checkpoint
        try:
            keys = self._relay_keys(checkpoint.size)
            leaf = hashlib.sha256(b"\0" + bytes.fromhex(item.id)).digest()
            InclusionProof(item.index, checkpoint.size, item.receipt.path).check(leaf, checkpoint.root_hash)
            lines = checkpoint.signatures
            witnesses = [self._key(line.name, checkpoint.size) for line in lines[2:]]
            require(
                len(lines) >= 2 and len({line.name for line in lines[1:]}) == len(lines) - 1, "a line twice"
            )
        except Exception:
            return False
        return all(
            vkey is not None and _line_holds(line, vkey.serialize(), checkpoint.serialize())
            for line, vkey in zip(lines, [*keys, *witnesses], strict=True)
        )

    def _key(self, name: str, index: int) -> Vkey | None:
        chain = self.chains.get(name.split("/")[0])
        return chain.key(name, index) if chain else None

    def _trees(self) -> None:
        """Every range of leaves has one hash, also where it follows from its halves."""
        known: dict[tuple[int, int], bytes] = {}
        for item in self.items:
            if not self._is_signed(item):
                self.doubt(item.name, "not under a tree of the relay's")
                continue
            for place, hash_ in ranges(item):
                if known.setdefault(place, hash_) != hash_:
                    self.doubt(item.name, f"another hash of {place}")
        for (start, end), hash_ in known.items():
            found = whole(known, start, end) if end - start > 1 else None
            if found is not None and found != hash_:
                self.doubt("", f"the halves of {start}-{end} give another hash")
        self.known = known

    def _check(self, item: Item) -> None:
        shown = {one.id: one for one in self.items if one.is_shown}
        require(
            item.kind in RELAY_KINDS or item.committee in self.chains, "of a committee whose root is not here"
        )
        if item.kind in ROOT_KINDS:
            require(any(item.id == link.id for link in self.chains[item.committee].links), "in no chain")
            return
        for committee, chain in self.chains.items():
            require(self._is_closed(item, committee, chain), f"the chain of {committee} may go on")
        for name in ("of", "dispatch", "start", "basis", "replaces"):
            require(item.one(name) == "-" or item.one(name) in shown, f"{name} is not here")
        if item.kind in RELAY_KINDS:
            check_signatures(item, self._relay_keys(item.index)[:1])
            return
        for number, who in enumerate(
            name for name in (item.one(item.author), item.one("approver")) if name != "-"
        ):
            key = self._key(who, item.index)
            require(key is not None, f"{who} is not certified")
            assert key
            reader.check_note_signature(item.text, item.signatures[number], key)
        naming = [one for one in shown.values() if one.one("of") == item.id]
        require([one.index for one in naming] == [item.index + 1], "its log time is not here")
        size, _, root = item.one("seen").partition(" ")
        require(int(size) <= item.index, "seen beyond its place")
        found = whole(self.known, 0, int(size)) if int(size) else hashlib.sha256().digest()
        require(found is None or found == reader.b64(root), "another tree seen")

    def _is_closed(self, item: Item, committee: str, chain: Chain) -> bool:
        """Nothing of that chain is missing up to there: a later link, or a later word of somebody else."""
        if any(link.index > item.index for link in chain.links):
            return True
        last = chain.links[-1].id if chain.links else "-"
        own = "relay" if item.kind in RELAY_KINDS else item.committee
        for other in self.items:
            if other.kind in (*ROOT_KINDS, *RELAY_KINDS) or other.committee not in self.chains:
                continue
            key = self.chains[other.committee].key(other.one(other.author), other.index)
            saw = min(int(other.one("seen").split()[0]), other.index)
            if other.committee != own and key and saw >= item.index and last in other.fields["head"]:
                return True
        return False


def ranges(item: Item) -> Iterator[tuple[tuple[int, int], bytes]]:
    """The hash of each range of leaves on the way up from a leaf, RFC 6962 §2.1.1."""
    way: list[tuple[int, int]] = [(0, item.receipt.checkpoint.size)]
    beside: list[tuple[int, int]] = []
    while way[-1][1] - way[-1][0] > 1:
        low, high = way[-1]
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        into, other = (
            ((low, middle), (middle, high)) if item.index < middle else ((middle, high), (low, middle))
        )
        way.append(into)
        beside.append(other)
    hash_ = hashlib.sha256(b"\0" + bytes.fromhex(item.id)).digest()
    yield way.pop(), hash_
    for place, given in zip(reversed(beside), item.receipt.path, strict=True):
        yield place, given
        above = way.pop()
        pair = given + hash_ if place[0] == above[0] else hash_ + given
        hash_ = hashlib.sha256(b"\1" + pair).digest()
        yield above, hash_


def whole(known: Mapping[tuple[int, int], bytes], start: int, end: int) -> bytes | None:
    """The hash of a range from those of its halves, down to the leaves; None where one is not known.

    For small logs only: it may look at every leaf.
    """
    if end - start == 1:
        return known.get((start, end))
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    parts = [known.get(part) or whole(known, *part) for part in ((start, middle), (middle, end))]
    if parts[0] is None or parts[1] is None:
        return known.get((start, end))
    return hashlib.sha256(b"\1" + parts[0] + parts[1]).digest()


def doubts(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Why not all that a folder shows is proved: a file's name, and a sentence; empty where all is."""
    return Judge(files).judge()
