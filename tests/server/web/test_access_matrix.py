"""Every endpoint, asked by every actor, before and after the RECEIPT; generated from the route table.

Before the receipt is logged no answer to anybody holds any part of the header; afterwards only the memberships named
in `sealed` get it, from the one path made for it. What is absent and what is not yours answer alike.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from tests.protocol.world import CALENDAR, CCQ
from tests.server.agreement import (
    APPROVER,
    AUDITOR,
    CA,
    CA_CLERK,
    CLERK,
    EXPIRED,
    LATE_CLERK,
    REVOKED,
    UNIT,
    Agreement,
    Answer,
    Parts,
    admitted,
    found,
    joined,
    live,
)
from yarl import URL

from kynhan_keys.vkeys import Signer
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Decline, Dispatch, HashSize, Opening, Receipt, Withdrawal
from kynhan_protocol.wire import api, requests
from kynhan_server.web.routes.call import Auth, Route
from kynhan_server.web.routes.table import ROUTES

OUTSIDER = "xa.example/van-thu"
ANONYMOUS = "nobody"
ACTORS = (ANONYMOUS, CLERK, CA_CLERK, LATE_CLERK, UNIT, APPROVER, AUDITOR, EXPIRED, REVOKED, OUTSIDER)
IN_FORCE = (CLERK, CA_CLERK, LATE_CLERK, UNIT, APPROVER, AUDITOR)
SEALED = (CLERK, CA_CLERK)
ABSENT = "0" * 64


@dataclass
class Scene:
    """Two logs on one relay; in ours a dispatch from CCQ to CA, its halves, and an upload of CCQ's."""

    agreement: Agreement
    other: Agreement
    dispatch: str
    parts: Parts
    upload: str

    def key(self, actor: str) -> Signer:
        return self.other.keys[actor] if actor == OUTSIDER else self.agreement.keys[actor]

    async def ask(self, actor: str, route: Route, target: str) -> Answer:
        """One request as the route wants it; an event stream is listened to for a moment."""
        headers, content = _furniture(route)
        if route.operation != "events":
            member = None if actor == ANONYMOUS else actor
            key = None if member is None else self.key(actor)
            return await self.agreement.ask(
                member, route.method, target, headers=headers, content=content, key=key
            )
        if actor != ANONYMOUS:
            headers |= requests.sign(
                requests.Request("GET", self.agreement.authority, target),
                keyid=actor,
                sign_bytes=self.key(actor).sign_bytes,
                created=int(self.agreement.now.timestamp()),
                nonce=os.urandom(16),
            )
        url = URL(f"http://{self.agreement.authority}{target}", encoded=True)
        async with self.agreement.session.get(url, headers=headers) as response:
            return Answer(response.status, response.headers.copy(), await _listen(response))


async def _listen(response: aiohttp.ClientResponse) -> bytes:
    heard = b""
    try:
        async with asyncio.timeout(0.3 if response.status == 200 else 5):
            while piece := await response.content.readany():
                heard += piece
    except TimeoutError:
        pass
    return heard


def _furniture(route: Route) -> tuple[dict[str, str], bytes | None]:
    headers: dict[str, str] = {}
    if "upload" in route.operation.lower():
        headers = {"Tus-Resumable": api.TUS, "Upload-Length": "5", "Upload-Offset": "0"}
    if route.operation == "events":
        headers = {"Last-Event-ID": "0"}
    if route.streams:
        return headers | {"Content-Type": api.TUS_CHUNK}, b"12345"
    if route.body is not None:
        return headers | {"Content-Type": route.body.media_type or api.BYTES}, b"{}"
    return headers, None


def targets(route: Route, scene: Scene) -> Iterator[str]:
    """The route's paths with everything in them that might lead to the header."""
    header, body = (_sha(scene.parts.header), _sha(scene.parts.body))
    values = {
        "log": (scene.agreement.slug, scene.other.slug),
        "id": (scene.dispatch, header, body, ABSENT),
        "sha256": (header, body, scene.dispatch, _sha(scene.agreement.profile), _sha(CALENDAR), ABSENT),
        "committee": (CCQ, CA, "xa.example"),
        "upload": (scene.upload, header[:32], "0" * 32),
        "channel": (header[:32], "0" * 32),
        "secret": (header[:43], "A" * 43),
        "tile": ("0/000", "entries/000.p/9", "entries/000.p/40"),
    }
    named = [name for name in values if f"{{{name}}}" in route.path]
    for chosen in itertools.product(*(values[name] for name in named)):
        path = api.path(route.path, **dict(zip(named, chosen, strict=True)))
        yield path
        if "checkpoint" in route.query:
            yield f"{path}?checkpoint=cosigned"
        if "from" in route.query:
            yield f"{path}?from=0&limit=1000"


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def leaked(header: bytes, answer: Answer) -> bool:
    """Whether any part of the header is in the answer: a line of it, or its base64 or hex in any alignment."""
    shown = answer.body + repr(dict(answer.headers)).encode()
    lines = [line for line in header.split(b"\n") if len(line) >= 40]
    spelled = [base64.b64encode(header[offset:])[4:-4] for offset in range(3)]
    return any(part in shown for part in (*lines, *spelled, header.hex().encode()))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    ours = await admitted(tmp_path, "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    others = await admitted(tmp_path, "khac", "relay.example/khac", ("xa.example", "xb.example"))
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(live(tmp_path))
        agreement = await stack.enter_async_context(
            joined(serving.authority, "ccq-ca", "relay.example/kynhan", ours)
        )
        other = await stack.enter_async_context(
            joined(serving.authority, "khac", "relay.example/khac", others, ("xa.example", "xb.example"))
        )
        await found(agreement)
        await other.certify(OUTSIDER, "clerk")
        posted, parts = await agreement.send()
        await agreement.certify(LATE_CLERK, "clerk")
        made = await agreement.ask(
            CLERK,
            "POST",
            agreement.path(api.UPLOADS),
            headers={"Tus-Resumable": api.TUS, "Upload-Length": "5"},
        )
        yield Scene(agreement, other, posted.id, parts, made.headers["Location"].rpartition("/")[2])


async def sweep(scene: Scene) -> dict[tuple[str, str, str], Answer]:
    """Everything asked by everybody; what deletes comes last."""
    answers = {}
    for route in sorted(ROUTES, key=lambda route: route.method == "DELETE"):
        for actor in ACTORS:
            for target in targets(route, scene):
                answers[route.operation, actor, target] = await scene.ask(actor, route, target)
    return answers


def check_auth(scene: Scene, answers: dict[tuple[str, str, str], Answer]) -> None:
    """Members' paths know only members in force; nothing fails."""
    auth = {route.operation: route.auth for route in ROUTES}
    for (operation, actor, target), answer in answers.items():
        assert answer.status < 500, (operation, actor, target, answer)
        stranger = actor not in IN_FORCE if scene.agreement.slug in target else actor != OUTSIDER
        if auth[operation] is Auth.MEMBER and stranger:
            assert answer.status == 401, (operation, actor, target, answer)


async def test_before_the_receipt_nobody_gets_the_header(scene: Scene) -> None:
    answers = await sweep(scene)
    check_auth(scene, answers)
    leaks = [asked for asked, answer in answers.items() if leaked(scene.parts.header, answer)]
    assert leaks == []
    for (operation, actor, _), answer in answers.items():
        if operation == "header" and answer.status != 401:
            assert answer.status == 404, actor


async def test_after_the_receipt_those_in_sealed_get_it_from_its_own_path(scene: Scene) -> None:
    await scene.agreement.receipt(scene.dispatch)
    answers = await sweep(scene)
    check_auth(scene, answers)
    own_path = scene.agreement.path(api.HEADER, id=scene.dispatch)
    got = {asked for asked, answer in answers.items() if leaked(scene.parts.header, answer)}
    assert got == {("header", actor, own_path) for actor in SEALED}
    assert all(answers[asked].body == scene.parts.header for asked in got)


async def test_absent_and_not_yours_answer_alike(scene: Scene) -> None:
    for template in (api.HEADER, api.BODY, api.RECEIPT):
        absent = scene.agreement.path(template, id=ABSENT)
        present = scene.agreement.path(template, id=scene.dispatch)
        for actor in IN_FORCE:
            nothing = await scene.agreement.ask(actor, "GET", absent)
            withheld = await scene.agreement.ask(actor, "GET", present)
            assert nothing.status == 404
            if withheld.status != 200:
                assert _same(nothing, withheld), (template, actor)
    for actor in (CA_CLERK, UNIT):  # the upload is CCQ's
        for upload in (scene.upload, "0" * 32):
            answer = await scene.agreement.ask(
                actor,
                "DELETE",
                scene.agreement.path(api.UPLOAD, upload=upload),
                headers={"Tus-Resumable": api.TUS},
            )
            assert _same(answer, nothing)


def _same(one: Answer, other: Answer) -> bool:
    hide = {"Date"}
    return (one.status, one.body, {k: v for k, v in one.headers.items() if k not in hide}) == (
        other.status,
        other.body,
        {k: v for k, v in other.headers.items() if k not in hide},
    )


async def test_naming_the_headers_hash_in_ones_own_dispatch_gives_nothing(scene: Scene) -> None:
    """Not with other bytes under that hash, not without bytes, and not after signing for one's own dispatch."""
    agreement, header = scene.agreement, scene.parts.header
    own = agreement.seal([CA_CLERK, LATE_CLERK, CLERK])
    named = HashSize(_sha(header), len(header))
    for sent_header in (own.header, None, b"", header[:-1]):
        dispatch, _ = await agreement.dispatch(
            parts=own, header=named, from_=CA_CLERK, to=CCQ, kind="message", term=None
        )
        answer = await agreement.post(dispatch, agreement.keys[CA_CLERK], header=sent_header, body=own.body)
        assert 400 <= answer.status < 500
        assert not leaked(header, answer)
        for template in (api.HEADER, api.BODY, api.RECEIPT):
            target = agreement.path(template, id=_id_of(dispatch, agreement))
            assert (await agreement.ask(CA_CLERK, "GET", target)).status == 404


async def test_a_header_already_used_is_refused_even_to_who_has_it(scene: Scene) -> None:
    agreement = scene.agreement
    dispatch, _ = await agreement.dispatch(parts=scene.parts)
    answer = await agreement.post(
        dispatch, agreement.keys[CLERK], header=scene.parts.header, body=scene.parts.body
    )
    assert (answer.status, answer.code) in ((409, "header-used"), (422, "header-mismatch"))


@pytest.mark.parametrize(
    ("kind", "by", "code"), [(Decline, CA_CLERK, "wrong-addressee"), (Withdrawal, CLERK, "mistake")]
)
async def test_a_dispatch_that_was_never_signed_for_never_gives_its_header(
    scene: Scene, kind: type, by: str, code: str
) -> None:
    agreement = scene.agreement
    posted = await agreement.act(kind, by, scene.dispatch, code=code)
    assert posted.status == 200, posted.body
    refused = await agreement.act(Receipt, CA_CLERK, scene.dispatch)
    assert (refused.status, refused.code) == (409, "not-now")
    for actor in ACTORS:
        for route in ROUTES:
            if route.operation in ("header", "body", "receipt", "statements"):
                for target in targets(route, scene):
                    assert not leaked(scene.parts.header, await scene.ask(actor, route, target))


async def test_only_the_addressees_memberships_in_sealed_can_sign_for_it(scene: Scene) -> None:
    for member in (CLERK, LATE_CLERK, UNIT, APPROVER, AUDITOR, REVOKED, EXPIRED):
        refused = await scene.agreement.act(Receipt, member, scene.dispatch)
        assert 400 <= refused.status < 500, member
        assert not leaked(scene.parts.header, refused)
    header = scene.agreement.path(api.HEADER, id=scene.dispatch)
    assert (await scene.agreement.ask(CA_CLERK, "GET", header)).status == 404


async def test_after_an_undelivered_opening_either_committee_may_fetch_the_header(scene: Scene) -> None:
    agreement = scene.agreement
    await agreement.receipt(scene.dispatch)
    opening = await agreement.act(
        Opening, CA_CLERK, scene.dispatch, manifest=None, result="undelivered", code=None
    )
    assert opening.status == 200, opening.body
    target = agreement.path(api.HEADER, id=scene.dispatch)
    for actor in IN_FORCE:
        assert (await agreement.ask(actor, "GET", target)).body == scene.parts.header
    for actor in (EXPIRED, REVOKED):
        assert (await agreement.ask(actor, "GET", target)).status == 401


def _id_of(dispatch: Dispatch, agreement: Agreement) -> str:
    return signing.sign(dispatch, agreement.keys[dispatch.from_]).id
