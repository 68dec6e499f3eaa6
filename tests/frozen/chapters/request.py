"""A request, there: sent, fetched, signed for, opened; how it then stands in every list."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.frozen.stage import Stage

DOSSIER = Path(__file__).resolve().parents[3] / "examples/dossier"
REPLY = Path(__file__).resolve().parents[3] / "examples/reply"


@dataclass(frozen=True)
class Asked:
    """A case that runs, and its request."""

    case: str
    dispatch: str
    receipt: str


def play(one: Stage) -> Asked:
    """At the end CA has signed for CCQ's request and opened it."""
    for folder in (DOSSIER, REPLY):
        shutil.copytree(folder, one.path(folder.name))
    one.chapter("04-request", "2026-01-13 08:30")
    case, dispatch = _request(one)
    one.chapter("05-receipt", "2026-01-13 14:00")
    receipt = _receive(one, dispatch)
    one.chapter("06-lists", "2026-01-14 08:00")
    _lists(one, case)
    return Asked(case, dispatch, receipt)


def files(one: Stage, folder: str) -> tuple[str, ...]:
    """The files of a dossier on the stage."""
    return tuple(sorted(str(path) for path in Path(one.path(folder)).iterdir() if path.suffix != ".toml"))


def _request(one: Stage) -> tuple[str, str]:
    cover = ("--cover", one.path("dossier/cover.toml"))
    dossier = files(one, "dossier")
    one.kynhan("ccq", "request", *cover, "--subject", "3.1", *dossier, status=1)
    one.kynhan("ccq", "request", "--term", "mai", one.path("không-có.pdf"), status=2)
    one.kynhan("ccq", "request", *cover, "--term", "foreign", "--subject", "3.1", one.path("x.pdf"), status=1)
    words = ("request", *cover, "--term", "in-country", "--subject", "3.1", "--urgency", "khan", *dossier)
    one.kynhan("ccq", *words, "--wish", "2026-03-31", status=1)
    sent = one.kynhan("ccq", *words)
    one.kynhan("ccq", "case", sent["case"])
    one.kynhan("ccq", "inbox")
    one.kynhan("ccq", "outbox", "list")
    return sent["case"], sent["dispatch"]


def _receive(one: Stage, dispatch: str) -> str:
    one.kynhan("ca", "inbox")
    one.kynhan("ca", "sync")
    one.kynhan("ca", "inbox")
    one.table("ca", "inbox", "--csv")
    one.kynhan("ca", "inbox", "--term", "foreign")
    one.kynhan("ca", "fetch", "khong-phai-ma", status=1)
    one.kynhan("ca", "fetch", dispatch)
    one.kynhan("ca", "open", dispatch, "--out", one.path("ca-opened"), status=1)
    one.kynhan("ca", "sign", dispatch, status=1)
    signed = one.kynhan("ca", "sign", dispatch, "--yes")
    one.kynhan("ca", "sign", dispatch, "--yes")
    one.kynhan("ca", "open", dispatch[:12], "--out", one.path("ca-opened"))
    one.kynhan("ca", "open", dispatch, "--out", one.path("ca-opened"), status=1)
    one.kynhan("ca", "open", dispatch, "--age", one.path("bì.age"))
    one.kynhan("ca", "open", dispatch, "--undelivered", status=1)
    one.kynhan("ca", "decline", dispatch, "--code", "duplicate", "--yes", status=1)
    one.kynhan("ccq", "sync")
    receipt: str = signed["receipt"]
    return receipt


def _lists(one: Stage, case: str) -> None:
    for who in ("ccq", "ca"):
        one.kynhan(who, "cases")
        one.kynhan(who, "deadlines")
    one.table("ca", "cases", "--csv")
    one.kynhan("ca", "cases", "--group", "overdue")
    one.kynhan("ca", "cases", "--term", "in-country", "--mine")
    one.table("ca", "deadlines", "--csv")
    one.kynhan("ca", "case", case)
    one.kynhan("ca", "case", case[:12], "--why")
    one.kynhan("ca", "case", "ffff", status=1)
    one.kynhan("ca", "status")
    one.kynhan("ca", "search", "quỹ", "đất")
    one.table("ca", "search", "phoi hop", "--in", "den", "--from", "2026-01-01", "--csv")
    one.kynhan("ca", "search", "không có gì như thế")
    one.kynhan("ca", "view", "list")
    one.kynhan("ca", "view", "save", "gấp", "--", "cases", "--mine")
    one.kynhan("ca", "view", "save", "sai", "--", "send", "x", status=1)
    one.kynhan("ca", "view", "list")
    one.kynhan("ca", "view", "run", "gấp")
    one.kynhan("ca", "view", "run", "không có", status=1)
    one.kynhan("ca", "view", "remove", "gấp")
    one.kynhan("ca", "view", "remove", "gấp", status=1)
    one.kynhan("ca", "register", "settings")
    one.kynhan("ca", "register", "settings", "--term-begins", "2025-10-01", "--auto")
