"""Receiving: nothing opens before it is signed for, nothing is fetched twice, what is inside is what was signed."""

from __future__ import annotations

import io
import os
import secrets
import tarfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.parties import Parties, parties

from kynhan_client.dossiers import sealing
from kynhan_client.dossiers.dossier import Cover, Source, gather
from kynhan_client.dossiers.sealing import SealedBody
from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard
from kynhan_client.log.view import View
from kynhan_client.packages import acts, drafting, opening, outbox, receive, send
from kynhan_client.packages.acts import ActDraft
from kynhan_client.packages.drafting import Outline
from kynhan_client.packages.receive import Signed
from kynhan_client.relay import transfers
from kynhan_keys import age
from kynhan_keys.errors import AgeError
from kynhan_protocol.statements import signing

BIG = secrets.token_bytes(300_000)


async def sign(two: Parties, dispatch: str) -> Signed:
    return await receive.sign(two.ca, two.to[CA], dispatch)


async def test_the_inbox_tells_who_what_and_how_large_and_nothing_of_the_content(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        first = await two.request(two.file("Hồ sơ.pdf", BIG))
        urgent = await two.request(urgency="hoa-toc")
        items = receive.inbox(two.ca)
        assert [item.dispatch for item in items] == [urgent.dispatch, first.dispatch]
        assert (items[1].from_, items[1].kind, items[1].term) == (
            "ccq.example/van-thu",
            "request",
            "in-country",
        )
        assert items[1].size == View(two.ca).dispatch(first.dispatch).body.size > 300_000
        assert not items[1].fetched
        assert receive.inbox(two.ccq) == []


async def test_there_and_back_file_by_file(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(two.file("Công văn.pdf"), two.file("Bảng tổng hợp.xlsx", BIG))
        signed = await sign(two, sent.dispatch)
        assert signed.due is not None
        assert signed.header_here
        steps: list[tuple[str, int, int]] = []
        opened = await opening.open_package(
            two.ca, two.to[CA], sent.dispatch, tmp_path / "out", progress=lambda *step: steps.append(step)
        )
        assert (opened.result, opened.code, opened.posted) == ("verified", None, True)
        assert opened.files == ("Công văn.pdf", "Bảng tổng hợp.xlsx")
        assert (tmp_path / "out" / "Bảng tổng hợp.xlsx").read_bytes() == BIG
        assert opened.manifest is not None
        assert [entry.role for entry in opened.manifest.file] == ["cover", "enclosure"]
        assert steps[-1][:1] == ("open",)
        assert steps[-1][1] == steps[-1][2]
        case = View(two.ca).case(sent.case)
        assert case.dispatches[sent.dispatch].opening == "verified"
        assert case.objections == ()
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(opened.files)


async def test_opening_before_signing_says_why_not_and_the_body_alone_opens_nothing(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.fetch(two.ca, two.to[CA], sent.dispatch)
        with pytest.raises(ClientError) as error:
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        assert error.value.code == "not-signed-for"
        assert "header" in error.value.en
        with pytest.raises(ClientError) as error:
            opening.export_age(two.ca, sent.dispatch, tmp_path / "x.age")
        assert error.value.code == "not-signed-for"
        assert not await receive.take_header(two.ca, two.to[CA], sent.dispatch)
        body = two.ca.sealed_path(sent.dispatch, "body").read_bytes()
        with pytest.raises(AgeError):
            list(age.open_([body], two.ca.keyring.identities))
        assert not (tmp_path / "out").exists()


async def test_after_signing_nothing_is_downloaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(two.file("a.bin", BIG))
        await receive.fetch(two.ca, two.to[CA], sent.dispatch)

        async def no_download(*args: object, **kwargs: object) -> None:
            raise AssertionError("a second download")

        monkeypatch.setattr(transfers, "download", no_download)
        await sign(two, sent.dispatch)
        await two.stop_relay()
        opened = await opening.open_package(two.ca, None, sent.dispatch, tmp_path / "out")
        assert opened.result == "verified"
        assert not opened.posted
        await two.start_relay()
        synced = await two.sync(two.ca)
        assert [(one.kind, one.state) for one in synced.delivered] == [("opening", "sent")]
        assert View(two.ca).case(sent.case).dispatches[sent.dispatch].opening == "verified"


async def test_signing_again_and_opening_again_give_the_same_and_log_nothing_new(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        first = await sign(two, sent.dispatch)
        assert await sign(two, sent.dispatch) == first
        await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        size = View(two.ca).size
        again = await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out2")
        assert again.posted
        await two.sync(two.ca)
        assert View(two.ca).size == size


async def test_no_file_is_overwritten_unless_asked_for(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await sign(two, sent.dispatch)
        out = tmp_path / "out"
        out.mkdir()
        (out / "Công văn.pdf").write_text("mine")
        with pytest.raises(ClientError) as error:
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, out)
        assert error.value.code == "file-exists"
        assert (out / "Công văn.pdf").read_text() == "mine"
        assert len(list(out.iterdir())) == 1
        await opening.open_package(two.ca, two.to[CA], sent.dispatch, out, force=True)
        assert (out / "Công văn.pdf").read_text() != "mine"


async def test_the_sender_opens_its_own_copy_and_nothing_is_posted(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(two.file("a.bin", BIG))
        size = View(two.ccq).size
        opened = await opening.open_package(two.ccq, None, sent.dispatch, tmp_path / "own")
        assert (opened.result, opened.own, opened.posted) == ("verified", True, False)
        assert (tmp_path / "own" / "a.bin").read_bytes() == BIG
        assert (await two.sync(two.ccq)).size == size


async def test_export_gives_an_age_file_that_is_a_tar(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(two.file("a.bin", BIG))
        await sign(two, sent.dispatch)
        count = opening.export_age(two.ca, sent.dispatch, tmp_path / "request.age")
        data = (tmp_path / "request.age").read_bytes()
        assert len(data) == count
        plain = b"".join(age.open_([data], two.ca.keyring.identities))
        with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
            assert tar.getnames() == ["manifest.note", "checkpoint", "files/a.bin"]
        with pytest.raises(ClientError) as error:
            opening.export_age(two.ca, sent.dispatch, tmp_path / "request.age")
        assert error.value.code == "file-exists"


async def test_a_declined_package_cannot_be_signed_for(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        with pytest.raises(ClientError) as error:
            await receive.decline(two.ca, two.to[CA], sent.dispatch, "no-such-code")
        assert error.value.code == "bad-code"
        await receive.decline(two.ca, two.to[CA], sent.dispatch, "wrong-addressee")
        with pytest.raises(ClientError) as error:
            await sign(two, sent.dispatch)
        assert error.value.code == "not-now"
        assert "declined" in error.value.en
        assert receive.inbox(two.ca) == []


async def test_nobody_signs_for_what_is_not_theirs(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        with pytest.raises(ClientError) as error:
            await receive.sign(two.ccq, two.to[CCQ], sent.dispatch)
        assert error.value.code == "wrong-role"


async def test_a_receipt_signed_while_the_relay_goes_away_is_posted_at_the_next_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.fetch(two.ca, two.to[CA], sent.dispatch)
        deliver = outbox.deliver

        async def cut(*args: object, **kwargs: object) -> outbox.Delivered:
            await two.stop_relay()
            return await deliver(*args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(outbox, "deliver", cut)
        with pytest.raises(ClientError) as error:
            await sign(two, sent.dispatch)
        assert error.value.code == "relay-down"
        monkeypatch.undo()
        await two.start_relay()
        synced = await two.sync(two.ca)
        assert [(one.kind, one.state) for one in synced.delivered] == [("receipt", "sent")]
        assert synced.headers == (sent.dispatch,)
        opened = await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        assert opened.result == "verified"


async def test_a_body_damaged_on_our_own_disk_is_not_the_senders_fault(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await sign(two, sent.dispatch)
        path = two.ca.sealed_path(sent.dispatch, "body")
        data = bytearray(path.read_bytes())
        data[1000] ^= 1
        path.write_bytes(data)
        with pytest.raises(ClientError) as error:
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        assert error.value.code == "body-missing"
        assert not (tmp_path / "out").exists()
        opened = await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        assert opened.result == "verified"


async def test_a_full_disk_while_fetching_keeps_what_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(two.file("a.bin", BIG))
        part = two.ca.sealed_path(sent.dispatch, "body").with_name(f"{sent.dispatch}.body.part")
        fetch = transfers._fetch

        async def full(relay: object, dispatch: str, into: object, *rest: object) -> None:
            part.touch()
            raise transfers.problem("disk-full", path=into)

        monkeypatch.setattr(transfers, "_fetch", full)
        with pytest.raises(ClientError) as error:
            await receive.fetch(two.ca, two.to[CA], sent.dispatch)
        assert error.value.code == "disk-full"
        assert part.exists()
        monkeypatch.setattr(transfers, "_fetch", fetch)
        assert await receive.fetch(two.ca, two.to[CA], sent.dispatch) > len(BIG)
        assert not part.exists()


# --- packages with something wrong in them


async def send_odd(
    two: Parties, outline: Outline, cover: Cover, inside: Outline, secrecy: str = "khong-mat"
) -> str:
    """CCQ sends a package whose manifest says `inside`, past its own program's checks; gives the dispatch."""
    home = two.ccq
    sources: tuple[Source, ...] = gather([two.file("x.pdf")], None, cover, formal=True)
    manifest = drafting.sign_manifest(home, inside, cover, secrecy, "Trích yếu", sources)
    body: SealedBody = sealing.seal_body(home.path / "sealed", manifest.note, None, sources)
    row = outbox.put_dispatch(home, outline, body, manifest.note)
    result = await outbox.deliver(home, two.to[CCQ], row)
    assert result.error is None
    await two.sync()
    return result.dispatch


def outline(two: Parties, **changes: object) -> Outline:
    made = send.outline_of(two.ccq, View(two.ccq), two.letter())
    return Outline(**{**{name: getattr(made, name) for name in made.__struct_fields__}, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("kind", "notice", "manifest"), ("to", CCQ, "manifest"), ("secrecy", "mat", "manifest")],
)
async def test_what_the_manifest_says_otherwise_is_a_fault(
    tmp_path: Path, field: str, value: str, code: str
) -> None:
    async with parties(tmp_path) as two:
        outside = outline(two)
        secrecy = value if field == "secrecy" else "khong-mat"
        inside = outside if field == "secrecy" else replace_field(outside, field, value)
        dispatch = await send_odd(two, outside, Cover(subject="3.1"), inside, secrecy)
        await sign(two, dispatch)
        opened = await opening.open_package(two.ca, two.to[CA], dispatch, tmp_path / "out")
        assert (opened.result, opened.code, opened.files, opened.posted) == ("faulty", code, (), True)
        assert opened.faults
        assert not (tmp_path / "out").exists()
        assert View(two.ca).case(outside.case).dispatches[dispatch].opening == "faulty"


def replace_field(made: Outline, field: str, value: object) -> Outline:
    fields = {name: getattr(made, name) for name in made.__struct_fields__}
    return Outline(**{**fields, field: value})


async def test_a_payload_that_was_sealed_wrong_is_a_fault(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        home = two.ccq
        garbage = home.path / "sealed" / ".sealing-1-00000000"
        garbage.write_bytes(os.urandom(20_000))
        digest = sha256(garbage.read_bytes()).hexdigest()
        made = outline(two)
        sources = gather([two.file("x.pdf")], None, Cover(), formal=True)
        manifest = drafting.sign_manifest(home, made, Cover(), "khong-mat", "Trích yếu", sources)
        body = SealedBody(garbage, 20_000, digest, secrets.token_bytes(16))
        result = await outbox.deliver(home, two.to[CCQ], outbox.put_dispatch(home, made, body, manifest.note))
        await two.sync()
        await sign(two, result.dispatch)
        opened = await opening.open_package(two.ca, two.to[CA], result.dispatch, tmp_path / "out")
        assert (opened.result, opened.code) == ("faulty", "payload")
        assert cupboard.package(two.ca.archive, result.dispatch).fault == "payload"  # type: ignore[union-attr]


async def test_a_header_that_never_comes_is_reported_and_then_everybody_may_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        take = receive.take_header

        async def nothing(*_: object) -> bool:
            return False

        monkeypatch.setattr(receive, "take_header", nothing)
        signed = await sign(two, sent.dispatch)
        assert not signed.header_here
        with pytest.raises(ClientError) as error:
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        assert error.value.code == "header-missing"
        await opening.report_undelivered(two.ca, two.to[CA], sent.dispatch)
        assert View(two.ca).case(sent.case).dispatches[sent.dispatch].opening == "undelivered"
        monkeypatch.setattr(receive, "take_header", take)
        opened = await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "out")
        assert opened.result == "verified"
        assert View(two.ca).case(sent.case).dispatches[sent.dispatch].opening == "verified"


async def test_an_act_is_kept_once_and_signed_as_what_it_says(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        act = ActDraft("receipt", sent.dispatch)
        assert outbox.put_act(two.ca, act, case=None) == outbox.put_act(two.ca, act, case=None)
        signed = acts.sign_act(two.ca, View(two.ca), act)
        assert signing.parse(signed.note).statement == signed.statement
        assert replace(signed).signed_by == ("ca.example/van-thu",)
