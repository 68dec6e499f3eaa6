"""What can go wrong with sending and receiving."""

from __future__ import annotations

from typing import Final

from .told import Told

TROUBLE: Final[dict[str, Told]] = {
    # --- sending and receiving
    "secrecy-above-ceiling": Told(
        "a document marked {marking} may not travel here: the profile allows at most {most}",
        "văn bản có độ mật {marking} không được gửi qua đây: bản quy ước chỉ cho đến {most}",
        "Law 117/2025/QH15 (Article 5 clause 2, since 1 March 2026) forbids drafting or keeping state secrets on a"
        " machine joined to any network but an isolated LAN inside one headquarters: send it as the law prescribes.",
        "Luật 117/2025/QH15 (Điều 5 khoản 2, từ ngày 01/3/2026) cấm soạn thảo, lưu giữ bí mật nhà nước trên máy có nối"
        " mạng, trừ mạng LAN độc lập trong một trụ sở: gửi theo đường quy định.",
    ),
    "needs-approver": Told(
        "{kind}, marked {marking}: a second person has to approve it, and this program cannot have one sign yet",
        "{kind}, độ mật {marking}: phải có người duyệt phát hành ký, mà chương trình này chưa lấy được chữ ký đó",
        "Nothing was sealed: the other side would find it faulty. Send it the way the law prescribes.",
        "Chưa niêm phong gì: bên kia mở ra sẽ báo lỗi bì. Gửi theo đường quy định.",
    ),
    "missing-file": Told(
        "there is no file {path}",
        "không có tệp {path}",
        "Check the name; nothing was done.",
        "Kiểm tra tên tệp; chưa làm gì.",
    ),
    "unreadable-file": Told(
        "{path} cannot be read: {why}",
        "không đọc được tệp {path}: {why}",
        "Check the file; nothing was done.",
        "Kiểm tra tệp; chưa làm gì.",
    ),
    "file-changed": Told(
        "{path} changed while it was being sealed",
        "tệp {path} bị sửa trong khi đang niêm phong",
        "Close the program that has it open and send again; nothing was sent.",
        "Đóng chương trình đang mở tệp rồi gửi lại; chưa gửi gì.",
    ),
    "bad-file-name": Told(
        "the file name {name} cannot travel in a package: {why}",
        "tên tệp {name} không gửi được trong bì: {why}",
        "Rename the file; nothing was sealed or sent.",
        "Đổi tên tệp; chưa niêm phong, chưa gửi gì.",
    ),
    "bad-cover": Told(
        "{path} cannot be read as register fields: {why}",
        "không đọc được thông tin văn bản trong {path}: {why}",
        "Compare it with examples/dossier/cover.toml.",
        "So với tệp mẫu examples/dossier/cover.toml.",
    ),
    "bad-letter": Told(
        "this cannot be sent like that: {why}",
        "không gửi được như vậy: {why}",
        "Nothing was sealed or sent; change it and send again.",
        "Chưa niêm phong, chưa gửi gì; sửa lại rồi gửi.",
    ),
    "bad-code": Told(
        "{given} is not a reason that can be given here; possible are: {possible}",
        "mã lý do {given} không dùng được ở đây; các mã dùng được: {possible}",
        "Choose one of them.",
        "Chọn một trong các mã đó.",
    ),
    "ambiguous": Told(
        "{prefix} is the beginning of more than one number",
        "{prefix} trùng phần đầu của nhiều số",
        "Give more of its characters.",
        "Nhập thêm ký tự.",
    ),
    "case-given": Told(
        "the number {given} is that of a case; this takes that of one dispatch (a package) in it",
        "số {given} là của một việc phối hợp; ở đây cần số của một lượt gửi (một bì) trong việc đó",
        "`kynhan case {given}` lists its dispatches with their numbers.",
        "`kynhan case {given}` liệt kê các lượt gửi của việc, kèm số của từng lượt.",
    ),
    "dispatch-given": Told(
        "the number {given} is that of one dispatch (a package); this takes that of its case",
        "số {given} là của một lượt gửi (một bì); ở đây cần số của việc phối hợp",
        "Its case is {case}.",
        "Lượt gửi này thuộc việc {case}.",
    ),
    "not-signed-for": Told(
        "the package cannot be opened yet: the relay keeps its header (the key to it) back until it is signed for",
        "chưa mở được bì: máy trung chuyển giữ khóa mở bì cho đến khi ký nhận",
        "Sign for it first: `kynhan sign {dispatch}`. Signing means that the package is here and whole;"
        " not that you agree with it.",
        "Ký nhận trước: `kynhan sign {dispatch}`. Ký nhận nghĩa là đã nhận đủ bì;"
        " không có nghĩa là đồng ý với nội dung.",
    ),
    "header-missing": Told(
        "the package is signed for, but its header (the key to it) has not come yet",
        "đã ký nhận nhưng khóa mở bì chưa về",
        "Run `kynhan sync`. If it never comes: `kynhan open {dispatch} --undelivered` records it.",
        "Chạy `kynhan sync`. Nếu khóa không về: `kynhan open {dispatch} --undelivered` để ghi nhận.",
    ),
    "body-missing": Told(
        "the body of this package is not here",
        "nội dung bì chưa có ở đây",
        "Fetch it first: `kynhan fetch {dispatch}`.",
        "Tải về trước: `kynhan fetch {dispatch}`.",
    ),
    "file-exists": Told(
        "{path} exists already",
        "{path} đã có sẵn",
        "Choose another name or folder; a command that has --force overwrites it so.",
        "Chọn tên hoặc thư mục khác; lệnh nào có --force thì ghi đè được.",
    ),
    "not-final": Told(
        "not every receipt needed is there yet: {why}",
        "chưa có đủ biên nhận cần thiết: {why}",
        "Run `kynhan sync` once both witnesses have run, then try again.",
        "Chạy `kynhan sync` sau khi hai bên đối chứng đã chạy, rồi thử lại.",
    ),
    "frozen": Told(
        "this home is frozen: the relay has signed a contradiction ({why})",
        "thư mục này đã bị khóa lại: máy trung chuyển đã ký những điều mâu thuẫn nhau ({why})",
        "Sign and send nothing. The proof lies in {evidence}: take it to the other committee and the relay's operator.",
        "Không ký, không gửi gì. Bằng chứng ở {evidence}: đưa cho đảng ủy bên kia và người vận hành.",
    ),
    "not-found": Told(
        "{what} is not there, or not for you",
        "không có {what}, hoặc không dành cho bạn",
        "Check the number, and run `kynhan sync`.",
        "Kiểm tra lại số, và chạy `kynhan sync`.",
    ),
    "not-now": Told(
        "this cannot be done now: {why}",
        "chưa thể làm việc này: {why}",
        "See where the case stands with `kynhan case`.",
        "Xem tình trạng việc bằng `kynhan case`.",
    ),
    "no-calendar": Told(
        "the date cannot be counted: {why}",
        "không tính được hạn: {why}",
        "The shipped calendar has 2023 to 2027; give another one with --calendar.",
        "Lịch kèm theo có từ 2023 đến 2027; dùng lịch khác bằng --calendar.",
    ),
    "interrupted": Told(
        "stopped before the end",
        "đã dừng giữa chừng",
        "Repeat the command, or `kynhan sync`: it goes on where it stopped.",
        "Chạy lại lệnh, hoặc `kynhan sync`: việc được tiếp tục từ chỗ dừng.",
    ),
    "interrupted-seal": Told(
        "stopped while sealing",
        "đã dừng khi đang niêm phong",
        "Nothing was sent; give the command again.",
        "Chưa gửi gì; chạy lại lệnh.",
    ),
    "interrupted-upload": Told(
        "stopped while sending",
        "đã dừng khi đang gửi",
        "The package is sealed and kept: `kynhan sync` goes on where it stopped.",
        "Bì đã niêm phong được giữ lại: `kynhan sync` gửi tiếp từ chỗ dừng.",
    ),
    "interrupted-fetch": Told(
        "stopped while fetching",
        "đã dừng khi đang tải bì về",
        "What came is kept: the same command goes on where it stopped. Nothing was signed.",
        "Phần đã tải được giữ lại: chạy lại lệnh để tải tiếp. Chưa ký gì.",
    ),
    "interrupted-open": Told(
        "stopped while opening",
        "đã dừng khi đang mở bì",
        "Nothing was reported; open it again.",
        "Chưa báo kết quả mở; mở lại bằng lệnh cũ.",
    ),
    "interrupted-watch": Told(
        "stopped following",
        "đã dừng theo dõi",
        "Nothing is lost: what comes meanwhile is read the next time.",
        "Không mất gì: việc đến trong lúc này sẽ được đọc ở lần sau.",
    ),
}
