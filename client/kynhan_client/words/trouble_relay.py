"""What can go wrong with the relay and the witness."""

from __future__ import annotations

from typing import Final

from .told import Told

TROUBLE: Final[dict[str, Told]] = {
    # --- the relay
    "relay-down": Told(
        "the relay at {url} does not answer: {why}",
        "máy trung chuyển {url} không trả lời: {why}",
        "What was to be sent is kept and goes out with the next `kynhan sync`.",
        "Nội dung cần gửi được giữ lại và sẽ gửi ở lần `kynhan sync` sau.",
    ),
    "relay-away": Told(
        "this needs the relay: {what}",
        "việc này cần máy trung chuyển: {what}",
        "Nothing was changed; try again when it answers.",
        "Chưa có gì thay đổi; hãy thử lại khi máy trả lời.",
    ),
    "relay-answer-invalid": Told(
        "the relay's answer does not verify: {why}",
        "câu trả lời của máy trung chuyển không kiểm chứng được: {why}",
        "It was ignored. If it happens again, show it to whoever runs the relay{kept}.",
        "Câu trả lời bị bỏ qua. Nếu lặp lại, báo người vận hành máy trung chuyển{kept}.",
    ),
    "stale": Told(
        "the list of recipients changed meanwhile",
        "danh sách người nhận vừa thay đổi",
        "The package is sealed again to those in force now, and sent.",
        "Bì được niêm phong lại cho những người đang có hiệu lực rồi gửi.",
    ),
    "outside-window": Told(
        "the statement is dated outside the time the relay allows: {why}",
        "thời điểm ghi trong văn bản ký nằm ngoài khoảng cho phép: {why}",
        "Set this computer's clock right and do it again.",
        "Chỉnh lại đồng hồ máy tính rồi làm lại.",
    ),
    "refused": Told(
        "the relay refused ({relay_code}): {why}",
        "máy trung chuyển từ chối ({relay_code}): {why}",
        "Run `kynhan sync` and try again; if it stays, show this to whoever runs the relay.",
        "Chạy `kynhan sync` rồi thử lại; nếu vẫn vậy, báo người vận hành máy trung chuyển.",
    ),
    # --- the witness
    "witness-state-lost": Told(
        "the witness's memory is gone, but its key has cosigned before",
        "bộ nhớ của bên đối chứng đã mất, trong khi khóa này đã từng ký đối chứng",
        "This key must not cosign again: make a new witness key and have it certified.",
        "Khóa này không được ký đối chứng nữa: tạo khóa đối chứng mới và cấp lại.",
    ),
    "clock-doubt": Told(
        "the relay doubts its clock, and the time of this computer is another one",
        "máy trung chuyển đang nghi ngờ đồng hồ của nó và giờ của máy này không khớp",
        "Set right whichever clock is wrong; until they agree, the relay signs nothing.",
        "Chỉnh lại đồng hồ bị sai; khi hai bên chưa khớp, máy trung chuyển không ký gì.",
    ),
    "witness-running": Told(
        "a witness is already running in this home",
        "bên đối chứng đã chạy trong thư mục này",
        "One witness process per committee is enough, and no more are allowed.",
        "Mỗi đảng ủy chỉ chạy một bên đối chứng.",
    ),
}
