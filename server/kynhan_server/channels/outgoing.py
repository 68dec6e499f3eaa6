"""What the operator lets the relay send to the outside: `notices.toml` in its data folder (docs/spec/channels.md).

    [mail]
    host = "smtp.tinh.example"
    port = 587
    security = "starttls"              # starttls, tls; none only where the server is this machine
    user = "kynhan"
    password-file = "/run/secrets/smtp"    # or /dev/fd/N
    from = "kynhan@tinh.example"

    [webhook]
    hosts = ["hooks.tinh.example"]     # these and no others; without it any public host
    private = true                     # those hosts may lie in a private network
    loopback = false                   # this machine, over http too
    ca-file = "/etc/ssl/tinh.pem"      # where their certificates are the province's own

A part that is missing is not offered. Nothing here is a secret but the password, which is not in the file.
"""

from __future__ import annotations

import ipaddress
import ssl
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import msgspec

from kynhan_protocol.agreement import channels
from kynhan_protocol.agreement.channels import Url
from kynhan_protocol.errors import ChannelError
from kynhan_server.errors import OperatorError

FILE: Final = "notices.toml"
MOST: Final = 64 * 1024

Security = Literal["starttls", "tls", "none"]


class OutgoingError(OperatorError):
    """The file cannot be used; str() is one sentence."""


@dataclass(frozen=True)
class MailServer:
    """The operator's SMTP server, and who the mail is from."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None

    @property
    def domain(self) -> str:
        """What message ids end with, and what the relay calls itself to the server."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True)
class Webhooks:
    """Where webhooks may go. `hosts` None: to every host with public addresses only."""

    hosts: tuple[str, ...] | None = None
    private: bool = False
    loopback: bool = False
    ca_file: Path | None = None

    def check(self, url: Url) -> None:
        """Raises ChannelError for a URL that will never be called, whatever it resolves to."""
        if url.is_loopback and not self.loopback:
            raise ChannelError("This relay calls no webhook on its own machine.")
        if self.hosts is not None and url.host not in self.hosts and not url.is_loopback:
            raise ChannelError("The operator of this relay has not allowed that host.")
        try:
            literal = ipaddress.ip_address(url.host)
        except ValueError:
            return
        if not self.allows(literal):
            raise ChannelError("This relay calls no webhook at a private or special address.")

    def allows(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        """Whether a connection to that address may be made at all."""
        if isinstance(address, ipaddress.IPv6Address):
            inner = address.ipv4_mapped
            if inner is not None:
                return self.allows(inner)
            if address.is_site_local or any(address in network for network in _TRANSLATED):
                return False
        if address.is_loopback:
            return self.loopback
        if address.is_multicast or address.is_unspecified or address.is_link_local or address.is_reserved:
            return False
        return address.is_global or (self.private and self.hosts is not None and address.is_private)


# IPv4 in disguise: NAT64, 6to4 and Teredo lead to an IPv4 address that was not looked at.
_TRANSLATED: Final = tuple(
    ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


@dataclass(frozen=True)
class Outgoing:
    """What is offered: None where it is not."""

    mail: MailServer | None = None
    webhooks: Webhooks | None = None


class _Part(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    pass


class _Mail(_Part):
    host: str
    from_: str = msgspec.field(name="from")
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password_file: str | None = None
    ca_file: str | None = None


class _Webhook(_Part):
    hosts: tuple[str, ...] | None = None
    private: bool = False
    loopback: bool = False
    ca_file: str | None = None


class _Document(_Part):
    mail: _Mail | None = None
    webhook: _Webhook | None = None


def read(file: Path) -> Outgoing:
    """What `file` offers; nothing where there is no such file. Paths in it are relative to its folder.

    Raises OutgoingError.
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return Outgoing()
    except OSError as error:
        raise OutgoingError("outgoing.unread", file=file.name, why=error.strerror) from None
    try:
        if len(data) > MOST:
            raise ValueError("it is too long")
        document = msgspec.convert(tomllib.loads(data.decode("utf-8")), _Document, strict=False)
    except (ValueError, msgspec.ValidationError) as error:
        raise OutgoingError("outgoing.format", file=file.name, why=error) from None
    return Outgoing(
        None if document.mail is None else _mail(document.mail, file),
        None if document.webhook is None else _webhooks(document.webhook, file),
    )


def _mail(part: _Mail, file: Path) -> MailServer:
    try:
        sender = channels.check_address(part.from_)
    except ChannelError as error:
        raise OutgoingError("outgoing.from", file=file.name, why=error) from None
    if not 1 <= part.port <= 65535:
        raise OutgoingError("outgoing.port", file=file.name)
    if part.security == "none" and not _is_here(part.host):
        raise OutgoingError("outgoing.open", file=file.name)
    if (part.user is None) != (part.password_file is None):
        raise OutgoingError("outgoing.user", file=file.name)
    password = None if part.password_file is None else _password(file.parent / part.password_file)
    return MailServer(
        part.host, part.port, part.security, sender, part.user, password, _trusted(file, part.ca_file)
    )


def _webhooks(part: _Webhook, file: Path) -> Webhooks:
    if part.private and part.hosts is None:
        raise OutgoingError("outgoing.private", file=file.name)
    hosts = None if part.hosts is None else tuple(host.lower() for host in part.hosts)
    return Webhooks(hosts, part.private, part.loopback, _trusted(file, part.ca_file))


def _trusted(file: Path, name: str | None) -> Path | None:
    """The file of certificates, tried out now rather than with the first message."""
    if name is None:
        return None
    try:
        ssl.create_default_context(cafile=file.parent / name)
    except OSError:
        raise OutgoingError("outgoing.ca-file", file=file.name, name=name) from None
    return file.parent / name


def _password(file: Path) -> str:
    try:
        line = file.read_bytes().removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise OutgoingError("outgoing.password", why=reason) from None
    if not line or "\n" in line or len(line) > 1024:
        raise OutgoingError("outgoing.password-line")
    return line


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
