"""The reader itself: it accepts a small log as it should be, and refuses each of many corruptions."""

import ast
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from kynhan_keys import b64, checkpoints, cosignatures, merkle, notes, proofs, tiles
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.notes import Note
from kynhan_keys.proofs import Proof
from kynhan_keys.vkeys import Signer

HERE = Path(__file__).parent
ORIGIN = "relay.example/kynhan"
ED25519 = Signer.ed25519(ORIGIN, bytes([1]) * 32)
ML_DSA = Signer.ml_dsa_44(ORIGIN, bytes([2]) * 32)
WITNESSES = {
    name: Signer.ml_dsa_44(f"{name}.example/chung-kien", hashlib.sha256(name.encode()).digest())
    for name in ("ccq", "ca")
}
ROOTS = {
    name: Signer.ed25519(f"{name}.example", bytes([at]) * 32) for at, name in enumerate(("ccq", "ca"), 3)
}
CLERK = Signer.ed25519("ccq.example/van-thu", bytes([9]) * 32)
SIZE = 300
STATEMENTS_AT = (0, 1, 255, 256, 299)
TIME = 1795400000
PROFILE, CALENDAR = b'{"profile": 1}\n', b'{"calendar": 1}\n'


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"kynhan_tests_{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


reader = load(HERE / "reader.py")


def membership(root: Signer, member: Signer, *signers: Signer) -> bytes:
    text = (
        f"kynhan/membership@v1\ncommittee {root.vkey.name}\nmember {member.vkey.name}\nholder Văn thư\n"
        f"role clerk\nsigning {member.vkey}\nsealing -\nnumber 1\nprevious -\n"
    )
    return notes.format(notes.sign(text, *signers))


def statement(index: int) -> bytes:
    kind, name, document = {
        0: ("profile", "document", PROFILE),
        1: ("due", "calendar", CALENDAR),
    }.get(index, ("handover", "of", bytes([index % 256])))
    text = f"kynhan/{kind}@v1\n{name} {hashlib.sha256(document).hexdigest()}\nnonce {index}\n"
    return notes.format(notes.sign(text, ED25519))


def build(demo: Path) -> None:
    """A folder as `make demo` leaves it, with a log of 300 entries."""
    entries = [hashlib.sha256(statement(index)).digest() for index in range(SIZE)]
    nodes = {
        (level, index): hash_
        for level, index, hash_ in merkle.new_nodes(0, [merkle.leaf_hash(entry) for entry in entries])
    }

    def get(level: int, index: int) -> bytes:
        return nodes[level, index]

    def sign(size: int) -> Note:
        return checkpoints.sign(Checkpoint(ORIGIN, size, merkle.root(size, get)), ED25519, ML_DSA, TIME)

    def receipt(index: int, size: int, note: Note) -> bytes:
        path = tuple(merkle.inclusion_proof(index, size, get))
        return proofs.format(Proof(statement(index), index, path, notes.format(note)))

    def write(path: str, data: bytes) -> None:
        (demo / path).parent.mkdir(parents=True, exist_ok=True)
        (demo / path).write_bytes(data)

    final = checkpoints.add_cosignatures(
        sign(SIZE),
        [
            cosignatures.sign(witness, ORIGIN, SIZE, merkle.root(SIZE, get), TIME + 60)
            for witness in WITNESSES.values()
        ],
    )
    for index in STATEMENTS_AT:
        write(f"receipts/{index:03d}.receipt", receipt(index, SIZE, final))
    write("chains/ccq.example/01.receipt", receipt(0, 257, sign(257)))
    write("log/checkpoint", notes.format(final))
    for tile in tiles.hash_tiles_for_size(SIZE):
        write(f"log/{tile.path}", tiles.hash_tile(tile, get))
    for tile in tiles.entry_tiles_for_size(SIZE):
        first = tile.index * 256
        write(f"log/{tile.path}", tiles.encode_entries(entries[first : first + tile.width]))
    witnesses = "".join(f"witness {name} {signer.vkey}\n" for name, signer in WITNESSES.items())
    write(
        "policy",
        f"log {ML_DSA.vkey}\n{witnesses}group both all {' '.join(WITNESSES)}\nquorum both\n".encode(),
    )
    write("policy-ed25519", f"log {ED25519.vkey}\nquorum none\n".encode())
    write("roots", "".join(f"{root.vkey}\n" for root in ROOTS.values()).encode())
    write("members/van-thu.note", membership(ROOTS["ccq"], CLERK, ROOTS["ccq"], CLERK))
    write("members/chung-kien.note", membership(ROOTS["ca"], WITNESSES["ca"], ROOTS["ca"]))
    write("profile.json", PROFILE)
    write("calendar.json", CALENDAR)


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    demo = tmp_path_factory.mktemp("oracle") / "demo"
    build(demo)
    return demo


@pytest.fixture
def demo(good: Path, tmp_path: Path) -> Path:
    return shutil.copytree(good, tmp_path / "demo")


def test_the_reader_imports_nothing_of_kynhan() -> None:
    allowed = sys.stdlib_module_names | {"cryptography", "tlog_scales"}
    for node in ast.walk(ast.parse((HERE / "reader.py").read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        assert {name.split(".")[0] for name in names} <= allowed


def test_a_good_folder_is_accepted_and_counted(good: Path) -> None:
    report, lines = reader.read_demo(good)
    assert report.failures == []
    assert report.good
    assert report.held == {
        "receipts read": 5,
        "chain receipts read": 1,
        "receipts under policy": 5,
        "receipts under policy-ed25519": 5,
        "receipts with known signatures only": 5,
        "chain receipts under policy-ed25519": 1,
        "log read": 1,
        "log checkpoint under policy-ed25519": 1,
        "log recomputes to its root": 1,
        "log files as recomputed": 5,
        "entries are SHA-256 of their statements": 6,
        "receipts' trees are the log's": 6,
        "memberships signed by a root": 2,
        "profile.json in statements": 1,
        "calendar.json in statements": 1,
    }
    assert len(lines) == 15


def test_the_command_line_says_so_and_node_verifies_what_it_writes(good: Path, tmp_path: Path) -> None:
    nodejs = load(HERE.parent / "nodejs.py")
    out = tmp_path / "lines.json"
    command = [sys.executable, str(HERE / "reader.py"), str(good), "--mldsa-json", str(out)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "ok     receipts under policy: 5\n" in run.stdout
    script = str(nodejs.interop_dir() / "mldsa.mjs")
    run = subprocess.run([*nodejs.node(), script, str(out)], capture_output=True, text=True, check=False)
    assert json.loads(run.stdout) == {"checked": 15, "failed": []}
    assert run.returncode == 0


def test_the_command_line_fails_where_something_is_wrong(demo: Path) -> None:
    (demo / "profile.json").write_bytes(b"{}\n")
    command = [sys.executable, str(HERE / "reader.py"), str(demo)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "FAILED profile.json in statements: 0\n" in run.stdout


def edit(path: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def apply(demo: Path) -> None:
        before = (demo / path).read_bytes()
        after = change(before)
        assert after != before
        (demo / path).write_bytes(after)

    return apply


def flip(path: str, at: int) -> Callable[[Path], None]:
    return edit(path, lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at:][1:])


def without_line(number: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        lines = data.split(b"\n")
        return b"\n".join(lines[:number] + lines[number + 1 :])

    return change


def other_statement(data: bytes) -> bytes:
    return data.replace(b64.encode(statement(255)).encode(), b64.encode(statement(254)).encode())


def shift_bits(data: bytes) -> bytes:
    """Another spelling of the first hash of the path: the unused bits of its base64 set."""
    lines = data.split(b"\n")
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters[letters.index(lines[3][-2]) + 1]
    lines[3] = lines[3][:-2] + bytes([last]) + b"="
    return b"\n".join(lines)


def other_root(data: bytes) -> bytes:
    lines = data.split(b"\n")
    lines[2] = b64.encode(bytes(32)).encode()
    return b"\n".join(lines)


RECEIPT = "receipts/255.receipt"


@pytest.mark.parametrize(
    ("corrupt", "title"),
    [
        pytest.param(edit(RECEIPT, other_statement), "receipts under policy", id="another statement"),
        pytest.param(
            edit(RECEIPT, lambda data: data.replace(b"index 255", b"index 254")),
            "receipts under policy",
            id="index",
        ),
        pytest.param(edit(RECEIPT, shift_bits), "receipts read", id="base64 not canonical"),
        pytest.param(edit(RECEIPT, without_line(3)), "receipts under policy", id="path too short"),
        pytest.param(edit(RECEIPT, lambda data: data + b"\n"), "receipts read", id="an empty line more"),
        pytest.param(
            edit(RECEIPT, lambda data: data.replace(b"\n300\n", b"\n301\n")),
            "receipts under policy",
            id="size",
        ),
        pytest.param(edit(RECEIPT, without_line(-2)), "receipts under policy", id="a witness missing"),
        pytest.param(edit(RECEIPT, without_line(-4)), "receipts under policy", id="the relay's 0x06 missing"),
        pytest.param(
            edit(RECEIPT, without_line(-5)), "receipts under policy-ed25519", id="the relay's 0x01 missing"
        ),
        pytest.param(
            edit(RECEIPT, lambda data: data + notes.sign("x\n", CLERK).signatures[0].line().encode()),
            "receipts with known signatures only",
            id="an unknown signature line",
        ),
        pytest.param(
            edit(RECEIPT, lambda data: data.replace(b"\n\n\xe2", b"\nextension\n\n\xe2")),
            "receipts read",
            id="an extension line",
        ),
        pytest.param(lambda demo: (demo / RECEIPT).write_bytes(b""), "receipts read", id="an empty receipt"),
        pytest.param(lambda demo: shutil.rmtree(demo / "receipts"), "receipts read", id="no receipts"),
        pytest.param(
            lambda demo: shutil.rmtree(demo / "members"), "memberships signed by a root", id="no members"
        ),
        pytest.param(flip("log/tile/0/000", 100), "log files as recomputed", id="a tile of leaves"),
        pytest.param(flip("log/tile/0/001.p/44", 100), "log files as recomputed", id="a partial tile"),
        pytest.param(flip("log/tile/1/000.p/1", 5), "log files as recomputed", id="a tile above"),
        pytest.param(flip("log/tile/entries/000", 100), "log recomputes to its root", id="an entry"),
        pytest.param(
            edit("log/tile/entries/001.p/44", lambda data: data + b"\0\0"),
            "log files as recomputed",
            id="one more entry",
        ),
        pytest.param(
            lambda demo: (demo / "log/tile/0/000").unlink(), "log files as recomputed", id="a tile gone"
        ),
        pytest.param(lambda demo: (demo / "log/tile/entries/000").unlink(), "log read", id="a bundle gone"),
        pytest.param(
            edit("log/checkpoint", other_root),
            "log recomputes to its root",
            id="the log's root",
        ),
        pytest.param(
            flip("chains/ccq.example/01.receipt", 60), "chain receipts under policy-ed25519", id="a chain"
        ),
        pytest.param(flip("members/van-thu.note", 90), "memberships signed by a root", id="a membership"),
        pytest.param(
            edit("members/van-thu.note", lambda data: membership(ROOTS["ccq"], CLERK, ROOTS["ca"], CLERK)),
            "memberships signed by a root",
            id="another committee's root",
        ),
        pytest.param(
            edit("members/van-thu.note", lambda data: membership(ROOTS["ccq"], CLERK, ROOTS["ccq"])),
            "memberships signed by a root",
            id="no proof of possession",
        ),
        pytest.param(flip("profile.json", 3), "profile.json in statements", id="the profile"),
        pytest.param(flip("calendar.json", 3), "calendar.json in statements", id="the calendar"),
    ],
)
def test_a_corruption_is_refused(demo: Path, corrupt: Callable[[Path], object], title: str) -> None:
    corrupt(demo)
    report, _ = reader.read_demo(demo)
    assert not report.good
    assert title in {name for name, _ in report.failures} | {
        name for name, held in report.held.items() if not held
    }


@pytest.mark.parametrize("at", range(0, 10_000, 331))
def test_a_flipped_byte_of_a_receipt_is_refused(demo: Path, at: int) -> None:
    flip(RECEIPT, at)(demo)
    assert not reader.read_demo(demo)[0].good


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"quorum both\n", b""),
        lambda data: data.replace(b"all ccq ca", b"all ccq cb"),
        lambda data: data.replace(b"all ccq ca", b"3 ccq ca"),
        lambda data: data.replace(b"all ccq ca", b"any ccq ccq"),
        lambda data: data.replace(b"witness ca ", b"witness ccq "),
        lambda data: data.replace(b"log relay.example", b"log relay.exampla"),
        lambda data: data + b"quorum none\n",
        lambda data: data + b"rule\n",
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(demo: Path, change: Callable[[bytes], bytes]) -> None:
    edit("policy", change)(demo)
    assert reader.main([str(demo)]) == 1
