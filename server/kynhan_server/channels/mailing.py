"""Mail to a member's office: what it says, and handing it to the operator's SMTP server.

The text is kynhan_protocol.case.notice_text: case number, step, date, a command; never content. Headers are made of
ASCII addresses that were checked, and of our own words.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Literal

import aiosmtplib
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from kynhan_protocol.words import Words
from kynhan_server.channels.outgoing import MailServer

SECONDS: Final = 20.0
"""How long the server may take for one answer."""
WHOLE: Final = 60.0
"""How long a mail may take from the first to the last."""
NAME: Final = "Ký nhận"
Language = Literal["vi", "en", "both"]

FOOTER: Final = Words(
    vi="Thư tự động của máy trung chuyển Ký nhận, không có nội dung hồ sơ. Thôi nhận: kynhan channel list,\n"
    "kynhan channel remove.",
    en="Sent by the Kynhan relay, without any content of a dossier. To stop: kynhan channel list,\n"
    "kynhan channel remove.",
)
CODE_SUBJECT: Final = Words(vi="Mã xác nhận nhận nhắc hạn", en="Code to confirm reminders")
CODE: Final = Words(
    vi="Có người đề nghị gửi nhắc hạn của Ký nhận đến địa chỉ này. Nếu đúng là cơ quan ông (bà):\n"
    "  kynhan channel confirm {code}\n"
    "Nếu không phải, xin bỏ qua thư này; sẽ không có thư nào nữa.",
    en="Someone asked for Kynhan reminders to be sent to this address. If that was your office:\n"
    "  kynhan channel confirm {code}\n"
    "If not, ignore this mail; no other will come.",
)
DIGEST_SUBJECT: Final = Words(vi="Nhắc hạn: {count} mục", en="Reminders: {count}")
MORE: Final = Words(
    vi="Còn {count} mục nữa.\nXem: kynhan deadlines", en="There are {count} more.\nSee: kynhan deadlines"
)


class UndeliveredError(Exception):
    """It did not go: `code` says why, without any address; `final` that trying again is no use; `hung` that the server
    never answered.
    """

    def __init__(self, code: str, *, final: bool = False, hung: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final
        self.hung = hung


def choose(words: Words, language: Language, between: str) -> str:
    """The words in the language asked for."""
    if language == "both":
        return f"{words.vi}{between}{words.en}"
    return words.vi if language == "vi" else words.en


def compose(
    server: MailServer,
    to: str,
    language: Language,
    subject: Words,
    parts: Sequence[Words],
    *,
    batch: str,
    now: datetime,
) -> EmailMessage:
    """One mail. `batch` names the message: the same batch is the same Message-ID, however often it is sent."""
    message = EmailMessage(policy.SMTP)
    message["From"] = Address(NAME, addr_spec=server.sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = f"[{NAME}] {choose(subject, language, ' / ')}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{batch}@{server.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    body = "\n\n".join(choose(part, language, "\n\n") for part in (*parts, FOOTER))
    message.set_content(body + "\n", charset="utf-8", cte="quoted-printable")
    return message


async def send(server: MailServer, message: EmailMessage) -> None:
    """Hands the mail over. Raises UndeliveredError."""
    try:
        context = await asyncio.to_thread(_context, server)
        async with asyncio.timeout(WHOLE):
            await aiosmtplib.send(
                message,
                sender=server.sender,
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                tls_context=context,
                local_hostname=server.domain,
                timeout=SECONDS,
            )
    except SMTPRecipientsRefused as refused:
        code = refused.recipients[0].code
        raise UndeliveredError(f"smtp-recipient-{code}", final=code >= 500) from None
    except SMTPDataError as refused:
        raise UndeliveredError(f"smtp-data-{refused.code}", final=refused.code >= 500) from None
    except SMTPAuthenticationError:
        raise UndeliveredError("smtp-login") from None
    except SMTPResponseException as refused:  # the server does not want us now, which its operator can mend
        raise UndeliveredError(f"smtp-{refused.code}") from None
    except ssl.SSLError:
        raise UndeliveredError("smtp-tls") from None
    except TimeoutError:
        raise UndeliveredError("smtp-unreachable", hung=True) from None
    except (SMTPException, OSError) as error:
        by_tls = isinstance(error.__cause__, ssl.SSLError)
        raise UndeliveredError("smtp-tls" if by_tls else "smtp-unreachable") from None


def _context(server: MailServer) -> ssl.SSLContext | None:
    if server.security == "none":
        return None
    return ssl.create_default_context(cafile=server.ca_file)
