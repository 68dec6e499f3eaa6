"""Bad input that needs no relay: one clear sentence, status 1, nothing changed, never a traceback."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from tests.client.calling import PASSPHRASE, Kynhan

from kynhan_client import words
from kynhan_client.cli import base
from kynhan_client.errors import ClientError, problem

RELAY_FREE = {
    "url": "http://127.0.0.1:9",
    "log": "phoi-hop",
    "origin": "relay.example/kynhan",
}


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    return path


@pytest.fixture
def kynhan(capsys: pytest.CaptureFixture[str], tmp_path: Path, passphrase: Path) -> Kynhan:
    """A clerk's home that knows no relay yet."""
    ready = Kynhan(capsys, "--lang", "en").at(tmp_path / "home", passphrase)
    assert ready("init", "--committee", "ccq.example", "--holder", "Văn thư").status == 0
    return ready


def code_of(kynhan: Kynhan, *words: str) -> str:
    """The error of a command, which must be told on both channels in one go."""
    ran = kynhan("--json", *words)
    assert ran.status == 1
    assert "Traceback" not in ran.stderr
    error = ran.json["error"]
    assert ran.stderr.startswith("✗ ")
    assert {"code", "vi", "en", "advice", "data"} == set(error)
    code: str = error["code"]
    return code


def test_wrong_passphrase(capsys: pytest.CaptureFixture[str], kynhan: Kynhan, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("không phải cụm này\n")
    before = (tmp_path / "home" / "keys.age").read_bytes()
    assert code_of(Kynhan(capsys).at(tmp_path / "home", wrong), "status") == "wrong-passphrase"
    assert (tmp_path / "home" / "keys.age").read_bytes() == before


def test_no_home(capsys: pytest.CaptureFixture[str], tmp_path: Path, passphrase: Path) -> None:
    assert code_of(Kynhan(capsys).at(tmp_path / "none", passphrase), "inbox") == "no-home"


def test_keys_are_never_overwritten(kynhan: Kynhan, tmp_path: Path) -> None:
    before = (tmp_path / "home" / "keys.age").read_bytes()
    assert code_of(kynhan, "init", "--committee", "ca.example", "--holder", "x") == "home-exists"
    assert (tmp_path / "home" / "keys.age").read_bytes() == before


@pytest.mark.parametrize("name", ["CCQ.example", "ccq example", "đảng.example", "-x", ""])
def test_names_that_are_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, passphrase: Path, name: str
) -> None:
    fresh = Kynhan(capsys).at(tmp_path / "fresh", passphrase)
    ran = fresh("--json", "init", f"--committee={name}", "--holder", "x")
    assert ran.status in (1, 2)
    if name:
        assert ran.json["error"]["code"] == "bad-name"
    assert not (tmp_path / "fresh").exists()


def test_a_short_passphrase(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("1234567\n")
    fresh = Kynhan(capsys).at(tmp_path / "fresh", short)
    assert code_of(fresh, "init", "--committee", "ca.example", "--holder", "x") == "weak-passphrase"


def test_a_passphrase_file_that_is_not_there(
    capsys: pytest.CaptureFixture[str], kynhan: Kynhan, tmp_path: Path
) -> None:
    assert code_of(Kynhan(capsys).at(tmp_path / "home", tmp_path / "none"), "status") == "missing-file"


def test_no_terminal_to_ask_for_the_passphrase(
    capsys: pytest.CaptureFixture[str], kynhan: Kynhan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert code_of(Kynhan(capsys, "--home", str(tmp_path / "home")), "status") == "no-passphrase"


@pytest.mark.parametrize(
    "words",
    [
        ("sync",),
        ("trust",),
        ("inbox",),
        ("cases",),
        ("deadlines",),
        ("send", "x.pdf", "--to", "ca.example", "--kind", "request", "--title", "x"),
        ("watch", "--witness"),
        ("profile", "sign"),
        ("profile", "draft", "--requesting", "ccq.example", "--responding", "ca.example", "--out", "x"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_without_a_relay_there_is_nothing_to_talk_to(kynhan: Kynhan, words: tuple[str, ...]) -> None:
    assert code_of(kynhan, *words) == "no-relay"


@pytest.mark.parametrize("words", [("fetch", "3f9a61"), ("sign", "3f9a61", "--yes"), ("open", "3f9a61")])
def test_a_dispatch_that_nobody_knows(kynhan: Kynhan, words: tuple[str, ...]) -> None:
    assert code_of(kynhan, *words) == "not-found"


@pytest.mark.parametrize(
    "words", [("case", "0198f0c1"), ("reply", "0198f0c1", "x.pdf"), ("message", "0198f0c1", "x")]
)
def test_a_case_that_nobody_knows(kynhan: Kynhan, words: tuple[str, ...]) -> None:
    assert code_of(kynhan, *words) == "not-found"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1, 2", b'{"url": 1}', json.dumps(RELAY_FREE).encode(), os.urandom(300)]
)
def test_a_relay_file_that_is_none(kynhan: Kynhan, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "relay.json"
    path.write_bytes(content)
    assert code_of(kynhan, "trust", "--relay", str(path)) == "bad-file"


def test_a_relay_file_that_is_not_there(kynhan: Kynhan, tmp_path: Path) -> None:
    assert code_of(kynhan, "trust", "--relay", str(tmp_path / "none")) == "missing-file"


def test_a_request_that_is_none(kynhan: Kynhan, tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_text("{}")
    assert code_of(kynhan, "invite", str(path)) == "bad-file"
    assert code_of(kynhan, "invite", str(tmp_path / "none")) == "missing-file"


def test_a_profile_that_is_none(kynhan: Kynhan, tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text("{}")
    assert code_of(kynhan, "profile", "show", str(path)) == "bad-file"


@pytest.mark.parametrize("content", [b"", b"not a receipt", os.urandom(2000)])
def test_evidence_that_is_none(kynhan: Kynhan, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.receipt"
    path.write_bytes(content)
    assert code_of(kynhan, "verify", str(path)) == "bad-file"
    assert code_of(kynhan, "verify", str(tmp_path / "none")) == "missing-file"


def test_a_home_that_was_tampered_with(kynhan: Kynhan, tmp_path: Path) -> None:
    archive = tmp_path / "home" / "archive.db"
    archive.write_bytes(os.urandom(4096))
    assert code_of(kynhan, "status") == "home-damaged"


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("profile", "burn"),
        ("sign",),
        ("send", "--to"),
        ("send", "x", "--to", "ca.example", "--kind", "letter"),
        ("decline", "3f9a61", "--code", "because"),
        ("message", "0198f0c1"),
        ("receipts", "--bundle", "3f9a61"),
        ("receipts", "--out", "x"),
        ("init", "--holder", "x"),
        ("init", "--join", "--committee", "a.example", "--holder", "x"),
        ("--lang", "fr", "status"),
    ],
    ids=lambda words: " ".join(words),
)
def test_what_is_not_understood_ends_with_2(kynhan: Kynhan, words: tuple[str, ...]) -> None:
    ran = kynhan(*words)
    assert ran.status == 2
    assert ran.stderr.startswith("✗ Lệnh chưa đúng / not understood: ")
    assert "--help" in ran.stderr


# --- what nobody foresaw


def told(error: BaseException) -> str:
    return base.named(error).code


def test_a_full_disk_has_its_own_sentence() -> None:
    assert told(OSError(errno.ENOSPC, "No space left on device", "x")) == "disk-full"
    assert told(OSError(errno.EDQUOT, "Quota exceeded", "x")) == "disk-full"


def test_other_errors_of_the_system_name_the_file() -> None:
    error = base.named(PermissionError(errno.EACCES, "Permission denied", "/x"))
    assert error.code == "system"
    assert error.data["path"] == "/x"


def test_errors_in_a_group_are_told_by_the_one_that_says_most() -> None:
    group = BaseExceptionGroup("x", [RuntimeError("?"), problem("relay-down", url="u", why="w")])
    assert told(group) == "relay-down"


def test_the_unforeseen_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = base.Session(Path("x"), base.PassphraseSource(), "en", False, None)

    def fails() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.delenv("KYNHAN_DEBUG", raising=False)
    assert base.guard(session, fails) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "Traceback" not in said
    assert "secret detail" not in said
    monkeypatch.setenv("KYNHAN_DEBUG", "1")
    assert base.guard(session, fails) == 1
    assert "Traceback" in capsys.readouterr().err


def test_every_error_is_a_sentence_that_begins_small_and_ends_without_a_stop() -> None:
    for code, sentence in words.TROUBLE.items():
        made = problem(code)
        assert isinstance(made, ClientError)
        assert not made.en.endswith("."), code
        assert not made.vi.endswith("."), code
        assert sentence.advice_en.endswith((".", "?")), code


def test_what_is_no_text_on_the_command_line_is_called_that(kynhan: Kynhan, tmp_path: Path) -> None:
    odd = os.fsdecode(b"\xff")
    assert code_of(kynhan, "edxml", "organ", "ccq.example", odd) == "not-text"
    assert code_of(kynhan, "view", "save", "x", "--", "search", odd) == "not-text"
    assert code_of(kynhan, "form", "check", str(tmp_path / odd)) == "missing-file"
