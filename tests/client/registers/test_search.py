"""Search over the register fields: with and without diacritics, nothing of the query read as syntax."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.client.agreement import CA, CCQ
from tests.client.parties import Parties, parties

from kynhan_client.dossiers import plaintext
from kynhan_client.dossiers.dossier import Cover
from kynhan_client.errors import ClientError
from kynhan_client.home.archive import Archive
from kynhan_client.log import logbook
from kynhan_client.log.logbook import Entry
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive
from kynhan_client.packages.send import send
from kynhan_client.registers import search
from kynhan_client.registers.search import Hit, Query
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Destruction

LAND = Cover(
    title="Về việc xác minh quỹ đất Đắk Lắk theo danh sách kèm theo",
    form="party-2018",
    issuer="Đảng ủy Các cơ quan tỉnh",
    doctype="Công văn",
    number=15,
    symbol="CV/ĐUCCQ",
    signer="Nguyễn Thị Bưởi",
    drafting="Văn phòng Đảng ủy",
)


async def sent(two: Parties, cover: Cover, **changes: object) -> str:
    one = await two.request(title=None, cover=cover, **changes)
    await two.sync()
    return one.dispatch


def found(two: Parties, words: str = "", **changes: object) -> list[Hit]:
    return search.find(two.ccq, Query(words=words, **changes))  # type: ignore[arg-type]


async def test_without_diacritics_it_is_found_and_with_them_it_comes_first(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        first = await sent(two, LAND)
        second = await sent(two, Cover(title="Quy dat Dak Lak viết không dấu"))
        await sent(two, Cover(title="Việc khác"))
        assert [hit.dispatch for hit in found(two, "quy dat dak lak")] == [second, first]
        hits = found(two, "quỹ đất Đắk Lắk")
        assert [(hit.dispatch, hit.exact) for hit in hits] == [(first, True), (second, False)]
        assert found(two, unicodedata.normalize("NFD", "QUỸ ĐẤT đắk"))[0].dispatch == first
        assert [hit.dispatch for hit in found(two, "theo danh sach k")] == [
            first
        ]  # the last word may be a beginning
        assert found(two, "the danh") == []  # an earlier one may not
        assert (hits[0].title, hits[0].printed, hits[0].direction) == (LAND.title, "Số 15-CV/ĐUCCQ", "out")


async def test_register_fields_are_searched_and_nobody_s_name_and_no_file(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        path = two.file("Lý lịch Trần Văn Chuối.pdf", "nội dung bí mật".encode())
        dispatch = await sent(two, LAND, files=(path,))
        case = found(two, "quy dat")[0].case
        for words in (
            "15-CV/ĐUCCQ",
            "duccq",
            "cong van",
            "van phong dang uy",
            "3.1",
            "tham tra",
            case,
            case[:8],
        ):
            assert [hit.dispatch for hit in found(two, words)] == [dispatch], words
        for words in ("Bưởi", "Nguyễn Thị", "Chuối", "ly lich", "bí mật", "van-thu"):
            assert found(two, words) == [], words


async def test_filters(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, LAND)
        await receive.sign(two.ca, two.to[CA], dispatch)
        await opening.open_package(two.ca, two.to[CA], dispatch, tmp_path / "out")
        (hit,) = search.find(two.ca, Query(direction="in"))
        today = hit.at.date()
        assert search.find(two.ca, Query(words="quy", direction="out")) == []
        for query, expected in (
            (Query(doctype="cong van", first=today, last=today.replace(year=today.year + 1)), 1),
            (Query(number="15"), 1),
            (Query(number="15-CV"), 1),
            (Query(number="16"), 0),
            (Query(words="quy", doctype="Tờ trình"), 0),
            (Query(words="quy", first=today.replace(year=today.year + 1)), 0),
            (Query(words="quy", last=today.replace(year=today.year - 1)), 0),
        ):
            assert len(search.find(two.ccq, query)) == expected, query


async def test_there_must_be_something_to_search_for(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        for query in (Query(), Query(words="  \t"), Query(words='"*( -'), Query(words="***", direction="in")):
            with pytest.raises(ClientError) as error:
                search.find(two.ccq, query)
            assert error.value.code == "nothing-to-search"


async def test_the_last_day_there_is_and_an_empty_number(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, LAND)
        assert [hit.dispatch for hit in found(two, last=date.max)] == [dispatch]
        assert [hit.dispatch for hit in found(two, "quy dat", first=date.min, last=date.max)] == [dispatch]
        assert [hit.dispatch for hit in found(two, "quy dat", number="")] == [dispatch]
        with pytest.raises(ClientError) as refused:
            found(two, number="")
        assert refused.value.code == "nothing-to-search"


async def test_what_was_there_before_the_index_is_taken_in_and_can_go_on_later(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        titles = [f"Việc thứ {number}" for number in range(5)]
        for title in titles:
            await sent(two, Cover(title=title))
        archive = two.ccq.archive
        assert len(found(two, "viec")) == 5
        archive.run("DELETE FROM searchable")
        archive.run("INSERT INTO to_index SELECT dispatch FROM manifests")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search, "BATCH", 2)
            stopped = search._put
            calls = 0

            def put(*args: object) -> None:
                nonlocal calls
                calls += 1
                if calls == 4:
                    raise KeyboardInterrupt
                stopped(*args)  # type: ignore[arg-type]

            patch.setattr(search, "_put", put)
            with pytest.raises(KeyboardInterrupt):
                search.catch_up(two.ccq)
        assert archive.row("SELECT count(*) FROM searchable") == (2,)  # the batch before is kept
        assert search.catch_up(two.ccq) == 3
        assert [hit.title for hit in found(two, "viec")] == titles[::-1]
        assert search.catch_up(two.ccq) == 0


async def test_what_was_destroyed_is_not_found_any_more(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, LAND)
        assert len(found(two, "quy")) == 1
        search.forget(two.ccq.archive, dispatch)
        assert found(two, "quy") == []
        other = await sent(two, LAND)
        assert len(found(two, "quy")) == 1
        two.ccq.archive.run("DELETE FROM manifests WHERE dispatch = ?", (other,))
        assert found(two, "quy") == []
        two.ccq.archive.run("INSERT INTO search (search) VALUES ('integrity-check')")


async def test_a_destruction_in_the_log_ends_it_where_it_was_ours(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, LAND)
        await receive.sign(two.ca, two.to[CA], dispatch)
        await opening.open_package(two.ca, two.to[CA], dispatch, tmp_path / "out")
        await two.sync()
        for home in (two.ccq, two.ca):
            assert len(search.find(home, Query(words="quy"))) == 1
            view = View(home)
            statement = Destruction(
                dispatch=dispatch,
                by="ca.example/van-thu",
                code="retention",
                relay=home.relay.origin,
                seen=view.seen,
                head=view.heads,
                time=view.now,
                nonce=bytes(16),
            )
            signed = signing.sign(statement, two.ca.keyring.signer)
            logged = Logged(view.size, signed.id, statement, signed.note, view.now)
            logbook.add(home.archive, [Entry(logged, "destruction", None, dispatch)])
        assert search.find(two.ca, Query(words="quy")) == []
        assert len(search.find(two.ccq, Query(words="quy"))) == 1  # theirs went, ours stays


async def test_the_other_side_s_reply_is_found_too(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, LAND)
        await receive.sign(two.ca, two.to[CA], dispatch)
        case = found(two, "quy")[0].case
        letter = two.letter(
            kind="reply",
            to=CCQ,
            term=None,
            subject=None,
            title="Trả lời về quỹ nhà",
            case=case,
            regarding=dispatch,
        )
        reply = await send(two.ca, two.to[CA], letter)
        await two.sync()
        await receive.sign(two.ccq, two.to[CCQ], reply.dispatch)
        await opening.open_package(two.ccq, two.to[CCQ], reply.dispatch, tmp_path / "reply")
        assert [(hit.dispatch, hit.direction) for hit in found(two, "quy")] == [
            (reply.dispatch, "in"),
            (dispatch, "out"),
        ]


# --- text


def test_folding() -> None:
    assert plaintext.folded("Quỹ đất Đắk Lắk") == "quy dat dak lak"
    assert plaintext.exact("QUỸ ĐẤT") == "quỹ đất"
    assert list(plaintext.words("15-CV/ĐUCCQ, số 07")) == ["15", "CV", "ĐUCCQ", "số", "07"]


@given(st.text())
def test_folding_twice_is_folding_once_and_forms_do_not_matter(text: str) -> None:
    assert plaintext.folded(plaintext.folded(text)) == plaintext.folded(text)
    assert plaintext.folded(unicodedata.normalize("NFD", text)) == plaintext.folded(text)
    assert plaintext.exact(unicodedata.normalize("NFD", text)) == plaintext.exact(text)
    assert "đ" not in plaintext.folded(text)


ALPHABET = st.sampled_from("aàảâấăắeêếđĐbc 15/-\"*():^+{}'NEAR AND OR NOT\x00\u0301\t;,")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive.open(tmp_path_factory.mktemp("search") / "archive.db", bytes(32))
    for idx, title in enumerate(("Quỹ đất", "NEAR (a b)", 'nói "AND" rồi OR')):
        row = (idx, f"{idx:064x}", "in", 0, None, None, plaintext.exact(title), plaintext.folded(title))
        made.run("INSERT INTO searchable VALUES (?,?,?,?,?,?,?,?)", row)
    return made


@settings(max_examples=300)
@given(words=st.one_of(st.text(), st.text(ALPHABET), st.text(ALPHABET, max_size=8)))
def test_no_query_is_ever_syntax(archive: Archive, words: str) -> None:
    try:
        search.match(archive, Query(words=words))
    except ClientError as error:
        assert error.code == "nothing-to-search"


@pytest.mark.parametrize(
    "words", ["NEAR(quy dat)", 'quỹ" OR "x', "folded : quy", "* NOT *", "-quy", "quy AND NOT dat", "^quy"]
)
def test_operators_are_words(archive: Archive, words: str) -> None:
    """A word that stands nowhere finds nothing, whatever FTS5 would make of it."""
    hits = [idx for idx, _ in search.match(archive, Query(words=words))]
    assert hits == ([0] if words in ("-quy", "^quy") else [])
