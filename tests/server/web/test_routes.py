"""The relay's paths one by one, as a client uses them, against a live relay."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests import moments
from tests.protocol.world import CALENDAR
from tests.server.agreement import (
    AUDITOR,
    CA,
    CA_CLERK,
    CCQ,
    CLERK,
    UNIT,
    Agreement,
    Parts,
    admitted,
    found,
    joined,
    live,
    proof_of,
)

from kynhan_keys import checkpoints, notes, tiles
from kynhan_keys.proofs import verify_inclusion
from kynhan_keys.tiles import Tile
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Acceptance, Handover, HashSize
from kynhan_protocol.strict_json import decode
from kynhan_protocol.wire import api, requests
from kynhan_server.web.limits import Limits

TUS = {"Tus-Resumable": api.TUS}


@pytest.fixture
async def agreement(tmp_path: Path) -> AsyncIterator[Agreement]:
    vkeys = await admitted(tmp_path, "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    async with (
        live(tmp_path) as serving,
        joined(serving.authority, "ccq-ca", "relay.example/kynhan", vkeys) as joining,
    ):
        await found(joining)
        yield joining


async def test_answer_to_a_post_is_finished_proofs(agreement: Agreement) -> None:
    posted, _ = await agreement.send()
    own, acceptance = (proof_of(text) for text in posted.receipts)
    assert own.extra is not None and acceptance.extra is not None
    assert hashlib.sha256(own.extra).hexdigest() == posted.id
    assert own.index == posted.index
    for proof in (own, acceptance):
        checkpoint = verify_inclusion(proof, hashlib.sha256(proof.extra or b"").digest())
        assert checkpoints.verify(notes.parse(proof.checkpoint), agreement.vkeys)[0] == checkpoint
    named = signing.parse(acceptance.extra).statement
    assert isinstance(named, Acceptance) and named.of == posted.id


async def test_receipt_brings_handover_and_due(agreement: Agreement) -> None:
    posted, _ = await agreement.send()
    signed_for = await agreement.receipt(posted.id)
    kinds = [
        type(signing.parse(proof_of(text).extra or b"").statement).__name__ for text in signed_for.receipts
    ]
    assert kinds[:2] == ["Receipt", "Handover"]
    assert Handover.__name__ in kinds


async def test_posting_again_gives_the_same_bytes(agreement: Agreement) -> None:
    dispatch, parts = await agreement.dispatch()
    key = agreement.keys[CLERK]
    first = await agreement.post(dispatch, key, header=parts.header, body=parts.body)
    again = await agreement.post(dispatch, key, header=parts.header, body=parts.body)
    assert first.status == again.status == 200
    assert first.body == again.body


async def test_log_recomputes_from_its_tiles_to_the_checkpoint(agreement: Agreement) -> None:
    seen = await agreement.seen()
    fetched = {}
    for tile in tiles.tiles_for_size(seen.size):
        answer = await agreement.ask(None, "GET", f"/v1/logs/{agreement.slug}/{tile.path}")
        assert answer.status == 200
        assert "immutable" not in answer.headers["Cache-Control"]  # all are partial in so small a log
        fetched[tile] = answer.body

    def fetch(tile: Tile) -> bytes:
        return fetched[tile]

    tiles.verify_tree(seen.size, seen.root, fetch)


async def test_clerk_gets_every_statement_and_unit_only_its_own(agreement: Agreement) -> None:
    await agreement.send()
    size = (await agreement.seen()).size
    answer = await agreement.ask(CA_CLERK, "GET", agreement.path(api.STATEMENTS))
    listed = decode(answer.body, api.Statements)
    assert listed.size == size
    assert [row.index for row in listed.statements] == list(range(size))
    assert all(hashlib.sha256(row.note.encode()).hexdigest() == row.id for row in listed.statements)
    assert answer.headers["Cache-Control"] == "no-store"
    unit = decode((await agreement.ask(UNIT, "GET", agreement.path(api.STATEMENTS))).body, api.Statements)
    assert not any(row.note.startswith("kynhan/dispatch") for row in unit.statements)


async def test_statements_come_in_pages(agreement: Agreement) -> None:
    path = agreement.path(api.STATEMENTS) + "?from=3&limit=2"
    page = decode((await agreement.ask(CLERK, "GET", path)).body, api.Statements)
    assert [row.index for row in page.statements] == [3, 4]


async def test_statements_of_one_case_go_to_whom_it_concerns(agreement: Agreement) -> None:
    ours, theirs = await agreement.dispatch(), await agreement.dispatch(to=UNIT)
    for dispatch, parts in (ours, theirs):
        posted = await agreement.post(dispatch, agreement.keys[CLERK], header=parts.header, body=parts.body)
        assert posted.status == 200
    path = agreement.path(api.STATEMENTS) + "?case="

    async def asked(who: str, case: str) -> list[int]:
        answer = await agreement.ask(who, "GET", path + case)
        assert answer.status == 200, answer.body
        return [row.index for row in decode(answer.body, api.Statements).statements]

    size = (await agreement.seen()).size
    assert await asked(CLERK, ours[0].case) == [size - 4, size - 3]
    assert await asked(UNIT, theirs[0].case) == [size - 2, size - 1]
    assert await asked(UNIT, ours[0].case) == []
    for wrong in ("", "1", ours[0].case.upper(), ours[0].case + "0", "%2e%2e", "case"):
        assert (await agreement.ask(CLERK, "GET", path + wrong)).status == 400


async def test_receipt_can_be_fetched_again_and_becomes_final(agreement: Agreement) -> None:
    posted, _ = await agreement.send()
    path = agreement.path(api.RECEIPT, id=posted.id)
    assert (await agreement.ask(CLERK, "GET", path)).body.decode() == posted.receipts[0]
    assert (await agreement.ask(CLERK, "GET", path + "?checkpoint=cosigned")).status == 404
    assert (await agreement.cosign()).status == 204
    final = await agreement.ask(CLERK, "GET", path + "?checkpoint=cosigned")
    names = [line.name for line in notes.parse(proof_of(final.body.decode()).checkpoint).signatures]
    assert sorted(names[2:]) == [f"{CA}/doi-chung", f"{CCQ}/doi-chung"]
    cosigned = await agreement.ask(None, "GET", agreement.path(api.COSIGNED))
    assert len(notes.parse(cosigned.body).signatures) == 4
    assert (await agreement.ask(CLERK, "GET", path + "?checkpoint=latest")).code == "bad-request"


async def test_cosignatures_of_strangers_are_refused(agreement: Agreement) -> None:
    checkpoint = (await agreement.ask(None, "GET", agreement.path(api.CHECKPOINT))).body
    for bad in (b"", b"x", checkpoint, checkpoint + b"\xe2\x80\x94 a AAAA\n"):
        answer = await agreement.ask(
            None,
            "POST",
            agreement.path(api.COSIGNATURES),
            headers={"Content-Type": api.NOTE},
            content=bad,
        )
        assert answer.status in (204, 400), bad
        assert answer.status == 400 or bad == checkpoint


async def test_documents_chains_and_calendar_are_the_exact_bytes(agreement: Agreement) -> None:
    profile = agreement.path(api.DOCUMENT, sha256=hashlib.sha256(agreement.profile).hexdigest())
    assert (await agreement.ask(CLERK, "GET", profile)).body == agreement.profile
    assert (await agreement.ask(AUDITOR, "GET", agreement.path(api.CALENDAR))).body == CALENDAR
    chain = decode(
        (await agreement.ask(CA_CLERK, "GET", agreement.path(api.CHAIN, committee=CCQ))).body, api.ChainOf
    )
    assert [row.id for row in chain.statements] == [
        link.id for link in agreement.committees.chains[CCQ].links
    ]
    for absent in (
        agreement.path(api.CHAIN, committee="nobody.example"),
        agreement.path(api.DOCUMENT, sha256="0" * 64),
    ):
        assert (await agreement.ask(CLERK, "GET", absent)).code == "not-found"


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-0", 206, (0, 1)),
        ("bytes=10-19", 206, (10, 20)),
        ("bytes=10-", 206, (10, None)),
        ("bytes=-5", 206, (-5, None)),
        ("bytes=-99999999", 206, (0, None)),
        ("bytes=5-99999999", 206, (5, None)),
        ("bytes=99999999-", 416, (0, 0)),
        ("bytes=5-4", 200, (0, None)),
        ("bytes=0-1,3-4", 200, (0, None)),
        ("lines=1-2", 200, (0, None)),
        ("bytes=a-b", 200, (0, None)),
    ],
)
@pytest.mark.parametrize("large", [False, True])
async def test_body_comes_in_ranges(
    agreement: Agreement, asked: str, status: int, span: tuple[int, int | None], large: bool
) -> None:
    posted, parts = await (upload(agreement, bytes(200_000)) if large else agreement.send())
    target = agreement.path(api.BODY, id=posted.id)
    answer = await agreement.ask(CA_CLERK, "GET", target, headers={"Range": asked})
    assert answer.status == status
    size = len(parts.body)
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{size}"
        return
    assert answer.body == parts.body[span[0] : span[1]]
    assert answer.headers["ETag"] == f'"{hashlib.sha256(parts.body).hexdigest()}"'
    if status == 206:
        first, stop, _ = slice(*span).indices(size)
        assert answer.headers["Content-Range"] == f"bytes {first}-{stop - 1}/{size}"


async def test_range_of_another_body_is_answered_with_the_whole(agreement: Agreement) -> None:
    posted, parts = await agreement.send()
    target = agreement.path(api.BODY, id=posted.id)
    etag = f'"{hashlib.sha256(parts.body).hexdigest()}"'
    for if_range, status in ((etag, 206), ('"other"', 200), (f"W/{etag}", 200)):
        headers = {"Range": "bytes=0-9", "If-Range": if_range}
        assert (await agreement.ask(CA_CLERK, "GET", target, headers=headers)).status == status
    head = await agreement.ask(CA_CLERK, "HEAD", target)
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(parts.body)), b"")


async def upload(agreement: Agreement, plaintext: bytes) -> tuple[api.Posted, Parts]:
    """A dispatch whose body is uploaded in two pieces."""
    dispatch, _ = await agreement.dispatch()
    found = [agreement.committees.by_id(membership) for membership in dispatch.sealed]
    parts = agreement.seal([certified.name for certified in found if certified], plaintext)
    made = await agreement.ask(
        CLERK,
        "POST",
        agreement.path(api.UPLOADS),
        headers={**TUS, "Upload-Length": str(len(parts.body))},
    )
    assert made.status == 201, made.body
    place = made.headers["Location"]
    middle = len(parts.body) // 3
    for start, piece in ((0, parts.body[:middle]), (middle, parts.body[middle:])):
        state = await agreement.ask(CLERK, "HEAD", place, headers=TUS)
        assert state.headers["Upload-Offset"] == str(start)
        assert state.headers["Upload-Length"] == str(len(parts.body))
        sent = await agreement.ask(
            CLERK,
            "PATCH",
            place,
            headers={**TUS, "Upload-Offset": str(start), "Content-Type": api.TUS_CHUNK},
            content=piece,
        )
        assert sent.status == 204, sent.body
        assert sent.headers["Upload-Offset"] == str(start + len(piece))
    halves = {
        half: HashSize(hashlib.sha256(data).hexdigest(), len(data))
        for half, data in (("header", parts.header), ("body", parts.body))
    }
    dispatch, _ = await agreement.dispatch(parts=parts, **halves)
    answer = await agreement.post(
        dispatch, agreement.keys[CLERK], header=parts.header, upload=place.rpartition("/")[2]
    )
    return answer.posted(), parts


async def test_uploads_refuse_what_tus_refuses(agreement: Agreement) -> None:
    uploads = agreement.path(api.UPLOADS)

    async def create(**headers: str) -> str:
        answer = await agreement.ask(
            CLERK, "POST", uploads, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        return answer.headers["Location"] if answer.status == 201 else answer.code

    assert await create(Upload_Length="5") == "precondition-failed"
    assert await create(Tus_Resumable="0.2.2", Upload_Length="5") == "precondition-failed"
    assert await create(Tus_Resumable="1.0.0") == "bad-request"
    assert await create(Tus_Resumable="1.0.0", Upload_Length="-5") == "bad-request"
    place = await create(Tus_Resumable="1.0.0", Upload_Length="5")

    async def patch(offset: str, content: bytes, media: str = api.TUS_CHUNK) -> str:
        answer = await agreement.ask(
            CLERK,
            "PATCH",
            place,
            headers={**TUS, "Upload-Offset": offset, "Content-Type": media},
            content=content,
        )
        return answer.headers["Upload-Offset"] if answer.status == 204 else answer.code

    assert await patch("0", b"12345", "text/plain") == "unsupported-media-type"
    assert await patch("3", b"45") == "upload-offset"
    assert await patch("x", b"45") == "bad-request"
    assert await patch("0", b"123") == "3"
    assert await patch("0", b"123") == "upload-offset"
    assert await patch("3", b"456") == "too-large"
    state = await agreement.ask(CLERK, "HEAD", place, headers=TUS)
    assert int(state.headers["Upload-Offset"]) in (3, 5)
    assert (await agreement.ask(CLERK, "DELETE", place, headers=TUS)).status == 204
    assert (await agreement.ask(CLERK, "HEAD", place, headers=TUS)).status == 404


async def test_interrupted_upload_goes_on_where_it_stopped(
    agreement: Agreement, capsys: pytest.CaptureFixture[str]
) -> None:
    uploads = agreement.path(api.UPLOADS)
    made = await agreement.ask(CLERK, "POST", uploads, headers={**TUS, "Upload-Length": "300000"})
    place = made.headers["Location"]
    signed = requests.sign(
        requests.Request("PATCH", agreement.authority, place),
        keyid=CLERK,
        sign_bytes=agreement.keys[CLERK].sign_bytes,
        created=int(moments.machine_time()),
        nonce=os.urandom(16),
    )
    fields = {
        **signed,
        **TUS,
        "Upload-Offset": "0",
        "Content-Type": api.TUS_CHUNK,
        "Content-Length": "300000",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "x", **fields}.items())
    host, port = agreement.authority.split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"PATCH {place} HTTP/1.1\r\n{head}\r\n".encode() + bytes(100_000))
    await writer.drain()
    await asyncio.sleep(0.3)
    writer.close()
    offset = 0
    for _ in range(50):
        offset = int((await agreement.ask(CLERK, "HEAD", place, headers=TUS)).headers["Upload-Offset"])
        if offset:
            break
        await asyncio.sleep(0.1)
    assert offset == 100_000
    sent = await agreement.ask(
        CLERK,
        "PATCH",
        place,
        headers={**TUS, "Upload-Offset": str(offset), "Content-Type": api.TUS_CHUNK},
        content=bytes(200_000),
    )
    assert sent.headers["Upload-Offset"] == "300000"
    assert "internal" not in capsys.readouterr().out


async def test_reader_that_takes_nothing_is_dropped(tmp_path: Path) -> None:
    vkeys = await admitted(tmp_path, "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    async with (
        live(tmp_path, limits=Limits(write_seconds=0.3)) as serving,
        joined(serving.authority, "ccq-ca", "relay.example/kynhan", vkeys) as agreement,
    ):
        await found(agreement)
        posted, _ = await upload(agreement, bytes(30_000_000))
        target = agreement.path(api.BODY, id=posted.id)
        signed = requests.sign(
            requests.Request("GET", agreement.authority, target),
            keyid=CA_CLERK,
            sign_bytes=agreement.keys[CA_CLERK].sign_bytes,
            created=int(moments.machine_time()),
            nonce=os.urandom(16),
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "x", **signed}.items())
        host, port = agreement.authority.split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1000)
        writer.write(f"GET {target} HTTP/1.1\r\n{head}\r\n".encode())
        await asyncio.sleep(2)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            async with asyncio.timeout(5):
                await reader.readexactly(30_000_000)
        writer.close()


async def test_health_shows_clock_tick_and_sizes(agreement: Agreement) -> None:
    answer = await agreement.ask(None, "GET", api.HEALTH)
    health = decode(answer.body, api.Health)
    assert (answer.status, health.status, health.clock.state, health.clock.demo) == (200, "ok", "ok", None)
    assert health.tick.result == "ok"
    assert [(log.log, log.size) for log in health.logs] == [("ccq-ca", (await agreement.seen()).size)]


async def test_openapi_is_served(agreement: Agreement) -> None:
    answer = await agreement.ask(None, "GET", api.OPENAPI)
    assert answer.headers["Content-Type"] == api.JSON
    assert b'"openapi": "3.1.0"' in answer.body
