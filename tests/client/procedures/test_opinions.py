"""Opinion rounds (R11): everybody concerned is asked once, each on its own; who has answered; half-way stops."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA
from tests.client.exchanging import TITLE_TOO_LONG, begun, post, post_round, refused, take, words_of
from tests.client.parties import Parties, parties

from kynhan_client.errors import ClientError, problem
from kynhan_client.home import cupboard
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import outbox
from kynhan_client.packages import send as sends
from kynhan_client.procedures import exchanges, opinions, rounds
from kynhan_client.procedures.opinions import Round

UNIT = "ca.example/pc03"
ASK = "Đề nghị cho ý kiến về dự thảo."


def only(home: Home, prefix: str) -> Round:
    (found,) = opinions.status(home, prefix)
    return found


def states(home: Home, prefix: str) -> dict[str, str]:
    return {one.to: one.state for one in only(home, prefix).asked}


def asked_in_log(two: Parties, case: str) -> list[str]:
    dispatches = View(two.ccq).case(case).dispatches.values()
    return [one.to for one in dispatches if one.kind == "opinion"]


async def test_everybody_concerned_is_asked_and_answers_on_its_own(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case = (await begun(two)).case
        request = View(two.ccq).case(case).main
        copy = two.letter(case=case, to=UNIT, regarding=request)
        await take(two, unit, (await post(two, two.ccq, copy)).dispatch)
        wish = two.ccq.clock.now().date() + timedelta(days=9)
        letters = opinions.ask(two.ccq, ASK, case=case, files=(two.file("Dự thảo.pdf"),), wish_date=wish)
        assert [letter.to for letter in letters] == [CA, UNIT]  # all concerned except the asker
        lines = await post_round(two, two.ccq, letters)
        assert len({line.dispatch for line in lines}) == 2
        found = only(two.ccq, case)
        assert (found.wish_date, found.by) == (wish, "ccq.example")
        assert states(two.ccq, case) == {CA: "unsigned", UNIT: "unsigned"}

        opened = await take(two, two.ca, lines[0].dispatch)
        assert words_of(opened) == [ASK + "\n"]
        assert opened.manifest is not None
        assert (opened.manifest.wish_date, opened.manifest.about) == (wish, found.about)
        answer = exchanges.answer(two.ca, case, "Thống nhất với dự thảo.")
        assert answer.about == found.about
        await post(two, two.ca, answer)
        assert states(two.ccq, case) == {CA: "answered", UNIT: "unsigned"}
        assert states(two.ccq, found.about[:8]) == {CA: "answered", UNIT: "unsigned"}  # by round, too

        await two.sync(unit)
        await take(two, unit, lines[1].dispatch)
        assert states(two.ccq, case)[UNIT] == "read"
        await post(two, unit, exchanges.answer(unit, case, "Đề nghị bổ sung."))
        assert states(two.ccq, case) == {CA: "answered", UNIT: "answered"}


async def test_a_round_can_open_a_case_of_its_own(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        letters = opinions.ask(two.ccq, ASK, to=(CA, UNIT))
        lines = await post_round(two, two.ccq, letters)
        cases = {View(two.ccq).dispatch(line.dispatch).case for line in lines}
        assert cases == {letters[0].begins}
        assert View(two.ca).case(cases.pop()).phase == "exchange"


async def test_repeating_a_round_asks_nobody_twice_and_takes_in_one_more(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case = (await begun(two)).case
        await post_round(two, two.ccq, opinions.ask(two.ccq, ASK, case=case, to=(CA,)))
        lines = await post_round(two, two.ccq, opinions.ask(two.ccq, ASK, case=case, to=(CA, UNIT)))
        assert [line.state for line in lines] == ["before", "sent"]
        assert asked_in_log(two, case) == [CA, UNIT]
        assert len(opinions.of_case(View(two.ccq).case(case))) == 1
        await post_round(two, two.ccq, opinions.ask(two.ccq, "Việc khác.", case=case, to=(CA,)))
        assert len(opinions.of_case(View(two.ccq).case(case))) == 2


async def test_what_the_relay_did_not_take_waits_and_is_not_sent_twice(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case = (await begun(two)).case
        told: list[str] = []
        letters = opinions.ask(two.ccq, ASK, case=case, to=(CA, UNIT))
        deliver = sends.send

        async def cut(*args: object, **kwargs: object) -> sends.LetterOutcome:
            if told:
                await two.stop_relay()
            return await deliver(*args, **kwargs)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sends, "send", cut)
            lines = await rounds.send_round(
                two.ccq, two.relay(two.ccq), letters, told=lambda line: told.append(line.to)
            )
        assert [line.state for line in lines] == ["sent", "queued"]
        assert told == [CA, UNIT]
        assert lines[1].reason is not None
        assert states(two.ccq, case) == {CA: "unsigned", UNIT: "queued"}
        # offline, the same command puts nothing more into the outbox
        again = await rounds.send_round(two.ccq, two.relay(two.ccq), letters)
        assert [line.state for line in again] == ["before", "queued"]
        assert len(cupboard.waiting(two.ccq.archive)) == 1
        # back again, the same command sends what waited
        await two.start_relay()
        again = await rounds.send_round(two.ccq, two.relay(two.ccq), letters)
        assert [line.state for line in again] == ["before", "sent"]
        await two.sync()
        assert asked_in_log(two, case) == [CA, UNIT]
        assert cupboard.waiting(two.ccq.archive) == []


async def test_a_round_in_a_new_case_waits_whole_while_the_relay_is_away(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        letters = opinions.ask(two.ccq, ASK, to=(CA, UNIT))
        await two.stop_relay()
        lines = await rounds.send_round(two.ccq, two.relay(two.ccq), letters)
        assert [line.state for line in lines] == ["queued", "queued"]
        assert states(two.ccq, letters[0].about or "") == {CA: "queued", UNIT: "queued"}
        await two.start_relay()
        await two.sync()
        assert asked_in_log(two, letters[0].begins or "") == [CA, UNIT]


async def test_a_round_that_breaks_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case = (await begun(two)).case
        letters = opinions.ask(two.ccq, ASK, case=case, to=(CA, UNIT))
        put = outbox.put_dispatch
        count = 0

        def full(*args: object) -> int:
            nonlocal count
            count += 1
            if count == 2:
                raise problem("disk-full", path="x")
            return put(*args)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(outbox, "put_dispatch", full)
            with pytest.raises(ClientError) as error:
                await rounds.send_round(two.ccq, two.relay(two.ccq), letters)
        assert error.value.code == "disk-full"
        lines = await post_round(two, two.ccq, opinions.ask(two.ccq, ASK, case=case, to=(CA, UNIT)))
        assert [line.state for line in lines] == ["before", "sent"]
        assert asked_in_log(two, case) == [CA, UNIT]


async def test_bad_rounds_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case = (await begun(two)).case
        today = two.ccq.clock.now().date()
        async with refused(two, "bad-letter", "nobody is asked"):
            opinions.ask(two.ccq, ASK)
        async with refused(two, "bad-letter", "whoever asks is not asked"):
            opinions.ask(two.ccq, ASK, case=case, to=(CA, "ccq.example"))
        async with refused(two, "bad-letter", "wished-for date has passed"):
            opinions.ask(two.ccq, ASK, case=case, wish_date=today - timedelta(days=2))
        async with refused(two, "bad-letter", "the text is empty"):
            opinions.ask(two.ccq, " ", case=case)
        async with refused(two, "bad-letter", "the title is longer than"):
            opinions.ask(two.ccq, ASK, case=case, title=TITLE_TOO_LONG)
        async with refused(two, "missing-file", "no file"):
            opinions.ask(two.ccq, ASK, case=case, files=(tmp_path / "không có.pdf",))
        async with refused(two, "unknown-recipient", "nobody"):  # CA is not asked either
            letters = opinions.ask(two.ccq, ASK, case=case, to=(CA, "ca.example/nobody"))
            await post_round(two, two.ccq, letters)
        for prefix in ("0000000000", "abc"):
            async with refused(two, "not-found", "is not there"):
                opinions.status(two.ccq, prefix)
        assert opinions.status(two.ccq, case) == []


async def test_a_wished_for_date_only_where_the_profile_knows_it(tmp_path: Path) -> None:
    off = {'"opinion-wish-date": true': '"opinion-wish-date": false'}
    async with parties(tmp_path, changes=off) as two:
        wish = two.ccq.clock.now().date() + timedelta(days=9)
        async with refused(two, "not-now", "no wished-for date"):
            opinions.ask(two.ccq, ASK, to=(CA,), wish_date=wish)
