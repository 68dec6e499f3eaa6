"""`python -m kynhan_keys`: the journey of a file through its commands, and every way to use it wrongly."""

import io
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kynhan_keys import age
from kynhan_keys.__main__ import main
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_keys.x25519 import Identity as ClassicIdentity

TOOL = [sys.executable, "-m", "kynhan_keys"]
OURS = Identity(b"i" * 32)
RECIPIENT = str(OURS.recipient())


def tool(*words: str | Path, data: bytes = b"") -> tuple[int, bytes]:
    """Exit status and output, in this process."""
    output = io.BytesIO()
    return main([str(word) for word in words], io.BytesIO(data), output), output.getvalue()


def done(*words: str | Path, data: bytes = b"") -> bytes:
    status, output = tool(*words, data=data)
    assert status == 0
    return output


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(OURS.encode() + "\n")
    return path


def test_a_file_travels_through_every_command(tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    key, head, body = tmp_path / "new.txt", tmp_path / "head", tmp_path / "body"
    assert done("keygen", "-o", key).startswith(b"Public key: age1pq1")
    recipient = done("recipient", "-i", key).decode().strip()
    sealed = done("seal", "-r", recipient, RECIPIENT, data=data)
    assert done("open", "-i", key, data=sealed) == data
    assert done("split", "--header", head, "--body", body, data=sealed) == b""
    assert done("join", head, body) == sealed
    assert age.open_header(head.read_bytes(), [OURS])
    text = done("seal", "-a", "-r", recipient, "-r", RECIPIENT, data=data)
    assert text.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert done("open", "-i", key, data=text) == data


def test_keygen_prints_what_age_keygen_prints(tmp_path: Path) -> None:
    created, public, secret, end = done("keygen").decode().split("\n")
    assert created[:13] == "# created: 20"
    assert public == f"# public key: {Identity.parse(secret).recipient()}"
    assert end == ""
    assert done("keygen") != done("keygen")
    key = tmp_path / "key.txt"
    done("keygen", "-o", key)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_message_under_a_passphrase_opens_with_the_words_in_a_file(tmp_path: Path) -> None:
    sealed = age.seal_bytes_with_passphrase(
        b"secret",
        "chín tầng mây".encode(),
        file_key=b"k" * 16,
        nonce=b"n" * 16,
        salt=b"s" * 16,
        work_factor=4,
    )
    words = tmp_path / "words"
    for end in ("", "\n", "\r\n"):
        words.write_bytes(f"chín tầng mây{end}".encode())
        assert done("open", "--passphrase-file", words, data=sealed) == b"secret"
    words.write_text("chín tầng mây\n\n")
    assert tool("open", "--passphrase-file", words, data=sealed) == (1, b"")


def test_classic_identities_open_too(tmp_path: Path) -> None:
    classic = ClassicIdentity(b"c" * 32)
    key = tmp_path / "classic.txt"
    key.write_text(f"# remark\n\n{classic.encode()}\n")
    assert done("recipient", "-i", key).decode() == f"{classic.recipient()}\n"
    assert done("open", "-i", key, data=done("seal", "-r", str(classic.recipient()), data=b"x")) == b"x"


@pytest.mark.parametrize("command", [["open"], ["split", "--header", "h", "--body", "b"]])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "header"),
        (b"age", "header"),
        (b"words and words", "header"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n", "header"),
        (b"----- BEGIN AGE ENCRYPTED FILE-----\n", "armor"),
        (b"hello\n-----BEGIN AGE ENCRYPTED FILE-----\n", "armor"),
        (b" " * 4096 + b"-----BEGIN AGE ENCRYPTED FILE-----\n", "header"),
    ],
)
def test_what_is_no_age_file_names_its_class(
    command: list[str],
    data: bytes,
    kind: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tool(*command, data=data) == (1, b"")
    line = capsys.readouterr().err
    assert line.startswith(f"{kind}: ")
    assert line.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_failed_split_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = done("seal", "-a", "-r", RECIPIENT, data=bytes(3_000_000))
    head, body = tmp_path / "head", tmp_path / "body"
    assert tool("split", "--header", head, "--body", body, data=text[:-10]) == (1, b"")
    assert capsys.readouterr().err.startswith("armor: ")
    assert list(tmp_path.iterdir()) == []
    body.write_bytes(b"precious")
    assert tool("split", "--header", head, "--body", body, data=text) == (2, b"")
    assert body.read_bytes() == b"precious"
    assert not head.exists()


def test_chunks_before_the_fault_are_written_and_nothing_else(
    key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = os.urandom(5_000_000)
    sealed = bytearray(done("seal", "-r", RECIPIENT, data=data))
    sealed[-100_000] ^= 1
    status, output = tool("open", "-i", key, data=bytes(sealed))
    assert status == 1
    assert data.startswith(output)
    assert len(output) == 74 * 65536
    assert capsys.readouterr().err.startswith("payload: ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["open", "-i", "missing"], "missing: No such file or directory"),
        (["open", "-i", "."], ".: Is a directory"),
        (["open", "-i", "empty"], "empty holds no identity"),
        (["open", "-i", "binary"], "binary is not an identity file: it is not text"),
        (["open", "-i", "text"], "text is not an identity file: line 1 is not an age identity"),
        (["open", "-i", "sealed"], "sealed is itself sealed: open it first, with --passphrase-file"),
        (["open", "--passphrase-file", "missing"], "missing: No such file or directory"),
        (["recipient", "-i", "missing"], "missing: No such file or directory"),
        (["keygen", "-o", "text"], "text exists, and nothing is overwritten"),
        (["keygen", "-o", "no/where"], "no/where: No such file or directory"),
        (["seal", "-r", "age1pq1x"], "these recipients can't be sealed to"),
        (["seal", "-r", RECIPIENT, str(ClassicIdentity(bytes(32)).recipient())], "can't be mixed"),
        (["split", "--header", "text", "--body", "b"], "text exists, and nothing is overwritten"),
        (["join", "missing", "text"], "missing: No such file or directory"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    sealed = done("seal", "-r", RECIPIENT, data=b"x")
    (tmp_path / "empty").write_text("# nothing\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "text").write_text("words\n")
    (tmp_path / "sealed").write_bytes(sealed)
    assert tool(*words, data=sealed) == (2, b"")
    line = capsys.readouterr().err
    assert line.startswith("kynhan_keys: ")
    assert sentence in line
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    "words", [[], ["unknown"], ["seal"], ["open", "--identit", "x"], ["join", "x"], ["recipient"]]
)
def test_arguments_that_do_not_parse_end_with_status_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_joining_what_is_no_header_names_its_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "head").write_bytes(done("seal", "-r", RECIPIENT, data=b"x"))
    (tmp_path / "body").write_bytes(b"")
    assert tool("join", tmp_path / "head", tmp_path / "body") == (1, b"")
    assert capsys.readouterr().err.startswith("header: ")


def test_help_has_examples() -> None:
    result = subprocess.run([*TOOL, "--help"], capture_output=True, text=True, check=True)
    for word in ("keygen", "recipient", "seal", "open", "split", "join", "examples:", "no match"):
        assert word in result.stdout


def test_a_reader_that_goes_away_ends_the_tool_quietly(key: Path) -> None:
    sealed = done("seal", "-r", RECIPIENT, data=bytes(8_000_000))
    key.with_suffix(".age").write_bytes(sealed)
    with (
        key.with_suffix(".age").open("rb") as source,
        subprocess.Popen(
            [*TOOL, "open", "-i", str(key)], stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process,
    ):
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(10) == bytes(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_ends_the_tool_quietly(key: Path) -> None:
    sealed = done("seal", "-r", RECIPIENT, data=bytes(8_000_000))
    with subprocess.Popen(
        [*TOOL, "open", "-i", str(key)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(
            sealed[:6_000_000]
        )  # more than a pipe holds: the tool is at work, and waits for more
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
        assert process.wait(10) == 130


def test_memory_stays_the_same_whatever_the_size(key: Path) -> None:
    """300 MB through both commands, neither of which ever uses 150 MB."""
    script = (
        f"head -c 300000000 /dev/zero | {' '.join(TOOL)} seal -r {RECIPIENT}"
        f" | {' '.join(TOOL)} open -i {key} | cmp -n 300000000 - /dev/zero"
    )
    # The figure is that of the largest child that was waited for, so a fresh process asks for it.
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run(['bash', '-o', 'pipefail', '-c', sys.argv[1]], check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    result = subprocess.run(
        [sys.executable, "-c", measure, script], capture_output=True, text=True, check=True
    )
    assert int(result.stdout) < 150_000
