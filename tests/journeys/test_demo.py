"""`make demo`, run as a user runs it, and what it leaves behind, read by programs that are not ours (A1, A3, A4)."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lanes import size
from tests.nodejs import interop_dir, node

ROOT = Path(__file__).resolve().parents[2]
LARGE_MB = size(20, 200)
ORACLE = ROOT / "tests/oracle/reader.py"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out = tmp_path_factory.mktemp("demo") / "demo"
    command = [sys.executable, str(ROOT / "examples/demo"), "--out", str(out), "--large-mb", str(LARGE_MB)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr
    yield out


def identity(demo: Path, who: str) -> str:
    lines = (demo / f"identity-{who}.txt").read_text().splitlines()
    return next(line for line in lines if line.startswith("AGE-SECRET-KEY-PQ-"))


def test_everything_the_documentation_names_is_there(demo: Path) -> None:
    documented = (ROOT / "docs/demo.md").read_text()
    files = (
        "request.age",
        "reply.age",
        "identity-ca.txt",
        "identity-ccq.txt",
        "bundle.tar",
        "checkpoint",
        "case.json",
    )
    for name in (
        *files,
        "policy",
        "policy-ed25519",
        "roots",
        "profile.json",
        "calendar.json",
        "log/checkpoint",
    ):
        assert (demo / name).is_file(), name
        assert f"demo/{name.split('/')[0]}" in documented, name
    assert len(list((demo / "chains").glob("*/*.receipt"))) >= 6
    assert {path.suffix for path in (demo / "members").iterdir()} == {".note"}


def test_the_oracle_accepts_every_receipt_and_the_log(demo: Path, tmp_path: Path) -> None:
    lines = tmp_path / "mldsa.json"
    read = subprocess.run(
        [sys.executable, str(ORACLE), str(demo), "--mldsa-json", str(lines)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stdout + read.stderr
    receipts = len(list((demo / "receipts").glob("*.receipt")))
    assert f"receipts under policy: {receipts}" in read.stdout
    assert receipts >= 25

    checked = subprocess.run(
        [*node(), "mldsa.mjs", str(lines)], cwd=interop_dir(), capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    verified = json.loads(checked.stdout)
    assert verified["failed"] == []
    assert verified["checked"] >= 3  # the relay and both witnesses


def test_the_oracle_refuses_the_same_folder_with_one_letter_changed(demo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "demo"
    for name in ("receipts", "chains", "members", "log"):
        shutil.copytree(demo / name, copy / name)
    for name in ("policy", "policy-ed25519", "roots", "profile.json", "calendar.json"):
        (copy / name).write_bytes((demo / name).read_bytes())
    (copy / "profile.json").write_bytes((demo / "profile.json").read_bytes().replace(b"35", b"36", 1))
    read = subprocess.run(
        [sys.executable, str(ORACLE), str(copy)], capture_output=True, text=True, check=False
    )
    assert read.returncode == 1, read.stdout


@pytest.mark.parametrize(("package", "who"), [("request.age", "ca"), ("reply.age", "ccq")])
def test_another_age_implementation_opens_the_package_and_tar_lists_it(
    demo: Path, tmp_path: Path, package: str, who: str
) -> None:
    plain = tmp_path / "plain.tar"
    with (demo / package).open("rb") as sealed, plain.open("wb") as out:
        opener = [*node(), "age.mjs", "open", identity(demo, who)]
        subprocess.run(opener, cwd=interop_dir(), stdin=sealed, stdout=out, check=True)
    listed = subprocess.run(
        ["tar", "tf", str(plain), "--quoting-style=literal"], capture_output=True, text=True, check=True
    )
    names = listed.stdout.splitlines()
    assert names[0] == "manifest.note"
    dossier = ROOT / "examples" / ("dossier" if who == "ca" else "reply")
    sent = {f"files/{path.name}" for path in dossier.iterdir() if path.suffix != ".toml"}
    assert sent <= set(names)


def test_the_plain_tool_gives_back_the_exact_files(demo: Path, tmp_path: Path) -> None:
    plain = tmp_path / "request.tar"
    with (demo / "request.age").open("rb") as sealed, plain.open("wb") as out:
        tool = [sys.executable, "-m", "kynhan_keys", "open", "-i", str(demo / "identity-ca.txt")]
        subprocess.run(tool, stdin=sealed, stdout=out, check=True)
    with tarfile.open(plain) as archive:
        for source in (ROOT / "examples/dossier").iterdir():
            if source.suffix != ".toml":
                member = archive.extractfile(f"files/{source.name}")
                assert member
                assert hashlib.sha256(member.read()).digest() == hashlib.sha256(source.read_bytes()).digest()


def test_the_bundle_is_valid_by_itself_and_not_with_a_flipped_byte(demo: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("kynhan")
    verify = [str(program), "--json", "verify"]
    valid = subprocess.run(
        [*verify, str(demo / "bundle.tar")], capture_output=True, text=True, check=False, cwd="/"
    )
    assert valid.returncode == 0, valid.stdout + valid.stderr
    assert json.loads(valid.stdout)["verdict"] == "VALID"
    damaged = bytearray((demo / "bundle.tar").read_bytes())
    place = damaged.index(b"\nindex ") - 40  # inside the base64 of a statement
    damaged[place] ^= 1
    (tmp_path / "damaged.tar").write_bytes(damaged)
    refused = subprocess.run(
        [*verify, str(tmp_path / "damaged.tar")], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["verdict"] == "INVALID"


def test_a_single_receipt_is_incomplete_and_says_why(demo: Path) -> None:
    program = Path(sys.executable).with_name("kynhan")
    receipt = next((demo / "receipts").glob("*-receipt.receipt"))
    judged = subprocess.run(
        [str(program), "--json", "verify", str(receipt)], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 1
    verdict = json.loads(judged.stdout)
    assert verdict["verdict"] == "INCOMPLETE"
    assert verdict["receipts"][0]["reasons"]
