"""Signed requests: RFC 9421 as kynhan uses it, without I/O, clock or randomness.

A member signs with its Ed25519 signing key. `keyid` is the member's name, `tag` is `kynhan`; covered are `@method`,
`@authority`, `@path` and `@query`, and `content-digest` (RFC 9530, sha-256) where the request has a small body that
is known in advance (everything but an upload's PATCH). `created` is in seconds, and `nonce` is used once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPSignatureComponentResolver,
)
from http_message_signatures.algorithms import ED25519

from kynhan_keys import b64

TAG: Final = "kynhan"
WEBHOOK_TAG: Final = "kynhan-webhook"
"""The tag of what the relay itself sends: it can never pass for a member's request."""
LABEL: Final = "sig1"
COVERED: Final = ("@method", "@authority", "@path", "@query")
DIGEST: Final = "content-digest"
NONCE_BYTES: Final = (16, 64)
"""Smallest and largest nonce accepted, before base64."""


@dataclass(frozen=True)
class Request:
    """What of a request is signed. `target` is the raw request target in origin form, `/path` or `/path?query`.

    `headers` is filled by `sign` and read when verifying; the library asks for the attribute names used here.
    """

    method: str
    authority: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return "https://" + self.authority + self.target


class Components(HTTPSignatureComponentResolver):
    """Resolves `@authority` to exactly the authority given, whatever the scheme's default port is."""

    message: Request

    def get_authority(self) -> str:
        return self.message.authority.lower()


def sign(
    request: Request,
    *,
    keyid: str,
    sign_bytes: Callable[[bytes], bytes],
    created: int,
    nonce: bytes,
    content: bytes | None = None,
    tag: str = TAG,
) -> dict[str, str]:
    """The headers to add to `request`: Signature-Input, Signature and, where `content` is given, Content-Digest.

    `sign_bytes` gives the 64-byte Ed25519 signature of its argument; `nonce` is 16 to 64 fresh random bytes. Raises
    ValueError when a part of the request cannot be signed (a target that is not plain ASCII, say).
    """
    if not NONCE_BYTES[0] <= len(nonce) <= NONCE_BYTES[1]:
        raise ValueError("the nonce must be 16 to 64 bytes")
    signer = HTTPMessageSigner(signature_algorithm=ED25519, component_resolver_class=Components)
    message = Request(request.method, request.authority, request.target)
    try:
        prepared = signer.prepare(
            message,
            key_id=keyid,
            created=datetime.fromtimestamp(created, UTC),
            nonce=b64.encode(nonce),
            label=LABEL,
            tag=tag,
            covered_component_ids=COVERED,
            body=content,
        )
        signer.apply(message, prepared, sign_bytes(prepared.signature_base))
    except HTTPMessageSignaturesException as error:
        raise ValueError(f"this request cannot be signed: {error}") from error
    return message.headers
