"""The forms of documents: what a cover.toml must say, how its number is printed, a template to begin with."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from tests.client.calling import Kynhan
from tests.client.parties import parties

from kynhan_client.clauses import Pair
from kynhan_client.dossiers.dossier import CopyLine, Cover, read_cover, with_fields
from kynhan_client.errors import ClientError
from kynhan_client.forms.check import check, complete
from kynhan_client.forms.model import FORMS, family_of
from kynhan_client.forms.template import template
from kynhan_client.home import cupboard
from kynhan_protocol.package import manifest
from kynhan_protocol.statements import codes

ROOT = Path(__file__).resolve().parents[3]
PARTY = Cover(
    form="party-2026",
    title="Về việc đề nghị phối hợp xác minh theo danh sách kèm theo",
    issuer="Đảng ủy Các cơ quan tỉnh",
    doctype="Công văn",
    number=15,
    symbol="CV/ĐUCCQ",
    place="Ví Dụ",
    issued=date(2026, 11, 2),
    authority="T/M BAN THƯỜNG VỤ",
    position="PHÓ BÍ THƯ",
    signer="Nguyễn Văn Ví Dụ",
    copy=(CopyLine("electronic", "Đảng ủy Công an tỉnh"),),
)
STATE = with_fields(PARTY, form="state-2020", symbol="UBND-NC", authority="TM. ỦY BAN NHÂN DÂN")


def faults(cover: Cover) -> list[tuple[str, str]]:
    return [(fault.field, fault.severity) for fault in check(cover)]


def told(cover: Cover, field: str) -> Pair:
    return next(fault.told for fault in check(cover) if fault.field == field)


def test_every_form_of_the_protocol_is_here() -> None:
    assert tuple(FORMS) == codes.FORMS


@pytest.mark.parametrize(
    "cover", [PARTY, STATE, with_fields(PARTY, form="party-2018", issued=date(2025, 1, 2))]
)
def test_a_cover_that_is_right_has_no_faults(cover: Cover) -> None:
    assert check(cover) == []


@pytest.mark.parametrize(
    ("form", "number", "symbol", "printed"),
    [
        ("party-2018", 15, "CV/ĐUCCQ", "Số 15-CV/ĐUCCQ"),
        ("party-2026", 7, "TTr/ĐUCA", "Số 07-TTr/ĐUCA"),
        ("state-2020", 15, "UBND-NC", "Số: 15/UBND-NC"),
        ("state-2020", 1234, "QĐ-UBND", "Số: 1234/QĐ-UBND"),
    ],
)
def test_number_and_symbol_as_printed(form: str, number: int, symbol: str, printed: str) -> None:
    assert FORMS[form].printed(number, symbol) == printed
    cover = Cover(form=form, number=number, symbol=symbol)
    assert complete(cover).printed == printed
    assert complete(with_fields(cover, printed="Số 1")).printed == "Số 1"
    for short in (
        Cover(form=form, number=number),
        Cover(form=form, symbol=symbol),
        Cover(number=1, symbol="x"),
    ):
        assert complete(short) is short


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form": "party-1999"}, "form"),
        ({"doctype": "Nghị quyết liên tịch"}, "doctype"),
        ({"symbol": "CV-ĐUCCQ"}, "symbol"),
        ({"symbol": "TTr/ĐUCCQ"}, "symbol"),
        ({"symbol": "CV/ĐU CCQ"}, "symbol"),
        ({"printed": "Số: 15/CV-ĐUCCQ"}, "printed"),
        ({"issued": date(2026, 1, 8)}, "issued"),
        ({"authority": "TM. BAN THƯỜNG VỤ"}, "authority"),
        ({"secrecy": "bí mật"}, "secrecy"),
        ({"secret_until": date(2030, 1, 1)}, "secret-until"),
        ({"wish_date": date(2026, 11, 1)}, "wish-date"),
        ({"title": ""}, "title"),
    ],
)
def test_each_fault_is_told_in_a_sentence(changes: dict[str, object], field: str) -> None:
    cover = Cover(**{**{name: getattr(PARTY, name) for name in Cover.__struct_fields__}, **changes})  # type: ignore[arg-type]
    assert faults(cover) == [(field, "fault")]
    vi, en = told(cover, field)
    assert vi != en
    assert "{" not in vi + en


@pytest.mark.parametrize(
    "field", ["issuer", "doctype", "number", "symbol", "place", "issued", "position", "signer"]
)
def test_what_every_document_has_may_not_be_missing(field: str) -> None:
    cover = Cover(**{**{name: getattr(PARTY, name) for name in Cover.__struct_fields__}, field: None})
    assert faults(cover) == [(field, "fault")]
    assert [fault.field for fault in check(cover, numbered=False)] == ([] if field == "number" else [field])


@pytest.mark.parametrize(
    ("symbol", "doctype", "fits"),
    [
        ("UBND-NC", "Công văn", True),
        ("UBND", "Công văn", True),
        ("CV-UBND", "Công văn", True),  # no abbreviation of a type: taken for an agency
        ("BC-UBND", "Công văn", False),
        ("BC-UBND", "Báo cáo", True),
        ("UBND-NC", "Báo cáo", False),
        ("BC", "Báo cáo", False),
        ("QyĐ-CAT", "Quy định", True),
        ("BC/UBND", "Báo cáo", False),
    ],
)
def test_symbols_of_the_state(symbol: str, doctype: str, fits: bool) -> None:
    form = FORMS["state-2020"]
    assert form.fits(symbol, form.doctype(doctype)) is fits


def test_a_form_that_was_succeeded_is_noted_and_no_fault() -> None:
    assert faults(with_fields(PARTY, form="party-2018")) == [("form", "note")]


def test_no_recipients_are_noted() -> None:
    cover = Cover(**{**{name: getattr(PARTY, name) for name in Cover.__struct_fields__}, "copy": ()})
    assert faults(cover) == [("copy", "note")]


def test_family_of() -> None:
    assert (family_of("party-2018"), family_of("state-2020")) == ("party", "state")
    assert (family_of(None), family_of(None, "Số: 1/X")) == ("party", "state")


@pytest.mark.parametrize("form", codes.FORMS)
def test_every_template_reads_as_a_cover_and_only_wants_to_be_filled_in(form: str, tmp_path: Path) -> None:
    for kind in FORMS[form].types:
        text = template(form, kind.slug)
        tomllib.loads(text)
        assert all(len(line) <= 80 for line in text.splitlines())
        path = tmp_path / "cover.toml"
        path.write_text(text)
        wrong = {fault.field for fault in check(read_cover(path)) if fault.severity == "fault"}
        assert (
            wrong - {"title", "issuer", "number", "place", "issued", "position", "signer", "symbol"} == set()
        ), kind


@pytest.mark.parametrize(("form", "doctype"), [("party-1999", "cong-van"), ("party-2026", "hop-dong")])
def test_there_is_no_template_for_what_there_is_not(form: str, doctype: str) -> None:
    with pytest.raises(ClientError) as error:
        template(form, doctype)
    assert error.value.code == "bad-form"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").glob("*/cover.toml")), ids=lambda path: path.parent.name
)
def test_the_examples_are_right(path: Path) -> None:
    cover = read_cover(path)
    assert [fault for fault in check(cover) if fault.severity == "fault"] == []


async def test_a_number_that_was_not_written_out_is_composed_on_sending(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(title=None, cover=with_fields(PARTY, printed=None))
        note = cupboard.manifest(two.ccq.archive, sent.dispatch)
        assert note is not None
        assert manifest.parse(note).manifest.printed == "Số 15-CV/ĐUCCQ"


# --- as commands


@pytest.fixture
def kynhan(capsys: pytest.CaptureFixture[str]) -> Kynhan:
    return Kynhan(capsys, "--lang", "vi")


def test_check_tells_each_fault_and_ends_with_one(kynhan: Kynhan, tmp_path: Path) -> None:
    path = tmp_path / "cover.toml"
    path.write_text('form = "party-2026"\nsymbol = "CV-X"\ntitle = "Việc"\n')
    wrong = kynhan("form", "check", str(path))
    assert wrong.status == 1
    assert "✗ ký hiệu CV-X không đúng thể thức" in wrong.stdout
    assert all(len(line) <= 80 for line in wrong.stdout.splitlines())
    machine = kynhan("form", "check", str(path), "--json")
    assert machine.status == 1
    assert {"number", "issuer", "symbol"} <= {fault["field"] for fault in machine.json["faults"]}
    right = kynhan("form", "check", str(ROOT / "examples/dossier/cover.toml"))
    assert (right.status, "Số 15-CV/ĐUCCQ" in right.stdout) == (0, True)


@pytest.mark.parametrize(
    "text",
    [
        *("nonsense = 1\n", "title = [\n", "number = 0\n", "\x00", 'issued = "31/01/2026"\n'),
        *("number = 1000000\n", f"number = {10**22}\n", f'number = "{10**22}"\n'),
    ],
)
def test_a_bad_cover_is_one_sentence(kynhan: Kynhan, tmp_path: Path, text: str) -> None:
    path = tmp_path / "cover.toml"
    path.write_text(text)
    bad = kynhan("form", "check", str(path), "--json")
    assert (bad.status, bad.json["error"]["code"]) == (1, "bad-cover")


def test_new_prints_a_template(kynhan: Kynhan, tmp_path: Path) -> None:
    made = kynhan("form", "new", "--form", "state-2020", "--doctype", "to-trinh")
    assert 'doctype = "Tờ trình"' in made.stdout
    assert tomllib.loads(made.stdout)["form"] == "state-2020"
    assert kynhan("form", "new", "--form", "state-1990").status == 2
    assert (
        kynhan("form", "new", "--form", "state-2020", "--doctype", "x", "--json").json["error"]["code"]
        == "bad-form"
    )
    assert kynhan("form", "check", str(tmp_path / "none"), "--json").json["error"]["code"] == "missing-file"
