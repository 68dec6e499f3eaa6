"""Webhooks: signed by the log's key as any RFC 9421 library can check, and never to where they may not go."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ipaddress
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests as http
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature
from http_message_signatures import signatures as library
from http_message_signatures.algorithms import ED25519
from tests import moments
from tests.server.channels.test_mailing import certificate
from tests.server.log.test_deadlines import at_eight, running_case
from tests.server.log.test_notices import go_to, listed
from tests.server.world import ManualClock, World, world

from kynhan_protocol.agreement import profile
from kynhan_protocol.wire import api
from kynhan_server.channels import hooks
from kynhan_server.channels.hooks import _Resolver
from kynhan_server.channels.outgoing import Outgoing, OutgoingError, Webhooks, read
from kynhan_server.upkeep import sending
from kynhan_server.upkeep.sending import Sender

HERE = Webhooks(loopback=True)


@dataclass
class Receiver:
    """A real HTTP server that keeps what it was posted."""

    port: int = 0
    status: int = 204
    scheme: str = "http"
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/kynhan?to=vt"

    async def handle(self, request: web.Request) -> web.Response:
        self.calls.append((str(request.url), dict(request.headers), await request.read()))
        headers = {"Location": "/elsewhere"} if 300 <= self.status < 400 else {}
        return web.Response(status=self.status, headers=headers)


@asynccontextmanager
async def receiving(secured: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    kept = Receiver(scheme="http" if secured is None else "https")
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", kept.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secured).start()
    kept.port = runner.addresses[0][1]
    try:
        yield kept
    finally:
        await runner.cleanup()


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        made.clock.demo = True
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def subscribe(w: World, url: str, allowed: Webhooks = HERE) -> None:
    wanted = api.NewChannel(kind="webhook", address=url)
    await w.relay.channels.add(w.log, await w.actor(w.ca.clerk), wanted, Outgoing(webhooks=allowed))


async def look(w: World, allowed: Webhooks = HERE) -> int:
    sender = Sender(w.relay, Outgoing(webhooks=allowed), 1)
    try:
        return await sender.look()
    finally:
        await sender.stop()


async def due_today(w: World) -> str:
    """A case whose day has come, reminded of; gives its number."""
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    return due.case


class ProfileKeys(HTTPSignatureKeyResolver):
    """As docs/spec/channels.md shows a receiver: the key stands in the profile."""

    def __init__(self, document: bytes) -> None:
        self.relay = profile.parse(document).relay

    def resolve_public_key(self, key_id: str) -> Any:
        assert key_id == self.relay.ed25519
        key = base64.b64decode(key_id.split("+", 2)[2])
        return Ed25519PublicKey.from_public_bytes(key[1:])

    def resolve_private_key(self, key_id: str) -> Any:
        raise AssertionError("nothing is signed here")


def verify(url: str, headers: dict[str, str], content: bytes, document: bytes, now: int) -> Any:
    """What a receiver does. The clock of the tests is not the library's, so `created` is compared by hand."""
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=ProfileKeys(document))
    verifier.validate_created_and_expires = lambda *_, **__: None  # type: ignore[method-assign]
    request = http.Request("POST", url, headers=headers, data=content).prepare()
    (result,) = verifier.verify(request, expect_tag="kynhan-webhook", body=content)
    assert abs(int(result.parameters["created"]) - now) <= 300
    assert {'"@method"', '"@authority"', '"@path"', '"@query"', '"content-digest"'} <= set(
        result.covered_components
    )
    return result


async def test_a_receiver_verifies_with_the_key_in_the_profile(w: World, receiver: Receiver) -> None:
    await subscribe(w, receiver.url)
    case = await due_today(w)
    assert await look(w) == 1
    (url, headers, content), now = receiver.calls[0], int(w.clock.at.timestamp())
    assert url == receiver.url
    verify(url, headers, content, w.profile, now)
    told = json.loads(content)
    assert (told["case"], told["step"], told["type"]) == (case, "0", "reminder")
    assert told["id"] == headers["Webhook-Id"]
    assert told["text"]["vi"].splitlines()[0] == f"Việc {case[:12]}: đến hạn hôm nay"
    assert set(told) == {
        *("id", "origin", "type", "reminder", "case", "step", "date", "provisional", "target", "escalated"),
        *("time", "text"),
    }
    for altered in (content.replace(b'"0"', b'"1"'), b"{}"):
        with pytest.raises(InvalidSignature):
            verify(url, headers, altered, w.profile, now)
    with pytest.raises(InvalidSignature):
        verify(url.replace("vt", "xx"), headers, content, w.profile, now)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert headers["Content-Digest"] == f"sha-256=:{digest}:"


class Stated(datetime):
    """A datetime whose `now` is that of the test: for a library that looks at the clock itself."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return moments.now().astimezone(tz)


async def test_the_example_of_the_documentation_verifies(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run as it stands on the page, on a webhook of this very moment."""
    parts = {"datetime": Stated, "timedelta": timedelta, "timezone": timezone}
    monkeypatch.setattr(library, "datetime", SimpleNamespace(**parts))
    page = (Path(__file__).parents[3] / "docs/spec/channels.md").read_text("utf-8")
    example = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
    async with world(tmp_path / "now", ManualClock(moments.now().replace(microsecond=0), demo=True)) as w:
        await subscribe(w, receiver.url)
        await w.send(w.dispatch(urgency="hoa-toc"))
        await w.relay.deadlines.tick()
        assert await look(w) >= 1
        url, headers, content = next(call for call in receiver.calls if b"unsigned+0" in call[2])
        request = http.Request("POST", url, headers=headers, data=content).prepare()
        names: dict[str, Any] = {
            "base64": base64,
            "timedelta": timedelta,
            "ED25519": ED25519,
            "Ed25519PublicKey": Ed25519PublicKey,
            "HTTPMessageVerifier": HTTPMessageVerifier,
            "HTTPSignatureKeyResolver": HTTPSignatureKeyResolver,
            "profile": json.loads(w.profile),
            "request": request,
        }
        exec(example, names)  # a page of this repository
        request.body = content.replace(b"unsigned+0", b"unsigned+1")
        with pytest.raises(InvalidSignature):
            exec(example, names)


async def test_a_webhook_refused_comes_again_with_the_same_id_and_bytes(w: World, receiver: Receiver) -> None:
    await subscribe(w, receiver.url)
    await due_today(w)
    receiver.status = 503
    assert await look(w) == 0
    assert (await listed(w, w.ca.clerk)).error == "http-503"
    receiver.status = 200
    w.clock.advance(minutes=2)
    assert await look(w) == 1
    (_, first, content), (_, second, again) = receiver.calls
    assert first["Webhook-Id"] == second["Webhook-Id"]
    assert content == again
    assert first["Signature"] != second["Signature"]


async def test_https_needs_a_certificate_somebody_vouches_for(w: World, tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secured.load_cert_chain(cert, key)
    async with receiving(secured) as receiver:
        await subscribe(w, receiver.url)
        await due_today(w)
        assert await look(w) == 0
        assert (await listed(w, w.ca.clerk)).error == "webhook-unreachable"
        w.clock.advance(minutes=2)
        assert await look(w, Webhooks(loopback=True, ca_file=tmp_path / "none")) == 0
        assert (await listed(w, w.ca.clerk)).error == "webhook-ca"
        w.clock.advance(minutes=4)
        assert await look(w, Webhooks(loopback=True, ca_file=cert)) == 1
        (url, headers, content) = receiver.calls[0]
        verify(url, headers, content, w.profile, int(w.clock.at.timestamp()))


async def test_a_receiver_that_hangs_is_left_alone_and_the_others_are_called(
    w: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "SECONDS", 0.2)
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    asked = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    hanging = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = hanging.sockets[0].getsockname()[1]
    for person, url in (
        (w.ca.clerk, f"http://127.0.0.1:{port}/"),
        (w.ca.approver, f"http://127.0.0.1:{port}/"),
        (w.ccq.approver, receiver.url),
    ):
        wanted = api.NewChannel(kind="webhook", address=url)
        await w.relay.channels.add(w.log, await w.actor(person), wanted, Outgoing(webhooks=HERE))
    await due_today(w)
    assert await look(w) == 1
    assert (asked, len(receiver.calls)) == (1, 1)
    assert (await listed(w, w.ca.clerk)).error == (await listed(w, w.ca.approver)).error
    hanging.close()
    await hanging.wait_closed()


async def test_redirects_are_not_followed_and_gone_is_for_good(w: World, receiver: Receiver) -> None:
    await subscribe(w, receiver.url)
    await due_today(w)
    receiver.status = 302
    assert await look(w) == 0
    assert len(receiver.calls) == 1
    receiver.status = 410
    w.clock.advance(minutes=2)
    assert await look(w) == 0
    kept = await listed(w, w.ca.clerk)
    assert (kept.waiting, kept.failed, kept.error) == (0, 1, "http-410")


async def test_a_name_that_leads_to_this_machine_is_not_called(
    w: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS may say what it likes: what it says is looked at, and then connected to."""
    lead_to(monkeypatch, "127.0.0.1")
    await subscribe(w, f"https://hooks.example:{receiver.port}/", Webhooks())
    await due_today(w)
    assert await look(w, Webhooks()) == 0
    assert (await listed(w, w.ca.clerk)).error == "address-refused"
    assert receiver.calls == []


async def test_what_the_operator_allows_no_longer_is_not_called(w: World, receiver: Receiver) -> None:
    await subscribe(w, receiver.url)
    await due_today(w)
    assert await look(w, Webhooks()) == 0
    assert (await listed(w, w.ca.clerk)).error == "not-allowed"
    assert receiver.calls == []


def lead_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """The system's resolver gives these."""
    plain = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "hooks.example":
            return plain(host, port, *args, **kwargs)
        kinds = [(socket.AF_INET6 if ":" in one else socket.AF_INET, one) for one in addresses]
        return [
            (kind, socket.SOCK_STREAM, 6, "", (one, port, 0, 0) if ":" in one else (one, port))
            for kind, one in kinds
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("second", ["10.0.0.1", "::1", "fe80::1", "169.254.169.254", "0.0.0.0", "224.0.0.1"])
async def test_one_forbidden_address_forbids_the_name(second: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, "8.8.8.8")
    resolver = _Resolver(Webhooks())
    assert [one["host"] for one in await resolver.resolve("hooks.example", 443)] == ["8.8.8.8"]
    lead_to(monkeypatch, "8.8.8.8", second)
    with pytest.raises(OSError, match="forbidden"):
        await resolver.resolve("hooks.example", 443)
    await resolver.close()


@pytest.mark.parametrize(
    ("address", "public", "named"),
    [
        ("8.8.8.8", True, True),
        ("10.1.2.3", False, True),
        ("192.168.1.1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.1.2.3", False, True),
        ("::ffff:127.0.0.1", False, False),
        ("127.0.0.1", False, False),
        ("::1", False, False),
        ("0.0.0.0", False, False),
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("255.255.255.255", False, False),
        ("fec0::1", False, False),
        ("64:ff9b::a01:203", False, False),
        ("2002:a01:203::1", False, False),
        ("2001:0:a01:203::1", False, False),
    ],
)
def test_which_addresses_are_called(address: str, public: bool, named: bool) -> None:
    ip = ipaddress.ip_address(address)
    assert Webhooks().allows(ip) is public
    assert Webhooks(hosts=("hooks.example",), private=True).allows(ip) is named
    assert Webhooks(private=True).allows(ip) is public  # private hosts have to be named


# --- the operator's file


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "notices.toml"
    file.write_text(text)
    return file


def test_without_a_file_nothing_is_offered(tmp_path: Path) -> None:
    assert read(tmp_path / "notices.toml") == Outgoing()


def test_the_operators_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mật khẩu\n")
    offered = read(
        written(
            tmp_path,
            '[mail]\nhost = "smtp.tinh.example"\nuser = "kynhan"\npassword-file = "secret"\n'
            'from = "kynhan@tinh.example"\n[webhook]\nhosts = ["Hooks.tinh.example"]\nprivate = true\n',
        )
    )
    assert offered.mail is not None
    assert (offered.mail.port, offered.mail.security, offered.mail.password) == (587, "starttls", "mật khẩu")
    assert "mật khẩu" not in repr(offered)
    assert offered.webhooks == Webhooks(("hooks.tinh.example",), private=True)


@pytest.mark.parametrize(
    "text",
    [
        "[mail",
        "[fax]\n",
        '[mail]\nhost = "smtp.tinh.example"\n',
        '[mail]\nhost = "smtp.tinh.example"\nfrom = "x"\n',
        '[mail]\nhost = "smtp.tinh.example"\nfrom = "a@b.example\\r\\nBcc: c@d.example"\n',
        '[mail]\nhost = "smtp.tinh.example"\nfrom = "a@b.example"\nsecurity = "none"\n',
        '[mail]\nhost = "smtp.tinh.example"\nfrom = "a@b.example"\nport = 0\n',
        '[mail]\nhost = "smtp.tinh.example"\nfrom = "a@b.example"\nuser = "x"\n',
        '[mail]\nhost = "smtp.tinh.example"\nfrom = "a@b.example"\npassword = "x"\n',
        '[mail]\nhost = "h"\nfrom = "a@b.example"\nuser = "x"\npassword-file = "missing"\n',
        "[webhook]\nprivate = true\n",
        '[webhook]\nca-file = "missing.pem"\n',
        '[webhook]\nca-file = "notices.toml"\n',
        '[mail]\nhost = "h"\nfrom = "a@b.example"\nca-file = "missing.pem"\n',
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(OutgoingError) as refused:
        read(written(tmp_path, text))
    assert str(refused.value).endswith(".")
