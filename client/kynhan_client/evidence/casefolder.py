"""The folder of a case's evidence, as `kynhan verify` and independent tools read it (docs/demo.md describes it).

receipts/NNNN-TYPE.receipt    every statement of the case       heads/NNNNNNNN.receipt  later ones that close chains
chains/COMMITTEE/NN.receipt   every root statement              members/*.note          membership statements
policy, policy-ed25519, roots, profile.json, calendar.json, checkpoint, case.json
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kynhan_keys import proofs
from kynhan_protocol.errors import EvidenceError
from kynhan_protocol.evidence import bundle as bundles
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Membership, RootStatement

from ..errors import problem
from ..home import cupboard, durable
from ..home.home import Home
from ..log import receipts, track
from ..log.logbook import Entry, Head
from ..log.view import View


def write(home: Home, case: str, folder: Path) -> list[Path]:
    """Writes the folder of a case from our own copy of the log; gives the paths. Files there are overwritten.

    Every receipt is final whose statement a cosigned checkpoint holds; the others are written as they are, pending.
    Raises ClientError not-found, not-final before anything was cosigned, disk-full.
    """
    files = contents(home, case)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(path, data, mode=0o644)
    return [folder / name for name in files]


def contents(home: Home, case: str) -> dict[str, bytes]:
    """File names and bytes of the folder. Raises ClientError not-found, not-final."""
    receipts.upgrade(home, case)
    view = View(home)
    head = receipts.final_head(home)
    entries = receipts.entries_of(home, case) + receipts.calendars_of(view)
    files: dict[str, bytes] = {}
    for entry in entries:
        proof = _proof(home, entry, head)
        if proof is not None:
            files[f"receipts/{entry.logged.index:04d}-{entry.type}.receipt"] = proof
    ids = {entry.logged.id for entry in entries}
    for entry in receipts.later_heads(home, head):
        if entry.logged.id not in ids:
            files[f"heads/{entry.logged.index:08d}.receipt"] = receipts.issue(home, entry, head)
    files |= _chains(receipts.chain_proofs(home, view, head))
    files |= _documents(home, view, view.case(case).profile)
    try:
        files["policy"], files["policy-ed25519"] = receipts.policies(home, view, head)
    except EvidenceError as error:
        raise problem("not-final", why=error) from error
    files["roots"] = bundles.roots_text(home.relay.root_keys)
    files["checkpoint"] = head.note
    document = track.case_detail(home, case)
    files["case.json"] = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
    return files


def _proof(home: Home, entry: Entry, head: Head) -> bytes | None:
    if entry.logged.index < head.size:
        return receipts.issue(home, entry, head)
    kept = cupboard.receipt(home.archive, entry.logged.id)
    return None if kept is None else kept.proof


def _chains(chain: list[bytes]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for proof in chain:
        note = proofs.parse(proof).extra or b""
        statement = signing.parse(note).statement
        assert isinstance(statement, RootStatement)
        files[f"chains/{statement.committee}/{statement.number:02d}.receipt"] = proof
        if isinstance(statement, Membership):
            files[f"members/{statement.member.replace('/', '_')}-{statement.number:02d}.note"] = note
    return files


def _documents(home: Home, view: View, profile_id: str) -> dict[str, bytes]:
    """profile.json is the one that the case began under, calendar.json the one in force; others bear numbers."""
    profiles, calendars = receipts.documents(home, view)
    own = home.archive.document(profile_id)
    profiles = ([] if own is None else [own]) + [data for data in reversed(profiles) if data != own]
    files: dict[str, bytes] = {}
    for name, found in (("profile", profiles), ("calendar", list(reversed(calendars)))):
        for number, data in enumerate(found):
            files[f"{name}.json" if number == 0 else f"{name}-{number + 1}.json"] = data
    return files
