"""Steps that the tests of the outbox share: something waits, posts and answers get lost, nothing is left behind."""

from __future__ import annotations

from typing import Any

import pytest
from tests.client.agreement import CCQ
from tests.client.parties import Parties

from kynhan_client.errors import problem
from kynhan_client.home import cupboard
from kynhan_client.home.home import Home
from kynhan_client.packages.send import send
from kynhan_client.relay.relay import Relay

LARGE, SMALL = 200_000, 1_000  # uploaded before it is posted; posted with its body inside


class CrashError(BaseException):
    """The process is gone here."""


def logged(two: Parties, type_: str = "dispatch") -> list[str]:
    rows = two.ccq.archive.rows("SELECT id FROM statements WHERE type = ? ORDER BY idx", (type_,))
    return [row[0] for row in rows]


def sealed(home: Home) -> list[str]:
    return sorted(path.name for path in (home.path / "sealed").iterdir())


async def queued(two: Parties, size: int = LARGE, **changes: Any) -> int:
    """A dossier sealed while the relay was away, and still is; gives its row."""
    await two.stop_relay()
    sent = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", bytes(size)), **changes))
    assert sent.state == "queued"
    return sent.waiting


def lose_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the relay takes what is posted, and its answer is lost on the way."""
    post = Relay.post_statement

    async def lost(self: Relay, *args: Any, **more: Any) -> None:
        await post(self, *args, **more)
        raise problem("relay-down", url="x", why="x")

    monkeypatch.setattr(Relay, "post_statement", lost)


def gone(home: Home, number: int) -> None:
    """The row is cancelled, and nothing of its content is left."""
    row = cupboard.waiting_by_id(home.archive, number)
    assert row.state == "cancelled"
    assert (row.file_key, row.header, row.manifest, row.body_path, row.upload) == (None,) * 5
    assert sealed(home) == []
    assert home.archive.rows("SELECT 1 FROM manifests UNION ALL SELECT 1 FROM packages") == []


def lose_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nothing that is posted reaches the relay."""

    async def away(*_: Any, **__: Any) -> None:
        raise problem("relay-down", url="x", why="x")

    monkeypatch.setattr(Relay, "post_statement", away)
