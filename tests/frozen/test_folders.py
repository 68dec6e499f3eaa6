"""The folders that users have, of homes and of a relay, open in every later version and tell the same.

folders/*.tar.xz was left behind by the code of the day it was frozen (make_folders.py) and is never made anew for a
change of the code: what does not open any more needs a migration. folders/told/ is what it told then.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from tests import moments
from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.parties import SECRET
from tests.frozen.command_line import run
from tests.frozen.comparison import same
from tests.frozen.life import FROZEN
from tests.frozen.life_cases import UNIT
from tests.frozen.make_folders import LIES, LIFE, unpack

from kynhan_client import syncing
from kynhan_client.clock import Clock
from kynhan_client.home import cupboard
from kynhan_client.home.archive import open_encrypted
from kynhan_client.home.home import Home
from kynhan_client.log import witness
from kynhan_client.log.view import View
from kynhan_client.packages import opening
from kynhan_client.relay.relay import Relay, connect
from kynhan_protocol.statements import codes
from kynhan_protocol.statements.grammar import RECORDS
from kynhan_server.clock import DemoClock
from kynhan_server.serving import Listening, Serving, running
from kynhan_server.store import admin, tables
from kynhan_server.store.store import Store
from kynhan_server.web.limits import Limits

MEANT: Final = (
    "this breaks what is already in users' hands: if meant, later versions still have to open the folders in "
    "tests/frozen/folders (a migration), run `python -m tests.frozen` and write a line in CHANGELOG.md"
)
SECRETS: Final = {CCQ: PASSPHRASE, CA: PASSPHRASE, UNIT: SECRET}
NOBODY: Final = "http://127.0.0.1:1"
"""An address where nobody listens: the port that the relay had may be anybody's now."""
COMMANDS: Final = (
    ("status",),
    ("inbox",),
    ("cases",),
    ("deadlines",),
    ("outbox", "list"),
    ("register", "in"),
    ("register", "out"),
    ("register", "settings"),
    ("receipts",),
    ("search", "de nghi"),
    ("search", "--number", "15-CV/ĐUCCQ", "phối hợp"),
    ("view", "list"),
    ("view", "run", "Sắp đến hạn"),
    ("calendar", "show"),
    ("conference", "list"),
    ("profile", "show"),
)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of the two committees and their relay, only to be looked at."""
    folder = tmp_path_factory.mktemp("life")
    unpack(LIFE, folder)
    for name, passphrase in SECRETS.items():
        (folder / f"{name}.secret").write_bytes(passphrase)
        with Home.open(folder / name, passphrase) as home:
            home.connect(msgspec.structs.replace(home.relay, url=NOBODY))
    return folder


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """For all homes it is the moment when everything was frozen."""
    monkeypatch.setattr(Clock, "posix", lambda _: int(FROZEN.timestamp()))


def answer(folder: Path, home: str, *words: str) -> Any:
    """What a command says to a program."""
    ran = run(
        "kynhan",
        "--home",
        str(folder / home),
        "--passphrase-file",
        str(folder / f"{home}.secret"),
        *words,
        "--json",
    )
    assert ran.stdout, (words, ran.stderr)
    return {"status": ran.status, "answer": json.loads(ran.stdout.replace(str(folder), "<folder>"))}


def spell(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.usefixtures("then")
@pytest.mark.parametrize("home", SECRETS)
def test_a_home_opens_and_tells_what_it_told(life: Path, home: str) -> None:
    told = {" ".join(words): answer(life, home, *words) for words in COMMANDS}
    for case in told["cases"]["answer"]["cases"]:
        told[f"case {case['case']}"] = answer(life, home, "case", case["case"])
    same(f"folders/told/{home}.json", spell(told), meant=MEANT)


@pytest.mark.usefixtures("then")
@pytest.mark.parametrize("home", SECRETS)
async def test_every_package_that_is_kept_opens(life: Path, tmp_path: Path, home: str) -> None:
    told = {}
    with Home.open(life / home, SECRETS[home]) as opened:
        kept = opened.archive.rows("SELECT dispatch FROM packages WHERE header IS NOT NULL ORDER BY dispatch")
        for (dispatch,) in kept:
            folder = tmp_path / dispatch[:12]
            found = await opening.open_package(opened, None, dispatch, folder)
            told[dispatch] = {
                "result": found.result,
                "faults": [list(fault) for fault in found.faults],
                "files": digests(folder),
                "handed": [one.dispatch for one in found.handed],
            }
    same(f"folders/told/{home}-packages.json", spell(told), meant=MEANT)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below `folder`."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.mark.usefixtures("then")
def test_a_home_that_was_lied_to_stays_frozen_and_has_its_proof(tmp_path: Path) -> None:
    unpack(LIES, tmp_path)
    (tmp_path / f"{CCQ}.secret").write_bytes(PASSPHRASE)
    with Home.open(tmp_path / CCQ, PASSPHRASE) as home:
        home.connect(msgspec.structs.replace(home.relay, url=NOBODY))
        evidence = {alarm.code: digests_in(home, alarm.evidence) for alarm in home.archive.alarms()}
    words = (("status",), ("message", "--new", "--to", CA, "Xin chào"))
    told = {one[0]: answer(tmp_path, CCQ, *one) for one in words}
    same("folders/told/lies.json", spell({**told, "evidence": evidence}), meant=MEANT)


def digests_in(home: Home, evidence: str | None) -> dict[str, str]:
    """SHA-256 of every file in a file of evidence; nothing where there is none."""
    if evidence is None:
        return {}
    with tarfile.open(fileobj=io.BytesIO(home.open_evidence(home.path / evidence))) as tar:
        members = {member.name: tar.extractfile(member) for member in tar}
        return {name: hashlib.sha256(member.read()).hexdigest() for name, member in members.items() if member}


def test_the_relays_log_is_whole(life: Path) -> None:
    ran = run("kynhan-relay", "verify-log", "--data", str(life / "relay"), "--json")
    same(
        "folders/told/relay.json",
        spell({"status": ran.status, "answer": json.loads(ran.stdout)}),
        meant=MEANT,
    )


def test_every_kind_of_dispatch_and_statement_is_in_there(life: Path) -> None:
    with sqlite3.connect(life / "relay" / "relay.db") as database:
        notes = database.execute("SELECT type, note FROM statements").fetchall()
    kinds = {
        note.split(b"\nkind ")[1].split(b"\n")[0].decode() for type_, note in notes if type_ == "dispatch"
    }
    assert kinds == set(codes.KINDS) - {
        "draft"
    }  # which travels in a committee's own log alone: no client opens one yet
    assert {type_ for type_, _ in notes} == {
        one.first_line.split("/")[1].split("@")[0] for one in RECORDS
    } - {"succession"}  # no command makes one yet


# --- later on


async def test_relay_and_homes_go_on_from_there(tmp_path: Path) -> None:
    unpack(LIFE, tmp_path)
    told: dict[str, Any] = {}
    async with serving(tmp_path) as served:
        for name in (CCQ, CA, UNIT):
            with Home.open(tmp_path / name, SECRETS[name], clock=Clock(tmp_path / "offset")) as home:
                home.connect(msgspec.structs.replace(home.relay, url=f"http://{served.authority}"))
                async with connect(home) as relay:
                    told[name] = await went_on(home, relay)
    same("folders/told/later.json", spell(told), meant=MEANT)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Serving]:
    """The relay on a free port, at the moment when everything was frozen."""
    offset = folder / "offset"
    moments.set_clock(offset, FROZEN)
    listening = Listening("127.0.0.1", 0, None, 3600, Limits())
    async with running(folder / "relay", SECRET, DemoClock(offset), listening) as served:
        yield served


async def went_on(home: Home, relay: Relay) -> dict[str, Any]:
    """What waited went out, the witness cosigns on, nothing is found wrong."""
    synced = await syncing.sync(home, relay)
    if home.keyring.witness is not None:
        async with witness.started(home) as one:
            cosigned = await one.step(relay)
            assert cosigned is not None and cosigned.size > 0
    assert View(home).size == synced.size
    return {
        "delivered": [[one.waiting, one.kind, one.state] for one in synced.delivered],
        "waiting": len(cupboard.waiting(home.archive)),
        "alarms": [alarm.code for alarm in home.archive.alarms()],
        "frozen": home.frozen is not None,
        "reserved": home.archive.rows("SELECT series, number FROM register WHERE state = 'reserved'"),
    }


# --- schemas


async def test_the_tables_of_a_home_are_as_they_were(life: Path, tmp_path: Path) -> None:
    fresh = Home.create(tmp_path / "home", PASSPHRASE, member=f"{CCQ}/moi", holder="Người mới")
    with fresh, Home.open(life / CCQ, PASSPHRASE) as old:
        for home in (fresh, old):
            async with witness.started(home):
                pass
            version = home.archive.rows("PRAGMA user_version")
            with open_encrypted(home.path / "witness.db", home.keyring.archive_key) as state:
                tables = {
                    "archive": columns(home.archive.rows),
                    "witness": columns(lambda sql: list(state.execute(sql))),
                }
            same("folders/told/schema-home.json", spell({"version": version, **tables}), meant=MEANT)


def test_the_tables_of_a_relay_are_as_they_were(life: Path, tmp_path: Path) -> None:
    admin.init(tmp_path / "relay", SECRET, work_factor=10)
    for folder in (tmp_path, life):
        Store(folder / "relay" / "relay.db").close_at_once()  # an older one is brought up to date
        with closing(sqlite3.connect(folder / "relay" / "relay.db")) as database:
            rows = lambda sql: list(database.execute(sql))  # noqa: E731
            version = rows("SELECT version_num FROM alembic_version")
            same("folders/told/schema-relay.json", spell({"version": version, **columns(rows)}), meant=MEANT)
            for table in tables.metadata.tables.values():  # as the code asks for them
                asked = ", ".join(f"[{table.name}].[{column.name}]" for column in table.columns)
                rows(f"SELECT {asked} FROM [{table.name}]")


def columns(rows: Callable[[str], list[tuple[Any, ...]]]) -> dict[str, Any]:
    """Of every table its columns with their types, of every index and trigger what it stands on."""
    names = rows(
        "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    )
    found: dict[str, Any] = {}
    for type_, name, table in names:
        if type_ == "table":
            found[name] = [
                f"{column} {kind}{' NOT NULL' if needed else ''}{' KEY' if key else ''}"
                for _, column, kind, needed, _, key in rows(f"PRAGMA table_info({name})")
            ]
        else:
            found[f"{type_} {name}"] = table
    return found
