"""Everything that can go wrong for a user, each with one sentence and what to do next, in English and Vietnamese.

    raise problem("missing-file", path="to-trinh.pdf")

A code is stable (scripts and tests may rely on it); the words are not. Data given beside the code fills the blanks of
the sentence and travels with the error, so that `--json` can show it. What is not the same in both languages is a Pair
from clauses.py, or an exception, which clauses.py puts into words.
"""

from __future__ import annotations

from dataclasses import dataclass

from .clauses import Pair, filled


class ClientError(Exception):
    """An error that a user can meet: `code`, a sentence (`en`, `vi`), advice, and the `data` it is about."""

    def __init__(
        self, code: str, en: str, vi: str, advice_en: str = "", advice_vi: str = "", **data: object
    ) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.vi = vi
        self.advice_en = advice_en
        self.advice_vi = advice_vi
        self.data = data

    def __str__(self) -> str:
        return f"{self.code}: {self.en}"

    @property
    def pair(self) -> Pair:
        """The sentence in both languages, to stand in another one."""
        return self.vi, self.en


@dataclass(frozen=True)
class Words:
    """A sentence and an advice in two languages; blanks are `{name}`."""

    en: str
    vi: str
    advice_en: str = ""
    advice_vi: str = ""


def problem(code: str, **data: object) -> ClientError:
    """The error `code` of the table below, its blanks filled from `data`. A code that is not there is a KeyError.

    In the error's own `data` a Pair or an exception stands in English.
    """
    words = WORDS[code]
    vi, en = _Blanks(filled(data, 0)), _Blanks(filled(data, 1))
    return ClientError(
        code,
        words.en.format_map(en),
        words.vi.format_map(vi),
        words.advice_en.format_map(en),
        words.advice_vi.format_map(vi),
        **en,
    )


class _Blanks(dict[str, object]):
    """A blank that nobody filled shows as `?`: an error must never fail while it is being told."""

    def __missing__(self, key: str) -> object:
        return "?"


WORDS: dict[str, Words] = {
    # --- the home folder
    "no-home": Words(
        "there is no Kynhan home in {path}",
        "không có thư mục Ký nhận tại {path}",
        "Make one with `kynhan init`, or name another with --home.",
        "Tạo bằng `kynhan init`, hoặc chỉ thư mục khác bằng --home.",
    ),
    "home-exists": Words(
        "{path} is not empty",
        "thư mục {path} đã có dữ liệu",
        "Choose an empty folder; keys that exist are never overwritten.",
        "Chọn thư mục trống; khóa đã có không bao giờ bị ghi đè.",
    ),
    "home-in-use": Words(
        "another Kynhan command is working in {path}",
        "một lệnh Ký nhận khác đang chạy trong {path}",
        "Wait for it to end and try again.",
        "Chờ lệnh đó kết thúc rồi thử lại.",
    ),
    "home-damaged": Words(
        "the home is damaged: {what}",
        "thư mục Ký nhận bị hỏng: {what}",
        "Restore it from a backup; do not go on working in it.",
        "Khôi phục từ bản sao lưu; không làm việc tiếp trong thư mục này.",
    ),
    "wrong-passphrase": Words(
        "the passphrase is wrong",
        "sai cụm mật khẩu",
        "Try again; nothing was changed.",
        "Nhập lại; chưa có gì bị thay đổi.",
    ),
    "weak-passphrase": Words(
        "the passphrase is too short: at least {least} characters",
        "cụm mật khẩu quá ngắn: cần ít nhất {least} ký tự",
        "Choose a longer one, such as five or six words.",
        "Chọn cụm dài hơn, chẳng hạn năm, sáu từ.",
    ),
    "no-passphrase": Words(
        "there is no terminal to ask for the passphrase",
        "không có màn hình để hỏi cụm mật khẩu",
        "Give --passphrase-file or --passphrase-fd.",
        "Dùng --passphrase-file hoặc --passphrase-fd.",
    ),
    "passphrases-differ": Words(
        "the two passphrases differ",
        "hai lần nhập cụm mật khẩu không giống nhau",
        "Do it again; nothing was made.",
        "Nhập lại; chưa tạo gì.",
    ),
    "needs-confirmation": Words(
        "this cannot be taken back and has to be confirmed",
        "việc này không rút lại được nên cần xác nhận",
        "Repeat the command with --yes.",
        "Chạy lại lệnh với --yes.",
    ),
    "not-confirmed": Words(
        "nothing was done",
        "chưa làm gì",
        "Repeat the command when you are sure.",
        "Chạy lại lệnh khi đã chắc chắn.",
    ),
    "disk-full": Words(
        "no space left while writing {path}",
        "hết chỗ trống khi ghi {path}",
        "Free some space and repeat the command; it goes on where it stopped.",
        "Giải phóng chỗ trống rồi chạy lại lệnh; việc được tiếp tục từ chỗ dừng.",
    ),
    "system": Words(
        "{path} cannot be used: {why}",
        "không dùng được {path}: {why}",
        "Check its name and permissions and repeat the command.",
        "Kiểm tra tên và quyền rồi chạy lại lệnh.",
    ),
    "unexpected": Words(
        "something went wrong that this program did not foresee ({what})",
        "có lỗi mà chương trình chưa lường trước ({what})",
        "Repeat the command; if it stays, run it with KYNHAN_DEBUG=1 and report what it prints.",
        "Chạy lại lệnh; nếu vẫn vậy, chạy với KYNHAN_DEBUG=1 và báo nội dung in ra.",
    ),
    "bad-name": Words(
        "{name} is not a name that can be used here: {why}",
        "tên {name} không dùng được: {why}",
        "Names are lower-case ASCII: a committee ccq.example, a member ccq.example/van-thu.",
        "Tên viết bằng chữ thường không dấu: đảng ủy ccq.example, người được cấp khóa ccq.example/van-thu.",
    ),
    "no-relay": Words(
        "this home does not know its relay yet",
        "thư mục này chưa có địa chỉ máy trung chuyển",
        "Give the file that the relay's operator made with `kynhan-relay admit`.",
        "Nhập tệp do người vận hành máy trung chuyển tạo bằng `kynhan-relay admit`.",
    ),
    "no-root-key": Words(
        "the root key of {committee} is not in this home",
        "khóa gốc của {committee} không có trong thư mục này",
        "Do this in the home that holds the root key.",
        "Thực hiện việc này tại thư mục giữ khóa gốc.",
    ),
    "no-witness-key": Words(
        "this home has no witness key",
        "thư mục này không có khóa đối chứng",
        "Run the witness in the home that was made with one.",
        "Chạy bên đối chứng tại thư mục có khóa đối chứng.",
    ),
    "demo-clock": Words(
        "--demo-clock is honoured only for a relay on this machine",
        "--demo-clock chỉ dùng được với máy trung chuyển trên chính máy này",
        "Leave the option out.",
        "Bỏ tùy chọn này.",
    ),
    "bad-file": Words(
        "{path} is not what it should be: {why}",
        "tệp {path} không đúng dạng: {why}",
        "Ask for the file again.",
        "Đề nghị gửi lại tệp.",
    ),
    # --- members and trust
    "not-compared": Words(
        "the keys have not been compared with the other committee",
        "chưa đối chiếu mã khóa với đảng ủy bên kia",
        "Compare the 60 digits in person: `kynhan trust`.",
        "Đối chiếu trực tiếp 60 chữ số: `kynhan trust`.",
    ),
    "keys-differ": Words(
        "the 60 digits differ: these are not the keys the other side has",
        "60 chữ số không khớp: hai bên đang thấy các khóa khác nhau",
        "Send nothing. Find out together which group of digits differs, and tell whoever runs the relay.",
        "Không gửi gì. Hai bên cùng tìm nhóm chữ số khác nhau và báo người vận hành máy trung chuyển.",
    ),
    "keys-missing": Words(
        "not all keys are known yet: {what}",
        "chưa có đủ khóa: {what}",
        "Wait until the other committee has posted its members, then run `kynhan sync`.",
        "Chờ đảng ủy bên kia công bố người được cấp khóa rồi chạy `kynhan sync`.",
    ),
    "unknown-recipient": Words(
        "nobody is certified under the name {name}",
        "không có người (đơn vị) được cấp khóa nào tên {name}",
        "See the names with `kynhan trust`, and run `kynhan sync`.",
        "Xem các tên bằng `kynhan trust`, và chạy `kynhan sync`.",
    ),
    "member-expired": Words(
        "the key of {member} is not in force: {why}",
        "khóa của {member} không còn hiệu lực: {why}",
        "Ask the holder of the root key for a new certification (`kynhan invite`).",
        "Đề nghị người giữ khóa gốc cấp lại (`kynhan invite`).",
    ),
    "not-certified": Words(
        "{member} is not certified yet",
        "{member} chưa được cấp khóa",
        "Have the holder of the root key certify it (`kynhan invite`), then run `kynhan sync`.",
        "Đề nghị người giữ khóa gốc cấp khóa (`kynhan invite`), rồi chạy `kynhan sync`.",
    ),
    "wrong-role": Words(
        "{member} may not do this: it takes the role {role}",
        "{member} không được làm việc này: cần vai trò {role}",
        "Have somebody with that role do it.",
        "Nhờ người có vai trò đó thực hiện.",
    ),
    "no-profile": Words(
        "no profile is in force yet: both committees have to attest the same one",
        "chưa có hồ sơ quy chế nào có hiệu lực: hai đảng ủy phải cùng ký một bản",
        "`kynhan profile sign` on both sides, then `kynhan sync`.",
        "Hai bên chạy `kynhan profile sign`, rồi `kynhan sync`.",
    ),
    "no-proposal": Words(
        "the other committee has attested no profile that waits for us",
        "đảng ủy bên kia chưa ký bản quy ước nào đang chờ ta",
        "Give the file to attest, or wait for the other side.",
        "Nêu tệp cần ký, hoặc chờ bên kia ký.",
    ),
    # --- sending and receiving
    "secrecy-above-ceiling": Words(
        "the marking {secrecy} may not travel here: the profile allows at most {ceiling}",
        "độ mật {secrecy} không được gửi qua đây: hồ sơ quy chế chỉ cho đến {ceiling}",
        "Higher markings legally need a certified cipher and channel; send it the way the law prescribes.",
        "Độ mật cao hơn phải dùng mật mã và kênh được cơ quan có thẩm quyền chứng nhận; gửi theo đường quy định.",
    ),
    "missing-file": Words(
        "there is no file {path}",
        "không có tệp {path}",
        "Check the name; nothing was sealed or sent.",
        "Kiểm tra tên tệp; chưa niêm phong, chưa gửi gì.",
    ),
    "unreadable-file": Words(
        "{path} cannot be read: {why}",
        "không đọc được tệp {path}: {why}",
        "Check the file; nothing was sealed or sent.",
        "Kiểm tra tệp; chưa niêm phong, chưa gửi gì.",
    ),
    "file-changed": Words(
        "{path} changed while it was being sealed",
        "tệp {path} bị sửa trong khi đang niêm phong",
        "Close the program that has it open and send again; nothing was sent.",
        "Đóng chương trình đang mở tệp rồi gửi lại; chưa gửi gì.",
    ),
    "bad-file-name": Words(
        "the file name {name} cannot travel in a package: {why}",
        "tên tệp {name} không gửi được trong bì: {why}",
        "Rename the file; nothing was sealed or sent.",
        "Đổi tên tệp; chưa niêm phong, chưa gửi gì.",
    ),
    "bad-cover": Words(
        "{path} cannot be read as register fields: {why}",
        "không đọc được thông tin văn bản trong {path}: {why}",
        "Compare it with examples/dossier/cover.toml.",
        "So với tệp mẫu examples/dossier/cover.toml.",
    ),
    "bad-letter": Words(
        "this cannot be sent like that: {why}",
        "không gửi được như vậy: {why}",
        "Nothing was sealed or sent; change it and send again.",
        "Chưa niêm phong, chưa gửi gì; sửa lại rồi gửi.",
    ),
    "bad-code": Words(
        "{given} is not a reason that can be given here; possible are: {possible}",
        "mã lý do {given} không dùng được ở đây; các mã dùng được: {possible}",
        "Choose one of them.",
        "Chọn một trong các mã đó.",
    ),
    "ambiguous": Words(
        "{prefix} is the beginning of more than one number",
        "{prefix} trùng phần đầu của nhiều số",
        "Give more of its characters.",
        "Nhập thêm ký tự.",
    ),
    "not-signed-for": Words(
        "the package cannot be opened yet: the relay keeps its header (the key to it) back until it is signed for",
        "chưa mở được bì: máy trung chuyển giữ khóa mở bì cho đến khi ký nhận",
        "Sign for it first: `kynhan sign {dispatch}`. Signing means that the package is here and whole;"
        " not that you agree with it.",
        "Ký nhận trước: `kynhan sign {dispatch}`. Ký nhận nghĩa là đã nhận đủ bì;"
        " không có nghĩa là đồng ý với nội dung.",
    ),
    "header-missing": Words(
        "the package is signed for, but its header (the key to it) has not come yet",
        "đã ký nhận nhưng khóa mở bì chưa về",
        "Run `kynhan sync`. If it never comes: `kynhan open {dispatch} --undelivered` records it.",
        "Chạy `kynhan sync`. Nếu khóa không về: `kynhan open {dispatch} --undelivered` để ghi nhận.",
    ),
    "body-missing": Words(
        "the body of this package is not here",
        "nội dung bì chưa có ở đây",
        "Fetch it first: `kynhan fetch {dispatch}`.",
        "Tải về trước: `kynhan fetch {dispatch}`.",
    ),
    "file-exists": Words(
        "{path} exists already",
        "{path} đã có sẵn",
        "Choose another folder, or say --force to overwrite it.",
        "Chọn thư mục khác, hoặc dùng --force để ghi đè.",
    ),
    "not-final": Words(
        "not every receipt needed is there yet: {why}",
        "chưa có đủ biên nhận cần thiết: {why}",
        "Run `kynhan sync` once both witnesses have run, then try again.",
        "Chạy `kynhan sync` sau khi hai bên đối chứng đã chạy, rồi thử lại.",
    ),
    "frozen": Words(
        "this home is frozen: the relay has signed a contradiction ({why})",
        "thư mục này đã bị khóa lại: máy trung chuyển đã ký những điều mâu thuẫn nhau ({why})",
        "Sign and send nothing. The proof lies in {evidence}: take it to the other committee and the relay's operator.",
        "Không ký, không gửi gì. Bằng chứng ở {evidence}: đưa cho đảng ủy bên kia và người vận hành.",
    ),
    "not-found": Words(
        "{what} is not there, or not for you",
        "không có {what}, hoặc không dành cho bạn",
        "Check the number, and run `kynhan sync`.",
        "Kiểm tra lại số, và chạy `kynhan sync`.",
    ),
    "not-now": Words(
        "this cannot be done now: {why}",
        "chưa thể làm việc này: {why}",
        "See where the case stands with `kynhan case`.",
        "Xem tình trạng việc bằng `kynhan case`.",
    ),
    "no-calendar": Words(
        "the date cannot be counted: {why}",
        "không tính được hạn: {why}",
        "The shipped calendar has 2023 to 2027; give another one with --calendar.",
        "Lịch kèm theo có từ 2023 đến 2027; dùng lịch khác bằng --calendar.",
    ),
    "interrupted": Words(
        "stopped before the end",
        "đã dừng giữa chừng",
        "Repeat the command, or `kynhan sync`: it goes on where it stopped.",
        "Chạy lại lệnh, hoặc `kynhan sync`: việc được tiếp tục từ chỗ dừng.",
    ),
    "interrupted-seal": Words(
        "stopped while sealing",
        "đã dừng khi đang niêm phong",
        "Nothing was sent; give the command again.",
        "Chưa gửi gì; chạy lại lệnh.",
    ),
    "interrupted-upload": Words(
        "stopped while sending",
        "đã dừng khi đang gửi",
        "The package is sealed and kept: `kynhan sync` goes on where it stopped.",
        "Bì đã niêm phong được giữ lại: `kynhan sync` gửi tiếp từ chỗ dừng.",
    ),
    "interrupted-fetch": Words(
        "stopped while fetching",
        "đã dừng khi đang tải bì về",
        "What came is kept: the same command goes on where it stopped. Nothing was signed.",
        "Phần đã tải được giữ lại: chạy lại lệnh để tải tiếp. Chưa ký gì.",
    ),
    "interrupted-open": Words(
        "stopped while opening",
        "đã dừng khi đang mở bì",
        "Nothing was reported; open it again.",
        "Chưa báo kết quả mở; mở lại bằng lệnh cũ.",
    ),
    "interrupted-watch": Words(
        "stopped following",
        "đã dừng theo dõi",
        "Nothing is lost: what comes meanwhile is read the next time.",
        "Không mất gì: việc đến trong lúc này sẽ được đọc ở lần sau.",
    ),
    # --- the relay
    "relay-down": Words(
        "the relay at {url} does not answer: {why}",
        "máy trung chuyển {url} không trả lời: {why}",
        "What was to be sent is kept and goes out with the next `kynhan sync`.",
        "Nội dung cần gửi được giữ lại và sẽ gửi ở lần `kynhan sync` sau.",
    ),
    "relay-answer-invalid": Words(
        "the relay's answer does not verify: {why}",
        "câu trả lời của máy trung chuyển không kiểm chứng được: {why}",
        "It was ignored. If it happens again, show it to whoever runs the relay{kept}.",
        "Câu trả lời bị bỏ qua. Nếu lặp lại, báo người vận hành máy trung chuyển{kept}.",
    ),
    "stale": Words(
        "the list of recipients changed meanwhile",
        "danh sách người nhận vừa thay đổi",
        "The package is sealed again to those in force now, and sent.",
        "Bì được niêm phong lại cho những người đang có hiệu lực rồi gửi.",
    ),
    "outside-window": Words(
        "the statement is dated outside the time the relay allows: {why}",
        "thời điểm ghi trong văn bản ký nằm ngoài khoảng cho phép: {why}",
        "Set this computer's clock right and do it again.",
        "Chỉnh lại đồng hồ máy tính rồi làm lại.",
    ),
    "refused": Words(
        "the relay refused ({relay_code}): {why}",
        "máy trung chuyển từ chối ({relay_code}): {why}",
        "Run `kynhan sync` and try again; if it stays, show this to whoever runs the relay.",
        "Chạy `kynhan sync` rồi thử lại; nếu vẫn vậy, báo người vận hành máy trung chuyển.",
    ),
    # --- the witness
    "witness-state-lost": Words(
        "the witness's memory is gone, but its key has cosigned before",
        "bộ nhớ của bên đối chứng đã mất, trong khi khóa này đã từng ký đối chứng",
        "This key must not cosign again: make a new witness key and have it certified.",
        "Khóa này không được ký đối chứng nữa: tạo khóa đối chứng mới và cấp lại.",
    ),
    "clock-doubt": Words(
        "the relay doubts its clock, and the time of this computer is another one",
        "máy trung chuyển đang nghi ngờ đồng hồ của nó và giờ của máy này không khớp",
        "Set right whichever clock is wrong; until they agree, the relay signs nothing.",
        "Chỉnh lại đồng hồ bị sai; khi hai bên chưa khớp, máy trung chuyển không ký gì.",
    ),
    "witness-running": Words(
        "a witness is already running in this home",
        "bên đối chứng đã chạy trong thư mục này",
        "One witness process per committee is enough, and no more are allowed.",
        "Mỗi đảng ủy chỉ chạy một bên đối chứng.",
    ),
}
