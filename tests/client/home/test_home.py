"""A home on disk: what it is made of, who may open it, who may write in it."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from tests.client.agreement import CCQ, PASSPHRASE, make_home

from kynhan_client.clock import Clock, demo_clock, is_loopback
from kynhan_client.errors import ClientError, problem
from kynhan_client.home import keyring
from kynhan_client.home.config import parse_address
from kynhan_client.home.home import Home
from kynhan_client.words import TROUBLE
from kynhan_keys.vkeys import Signer

MARK = "DAU-VET-KHONG-DUOC-LO"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home", CCQ)


def test_a_home_opens_again_with_its_passphrase_and_has_the_same_keys(home: Home) -> None:
    config, vkey, recipient = home.config, home.keyring.signer.vkey, home.keyring.recipient
    home.close()
    with Home.open(home.path, PASSPHRASE) as again:
        assert again.config == config
        assert again.keyring.signer.vkey == vkey
        assert again.keyring.recipient == recipient
        assert again.keyring.root is not None
        assert str(again.keyring.root.vkey) == config.root
        assert again.keyring.witness is not None
        assert again.keyring.witness.vkey.name == "ccq.example/doi-chung"


def test_a_wrong_passphrase_is_said_and_changes_nothing(home: Home) -> None:
    home.close()
    before = (home.path / "keys.age").read_bytes()
    with pytest.raises(ClientError) as caught:
        Home.open(home.path, b"sai hoan toan")
    assert caught.value.code == "wrong-passphrase"
    assert (home.path / "keys.age").read_bytes() == before


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda path: (path / "keys.age").unlink(), "no-home"),
        (lambda path: (path / "keys.age").write_bytes(b"age-encryption.org/v1\n"), "home-damaged"),
        (lambda path: (path / "archive.db").unlink(), "home-damaged"),
        (lambda path: (path / "archive.db").write_bytes(bytes(8192)), "home-damaged"),
    ],
)
def test_a_damaged_home_has_a_name_for_it(home: Home, prepare: object, code: str) -> None:
    home.close()
    assert callable(prepare)
    prepare(home.path)
    with pytest.raises(ClientError) as caught:
        Home.open(home.path, PASSPHRASE)
    assert caught.value.code == code


def test_keys_that_exist_are_never_overwritten(home: Home) -> None:
    with pytest.raises(ClientError) as caught:
        make_home(home.path, CCQ)
    assert caught.value.code == "home-exists"


def test_names_and_passphrases_are_checked_before_anything_is_made(tmp_path: Path) -> None:
    for member, passphrase, code in (
        ("CCQ.example/van-thu", PASSPHRASE, "bad-name"),
        ("ccq.example", PASSPHRASE, "bad-name"),
        ("ccq.example/van-thu", b"ngan", "weak-passphrase"),
    ):
        with pytest.raises(ClientError) as caught:
            Home.create(tmp_path / "new", passphrase, member=member, holder="")
        assert caught.value.code == code
    assert not (tmp_path / "new").exists()


def test_nothing_in_the_home_is_readable_without_the_passphrase(home: Home) -> None:
    home.archive.put("note", MARK)
    home.archive.put_document("00" * 32, MARK.encode() * 500)
    home.keep_evidence("test", {"mark.txt": MARK.encode()})
    for closed in (False, True):
        if closed:
            home.close()
        for path in home.path.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert MARK.encode() not in data, path
                assert b"ccq.example" not in data, path
                assert b"SQLite format" not in data, path
                assert b"SECRET-KEY" not in data.upper(), path


def test_only_the_owner_may_look(home: Home) -> None:
    for path in (home.path, *home.path.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode))


def test_evidence_opens_with_the_home_alone(home: Home) -> None:
    path = home.keep_evidence("two-histories", {"a.checkpoint": b"A", "b.checkpoint": b"B"})
    with tarfile.open(fileobj=BytesIO(home.open_evidence(path))) as tar:
        assert tar.getnames() == ["a.checkpoint", "b.checkpoint"]


def test_a_frozen_home_stays_frozen_and_says_where_the_proof_lies(home: Home) -> None:
    home.require_not_frozen()
    path = home.keep_evidence("two-histories", {"a": b"A"})
    home.freeze(("hai nhật ký", "two histories"), path)
    home.close()
    with Home.open(home.path, PASSPHRASE) as again, pytest.raises(ClientError) as caught:
        again.require_not_frozen()
    assert caught.value.code == "frozen"
    assert caught.value.data["evidence"] == f"evidence/{path.name}"


async def test_two_tasks_write_one_after_the_other_and_one_may_nest(home: Home) -> None:
    order: list[str] = []

    async def write(name: str) -> None:
        async with home.writing():
            async with home.writing():
                order.append(name)
            await asyncio.sleep(0.01)
            order.append(name)

    await asyncio.gather(write("a"), write("b"))
    assert order in (["a", "a", "b", "b"], ["b", "b", "a", "a"])


async def test_a_home_that_another_process_writes_in_is_in_use(home: Home) -> None:
    script = (
        "import fcntl, sys, time\n"
        f"file = open({str(home.path / 'lock')!r}, 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    other = subprocess.Popen(  # noqa: ASYNC220 - it only has to hold the lock
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ClientError) as caught:
            async with home.writing(wait=0.1):
                pass
        assert caught.value.code == "home-in-use"
        other.stdin.close()
    async with home.writing(wait=0.5):
        pass


def test_the_relays_address_is_checked(home: Home) -> None:
    origin = "relay.example/kynhan"
    ed25519, mldsa = Signer.ed25519(origin, bytes(32)), Signer.ml_dsa_44(origin, bytes(32))
    stranger = Signer.ed25519("ca.example", b"\1" * 32)
    printed = (
        f'{{"log":"a","origin":"{origin}","ed25519":"{ed25519.vkey}","ml-dsa-44":"{mldsa.vkey}"}}'.encode()
    )
    roots = [home.config.root, str(stranger.vkey)]
    address = parse_address(printed, url="http://127.0.0.1:1", roots=roots)
    home.connect(address)
    assert home.relay.root_keys["ca.example"] == stranger.vkey
    for data, url, given in (
        (printed, "http://127.0.0.1:1", []),
        (printed, "127.0.0.1", roots),
        (printed[:-1], "http://127.0.0.1:1", roots),
        (printed.replace(str(mldsa.vkey).encode(), str(ed25519.vkey).encode()), "http://127.0.0.1:1", roots),
    ):
        with pytest.raises(ClientError) as caught:
            parse_address(data, url=url, roots=given)
        assert caught.value.code == "bad-file"
    with pytest.raises(ClientError):
        home.connect(parse_address(printed, url="http://127.0.0.1:1", roots=[str(stranger.vkey)]))


def test_a_demo_clock_is_for_this_machine_only(tmp_path: Path) -> None:
    clock = demo_clock(tmp_path / "offset", "http://127.0.0.1:8480")
    real = Clock()
    assert abs(clock.posix() - real.posix()) <= 1
    (tmp_path / "offset").write_text("86400\n")
    assert abs(clock.posix() - real.posix() - 86400) <= 1
    with pytest.raises(ClientError) as caught:
        demo_clock(tmp_path / "offset", "https://relay.example")
    assert caught.value.code == "demo-clock"
    assert is_loopback("http://[::1]:1")
    assert is_loopback("http://localhost:1")


def test_every_error_has_its_words_in_both_languages() -> None:
    for code, words in TROUBLE.items():
        assert words.en, code
        assert words.vi, code
        assert words.advice_en, code
        assert words.advice_vi, code
        assert problem(code).code == code
        assert not words.en.endswith("."), code


def test_a_key_file_opens_with_the_passphrase_as_any_age_file_does(tmp_path: Path) -> None:
    Home.create(tmp_path / "home", PASSPHRASE, member="ccq.example/van-thu", holder="Văn thư").close()
    sealed = (tmp_path / "home/keys.age").read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert b" 15\n" in sealed[:100]
    assert keyring.open_key_file(sealed, PASSPHRASE).name == "ccq.example/van-thu"
