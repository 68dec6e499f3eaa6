"""Where reminders may be sent (docs/spec/channels.md): addresses and URLs in the one form accepted.

Both sides check: the client before it asks, the relay before it keeps.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from ..errors import ChannelError

MAX_ADDRESS: Final = 254
"""Characters of a mail address (RFC 5321 4.5.3.1.3, without the angle brackets)."""
MAX_LOCAL: Final = 64
MAX_URL: Final = 1024
MAX_CHANNELS: Final = 10
"""Channels of one member in one log."""
CODE: Final = re.compile(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}")
"""A confirmation code: 40 bits in letters and digits that are not mistaken for one another."""
CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})+)", re.ASCII)
_URL = re.compile(
    rf"(https?)://({_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::([0-9]{{1,5}}))?"
    r"(/[A-Za-z0-9._~!$&'()*+,;=:@/-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Url:
    """A webhook's address in its parts; `port` as given or the scheme's own, `target` path and query."""

    scheme: str
    host: str
    port: int
    authority: str
    target: str

    @property
    def is_loopback(self) -> bool:
        """Whether it names this machine itself, by name or number."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def text(self) -> str:
        """The whole URL."""
        return f"{self.scheme}://{self.authority}{self.target}"


def check_address(text: str) -> str:
    """`text` if it is a plain mail address: ASCII, no display name, no quotes. Raises ChannelError `bad-channel`."""
    match = _ADDRESS.fullmatch(text) if len(text) <= MAX_ADDRESS else None
    if (
        match is None or len(match[1]) > MAX_LOCAL or "=?" in text
    ):  # the beginning of an encoded word (RFC 2047)
        raise ChannelError("This is not a plain mail address such as van-thu@tinh.example.")
    return text


def check_url(text: str) -> Url:
    """The parts of a webhook's URL: https, or http to this machine; no user, no fragment, no escapes.

    Raises ChannelError `bad-channel`.
    """
    match = _URL.fullmatch(text) if len(text) <= MAX_URL else None
    if match is None:
        raise ChannelError("This is not a plain URL such as https://hooks.example/kynhan.")
    scheme, host, port, path, query = match.groups()
    host = host.lower()
    usual = {"https": 443, "http": 80}[scheme]
    number = int(port) if port is not None else usual
    # As RFC 9421 2.2.3 wants @authority: without the scheme's own port.
    authority = host if number == usual else f"{host}:{number}"
    bare = host.strip("[]")
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(bare)
        except ValueError:
            raise ChannelError("The URL names no IPv6 address between its brackets.") from None
    if not 1 <= number <= 65535:
        raise ChannelError("A port is a number from 1 to 65535.")
    url = Url(scheme, bare, number, authority, (path or "/") + (query or ""))
    if scheme != "https" and not url.is_loopback:
        raise ChannelError("A webhook's URL begins with https://.")
    return url


def check_code(text: str) -> str:
    """A confirmation code as it was sent, however it was typed. Raises ChannelError `bad-code`."""
    typed = text.strip().upper()
    typed = typed if "-" in typed else f"{typed[:4]}-{typed[4:]}"
    if CODE.fullmatch(typed) is None:
        raise ChannelError("A confirmation code looks like K7QM-2WXA.", code="bad-code")
    return typed


def make_code(random: bytes) -> str:
    """A confirmation code out of 8 random bytes."""
    letters = [CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in random[:8]]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
