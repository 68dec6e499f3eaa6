"""One case from request to opened reply, over a real relay, all of it final."""

from __future__ import annotations

from pathlib import Path

from tests.client.agreement import CA, CCQ
from tests.client.parties import Parties

from kynhan_client.evidence.verifying import Verification
from kynhan_client.packages import opening, receive
from kynhan_client.packages.send import LetterOutcome, send
from kynhan_client.procedures import replies
from kynhan_client.procedures.standing import Papers


async def whole_case(two: Parties, folder: Path) -> tuple[LetterOutcome, LetterOutcome]:
    """Request, receipt, opening, reply, receipt, opening; then a message outside the case, signed for,
    by which both sides attest the heads after having seen all of it."""
    request = await two.request()
    await receive.sign(two.ca, two.to[CA], request.dispatch)
    await opening.open_package(two.ca, two.to[CA], request.dispatch, folder / "opened-by-ca")
    letter = replies.reply(two.ca, request.case, Papers(files=(two.file("Trả lời.pdf"),), title="Trả lời"))
    reply = await send(two.ca, two.to[CA], letter)
    await two.sync()
    await receive.sign(two.ccq, two.to[CCQ], reply.dispatch)
    await opening.open_package(two.ccq, two.to[CCQ], reply.dispatch, folder / "opened-by-ccq")
    await two.witness()
    await two.sync()
    done = two.letter(kind="message", to=CCQ, term=None, subject=None, words="Đã xong.")
    last = await send(two.ca, two.to[CA], done)
    await receive.sign(two.ccq, two.to[CCQ], last.dispatch)
    await two.witness()
    await two.sync()
    return request, reply


def told(report: Verification) -> list[tuple[str, str, str, str]]:
    reasons = [(one.name, why.code, why.detail) for one in report.receipts for why in one.reasons]
    return [(report.verdict, *reason) for reason in reasons] + [
        (report.verdict, why.subject, why.code, why.detail) for why in report.reasons
    ]
