"""Who may ask: RFC 9421 as the relay enforces it, and the nonces that make a request count once."""

from __future__ import annotations

import base64
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from multidict import CIMultiDict, CIMultiDictProxy

from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol.wire import requests
from kynhan_server.web import auth
from kynhan_server.web.nonces import RETAIN, Nonces
from kynhan_server.web.problems import HttpProblem

NOW = 1_800_000_000
MEMBER = "ccq.example/van-thu"
SIGNER = Signer.ed25519(MEMBER, bytes(range(32)))
AUTHORITY = "relay.example"
TARGET = "/v1/logs/ccq-ca/statements?from=3"


@pytest.fixture
def nonces(tmp_path: Path) -> Nonces:
    return Nonces(tmp_path / "nonces", boot="this boot", relay_now=NOW, system_now=NOW)


async def known(name: str) -> tuple[Vkey, str] | None:
    return (SIGNER.vkey, "the clerk") if name == MEMBER else None


def signed(
    *,
    method: str = "GET",
    authority: str = AUTHORITY,
    target: str = TARGET,
    keyid: str = MEMBER,
    signer: Signer = SIGNER,
    created: int = NOW,
    nonce: bytes | None = None,
    content: bytes | None = None,
) -> CIMultiDict[str]:
    return CIMultiDict(
        requests.sign(
            requests.Request(method, authority, target),
            keyid=keyid,
            sign_bytes=signer.sign_bytes,
            created=created,
            nonce=nonce or os.urandom(16),
            content=content,
        )
    )


async def ask(
    headers: CIMultiDict[str],
    nonces: Nonces,
    *,
    method: str = "GET",
    target: str = TARGET,
    content: bytes = b"",
    now: int = NOW,
    lookup: Callable[[str], Awaitable[tuple[Vkey, str] | None]] = known,
) -> str:
    return await auth.authenticate(
        requests.Request(method, AUTHORITY, target),
        CIMultiDictProxy(headers),
        content,
        realm="ccq-ca",
        lookup=lookup,
        nonces=nonces,
        now=now,
        system_now=now,
    )


async def refusal(headers: CIMultiDict[str], nonces: Nonces, **options: object) -> str:
    with pytest.raises(HttpProblem) as refused:
        await ask(headers, nonces, **options)  # type: ignore[arg-type]
    assert refused.value.code == "unauthorized"
    return refused.value.detail


def test_rfc_9421_example_b_2_6_verifies() -> None:
    """RFC 9421, B.2.6, under the key of B.1.4, through the library and our components."""

    class Message:
        method = "POST"
        authority = "example.com"
        url = "https://example.com/foo?param=Value&Pet=dog"
        headers: ClassVar = {
            "Host": "example.com",
            "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
            "Content-Type": "application/json",
            "Content-Length": "18",
            "Signature-Input": 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
            ';created=1618884473;keyid="test-key-ed25519"',
            "Signature": "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lI"
            "p5WPpBKRCw==:",
        }

    class Verifier(HTTPMessageVerifier):
        def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
            pass

    key = load_pem_private_key(
        b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
        b"-----END PRIVATE KEY-----\n",
        None,
    )
    public = Ed25519PublicKey.from_public_bytes(key.public_key().public_bytes_raw())  # type: ignore[union-attr]
    assert public.public_bytes_raw() == base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
    verifier = Verifier(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={"test-key-ed25519": public}, private_keys={}),
        component_resolver_class=requests.Components,
    )
    (result,) = verifier.verify(Message(), max_age=None)
    assert result.covered_components['"@path"'] == "/foo"


async def test_signed_request_is_its_members(nonces: Nonces) -> None:
    assert await ask(signed(), nonces) == "the clerk"


async def test_request_counts_once(nonces: Nonces) -> None:
    headers = signed()
    await ask(headers, nonces)
    assert "nonce was used" in await refusal(headers, nonces)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"method": "DELETE"},
        {"target": "/v1/logs/ccq-ca/statements?from=4"},
        {"target": "/v1/logs/b/statements?from=3"},
    ],
)
async def test_signature_is_for_one_request_only(nonces: Nonces, elsewhere: dict[str, str]) -> None:
    assert "not that of a member" in await refusal(signed(), nonces, **elsewhere)


async def test_authority_is_the_relays_own_whatever_the_host_header_says(nonces: Nonces) -> None:
    headers = signed(authority="evil.example")
    headers["Host"] = "evil.example"
    assert "not that of a member" in await refusal(headers, nonces)


async def test_unknown_member_and_wrong_key_answer_alike(nonces: Nonces) -> None:
    stranger = Signer.ed25519(MEMBER, bytes(32))
    unknown = await refusal(signed(keyid="ccq.example/nobody"), nonces)
    assert unknown == await refusal(signed(signer=stranger), nonces)


@pytest.mark.parametrize("off", [-301, 301, 10**9])
async def test_created_must_be_near_the_relays_clock(nonces: Nonces, off: int) -> None:
    assert "5 minutes" in await refusal(signed(created=NOW + off), nonces)
    assert await ask(signed(created=NOW + 299), nonces) == "the clerk"


async def test_body_must_be_covered_and_match(nonces: Nonces) -> None:
    assert await ask(signed(content=b"{}"), nonces, content=b"{}") == "the clerk"
    assert "content-digest" in await refusal(signed(), nonces, content=b"{}")
    assert "not that of a member" in await refusal(signed(content=b"{}"), nonces, content=b"[]")


async def test_two_signatures_are_one_too_many(nonces: Nonces) -> None:
    twice = signed()
    twice.extend(signed())
    assert "one signature" in await refusal(twice, nonces)
    joined = signed()
    joined["Signature-Input"] += ", " + joined["Signature-Input"].replace("sig1", "sig2")
    assert "exactly one" in await refusal(joined, nonces)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"@query"', '"@query";req'),
        ('"@query"', '"@scheme"'),
        ('("@method"', '("@method" "@method"'),
        ('"@authority" ', ""),
        ("tag=", "gat="),
        ('tag="kynhan"', 'tag="other"'),
        ("nonce=", "alg="),
        ("created=1", 'created="1'),
        ("keyid=", "keyid=?1;k="),
        (";created", ";unknown=1;created"),
        ("sig1=", "sig1"),
        ("sig1", "ký"),
        ("(", "(("),
    ],
)
async def test_malformed_signature_input_is_refused(nonces: Nonces, old: str, new: str) -> None:
    headers = signed()
    assert old in headers["Signature-Input"]
    headers["Signature-Input"] = headers["Signature-Input"].replace(old, new, 1)
    await refusal(headers, nonces)


@pytest.mark.parametrize("missing", ["Signature", "Signature-Input"])
async def test_half_a_signature_is_none(nonces: Nonces, missing: str) -> None:
    headers = signed()
    del headers[missing]
    await refusal(headers, nonces)


async def test_short_nonce_is_refused(nonces: Nonces) -> None:
    with pytest.raises(ValueError, match="16 to 64"):
        signed(nonce=b"short")
    headers = signed(nonce=bytes(16))
    headers["Signature-Input"] = headers["Signature-Input"].replace("A" * 22 + "==", "AAAA")
    assert "nonce" in await refusal(headers, nonces)


def test_nonces_survive_the_death_of_the_process(tmp_path: Path) -> None:
    first = Nonces(tmp_path / "nonces", boot="a", relay_now=NOW, system_now=NOW)
    assert first.use("who", "nonce", NOW)
    second = Nonces(
        tmp_path / "nonces", boot="a", relay_now=NOW + 1, system_now=NOW + 1
    )  # `first` was killed
    assert second.floor == 0
    assert not second.use("who", "nonce", NOW + 1)
    assert second.use("other", "nonce", NOW + 1)


def test_after_a_reboot_older_requests_are_refused(tmp_path: Path) -> None:
    Nonces(tmp_path / "nonces", boot="a", relay_now=NOW, system_now=NOW).close()
    assert Nonces(tmp_path / "nonces", boot="b", relay_now=NOW + 9, system_now=NOW + 9).floor == NOW + 9


def test_nonces_are_forgotten_when_no_request_could_use_them(tmp_path: Path) -> None:
    store = Nonces(tmp_path / "nonces", boot="a", relay_now=NOW, system_now=NOW)
    assert store.use("who", "nonce", NOW)
    assert store.use("who", "nonce", NOW + RETAIN)
    assert Nonces(tmp_path / "nonces", boot="a", relay_now=NOW, system_now=NOW + 9 * RETAIN)._seen == {}


def test_torn_journal_line_is_ignored(tmp_path: Path) -> None:
    store = Nonces(tmp_path / "nonces", boot="a", relay_now=NOW, system_now=NOW)
    store.use("who", "nonce", NOW)
    store.close()
    with (tmp_path / "nonces").open("ab") as journal:
        journal.write(b"18000000")
    again = Nonces(tmp_path / "nonces", boot="a", relay_now=NOW, system_now=NOW)
    assert not again.use("who", "nonce", NOW)
