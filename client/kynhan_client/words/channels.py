"""Reminders that reach people: channels at the relay, snoozed cases, the desktop."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "channel-kind.mail": ("thư điện tử", "mail"),
    "channel-kind.webhook": ("webhook", "webhook"),
    "channel-kind.feed": ("lịch (.ics)", "calendar feed"),
    "channel.code-sent": (
        "Đã gửi mã xác nhận đến {address}. Nhận được mã thì chạy: kynhan channel confirm MÃ",
        "A code is on its way to {address}. When it is there: kynhan channel confirm CODE",
    ),
    "channel.added": ("Đã thêm kênh {id}", "Channel {id} added"),
    "channel.feed-url": (
        "Địa chỉ lịch, chỉ hiện một lần này; ai có địa chỉ đều xem được số việc và hạn:",
        "The calendar's address, shown this once; whoever has it sees case numbers and dates:",
    ),
    "channel.confirmed": (
        "Đã xác nhận: nhắc hạn sẽ gửi đến {address}",
        "Confirmed: reminders go to {address}",
    ),
    "channel.removed": ("Đã bỏ kênh {id}", "Channel {id} removed"),
    "channel.ask-remove": (
        "Bỏ kênh {id} ({kind})? Máy trung chuyển sẽ xóa địa chỉ và mọi thư đang chờ.",
        "Remove channel {id} ({kind})? The relay deletes its address and whatever waits.",
    ),
    "channel.empty": (
        "Chưa có kênh nào; nhắc hạn chỉ hiện trong chương trình.",
        "No channels; reminders show in the program only.",
    ),
    "channel.id": ("Kênh", "Channel"),
    "channel.kind": ("Loại", "Kind"),
    "channel.address": ("Nơi nhận", "To"),
    "channel.state": ("Tình trạng", "State"),
    "channel.unconfirmed": ("chờ mã xác nhận", "waits for its code"),
    "channel.in-use": ("đang dùng", "in use"),
    "channel.digest": ("gộp mỗi ngày một thư", "one mail a day"),
    "channel.counts": (
        "đã gửi {sent}, chờ {waiting}, hỏng {failed}",
        "sent {sent}, waiting {waiting}, failed {failed}",
    ),
    "channel.error": ("lần gửi hỏng gần nhất: {code}", "last failure: {code}"),
    # --- snooze
    "snooze.done": (
        "Tạm ẩn nhắc hạn của việc {case} đến {date}; hạn trả lời không thay đổi",
        "No reminders of case {case} before {date}; its due date does not move",
    ),
    "snooze.ended": ("Việc {case} lại được nhắc hạn", "Reminders of case {case} come again"),
    "snooze.was-not": ("Việc {case} không bị tạm ẩn", "Case {case} was not put off"),
    "snooze.ask-past-due": (
        "Hạn trả lời {due} sẽ trôi qua mà không được nhắc. Vẫn tạm ẩn việc {case}?",
        "The due date {due} would pass without a reminder. Put case {case} off all the same?",
    ),
    "snooze.mark": ("tạm ẩn nhắc đến {date}", "put off to {date}"),
    # --- desktop
    "notify.none": (
        "Máy này không có chương trình báo trên màn hình (notify-send); nhắc hạn chỉ hiện ở đây.",
        "This system has no desktop notifier (notify-send); reminders show here only.",
    ),
    "notify.many": ("Ký nhận: {count} việc có nhắc hạn", "Kynhan: reminders on {count} cases"),
    "help.one-of-until-days-off": (
        "cần đúng một trong --until, --days, --off",
        "give exactly one of --until, --days, --off",
    ),
}

TROUBLE: Final[dict[str, Told]] = {
    "bad-address": Told(
        "{address} is not a plain mail address",
        "{address} không phải là địa chỉ thư điện tử dùng được",
        "Write it as van-thu@tinh.example, without a name, spaces or accents.",
        "Viết như van-thu@tinh.example, không kèm tên, không dấu, không khoảng trắng.",
    ),
    "bad-webhook": Told(
        "{given} is not a plain https address",
        "{given} không phải là địa chỉ https dùng được",
        "Write it as https://hooks.tinh.example/kynhan, without a password or escapes.",
        "Viết như https://hooks.tinh.example/kynhan, không kèm mật khẩu, không mã hóa ký tự.",
    ),
    "bad-channel-code": Told(
        "no channel of yours waits for this code",
        "không có kênh nào của bạn đang chờ mã này",
        "A code is good once, for three days and five tries; else remove the channel and add it again.",
        "Mã dùng một lần, trong ba ngày, thử tối đa năm lần; nếu hết hạn thì bỏ kênh rồi thêm lại.",
    ),
    "channel-refused": Told(
        "the relay does not take this channel: {why}",
        "máy trung chuyển không nhận kênh này: {why}",
        "See your channels with `kynhan channel list`; what is offered, the relay's operator knows.",
        "Xem các kênh bằng `kynhan channel list`; kênh nào dùng được, hỏi người vận hành máy trung chuyển.",
    ),
    "no-channel": Told(
        "you have no channel {id}",
        "bạn không có kênh {id}",
        "See your channels with `kynhan channel list`; give at least 4 characters.",
        "Xem các kênh bằng `kynhan channel list`; gõ ít nhất 4 ký tự.",
    ),
    "snooze-past": Told(
        "{until} is not after today",
        "{until} không sau ngày hôm nay",
        "Give the first day on which its reminders are to come again.",
        "Nêu ngày đầu tiên cần nhắc lại.",
    ),
    "snooze-too-long": Told(
        "{until} is more than {most} days away",
        "{until} cách hôm nay quá {most} ngày",
        "Put the case off for a shorter time; it can be done again.",
        "Tạm ẩn ngắn hơn; có thể làm lại khi cần.",
    ),
    "snooze-nothing-runs": Told(
        "no time limit of case {case} is running, so it cannot be put off",
        "việc {case} không có thời hạn nào đang chạy nên không tạm ẩn nhắc hạn được",
        "`kynhan case {case}` shows how it stands.",
        "Xem tình trạng bằng `kynhan case {case}`.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "answer.no-feed": ("không nêu địa chỉ lịch vừa tạo", "it does not name the new feed"),
}

COMMANDS: Final[dict[str, Help]] = {
    "channel": Help(
        ("Nhận nhắc hạn qua thư, lịch, webhook", "reminders by mail, calendar, webhook"),
        (
            "Máy trung chuyển gửi nhắc hạn ra ngoài chương trình, kể cả khi máy trạm tắt: chỉ có số việc, mốc nhắc,"
            " ngày và lệnh để xem, không có nội dung. Mỗi người chỉ thấy kênh của mình; bỏ lúc nào cũng được.",
            "The relay sends reminders outside the program, also while stations are off: case number, step, date and"
            " the command to look, never content. Members see their own channels only and can remove them any time.",
        ),
        (
            "kynhan channel add-mail van-thu@tinh.example --digest",
            "kynhan channel confirm K7QM-2WXA",
            "kynhan channel add-feed",
            "kynhan channel list",
        ),
    ),
    "channel add-mail": Help(
        ("Nhận nhắc hạn bằng thư", "reminders by mail"),
        (
            "Gửi mã xác nhận đến hộp thư của cơ quan; nhắc hạn chỉ gửi sau khi đã nhập mã, trong giờ làm việc (bì khẩn"
            " chưa ký nhận thì gửi ngay). Với --digest: mỗi ngày một thư.",
            "Sends a code to the office's mailbox; reminders go there only once it is entered, in office hours (an"
            " urgent package unsigned: at once). With --digest: one mail a day.",
        ),
        (
            "kynhan channel add-mail van-thu@tinh.example",
            "kynhan channel add-mail van-thu@tinh.example --digest",
        ),
    ),
    "channel add-webhook": Help(
        ("Nhận nhắc hạn bằng webhook", "reminders by webhook"),
        (
            "Máy trung chuyển gọi địa chỉ https này, có chữ ký của khóa nhật ký nêu trong quy ước; người vận hành định"
            " những máy được gọi.",
            "The relay calls this https address, signed by the log's key that stands in the profile; the operator"
            " decides which hosts may be called.",
        ),
        ("kynhan channel add-webhook https://hooks.tinh.example/kynhan",),
    ),
    "channel add-feed": Help(
        ("Xem hạn trong chương trình lịch", "due dates in a calendar program"),
        (
            "Tạo một địa chỉ lịch bí mật (.ics) với các hạn đang chạy và chuông báo trước. Ai có địa chỉ đều xem được;"
            " lộ thì bỏ kênh rồi tạo lại.",
            "Makes a secret calendar address (.ics) with the running deadlines and alarms. Whoever has it can read it;"
            " if it leaks, remove the channel and make another.",
        ),
        ("kynhan channel add-feed",),
    ),
    "channel confirm": Help(
        ("Nhập mã xác nhận hộp thư", "enter the code that came by mail"),
        (
            "Xác nhận hộp thư bằng mã đã gửi đến đó.",
            "Confirms a mailbox by the code that was sent there.",
        ),
        ("kynhan channel confirm K7QM-2WXA",),
    ),
    "channel list": Help(
        ("Các kênh của mình, thư nào chưa gửi được", "own channels, and what did not go"),
        (
            "Các kênh của mình: đã gửi, đang chờ, gửi hỏng và vì sao.",
            "One's own channels: what was sent, what waits, what failed and why.",
        ),
        ("kynhan channel list", "kynhan channel list --json"),
    ),
    "channel remove": Help(
        ("Bỏ một kênh", "remove a channel"),
        (
            "Bỏ một kênh; máy trung chuyển xóa ngay địa chỉ và thư đang chờ.",
            "Removes a channel; the relay deletes its address and whatever waits at once.",
        ),
        ("kynhan channel remove 9f2a61c4", "kynhan channel remove 9f2a61c4 --yes"),
    ),
    "snooze": Help(
        ("Tạm ẩn nhắc hạn của một việc", "put a case's reminders off"),
        (
            "Tạm ẩn nhắc hạn của một việc trên máy này đến một ngày; ngày đó nhắc lại. Chỉ riêng mình, không ai khác"
            " biết, hạn trả lời không thay đổi. Bì mới, tin trao đổi vẫn hiện.",
            "Hides a case's reminders in this home until a day, on which they come again. Personal: nobody else learns"
            " of it, and the due date does not move. New packages and messages still show.",
        ),
        (
            "kynhan snooze 0198f0c1 --days 3",
            "kynhan snooze 0198f0c1 --until 2026-05-08",
            "kynhan snooze --off 0198f0c1",
        ),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "channel.digest": ("Mỗi ngày một thư, gộp mọi nhắc hạn", "one mail a day with all reminders."),
    "channel.language": ("Ngôn ngữ của thư, lịch", "language of what is sent."),
    "channel.yes": ("Không hỏi lại", "do not ask."),
    "snooze.until": ("Ngày nhắc lại", "the day its reminders come again."),
    "snooze.days": ("Số ngày tạm ẩn", "for so many days."),
    "snooze.off": ("Thôi tạm ẩn", "end it now."),
    "snooze.yes": ("Không hỏi lại khi vượt hạn", "do not ask where the due date passes."),
    "watch.no-notify": ("Không báo trên màn hình", "no desktop notifications."),
}
