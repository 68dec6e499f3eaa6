"""`kynhan-relay` as an operator meets it: real processes, their words and their exit statuses."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.protocol.world import CA, CCQ, signer
from tests.server.agreement import found, joined
from tests.server.processes import COMMAND, ORIGIN, SLUG, Data, Done, admit, made, run, serving

from kynhan_keys.vkeys import Vkey


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return made(tmp_path)


def sentence(done: Done) -> str:
    """The error on stderr, in English, with nothing like a traceback before it."""
    assert "Traceback" not in done.stderr
    (told,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    return told


@pytest.mark.parametrize(
    "command", ["init", "admit", "serve", "status", "verify-log", "report", "confirm-clock"]
)
def test_help_shows_an_example(command: str) -> None:
    text = run(command, "--help").stdout
    assert f"    kynhan-relay {command}" in text.partition("Ví dụ / examples:")[2]


def test_help_lists_the_commands() -> None:
    text = run("--help").stdout
    for command in ("init", "admit", "serve", "status", "verify-log", "report", "confirm-clock"):
        assert f"  {command}" in text


def test_init_keeps_a_relay_that_is_there(data: Data) -> None:
    before = (data.folder / "keys.age").read_bytes()
    assert before.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert (data.folder.stat().st_mode & 0o777) == 0o700
    assert "nothing was changed" in sentence(run("init", *data.options, status=1))
    assert (data.folder / "keys.age").read_bytes() == before


def test_admit_prints_origin_and_both_keys(data: Data) -> None:
    answer = admit(data)
    assert answer["log"] == SLUG
    keys = [Vkey.parse(answer["ed25519"]), Vkey.parse(answer["ml-dsa-44"])]
    assert [(key.name, key.type) for key in keys] == [(ORIGIN, 1), (ORIGIN, 6)]
    roots = [str(signer(name).vkey) for name in (CCQ, CA)]
    plain = run(
        "admit", *data.options, "--log", "khac", "--origin", "relay.example/khac", *roots
    ).stdout.splitlines()
    assert plain[0] == "relay.example/khac" and len(plain) == 3


def test_refusals_are_one_sentence(data: Data, tmp_path: Path) -> None:
    admit(data)
    roots = [str(signer(name).vkey) for name in (CCQ, CA)]
    wrong = tmp_path / "wrong"
    wrong.write_text("khac\n")
    wrong.chmod(0o600)
    again = ("admit", *data.options, "--log", SLUG, "--origin", ORIGIN)
    assert sentence(run(*again, *roots, status=1)).startswith("Error: ")
    assert sentence(run(*again[:-1], "kynhan/x", *roots, status=1)).startswith("Error: ")
    assert sentence(run(*again, "x", roots[0], status=1)).startswith("Error: ")
    elsewhere = ("--data", str(data.folder), "--passphrase-file", str(wrong))
    assert "passphrase" in sentence(run("serve", *elsewhere, status=1))
    assert "init" in sentence(run("serve", "--data", str(tmp_path / "no"), status=1))
    assert "No terminal" in sentence(run("serve", "--data", str(data.folder), status=2))
    assert "cannot be read" in sentence(
        run("serve", "--data", str(data.folder), "--passphrase-file", str(tmp_path / "no"), status=1)
    )
    assert "loopback" in sentence(
        run("serve", *data.options, "--listen", "0.0.0.0:0", "--demo-clock", "x", status=2)
    )
    assert "HOST:PORT" in sentence(run("serve", *data.options, "--listen", "8480", status=2))
    assert "Give --data or --url" in sentence(run("status", status=2))
    assert "No relay answers" in sentence(run("status", "--url", "http://127.0.0.1:9", status=1))
    assert "not the data folder" in sentence(run("verify-log", "--data", str(tmp_path / "no"), status=1))
    assert "no log 'x'" in sentence(run("verify-log", *data.options, "--log", "x", status=1))


@contextmanager
def answering(line: bytes) -> Iterator[str]:
    """Something that is no relay and says one line to whoever comes; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def say() -> None:
            came, _ = listening.accept()
            with came:
                came.sendall(line)

        thread = threading.Thread(target=say)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize("url", ["http://", "http://a b", "http://[::1", "http://x:port", "http://máy:1"])
def test_what_is_no_address_is_told_in_one_sentence(url: str) -> None:
    assert "No relay answers" in sentence(run("status", "--url", url, status=1))


def test_what_speaks_no_http_is_told_in_one_sentence() -> None:
    with answering(b"SSH-2.0-x\r\n") as url:
        assert "No relay answers" in sentence(run("status", "--url", url, status=1))


def test_a_report_without_figures_says_why(data: Data) -> None:
    admit(data)
    report = ("report", "--data", str(data.folder), "--log", SLUG)
    year = ("--from", "2026-01-01", "--to", "2026-12-31")
    assert "No profile is in force" in sentence(run(*report, *year, status=1))
    backwards = ("--from", "2026-02-01", "--to", "2026-01-01")
    vi = run(*report, *backwards, status=1, language="vi").stderr
    assert vi == "Lỗi: Kỳ báo cáo kết thúc trước khi bắt đầu.\n"


def test_a_damaged_database_is_told_in_one_sentence(data: Data) -> None:
    admit(data)
    (data.folder / "relay.db").write_bytes(b"no database" * 1000)
    listen = ("--listen", "127.0.0.1:0")
    assert "The database cannot be read" in sentence(run("serve", *data.options, *listen, status=1))
    for command in ("status", "verify-log"):
        told = sentence(run(command, "--data", str(data.folder), status=1))
        assert "The database cannot be read" in told


@pytest.mark.parametrize("name", ["a?mode=memory", "a%41b", "a#b", "văn thư"])
def test_a_folder_may_bear_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    data = made(tmp_path / name)
    admit(data)
    assert (data.folder / "relay.db").read_bytes().startswith(b"SQLite format 3")
    shown = json.loads(run("status", "--data", str(data.folder), "--json").stdout)
    assert [log["log"] for log in shown["logs"]] == [SLUG]
    assert "everything agrees" in run("verify-log", *data.options).stdout
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_passphrase_can_come_from_a_descriptor(data: Data) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"mot hai ba\n")
    os.close(writer)
    roots = [str(signer(name).vkey) for name in (CCQ, CA)]
    command = ["admit", "--data", str(data.folder), "--passphrase-fd", str(reader)]
    done = subprocess.run(
        [*COMMAND, *command, "--log", SLUG, "--origin", ORIGIN, *roots], pass_fds=[reader], check=True
    )
    os.close(reader)
    assert done.returncode == 0


def test_served_relay_says_where_and_stops_in_order(data: Data, tmp_path: Path) -> None:
    admit(data)
    with serving(data, "--demo-clock", str(tmp_path / "offset"), "--tick", "0.1") as process:
        ready = process.until("ready")
        assert ready["authority"].startswith("127.0.0.1:") and not ready["authority"].endswith(":0")
        assert ready["demo_clock"].endswith("offset")
        url = f"http://{ready['authority']}"
        with urllib.request.urlopen(f"{url}/v1/logs/{SLUG}/checkpoint") as answer:
            assert answer.read().startswith(ORIGIN.encode())
        (tmp_path / "offset").write_text("86400")
        assert "DEMO CLOCK: +86400 s" in run("status", "--url", url).stdout
        health = json.loads(run("status", "--url", url, "--json").stdout)
        assert health["clock"]["demo"] == 86400 and health["tick"]["every"] == 0.1
        on_disk = json.loads(run("status", "--data", str(data.folder), "--json").stdout)
        assert (on_disk["status"], on_disk["process"]) == ("serving", str(process.popen.pid))
        roots = [str(signer(name).vkey) for name in (CCQ, CA)]
        meanwhile = ("admit", *data.options, "--log", "x", "--origin", "relay.example/x")
        assert "using this data folder" in sentence(run(*meanwhile, *roots, status=1))
        assert process.stop() == 0
        assert process.until("stopped")
    assert not [line for line in process.seen if line["event"] in ("not-json", "library")], process.seen
    assert json.loads(run("status", "--data", str(data.folder), "--json").stdout)["status"] == "at rest"


def test_a_port_in_use_is_named(data: Data, tmp_path: Path) -> None:
    admit(data)
    with serving(data) as process:
        authority = process.until("ready")["authority"]
        other = made(
            data.folder.parent / "other" if (data.folder.parent / "other").mkdir() is None else data.folder
        )
        told = sentence(run("serve", *other.options, "--listen", authority, status=1))
        assert "in use" in told
        assert authority.rpartition(":")[2] in told


async def test_verify_log_agrees_with_a_log_and_names_every_change(data: Data, tmp_path: Path) -> None:
    admitted = admit(data)
    assert "give the passphrase" in sentence(run("verify-log", "--data", str(data.folder), status=1))
    keys = Vkey.parse(admitted["ed25519"]), Vkey.parse(admitted["ml-dsa-44"])
    with serving(data) as process:
        authority = process.until("ready")["authority"]
        async with joined(authority, SLUG, ORIGIN, keys) as agreement:
            await found(agreement)
            posted, _ = await agreement.send()
            await agreement.receipt(posted.id)
            await agreement.cosign()
            size = (await agreement.seen()).size
        beside = run("verify-log", "--data", str(data.folder), "--json")
        assert process.stop() == 0
    (report,) = json.loads(run("verify-log", "--data", str(data.folder), "--json").stdout)
    assert [report] == json.loads(beside.stdout)
    assert (report["verdict"], report["size"], report["cosignatures"]) == ("ok", size, 2)
    assert "everything agrees" in run("verify-log", *data.options).stdout
    changes = {
        "UPDATE nodes SET hash = zeroblob(32) WHERE level = 1 AND idx = 2": "level 1, index 2",
        f"UPDATE statements SET note = CAST(note || 'x' AS BLOB) WHERE idx = {posted.index}": (
            f"index {posted.index} is not the SHA-256"
        ),
        "UPDATE dispatches SET header = 'x'": "text where bytes belong",
        "UPDATE statements SET id = 'ab' WHERE idx = 3": "index 3",
        "DELETE FROM nodes WHERE level = 0 AND idx = 1": "level 0, index 1",
        "UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE size = 4) WHERE size = 6": "size 6",
        "UPDATE cosignatures SET line = CAST(replace(CAST(line AS TEXT), 'Q', 'R') AS BLOB)": "cosignature",
        "UPDATE dispatches SET header = zeroblob(9)": "header",
        "UPDATE dispatches SET body = zeroblob(9)": "body",
        "DELETE FROM dispatches": "not stored",
        "DELETE FROM checkpoints WHERE size > 10": "No checkpoint covers",
        f"DELETE FROM statements WHERE idx = {size - 1}": "node",
    }
    for number, (change, named) in enumerate(changes.items()):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(data.folder, copy)
        with sqlite3.connect(copy / "relay.db") as database:
            database.execute("PRAGMA foreign_keys=OFF")
            assert database.execute(change).rowcount > 0, change
        database.close()
        told = run("verify-log", "--data", str(copy), status=1).stdout
        assert named in told, (change, told)


def test_confirm_clock_leaves_word_for_the_relay(data: Data) -> None:
    assert run("confirm-clock", "--data", str(data.folder)).stdout.startswith("Confirmed: it is 2")
    assert (data.folder / "clock.confirmed").read_text().strip().isdigit()
