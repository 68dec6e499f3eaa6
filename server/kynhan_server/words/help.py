"""Help of the commands and their options."""

from __future__ import annotations

from typing import Final

HELP: Final[dict[str, tuple[str, str]]] = {
    "": (
        "Máy trung chuyển của Ký nhận: xếp thứ tự, ghi giờ và ký xác nhận các văn bản ký, giữ bì niêm phong, nhắc hạn.",
        "The relay of Kynhan: orders, times and countersigns statements, keeps ciphertext, and reminds.",
    ),
    "init": (
        "Tạo thư mục dữ liệu với các khóa của máy trung chuyển, dưới một cụm mật khẩu.",
        "Make a data folder with the relay's keys, under a passphrase.",
    ),
    "admit": (
        "Mở nhật ký cho quy chế của hai đảng ủy, nêu bằng khóa gốc của họ; in các khóa của chính nhật ký. Một khóa gốc:"
        " nhật ký cho những gì gửi trong nội bộ đảng ủy đó.",
        "Open a log for the agreement of two committees, given by their root keys; print the log's own keys. With one"
        " root key, the log is for what travels inside that committee.",
    ),
    "serve": (
        "Phục vụ thư mục dữ liệu cho đến SIGTERM. Tiến trình thứ hai trên cùng thư mục thì chờ, rồi thay thế. Mỗi sự"
        ' kiện là một dòng JSON trên stderr; dòng "ready" nêu địa chỉ phục vụ.',
        "Serve the data folder until SIGTERM. A second process on the same folder waits, and takes over. One JSON line"
        ' per event goes to stderr; the line "ready" names the address served.',
    ),
    "status": (
        "Xem máy trung chuyển ra sao: đồng hồ, nhịp gần nhất, số mục của từng nhật ký. Mã kết thúc 1 nếu có vấn đề.",
        "Say how a relay is: clock, last tick, size of each log. Status 1 if it is unwell.",
    ),
    "verify-log": (
        "Tính lại từng nhật ký từ các văn bản ký và nêu mọi chỗ không khớp; mã kết thúc 1 nếu có. Khóa của máy lấy từ"
        " hồ sơ quy chế đã ký, hoặc, nếu có cụm mật khẩu, từ chính máy.",
        "Recompute each log from its statements and list every discrepancy; status 1 if there is one. The relay's keys"
        " are those in the attested profiles, or with a passphrase its own.",
    ),
    "confirm-clock": (
        "Báo cho máy trung chuyển đang trả lời `clock-doubt` rằng đồng hồ của máy này giờ đã đúng.",
        "Tell a relay that answers `clock-doubt` that this machine's clock is right now.",
    ),
}

SHORT: Final[dict[str, tuple[str, str]]] = {
    "init": ("Tạo thư mục dữ liệu và khóa", "make a data folder and keys"),
    "admit": ("Mở nhật ký cho hai đảng ủy", "open a log for two committees"),
    "serve": ("Chạy máy trung chuyển", "run the relay"),
    "status": ("Xem máy trung chuyển ra sao", "say how a relay is"),
    "verify-log": ("Tính lại và đối chiếu nhật ký", "recompute and compare the logs"),
    "confirm-clock": ("Xác nhận đồng hồ đã đúng", "confirm that the clock is right"),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "help": ("Xem cách dùng.", "Show this help."),
    "version": ("Xem phiên bản.", "Show the version."),
    "lang": ("Ngôn ngữ (KYNHAN_LANG).", "Language (KYNHAN_LANG)."),
    "data": ("Thư mục dữ liệu của máy trung chuyển.", "The relay's data folder."),
    "passphrase-file": ("Đọc cụm mật khẩu từ tệp.", "Read the passphrase from FILE."),
    "passphrase-fd": ("Đọc cụm mật khẩu từ số mô tả tệp N.", "Read the passphrase from descriptor N."),
    "json": ("In dạng JSON.", "Print JSON."),
    "demo-clock": (
        "Cộng số giây trong tệp vào đồng hồ; chỉ để trình diễn trên chính máy này.",
        "Add the seconds in FILE to the clock; for demonstrations, on loopback only.",
    ),
    "admit.log": (
        "Tên ngắn của nhật ký trong địa chỉ, như ccq-ca.",
        "Short name of the log in addresses, such as ccq-ca.",
    ),
    "admit.origin": (
        "Tên của nhật ký trong chữ ký, như relay.example/kynhan.",
        "Name of the log in signatures, such as relay.example/kynhan.",
    ),
    "admit.url": (
        "Địa chỉ mà các đảng ủy nối đến, ghi vào tệp mà --json in ra.",
        "Address that clients reach the relay at, for the file that --json prints for them.",
    ),
    "serve.listen": ("Địa chỉ phục vụ; cổng 0: cổng bất kỳ.", "Port 0: any."),
    "serve.authority": (
        "Tên mà các thành viên gọi và ký yêu cầu, khi có máy chủ trung gian (proxy) đứng trước.",
        "What members address and sign their requests for, where a proxy stands in front.",
    ),
    "serve.tick": ("Số giây giữa hai nhịp.", "Seconds between ticks."),
    "serve.notices": (
        "Tệp quy định thư và webhook được gửi đi; không nêu thì dùng notices.toml trong thư mục dữ liệu, nếu có.",
        "What may be sent by mail and webhook; without it notices.toml in the data folder, if there is one.",
    ),
    "serve.per-address": (
        "Số kết nối mà một địa chỉ được mở; 0: không hạn chế.",
        "Connections an address may have open; 0: any number.",
    ),
    "serve.per-loopback": (
        "Như trên, cho các địa chỉ của chính máy này.",
        "The same for this machine's own addresses.",
    ),
    "serve.head-seconds": (
        "Phần đầu của yêu cầu được đến trong bao nhiêu giây.",
        "How long the head of a request may take to arrive.",
    ),
    "status.data": ("Của máy đang nghỉ hoặc đang chạy.", "Of a relay at rest or work."),
    "status.url": (
        "Của máy đang chạy, như http://127.0.0.1:8480.",
        "Of a relay at work, such as http://127.0.0.1:8480.",
    ),
    "verify-log.log": ("Chỉ nhật ký này.", "Only this log."),
}

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "kynhan-relay init --data /srv/kynhan",
        "kynhan-relay admit --data /srv/kynhan --log ccq-ca \\\n      --origin relay.example/kynhan \\\n"
        "      ccq.example+9f2a…+AV… ca.example+17c3…+AW…",
        "kynhan-relay serve --data /srv/kynhan --listen 127.0.0.1:8480",
        "kynhan-relay status --url http://127.0.0.1:8480",
        "kynhan-relay verify-log --data /srv/kynhan",
    ),
    "init": ("kynhan-relay init --data /srv/kynhan \\\n      --passphrase-file /run/secrets/kynhan",),
    "admit": (
        "kynhan-relay admit --data /srv/kynhan --log ccq-ca \\\n      --origin relay.example/kynhan \\\n"
        "      ccq.example+9f2a…+AV… ca.example+17c3…+AW…",
    ),
    "serve": (
        "kynhan-relay serve --data /srv/kynhan --listen 127.0.0.1:8480 \\\n      --authority kynhan.example",
    ),
    "status": (
        "kynhan-relay status --url http://127.0.0.1:8480",
        "kynhan-relay status --data /srv/kynhan --json",
    ),
    "verify-log": ("kynhan-relay verify-log --data /srv/kynhan --log ccq-ca",),
    "confirm-clock": ("kynhan-relay confirm-clock --data /srv/kynhan",),
}
