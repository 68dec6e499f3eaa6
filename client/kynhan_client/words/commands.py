"""What each command does: the help of `kynhan COMMAND --help`."""

from __future__ import annotations

from typing import Final

from .help import Help

COMMANDS: Final[dict[str, Help]] = {
    "": Help(
        ("Ký nhận", "sign for"),
        (
            "Ký nhận: gửi, ký nhận, mở và trả lời hồ sơ niêm phong giữa hai đảng ủy.",
            "Signed-for delivery of sealed dossiers between two committees.",
        ),
        (
            'kynhan init --committee ccq.example --holder "Văn thư Đảng ủy"',
            "kynhan trust --relay may-trung-chuyen.json",
            "kynhan send cong-van.pdf --to ca.example --kind request \\",
            "    --term in-country --subject 3.1 --cover trich-yeu.toml",
            "kynhan inbox",
            "kynhan sign 3f9a61",
            "kynhan due --received 2024-12-20T09:00:00+07:00 --term in-country",
        ),
    ),
    "init": Help(
        ("Tạo khóa và thư mục Ký nhận", "make keys and a home"),
        (
            "Tạo thư mục Ký nhận mới với khóa của người được cấp khóa. Với --committee: khóa gốc, văn thư và bên"
            " đối chứng của một đảng ủy. Với --join: chỉ khóa của một người (đơn vị), kèm tệp đề nghị cấp khóa để"
            " đưa cho người giữ khóa gốc.",
            "Makes a home with fresh keys. With --committee: a committee's root, clerk and witness keys. With --join:"
            " one member's keys only, and a request file for the holder of the root key.",
        ),
        (
            'kynhan init --committee ccq.example --holder "Văn thư Đảng ủy"',
            "kynhan init --join --member ca.example/pc03 \\",
            '    --holder "Phòng PC03" --role unit --out pc03.json',
        ),
    ),
    "invite": Help(
        ("Cấp khóa cho người (đơn vị) mới", "certify a member"),
        (
            "Cấp khóa cho người (đơn vị) đã gửi tệp đề nghị, bằng chữ ký của khóa gốc. Tệp kết quả đưa lại cho"
            " người đó; người đó chạy `kynhan trust --relay TỆP`.",
            "Certifies whoever made the request file, with the root key's signature. Give the resulting file back to"
            " them; they run `kynhan trust --relay FILE`.",
        ),
        (
            'kynhan invite pc03.json --role unit --holder "Phòng PC03"',
            "kynhan invite pc03.json --not-after 2027-12-31 --out pc03-cap.json",
        ),
    ),
    "trust": Help(
        ("Nối máy trung chuyển, đối chiếu mã khóa", "connect, compare keys"),
        (
            "Không có tùy chọn: hiện 60 chữ số đối chiếu và những người được cấp khóa. Hai văn thư đọc cho nhau"
            " nghe trực tiếp, không qua mạng; chưa đối chiếu thì không niêm phong được gì.",
            "Without options: shows the 60 digits to compare and who is certified. The two clerks read them to each"
            " other in person, not over the network; nothing can be sealed before.",
        ),
        (
            "kynhan trust --relay may-trung-chuyen.json",
            "kynhan trust",
            'kynhan trust --digits "12345 67890 … 12345"',
        ),
    ),
    "status": Help(
        ("Tình trạng của thư mục Ký nhận", "how this home stands"),
        (
            "Hiện người được cấp khóa, máy trung chuyển, nhật ký, việc đang chờ gửi và các cảnh báo.",
            "Shows the member, the relay, the log, what waits to be sent, and alarms.",
        ),
        ("kynhan status", "kynhan status --json"),
    ),
    "profile": Help(
        ("Quy ước của hai đảng ủy: soạn, xem, ký", "the agreement's profile"),
        (
            "Bản quy ước theo Quy chế phối hợp: hai bên, nội dung, thời hạn, nhắc hạn, độ mật. Có hiệu lực khi cả"
            " hai đảng ủy đã ký cùng một bản.",
            "The profile carries out the regulation: parties, subjects, terms, reminders, secrecy. It is in force once"
            " both committees have attested the same document.",
        ),
        (
            "kynhan profile draft --requesting ccq.example \\",
            "    --responding ca.example --out quy-uoc.json",
            "kynhan profile show quy-uoc.json",
            "kynhan profile sign quy-uoc.json",
        ),
    ),
    "profile draft": Help(
        ("Soạn bản quy ước", "write a draft"),
        (
            "Ghi một bản quy ước để hai bên đọc và sửa trước khi ký: nội dung, thời hạn theo Quy chế, khóa của máy"
            " trung chuyển đang dùng, lịch làm việc kèm theo chương trình.",
            "Writes a profile to be read and edited before it is attested: the regulation's subjects and terms, this"
            " home's relay and its keys, the working-day calendar that comes with the program.",
        ),
        (
            "kynhan profile draft --requesting ccq.example \\",
            "    --responding ca.example --out quy-uoc.json",
            "kynhan profile draft --requesting ccq.example \\",
            "    --responding ca.example --number 12-QC/TU \\",
            "    --date 2025-10-01 --out quy-uoc.json",
        ),
    ),
    "profile show": Help(
        ("Xem bản quy ước", "show a profile in words"),
        (
            "Đọc bản quy ước bằng lời. Không nêu tệp: bản đang có hiệu lực, hoặc bản bên kia đã ký và đang chờ ta.",
            "Tells a profile in words. Without a file: the one in force, or the one that the other committee attested"
            " and that waits for us.",
        ),
        ("kynhan profile show", "kynhan profile show quy-uoc.json --lang vi"),
    ),
    "profile sign": Help(
        ("Ký xác nhận bản quy ước", "attest a profile"),
        (
            "Ký bản quy ước bằng khóa gốc của đảng ủy. Không nêu tệp: ký đúng bản mà bên kia đã ký. Có hiệu lực từ"
            " chữ ký của bên thứ hai.",
            "Attests a profile with the committee's root key. Without a file: the very one that the other committee"
            " attested. It is in force from the second signature.",
        ),
        ("kynhan profile sign quy-uoc.json", "kynhan profile sign --yes"),
    ),
    "send": Help(
        ("Niêm phong và gửi hồ sơ", "seal and send a dossier"),
        (
            "Niêm phong các tệp cho bên nhận và gửi đi; xong khi có biên nhận của máy trung chuyển. Mất mạng thì bì"
            " được giữ lại và gửi ở lần `kynhan sync` sau. Trích yếu không nêu họ tên; ghi 'theo danh sách kèm"
            " theo'.",
            "Seals the files for their recipients and sends them; done once the relay's receipt verifies. Without a"
            " connection the package waits for the next `kynhan sync`. The title names no person.",
        ),
        (
            "kynhan send cong-van.pdf danh-muc.pdf --to ca.example \\",
            "    --kind request --term in-country --subject 3.1 \\",
            '    --title "Đề nghị phối hợp theo danh sách kèm theo"',
            "kynhan send *.pdf --to ca.example --kind supplement \\",
            "    --case 0198f0c1 --regarding 3f9a61 --cover bo-sung.toml",
        ),
    ),
    "inbox": Help(
        ("Bì đang chờ ký nhận", "packages waiting to be signed for"),
        (
            "Các lượt gửi cho ta mà chưa ai ký nhận, khẩn trước. Chạy `kynhan sync` để nhận tin mới.",
            "What came for us and nobody has signed for, urgent ones first. Run `kynhan sync` for news.",
        ),
        ("kynhan sync && kynhan inbox",),
    ),
    "fetch": Help(
        ("Tải bì về, chưa mở", "fetch a package, unopened"),
        (
            "Tải phần thân của bì về và đối chiếu với mã băm người gửi đã ký. Có thể dừng rồi chạy tiếp. Chưa mở"
            " được: khóa mở bì chỉ được trao sau khi ký nhận.",
            "Fetches the body and checks it against the hash that the sender signed. It can be stopped and resumed."
            " It cannot be opened yet: the header is handed over once it is signed for.",
        ),
        ("kynhan fetch 3f9a61",),
    ),
    "sign": Help(
        ("Ký nhận", "sign for a package"),
        (
            "Ký nhận một bì: tải về nếu chưa có, ký biên nhận, nhận khóa mở bì. Thời hạn bắt đầu tính từ đây. Ký"
            " nhận nghĩa là đã nhận đủ bì; không có nghĩa là đồng ý với nội dung.",
            "Signs for a package: fetches it if need be, signs the receipt, takes the header. The time limit runs from"
            " here. Signing means that the package was received whole, not agreement with its content.",
        ),
        ("kynhan sign 3f9a61", "kynhan sign 3f9a61 --yes --json"),
    ),
    "decline": Help(
        ("Từ chối tiếp nhận", "decline a package"),
        (
            "Từ chối tiếp nhận một bì, với một trong các lý do định sẵn. Không rút lại được.",
            "Declines a package, for one of the reasons given. It cannot be taken back.",
        ),
        ("kynhan decline 3f9a61 --code wrong-addressee",),
    ),
    "open": Help(
        ("Mở bì đã ký nhận", "open what was signed for"),
        (
            "Mở bì, đối chiếu từng tệp với danh mục người gửi đã ký, ghi vào thư mục, và báo kết quả mở. Chưa ký"
            " nhận thì chưa mở được.",
            "Opens a package, checks every file against the manifest that the sender signed, writes them into a folder"
            " and reports the opening. Before signing it cannot be opened.",
        ),
        ("kynhan open 3f9a61", "kynhan open 3f9a61 --out ho-so/", "kynhan open 3f9a61 --age bi.age"),
    ),
    "reply": Help(
        ("Gửi văn bản trả lời kết quả", "send the concluded reply"),
        (
            "Gửi văn bản trả lời kết quả cho bên đề nghị. Chỉ dùng thông tin đã được cơ quan có thẩm quyền kết"
            " luận; hạn ngừng tính từ lúc máy trung chuyển nhận. Cơ quan chức năng trả lời thì bản sao được gửi đảng"
            " ủy của mình, theo thống nhất của hai bên.",
            "Sends the concluded reply to the requesting committee. Only information that the competent body verified"
            " and concluded may be used; the clock stops when the relay accepts it. When a unit replies, its own"
            " committee gets a copy if the profile says so.",
        ),
        (
            'kynhan reply 0198f0c1 van-ban.pdf --title "Trả lời kết quả phối hợp"',
            "kynhan reply 0198f0c1 van-ban.pdf --cover tra-loi.toml",
        ),
    ),
    "cases": Help(
        ("Các việc phối hợp", "all cases"),
        (
            "Các việc phối hợp, việc cần làm trước; ai đang chờ ai, hạn trả lời.",
            "All cases, those with something to do first; who waits for whom, and until when.",
        ),
        ("kynhan cases",),
    ),
    "case": Help(
        ("Một việc: diễn biến, hạn, ai chờ ai", "one case in full"),
        (
            "Diễn biến một việc: các lượt gửi, biên nhận, hạn trả lời, nhắc hạn. Với --why: hạn được tính từng ngày"
            " như thế nào.",
            "A case in full: dispatches, receipts, due date, reminders. With --why: how the date was counted, day by"
            " day.",
        ),
        ("kynhan case 0198f0c1", "kynhan case 0198f0c1 --why"),
    ),
    "due": Help(
        ("Tính hạn trả lời, từng ngày một", "compute a due date"),
        (
            "Tính hạn trả lời theo Quy chế và lịch làm việc của Việt Nam, từng ngày một. Không cần thư mục Ký nhận,"
            " không cần cụm mật khẩu.",
            "Computes a due date by the regulation and the working-day calendar of Việt Nam, day by day. Needs no home"
            " and no passphrase.",
        ),
        (
            "kynhan due --received 2024-12-20T09:00:00+07:00 --term in-country",
            "kynhan due --received 2025-03-10T15:00 --term in-province \\",
            "    --extend 45",
            "kynhan due --received 2026-06-04 --term foreign --json",
        ),
    ),
    "receipts": Help(
        ("Biên nhận: xem, bổ sung đối chứng, xuất", "receipts: list, upgrade, export"),
        (
            "Các biên nhận của một việc, hoặc của tất cả. Với --upgrade: lấy bản đủ đối chứng của hai bên. Với --out:"
            " ghi thư mục chứng cứ của việc. Với --bundle: gói một biên nhận cùng mọi căn cứ vào một tệp.",
            "The receipts of a case, or all. With --upgrade: asks for final ones, cosigned by both sides. With --out:"
            " writes the case's folder of evidence. With --bundle: one receipt with everything needed to judge it.",
        ),
        (
            "kynhan receipts",
            "kynhan receipts 0198f0c1 --upgrade --out chung-cu/",
            "kynhan receipts --bundle 3f9a61 --out bien-nhan.tar",
        ),
    ),
    "verify": Help(
        ("Kiểm chứng chứng cứ, không cần mạng", "judge evidence offline"),
        (
            "Kiểm chứng tệp biên nhận, thư mục chứng cứ hoặc gói chứng cứ: hợp lệ, không hợp lệ hay chưa đủ căn cứ,"
            " kèm mọi lý do. Thư mục của `kynhan evidence`: cả việc bì có lỗi hay không. Không cần mạng, không cần thư"
            " mục Ký nhận. Kết thúc bằng 0 chỉ khi tất cả hợp lệ.",
            "Judges receipt files, a case's folder or a bundle: VALID, INVALID or INCOMPLETE, with every reason. Of a"
            " folder of `kynhan evidence` also whether the package is faulty. Needs no network and no home. Ends with"
            " status 0 only if all of it is valid.",
        ),
        (
            "kynhan verify chung-cu/",
            "kynhan verify bien-nhan.tar",
            "kynhan verify 12-receipt.receipt --policy policy --roots roots",
        ),
    ),
    "sync": Help(
        ("Nhận tin mới, gửi việc đang chờ", "take news, send what waits"),
        (
            "Đọc và kiểm chứng nhật ký, gửi những gì đang chờ, nhận khóa mở bì đã ký nhận, bổ sung đối chứng cho biên"
            " nhận. Nhắc hạn theo hạn tự tính trên máy này, mỗi lần đến lượt chỉ nhắc một lần.",
            "Reads and verifies the log, sends what waits, takes headers that were signed for, upgrades receipts."
            " Reminds once of each step that a due date has reached, by the dates that this home computes.",
        ),
        ("kynhan sync",),
    ),
    "watch": Help(
        ("Theo dõi liên tục; làm bên đối chứng", "follow live; be the witness"),
        (
            "Theo dõi liên tục: bì mới, biên nhận, nhắc hạn hiện ngay khi có. Với --witness: làm bên đối chứng của"
            " đảng ủy, ký xác nhận nhật ký chỉ được nối dài. Nhắc hạn theo hạn tự tính trên máy này, máy trung chuyển"
            " có nhắc hay không. Dừng bằng Ctrl-C.",
            "Follows live: packages, receipts and reminders as they come; reminders are of the dates that this home"
            " computes, whether the relay reminds or not. With --witness: acts as the committee's"
            " witness, cosigning a log that only grows. Ctrl-C stops it.",
        ),
        ("kynhan watch", "kynhan watch --witness", "kynhan watch --once"),
    ),
}
