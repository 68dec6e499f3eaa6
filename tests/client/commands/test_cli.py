"""The command line as a whole: making a home, who we are, confirming, languages, stopping."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.client.calling import PASSPHRASE, Kynhan

from kynhan_client import __main__
from kynhan_client.cli import base
from kynhan_client.errors import problem


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    return path


@pytest.fixture
def kynhan(capsys: pytest.CaptureFixture[str], tmp_path: Path, passphrase: Path) -> Kynhan:
    return Kynhan(capsys, "--lang", "en").at(tmp_path / "home", passphrase)


def test_init_makes_a_committee(kynhan: Kynhan, tmp_path: Path) -> None:
    made = kynhan("--json", "init", "--committee", "ccq.example", "--holder", "Văn thư")
    assert made.status == 0
    assert made.json["root"].startswith("ccq.example+")
    assert [member["member"] for member in made.json["members"]] == [
        "ccq.example/van-thu",
        "ccq.example/doi-chung",
    ]
    assert (tmp_path / "home" / "keys.age").is_file()


def test_init_join_writes_a_request(kynhan: Kynhan, tmp_path: Path) -> None:
    out = tmp_path / "pc03.json"
    made = kynhan(
        *("init", "--join", "--member", "ca.example/pc03", "--holder", "Phòng PC03"),
        *("--role", "unit", "--out", str(out), "--json"),
    )
    assert made.status == 0
    assert made.json["root"] is None
    assert made.json["request"] == str(out)
    assert b"ca.example/pc03" in out.read_bytes()


def test_status_of_a_new_home(kynhan: Kynhan) -> None:
    kynhan("init", "--committee", "ccq.example", "--holder", "Văn thư")
    told = kynhan("status", "--json").json
    assert told["member"] == "ccq.example/van-thu"
    assert told["relay"] is None
    assert told["demo_clock"] is None
    assert "ccq.example/van-thu (Văn thư)" in kynhan("status").stdout


def test_status_names_the_demonstration_clock(
    capsys: pytest.CaptureFixture[str], kynhan: Kynhan, tmp_path: Path, passphrase: Path
) -> None:
    kynhan("init", "--committee", "ccq.example", "--holder", "Văn thư")
    clock = tmp_path / "clock"
    clock.write_text("86400\n")
    moved = Kynhan(capsys, "--lang", "en", "--demo-clock", str(clock)).at(tmp_path / "home", passphrase)
    assert moved("status", "--json").json["demo_clock"] == {"file": str(clock), "seconds": 86400}
    assert "86400" in moved("status").stdout


def test_the_passphrase_can_come_by_descriptor(
    capsys: pytest.CaptureFixture[str], kynhan: Kynhan, tmp_path: Path, passphrase: Path
) -> None:
    kynhan("init", "--committee", "ccq.example", "--holder", "Văn thư")
    with passphrase.open("rb") as file:
        ran = Kynhan(capsys, "--home", str(tmp_path / "home"), "--passphrase-fd", str(file.fileno()))(
            "status"
        )
    assert ran.status == 0


def test_json_may_stand_before_or_after_the_command(kynhan: Kynhan) -> None:
    before = kynhan("--json", "due", "--received", "2025-01-02", "--term", "foreign")
    after = kynhan("due", "--received", "2025-01-02", "--term", "foreign", "--json")
    assert before == after
    assert after.json["due"] == "2025-04-02"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"KYNHAN_LANG": "vi", "LANG": "en_US.UTF-8"}, "vi"),
        ({"KYNHAN_LANG": "both", "LANG": "en_US.UTF-8"}, "both"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "both"),
        ({}, "both"),
    ],
)
def test_the_language_follows_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in ("KYNHAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert base.default_language() == language


# --- confirming


@pytest.mark.parametrize(
    ("typed", "goes_on"), [("c", True), ("có", True), ("Y", True), ("", False), ("k", False)]
)
def test_what_cannot_be_taken_back_is_confirmed(
    monkeypatch: pytest.MonkeyPatch, typed: str, goes_on: bool
) -> None:
    session = base.Session(Path("x"), base.PassphraseSource(), "vi", False, None)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_, **__: typed)
    if goes_on:
        session.confirm("sign.ask", False)
    else:
        with pytest.raises(base.ClientError) as refused:
            session.confirm("sign.ask", False)
        assert refused.value.code == "not-confirmed"


def test_without_a_terminal_yes_has_to_be_said() -> None:
    session = base.Session(Path("x"), base.PassphraseSource(), "vi", True, None)
    session.confirm("sign.ask", True)
    with pytest.raises(base.ClientError) as refused:
        session.confirm("sign.ask", False)
    assert refused.value.code == "needs-confirmation"


# --- stopping


@pytest.mark.parametrize(
    ("phase", "code"),
    [
        (None, "interrupted"),
        ("hash", "interrupted-seal"),
        ("seal", "interrupted-seal"),
        ("upload", "interrupted-upload"),
        ("fetch", "interrupted-fetch"),
        ("open", "interrupted-open"),
        ("watch", "interrupted-watch"),
        ("something new", "interrupted"),
    ],
)
def test_ctrl_c_says_what_happens_next(
    capsys: pytest.CaptureFixture[str], phase: str | None, code: str
) -> None:
    session = base.Session(Path("x"), base.PassphraseSource(), "en", False, None, phase)

    def stopped() -> None:
        raise KeyboardInterrupt

    assert base.guard(session, stopped) == 130
    assert problem(code).advice_en in " ".join(capsys.readouterr().err.split())


def test_ctrl_c_at_the_passphrase_ends_with_130(tmp_path: Path) -> None:
    (tmp_path / "keys.age").write_bytes(b"")
    main, other = pty.openpty()
    command = [sys.executable, "-m", "kynhan_client", "--home", str(tmp_path), "status"]
    with subprocess.Popen(command, stdin=other, stdout=other, stderr=other, preexec_fn=os.setsid) as process:
        os.close(other)
        heard = b""
        deadline = time.monotonic() + 30
        while b": " not in heard and time.monotonic() < deadline:
            heard += os.read(main, 4096)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    os.close(main)


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "kynhan_client", "due", "--received", "2025-01-02", "--term", "foreign"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_help_and_due_load_nothing_heavy() -> None:
    for words in (["--help"], ["due", "--received", "2025-01-02", "--term", "foreign", "--json"]):
        script = (
            "import sys\n"
            "from kynhan_client.__main__ import main\n"
            f"try: main({words!r})\nexcept SystemExit: pass\n"
            "heavy = {'aiohttp', 'asyncio', 'apsw', 'rich.console'} & set(sys.modules)\n"
            "sys.stderr.write(' '.join(sorted(heavy)))"
        )
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert ran.stderr == ""


def test_the_console_script_is_main() -> None:
    assert callable(__main__.main)
