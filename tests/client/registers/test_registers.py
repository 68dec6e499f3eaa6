"""The registers of documents: numbers in their series, never twice; gaps, void numbers and duplicates shown."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.calling import Kynhan
from tests.client.parties import Parties, parties

from kynhan_client.dossiers.dossier import Cover, with_fields
from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard
from kynhan_client.home.home import Home
from kynhan_client.packages import opening, receive
from kynhan_client.packages.send import LetterOutcome, send
from kynhan_client.procedures import replies
from kynhan_client.procedures.standing import Papers
from kynhan_client.registers import numbering, register_list, registers
from kynhan_client.registers import register_rows as rows
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import Manifest

LETTER = Cover(
    title="Về việc phối hợp",
    form="party-2026",
    issuer="Đảng ủy Các cơ quan tỉnh",
    doctype="Công văn",
    number=15,
    symbol="CV/ĐUCCQ",
    issued=date(2026, 11, 2),
)
STATE = Cover(
    title="Trả lời", form="state-2020", doctype="Công văn", number=4, symbol="CAT-PV01", issuer="Công an tỉnh"
)


async def requested(two: Parties, cover: Cover = LETTER) -> LetterOutcome:
    return await two.request(title=None, cover=cover)


async def opened(two: Parties, dispatch: str, folder: Path) -> None:
    await receive.sign(two.ca, two.to[CA], dispatch)
    await opening.open_package(two.ca, two.to[CA], dispatch, folder / dispatch[:8])


def shown(home: Home, direction: str, **changes: object) -> list[tuple[int | None, str]]:
    lines = register_list.register(home, direction, **changes)  # type: ignore[arg-type]
    return [(line.number, line.state) for line in lines]


def manifest(home: Home, dispatch: str) -> Manifest:
    note = cupboard.manifest(home.archive, dispatch)
    assert note is not None
    return manifests.parse(note).manifest


async def test_what_is_sent_and_opened_enters_its_register_by_itself(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await requested(two)
        gap, line = register_list.register(two.ccq, "out")
        assert (gap.state, gap.number, gap.last) == ("gap", 1, 14)
        assert (line.series.family, line.series.series, line.series.period) == ("party", "CV", "2025-2030")
        assert (line.number, line.printed, line.receiver) == (15, "Số 15-CV/ĐUCCQ", CA)
        assert shown(two.ca, "in") == []
        await opened(two, sent.dispatch, tmp_path)
        (line,) = register_list.register(two.ca, "in")
        assert (line.number, line.series.series, line.series.period) == (1, "", "2025-2030")
        assert (line.issuer, line.printed, line.issued) == (LETTER.issuer, "Số 15-CV/ĐUCCQ", "2026-11-02")
        assert (line.doctype, line.title, line.receiver) == ("Công văn", LETTER.title, "ca.example/van-thu")
        case = receive.View(two.ca).case(sent.case)
        assert line.at == case.dispatches[sent.dispatch].received_at.replace(microsecond=0)  # type: ignore[union-attr]
        await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "again")
        assert shown(two.ca, "in") == [(1, "entered")]


async def test_a_state_document_counts_by_the_year_and_a_message_not_at_all(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await requested(two)
        await opened(two, sent.dispatch, tmp_path)
        letter = replies.reply(two.ca, sent.case, Papers(files=(two.file("x.pdf"),), title=None))
        letter = type(letter)(**{**vars(letter), "cover": STATE, "title": STATE.title})
        reply = await send(two.ca, two.to[CA], letter)
        await two.sync()
        await receive.sign(two.ccq, two.to[CCQ], reply.dispatch)
        await opening.open_package(two.ccq, two.to[CCQ], reply.dispatch, tmp_path / "reply")
        year = str(two.ca.clock.now().year)
        _, line = register_list.register(two.ca, "out")
        assert (line.series.family, line.series.series, line.series.period) == ("state", "", year)
        assert (line.number, line.printed) == (4, "Số: 04/CAT-PV01")
        (line,) = register_list.register(two.ccq, "in")
        assert (line.series.family, line.series.period, line.number) == ("state", year, 1)
        message = two.letter(kind="message", to=CA, words="Đã nhận.", case=sent.case, term=None, subject=None)
        await send(two.ccq, two.to[CCQ], type(message)(**{**vars(message), "title": None}))
        assert shown(two.ccq, "out") == [(1, "gap"), (15, "entered")]


async def test_numbers_are_never_given_twice_and_gaps_are_shown(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatches = []
        for number in (3, 4, 7):
            sent = await requested(two, with_fields(LETTER, number=number))
            await opened(two, sent.dispatch, tmp_path)
            dispatches.append(sent.dispatch)
        lines = register_list.register(two.ccq, "out")
        assert [(line.state, line.number, line.last) for line in lines] == [
            ("gap", 1, 2),
            ("entered", 3, None),
            ("entered", 4, None),
            ("gap", 5, 6),
            ("entered", 7, None),
        ]
        made = manifest(two.ca, dispatches[0])
        entry = registers.enter(
            two.ca, dispatches[0], made, number=9, location="Tủ 2", distribution="Văn phòng"
        )
        assert (entry.number, entry.location, entry.distribution) == (9, "Tủ 2", "Văn phòng")
        assert shown(two.ca, "in") == [
            (1, "void"),
            (2, "entered"),
            (3, "entered"),
            (4, "gap"),
            (9, "entered"),
        ]
        for taken in (1, 3, 9):
            with pytest.raises(ClientError) as error:
                registers.enter(two.ca, dispatches[1], manifest(two.ca, dispatches[1]), number=taken)
            assert error.value.code == "number-taken"
        sent = await requested(two, with_fields(LETTER, number=8))
        await opened(two, sent.dispatch, tmp_path)
        assert shown(two.ca, "in")[-1] == (10, "entered")
        with pytest.raises(ClientError) as error:
            registers.enter(two.ccq, dispatches[0], manifest(two.ccq, dispatches[0]), number=30)
        assert error.value.code == "number-signed"


async def test_a_document_that_came_before_is_told(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        first = await requested(two)
        assert numbering.used_before(two.ccq, LETTER)[0].dispatch == first.dispatch
        second = await requested(two)
        third = await requested(two, with_fields(LETTER, issuer="Ban Tổ chức"))
        for sent in (first, second, third):
            await opened(two, sent.dispatch, tmp_path)
        assert numbering.came_before(two.ca, first.dispatch)[0].dispatch == second.dispatch
        assert [twin.dispatch for twin in numbering.came_before(two.ca, second.dispatch)] == [first.dispatch]
        assert numbering.came_before(two.ca, third.dispatch) == []
        lines = register_list.register(two.ca, "in")
        assert [line.twin for line in lines] == [True, True, False]
        assert numbering.used_before(two.ccq, with_fields(LETTER, number=16)) == []
        assert numbering.used_before(two.ccq, with_fields(LETTER, symbol="TTr/ĐUCCQ")) == []
        registers.change_settings(two.ccq, term_begins=date(2025, 10, 1))
        registers.change_settings(two.ccq, term_begins=date(2030, 10, 1))
        assert numbering.used_before(two.ccq, with_fields(LETTER, issued=date(2031, 1, 1))) == []


async def test_the_next_number_is_reserved_and_entered_when_it_went(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await requested(two)
        cover = Cover(title="Về việc khác", form="party-2026", doctype="Công văn", symbol="CV/ĐUCCQ")
        ready, taken = numbering.numbered(two.ccq, two.letter(title=None, cover=cover))
        assert (taken.number, taken.state) == (16, "reserved")
        sent = await send(two.ccq, two.to[CCQ], ready)
        numbering.settle(two.ccq, taken)
        made = manifest(two.ccq, sent.dispatch)
        assert (made.number, made.printed) == (16, "Số 16-CV/ĐUCCQ")
        assert shown(two.ccq, "out")[1:] == [(15, "entered"), (16, "entered")]
        assert rows.entry_of(two.ccq.archive, sent.dispatch) is not None


async def test_a_number_for_what_was_never_sealed_is_free_again(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        letter = two.letter(tmp_path / "missing.pdf", title=None, cover=with_fields(LETTER, number=None))
        letter = type(letter)(**{**vars(letter), "cover": Cover(**{**_fields(LETTER), "number": None})})
        ready, taken = numbering.numbered(two.ccq, letter)
        with pytest.raises(ClientError):
            await send(two.ccq, two.to[CCQ], ready)
        assert shown(two.ccq, "out") == [(1, "reserved")]
        numbering.settle(two.ccq, taken)
        assert shown(two.ccq, "out") == []


def _fields(cover: Cover) -> dict[str, object]:
    return {name: getattr(cover, name) for name in Cover.__struct_fields__}


async def test_a_number_of_what_waits_is_kept_and_of_what_failed_is_void(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unnumbered = Cover(**{**_fields(LETTER), "number": None})  # type: ignore[arg-type]
        ready, taken = numbering.numbered(two.ccq, two.letter(title=None, cover=unnumbered))
        await two.stop_relay()
        sent = await send(two.ccq, two.to[CCQ], ready)
        assert sent.state == "queued"
        numbering.settle(two.ccq, taken)
        two.move_clock(86_400)
        assert shown(two.ccq, "out") == [(1, "reserved")]
        cupboard.change_waiting(two.ccq.archive, sent.waiting, time=0, state="failed")
        assert shown(two.ccq, "out") == [(1, "void")]
        _, taken = numbering.numbered(two.ccq, two.letter(title=None, cover=unnumbered))
        assert taken.number == 2
        two.move_clock(3_600)  # its command was killed before it sealed anything
        assert shown(two.ccq, "out") == [(1, "void")]


async def test_what_waited_is_entered_when_it_goes(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        registers.change_settings(two.ccq, automatic=False)
        unnumbered = Cover(**{**_fields(LETTER), "number": None})  # type: ignore[arg-type]
        ready, taken = numbering.numbered(two.ccq, two.letter(title=None, cover=unnumbered))
        await two.stop_relay()
        await send(two.ccq, two.to[CCQ], ready)
        numbering.settle(two.ccq, taken)
        await two.start_relay()
        await two.sync(two.ccq)
        assert shown(two.ccq, "out") == [(1, "entered")]
        await requested(two)  # nothing else is entered by itself now
        assert shown(two.ccq, "out") == [(1, "entered")]


async def test_a_number_is_not_given_up_while_its_dossier_is_being_sealed(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unnumbered = Cover(**{**_fields(LETTER), "number": None})  # type: ignore[arg-type]
        with numbering.taking(two.ccq):
            ready, first = numbering.numbered(two.ccq, two.letter(title=None, cover=unnumbered))
            two.move_clock(3_600)  # hours of sealing
            assert shown(two.ccq, "out") == [(1, "reserved")]
            with numbering.taking(two.ccq):
                _, second = numbering.numbered(two.ccq, two.letter(title=None, cover=unnumbered))
                assert (first.number, second.number) == (1, 2)
                numbering.settle(two.ccq, second)
            await send(two.ccq, two.to[CCQ], ready)
            numbering.settle(two.ccq, first)
        assert shown(two.ccq, "out") == [(1, "entered")]


async def test_a_number_that_somebody_took_is_told_to_who_writes_it_by_hand(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unnumbered = Cover(**{**_fields(LETTER), "number": None})  # type: ignore[arg-type]
        _, taken = numbering.numbered(two.ccq, two.letter(title=None, cover=unnumbered))
        (twin,) = numbering.used_before(two.ccq, with_fields(LETTER, number=taken.number))
        assert (twin.number, twin.dispatch) == (1, "")


async def test_a_number_entered_by_hand_is_not_one_that_went_before(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        registers.change_settings(two.ccq, automatic=False)
        unnumbered = Cover(**{**_fields(LETTER), "number": None})  # type: ignore[arg-type]
        first, second = [(await requested(two, unnumbered)).dispatch for _ in range(2)]
        registers.enter(two.ccq, first, manifest(two.ccq, first), number=5)
        with pytest.raises(ClientError) as refused:
            registers.enter(two.ccq, second, manifest(two.ccq, second), number=5)
        assert refused.value.code == "number-taken"
        assert shown(two.ccq, "out") == [(1, "gap"), (5, "entered")]


@pytest.mark.parametrize(
    "cover", [LETTER, Cover(title="x"), Cover(form="party-2026", doctype="Công văn"), Cover(symbol="CV/X")]
)
async def test_no_number_is_taken_for_an_unfit_cover(tmp_path: Path, cover: Cover) -> None:
    async with parties(tmp_path) as two:
        with pytest.raises(ClientError) as error:
            numbering.numbered(two.ccq, two.letter(title=None, cover=cover))
        assert error.value.code == "no-number"
        assert shown(two.ccq, "out") == []


async def test_a_number_that_came_is_unique_in_the_archive_itself(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await requested(two)
        await opened(two, sent.dispatch, tmp_path)
        entry = rows.entry_of(two.ca.archive, sent.dispatch)
        assert entry is not None
        with pytest.raises(Exception, match="UNIQUE") as error:
            rows.add(two.ca.archive, entry.series, 1, "void", None, entry.time, date(2026, 1, 1))
        assert not isinstance(error.value, sqlite3.Error)


def test_periods() -> None:
    begins = (date(2025, 10, 1), date(2030, 9, 20))
    for on, period in (
        (date(2025, 9, 30), "–2025"),
        (date(2025, 10, 1), "2025-2030"),
        (date(2030, 9, 19), "2025-2030"),
        (date(2030, 9, 20), "2030-2035"),
    ):
        assert registers.period_of("term-of-office", begins, on) == period
    assert registers.period_of("calendar-year", begins, date(2026, 12, 31)) == "2026"


async def test_settings_are_kept(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        assert registers.settings(two.ccq).term_begins == (date(2025, 10, 1),)
        registers.change_settings(two.ccq, term_begins=date(2025, 8, 15))
        registers.change_settings(two.ccq, term_begins=date(2025, 8, 16))
        kept = registers.change_settings(two.ccq, term_begins=date(2030, 8, 1))
        assert kept.term_begins == (date(2025, 8, 16), date(2030, 8, 1))
        assert kept.automatic
        assert not registers.change_settings(two.ccq, automatic=False).automatic


async def test_the_next_term_leaves_the_numbers_of_this_one_alone(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await requested(two)
        kept = registers.change_settings(two.ccq, term_begins=date(2030, 9, 20))
        assert kept.term_begins == (date(2025, 10, 1), date(2030, 9, 20))
        unnumbered = Cover(**{**_fields(LETTER), "number": None})  # type: ignore[arg-type]
        _, taken = numbering.numbered(two.ccq, two.letter(title=None, cover=unnumbered))
        assert (taken.number, taken.series.period) == (16, "2025-2030")


# --- as commands


@pytest.fixture
def kynhan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Kynhan:
    (tmp_path / "passphrase").write_bytes(PASSPHRASE + b"\n")
    return Kynhan(capsys, "--lang", "en", "--demo-clock", str(tmp_path / "offset"))


async def test_registers_as_commands(tmp_path: Path, kynhan: Kynhan) -> None:
    async with parties(tmp_path) as two:
        sent = await requested(two)
        await opened(two, sent.dispatch, tmp_path)
        ca = kynhan.at(two.ca.path, tmp_path / "passphrase")
        entered = ca("register", "enter", sent.dispatch[:12], "--location", "=Tủ 2", "--json")
        assert (entered.json["number"], entered.json["location"]) == (1, "=Tủ 2")
        told = ca("register", "in").stdout
        assert "REGISTER OF INCOMING DOCUMENTS: Party documents, 2025-2030" in told
        assert all(len(line) <= 80 for line in told.splitlines())
        assert "'=Tủ 2" in ca("register", "in", "--csv").stdout
        assert ca("register", "in", "--series", "state", "--json").json == {"register": []}
        assert ca("register", "in", "--period", "2025-2030", "--json").json["register"][0]["number"] == 1
        assert "empty" in ca("register", "out").stdout
        wrong = ca("register", "enter", "3f9a61ffff", "--json")
        assert (wrong.status, wrong.json["error"]["code"]) == (1, "not-found")
        assert ca("register", "enter", sent.dispatch[:12], "--number", "0").status == 2
        assert ca("register", "settings", "--term-begins", "x").status == 2
        told = ca("register", "settings", "--no-auto", "--json").json
        assert told == {"automatic": False, "term_begins": ["2025-10-01"]}
        late = await requested(two, with_fields(LETTER, number=16))
        unopened = ca("register", "enter", late.dispatch[:12], "--json")
        assert unopened.json["error"]["code"] == "not-opened"


@pytest.mark.parametrize("command", [("send", "--kind", "request"), ("request",)], ids=["send", "request"])
async def test_sending_takes_the_next_number_and_warns_of_one_used_before(
    tmp_path: Path, kynhan: Kynhan, command: tuple[str, ...]
) -> None:
    async with parties(tmp_path) as two:
        ccq = kynhan.at(two.ccq.path, tmp_path / "passphrase")
        cover = tmp_path / "cover.toml"
        cover.write_text(
            'form = "party-2026"\ndoctype = "Công văn"\nsymbol = "CV/ĐUCCQ"\ntitle = "Về việc"\n'
        )
        path = two.file("Công văn.pdf")
        words = (*command, str(path), "--to", CA, "--term", "in-country", "--subject", "3.1")
        sent = await asyncio.to_thread(ccq, *words, "--cover", str(cover), "--next-number")
        assert sent.status == 0, sent.stderr
        assert "Number 1 is taken" in sent.stderr
        cover.write_text(cover.read_text() + "number = 1\n")
        again = await asyncio.to_thread(ccq, *words, "--cover", str(cover))
        assert again.status == 0  # nobody can be asked: told, not held up
        assert "Number 1 is in the register already" in again.stderr
        third = await asyncio.to_thread(ccq, *words, "--cover", str(cover), "--json")
        told = third.stdout[third.stdout.index("{") :]  # the relay of this process logs there too
        assert len(json.JSONDecoder().raw_decode(told)[0]["used_before"]) == 2
        assert shown(two.ccq, "out") == [(1, "entered"), (1, "entered"), (1, "entered")]
        refused = await asyncio.to_thread(ccq, *words, "--cover", str(cover), "--next-number", "--json")
        assert (refused.status, refused.json["error"]["code"]) == (1, "no-number")
