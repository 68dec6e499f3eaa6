"""What the commands answer and refuse."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "help.usage": ("Cách dùng", "usage"),
    "help.options": ("Tùy chọn", "options"),
    "help.commands": ("Lệnh", "commands"),
    "help.examples": ("Ví dụ", "examples"),
    "help.required": ("bắt buộc", "required"),
    "help.default": ("mặc định", "default"),
    "help.see": ("Xem", "see"),
    "error": ("Lỗi: {what}", "Error: {what}"),
    "warning": ("Chú ý: {what}", "Warning: {what}"),
    # --- what may be sent by mail and webhook (outgoing.py)
    "outgoing.unread": ("Không đọc được {file} (chi tiết kỹ thuật: {why}).", "{file} cannot be read: {why}."),
    "outgoing.format": (
        "{file} không đúng quy định (chi tiết kỹ thuật: {why}).",
        "{file} is not as it should be: {why}.",
    ),
    "outgoing.from": ("`from` trong {file} không phải địa chỉ thư: {why}", "`from` in {file}: {why}"),
    "outgoing.ca-file": (
        "`ca-file` trong {file} phải là tệp chứng thư dạng PEM đọc được: {name}.",
        "`ca-file` in {file} has to be a readable file of PEM certificates: {name}.",
    ),
    "outgoing.port": (
        "`port` trong {file} phải là số từ 1 đến 65535.",
        "`port` in {file} is a number from 1 to 65535.",
    ),
    "outgoing.open": (
        '`security = "none"` trong {file} chỉ dùng cho máy chủ thư trên máy này; hãy dùng starttls hoặc tls.',
        '`security = "none"` in {file} is only for a mail server on this machine; use starttls or tls.',
    ),
    "outgoing.user": (
        "`user` và `password-file` trong {file} phải đi cùng nhau.",
        "`user` and `password-file` in {file} belong together.",
    ),
    "outgoing.private": (
        "`private` trong {file} cần `hosts`: những máy nào trong mạng riêng.",
        "`private` in {file} needs `hosts`: which hosts of the private network.",
    ),
    "outgoing.password": (
        "Không đọc được mật khẩu của máy chủ thư (chi tiết kỹ thuật: {why}).",
        "The password of the mail server cannot be read: {why}.",
    ),
    "outgoing.password-line": (
        "Mật khẩu của máy chủ thư phải là một dòng từ 1 đến 1024 ký tự.",
        "The password of the mail server is one line of 1 to 1024 characters.",
    ),
    # --- figures of a period
    "report.no-log": ("Không có nhật ký {log}.", "There is no log {log}."),
    "report.no-profile": (
        "Nhật ký này chưa có hồ sơ quy chế nào có hiệu lực.",
        "No profile is in force in this log yet.",
    ),
    "report.period-backwards": (
        "Kỳ báo cáo kết thúc trước khi bắt đầu.",
        "The period ends before it begins.",
    ),
    "report.no-period": ("Không có kỳ báo cáo như vậy.", "There is no such period."),
    "report.of": ("{log} ({origin}), {begins} đến {ends}:", "{log} ({origin}), {begins} to {ends}:"),
    "report.total": (
        "  {carried_over} kỳ trước chuyển sang, {received} tiếp nhận trong kỳ, {reopened} mở lại;"
        " {answered} đã trả lời, {fallen_out} không còn tính, {open} chưa trả lời",
        "  {carried_over} carried over, {received} received, {reopened} reopened; {answered} answered,"
        " {fallen_out} fallen out, {open} open",
    ),
    "report.contested": ("  {contested} đang báo lỗi bì", "  {contested} with a package said to be faulty"),
    # --- the commands' answers
    "init.done": (
        "Đã tạo {folder}. Tiếp theo: kynhan-relay admit.",
        "Made {folder}. Next: kynhan-relay admit.",
    ),
    "init.exists": (
        "{folder} đã có máy trung chuyển; chưa thay đổi gì.",
        "{folder} holds a relay already; nothing was changed.",
    ),
    "admit.same-name": (
        "Hai khóa gốc mang tên cùng một đảng ủy.",
        "The two root keys bear the same committee's name.",
    ),
    "admit.exists": (
        "Máy này đã có nhật ký mang tên hoặc tên ký đó.",
        "This relay has a log of that name or origin already.",
    ),
    "admit.slug": (
        "Tên nhật ký gồm 1 đến 40 ký tự a-z, 0-9 và dấu gạch nối.",
        "The name of a log is 1 to 40 of a-z, 0-9 and hyphens.",
    ),
    "admit.committees": ("Một nhật ký có một hoặc hai đảng ủy.", "A log has one or two committees."),
    "admit.root": (
        "Khóa gốc phải là khóa Ed25519 mang tên đảng ủy của nó.",
        "A root key is an Ed25519 key under its committee's name.",
    ),
    "serve.loopback": (
        "--demo-clock chỉ để trình diễn: --listen phải là địa chỉ của chính máy này (loopback).",
        "--demo-clock is for demonstrations: it needs --listen on a loopback address.",
    ),
    "serve.listen": (
        "--listen viết theo dạng HOST:PORT, như 127.0.0.1:8480 hoặc [::1]:8480.",
        "--listen takes HOST:PORT, such as 127.0.0.1:8480 or [::1]:8480.",
    ),
    "clock.confirmed": ("Đã xác nhận: bây giờ là {now}.", "Confirmed: it is {now}."),
    "status.which": ("Phải có --data hoặc --url.", "Give --data or --url."),
    "not-a-relay": (
        "{folder} không phải thư mục dữ liệu của máy trung chuyển: chạy init trước.",
        "{folder} is not the data folder of a relay: run init first.",
    ),
    "folder-in-use": (
        "Một máy trung chuyển đang dùng thư mục dữ liệu này. Hãy dừng nó trước.",
        "A relay is using this data folder. Stop it first.",
    ),
    "folder-in-use-by": (
        "Một máy trung chuyển (tiến trình {process}) đang dùng thư mục dữ liệu này. Hãy dừng nó trước.",
        "A relay (process {process}) is using this data folder. Stop it first.",
    ),
    # --- passphrase and keys
    "passphrase.ask": ("Cụm mật khẩu của máy trung chuyển", "Relay passphrase"),
    "passphrase.both": (
        "--passphrase-file hoặc --passphrase-fd, không dùng cả hai.",
        "Give --passphrase-file or --passphrase-fd, not both.",
    ),
    "passphrase.unreadable": (
        "Không đọc được cụm mật khẩu (chi tiết kỹ thuật: {why}).",
        "The passphrase cannot be read: {why}.",
    ),
    "passphrase.no-terminal": (
        "Không có màn hình để hỏi: dùng --passphrase-file hoặc --passphrase-fd.",
        "No terminal to ask at: give --passphrase-file or --passphrase-fd.",
    ),
    "passphrase.one-line": (
        "Cụm mật khẩu là một dòng, từ 1 đến {most} byte.",
        "A passphrase is one line of 1 to {most} bytes.",
    ),
    "passphrase.public": (
        "người dùng khác của máy này đọc được {file}.",
        "{file} can be read by other users of this machine.",
    ),
    "keyfile.exists": ("{file} đã có sẵn.", "{file} exists already."),
    "keyfile.missing": ("Không có {file}: chạy init trước.", "There is no {file}: run init first."),
    "keyfile.closed": (
        "Không mở được {file}: sai cụm mật khẩu, hoặc tệp hỏng (chi tiết kỹ thuật: {why}).",
        "{file} does not open: wrong passphrase, or damaged ({why}).",
    ),
    "keyfile.other": (
        "{file} không chứa khóa của máy trung chuyển.",
        "{file} does not hold the keys of a relay.",
    ),
    "keyfile.format": ("{file} có dạng khác: {format}.", "{file} has another format: {format}."),
    # --- what the core or the system refuses
    "refused": ("máy trung chuyển từ chối (chi tiết kỹ thuật: {why})", "{why}"),
    "not-a-name": ("tên hoặc khóa không đúng dạng (chi tiết kỹ thuật: {why})", "{why}"),
    "system": ("không dùng được {what} (chi tiết kỹ thuật: {why})", "{why}: {what}."),
    "system.relay": ("máy trung chuyển", "the relay"),
    # --- status
    "status.address": (
        "Địa chỉ của máy trung chuyển bắt đầu bằng http:// hoặc https://.",
        "The address of a relay begins with http:// or https://.",
    ),
    "status.nobody": (
        "Không có máy trung chuyển nào trả lời ở {url} (chi tiết kỹ thuật: {why}).",
        "No relay answers at {url}: {why}.",
    ),
    "status.other": (
        "Nơi trả lời ở {url} không phải máy trung chuyển.",
        "What answers at {url} is no relay.",
    ),
    "database": (
        "Không đọc được cơ sở dữ liệu (chi tiết kỹ thuật: {why}).",
        "The database cannot be read: {why}.",
    ),
    "database.corrupt": (
        "Cơ sở dữ liệu tự mâu thuẫn, máy trung chuyển không chạy (chi tiết kỹ thuật: {why}).",
        "The database contradicts itself, the relay does not start: {why}.",
    ),
    "serve.bind": (
        "Không mở được {host}, cổng {port}, để phục vụ (chi tiết kỹ thuật: {why}).",
        "Cannot listen on {host}, port {port}: {why}.",
    ),
    "status.online": ("{url}: {status}, phiên bản {version}", "{url}: {status}, version {version}"),
    "status.ok": ("bình thường", "ok"),
    "status.unwell": ("có vấn đề", "unwell"),
    "status.failed": ("hỏng", "failed"),
    "status.behind": ("chậm hơn mục đã ký sau cùng", "behind"),
    "status.doubt": ("chờ xác nhận", "doubt"),
    "status.clock": ("  đồng hồ: {state}, {now}{demo}", "  clock {state}, {now}{demo}"),
    "status.demo": (" (DEMO CLOCK, đồng hồ trình diễn: {seconds} s)", " (DEMO CLOCK: {seconds} s)"),
    "status.tick": (
        "  nhịp gần nhất {last} ({result}), mỗi {every} s",
        "  last tick {last} ({result}), every {every} s",
    ),
    "status.notices": (
        "  thư và webhook: {waiting} đang chờ, {sent} đã gửi, {failed} không gửi được",
        "  mail and webhooks: {waiting} waiting, {sent} sent, {failed} failed",
    ),
    "status.never": ("chưa có", "never"),
    "status.none-yet": ("chưa có", "none yet"),
    "status.log-online": (
        "  nhật ký {log}: {size} văn bản ký, đã đối chứng đến {cosigned}",
        "  log {log}: {size} statements, cosigned up to {cosigned}",
    ),
    "status.folder": ("{folder}: {state}, nhịp gần nhất {beat}", "{folder}: {state}, last heartbeat {beat}"),
    "status.at-rest": ("không chạy", "at rest"),
    "status.served": ("đang chạy, tiến trình {process}", "served by process {process}"),
    "status.log-on-disk": (
        "  nhật ký {log}: {size} văn bản ký, lần đối chứng mới nhất ở {cosigned}",
        "  log {log}: {size} statements, newest cosignature at {cosigned}",
    ),
}
