"""The sentence of every reason and of every file that was set aside, by its code, in English and in Vietnamese."""

from __future__ import annotations

from typing import Final

ASIDE: Final[dict[str, tuple[str, str]]] = {
    "not-looked-at": (
        "Nothing here vouches for this file; it was not looked at.",
        "Không có căn cứ nào ở đây bảo đảm cho tệp này; chưa được xem xét.",
    ),
    "not-compared": (
        "Part of this file was not compared with the receipts.",
        "Một phần của tệp này chưa được đối chiếu với các biên nhận.",
    ),
    "other-world": (
        "This belongs to another log; it says nothing here.",
        "Tệp này thuộc một nhật ký khác; không có giá trị chứng minh ở đây.",
    ),
}
INVALID: Final[dict[str, tuple[str, str]]] = {
    "unreadable": ("This is not a receipt file.", "Đây không phải là tệp biên nhận."),
    "no-statement": ("The receipt holds no statement.", "Biên nhận không chứa văn bản chứng nhận nào."),
    "bad-statement": (
        "The statement inside is not spelled as it must be.",
        "Nội dung chứng nhận sai định dạng.",
    ),
    "not-logged": (
        "The statement is not in the log at the place that the receipt names.",
        "Nội dung chứng nhận không nằm ở vị trí đã nêu trong nhật ký đối chứng.",
    ),
    "other-log": ("The checkpoint is that of another log.", "Mốc đối chứng thuộc một nhật ký khác."),
    "checkpoint-signature": (
        "The checkpoint is not signed by the relay as it must be.",
        "Mốc đối chứng không có chữ ký đúng của máy trung chuyển.",
    ),
    "unknown-signature": (
        "The checkpoint bears a signature of a key that nobody attested.",
        "Mốc đối chứng mang chữ ký của một khóa chưa được chứng nhận.",
    ),
    "cosignature": (
        "A witness's signature on the checkpoint does not verify.",
        "Chữ ký của bên đối chứng trên mốc đối chứng không đúng.",
    ),
    "bad-signature": (
        "The statement's signature does not verify.",
        "Chữ ký trên nội dung chứng nhận không đúng.",
    ),
    "not-in-force": (
        "Who signed was not certified at that place in the log.",
        "Người ký không được cấp khóa còn hiệu lực tại vị trí đó trong nhật ký.",
    ),
    "bad-chain": (
        "The statement does not continue its committee's chain.",
        "Nội dung chứng nhận không nối tiếp chuỗi chứng nhận của đảng ủy.",
    ),
    "other-relay": (
        "The statement, or the profile, is about another relay.",
        "Nội dung chứng nhận hoặc bản quy ước nêu một máy trung chuyển khác.",
    ),
    "other-profile": (
        "The statement names a profile that was not in force.",
        "Nội dung chứng nhận nêu một bản quy ước chưa có hiệu lực.",
    ),
    "other-witness": (
        "The first witness key is not the one that was compared.",
        "Khóa đầu tiên của bên đối chứng khác với khóa đã đối chiếu.",
    ),
    "wrong-naming": (
        "The relay's statement does not fit the one it names.",
        "Xác nhận của máy trung chuyển không khớp với nội dung mà nó nêu.",
    ),
    "named-twice": (
        "The relay gave this statement two log times.",
        "Máy trung chuyển ghi hai thời điểm cho cùng một nội dung.",
    ),
    "outside-window": (
        "The statement is dated too far from the time at which it was logged.",
        "Thời điểm ghi trong nội dung chênh quá xa thời điểm vào nhật ký.",
    ),
    "seen-beyond": (
        "Its author says to have seen more of the log than stood before the statement.",
        "Người ký nêu đã thấy nhật ký dài hơn phần đứng trước nội dung này.",
    ),
    "seen-wrong": (
        "Its author says to have seen another log than this one.",
        "Người ký nêu đã thấy một nhật ký khác với nhật ký này.",
    ),
    "head-unknown": (
        "The statement names a root statement that the log does not have.",
        "Nội dung chứng nhận nêu một chứng nhận của khóa gốc không có trong nhật ký.",
    ),
    "head-not-of-each": (
        "The statement does not name one root statement of each committee.",
        "Nội dung chứng nhận không nêu chứng nhận của khóa gốc của từng đảng ủy.",
    ),
    "time-decreases": ("The relay's times run backwards.", "Thời gian của máy trung chuyển chạy lùi."),
    "time-contradicts": (
        "The log time contradicts the time at which a witness cosigned.",
        "Thời điểm vào nhật ký mâu thuẫn với thời điểm ký của bên đối chứng.",
    ),
    "sealed-differs": (
        "The package was not sealed to those who had to receive it.",
        "Bì không được niêm phong đúng cho những người phải nhận.",
    ),
    "not-addressee": (
        "Who acted on the dispatch had no part in it.",
        "Người thực hiện không thuộc các bên của lượt gửi.",
    ),
    "not-approved": (
        "The second signature is not that of an approver who is another person.",
        "Chữ ký thứ hai không phải của người duyệt phát hành, hoặc cùng là một người.",
    ),
    "case-rule": (
        "The rules of the case did not allow it then.",
        "Quy tắc phối hợp không cho phép việc này vào lúc đó.",
    ),
    "settled-before": (
        "The package had been signed for, declined or withdrawn before.",
        "Bì đã được ký nhận, từ chối hoặc lấy lại từ trước.",
    ),
    "dispatch-unknown": (
        "What the statement is about is no dispatch that stands before it in the log.",
        "Nội dung chứng nhận nói về một lượt gửi không có trước nó trong nhật ký.",
    ),
    "due-differs": (
        "The due date is not the one that the rules give.",
        "Hạn trả lời khác với hạn tính theo quy định.",
    ),
    "reminder-differs": (
        "The relay reminded of what was not due then, or others than those whom it has to remind.",
        "Máy trung chuyển nhắc hạn khi chưa đến lượt, hoặc nhắc không đúng người phải nhắc.",
    ),
    "header-used": (
        "Another dispatch before it has the same header.",
        "Khóa mở bì này đã dùng cho một lượt gửi trước đó.",
    ),
    "body-used": (
        "Another dispatch before it has the same body.",
        "Nội dung bì này đã dùng cho một lượt gửi trước đó.",
    ),
    "key-of-relay": (
        "The statement certifies a key of the relay to somebody.",
        "Nội dung chứng nhận cấp một khóa của máy trung chuyển cho người khác.",
    ),
    "fork": (
        "The relay signed two histories that contradict each other.",
        "Máy trung chuyển đã ký hai nhật ký mâu thuẫn nhau.",
    ),
    "logged-twice": (
        "The same statement stands in the log twice.",
        "Cùng một nội dung xuất hiện hai lần trong nhật ký.",
    ),
    "policy-differs": (
        "The policy file is not the one that the chains give.",
        "Tệp chính sách không khớp với chuỗi chứng nhận.",
    ),
    "case-differs": (
        "The case is told otherwise than the receipts give it.",
        "Nội dung kể về việc phối hợp khác với những gì các biên nhận cho thấy.",
    ),
    "other-roots": (
        "The root keys are not those of the committees of the profile, or not those that were compared.",
        "Khóa gốc không phải của hai đảng ủy nêu trong bản quy ước, hoặc khác với khóa đã đối chiếu.",
    ),
    "bad-roots": ("The list of root keys cannot be read.", "Không đọc được danh sách khóa gốc."),
}
INCOMPLETE: Final[dict[str, tuple[str, str]]] = {
    "nothing": ("There is no receipt here.", "Không có biên nhận nào."),
    "no-roots": (
        "The root keys of both committees are needed, and one at least is missing.",
        "Cần khóa gốc của cả hai đảng ủy; còn thiếu ít nhất một khóa.",
    ),
    "no-profile": (
        "A profile in force, which names the relay's keys, is missing, or both committees' attestations of it.",
        "Thiếu bản quy ước có hiệu lực nêu khóa của máy trung chuyển, hoặc thiếu xác nhận của hai đảng ủy.",
    ),
    "chain-gap": (
        "Root statements before this one are missing.",
        "Thiếu các chứng nhận của khóa gốc trước chứng nhận này.",
    ),
    "chain-open": (
        "Nothing shows that no root statement is missing: neither a later one nor a later head of the other side.",
        "Chưa có căn cứ là chuỗi chứng nhận của khóa gốc đã đủ: không có chứng nhận sau đó hoặc xác nhận của bên kia.",
    ),
    "head-missing": (
        "A root statement that the statement names is missing.",
        "Thiếu một chứng nhận của khóa gốc mà nội dung này nêu.",
    ),
    "member-unknown": (
        "The membership of who signed is missing.",
        "Thiếu chứng nhận cấp khóa của người ký.",
    ),
    "witness-unknown": (
        "The checkpoint is cosigned by a witness whose certification is missing.",
        "Thiếu chứng nhận cấp khóa của bên đối chứng đã ký mốc đối chứng.",
    ),
    "log-time-missing": (
        "The relay's statement that gives the log time is missing.",
        "Thiếu xác nhận của máy trung chuyển về thời điểm vào nhật ký.",
    ),
    "named-missing": (
        "What the relay's statement names is missing.",
        "Thiếu nội dung mà xác nhận của máy trung chuyển nêu.",
    ),
    "dispatch-missing": (
        "The dispatch that the statement is about is missing.",
        "Thiếu lượt gửi mà nội dung chứng nhận nói đến.",
    ),
    "case-open": (
        "By what is here the rules of the case did not allow it; other statements of the case may be missing.",
        "Theo những gì có ở đây thì quy tắc phối hợp không cho phép việc này; có thể còn thiếu văn bản của việc đó.",
    ),
    "no-calendar": (
        "A calendar in force is missing: a date computed with it is the relay's and was not checked.",
        "Thiếu tệp lịch làm việc có hiệu lực: hạn tính theo lịch đó là theo máy trung chuyển, chưa kiểm được.",
    ),
    "due-missing": (
        "The due date that the relay has to log behind this is missing.",
        "Thiếu hạn trả lời mà máy trung chuyển phải ghi ngay sau nội dung này.",
    ),
    "due-inputs-missing": (
        "The due date cannot be recomputed: handover, profile, calendar or what moved it is missing.",
        "Không tính lại được hạn trả lời: thiếu xác nhận trao khóa, bản quy ước, lịch làm việc hoặc căn cứ đổi hạn.",
    ),
}
