"""Keys, the relay, the agreement's profile, keys compared; what is refused before."""

from __future__ import annotations

import json
from pathlib import Path

from tests.frozen.stage import LOG, ORIGIN, Stage

CCQ, CA = "ccq.example", "ca.example"
HOLDERS = {"ccq": "Văn thư Đảng ủy Các cơ quan tỉnh", "ca": "Văn thư Đảng ủy Công an tỉnh"}


def play(one: Stage) -> None:
    """At the end the agreement is ready for its first dispatch; five people have homes."""
    one.chapter("01-keys", "2026-01-12 08:00")
    roots = _keys(one)
    _relay(one, roots)
    one.start_relay()
    _connect(one)
    one.chapter("02-profile", "2026-01-12 09:00")
    _profile(one)
    _compare(one)
    one.chapter("03-members", "2026-01-12 10:00")
    _members(one)
    _witnesses(one)


def _keys(one: Stage) -> list[str]:
    one.kynhan("ccq", "status", status=1)
    made = [
        one.kynhan(who, "init", "--committee", f"{who}.example", "--holder", holder)
        for who, holder in HOLDERS.items()
    ]
    one.kynhan("ccq", "init", "--committee", CCQ, "--holder", "Văn thư", status=1)
    one.kynhan("ai-do", "init", "--committee", "Không Phải Tên", "--holder", "Văn thư", status=1)
    one.kynhan("ai-do", "init", "--committee", CCQ, "--join", "--holder", "Văn thư", status=2)
    one.kynhan("ccq", "status")
    one.kynhan("ccq", "sync", status=1)
    one.kynhan("ccq", "--passphrase-file", str(one.secret("ai-do")), "status")
    _wrong_passphrase(one)
    return [each["root"] for each in made]


def _wrong_passphrase(one: Stage) -> None:
    wrong = one.file("sai.txt", "một cụm khác hẳn\n")
    one.kynhan("ccq", "--passphrase-file", wrong, "status", status=1)
    one.kynhan("ccq", "--passphrase-file", one.path("không-có"), "status", status=1)


def _relay(one: Stage, roots: list[str]) -> None:
    one.relay("status", "--data", one.path("relay"), "--json", status=1)
    one.relay("init", *one.data)
    one.relay("init", *one.data, status=1)
    admit = ("admit", *one.data, "--log", LOG, "--origin", ORIGIN, "--url", f"http://127.0.0.1:{one.port}")
    one.relay(*admit, "--json", "không phải khóa", status=1)
    one.relay(*admit, "--json", roots[0], roots[0], status=1)
    admitted = one.relay(*admit, "--json", *roots)
    one.relay(*admit, "--json", *roots, status=1)
    Path(one.path("relay.json")).write_text(json.dumps(admitted), "utf-8")
    one.relay("status", "--data", one.path("relay"), "--json")
    one.relay("serve", *one.data, "--listen", "0.0.0.0:1", "--demo-clock", one.path("clock"), status=2)
    one.relay("serve", "--data", one.path("không-có"), status=1)
    one.relay("status", "--url", f"http://127.0.0.1:{one.port}", "--json", status=1)


def _connect(one: Stage) -> None:
    one.kynhan("ccq", "trust", "--relay", one.path("không-có.json"), status=1)
    for who in HOLDERS:
        one.kynhan(who, "trust", "--relay", one.path("relay.json"))
    one.relay("status", "--url", f"http://127.0.0.1:{one.port}", "--json")
    one.kynhan("ccq", "trust")
    one.kynhan("ccq", "status")


def _profile(one: Stage) -> None:
    draft = one.path("profile.json")
    sides = ("--requesting", CCQ, "--responding", CA)
    named = ("--number", "15-QC/TU", "--date", "2026-01-05", "--out", draft)
    one.kynhan("ccq", "profile", "show", status=1)
    one.kynhan("ccq", "profile", "draft", *sides, *named)
    one.kynhan("ccq", "profile", "draft", *sides, *named, status=1)
    one.kynhan("ccq", "profile", "show", draft)
    one.kynhan("ccq", "profile", "show", one.file("rỗng.json", "{}"), status=1)
    one.kynhan("ccq", "profile", "sign", draft, status=1)
    one.kynhan("ccq", "profile", "sign", draft, "--yes")
    one.kynhan("ccq", "profile", "sign", "--yes", status=1)
    one.kynhan("ca", "sync")
    one.kynhan("ca", "profile", "show")
    one.kynhan("ca", "profile", "sign", "--yes")
    one.kynhan("ca", "profile", "show")


def _compare(one: Stage) -> None:
    letter = ("--term", "in-country", "--subject", "3.1", "--title", "Đề nghị phối hợp", one.file("a.pdf"))
    one.kynhan("ccq", "request", *letter, status=1)
    digits = one.kynhan("ca", "trust")["digits"]
    one.kynhan("ccq", "trust", "--digits", " ".join(["00000"] * 12), status=1)
    for who in HOLDERS:
        one.kynhan(who, "trust", "--digits", digits)


def _members(one: Stage) -> None:
    for who, name, role, holder in (
        ("ca", "pc03", "unit", "Phòng PC03"),
        ("ca", "duyet", "approver", "Phó Bí thư Đảng ủy Công an tỉnh"),
        ("ccq", "duyet", "approver", "Phó Bí thư Đảng ủy Các cơ quan tỉnh"),
    ):
        asked, made = one.path(f"{who}-{name}.json"), one.path(f"{who}-{name}.invitation.json")
        home, join = f"{who}-{name}", ("--join", "--member", f"{who}.example/{name}")
        one.kynhan(home, "init", *join, "--holder", holder, "--role", role, "--out", asked)
        one.kynhan(who, "invite", asked, "--role", role, "--not-after", "2027-12-31", "--out", made)
        one.kynhan(home, "trust", "--relay", made)
        digits = one.kynhan(home, "trust")["digits"]
        one.kynhan(home, "trust", "--digits", digits)
    one.kynhan("ccq", "invite", one.path("không-có.json"), status=1)
    one.kynhan("ca-pc03", "invite", one.path("ca-pc03.json"), status=1)


def _witnesses(one: Stage) -> None:
    for who in HOLDERS:
        one.kynhan(who, "sync")
    for who in ("ccq", "ca", "ccq", "ca", "ccq"):
        one.kynhan(who, "watch", "--witness", "--once")
    one.kynhan("ca-pc03", "watch", "--witness", "--once", status=1)
    one.kynhan("ccq", "watch", "--once", "--no-notify")
    one.kynhan("ccq", "watch", "--once", "--no-notify")
    for who in (*HOLDERS, "ca-pc03"):
        one.kynhan(who, "sync")
    one.kynhan("ca", "trust")
    one.kynhan("ca", "status")
