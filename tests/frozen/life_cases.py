"""The first half of the life of life.py: people, channels, and cases with every kind of dispatch in them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

from tests.client import agreement
from tests.client.agreement import CA, CCQ
from tests.client.answering import papers, send, take
from tests.client.exchanging import post_round
from tests.client.parties import Parties
from tests.server.mailbox import Mailbox

from kynhan_client.calendars import calendars
from kynhan_client.dossiers.dossier import Cover
from kynhan_client.errors import problem
from kynhan_client.log import answers
from kynhan_client.packages import opening, receive
from kynhan_client.procedures import (
    assignments,
    closing,
    conferences,
    exchanges,
    extensions,
    notices,
    opinions,
    recalls,
    replies,
    requests,
    terms,
)
from kynhan_client.procedures.conferences import Plan
from kynhan_client.procedures.exchanges import DirectExchange
from kynhan_client.relay.relay import Relay
from kynhan_client.reminding import channels
from kynhan_client.reporting import making, writing
from kynhan_client.reporting.making import Wanted
from kynhan_client.trust import members
from kynhan_protocol.agreement import calendar

BEGIN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
UNIT, DIRECTOR, LEADER = "pc03", "giam-doc", "lanh-dao"
LETTER = Cover(
    title="Về việc đề nghị phối hợp xác minh",
    form="party-2026",
    issuer="Đảng ủy Các cơ quan tỉnh",
    doctype="Công văn",
    number=15,
    symbol="CV/ĐUCCQ",
    issued=date(2026, 3, 3),
)


class Cases:
    """Steps that both sides see, in order; each begins at a stated moment."""

    def __init__(self, two: Parties) -> None:
        self.two = two
        self.ccq, self.ca = two.ccq, two.ca
        self.running = self.informed = self.exchange = ""

    def at(self, month: int, day: int, hour: int = 9) -> None:
        """It is that hour in Việt Nam, in 2026."""
        self.two.set_clock(datetime(2026, month, day, hour - 7, tzinfo=UTC))

    async def everybody(self) -> None:
        await self.two.sync(self.unit, self.director, self.leader, self.ca, self.ccq)

    # --- people and channels

    async def people(self) -> None:
        """A unit, an approver of each committee, and an auditor whose key is revoked again."""
        two = self.two
        self.unit = await two.add_member(self.ca, UNIT, "unit")
        self.director = await two.add_member(self.ca, DIRECTOR, "approver")
        self.leader = await two.add_member(self.ccq, LEADER, "approver")
        auditor = await two.add_member(self.ccq, "kiem-tra", "auditor")
        gone = members.revoke(self.ccq, auditor.keyring.signer.vkey, "left")
        await members.post(self.ccq, two.to[CCQ], gone)
        await self.everybody()

    async def channels(self, post: Mailbox) -> None:
        """A confirmed mailbox and one that is not, a webhook nobody answers at, a feed."""
        relay = self.two.to[CA]
        await channels.add_mail(relay, "van-thu@tinh.example", language="vi", digest=True)
        async with asyncio.timeout(20):
            while not post.mails:  # noqa: ASYNC110 - the mail comes from the relay's own task
                await asyncio.sleep(0.05)
        code = next(line.split()[-1] for line in post.text().splitlines() if "channel confirm" in line)
        await channels.confirm(relay, code)
        await channels.add_mail(relay, "chua-xac-nhan@tinh.example", language="both")
        await channels.add_webhook(relay, "https://hooks.tinh.example/x", language="en")
        await channels.add_feed(self.two.to[CCQ], language="vi")

    # --- cases

    async def answered_case(self) -> None:
        """Asked, given to the unit, answered, closed, all of it final; and the report of those two days."""
        two, ccq, ca = self.two, self.ccq, self.ca
        self.at(3, 3)
        main = await two.request(two.file("Công văn.pdf"), title=None, cover=LETTER, urgency="khan")
        await take(two, ca, main.dispatch)
        assigning = assignments.assignment(ca, main.case, UNIT, papers(words="Giao PC03 tham mưu."))
        handed = await assignments.assign(ca, two.to[CA], assigning)
        await two.sync(self.unit)
        await take(two, self.unit, handed.dispatch)
        await two.sync(ccq, ca)
        reply = replies.reply(ca, main.case, papers(two.file("Trả lời.pdf"), title="Trả lời kết quả"))
        answered = await send(two, ca, reply)
        await two.sync()
        await take(two, ccq, answered.dispatch)
        done = closing.Conclusion(3, "KL/ĐUCCQ", date(2026, 3, 3))
        await send(two, ccq, closing.close(ccq, main.case, done))
        await two.witness()
        await two.sync()
        self.at(3, 4)
        said = await send(two, ca, exchanges.message(ca, "Đã nhận, đề nghị gọi lại.", to=CCQ))
        await two.sync()
        await take(two, ccq, said.dispatch)  # both sides attest the heads after all that
        self.exchange = said.case
        await two.witness()
        await two.sync()
        made = making.make(ccq, Wanted(begins=date(2026, 3, 2), ends=date(2026, 3, 3)))
        folder = two.folder / "report"
        writing.write(writing.files(ccq, made, ("json",)), folder)
        await send(two, ccq, writing.letter(folder, CA))

    async def running_case(self) -> None:
        """Returned, completed, its wrong term corrected by both; talked about; it runs when all is frozen."""
        two, ccq, ca = self.two, self.ccq, self.ca
        self.at(3, 5)
        first = await two.request(two.file("Thiếu.pdf"), term="in-province")
        case = self.running = first.case
        await take(two, ca, first.dispatch)
        await two.sync()
        back = requests.returning(ca, case, papers(words="Thiếu danh sách."), missing=("Danh sách",))
        await send(two, ca, back.letter)
        await two.sync()
        whole = requests.supplement(ccq, case, papers(two.file("Danh sách.pdf"), title="Bổ sung"))
        added = await send(two, ccq, whole)
        await two.sync()
        await take(two, ca, added.dispatch)
        await two.sync()
        proposed = terms.correction(ccq, case, papers(words="Thân nhân ở ngoài tỉnh"), term="in-country")
        await send(two, ccq, proposed.letter)
        await two.sync()
        await send(two, ca, terms.agreement(ca, case, papers()).letter)
        await two.sync()
        await self._talk(case)
        later = extensions.extension(ca, case, papers(), "Cần thêm thời gian xác minh", days=10)
        await send(two, ca, later.letter)
        await two.sync()

    async def _talk(self, case: str) -> None:
        """A question, its answer, what is not concluded yet, an opinion, a conference and its minutes."""
        two, ccq, ca = self.two, self.ccq, self.ca
        self.at(3, 6)
        asked = await send(two, ca, exchanges.question(ca, case, "Đề nghị làm rõ danh sách."))
        await two.sync(ccq)
        await take(two, ccq, asked.dispatch)
        await send(two, ccq, exchanges.answer(ccq, case, "Danh sách gồm hai người."))
        await two.sync(ca)
        await send(two, ca, replies.interim(ca, case, papers(words="Đang xác minh tiếp.")))
        wish = date(2026, 3, 20)
        await post_round(two, ccq, opinions.ask(ccq, "Cho ý kiến.", case=case, to=(CA,), wish_date=wish))
        plan = Plan(datetime(2026, 3, 9, 2, tzinfo=UTC), timedelta(hours=2), "Phòng họp số 2", "Thống nhất")
        (proposed,) = await post_round(two, ccq, conferences.propose(ccq, plan, case=case, to=(CA,)))
        await take(two, ca, proposed.dispatch)
        agreed = await send(two, ca, conferences.accept(ca, case))
        await two.sync(ccq)
        await take(two, ccq, agreed.dispatch)
        self.at(3, 9, 16)
        await post_round(two, ccq, conferences.minutes(ccq, case, (two.file("Biên bản.pdf"),)))

    async def ended_cases(self) -> None:
        """Declined, withdrawn, recalled and destroyed, faulty, signed for without a header; informed of."""
        two, ccq, ca = self.two, self.ccq, self.ca
        self.at(3, 10)
        declined = await two.request(term="in-province", subject="3.4")
        await receive.decline(ca, two.to[CA], declined.dispatch, "not-competent")
        withdrawn = await two.request()
        await recalls.withdraw(ccq, two.to[CCQ], withdrawn.dispatch, "mistake")
        recalled = await two.request()
        await take(two, ca, recalled.dispatch)
        await two.sync()
        wanted = await send(two, ccq, recalls.recall(ccq, recalled.dispatch, "Gửi nhầm phụ lục"))
        await two.sync()
        await take(two, ca, wanted.dispatch)
        await recalls.agree(ca, two.to[CA], wanted.dispatch)
        broken = await self._broken()
        await two.sync()
        await receive.sign(ca, two.to[CA], broken)
        opened = await opening.open_package(ca, two.to[CA], broken, two.folder / "opened" / "broken")
        assert opened.result == "faulty"
        await self._headerless()
        told = notices.notice(ccq, (two.file("Thông tin.pdf"),), title="Cung cấp thông tin", subject="3.1")
        sent = await send(two, ccq, told)
        await two.sync()
        await take(two, ca, sent.dispatch)
        await two.sync()
        self.informed = sent.case

    async def _broken(self) -> str:
        """A package whose plaintext is no tar."""
        dispatch, header, body = agreement.World.dispatch(self.two)  # type: ignore[arg-type] # needs only .ccq
        answer = await self.two.to[CCQ].post_statement(dispatch.note, header=header, body=body)
        return answers.check(self.ccq, dispatch, answer).id

    async def _headerless(self) -> None:
        """A package that was signed for and whose header does not come."""

        async def none(*_: Any) -> bytes:
            raise problem("relay-down", url="http://127.0.0.1", why="x")

        sent = await self.two.request()
        with mock.patch.object(Relay, "header", none):
            await receive.sign(self.ca, self.two.to[CA], sent.dispatch)

    async def exchanges(self) -> None:
        """A note of a talk, a difficulty, an urgent request that nobody signs for."""
        two, ccq, ca = self.two, self.ccq, self.ca
        self.at(3, 11)
        talk = DirectExchange(
            datetime(2026, 3, 11, 1, tzinfo=UTC), "phone", ("Nguyễn Văn A", "Trần Thị B"), "Đã thống nhất."
        )
        await send(two, ca, exchanges.note(ca, talk, case=self.exchange))
        await send(two, ccq, notices.difficulty(ccq, "Chưa rõ thẩm quyền.", case=self.exchange))
        await two.request(urgency="hoa-toc")
        await two.sync()

    async def calendar(self) -> None:
        """One more day off that both approvers signed, and another that only one did."""
        self.at(3, 12)
        first = more_days_off(calendar.shipped_bytes(), date(2026, 5, 4))
        for home in (self.leader, self.director):
            await self.two.sync(home)
            await calendars.sign(home, self.two.relay(home), first)
        await calendars.sign(
            self.director, self.two.relay(self.director), more_days_off(first, date(2026, 5, 5))
        )
        await self.everybody()


def more_days_off(document: bytes, day: date) -> bytes:
    """A calendar with one more day off."""
    made = json.loads(document)
    why = {"vi": "nghỉ bù", "en": "day in lieu"}
    made["days"].append({"date": day.isoformat(), "day": "off", "why": why, "decision": "1/QĐ"})
    made["days"].sort(key=lambda one: one["date"])
    return json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"
