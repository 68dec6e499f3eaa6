"""The bytes that are in users' hands: what is spelled in one way only, and what was drawn once and stays readable.

`python -m tests.frozen.make_bytes` draws anew what is random (an age header, ML-DSA signatures) where it is missing;
all else `python -m tests.frozen` writes. Keys are those of the tests, fixed by name.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from unittest import mock

from tests.client.agreement import PASSPHRASE as SECRET
from tests.frozen.command_line import run
from tests.frozen.life import FROZEN, LETTER
from tests.frozen.make_folders import LIFE, pack, unpack
from tests.protocol.make_examples import nonce, story
from tests.protocol.strategies import recipient, seed, signer, signers_for, witness_vkey
from tests.protocol.world import ORIGIN, World
from tests.protocol.world import witness as world_witness

from kynhan_client.clock import Clock
from kynhan_keys import age, notes, stream
from kynhan_keys.identities import KeyFile, format_key_file
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_protocol.evidence import bundle
from kynhan_protocol.package import manifest, package, qr_text
from kynhan_protocol.package.manifest import CopyEntry, FileEntry, Manifest
from kynhan_protocol.package.qr_text import Reference
from kynhan_protocol.statements import codes, signing
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    HashSize,
    Membership,
    Opening,
    ProfileAttestation,
    Receipt,
    Reminder,
    Revocation,
    Seen,
    Statement,
    Succession,
    Withdrawal,
)

BYTES: Final = Path(__file__).parent / "bytes"
EVIDENCE: Final = BYTES / "evidence.tar.xz"
CCQ, CA, RELAY = "ccq.example", "cand.example", "relay.example/kynhan"
CLERK, APPROVER, CA_CLERK, WITNESS = f"{CCQ}/van-thu", f"{CCQ}/duyet", f"{CA}/van-thu", f"{CCQ}/doi-chung"
CASE, ROUND = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11", "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a22"
AT = datetime(2026, 11, 23, 2, 12, 31, tzinfo=UTC)
FILES: Final = {"Công văn.pdf": b"%PDF-1.7 x\n", "x" * 101 + ".txt": b"y" * 513, "trống.txt": b""}
PASSPHRASE: Final = b"mot hai ba bon nam"
FILE_KEY, NONCE = seed("file key")[:16], seed("payload nonce")[:16]


def identity() -> Identity:
    """What opens the committed package."""
    return Identity(seed(f"{CA_CLERK} sealing"))


def sha(label: str) -> str:
    """The hash of something that is not shown."""
    return hashlib.sha256(label.encode()).hexdigest()


# --- statements


def statements() -> Iterator[tuple[str, Statement]]:
    """Every type twice or more by name: with everything that may be absent absent, and with all of it there."""
    close: dict[str, Any] = {"time": AT, "nonce": nonce("frozen")}
    first: dict[str, Any] = {"committee": CCQ, "number": 1, "previous": None, **close}
    later: dict[str, Any] = {"committee": CCQ, "number": 12, "previous": sha("link 11"), **close}
    unseen: dict[str, Any] = {"relay": RELAY, "seen": Seen(0, bytes(32)), "head": (sha("head"),), **close}
    member: dict[str, Any] = {
        "relay": RELAY,
        "seen": Seen(1204, seed("root")),
        "head": tuple(sorted((sha("head"), sha("other head")))),
        **close,
    }
    relay: dict[str, Any] = {"relay": RELAY, **close}
    yield from _root(first, later)
    yield from _dispatches(unseen, member)
    for kind, code in ((Decline, "not-competent"), (Withdrawal, "mistake"), (Destruction, "recalled")):
        by = CLERK if kind is Withdrawal else CA_CLERK
        yield kind.__name__.lower(), kind(dispatch=sha("dispatch"), by=by, code=code, **member)
    yield "receipt", Receipt(dispatch=sha("dispatch"), by=CA_CLERK, **member)
    opening: dict[str, Any] = {"dispatch": sha("dispatch"), "by": CA_CLERK, **member}
    yield "opening", Opening(manifest=sha("manifest"), result="verified", code=None, **opening)
    yield "opening-faulty", Opening(manifest=sha("manifest"), result="faulty", code="manifest", **opening)
    yield "opening-no-stanza", Opening(manifest=None, result="faulty", code="no-stanza", **opening)
    yield "opening-undelivered", Opening(manifest=None, result="undelivered", code=None, **opening)
    approval: dict[str, Any] = {"by": APPROVER, "document": sha("calendar"), **member}
    yield "calendar-bare", CalendarApproval(decision=None, replaces=None, **approval)
    yield "calendar-full", CalendarApproval(decision="12729/VPCP-KGVX", replaces=sha("before"), **approval)
    yield "acceptance", Acceptance(of=sha("dispatch"), **relay)
    yield "handover", Handover(of=sha("receipt"), dispatch=sha("dispatch"), **relay)
    yield from _dues(relay)
    reminder: dict[str, Any] = {"case": CASE, "due": sha("due"), **relay}
    for step in ("-10", "0", "+1", "unsigned+3"):
        yield f"reminder{step}", Reminder(step=step, to=(CA_CLERK,), **reminder)
    yield "reminder-of-many", Reminder(step="-1", to=tuple(sorted((CA, f"{CA}/pa03", CA_CLERK))), **reminder)


def _root(first: dict[str, Any], later: dict[str, Any]) -> Iterator[tuple[str, Statement]]:
    valid: dict[str, Any] = {
        "not_before": datetime(2026, 11, 1, tzinfo=UTC),
        "not_after": datetime(2028, 11, 1, 23, 59, 59, tzinfo=UTC),
    }
    clerk: dict[str, Any] = {
        "member": CLERK,
        "holder": "Phòng Văn thư",
        "signing": signer(CLERK).vkey,
        **valid,
    }
    yield "membership", Membership(role=("clerk",), sealing=recipient(CLERK), **clerk, **first)
    roles = ("approver", "auditor", "clerk", "unit")
    yield "membership-of-many-roles", Membership(role=roles, sealing=None, **clerk, **later)
    witness: dict[str, Any] = {
        "member": WITNESS,
        "holder": "Máy đối chứng",
        "signing": witness_vkey(WITNESS),
        **valid,
    }
    yield "membership-witness", Membership(role=("witness",), sealing=None, **witness, **later)
    yield "revocation", Revocation(member=CLERK, key=signer(CLERK).vkey, code="lost", **later)
    yield (
        "revocation-witness",
        Revocation(member=WITNESS, key=witness_vkey(WITNESS), code="replaced", **later),
    )
    yield "profile", ProfileAttestation(document=sha("profile"), **later)
    yield "succession", Succession(root=signer(CCQ, "new").vkey, code="planned", **later)


def _dispatches(unseen: dict[str, Any], member: dict[str, Any]) -> Iterator[tuple[str, Statement]]:
    every: dict[str, Any] = {
        "case": CASE,
        "from_": CLERK,
        "header": HashSize(sha("header"), 3184),
        "body": HashSize(sha("body"), 48234496),
        "profile": sha("profile"),
    }
    absent: dict[str, Any] = dict.fromkeys(("about", "term", "urgency", "approver", "regarding", "due"))
    bare = Dispatch(kind="message", to=CA, sealed=(sha("one"),), **absent, **every, **unseen)
    yield "dispatch-bare", bare
    yield (
        "dispatch-full",
        Dispatch(
            kind="correction",
            about=ROUND,
            term="in-country",
            urgency="hoa-toc",
            approver=APPROVER,
            to=CA_CLERK,
            sealed=tuple(sorted((sha("one"), sha("two"), sha("three")))),
            regarding=sha("regarded"),
            due=date(2027, 1, 26),
            **every,
            **member,
        ),
    )
    for kind in codes.KINDS:
        yield f"dispatch-{kind}", replace(bare, kind=kind)


def _dues(relay: dict[str, Any]) -> Iterator[tuple[str, Statement]]:
    every: dict[str, Any] = {
        "case": CASE,
        "dispatch": sha("dispatch"),
        "profile": sha("profile"),
        "calendar": sha("calendar"),
        "due": date(2027, 1, 26),
        **relay,
    }
    absent: dict[str, Any] = dict.fromkeys(("start", "basis", "replaces"))
    present: dict[str, Any] = {name: sha(name) for name in absent}
    yield "due-bare", Due(term="foreign", provisional=False, because="receipt", **absent, **every)
    for because in codes.DUE_REASONS:
        yield f"due-{because}", Due(term="in-country", provisional=True, because=because, **present, **every)


def notes_of_statements() -> dict[str, bytes]:
    """The signed note of each, by file name."""
    return {
        f"statements/{name}.note": signing.sign(one, *signers_for(one)).note for name, one in statements()
    }


# --- manifest and package


def manifests() -> dict[str, Manifest]:
    """One with all that it can say, one with as little as it can say, by file name."""
    full = story()[1].manifest
    entries = tuple(
        FileEntry(
            hashlib.sha256(data).hexdigest(),
            len(data),
            "application/pdf",
            role,
            pages,
            not pages,
            bool(pages),
            name,
        )
        for (name, data), role, pages in zip(
            FILES.items(), ("cover", "enclosure", "list"), (2, None, None), strict=True
        )
    )
    full = replace(
        full,
        about=ROUND,
        regarding=sha("regarded"),
        due=date(2027, 1, 26),
        secret_until=date(2030, 1, 1),
        circulation="Không phổ biến",
        reply_to="Số 12-CV/TU",
        wish_date=date(2026, 12, 1),
        file=entries,
    )
    optional = (
        *("about", "subject", "term", "urgency", "approver", "regarding", "due", "form", "issuer", "parent"),
        *("doctype", "number", "symbol", "printed", "place", "issued", "authority", "position", "signer"),
        *("pages", "secret_until", "circulation", "enclosures", "reply_to", "wish_date", "drafting"),
    )
    bare = replace(full, **dict.fromkeys(optional), copy=(), file=(), kind="message")
    paper = CopyEntry("paper", 3, "archive", "Lưu Văn thư")
    return {
        "manifest-full.note": full,
        "manifest-bare.note": bare,
        "manifest-copy.note": replace(bare, copy=(paper,)),
    }


def notes_of_manifests() -> dict[str, bytes]:
    """The signed note of each, by file name."""
    return {name: manifest.sign(one, signer(one.from_)).note for name, one in manifests().items()}


def plaintext() -> bytes:
    """The tar inside a package: manifest, checkpoint, a name beyond ASCII, one that is too long, an empty file."""
    note = notes_of_manifests()["manifest-full.note"]
    entries = manifests()["manifest-full.note"].file
    files = [(entry, (data,)) for entry, data in zip(entries, FILES.values(), strict=True)]
    return b"".join(package.write(note, b"relay.example/kynhan\n0\n" + b"A" * 43 + b"=\n", files))


def payload() -> bytes:
    """The body of the package: nonce and sealed chunks."""
    return b"".join(stream.seal_payload(FILE_KEY, NONCE, [plaintext()]))


def signed_note() -> bytes:
    """A note of any text, signed by two."""
    return notes.format(notes.sign("Ký nhận\nhai dòng\n", signer(CLERK), signer(APPROVER)))


def words() -> bytes:
    """Every word of a fixed set that a statement or manifest may use."""
    sets = {name: value for name, value in vars(codes).items() if name.isupper()}
    return (json.dumps(sets, ensure_ascii=False, indent=1) + "\n").encode()


def key_files() -> dict[str, bytes]:
    """A member's key file in clear and under a passphrase, as a home and a backup have it."""
    keys = KeyFile(
        CA_CLERK,
        sealing=(seed(f"{CA_CLERK} sealing"), seed("the key before")),
        **{name: seed(f"{CA_CLERK} {name}") for name in ("signing", "witness", "root", "archive")},
    )
    text = format_key_file(keys).encode()
    sealed = age.seal_bytes_with_passphrase(
        text, PASSPHRASE, file_key=FILE_KEY, nonce=NONCE, salt=seed("salt")[:16], work_factor=10
    )
    return {"keys.txt": text, "keys.age": sealed}


def qr_texts() -> dict[str, bytes]:
    """What the codes on paper say."""
    receipt = Reference(RELAY, 7, sha("receipt"), 12, sha("root"))
    return {
        "receipt.qr": qr_text.format(receipt).encode(),
        "case.qr": qr_text.format(replace(receipt, case=CASE)).encode(),
    }


def fixed() -> dict[str, bytes]:
    """All that is the same at every making, by file name below bytes/."""
    return {
        **notes_of_statements(),
        **notes_of_manifests(),
        **key_files(),
        **qr_texts(),
        "package.tar": plaintext(),
        "package.body": payload(),
        "signed.note": signed_note(),
        "words.json": words(),
    }


DRAWN: Final = (
    "package.header",
    "checkpoint",
    "policy",
    "request.receipt",
    "evidence.tar.xz",
    "evidence.json",
)


def drawn() -> dict[str, bytes]:
    """What is never the same twice: an age header, a cosigned checkpoint with its policy, a receipt under it."""
    world = World.founded()
    sent = world.request()
    world.receipt(sent)
    world.opening(sent)
    world.cosign()
    policy = bundle.policy(world_witness(ORIGIN).vkey, world.committees, len(world.log), world.now)
    return {
        "package.header": age.make_header(FILE_KEY, [identity().recipient()]),
        "checkpoint": world.cosigned[-1],
        "policy": policy,
        "request.receipt": world.receipt_file(sent.index),
    }


# --- evidence, as a home gives it out


def evidence(home: Path, out: Path) -> None:
    """What CCQ's frozen home, unpacked to `home`, gives out of its finished case: a folder, a bundle, a report."""
    unpack(LIFE, home)
    (home / "secret").write_bytes(SECRET)
    answered = next(one["case"] for one in _kynhan(home, "cases")["cases"] if one["title"] == LETTER.title)
    receipts = _kynhan(home, "receipts", answered)["receipts"]
    handed = next(one["id"] for one in receipts if one["type"] == "handover")
    _kynhan(home, "receipts", answered, "--out", str(out / "case"))
    _kynhan(home, "receipts", "--bundle", handed, "--out", str(out / "bundle.tar"))
    period = ("--from", "2026-03-02", "--to", "2026-03-03", "--at", "2026-03-04T00:00:00+07:00")
    _kynhan(home, "report", "make", *period, "--format", "json", "--out", str(out / "report"))


def _kynhan(home: Path, *words: str) -> Any:
    opened = ("--home", str(home / "ccq.example"), "--passphrase-file", str(home / "secret"))
    ran = run("kynhan", *opened, *words, "--json")
    assert ran.status == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def main() -> None:
    """Draws what is missing."""
    BYTES.mkdir(exist_ok=True)
    for name, data in drawn().items():
        if not (BYTES / name).exists():
            (BYTES / name).write_bytes(data)
    if not EVIDENCE.exists():
        with tempfile.TemporaryDirectory() as folder:
            with mock.patch.object(Clock, "posix", lambda _: int(FROZEN.timestamp())):
                (Path(folder) / "out").mkdir()
                evidence(Path(folder) / "home", Path(folder) / "out" / "evidence")
            names = sorted(path.name for path in (Path(folder) / "out" / "evidence").iterdir())
            EVIDENCE.write_bytes(pack(Path(folder) / "out" / "evidence", names))


if __name__ == "__main__":
    main()
