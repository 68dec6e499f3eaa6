"""Taking back, recalling, destroying (R5a): before and after the signature, and nothing signed as gone that is here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.exchanging import BIDI, begun, post, refused, take, words_of
from tests.client.parties import Parties, parties

from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard
from kynhan_client.home.home import Home
from kynhan_client.log import receipts, track
from kynhan_client.log.view import View
from kynhan_client.packages import erasing, opening, receive
from kynhan_client.procedures import exchanges, recalls, retention
from kynhan_client.relay.relay import Relay

MARK = "Trích yếu chỉ có trong hồ sơ này"
REASON = "Gửi nhầm phụ lục"


def traces(home: Home, dispatch: str) -> list[str]:
    """What is left of a package in a home, statements and receipts aside."""
    archive = home.archive
    found = [path.name for path in (home.path / "sealed").iterdir() if path.name.startswith(dispatch)]
    found += [
        f"manifest {row}" for row in archive.rows("SELECT dispatch FROM manifests WHERE title = ?", (MARK,))
    ]
    for table, columns in (
        ("outbox", "manifest, header, file_key"),
        ("packages", "header, opened_at, opened_to"),
    ):
        for row in archive.rows(f"SELECT {columns} FROM {table} WHERE dispatch = ?", (dispatch,)):
            found += [
                f"{table} {column}" for column, value in zip(columns.split(", "), row, strict=True) if value
            ]
    return found


def statements(home: Home, dispatch: str) -> Iterator[str]:
    for (type_,) in home.archive.rows(
        "SELECT type FROM statements WHERE dispatch = ? ORDER BY idx", (dispatch,)
    ):
        yield type_


async def recalled(two: Parties, dispatch: str) -> str:
    """CCQ recalls what CA signed for; CA has read why."""
    sent = await post(two, two.ccq, recalls.recall(two.ccq, dispatch, REASON))
    assert words_of(await take(two, two.ca, sent.dispatch)) == [REASON + "\n"]
    return sent.dispatch


async def test_what_nobody_signed_for_is_taken_back(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        done = await recalls.withdraw(two.ccq, two.to[CCQ], sent.dispatch, "mistake")
        assert (done.state, done.unpacked) == ("sent", ())
        await two.sync()
        case = View(two.ca).case(sent.case)
        assert (case.phase, case.dispatches[sent.dispatch].ended_code) == ("withdrawn", "mistake")
        assert receive.inbox(two.ca) == []
        async with refused(two, "not-now", "withdrawn"):
            await receive.sign(two.ca, two.to[CA], sent.dispatch)
        async with refused(two, "not-now", "withdrawn"):
            await recalls.withdraw(two.ccq, two.to[CCQ], sent.dispatch, "mistake")


async def test_taking_back_is_refused_where_it_is_not_ours_or_too_late(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        async with refused(two, "bad-code", "no reason"):
            await recalls.withdraw(two.ccq, two.to[CCQ], sent.dispatch, "no reason")
        async with refused(two, "wrong-role", "may not do this: it takes the role of a clerk of ccq.example"):
            await recalls.withdraw(two.ca, two.to[CA], sent.dispatch, "mistake")
        async with refused(two, "not-now", "nobody signed for it yet"):
            await post(two, two.ccq, recalls.recall(two.ccq, sent.dispatch, REASON))
        await take(two, two.ca, sent.dispatch)
        async with refused(two, "not-now", "it was signed for"):
            await recalls.withdraw(two.ccq, two.to[CCQ], sent.dispatch, "mistake")


async def test_a_recall_is_agreed_to_by_destroying(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(title=MARK)
        opened = await take(two, two.ca, sent.dispatch)
        assert traces(two.ca, sent.dispatch)
        recall = await recalled(two, sent.dispatch)
        assert recalls.find(two.ca, None).id == recall
        assert recalls.find(two.ca, sent.dispatch).id == recall
        done = await recalls.agree(two.ca, two.to[CA], recall)
        assert done.state == "sent"
        assert done.unpacked == (str(opened.folder.absolute()),)  # what lies there is the user's to destroy
        await two.sync()

        # gone: sealed files, register fields, opened state; kept: statements and their receipts
        assert traces(two.ca, sent.dispatch) == []
        assert list(statements(two.ca, sent.dispatch))[-2:] == ["destruction", "acceptance"]
        assert {one.state for one in receipts.listed(two.ca, sent.case)} <= {"final", "pending", "missing"}
        assert cupboard.receipt(two.ca.archive, done.statement or "") is not None
        for home in (two.ca, two.ccq):
            found = View(home).case(sent.case).dispatches[sent.dispatch]
            assert (found.recalled, found.destroyed_by) == (True, (CA,))
        assert View(two.ccq).case(sent.case).phase == "withdrawn"
        assert recalls.put_to_us(two.ca) == []
        waiting = track.case_detail(two.ccq, sent.case)["waiting_for"]
        assert recall not in [one["dispatch"] for one in waiting]  # destroying it was the answer

        # it is not fetched again, though the relay still has it
        for again in (
            receive.fetch(two.ca, two.to[CA], sent.dispatch),
            opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "again"),
        ):
            with pytest.raises(ClientError) as error:
                await again
            assert error.value.code == "destroyed"
        with pytest.raises(ClientError) as error:
            opening.export_age(two.ca, sent.dispatch, tmp_path / "x.age")
        assert error.value.code == "destroyed"
        assert not await receive.take_header(two.ca, two.to[CA], sent.dispatch)
        await two.sync()
        assert traces(two.ca, sent.dispatch) == []
        # its sender keeps its own copy
        assert (await opening.open_package(two.ccq, two.to[CCQ], sent.dispatch, tmp_path / "own")).own


async def test_a_recall_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await begun(two)
        recall = await recalled(two, sent.dispatch)
        refusal = await post(two, two.ca, recalls.refuse(two.ca, recall, "Đã sử dụng để trả lời"))
        assert words_of(await take(two, two.ccq, refusal.dispatch)) == ["Đã sử dụng để trả lời\n"]
        case = View(two.ccq).case(sent.case)
        assert case.phase == "running"
        assert not case.dispatches[sent.dispatch].recalled
        async with refused(two, "not-now", "no recall waits"):
            await recalls.agree(two.ca, two.to[CA], recall)
        async with refused(two, "not-now", "no recall waits"):
            recalls.find(two.ca, None)


async def test_recalls_by_the_wrong_side_or_without_a_reason_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await begun(two)
        for reason, sentence in (("", "the reason is empty"), (BIDI, "direction")):
            async with refused(two, "bad-letter", sentence):
                recalls.recall(two.ccq, sent.dispatch, reason)
        async with refused(two, "not-now", "only its sender"):
            await post(two, two.ca, recalls.recall(two.ca, sent.dispatch, REASON))
        recall = await post(two, two.ccq, recalls.recall(two.ccq, sent.dispatch, REASON))
        async with refused(two, "not-signed-for", "cannot be opened yet"):
            await recalls.agree(two.ca, two.to[CA], recall.dispatch)
        async with refused(two, "not-signed-for", "cannot be opened yet"):
            recalls.refuse(two.ca, recall.dispatch, "Không")
        async with refused(two, "not-now", "no recall waits"):
            recalls.find(two.ccq, None)
        await take(two, two.ca, recall.dispatch)
        async with refused(two, "bad-letter", "the reason is empty"):
            recalls.refuse(two.ca, recall.dispatch, " ")
        async with refused(two, "not-now", "recall agree"):
            exchanges.answer(two.ca, sent.case, "Không", regarding=recall.dispatch)


async def test_destruction_is_a_signed_act_of_either_side(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(title=MARK)
        async with refused(two, "not-now", "nobody signed for it"):
            await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        await take(two, two.ca, sent.dispatch)
        async with refused(two, "bad-code", "no reason"):
            await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "no reason")
        assert (await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")).state == "sent"
        assert traces(two.ccq, sent.dispatch)
        assert (await recalls.destroy(two.ccq, two.to[CCQ], sent.dispatch, "other")).state == "sent"
        for home in (two.ca, two.ccq):
            assert traces(home, sent.dispatch) == []
        await two.sync()
        found = View(two.ccq).case(sent.case).dispatches[sent.dispatch]
        assert (found.destroyed_by, found.recalled) == ((CA, CCQ), False)
        line = next(one for one in track.cases(two.ca) if one.case == sent.case)
        assert line.title is None  # the register does not know it any more
        again = await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert (again.state, again.statement) == ("before", None)


async def test_another_clerks_copy_is_destroyed_without_a_second_statement(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        second = await two.add_clerk(two.ca, "van-thu-2")
        sent = await two.request(title=MARK)
        await take(two, two.ca, sent.dispatch)
        await two.sync(second)
        await opening.open_package(second, two.relay(second), sent.dispatch, tmp_path / "second")
        assert traces(second, sent.dispatch)
        await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        await two.sync(second)
        assert [(one.dispatch, one.why) for one in retention.expired(second)] == [(sent.dispatch, "recorded")]
        done = await recalls.destroy(second, two.relay(second), sent.dispatch, "ordered")
        assert (done.state, traces(second, sent.dispatch)) == ("before", [])
        assert retention.expired(second) == []


# --- stopped half-way: what is signed as gone is gone


class CrashError(Exception):
    """The program ends here."""


async def test_a_crash_before_erasing_signs_nothing_until_it_is_gone(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(title=MARK)
        await take(two, two.ca, sent.dispatch)

        def crash(home: Home, dispatch: str) -> None:
            raise CrashError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(erasing, "erase", crash)
            with pytest.raises(CrashError):
                await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        (row,) = cupboard.waiting(two.ca.archive)
        assert (row.kind, row.note) == ("destruction", None)
        assert traces(two.ca, sent.dispatch)
        await two.sync()
        assert traces(two.ca, sent.dispatch) == []
        assert View(two.ccq).case(sent.case).dispatches[sent.dispatch].destroyed_by == (CA,)


async def test_a_crash_between_erasing_and_signing_goes_on_at_the_next_sync(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(title=MARK)
        await take(two, two.ca, sent.dispatch)
        erase = erasing.erase

        def crash(home: Home, dispatch: str) -> None:
            erase(home, dispatch)
            raise CrashError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(erasing, "erase", crash)
            with pytest.raises(CrashError):
                await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert traces(two.ca, sent.dispatch) == []
        assert View(two.ca).case(sent.case).dispatches[sent.dispatch].destroyed_by == ()
        await two.sync()
        assert View(two.ccq).case(sent.case).dispatches[sent.dispatch].destroyed_by == (CA,)


async def test_without_the_relay_it_is_gone_and_the_statement_waits(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(title=MARK)
        await take(two, two.ca, sent.dispatch)
        await two.stop_relay()
        done = await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert (done.state, done.index) == ("queued", None)
        assert done.reason is not None and done.reason.code == "relay-down"
        assert traces(two.ca, sent.dispatch) == []
        again = await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        assert again.state == "queued"
        assert len(cupboard.waiting(two.ca.archive)) == 1  # one statement, not two
        await two.start_relay()
        await two.sync()
        assert View(two.ccq).case(sent.case).dispatches[sent.dispatch].destroyed_by == (CA,)


async def test_an_answer_lost_on_the_way_makes_no_second_statement(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await take(two, two.ca, sent.dispatch)
        post_statement = Relay.post_statement

        async def lost(self: Relay, *args: object, **kwargs: object) -> object:
            await post_statement(self, *args, **kwargs)  # type: ignore[arg-type]
            raise CrashError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Relay, "post_statement", lost)
            with pytest.raises(CrashError):
                await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "ordered")
        synced = await two.sync(two.ca)
        assert [(one.kind, one.state) for one in synced.delivered] == [("destruction", "sent")]
        assert list(statements(two.ca, sent.dispatch)).count("destruction") == 1


# --- retention


async def test_what_is_past_its_time_is_listed_but_not_in_a_case_that_runs(tmp_path: Path) -> None:
    years = {'"retention-years": 0': '"retention-years": 1'}
    async with parties(tmp_path, changes=years) as two:
        running = await begun(two)
        message = await post(two, two.ccq, exchanges.message(two.ccq, "Xin trao đổi."))
        await take(two, two.ca, message.dispatch)
        unsigned = await post(two, two.ccq, exchanges.message(two.ccq, "Chưa ai ký nhận."))
        assert retention.expired(two.ca) == []
        two.move_clock(367 * 24 * 3600)
        found = retention.expired(two.ca)
        assert [(one.dispatch, one.why) for one in found] == [(message.dispatch, "retention")]
        assert found[0].until == retention.years_after(found[0].since, 1)
        assert {one.dispatch for one in retention.expired(two.ccq)} == {message.dispatch}
        assert running.dispatch not in {one.dispatch for one in found}
        assert unsigned.dispatch not in {one.dispatch for one in found}
        await recalls.destroy(two.ca, two.to[CA], message.dispatch, "retention")
        assert retention.expired(two.ca) == []


async def test_a_profile_without_a_time_keeps_everything(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        message = await post(two, two.ccq, exchanges.message(two.ccq, "Xin trao đổi."))
        await take(two, two.ca, message.dispatch)
        two.move_clock(50 * 365 * 24 * 3600)
        assert retention.expired(two.ca) == []


@pytest.mark.parametrize(
    ("day", "years", "until"),
    [
        (date(2026, 3, 1), 5, date(2031, 3, 1)),
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_years_after(day: date, years: int, until: date) -> None:
    assert retention.years_after(day, years) == until
