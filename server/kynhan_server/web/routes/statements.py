"""Statements: posted by whoever holds them, read by those whom they concern."""

from __future__ import annotations

import re

from aiohttp import web

from kynhan_protocol.strict_json import decode, encode
from kynhan_protocol.wire import api
from kynhan_server.log.ledger import Submission
from kynhan_server.web.problems import HttpProblem
from kynhan_server.web.routes.call import Call, private
from kynhan_server.web.target import number

MAX_INDEX = 1 << 53


async def post(call: Call) -> web.Response:
    """Log a signed statement, or answer again as the first time. It authenticates itself."""
    sent = decode(call.content, api.PostStatement)
    if len(sent.documents) > api.MAX_DOCUMENTS:
        raise HttpProblem("too-large", f"At most {api.MAX_DOCUMENTS} documents may come with a statement.")
    if sent.body is not None and len(sent.body) > api.MAX_INLINE_BODY:
        raise HttpProblem("too-large", f"A body above {api.MAX_INLINE_BODY} bytes is uploaded first.")
    answer = await call.relay.ledger.post(
        call.log,
        Submission(
            note=sent.note.encode(),
            header=sent.header,
            body=sent.body,
            upload=sent.upload,
            documents=sent.documents,
        ),
    )
    receipts = tuple(receipt.decode() for receipt in answer.receipts)
    return private(encode(api.Posted(id=answer.id, index=answer.index, receipts=receipts)), api.JSON)


async def listing(call: Call) -> web.Response:
    """The statements from `from` on that the actor may see, at most `limit`; with `case` those of that case."""
    start = number(call.query.get("from", "0"), most=MAX_INDEX)
    limit = number(call.query.get("limit", str(api.MAX_STATEMENTS)), most=api.MAX_STATEMENTS)
    case = call.query.get("case")
    if case is not None and re.fullmatch(api.PATTERNS["case"], case, re.ASCII) is None:
        raise HttpProblem("bad-request", "`case` has to be the UUID of a case.")
    found = await call.relay.reading.statements(call.log, call.actor, start, limit, case)
    return private(encode(found), api.JSON)


async def receipt(call: Call) -> web.Response:
    """The statement's tlog-proof: as first answered, or under the latest cosigned checkpoint."""
    asked = call.query.get("checkpoint")
    if asked not in (None, "cosigned"):
        raise HttpProblem("bad-request", "`checkpoint` can only be `cosigned`.")
    proof = await call.relay.reading.receipt(call.log, call.actor, call.values["id"], asked is not None)
    return private(proof, api.NOTE)


async def document(call: Call) -> web.Response:
    """The exact bytes of a profile or calendar, by their SHA-256."""
    return private(await call.relay.reading.document(call.log, call.actor, call.values["sha256"]), api.JSON)


async def chain(call: Call) -> web.Response:
    """The root statements of one committee."""
    return private(
        encode(await call.relay.reading.chain(call.log, call.actor, call.values["committee"])), api.JSON
    )


async def calendar(call: Call) -> web.Response:
    """The bytes of the calendar in force."""
    return private(await call.relay.reading.calendar(call.log, call.actor), api.JSON)
