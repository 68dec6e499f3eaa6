"""A case from the request to the unit's reply: every procedure a command of its own, the relay another process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.commands import World, standing

TITLE = "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"
SUBJECT = ("--subject", "3.1", "--term", "in-country", "--title", TITLE)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with standing(tmp_path) as made:
        yield made


def unit(world: World, name: str) -> str:
    """A unit of CA, certified and sure of the keys; gives its home."""
    home = world.member("ca", name, "--role", "unit")
    world.ok("ca", "sync")
    world.ok("ccq", "sync")
    world.ok(home, "trust", "--digits", world.ok("ca", "trust")["digits"])
    return home


def take(world: World, who: str, dispatch: str, **expected: Any) -> tuple[Any, Path]:
    """Syncs, signs for a dispatch and opens it; gives what was told, and the folder."""
    world.ok(who, "sync")
    world.ok(who, "sign", dispatch, "--yes")
    place = world.folder / "opened" / f"{who}-{dispatch[:8]}"
    opened = world.ok(who, "open", dispatch, "--out", str(place))
    assert {name: opened[name] for name in expected} == expected
    return opened, place


def case(world: World, who: str, case_id: str) -> Any:
    """The case as somebody sees it after a sync; nothing in it is objected to."""
    world.ok(who, "sync")
    found = world.ok(who, "case", case_id)
    assert found["objections"] == []
    return found


def cosigned(world: World) -> None:
    """Both witnesses cosign all there is."""
    for _ in range(2):
        for who in ("ccq", "ca"):
            world.ok(who, "watch", "--witness", "--once")


def move_clock(world: World, days: int) -> None:
    world.clock.write_text(f"{int(world.clock.read_text()) + days * 86400}\n")


def test_from_the_request_to_the_units_reply(world: World) -> None:
    first, second = unit(world, "pc03"), unit(world, "pc04")
    content = b"noi dung" * 40_000
    files = [str(world.file("Công văn.pdf")), str(world.file("Phụ lục.bin", content))]
    request = world.ok("ccq", "request", *files, *SUBJECT, "--urgency", "khan")
    case_id = request["case"]
    assert (request["state"], request["to"], request["copies"]) == ("sent", "ca.example", [])
    take(world, "ca", request["dispatch"], result="verified", subject="3.1")

    # returned with the list, completed, and the clock starts anew
    lines = ("--missing", "Bản sao quyết định", "--missing", "Danh sách, trang 2")
    returned = world.ok("ca", "return", case_id, *lines, "--yes")
    assert returned["restarts"] is True
    _, place = take(world, "ccq", returned["dispatch"], kind="return")
    assert (place / "con-thieu.txt").read_text() == "- Bản sao quyết định\n- Danh sách, trang 2\n"
    supplement = world.ok("ccq", "supplement", case_id, str(world.file("Bổ sung.pdf", b"bo sung")))
    assert (supplement["to"], supplement["regarding"]) == ("ca.example", returned["dispatch"])
    take(world, "ca", supplement["dispatch"], kind="supplement")
    starts = [clock["because"] for clock in case(world, "ccq", case_id)["clocks"]]
    assert starts == ["receipt", "return"]

    # given to a unit, which sees the whole case, and then to another one
    given = world.ok("ca", "assign", case_id, "--to", "pc03", "--yes")
    assert given["handed_on"] == [request["dispatch"], supplement["dispatch"]]
    opened, place = take(world, first, given["dispatch"], kind="assignment")
    assert [one["dispatch"] for one in opened["handed"]] == given["handed_on"]
    assert (place / "received" / "Phụ lục.bin").read_bytes() == content
    assert (place / "received-2" / "Bổ sung.pdf").read_bytes() == b"bo sung"
    again = world.ok("ca", "assign", case_id, "--to", "ca.example/pc04", "--yes")
    assert again["before"] == "ca.example/pc03"
    take(world, second, again["dispatch"], kind="assignment")
    for who in ("ccq", first):
        assert case(world, who, case_id)["unit"] == "ca.example/pc04"
    assert world.run(first, "reply", case_id, files[0], "--title", "x", "--json").code == "not-now"

    # more time, twice; the second notice comes too late
    original = case(world, "ccq", case_id)["due"]["due"]
    early = world.ok(second, "extend", case_id, "--days", "10", "--reason", "Chờ xác minh", "--yes")
    assert (early["before"], early["late"]) == (original, False)
    take(world, "ccq", early["dispatch"], kind="extension")
    days = (date.fromisoformat(early["announced"]) - date.fromisoformat(original)).days
    move_clock(world, days + 70)
    late = world.ok(second, "extend", case_id, "--days", "20", "--reason", "Chờ xác minh", "--yes")
    assert (late["before"], late["original"], late["late"]) == (early["announced"], original, True)

    # what is known before, and the reply with its copy
    interim = world.ok(second, "interim", case_id, str(world.file("Thông tin.pdf")))
    assert interim["concluded"] is False
    take(world, "ccq", interim["dispatch"], kind="interim")
    answer = str(world.file("Trả lời.pdf", b"ket qua"))
    reply = world.ok(second, "reply", case_id, answer, "--title", "Trả lời kết quả")
    (copy,) = reply["copies"]
    assert (reply["to"], copy["to"], copy["state"]) == ("ccq.example", "ca.example", "sent")
    _, place = take(world, "ca", copy["dispatch"], kind="reply")
    assert (place / "Trả lời.pdf").read_bytes() == b"ket qua"
    take(world, "ccq", reply["dispatch"], kind="reply")

    # everything shown, alike everywhere, and each receipt verified
    found = case(world, "ccq", case_id)
    assert (found["phase"], found["stopped"]["dispatch"]) == ("answered", reply["dispatch"])
    assert found["due"]["due"] == late["announced"]
    assert found["due"]["original"] == original
    assert [one["because"] for one in found["due_history"]] == ["receipt", "return", "extension", "extension"]
    marks = {one["kind"]: one["late"] for one in found["dispatches"].values()}
    assert marks["extension"] is True
    for who in ("ca", second):
        theirs = case(world, who, case_id)
        assert theirs["dispatches"] == found["dispatches"]
        assert theirs["due_history"] == found["due_history"]
    shown = world.run("ccq", "case", case_id).stdout
    for words in (
        "Unit that has it: ca.example/pc04",
        "It counts anew from",
        "Original date: ",
        "! given late",
        "(copy)",
        "Answered at",
    ):
        assert words in shown, shown
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    cosigned(world)
    for who, other in (("ca", "ccq"), ("ccq", "ca")):  # later statements of both sides close the chains
        words = str(world.file("lời.txt", b"xong\n"))
        message = world.ok(who, "send", words, "--to", f"{other}.example", "--kind", "message")
        world.ok(other, "sync")
        world.ok(other, "sign", message["dispatch"], "--yes")
    cosigned(world)
    for who in ("ccq", "ca"):
        world.ok(who, "sync")
        folder = world.folder / f"evidence-{who}"
        world.ok(who, "receipts", case_id, "--upgrade", "--out", str(folder))
        verdict = world.run(who, "verify", str(folder), "--json")
        assert verdict.status == 0, verdict.stdout
        assert verdict.json["verdict"] == "VALID"
        assert len(verdict.json["receipts"]) > 30
    for who in ("ccq", "ca", second):
        assert world.ok(who, "status")["alarms"] == []


def test_a_request_straight_to_a_unit(world: World) -> None:
    home = unit(world, "pc03")
    paper = str(world.file("Công văn.pdf"))
    request = world.ok("ccq", "request", paper, *SUBJECT, "--to", "ca.example/pc03")
    case_id = request["case"]
    assert world.inbox() == []
    take(world, home, request["dispatch"], subject="3.1")
    found = case(world, "ca", case_id)
    assert (found["phase"], found["unit"]) == ("running", "ca.example/pc03")
    # the committee has nothing of it to hand on
    assert world.run("ca", "assign", case_id, "--to", "pc03", "--yes", "--json").code == "not-now"
    reply = world.ok(home, "reply", case_id, paper, "--title", "Trả lời kết quả")
    assert [one["to"] for one in reply["copies"]] == ["ca.example"]
    take(world, "ccq", reply["dispatch"], kind="reply")
    assert world.inbox() == [reply["copies"][0]["dispatch"]]
    assert case(world, "ccq", case_id)["phase"] == "answered"
