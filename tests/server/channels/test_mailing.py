"""The way to the operator's mail server: encrypted, with a login, or not at all; and headers nobody can add to."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.server.mailbox import Mailbox, hang_up, mailbox
from tests.server.processes import admit, made, run

from kynhan_protocol.words import Words
from kynhan_server.channels import mailing
from kynhan_server.channels.mailing import UndeliveredError
from kynhan_server.channels.outgoing import MailServer

NOW = datetime.datetime(2026, 3, 2, 2, 0, tzinfo=datetime.UTC)
SUBJECT = Words(vi="Việc 0198f0c1-7f1: đến hạn hôm nay", en="Case 0198f0c1-7f1: due today")


def certificate(folder: Path) -> tuple[Path, Path]:
    """Key and certificate of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    # OpenSSL judges it by the machine's own clock
    begins, ends = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2000, 2100))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "key.pem", folder / "cert.pem"
    files[0].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    files[1].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return files


def log_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = (data.login, data.password) == (b"kynhan", b"bi-mat")
    return AuthResult(success=good, handled=good)


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[Mailbox, MailServer]]:
    """A server that wants STARTTLS and a login, and what the operator wrote of it."""
    key, cert = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    with mailbox(
        tls_context=context, require_starttls=True, auth_required=True, authenticator=log_in
    ) as post:
        server = replace(post.server, security="starttls", user="kynhan", password="bi-mat", ca_file=cert)
        yield post, server


async def send(server: MailServer) -> None:
    mail = mailing.compose(server, "vt@tinh.example", "vi", SUBJECT, [SUBJECT], batch="ab" * 16, now=NOW)
    try:
        await mailing.send(server, mail)
    finally:
        await hang_up()  # after a refusal TLS says goodbye for a moment longer than the test's loop may live


async def test_mail_goes_over_starttls_after_a_login(secured: tuple[Mailbox, MailServer]) -> None:
    post, server = secured
    await send(server)
    assert post.recipients == ["vt@tinh.example"]
    assert post.subjects == [f"[Ký nhận] {SUBJECT.vi}"]


async def test_a_certificate_nobody_vouches_for_is_not_spoken_to(secured: tuple[Mailbox, MailServer]) -> None:
    post, server = secured
    with pytest.raises(UndeliveredError) as undelivered:
        await send(replace(server, ca_file=None))
    assert (undelivered.value.code, undelivered.value.final) == ("smtp-tls", False)
    assert post.asked == 0


async def test_a_certificate_is_named_also_where_the_first_byte_is_tls(tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)

    async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    serving = await asyncio.start_server(nothing, "127.0.0.1", 0, ssl=context)
    port = serving.sockets[0].getsockname()[1]
    server = MailServer("127.0.0.1", port, "tls", "kynhan@relay.example")
    with pytest.raises(UndeliveredError) as undelivered:
        await send(server)
    assert undelivered.value.code == "smtp-tls"
    with pytest.raises(UndeliveredError) as undelivered:
        await send(replace(server, ca_file=cert))
    assert undelivered.value.code == "smtp-unreachable"
    serving.close()
    await hang_up()
    await serving.wait_closed()


async def test_a_wrong_password_is_the_operators_trouble_not_the_members(
    secured: tuple[Mailbox, MailServer],
) -> None:
    post, server = secured
    with pytest.raises(UndeliveredError) as undelivered:
        await send(replace(server, password="sai"))
    assert (undelivered.value.code, undelivered.value.final) == ("smtp-login", False)
    assert post.mails == []


async def test_a_server_without_encryption_gets_nothing() -> None:
    with mailbox() as post:
        with pytest.raises(UndeliveredError):
            await send(replace(post.server, security="starttls"))
        with pytest.raises(UndeliveredError):
            await send(replace(post.server, security="tls"))
    assert post.asked == 0


@pytest.mark.parametrize("to", ["vt@tinh.example\r\nBcc: x@y.example", "vt@tinh.example\n\nxin chào"])
def test_no_header_can_be_smuggled_in(to: str) -> None:
    """Such an address is never kept (test_channels.py); even then no mail would be made of it."""
    server = MailServer("127.0.0.1", 25, "none", "kynhan@relay.example")
    with pytest.raises(ValueError, match=r".*"):
        mailing.compose(server, to, "vi", SUBJECT, [SUBJECT], batch="ab" * 16, now=NOW)


@pytest.mark.parametrize("language", ["vi", "en", "both"])
def test_a_mail_is_plain_and_within_the_lines_of_smtp(language: mailing.Language) -> None:
    server = MailServer("127.0.0.1", 25, "none", "kynhan@relay.example")
    mail = mailing.compose(
        server, "vt@tinh.example", language, SUBJECT, [SUBJECT] * 40, batch="ab" * 16, now=NOW
    )
    assert mail["Message-ID"] == f"<{'ab' * 16}@relay.example>"
    assert mail.get_content_type() == "text/plain"
    assert all(len(line) <= 998 for line in mail.as_bytes().split(b"\r\n"))
    assert mail.as_bytes().isascii()
    assert ("Thôi nhận" in mail.get_content()) == (language != "en")


def test_a_relay_whose_operators_file_is_wrong_does_not_start(tmp_path: Path) -> None:
    data = made(tmp_path)
    (data.folder / "notices.toml").write_text("[fax]\n")
    told = run("serve", *data.options, status=1).stderr
    assert told.startswith("Error: notices.toml is not as it should be:")
    assert len(told.splitlines()) == 1
    other = tmp_path / "other.toml"
    other.write_text('[mail]\nhost = "h"\nfrom = "x"\n')
    assert "other.toml" in run("serve", *data.options, "--notices", str(other), status=1).stderr


def test_status_counts_what_waits(tmp_path: Path) -> None:
    data = made(tmp_path)
    admit(data)
    found = json.loads(run("status", "--data", str(data.folder), "--json").stdout)
    assert found["notices"] == {"waiting": 0, "sent": 0, "failed": 0}
    assert "0 waiting, 0 sent, 0 failed" in run("status", "--data", str(data.folder)).stdout
