"""What is taken back, declined, destroyed; and what waits while the relay is away."""

from __future__ import annotations

from tests.frozen.chapters.exchange import take
from tests.frozen.chapters.request import Asked
from tests.frozen.stage import Stage


def play(one: Stage, asked: Asked) -> None:
    """Ends with the relay running again."""
    one.chapter("13-taking-back", "2026-04-21 08:00")
    _withdraw(one)
    _decline(one)
    kept = _recall(one)
    _destroy(one, asked, kept)
    one.chapter("14-relay-away", "2026-04-22 08:00")
    _away(one)


def _send(one: Stage, title: str) -> str:
    letter = ("--term", "in-province", "--subject", "3.1", "--title", title)
    dispatch: str = one.kynhan("ccq", "request", *letter, one.file("a.pdf"))["dispatch"]
    return dispatch


def _withdraw(one: Stage) -> None:
    sent = _send(one, "Gửi nhầm")
    one.kynhan("ccq", "withdraw", sent, "--code", "no", status=2)
    one.kynhan("ccq", "withdraw", sent, "--code", "mistake", status=1)
    one.kynhan("ccq", "withdraw", sent, "--code", "mistake", "--yes")
    one.kynhan("ccq", "withdraw", sent, "--code", "mistake", "--yes", status=1)
    one.kynhan("ca", "sync")
    one.kynhan("ca", "sign", sent, "--yes", status=1)


def _decline(one: Stage) -> None:
    sent = _send(one, "Không đúng nơi nhận")
    one.kynhan("ca", "sync")
    one.kynhan("ca", "decline", sent, "--code", "wrong-addressee", status=1)
    one.kynhan("ca", "decline", sent, "--code", "wrong-addressee", "--yes")
    one.kynhan("ccq", "sync")


def _recall(one: Stage) -> str:
    kept, given_back = _send(one, "Thu hồi một"), _send(one, "Thu hồi hai")
    one.kynhan("ccq", "recall", "ask", kept, "--reason", "x", "--yes", status=1)
    take(one, "ca", kept)
    take(one, "ca", given_back)
    one.kynhan("ccq", "sync")
    one.kynhan("ca", "recall", "agree", "--yes", status=1)
    asked = one.kynhan("ccq", "recall", "ask", kept, "--reason", "Gửi nhầm bản", "--yes")
    one.kynhan("ca", "sync")
    one.kynhan("ca", "recall", "refuse", "--reason", "Đã đưa vào hồ sơ", status=1)
    take(one, "ca", asked["dispatch"])
    one.kynhan("ca", "recall", "refuse", "--reason", "Đã đưa vào hồ sơ")
    one.kynhan("ccq", "sync")
    asked = one.kynhan("ccq", "recall", "ask", given_back, "--reason", "Gửi nhầm bản", "--yes")
    take(one, "ca", asked["dispatch"])
    one.kynhan("ca", "recall", "agree", asked["dispatch"], "--yes")
    one.kynhan("ccq", "sync")
    one.kynhan("ccq", "cases")
    return kept


def _destroy(one: Stage, asked: Asked, kept: str) -> None:
    one.kynhan("ca", "destroy", status=2)
    one.kynhan("ca", "destroy", asked.dispatch, "--code", "ordered", status=1)
    one.kynhan("ca", "destroy", asked.dispatch, "--code", "ordered", "--yes", status=1)
    one.kynhan("ca", "destroy", "--expired")
    one.kynhan("ca", "destroy", kept, "--code", "ordered", "--yes")
    one.kynhan("ca", "destroy", kept, "--code", "ordered", "--yes")
    one.kynhan("ca", "open", kept, "--out", one.path("lại"), status=1)


def _away(one: Stage) -> None:
    one.stop_relay()
    one.kynhan("ccq", "sync", status=1)
    letter = ("--term", "in-province", "--subject", "3.1", "--title", "Chờ gửi")
    one.kynhan("ccq", "request", *letter, one.file("a.pdf"), status=1)
    one.kynhan("ccq", "message", "--new", "Chờ gửi.", "--to", "ca.example", status=1)
    one.kynhan("ccq", "outbox", "list")
    one.table("ccq", "outbox", "list", "--csv")
    one.kynhan("ccq", "outbox", "cancel", "99", "--yes", status=1)
    number = one.kynhan("ccq", "outbox")["waiting"][0]["number"]
    one.kynhan("ccq", "outbox", "cancel", str(number), status=1)
    one.kynhan("ccq", "outbox", "cancel", str(number), "--yes", status=1)
    one.kynhan("ccq", "status")
    one.kynhan("ccq", "channel", "list", status=1)
    one.relay("status", "--data", one.path("relay"), "--json")
    one.relay("status", "--url", f"http://127.0.0.1:{one.port}", "--json", status=1)
    one.start_relay()
    one.kynhan("ccq", "outbox", "cancel", str(number), "--yes")
    one.kynhan("ccq", "sync")
    one.kynhan("ccq", "outbox", "list")
    one.kynhan("ca", "sync")
