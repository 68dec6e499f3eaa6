"""The bytes that are in users' hands: what is spelled in one way only, and what was drawn once and stays readable.

`python -m tests.frozen.make_bytes` draws anew what is random (an age header, ML-DSA signatures) where it is missing;
all else `python -m tests.frozen` writes. Keys are those of the tests, fixed by name.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from unittest import mock

from tests.client.agreement import PASSPHRASE as SECRET
from tests.frozen.command_line import run
from tests.frozen.life import FROZEN
from tests.frozen.life_cases import LETTER
from tests.frozen.make_folders import LIFE, pack, unpack
from tests.frozen.statement_samples import APPROVER, CA_CLERK, CASE, CLERK, RELAY, ROUND, sha, statements
from tests.protocol.make_examples import story
from tests.protocol.strategies import seed, signer, signers_for
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

BYTES: Final = Path(__file__).parent / "bytes"
EVIDENCE: Final = BYTES / "evidence.tar.xz"
FILES: Final = {"Công văn.pdf": b"%PDF-1.7 x\n", "x" * 101 + ".txt": b"y" * 513, "trống.txt": b""}
PASSPHRASE: Final = b"mot hai ba bon nam"
FILE_KEY, NONCE = seed("file key")[:16], seed("payload nonce")[:16]


def identity() -> Identity:
    """What opens the committed package."""
    return Identity(seed(f"{CA_CLERK} sealing"))


# --- statements


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
