"""edXML: what is written is read back whole; nothing hostile gets in; only the log's truth is told."""

from __future__ import annotations

import base64
import tomllib
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.calling import Kynhan
from tests.client.parties import Parties, parties

from kynhan_client.dossiers.dossier import CopyLine, Cover, read_cover, with_fields
from kynhan_client.edxml import exporting, importing, read, statuses, write
from kynhan_client.edxml.model import STATUSES, TYPES, Attachment, Document, Organ, Reference, Status
from kynhan_client.errors import ClientError
from kynhan_client.forms.check import check
from kynhan_client.log.view import View
from kynhan_client.packages import opening, outbox, receive
from kynhan_client.packages.send import send
from kynhan_client.procedures import replies
from kynhan_client.procedures.standing import Papers
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.vietnam_time import VIETNAM

AT = datetime(2026, 11, 2, 9, 30, tzinfo=VIETNAM)
COVER = Cover(
    title="Về việc đề nghị phối hợp xác minh theo danh sách kèm theo",
    form="party-2026",
    issuer="Đảng ủy Các cơ quan tỉnh",
    doctype="Công văn",
    number=15,
    symbol="CV/ĐUCCQ",
    place="Ví Dụ",
    issued=date(2026, 11, 2),
    authority="T/M BAN THƯỜNG VỤ",
    position="PHÓ BÍ THƯ",
    signer="Nguyễn Văn Ví Dụ",
    pages=2,
    wish_date=date(2026, 12, 31),
    copy=(CopyLine("electronic", "Đảng ủy Công an tỉnh"), CopyLine("paper", "Lưu Văn phòng", 2)),
)


def a_document(**changes: object) -> Document:
    fields: dict[str, object] = {
        "from_": Organ("000.00.01.A66", "Đảng ủy Các cơ quan tỉnh"),
        "to": (Organ("000.00.02.A66", "Đảng ủy Công an tỉnh"),),
        "number": "15",
        "symbol": "CV/ĐUCCQ",
        "place": "Ví Dụ",
        "issued": date(2026, 11, 2),
        "doctype": "Công văn",
        "title": "Về việc phối hợp",
        "authority": "T/M BAN THƯỜNG VỤ",
        "position": "PHÓ BÍ THƯ",
        "signer": "Nguyễn Văn Ví Dụ",
        "due": None,
        "places": ("Như trên", "Lưu"),
        "priority": 1,
        "circulation": "",
        "copies": 3,
        "pages": 2,
        "appendixes": ("Danh sách.pdf",),
        "answers": (Reference("X01", "7/CV", date(2026, 1, 2), "X01,2026/01/02,7/CV"),),
        "id": "000.00.01.A66,2026/11/02,15-CV/ĐUCCQ",
        "sent_at": AT,
        "attachments": (Attachment("Công văn.pdf", "application/pdf", b"%PDF\x00\xff"),),
    }
    return Document(**{**fields, **changes})  # type: ignore[arg-type]


# --- XML there and back

TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=30).map(
    lambda text: " ".join(read.unicodedata.normalize("NFC", text).split())
)
SOME = TEXT.filter(bool)
DATES = st.dates(date(1000, 1, 1))
ORGAN = st.builds(Organ, SOME, TEXT)
REFERENCE = st.builds(Reference, TEXT, TEXT, st.none() | DATES, TEXT)
NAMES = st.lists(
    st.from_regex(r"[a-zđăâ]( ?[a-z0-9đ]){0,8}[a-z]\.(pdf|xlsx)", fullmatch=True), unique=True, max_size=3
)
MOMENTS = st.builds(
    lambda on, second: datetime.combine(on, time(), VIETNAM) + timedelta(seconds=second),
    st.dates(date(1000, 1, 1), date(9999, 12, 30)),
    st.integers(0, 86_399),
)
DOCUMENTS = st.builds(
    Document,
    from_=ORGAN,
    to=st.lists(ORGAN, max_size=3).map(tuple),
    number=st.from_regex(r"[0-9]{0,4}", fullmatch=True),
    symbol=TEXT,
    place=TEXT,
    issued=st.none() | DATES,
    doctype=st.sampled_from(TYPES) | TEXT,
    title=SOME,
    authority=TEXT,
    position=TEXT,
    signer=TEXT,
    due=st.none() | DATES,
    places=st.lists(SOME, max_size=3).map(tuple),
    priority=st.integers(0, 3),
    circulation=TEXT,
    copies=st.integers(0, 100),
    pages=st.integers(0, 1000),
    appendixes=st.lists(SOME, max_size=2).map(tuple),
    answers=st.lists(REFERENCE, max_size=2).map(tuple),
    id=TEXT,
    sent_at=MOMENTS,
    attachments=NAMES.flatmap(
        lambda names: st.tuples(
            *(
                st.builds(Attachment, st.just(name), st.just("application/pdf"), st.binary(max_size=40))
                for name in names
            )
        )
    ),
)
STATUS = st.builds(
    Status, about=REFERENCE, from_=ORGAN, code=st.sampled_from(STATUSES), description=TEXT, at=MOMENTS
)


@settings(max_examples=200)
@given(DOCUMENTS)
def test_a_document_is_read_back_as_it_was_written(doc: Document) -> None:
    assert read.read(write.document(doc)) == doc


@given(STATUS)
def test_a_status_is_read_back_as_it_was_written(told: Status) -> None:
    assert read.read(write.status(told)) == told


def test_the_elements_stand_where_the_standard_has_them() -> None:
    root = ET.fromstring(write.document(a_document()))
    names = {"e": "http://www.mic.gov.vn/TBT/QCVN_102_2016", "x": "http://www.w3.org/1999/xlink"}
    header = "e:edXMLEnvelope/e:edXMLHeader/e:MessageHeader/"
    for path, text in (
        (header + "e:From/e:OrganId", "000.00.01.A66"),
        (header + "e:To/e:OrganName", "Đảng ủy Công an tỉnh"),
        (header + "e:Code/e:CodeNumber", "15"),
        (header + "e:Code/e:CodeNotation", "CV/ĐUCCQ"),
        (header + "e:PromulgationInfo/e:PromulgationDate", "2026/11/02"),
        (header + "e:DocumentType/e:Type", "18"),
        (header + "e:SignerInfo/e:Competence", "T/M BAN THƯỜNG VỤ"),
        (header + "e:ToPlaces/e:Place", "Như trên"),
        (header + "e:OtherInfo/e:Priority", "1"),
        (header + "e:ResponseFor/e:Code", "7/CV"),
        (header + "e:DocumentId", "000.00.01.A66,2026/11/02,15-CV/ĐUCCQ"),
        ("e:edXMLEnvelope/e:edXMLHeader/e:TraceHeaderList/e:TraceHeader/e:Timestamp", "2026/11/02 09:30:00"),
        ("e:edXMLEnvelope/e:edXMLBody/e:edXMLManifest/e:Reference/e:AttachmentName", "Công văn.pdf"),
        ("e:AttachmentEncoded/e:Attachment/e:AttachmentName", "Công văn.pdf"),
    ):
        found = root.find(path, names)
        assert found is not None, path
        assert found.text == text
    reference = root.find("e:edXMLEnvelope/e:edXMLBody/e:edXMLManifest/e:Reference", names)
    content_id = root.find("e:AttachmentEncoded/e:Attachment/e:ContentId", names)
    assert reference is not None
    assert content_id is not None
    assert reference.get(f"{{{names['x']}}}href") == f"cid:{content_id.text}"


def test_what_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(ClientError) as error:
        write.document(a_document(title="a\x0bb"))
    assert error.value.code == "bad-edxml"


# --- hostile files

GOOD = write.document(a_document())
DTD = b'<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def with_name(name: str) -> bytes:
    return GOOD.replace(
        "<AttachmentName>Công văn.pdf</AttachmentName>".encode(),
        f"<AttachmentName>{name}</AttachmentName>".encode(),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<html/>",
        b"<edXML/>",
        GOOD[:-20],
        GOOD + b"<more/>",
        DTD + GOOD.split(b"?>", 1)[1].replace(b"Nh", b"&b;Nh"),
        OUTSIDE + GOOD.split(b"?>", 1)[1].replace(b"15</", b"&x;</"),
        b'<?xml version="1.0" encoding="utf-7"?>' + GOOD.split(b"?>", 1)[1],
        GOOD.replace(b"http://www.mic.gov.vn/TBT/QCVN_102_2016", b"http://example.com/"),
        b"<edXML>" + b"<a>" * 30 + b"</a>" * 30 + b"</edXML>",
        b"<edXML>" + b"<a/>" * (read.MAX_ELEMENTS + 1) + b"</edXML>",
        GOOD.replace("Như trên".encode(), b"x" * (read.MAX_TEXT + 1)),
        GOOD.replace(b"2026/11/02</edXML:PromulgationDate>", b"2026/13/02</edXML:PromulgationDate>"),
        GOOD.replace(b"PageAmount>2<", b"PageAmount>-2<"),
        GOOD.replace(b"PageAmount>2<", b"PageAmount>99999999999<"),
        GOOD.replace(b"<edXML:Code>", b"<edXML:Code/><edXML:Code>"),
        GOOD.replace("Về việc phối hợp</edXML:Subject>".encode(), b"</edXML:Subject>"),
        GOOD.replace("Về việc phối hợp</edXML:Subject>".encode(), b"<b>x</b></edXML:Subject>"),
        GOOD.replace(base64.b64encode(b"%PDF\x00\xff"), b"%%%%"),
        GOOD.replace(base64.b64encode(b"%PDF\x00\xff"), b"YWJ"),
        GOOD.replace(base64.b64encode(b"%PDF\x00\xff"), "đđđđ".encode()),
        GOOD.replace(base64.b64encode(b"%PDF\x00\xff"), b"YWJj<b/>ZGVm"),
        GOOD.replace(b"ContentTransferEncoded>", b"Elsewhere>"),
        with_name("../../etc/passwd"),
        with_name("/etc/passwd"),
        with_name("CON"),
        with_name("a\\b"),
        with_name(""),
        GOOD.replace(b"</AttachmentEncoded>", b"</AttachmentEncoded><AttachmentEncoded/>"),
        GOOD.replace(
            b"</Attachment>",
            b"</Attachment>" + GOOD[GOOD.index(b"<Attachment>") : GOOD.index(b"</AttachmentEncoded>")],
        ),
        write.status(
            Status(about=Reference("", "", None, ""), from_=Organ("x", ""), code="01", description="", at=AT)
        ).replace(b">01<", b">99<"),
    ],
)
def test_a_bad_file_is_one_error(data: bytes) -> None:
    with pytest.raises(ClientError) as error:
        read.read(data, "x.edxml")
    assert error.value.code == "bad-edxml"
    assert error.value.data["path"] == "x.edxml"


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_BYTES", 10)
    with pytest.raises(ClientError) as error:
        read.read(GOOD)
    assert error.value.code == "bad-edxml"


@settings(max_examples=200)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_read_or_refused(place: int, other: bytes) -> None:
    try:
        read.read(GOOD[:place] + other + GOOD[place + len(other) :])
    except ClientError as error:
        assert error.code == "bad-edxml"


def test_other_spellings_of_the_same_are_read() -> None:
    wrapped = base64.encodebytes(b"%PDF\x00\xff").replace(b"\n", b"\r\n  ")
    odd = GOOD.replace(base64.b64encode(b"%PDF\x00\xff"), wrapped)
    odd = odd.replace(b"2026/11/02</edXML:PromulgationDate>", b"02/11/2026</edXML:PromulgationDate>")
    odd = odd.replace(b"<AttachmentEncoded>", b'<AttachmentEncoded xmlns="">')
    odd = odd.replace(b"<edXML:Bussiness>", b"<edXML:New>1</edXML:New><edXML:Bussiness>")
    assert read.read(odd) == a_document()


# --- from and to packages


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def sent(two: Parties, **changes: object) -> str:
    one = await two.request(
        two.file("Công văn.pdf", b"%PDF cv"), two.file("Danh sách.xlsx", b"PK ds"), **changes
    )
    await two.sync()
    return one.dispatch


async def test_a_request_goes_out_and_comes_back_as_it_was(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, title=None, cover=COVER, urgency="khan")
        exporting.set_organ_id(two.ccq, CCQ, "000.00.01.A66")
        doc = exporting.export(two.ccq, dispatch, tmp_path)
        assert hidden(tmp_path) == []
        assert (doc.from_.id, doc.to[0].id, doc.id) == (
            "000.00.01.A66",
            CA,
            "000.00.01.A66,2026/11/02,15-CV/ĐUCCQ",
        )
        assert (doc.priority, doc.copies, doc.pages, doc.due) == (1, 3, 2, date(2026, 12, 31))
        assert [(one.name, one.data) for one in doc.attachments] == [
            ("Công văn.pdf", b"%PDF cv"),
            ("Danh sách.xlsx", b"PK ds"),
        ]
        back = read.read(write.document(doc))
        assert back == doc
        made = importing.write_folder(doc, tmp_path / "in")
        cover = read_cover(made.cover)
        for name in Cover.__struct_fields__:
            if name not in ("copy", "printed", "cover", "subject", "enclosures", "secrecy"):
                assert getattr(cover, name) == getattr(COVER, name), name
        assert [one.name for one in cover.copy] == [one.name for one in COVER.copy]
        assert check(cover) == []
        assert made.urgency == "khan"
        again = await two.request(*made.files, title=None, cover=made.cover, urgency=made.urgency)
        assert again.state == "sent"


async def test_a_reply_names_the_request_it_answers(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, title=None, cover=COVER)
        await receive.sign(two.ca, two.to[CA], dispatch)
        await opening.open_package(two.ca, two.to[CA], dispatch, tmp_path / "opened")
        case = View(two.ca).dispatch(dispatch).case
        letter = replies.reply(
            two.ca, case, Papers(files=(two.file("Trả lời.pdf"),), title="Trả lời kết quả")
        )
        reply = await send(two.ca, two.to[CA], letter)
        doc = exporting.export(two.ca, reply.dispatch, tmp_path)
        assert doc.answers == (
            Reference(CCQ, "15-CV/ĐUCCQ", date(2026, 11, 2), f"{CCQ},2026/11/02,15-CV/ĐUCCQ"),
        )
        text = importing.cover_toml(doc)
        assert tomllib.loads(text)["reply-to"] == "15-CV/ĐUCCQ"


async def test_what_may_not_leave_the_seal_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two)

        def refused(home_: object, dispatch_: str) -> str:
            with pytest.raises(ClientError) as error:
                exporting.export(home_, dispatch_, tmp_path)  # type: ignore[arg-type]
            return error.value.code

        assert refused(two.ca, dispatch) == "edxml-not-opened"
        letter = two.letter(kind="message", to=CA, words="x", case=View(two.ccq).dispatch(dispatch).case)
        letter = type(letter)(**{**vars(letter), "term": None, "subject": None, "title": None, "files": ()})
        message = await send(two.ccq, two.to[CCQ], letter)
        assert refused(two.ccq, message.dispatch) == "edxml-no-document"
        monkeypatch.setattr(exporting, "MAX_CONTENT", 3)
        assert refused(two.ccq, dispatch) == "edxml-too-large"
        monkeypatch.undo()
        two.ccq.sealed_path(dispatch, "body").unlink()
        assert refused(two.ccq, dispatch) == "body-missing"
        made = exporting.manifest_of(two.ccq, dispatch)
        assert made is not None
        secret = type(made)(
            **{**{name: getattr(made, name) for name in made.__dataclass_fields__}, "secrecy": "mat"}
        )
        monkeypatch.setattr(exporting, "manifest_of", lambda *_: secret)
        assert refused(two.ccq, dispatch) == "edxml-secret"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "Công văn.pdf").write_bytes(b"mine")
    with pytest.raises(ClientError) as error:
        importing.write_folder(a_document(), tmp_path)
    assert error.value.code == "file-exists"
    assert [path.name for path in tmp_path.iterdir()] == ["Công văn.pdf"]
    with pytest.raises(ClientError):
        importing.write_folder(
            a_document(attachments=(Attachment("cover.toml", "", b"x"),)), tmp_path / "new"
        )


def test_a_name_as_long_as_a_name_can_be_is_written(tmp_path: Path) -> None:
    name = "ă" * 125 + ".pdf"  # 254 bytes
    made = importing.write_folder(
        a_document(attachments=(Attachment(name, "application/pdf", b"x"),)), tmp_path / "in"
    )
    assert made.files[0].read_bytes() == b"x"
    assert hidden(tmp_path / "in") == []


@given(DOCUMENTS)
def test_every_document_makes_a_cover_that_can_be_read(doc: Document) -> None:
    told = tomllib.loads(importing.cover_toml(doc))
    assert told["title"] == doc.title
    assert [one["name"] for one in told.get("copy", [])] == list(doc.places)


def test_a_number_that_no_register_takes_is_kept_as_it_was_printed(tmp_path: Path) -> None:
    (tmp_path / "cover.toml").write_text(importing.cover_toml(a_document(number="20261102")))
    cover = read_cover(tmp_path / "cover.toml")
    assert (cover.number, cover.printed) == (None, "Số 20261102 CV/ĐUCCQ")


def test_the_form_is_guessed_by_the_symbol() -> None:
    for symbol, issued, form in (
        ("UBND-NC", date(2026, 5, 5), "state-2020"),
        ("CV/ĐUCCQ", date(2025, 5, 5), "party-2018"),
        ("CV/ĐUCCQ", date(2026, 5, 5), "party-2026"),
    ):
        assert importing.form_of(a_document(symbol=symbol, issued=issued)) == form


# --- statuses


async def test_only_what_the_log_bears_out_is_told(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, title=None, cover=COVER)

        def possible(home: object) -> list[str]:
            found = []
            for code in STATUSES:
                try:
                    found.append(statuses.status(home, dispatch, code).code)  # type: ignore[arg-type]
                except ClientError as error:
                    assert error.code == "edxml-status"
            return found

        assert possible(two.ca) == ["01"]
        assert possible(two.ccq) == []
        with pytest.raises(ClientError):
            statuses.status(two.ccq, dispatch)
        await receive.sign(two.ca, two.to[CA], dispatch)
        assert possible(two.ca) == ["01", "03"]
        await opening.open_package(two.ca, two.to[CA], dispatch, tmp_path / "opened")
        assert possible(two.ca) == ["01", "03", "05"]
        told = statuses.status(two.ca, dispatch)
        assert (told.code, told.description, told.from_.id) == ("05", "đang xử lý", CA)
        assert told.about == Reference(CCQ, "15-CV/ĐUCCQ", date(2026, 11, 2), f"{CCQ},2026/11/02,15-CV/ĐUCCQ")
        assert read.read(write.status(told)) == told
        case = View(two.ca).dispatch(dispatch).case
        letter = replies.reply(two.ca, case, Papers(files=(two.file("x.pdf"),), title="Trả lời"))
        await send(two.ca, two.to[CA], letter)
        assert possible(two.ca) == ["01", "03", "06"]
        recall = two.letter(kind="recall", case=case, regarding=dispatch, term=None, subject=None)
        sent_recall = await send(two.ccq, two.to[CCQ], recall)
        await two.sync()
        assert possible(two.ccq) == ["13"]
        assert "16" not in possible(two.ca)
        await receive.sign(two.ca, two.to[CA], sent_recall.dispatch)
        answer = two.letter(
            kind="answer",
            to=CCQ,
            case=case,
            regarding=sent_recall.dispatch,
            term=None,
            subject=None,
            words="Giữ lại.",
        )
        await send(two.ca, two.to[CA], type(answer)(**{**vars(answer), "files": ()}))
        assert statuses.status(two.ca, dispatch).code == "16"


async def test_assigned_recalled_and_closed_are_told_too(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two)
        await receive.sign(two.ca, two.to[CA], dispatch)
        case = View(two.ca).case(View(two.ca).dispatch(dispatch).case)
        request = case.dispatches[dispatch]
        assignment = replace(
            request, id="a" * 64, kind="assignment", regarding=dispatch, to="ca.example/pc03"
        )
        assert not statuses.is_so(case, request, "04")
        assert statuses.is_so(
            replace(case, dispatches={**case.dispatches, "a" * 64: assignment}), request, "04"
        )
        assert not statuses.is_so(case, request, "15")
        assert statuses.is_so(case, replace(request, recalled=True), "15")
        assert statuses.is_so(replace(case, phase=Phase.CLOSED), request, "06")
        assert statuses.newest(["01", "03", "04"]) == "04"
        assert statuses.newest(["01", "03", "15"]) == "15"


async def test_a_declined_document_is_told_as_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two)
        await receive.decline(two.ca, two.to[CA], dispatch, "not-competent")
        told = statuses.status(two.ca, dispatch)
        assert told.code == "02"
        assert told.about == Reference(CCQ, "", None, dispatch)  # never opened: its number is not known
        assert outbox.waiting_act(two.ca, "decline", dispatch) is None
        assert two.ca.config.is_for_us(View(two.ca).dispatch(dispatch).to)


# --- as commands


@pytest.fixture
def kynhan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Kynhan:
    (tmp_path / "passphrase").write_bytes(PASSPHRASE + b"\n")
    return Kynhan(capsys, "--lang", "en", "--demo-clock", str(tmp_path / "offset"))


async def test_export_asks_and_says_that_it_leaves_the_seal(tmp_path: Path, kynhan: Kynhan) -> None:
    async with parties(tmp_path) as two:
        dispatch = await sent(two, title=None, cover=with_fields(COVER, pages=1))
        ccq = kynhan.at(two.ccq.path, tmp_path / "passphrase")
        out = tmp_path / "out.edxml"
        refused = ccq("edxml", "export", dispatch[:12], "--out", str(out))
        assert refused.status == 1
        assert "not sealed" in refused.stderr
        assert not out.exists()
        told = ccq("edxml", "export", dispatch[:12], "--out", str(out), "--yes", "--json")
        assert (told.status, told.json["sealed"]) == (0, False)
        assert mode(out) == 0o600
        again = ccq("edxml", "export", dispatch[:12], "--out", str(out), "--yes", "--json")
        assert again.json["error"]["code"] == "file-exists"
        imported = ccq("edxml", "import", str(out), "--out", str(tmp_path / "in"), "--json")
        assert [Path(path).name for path in imported.json["files"]] == ["Công văn.pdf", "Danh sách.xlsx"]
        status = tmp_path / "status.edxml"
        ca = kynhan.at(two.ca.path, tmp_path / "passphrase")
        assert ca("edxml", "status", dispatch[:12], "--out", str(status), "--json").json["code"] == "01"
        shown = kynhan("edxml", "import", str(status), "--out", str(tmp_path / "none"), "--json").json
        assert (shown["status"], shown["from"]) == ("01", CA)
        assert not (tmp_path / "none").exists()
        wrong = ca("edxml", "status", dispatch[:12], "--code", "06", "--out", str(tmp_path / "s"), "--json")
        assert wrong.json["error"]["code"] == "edxml-status"
        nothing = ccq("edxml", "status", dispatch[:12], "--out", str(tmp_path / "s"), "--json")
        assert nothing.json["error"]["code"] == "edxml-nothing-to-tell"
        assert ca("edxml", "organ", CA, "A66.02", "--json").json == {"committee": CA, "organ": "A66.02"}
        assert ca("edxml", "organ", "not a name", "x", "--json").json["error"]["code"] == "bad-name"


def test_a_file_that_is_not_there_or_not_edxml(tmp_path: Path, kynhan: Kynhan) -> None:
    missing = kynhan("edxml", "import", str(tmp_path / "x"), "--out", str(tmp_path / "o"), "--json")
    assert missing.json["error"]["code"] == "missing-file"
    (tmp_path / "x").write_bytes(b"<a/>")
    bad = kynhan("edxml", "import", str(tmp_path / "x"), "--out", str(tmp_path / "o"), "--json")
    assert bad.json["error"]["code"] == "bad-edxml"
    assert not (tmp_path / "o").exists()
