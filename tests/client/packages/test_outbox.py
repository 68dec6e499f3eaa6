"""The outbox: what is in it survives a crash between any two steps, and is delivered once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CCQ, PASSPHRASE
from tests.client.parties import Parties, parties

from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard, durable
from kynhan_client.home.home import Home
from kynhan_client.log import answers
from kynhan_client.log.view import View
from kynhan_client.packages import delivering
from kynhan_client.packages.outbox import deliver, deliver_all
from kynhan_client.packages.send import send
from kynhan_client.relay import transfers
from kynhan_client.relay.relay import Relay


def logged(two: Parties) -> list[str]:
    rows = two.ccq.archive.rows("SELECT id FROM statements WHERE type = 'dispatch' ORDER BY idx")
    return [row[0] for row in rows]


async def queued(two: Parties, size: int = 200_000) -> int:
    """A dossier sealed while the relay was away; gives its row."""
    await two.stop_relay()
    sent = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", bytes(size))))
    assert sent.state == "queued"
    await two.start_relay()
    return sent.waiting


class CrashError(BaseException):
    """The process is gone here."""


@pytest.mark.parametrize(
    "step", ["create_upload", "upload", "post_statement", "check", "replace", "put_package"]
)
async def test_a_crash_at_any_step_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async with parties(tmp_path) as two:
        row = await queued(two)
        places: dict[str, Any] = {
            "create_upload": (transfers, "create_upload"),
            "upload": (transfers, "upload"),
            "post_statement": (Relay, "post_statement"),
            "check": (answers, "check"),
            "replace": (durable, "write"),
            "put_package": (cupboard, "put_package"),
        }
        owner, name = places[step]
        original = getattr(owner, name)

        async def crash_after(*args: Any, **kwargs: Any) -> None:
            await original(*args, **kwargs)
            raise CrashError

        def crash(*_: Any, **__: Any) -> None:
            raise CrashError

        asynchronous = asyncio.iscoroutinefunction(original)
        monkeypatch.setattr(owner, name, crash_after if asynchronous else crash)
        with pytest.raises(CrashError):
            await deliver(two.ccq, two.to[CCQ], row)
        monkeypatch.undo()
        await two.sync(two.ccq)
        (dispatch,) = logged(two)
        assert cupboard.waiting(two.ccq.archive) == []
        package = cupboard.package(two.ccq.archive, dispatch)
        assert package is not None
        assert package.body_here
        assert two.ccq.sealed_path(dispatch, "body").is_file()
        assert sorted(path.suffix for path in (two.ccq.path / "sealed").iterdir()) == [".body", ".header"]


async def test_two_commands_deliver_a_row_once(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        row = await queued(two)
        with Home.open(two.ccq.path, PASSPHRASE, clock=two.ccq.clock) as second:
            results = await asyncio.gather(
                deliver(two.ccq, two.to[CCQ], row), deliver(second, two.to[CCQ], row), return_exceptions=False
            )
        assert [result.state for result in results] == ["sent", "sent"]
        await two.sync(two.ccq)
        assert len(logged(two)) == 1


async def test_what_another_command_is_sending_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        row = await queued(two)
        begun, go_on = asyncio.Event(), asyncio.Event()
        upload = transfers.upload

        async def slow(*args: Any, **kwargs: Any) -> None:
            begun.set()
            await go_on.wait()
            await upload(*args, **kwargs)

        monkeypatch.setattr(transfers, "upload", slow)
        first = asyncio.create_task(deliver(two.ccq, two.to[CCQ], row))
        await begun.wait()
        with Home.open(two.ccq.path, PASSPHRASE, clock=two.ccq.clock) as second:
            (other,) = await deliver_all(second, two.to[CCQ])
        assert (other.state, other.error.code if other.error else "") == ("queued", "home-in-use")
        go_on.set()
        assert (await first).state == "sent"


async def test_an_upload_that_the_relay_forgot_begins_again(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        row = await queued(two)
        cupboard.change_waiting(two.ccq.archive, row, time=0, upload="0" * 32, step="post")
        assert (await deliver(two.ccq, two.to[CCQ], row)).state == "sent"


async def test_what_the_relay_will_never_take_fails_and_leaves_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        row = await queued(two)

        async def refuse(*_: Any, **__: Any) -> None:
            raise transfers.problem("refused", why="no", relay_code="not-now")

        monkeypatch.setattr(Relay, "post_statement", refuse)
        result = await deliver(two.ccq, two.to[CCQ], row)
        assert result.state == "failed"
        (failed,) = cupboard.waiting(two.ccq.archive, "failed")
        assert failed.file_key is None
        assert list((two.ccq.path / "sealed").iterdir()) == []


async def test_redrafting_ends_at_some_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with parties(tmp_path) as two:
        row = await queued(two)
        posted: list[bytes] = []

        async def stale(self: Relay, note: bytes, **_: Any) -> None:
            posted.append(note)
            raise transfers.problem("stale", why="again", relay_code="stale")

        monkeypatch.setattr(Relay, "post_statement", stale)
        result = await deliver(two.ccq, two.to[CCQ], row)
        assert result.state == "queued"
        assert result.error is not None
        assert result.error.code == "stale"
        assert len(posted) == len(set(posted)) == delivering.ATTEMPTS
        monkeypatch.undo()
        await two.sync(two.ccq)
        assert len(logged(two)) == 1


async def test_a_frozen_home_delivers_nothing(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await queued(two)
        two.ccq.freeze(("thử", "test"), two.ccq.keep_evidence("test", {"x": b"y"}))
        with pytest.raises(ClientError) as error:
            await deliver_all(two.ccq, two.to[CCQ])
        assert error.value.code == "frozen"
        assert View(two.ccq).size
