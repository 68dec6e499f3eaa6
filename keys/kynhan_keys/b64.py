"""Base64 (RFC 4648 section 4) in its one spelling: standard alphabet, no whitespace, unused bits zero."""

import binascii

from kynhan_keys.errors import EncodingError


def encode(data: bytes) -> str:
    """The padded base64 of `data`."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of padded base64.

    Raises EncodingError unless encoding the result gives back exactly `text`.
    """
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise EncodingError("not base64") from error
    if encode(data) != text:
        raise EncodingError("base64 in another spelling than the canonical one")
    return data


def encode_raw(data: bytes) -> str:
    """The base64 of `data` without padding, as age headers have it."""
    return encode(data).rstrip("=")


def decode_raw(text: str) -> bytes:
    """The bytes of base64 without padding.

    Raises EncodingError unless encoding the result gives back exactly `text`.
    """
    if text.endswith("="):
        raise EncodingError("base64 with padding where none belongs")
    return decode(text + "=" * (-len(text) % 4))
