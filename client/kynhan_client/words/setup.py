"""Words of the screens about the home, keys, trust and the profile; and what every screen asks."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "help.commands": ("Lệnh", "commands"),
    "help.examples": ("Ví dụ", "examples"),
    "help.both-passphrases": (
        "--passphrase-file hoặc --passphrase-fd, không dùng cả hai",
        "--passphrase-file or --passphrase-fd, not both",
    ),
    "help.wrong": ("Lệnh chưa đúng", "not understood"),
    "help.see": ("Xem", "see"),
    "ask.passphrase": ("Cụm mật khẩu của {path}: ", "Passphrase of {path}: "),
    "ask.new-passphrase": ("Đặt cụm mật khẩu cho {path}: ", "New passphrase for {path}: "),
    "ask.again": ("Nhập lại: ", "Once more: "),
    "typed.cleaned": (
        "Đã bỏ {count} ký tự không nhìn thấy được trong phần chữ nhập vào",
        "Left {count} characters that cannot be seen out of what was typed",
    ),
    "ask.yes-no": ("[c/K]", "[y/N]"),
    # init, invite
    "init.made": ("Đã tạo thư mục Ký nhận {path} cho {member}", "Made the home {path} for {member}"),
    "init.root": ("Khóa gốc của {committee}:", "Root key of {committee}:"),
    "init.root-next": (
        "Gửi dòng này cho người vận hành máy trung chuyển (`kynhan-relay admit`).",
        "Give this line to the relay's operator (`kynhan-relay admit`).",
    ),
    "init.request": (
        "Tệp đề nghị cấp khóa: {path}. Đưa cho người giữ khóa gốc.",
        "Request: {path}. Give it to the holder of the root key.",
    ),
    "init.passphrase": (
        "Giữ kỹ cụm mật khẩu: mất nó thì không ai mở lại được thư mục này.",
        "Keep the passphrase safe: without it nobody can open this home again.",
    ),
    "invite.alike": (
        "Người giữ khóa “{holder}” chỉ khác dấu với “{other}” ({member}). Nếu là một người, dùng --holder để ghi đúng"
        " như đã cấp; nếu không, chương trình coi là hai người.",
        "The holder “{holder}” differs in diacritics alone from “{other}” ({member}). If it is one person, spell it as"
        " certified with --holder; else they count as two persons.",
    ),
    "invite.ask-alike": ("Là hai người khác nhau?", "Are they two persons?"),
    "invite.made": (
        "Đã cấp khóa cho {member}: {path}. Đưa lại cho người đó.",
        "Certified {member}: {path}. Give it back to them.",
    ),
    # trust
    "trust.connected": ("Đã nối với {origin} tại {url}", "Connected to {origin} at {url}"),
    "trust.posted": (
        "Đã công bố {count} người được cấp khóa của {committee}",
        "Posted {count} members of {committee}",
    ),
    "trust.joined": ("Đã nhận cấp khóa: {member}", "Membership taken: {member}"),
    "trust.missing": (
        "Chưa có đủ khóa của {committees}; chạy lại khi bên kia đã công bố",
        "Not all keys of {committees} are known yet; run this again once they are posted",
    ),
    "trust.digits": ("Mã đối chiếu khóa", "Fingerprint"),
    "trust.how": (
        "Đọc cho văn thư bên kia nghe trực tiếp, rồi mỗi bên chạy `kynhan trust --digits`.",
        "Read it to the other clerk in person; then both run `kynhan trust --digits`.",
    ),
    "trust.compared": ("Đã đối chiếu: khóa hai bên khớp nhau", "Compared: both sides have the same keys"),
    "trust.not-compared": ("Chưa đối chiếu với bên kia", "Not compared with the other side yet"),
    "trust.member": ("Được cấp khóa", "member"),
    "trust.holder": ("Người giữ", "holder"),
    "trust.roles": ("Vai trò", "roles"),
    "trust.until": ("Đến ngày", "until"),
    # status
    "status.home": ("Thư mục", "home"),
    "status.member": ("Người được cấp khóa", "member"),
    "status.roles": ("Vai trò", "roles"),
    "status.relay": ("Máy trung chuyển", "relay"),
    "status.log": ("Nhật ký", "log"),
    "status.entries": (
        "{size} mục, hai bên đối chứng đến mục {cosigned}",
        "{size} entries, {cosigned} of them witnessed by both sides",
    ),
    "status.trust": ("Đối chiếu khóa", "keys"),
    "status.profile": ("Quy ước", "profile"),
    "status.outbox": ("Chờ gửi", "waiting to be sent"),
    "status.see-outbox": ("{count} (xem bằng `kynhan outbox`)", "{count} (see `kynhan outbox`)"),
    "status.alarms": ("Cảnh báo", "alarms"),
    "status.clock": ("Đồng hồ trình diễn", "demonstration clock"),
    "status.clock-moved": (
        "{file}, lệch {seconds} giây: bây giờ là {now}",
        "{file}, moved by {seconds} seconds: it is {now}",
    ),
    "status.none": ("chưa có", "none"),
    "status.frozen": ("Thư mục đã khóa lại: {why}", "This home is frozen: {why}"),
    # profile
    "profile.written": ("Đã ghi bản quy ước {path}", "Wrote the profile {path}"),
    "profile.next": (
        "Đọc và sửa nếu cần, rồi `kynhan profile sign {path}`.",
        "Read it, edit it if need be, then `kynhan profile sign {path}`.",
    ),
    "profile.document": ("Mã băm SHA-256: {sha256}", "SHA-256: {sha256}"),
    "profile.in-force": ("Bản này đang có hiệu lực", "This one is in force"),
    "profile.proposed": (
        "Bản này do {committees} ký, chờ bên còn lại",
        "Attested by {committees}, waiting for the other side",
    ),
    "profile.changes": ("Khác với bản đang có hiệu lực:", "What changes against the one in force:"),
    "profile.ask": ("Ký xác nhận bản quy ước này cho {committee}?", "Attest this profile for {committee}?"),
    "profile.signed": (
        "Đã ký; chờ đảng ủy bên kia ký cùng bản này",
        "Attested; waiting for the other committee",
    ),
    "profile.signed-in-force": (
        "Đã ký; bản quy ước có hiệu lực từ bây giờ",
        "Attested; the profile is in force from now on",
    ),
}
