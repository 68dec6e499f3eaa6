"""What the relay does with HTTP that is odd, hostile, slow or too much. Raw sockets against a live relay."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.agreement import CA, CCQ, admitted, live

from kynhan_protocol.strict_json import StrictJsonError, check, decode
from kynhan_protocol.wire import api
from kynhan_server.serving import Serving
from kynhan_server.web import target
from kynhan_server.web.limits import Connections, Limits
from kynhan_server.web.problems import HttpProblem

ORIGIN, SLUG = "relay.example/kynhan", "ccq-ca"
STATEMENTS = api.path(api.STATEMENTS, log=SLUG)
CHECKPOINT = api.path(api.CHECKPOINT, log=SLUG)
QUICK = Limits(head_seconds=0.6, body_seconds=0.5, keepalive_seconds=30, per_loopback=8)


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Serving]:
    await admitted(tmp_path, SLUG, ORIGIN, (CCQ, CA))
    async with live(tmp_path, limits=QUICK) as serving:
        yield serving


async def connect(relay: Serving) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = relay.authority.split(":")
    return await asyncio.open_connection(host, int(port))


async def raw(relay: Serving, data: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (lower case) and body of the answer to these bytes, on a connection of their own."""
    reader, writer = await connect(relay)
    try:
        writer.write(data)
        async with asyncio.timeout(5):
            head = await reader.readuntil(b"\r\n\r\n")
            status, *lines = head.decode().split("\r\n")[:-2]
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            body = b""
            if not data.startswith(b"HEAD "):
                body = await reader.readexactly(int(headers.get("content-length", "0")))
        return int(status.split(" ")[1]), headers, body
    finally:
        writer.close()


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def post(body: bytes, *headers: str, path: str = STATEMENTS, media: str = api.JSON) -> bytes:
    return get(path, f"Content-Type: {media}", f"Content-Length: {len(body)}", *headers, method="POST") + body


async def code(relay: Serving, data: bytes) -> str:
    status, headers, body = await raw(relay, data)
    assert headers["content-type"] == api.PROBLEM, (status, body)
    problem = decode(body, api.Problem)
    assert problem.status == status == api.PROBLEMS[problem.code][0]
    assert problem.type == api.PROBLEM_TYPE + problem.code
    return problem.code


async def test_answers_name_no_server_and_forbid_sniffing(relay: Serving) -> None:
    status, headers, _ = await raw(relay, get(CHECKPOINT))
    assert status == 200
    assert "server" not in headers
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP", "identity, gzip", "x"])
async def test_encoded_bodies_are_refused_unread(relay: Serving, encoding: str) -> None:
    assert (
        await code(relay, post(gzip.compress(b"{}"), f"Content-Encoding: {encoding}"))
        == "unsupported-encoding"
    )


@pytest.mark.parametrize(
    "path",
    [
        f"http://x{CHECKPOINT}",
        f"/v1/logs/../logs/{SLUG}/checkpoint",
        f"/v1/./logs/{SLUG}/checkpoint",
        f"//v1/logs/{SLUG}/checkpoint",
        f"/v1/logs/{SLUG}//checkpoint",
        f"/v1/logs/{SLUG}%2Fcheckpoint",
        f"/v1/logs/{SLUG}/%63heckpoint",
        f"/v1/logs/{SLUG}/checkpoint%00",
        f"/v1/logs/{SLUG}/checkpoint#x",
        f"/v1/logs/{SLUG}/checkpoint?a=%41",
        f"/v1/logs/{SLUG}/checkpoint?a=1?b=2",
        f"/v1/logs/{SLUG}/checkpoint;a=1",
        "*",
    ],
)
async def test_targets_have_one_spelling(relay: Serving, path: str) -> None:
    assert await code(relay, get(path)) in ("bad-target", "bad-request")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=40).filter(lambda path: not set(path) & set(b" \r\n")))
async def test_no_target_is_an_error_of_the_relays(relay: Serving, path: bytes) -> None:
    for prefix in (b"/", b"http://", b"/v1/logs/", b"/v1/logs/ccq-ca/checkpoint?"):
        status, _, _ = await raw(relay, b"GET " + prefix + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert 200 <= status < 500


@given(st.text(max_size=60))
def test_split_gives_back_what_it_takes(text: str) -> None:
    try:
        path, query = target.split(text)
    except HttpProblem:
        return
    assert text in (path, f"{path}?{query}")
    assert path.startswith("/")
    assert not {".", ".."} & set(path.split("/"))


@pytest.mark.parametrize(
    "query", ["?x=1", "?from=1&from=2", "?from", "?from=-1", "?from=01", "?from=1e3", "?&"]
)
async def test_queries_are_known_and_single(relay: Serving, query: str) -> None:
    status, _, body = await raw(relay, get(STATEMENTS + query))
    assert (status, decode(body, api.Problem).code) in ((400, "bad-request"), (401, "unauthorized"))


async def test_unknown_paths_logs_and_ids_answer_alike(relay: Serving) -> None:
    answers = [
        await raw(relay, get(path))
        for path in (
            "/",
            "/nothing",
            "/v1/logs/other/checkpoint",
            "/v1/logs/UPPER/checkpoint",
            f"/v1/logs/{SLUG}/tile/0/000",
            f"/v1/logs/{SLUG}/tile/9/9",
            f"/v1/logs/{SLUG}/dispatches/nothex/header",
            f"/v1/logs/{SLUG}/checkpoint/cosigned",
        )
    ]
    assert {(status, body) for status, _, body in answers} == {(404, answers[0][2])}


async def test_other_methods_are_refused_with_those_allowed(relay: Serving) -> None:
    status, headers, body = await raw(relay, get(CHECKPOINT, method="DELETE"))
    assert (status, headers["allow"]) == (405, "GET, HEAD")
    assert decode(body, api.Problem).code == "method-not-allowed"


async def test_head_is_get_without_the_body(relay: Serving) -> None:
    status, headers, body = await raw(relay, get(CHECKPOINT))
    head_status, head_headers, _ = await raw(relay, get(CHECKPOINT, method="HEAD"))
    assert (head_status, head_headers["content-length"]) == (status, str(len(body)))
    assert head_headers["content-type"] == headers["content-type"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET " + b"/a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        get("/", "X: " + "y" * 20000),
        get("/", *(f"X-{n}: y" for n in range(200))),
        get("/", "X : y"),
        get("/", "X: a\x00b"),
        get(STATEMENTS, "Content-Length: 2", "Transfer-Encoding: chunked", method="POST") + b"{}",
        get(STATEMENTS, "Content-Length: 2", "Content-Length: 3", method="POST") + b"{}",
        get(STATEMENTS, "Content-Length: -2", method="POST"),
        get("/", "Host: y"),
    ],
)
async def test_what_is_not_http_is_a_problem_not_a_traceback(
    relay: Serving, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await code(relay, data + b"\r\n\r\n") in ("bad-request", "not-found")
    assert "Traceback" not in capsys.readouterr().err


async def test_only_100_continue_can_be_expected(relay: Serving) -> None:
    assert await code(relay, get(CHECKPOINT, "Expect: the-unexpected")) == "bad-request"
    reader, writer = await connect(relay)
    writer.write(post(b"", "Expect: 100-continue").replace(b"Content-Length: 0", b"Content-Length: 2"))
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"[]")
    assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()


async def test_broken_chunks_are_a_bad_request(relay: Serving) -> None:
    head = get(STATEMENTS, f"Content-Type: {api.JSON}", "Transfer-Encoding: chunked", method="POST")
    assert await code(relay, head + b"zz\r\n{}\r\n0\r\n\r\n") == "bad-request"


async def test_get_takes_no_body(relay: Serving) -> None:
    assert await code(relay, get(CHECKPOINT, "Content-Length: 2") + b"{}") == "bad-request"


@pytest.mark.parametrize("media", ["text/plain", "application/octet-stream", "text/json"])
async def test_media_types_are_those_specified(relay: Serving, media: str) -> None:
    assert await code(relay, post(b"{}", media=media)) == "unsupported-media-type"


BAD_JSON = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"{}",
    b'{"note": 1}',
    b'{"note": null}',
    b'{"note": "a", "note": "b"}',
    b'{"note": "a", "more": 1}',
    b'{"note": "\\ud800"}',
    b'{"note": NaN}',
    b'{"note": "a"} {}',
    b'{"note": "a",}',
    b'\xef\xbb\xbf{"note": "a"}',
    b'{"note": "\xff"}',
    b'{"note": "a", "header": "A"}',
    b'{"note": "a", "documents": {}}',
    b'{"note": "a", "upload": 5}',
    b"[" * 5000,
    b'{"a":' * 5000,
]


@pytest.mark.parametrize("body", BAD_JSON, ids=lambda body: body[:24].decode("latin-1"))
async def test_json_is_strict(relay: Serving, body: bytes) -> None:
    assert await code(relay, post(body)) == "bad-json"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_strict_json_reads_what_json_writes(value: object) -> None:
    import json

    text = json.dumps(value)
    try:
        check(text.encode())
    except StrictJsonError:
        assert text.count("[") + text.count("{") > 32


async def test_notes_that_are_no_statements_are_named_as_such(relay: Serving) -> None:
    for note in (b"a", b"kynhan/dispatch@v1", b"\\u0000", b"kynhan/receipt@v1\\n\\n\\u2014 a b\\n"):
        assert await code(relay, post(b'{"note": "' + note + b'"}')) in ("bad-statement", "bad-signature")


async def test_large_bodies_are_refused_before_they_are_read(relay: Serving) -> None:
    announced = get(STATEMENTS, f"Content-Type: {api.JSON}", "Content-Length: 99999999999", method="POST")
    assert await code(relay, announced) == "too-large"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    streamed = get(STATEMENTS, f"Content-Type: {api.JSON}", "Transfer-Encoding: chunked", method="POST")
    assert await code(relay, streamed + chunk * (api.MAX_JSON // 65536 + 1)) == "too-large"


async def test_a_body_that_does_not_come_ends_in_408(relay: Serving) -> None:
    began = time.monotonic()
    slow = get(STATEMENTS, f"Content-Type: {api.JSON}", "Content-Length: 100", method="POST") + b"{"
    assert await code(relay, slow) == "request-timeout"
    assert time.monotonic() - began < 3


async def until_closed(reader: asyncio.StreamReader) -> float:
    began = time.monotonic()
    async with asyncio.timeout(5):
        await reader.read()
    return time.monotonic() - began


async def test_half_open_connections_are_closed(relay: Serving) -> None:
    pairs = [await connect(relay) for _ in range(8)]
    for number, (_, writer) in enumerate(pairs):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n"[: number * 3])
    for reader, writer in pairs:
        assert await until_closed(reader) < 3
        writer.close()


async def test_a_head_that_trickles_gains_no_time(relay: Serving) -> None:
    reader, writer = await connect(relay)

    async def trickle() -> None:
        for byte in b"GET / HTTP/1.1\r\nX-Slow: " + b"y" * 100:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)

    drip = asyncio.create_task(trickle())
    assert await until_closed(reader) < 2
    drip.cancel()
    writer.close()


async def test_the_second_head_on_a_connection_has_a_deadline_too(relay: Serving) -> None:
    reader, writer = await connect(relay)
    writer.write(get(CHECKPOINT))
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
    await asyncio.sleep(1)  # idle is not late
    writer.write(b"GET / HT")
    assert 0.3 < await until_closed(reader) < 3
    writer.close()


async def test_one_address_has_so_many_connections(relay: Serving) -> None:
    pairs = [await connect(relay) for _ in range(QUICK.per_loopback)]
    await asyncio.sleep(0.1)
    reader, extra = await connect(relay)
    assert (await reader.read()).startswith(b"HTTP/1.1 429")
    extra.close()
    for _, writer in pairs:
        writer.close()
        await writer.wait_closed()
    await asyncio.sleep(0.1)
    assert (await raw(relay, get(CHECKPOINT)))[0] == 200


def test_addresses_are_counted_apart_and_ipv6_by_network() -> None:
    connections = Connections(Limits(per_address=1, per_loopback=0, connections=100))
    assert connections.admit("2001:db8::1")
    assert not connections.admit("2001:db8::2")
    assert connections.admit("2001:db8:0:1::1")
    assert connections.admit("192.0.2.1")
    assert not connections.admit("::ffff:192.0.2.1")
    assert all(connections.admit(address) for address in ["127.0.0.1"] * 50 + ["::1"] * 47)
    assert not connections.admit("127.0.0.1")  # that makes 100
    connections.leave("192.0.2.1")
    assert connections.admit("192.0.2.1")
