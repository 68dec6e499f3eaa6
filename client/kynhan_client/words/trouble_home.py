"""What can go wrong with a home, its keys and its members."""

from __future__ import annotations

from typing import Final

from .told import Told

TROUBLE: Final[dict[str, Told]] = {
    # --- the home folder
    "no-home": Told(
        "there is no Kynhan home in {path}",
        "không có thư mục Ký nhận tại {path}",
        "Make one with `kynhan init`, or name another with --home.",
        "Tạo bằng `kynhan init`, hoặc chỉ thư mục khác bằng --home.",
    ),
    "home-exists": Told(
        "{path} is not empty",
        "thư mục {path} đã có dữ liệu",
        "Choose an empty folder; keys that exist are never overwritten.",
        "Chọn thư mục trống; khóa đã có không bao giờ bị ghi đè.",
    ),
    "home-in-use": Told(
        "another Kynhan command is working in {path}",
        "một lệnh Ký nhận khác đang chạy trong {path}",
        "Wait for it to end and try again.",
        "Chờ lệnh đó kết thúc rồi thử lại.",
    ),
    "home-damaged": Told(
        "the home is damaged: {what}",
        "thư mục Ký nhận bị hỏng: {what}",
        "Restore it from a backup; do not go on working in it.",
        "Khôi phục từ bản sao lưu; không làm việc tiếp trong thư mục này.",
    ),
    "wrong-passphrase": Told(
        "the passphrase is wrong",
        "sai cụm mật khẩu",
        "Try again; nothing was changed.",
        "Nhập lại; chưa có gì bị thay đổi.",
    ),
    "weak-passphrase": Told(
        "the passphrase is too short: at least {least} characters",
        "cụm mật khẩu quá ngắn: cần ít nhất {least} ký tự",
        "Choose a longer one, such as five or six words.",
        "Chọn cụm dài hơn, chẳng hạn năm, sáu từ.",
    ),
    "no-passphrase": Told(
        "there is no terminal to ask for the passphrase",
        "không có màn hình để hỏi cụm mật khẩu",
        "Give --passphrase-file or --passphrase-fd.",
        "Dùng --passphrase-file hoặc --passphrase-fd.",
    ),
    "passphrases-differ": Told(
        "the two passphrases differ",
        "hai lần nhập cụm mật khẩu không giống nhau",
        "Do it again; nothing was made.",
        "Nhập lại; chưa tạo gì.",
    ),
    "needs-confirmation": Told(
        "this cannot be taken back and has to be confirmed",
        "việc này không rút lại được nên cần xác nhận",
        "Repeat the command with --yes.",
        "Chạy lại lệnh với --yes.",
    ),
    "not-confirmed": Told(
        "nothing was done",
        "chưa làm gì",
        "Repeat the command when you are sure.",
        "Chạy lại lệnh khi đã chắc chắn.",
    ),
    "disk-full": Told(
        "no space left while writing {path}",
        "hết chỗ trống khi ghi {path}",
        "Free some space and repeat the command; it goes on where it stopped.",
        "Giải phóng chỗ trống rồi chạy lại lệnh; việc được tiếp tục từ chỗ dừng.",
    ),
    "system": Told(
        "{path} cannot be used: {why}",
        "không dùng được {path}: {why}",
        "Check its name and permissions and repeat the command.",
        "Kiểm tra tên và quyền rồi chạy lại lệnh.",
    ),
    "not-text": Told(
        "something on the command line is not UTF-8 text",
        "trên dòng lệnh có phần không phải văn bản UTF-8",
        "Type it again, in a terminal that is set to UTF-8.",
        "Gõ lại trong cửa sổ lệnh dùng bảng mã UTF-8.",
    ),
    "unexpected": Told(
        "something went wrong that this program did not foresee ({what})",
        "có lỗi mà chương trình chưa lường trước ({what})",
        "Repeat the command; if it stays, run it with KYNHAN_DEBUG=1 and report what it prints.",
        "Chạy lại lệnh; nếu vẫn vậy, chạy với KYNHAN_DEBUG=1 và báo nội dung in ra.",
    ),
    "bad-name": Told(
        "{name} is not a name that can be used here: {why}",
        "tên {name} không dùng được: {why}",
        "Names are lower-case ASCII: a committee ccq.example, a member ccq.example/van-thu.",
        "Tên viết bằng chữ thường không dấu: đảng ủy ccq.example, người được cấp khóa ccq.example/van-thu.",
    ),
    "no-relay": Told(
        "this home does not know its relay yet",
        "thư mục này chưa có địa chỉ máy trung chuyển",
        "Give the file that the relay's operator made with `kynhan-relay admit`.",
        "Nhập tệp do người vận hành máy trung chuyển tạo bằng `kynhan-relay admit`.",
    ),
    "holders-alike": Told(
        "the holder “{holder}” differs in diacritics alone from “{other}” ({member})",
        "người giữ khóa “{holder}” chỉ khác dấu với “{other}” ({member})",
        "One person: spell it as certified with --holder. Two persons: repeat the command with --yes.",
        "Nếu là một người: ghi đúng như đã cấp bằng --holder. Nếu là hai người: chạy lại lệnh với --yes.",
    ),
    "no-root-key": Told(
        "the root key of {committee} is not in this home",
        "khóa gốc của {committee} không có trong thư mục này",
        "Do this in the home that holds the root key.",
        "Thực hiện việc này tại thư mục giữ khóa gốc.",
    ),
    "no-witness-key": Told(
        "this home has no witness key",
        "thư mục này không có khóa đối chứng",
        "Run the witness in the home that was made with one.",
        "Chạy bên đối chứng tại thư mục có khóa đối chứng.",
    ),
    "demo-clock": Told(
        "--demo-clock is honoured only for a relay on this machine",
        "--demo-clock chỉ dùng được với máy trung chuyển trên chính máy này",
        "Leave the option out.",
        "Bỏ tùy chọn này.",
    ),
    "bad-file": Told(
        "{path} is not what it should be: {why}",
        "tệp {path} không đúng dạng: {why}",
        "Ask for the file again.",
        "Đề nghị gửi lại tệp.",
    ),
    # --- members and trust
    "not-compared": Told(
        "the keys have not been compared with the other committee",
        "chưa đối chiếu mã khóa với đảng ủy bên kia",
        "Compare the 60 digits in person: `kynhan trust`.",
        "Đối chiếu trực tiếp 60 chữ số: `kynhan trust`.",
    ),
    "keys-differ": Told(
        "the 60 digits differ: these are not the keys the other side has",
        "60 chữ số không khớp: hai bên đang thấy các khóa khác nhau",
        "Send nothing. Find out together which group of digits differs, and tell whoever runs the relay.",
        "Không gửi gì. Hai bên cùng tìm nhóm chữ số khác nhau và báo người vận hành máy trung chuyển.",
    ),
    "keys-missing": Told(
        "not all keys are known yet: {what}",
        "chưa có đủ khóa: {what}",
        "Wait until the other committee has posted its members, then run `kynhan sync`.",
        "Chờ đảng ủy bên kia công bố người được cấp khóa rồi chạy `kynhan sync`.",
    ),
    "unknown-recipient": Told(
        "nobody is certified under the name {name}",
        "không có người (đơn vị) được cấp khóa nào tên {name}",
        "See the names with `kynhan trust`, and run `kynhan sync`.",
        "Xem các tên bằng `kynhan trust`, và chạy `kynhan sync`.",
    ),
    "member-expired": Told(
        "the key of {member} is not in force: {why}",
        "khóa của {member} không còn hiệu lực: {why}",
        "Ask the holder of the root key for a new certification (`kynhan invite`).",
        "Đề nghị người giữ khóa gốc cấp lại (`kynhan invite`).",
    ),
    "not-certified": Told(
        "{member} is not certified yet",
        "{member} chưa được cấp khóa",
        "Have the holder of the root key certify it (`kynhan invite`), then run `kynhan sync`.",
        "Đề nghị người giữ khóa gốc cấp khóa (`kynhan invite`), rồi chạy `kynhan sync`.",
    ),
    "wrong-role": Told(
        "{member} may not do this: it takes the role {role}",
        "{member} không được làm việc này: cần vai trò {role}",
        "Have somebody with that role do it.",
        "Nhờ người có vai trò đó thực hiện.",
    ),
    "no-profile": Told(
        "no profile is in force yet: both committees have to attest the same one",
        "chưa có hồ sơ quy chế nào có hiệu lực: hai đảng ủy phải cùng ký một bản",
        "`kynhan profile sign` on both sides, then `kynhan sync`.",
        "Hai bên chạy `kynhan profile sign`, rồi `kynhan sync`.",
    ),
    "no-proposal": Told(
        "the other committee has attested no profile that waits for us",
        "đảng ủy bên kia chưa ký bản quy ước nào đang chờ ta",
        "Give the file to attest, or wait for the other side.",
        "Nêu tệp cần ký, hoặc chờ bên kia ký.",
    ),
}
