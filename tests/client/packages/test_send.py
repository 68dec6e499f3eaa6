"""Sending: what is refused before anything is sealed, what survives a relay that is away, what is never believed."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.parties import Parties, parties

from kynhan_client import syncing
from kynhan_client.dossiers import sealing
from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard
from kynhan_client.log.view import View
from kynhan_client.packages import opening, outbox, receive
from kynhan_client.packages import send as sending
from kynhan_client.packages.send import LetterOutcome, send
from kynhan_client.procedures import exchanges, replies
from kynhan_client.procedures.standing import Papers
from kynhan_client.relay import transfers
from kynhan_client.relay.relay import Answer, Relay, connect
from kynhan_client.trust import members, profile_signing, trust
from kynhan_keys import stream

BIG = secrets.token_bytes(400_000)


async def refusal(two: Parties, *files: Path, **changes: Any) -> ClientError:
    """The error of a letter, and that nothing of it was left or sent."""
    with pytest.raises(ClientError) as error:
        await send(two.ccq, two.to[CCQ], two.letter(*files, **changes))
    assert list((two.ccq.path / "sealed").iterdir()) == []
    assert cupboard.waiting(two.ccq.archive) == []
    return error.value


def dispatches(two: Parties) -> list[str]:
    return [
        row[0]
        for row in two.ccq.archive.rows("SELECT id FROM statements WHERE type = 'dispatch' ORDER BY idx")
    ]


async def test_a_request_is_accepted_and_its_package_archived(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        steps: list[tuple[str, int, int]] = []
        letter = two.letter(two.file("a.bin", BIG))
        sent = await send(two.ccq, two.to[CCQ], letter, progress=lambda *step: steps.append(step))
        assert sent.state == "sent"
        package = cupboard.package(two.ccq.archive, sent.dispatch)
        assert package is not None
        assert package.header == two.ccq.sealed_path(sent.dispatch, "header").read_bytes()
        dispatch = View(two.ccq).dispatch(sent.dispatch)
        assert two.ccq.sealed_path(sent.dispatch, "body").stat().st_size == dispatch.body.size
        assert dispatch.to == CA
        (row,) = cupboard.waiting(two.ccq.archive, "sent")
        assert row.file_key is None
        assert not list((two.ccq.path / "sealed").glob("*.sending"))
        ends = {phase: (done, total) for phase, done, total in steps}
        assert list(ends) == ["hash", "seal", "upload"]
        assert all(done == total for done, total in ends.values())


async def test_before_keys_were_compared_nothing_is_sealed(tmp_path: Path) -> None:
    async with parties(tmp_path, compared=False) as two:
        assert (await refusal(two)).code == "not-compared"


async def test_what_cannot_be_sent_is_refused_before_it_is_sealed(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        gone = tmp_path / "không có.pdf"
        odd = two.file("con.txt")
        cases: list[tuple[str, tuple[Path, ...], dict[str, Any]]] = [
            ("unknown-recipient", (), {"to": "sai.example"}),
            ("unknown-recipient", (), {"to": "ca.example/pc03"}),
            ("secrecy-above-ceiling", (), {"secrecy": "mat"}),
            ("missing-file", (gone,), {}),
            ("unreadable-file", (tmp_path,), {}),
            ("bad-file-name", (odd,), {}),
            ("bad-file-name", (two.file("a.pdf"), two.file("A.pdf")), {}),
            ("bad-letter", (), {"term": None}),
            ("bad-letter", (), {"subject": None}),
            ("bad-letter", (), {"subject": "9.9"}),
            ("bad-letter", (), {"subject": "3.5"}),  # has no term
            ("bad-letter", (), {"title": None}),
            ("bad-letter", (), {"title": "hai\ndòng"}),
            ("bad-letter", (), {"kind": "message", "term": None, "subject": None, "files": ()}),
            ("bad-letter", (), {"kind": "no-kind"}),
            ("not-now", (), {"kind": "closing", "term": None}),
            ("not-found", (), {"case": "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"}),
        ]
        for code, files, changes in cases:
            assert (await refusal(two, *files, **changes)).code == code, (files, changes)
        assert dispatches(two) == []


RAISED = '"ceiling": "mat",\n    "isolated-lan": true,\n    "place": "Trụ sở Tỉnh ủy"'


async def test_what_would_always_open_faulty_is_refused_before_it_is_sealed(tmp_path: Path) -> None:
    """Both raised the ceiling: a marking above the lowest wants a second signature, which nobody can make here."""
    async with parties(tmp_path, changes={'"ceiling": "khong-mat"': RAISED}) as two:
        error = await refusal(two, secrecy="mat")
        assert error.code == "needs-approver"
        assert "người duyệt phát hành" in error.vi and "second person" in error.en
        above = await refusal(two, secrecy="toi-mat")
        assert above.code == "secrecy-above-ceiling"
        assert "Tối mật" in above.vi and "toi-mat" not in above.vi
        assert (await two.request()).state == "sent"


async def test_a_ceiling_without_an_isolated_lan_is_never_attested(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        view = View(two.ccq)
        document = view.archive.document(view.profile_id)
        assert document is not None
        raised = document.replace(b'"ceiling": "khong-mat"', b'"ceiling": "mat"')
        assert raised != document
        with pytest.raises(ClientError) as refused:
            await profile_signing.attest(two.ccq, two.to[CCQ], raised)
        assert refused.value.code == "bad-file"
        assert "117/2025/QH15" in refused.value.vi and "117/2025/QH15" in refused.value.en
        allowed = document.replace(b'"ceiling": "khong-mat"', RAISED.encode())
        assert (await profile_signing.attest(two.ccq, two.to[CCQ], allowed)).own.index


async def test_a_refusal_by_the_case_table_says_why_in_both_languages(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        with pytest.raises(ClientError) as error:
            closing = two.letter(kind="closing", term=None, case=sent.case, files=(), words="Đã kết luận.")
            await send(two.ccq, two.to[CCQ], closing)
        assert (error.value.code, error.value.data["rule"]) == ("not-now", "closing.phase")
        assert "nobody has signed for it yet" in error.value.en
        assert "chưa có ai ký nhận" in error.value.vi


async def test_an_expired_key_sends_nothing(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        two.move_clock(4 * 365 * 86_400)
        assert (await refusal(two)).code == "member-expired"


async def test_a_revoked_key_sends_nothing(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        revocation = members.revoke(two.ccq, two.ccq.keyring.signer.vkey, "lost")
        await members.post(two.ccq, two.to[CCQ], revocation)
        error = await refusal(two)
        assert error.code in ("member-expired", "refused")


async def test_a_file_that_changes_while_it_is_sealed_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        path = two.file("đang mở.docx", BIG)
        gather = sending.dossier.gather
        for change in (
            lambda: path.write_bytes(BIG[:-1] + b"!"),
            lambda: path.write_bytes(BIG + b"!"),
            path.unlink,
        ):

            def and_change(*args: Any, change: Any = change, **kwargs: Any) -> Any:
                found = gather(*args, **kwargs)
                change()
                return found

            monkeypatch.setattr(sending.dossier, "gather", and_change)
            error = await refusal(two, path)
            assert error.code == "file-changed"
            assert "đang mở.docx" in error.en
            path.write_bytes(BIG)


async def test_a_full_disk_while_sealing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:

        def full(key: bytes, nonce: bytes, source: Iterable[bytes]) -> Iterator[bytes]:
            yield nonce
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(stream, "seal_payload", full)
        assert (await refusal(two)).code == "disk-full"


async def test_with_the_relay_down_a_request_is_queued_and_sent_at_the_next_sync(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.stop_relay()
        sent = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", BIG)))
        assert sent.state == "queued"
        assert sent.reason is not None
        assert sent.reason.code == "relay-down"
        assert dispatches(two) == []
        await two.start_relay()
        synced = await two.sync(two.ccq)
        assert [(one.state, one.case) for one in synced.delivered] == [("sent", sent.case)]
        assert dispatches(two) == [synced.delivered[0].dispatch]
        assert (await two.sync(two.ccq)).delivered == ()
        await two.sync(two.ca)
        await receive.sign(two.ca, two.to[CA], dispatches(two)[0])
        opened = await opening.open_package(two.ca, two.to[CA], dispatches(two)[0], tmp_path / "out")
        assert (tmp_path / "out" / "a.bin").read_bytes() == BIG
        assert opened.result == "verified"


async def test_an_upload_cut_in_the_middle_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        upload = transfers.upload

        async def cut(*_: Any, **__: Any) -> None:
            raise transfers.problem("relay-down", url="", why="cut")

        monkeypatch.setattr(transfers, "upload", cut)
        sent = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", BIG)))
        assert sent.state == "queued"
        (row,) = cupboard.waiting(two.ccq.archive)
        assert row.upload is not None
        monkeypatch.setattr(transfers, "upload", upload)
        await two.sync(two.ccq)
        (done,) = cupboard.waiting(two.ccq.archive, "sent")
        assert done.upload == row.upload


async def test_an_answer_lost_on_the_way_makes_no_second_dispatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        post = Relay.post_statement

        async def lose(self: Relay, note: bytes, **parts: Any) -> Answer:
            await post(self, note, **parts)
            raise transfers.problem("relay-down", url="", why="lost")

        monkeypatch.setattr(Relay, "post_statement", lose)
        sent = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", BIG)))
        assert sent.state == "queued"
        monkeypatch.undo()
        await two.sync(two.ccq)
        assert dispatches(two) == [sent.dispatch]
        assert cupboard.waiting(two.ccq.archive) == []


async def test_ctrl_c_while_sealing_leaves_nothing_and_while_sending_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        letter = two.letter(two.file("a.bin", BIG * 10))

        async def interrupted_at(phase: str) -> None:
            task: asyncio.Task[LetterOutcome]
            loop = asyncio.get_running_loop()

            def show(told: str, done: int, total: int) -> None:
                if told == phase:
                    loop.call_soon_threadsafe(task.cancel)

            task = asyncio.create_task(send(two.ccq, two.to[CCQ], letter, progress=show))
            with pytest.raises(asyncio.CancelledError):
                await task

        for phase in ("hash", "seal"):
            await interrupted_at(phase)
            assert list((two.ccq.path / "sealed").glob("*.sending")) == []
            assert list((two.ccq.path / "sealed").glob(".sealing*")) == []
            assert cupboard.waiting(two.ccq.archive) == []
        await interrupted_at("upload")
        (row,) = cupboard.waiting(two.ccq.archive)
        synced = await two.sync(two.ccq)
        assert [(one.waiting, one.state) for one in synced.delivered] == [(row.id, "sent")]


async def test_sealed_to_a_stale_view_it_is_wrapped_again_and_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        await two.stop_relay()
        queued = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", BIG)))
        assert queued.state == "queued"
        (before,) = cupboard.waiting(two.ccq.archive)
        await two.start_relay()
        clerk = await two.add_clerk(two.ca, "van-thu-2")
        with clerk:
            (delivered,) = await outbox.deliver_all(two.ccq, two.to[CCQ])
            assert delivered.state == "sent"
            assert delivered.dispatch != queued.dispatch
            await two.sync()
            after = View(two.ccq).dispatch(delivered.dispatch)
            assert after.body.hash == before.body_sha256
            assert len(after.sealed) == 3
            assert len(dispatches(two)) == 1
            async with connect(clerk) as relay:
                await syncing.sync(clerk, relay)
                trust.compare(clerk, trust.digits(two.ca))
                await receive.sign(clerk, relay, delivered.dispatch)
                opened = await opening.open_package(clerk, relay, delivered.dispatch, tmp_path / "out")
                assert opened.result == "verified"
                assert (tmp_path / "out" / "a.bin").read_bytes() == BIG


async def test_an_answer_that_does_not_verify_is_loud_kept_and_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        post = Relay.post_statement

        async def lie(self: Relay, note: bytes, **parts: Any) -> Answer:
            answer = await post(self, note, **parts)
            first = answer.receipts[0].replace(b"index ", b"index 1", 1)
            return Answer(answer.id, answer.index, (first, *answer.receipts[1:]))

        monkeypatch.setattr(Relay, "post_statement", lie)
        with pytest.raises(ClientError) as error:
            await send(two.ccq, two.to[CCQ], two.letter())
        assert error.value.code == "relay-answer-invalid"
        assert error.value.data["kept"] is True
        (evidence,) = (two.ccq.path / "evidence").iterdir()
        assert b"sent.note" in two.ccq.open_evidence(evidence)
        assert [alarm.code for alarm in two.ccq.archive.alarms()] == ["relay-answer-invalid"]
        (row,) = cupboard.waiting(two.ccq.archive)
        assert cupboard.package(two.ccq.archive, row.dispatch or "") is None
        monkeypatch.undo()
        await two.sync(two.ccq)
        assert cupboard.waiting(two.ccq.archive) == []
        assert len(dispatches(two)) == 1


async def test_a_clock_that_is_wrong_is_told_and_the_package_waits(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        ahead = tmp_path / "ahead"
        ahead.write_text("240")  # within what a request may be off
        two.ccq.clock = type(two.ccq.clock)(ahead)
        two.to[CCQ].wire._clock = two.ccq.clock
        ahead.write_text("3600")
        two.to[CCQ].wire._clock = two.ca.clock
        with pytest.raises(ClientError) as error:
            await send(two.ccq, two.to[CCQ], two.letter())
        assert error.value.code == "outside-window"
        assert error.value.data["kept"] is True
        ahead.write_text("0")
        synced = await two.sync(two.ccq)
        assert [one.state for one in synced.delivered] == ["sent"]


async def test_a_package_queued_for_weeks_is_dated_anew(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.stop_relay()
        await send(two.ccq, two.to[CCQ], two.letter())
        two.move_clock(20 * 86_400)
        await two.start_relay()
        synced = await two.sync(two.ccq)
        assert [one.state for one in synced.delivered] == ["sent"]
        age = two.ccq.clock.now() - View(two.ccq).dispatch(synced.delivered[0].dispatch).time
        assert age.days == 0


async def test_a_frozen_home_sends_nothing(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        two.ccq.freeze(("thử", "test"), two.ccq.keep_evidence("test", {"x": b"y"}))
        assert (await refusal(two)).code == "frozen"


async def test_words_travel_as_message_txt_with_one_newline(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        letter = exchanges.message(two.ca, "Đã nhận đủ hồ sơ.\n\n", case=sent.case)
        answer = await send(two.ca, two.to[CA], letter)
        await two.sync(two.ccq)
        await receive.sign(two.ccq, two.to[CCQ], answer.dispatch)
        opened = await opening.open_package(two.ccq, two.to[CCQ], answer.dispatch, tmp_path / "out")
        assert opened.files == ("message.txt",)
        assert (tmp_path / "out" / "message.txt").read_text() == "Đã nhận đủ hồ sơ.\n"
        assert opened.manifest is not None
        assert opened.manifest.file[0].role == "message"


async def test_a_reply_regards_the_request_and_stops_its_clock(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        letter = replies.reply(
            two.ca, sent.case, Papers(files=(two.file("Trả lời.pdf"),), title="Trả lời kết quả")
        )
        reply = await send(two.ca, two.to[CA], letter)
        await two.sync()
        case = View(two.ccq).case(sent.case)
        assert case.dispatches[reply.dispatch].regarding == sent.dispatch
        assert case.stopped is not None
        assert case.phase == "answered"


async def test_what_a_crash_left_is_cleared_at_the_next_sync(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sealed = two.ccq.path / "sealed"
        (sealed / ".sealing-999999999-00000000").write_bytes(b"half")
        (sealed / f"{'0' * 64}.sending").write_bytes(b"no row names it")
        mine = sealed / f".sealing-{os.getpid()}-00000000"
        mine.write_bytes(b"being sealed")
        await two.sync(two.ccq)
        assert [path.name for path in sealed.iterdir()] == [mine.name]
        assert sealing.READY == ".sending"
