"""Who asks: RFC 9421 signatures by memberships in force.

The order is format, time, key, signature, nonce; the answer to an unknown member and to a wrong signature is the same,
and takes the same work. `@authority` comes from the relay's configuration and `@path`, `@query` from the raw request
target, never from what a framework made of them.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519
from multidict import CIMultiDictProxy

from kynhan_keys import b64
from kynhan_keys.errors import EncodingError
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.names import is_member
from kynhan_protocol.wire import api, requests
from kynhan_server.web.nonces import Nonces
from kynhan_server.web.problems import HttpProblem

A = TypeVar("A")
Lookup = Callable[[str], Awaitable[tuple[Vkey, A] | None]]

CHALLENGE: Final = {"WWW-Authenticate": 'Signature realm="kynhan"'}
_UNSIGNED: Final = "This path needs a request signed by a member (RFC 9421)."
_UNKNOWN: Final = "The signature is not that of a member in force of this log over this request."
_NONCE: Final = re.compile(r"[A-Za-z0-9+/]{22,86}={0,2}")
_PARAMETERS: Final = {"created", "keyid", "nonce", "tag"}
_OPTIONAL: Final = {"alg", "expires"}
_NOBODY: Final = Ed25519PublicKey.from_public_bytes(
    bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
)
"""RFC 8032's first test key: what a request under an unknown name is checked against, in vain."""


@dataclass(frozen=True)
class _Claim:
    """What Signature-Input says, not yet believed."""

    keyid: str
    nonce: str
    created: int
    expires: int | None
    covers_digest: bool


class _Verifier(HTTPMessageVerifier):
    """The library's verifier with the relay's clock in place of its own: `_check_time` has looked already."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Nothing: times are judged against the relay's clock before the key is looked up."""


def _refuse(detail: str) -> HttpProblem:
    return HttpProblem("unauthorized", detail, CHALLENGE)


def _claim(signature_input: str) -> _Claim:
    def reject(key: str, context: str) -> None:
        raise _refuse(f"Signature-Input names {key!r} twice.")

    try:
        labels: Any = http_sf.parse(
            signature_input.encode("ascii"), tltype="dictionary", on_duplicate_key=reject
        )
        ((components, parameters),) = labels.values()
        names = [name for name, nothing in components if not nothing]
    except (ValueError, TypeError, KeyError, IndexError):
        raise _refuse("Signature-Input must hold exactly one signature's inner list.") from None
    if len(names) != len(components) or any(not isinstance(name, str) for name in names):
        raise _refuse("Components must be plain names without parameters.")
    covered = set(names)
    if len(covered) != len(names) or covered - {requests.DIGEST} != set(requests.COVERED):
        raise _refuse("Covered must be @method @authority @path @query, and content-digest with a body.")
    if not _PARAMETERS <= set(parameters) <= _PARAMETERS | _OPTIONAL:
        raise _refuse("The signature needs the parameters created, keyid, nonce and tag.")
    keyid, nonce, tag = parameters["keyid"], parameters["nonce"], parameters["tag"]
    created, expires = parameters["created"], parameters.get("expires")
    if type(created) is not int or type(expires) not in (int, type(None)) or tag != requests.TAG:
        raise _refuse('The signature needs an integer `created` and the tag "kynhan".')
    if type(keyid) is not str or not is_member(keyid):
        raise _refuse("keyid must be the name of a member.")
    if type(nonce) is not str or not _is_nonce(nonce):
        raise _refuse("nonce must be the base64 of 16 to 64 random bytes.")
    return _Claim(keyid, nonce, created, expires, requests.DIGEST in covered)


def _is_nonce(text: str) -> bool:
    if _NONCE.fullmatch(text) is None:
        return False
    try:
        least, most = requests.NONCE_BYTES
        return least <= len(b64.decode(text)) <= most
    except EncodingError:
        return False


def _check_time(claim: _Claim, now: int, floor: int) -> None:
    if abs(claim.created - now) > api.CREATED_WINDOW or (claim.expires is not None and claim.expires < now):
        raise _refuse("The signature's time lies more than 5 minutes from the relay's clock.")
    if claim.created < floor:
        raise _refuse("The request was signed before the relay started; sign it again.")


async def authenticate(
    request: requests.Request,
    headers: CIMultiDictProxy[str],
    content: bytes,
    *,
    realm: str,
    lookup: Lookup[A],
    nonces: Nonces,
    now: int,
    system_now: float,
) -> A:
    """The actor who signed `request`; HttpProblem `unauthorized` otherwise.

    `realm` names the log: members of two logs may share a name, but not their nonces. `content` is the whole body
    where it is small and known, else empty; `now` is the relay's clock in seconds; `lookup` gives key and actor of a
    member in force under that name.
    """
    inputs, signatures = headers.getall("Signature-Input", []), headers.getall("Signature", [])
    if len(inputs) != 1 or len(signatures) != 1:
        raise _refuse(_UNSIGNED if not inputs and not signatures else "Exactly one signature is accepted.")
    claim = _claim(inputs[0])
    _check_time(claim, now, nonces.floor)
    if content and not claim.covers_digest:
        raise _refuse("A request with a body must cover content-digest.")
    found = await lookup(claim.keyid)
    key = _NOBODY if found is None else Ed25519PublicKey.from_public_bytes(found[0].key)
    request.headers.update({"Signature-Input": inputs[0], "Signature": signatures[0]})
    if claim.covers_digest:
        request.headers["Content-Digest"] = ", ".join(headers.getall("Content-Digest", []))
    verifier = _Verifier(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={claim.keyid: key}, private_keys={}),
        component_resolver_class=requests.Components,
    )
    try:
        verifier.verify(
            request, max_age=None, expect_tag=requests.TAG, body=content if claim.covers_digest else None
        )
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError, TypeError):
        raise _refuse(_UNKNOWN) from None
    who = f"{realm}/{claim.keyid}"
    if found is None:
        raise _refuse(_UNKNOWN)
    if nonces.is_full(who):
        raise HttpProblem("rate-limited", "This member has signed too many requests in a short time.")
    if not nonces.use(who, claim.nonce, system_now):
        raise _refuse("This nonce was used before; sign the request again.")
    return found[1]
