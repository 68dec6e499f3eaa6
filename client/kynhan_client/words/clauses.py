"""Clauses that fill the blanks of an error's sentence (../clauses.py fills them)."""

from __future__ import annotations

from typing import Final

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    # --- things
    "thing.asked": ("nội dung được hỏi", "what was asked for"),
    "thing.case": ("việc phối hợp {id}", "case {id}"),
    "thing.dispatch": ("lượt gửi {id}", "dispatch {id}"),
    "thing.statement": ("văn bản ký {id}", "statement {id}"),
    "thing.receipt-of": ("biên nhận của lượt gửi {id}", "receipt of {id}"),
    "thing.decline-of": ("lượt từ chối tiếp nhận {id}", "decline of {id}"),
    "thing.key-to": ("khóa mở bì của lượt gửi {id}", "key to dispatch {id}"),
    "role.sender": ("văn thư của {name}, nơi gửi", "of a clerk of {name}, which sent it"),
    "role.addressee": ("nơi nhận, tức {name}", "of the addressee, {name}"),
    "thing.outbox": ("mục {id} trong hàng chờ gửi", "outbox {id}"),
    "thing.least": ("{thing} (cần ít nhất {least} ký tự)", "{thing} (at least {least} characters)"),
    "thing.profile": ("hồ sơ quy chế {id}", "profile {id}"),
    "thing.calendar": ("lịch làm việc", "calendar"),
    "thing.witness-of": ("khóa đối chứng của {committee}", "{committee}: witness"),
    "thing.descriptor": ("số mô tả tệp {number}", "descriptor {number}"),
    # --- members and keys
    "member.revoked": ("đã bị thu hồi", "revoked"),
    "member.replaced": ("đã được cấp khóa khác thay thế", "another key was certified since"),
    "member.until": ("chỉ có giá trị đến {date}", "valid until {date}"),
    "member.not-now": ("ngoài thời gian có giá trị", "not valid now"),
    "member.not-in-force": ("{name} không còn hiệu lực", "{name} was not in force"),
    # --- what the relay should have refused (DESIGN §3.3)
    "fault.key-not-in-force": (
        "khóa đã ký không phải là khóa đang có hiệu lực của {name}",
        "the key that signed is not the one of {name} in force",
    ),
    "fault.bad-signature": ("chữ ký của {name} không đúng", "the signature of {name} does not verify"),
    "fault.not-approved": (
        "do người không có quyền duyệt phát hành, hoặc chính người gửi, duyệt",
        "is approved by somebody who is no approver, or the sender",
    ),
    "fault.no-approver": ("do người không có quyền duyệt ký", "is signed by somebody who is no approver"),
    "fault.no-addressee": ("gửi đến nơi không ai ký nhận được", "is sent to where nobody can sign for it"),
    "fault.sealed-differs": (
        "niêm phong cho những người không đúng danh sách đang có hiệu lực",
        "is sealed to others than those in force",
    ),
    "fault.other-profile": (
        "nêu hồ sơ quy chế không phải của việc này hoặc không có hiệu lực",
        "it names a profile that is not its case's, or was not in force",
    ),
    "fault.dispatch-unknown": (
        "nói về một lượt gửi không có trước nó",
        "is about a dispatch that is not there before it",
    ),
    "fault.not-addressee": ("do người không có quyền ký", "is by somebody who may not do that"),
    "fault.time-decreases": (
        "ghi thời điểm sớm hơn một mục trước đó",
        "is dated before an earlier one",
    ),
    "fault.wrong-naming": (
        "không nêu đúng văn bản ký đứng ngay trước nó",
        "does not name the one right before it",
    ),
    "fault.key-of-relay": (
        "cấp khóa của máy trung chuyển cho người khác",
        "certifies a key of the relay to somebody",
    ),
    "fault.header-used": (
        "dùng lại khóa mở bì của một lượt gửi trước đó",
        "it has the header of a dispatch before it",
    ),
    "fault.body-used": (
        "dùng lại nội dung bì của một lượt gửi trước đó",
        "it has the body of a dispatch before it",
    ),
    "fault.outside-window": ("ghi thời điểm ngoài khoảng cho phép", "is dated outside the time allowed"),
    "fault.seen-beyond": (
        "nêu nhật ký dài hơn vị trí của chính nó",
        "saw more of the log than stood before it",
    ),
    "fault.seen-wrong": ("nêu một nhật ký khác với nhật ký này", "saw a log that is not this one"),
    "fault.head-unknown": ("nêu một văn bản gốc không có", "names a root statement that is not there"),
    "fault.head-not-of-each": (
        "không nêu văn bản gốc của từng đảng ủy",
        "does not name a root statement of each committee",
    ),
    # --- a letter
    "letter.no-subject": (
        "văn bản đề nghị phối hợp phải có mã nội dung (--subject)",
        "a request needs a subject (--subject)",
    ),
    "letter.no-term": (
        "văn bản đề nghị về nội dung {subject} phải có loại thời hạn (--term)",
        "a request on subject {subject} needs a term (--term)",
    ),
    "letter.has-term": (
        "văn bản đề nghị về nội dung {subject} không có thời hạn",
        "a request on subject {subject} has no term",
    ),
    "letter.no-kind": ("không có loại lượt gửi {kind}", "{kind} is no kind of dispatch"),
    "letter.empty": ("trong bì không có gì", "there is nothing in it"),
    "letter.no-title": (
        "chưa có trích yếu (--title, hoặc title trong cover.toml)",
        "it needs a title (--title, or title in the cover.toml)",
    ),
    "letter.not-a-kind": (
        "{value} không phải là loại lượt gửi; các mã dùng được: {possible}",
        "{value} is no kind of dispatch: {possible}",
    ),
    "letter.not-a-term": (
        "{value} không phải là loại thời hạn; các mã dùng được: {possible}",
        "{value} is no term: {possible}",
    ),
    "letter.not-an-urgency": (
        "{value} không phải là độ khẩn; các mã dùng được: {possible}",
        "{value} is no urgency: {possible}",
    ),
    "letter.no-words": ("nội dung trao đổi để trống", "the message is empty"),
    "letter.not-text": ("nội dung trao đổi không phải là văn bản hợp lệ", "the message is not valid text"),
    "cover.too-long": ("dài quá 1 MiB", "longer than 1 MiB"),
    "cover.number": ("số văn bản phải là số từ 1 đến 999999", "number is not a number from 1 to 999999"),
    "cover.unnamed": (
        "có nêu {name} nhưng tệp này không nằm trong các tệp gửi",
        "it names {name}, which is not among the files",
    ),
    "cover.no-role": ("{role} không phải là vai trò của tệp", "{role} is no role of a file"),
    # --- files and folders
    "file.not-a-file": ("đây không phải là tệp", "not a file"),
    "file.not-utf-8": ("không phải văn bản UTF-8", "not UTF-8"),
    "file.too-large": ("{name} quá lớn", "{name} is too large"),
    "file.too-large-evidence": ("quá lớn so với một tệp bằng chứng", "too large to be evidence"),
    "file.too-many": ("có hơn {count} tệp", "it holds more than {count} files"),
    "file.twice": ("có hai mục cùng tên {name}", "it holds {name} twice"),
    "file.no-evidence": (
        "không phải biên nhận, thư mục của một việc hay gói bằng chứng",
        "neither a receipt nor a case's folder nor a bundle",
    ),
    "file.other-names": ("các tên trong tệp không khớp nhau", "the names in it do not belong together"),
    "file.not-for-member": (
        "tệp không dành cho người này và các khóa của người này",
        "it is not for this member and its keys",
    ),
    "relay-file.keys": (
        "hai khóa của máy trung chuyển không mang tên của nó",
        "the relay's keys are not two of its origin",
    ),
    "relay-file.root": (
        "có khóa gốc không mang tên đảng ủy của mình",
        "a root key does not bear its committee's name",
    ),
    "relay-file.no-roots": (
        "thiếu khóa gốc của các đảng ủy",
        "the committees' root keys are missing",
    ),
    "relay-file.no-address": (
        "không có địa chỉ dạng https://relay.example",
        "no address such as https://relay.example",
    ),
    "relay-file.not-admitted": (
        "{committee} chưa được tiếp nhận ở máy này",
        "{committee} is not admitted there",
    ),
    "relay-file.other-root": (
        "ở đó ghi khóa gốc khác cho {committee}",
        "another root key stands there for {committee}",
    ),
    "relay-file.other-log": (
        "thư mục này đã theo một nhật ký khác",
        "this home already follows another log",
    ),
    "profile.other-relay": (
        "nêu máy trung chuyển khác hoặc các khóa khác của máy này",
        "it names another relay, or other keys of it",
    ),
    "profile.other-committees": ("dành cho các đảng ủy khác", "it is for other committees"),
    "profile.no-calendar": (
        "chưa có lịch làm việc mà hồ sơ nêu ({id})",
        "the calendar it names ({id}) is not at hand",
    ),
    "home.no-archive-key": (
        "keys.age thiếu khóa của kho lưu trữ",
        "keys.age lacks the archive's key",
    ),
    "home.no-common-key": (
        "keys.age thiếu một khóa mà thư mục nào cũng phải có",
        "keys.age lacks a key that every home has",
    ),
    "home.missing": ("thiếu {name}", "{name} is missing"),
    "home.no-node": (
        "thiếu nút {level}/{index} của nhật ký",
        "node {level}/{index} of the log is missing",
    ),
    "home.newer": (
        "archive.db do phiên bản Ký nhận mới hơn ghi",
        "archive.db was written by a newer version of Kynhan",
    ),
    "home.unopened": ("không mở được {name}: {why}", "{name} does not open: {why}"),
    "home.entry": ("mục {index} của nhật ký: {why}", "log entry {index}: {why}"),
    "home.chains": (
        "chuỗi văn bản gốc trong archive.db: {why}",
        "the chains in archive.db: {why}",
    ),
    "home.configuration": ("cấu hình: {why}", "configuration: {why}"),
    "home.witness": (
        "witness.db không khớp với mốc đã ký đối chứng sau cùng",
        "witness.db does not agree with the checkpoint cosigned last",
    ),
    "home.keys": ("keys.age: {why}", "keys.age: {why}"),
    # --- evidence
    "final.not-yet": (
        "{id} chưa nằm dưới mốc có đủ đối chứng",
        "{id} is not under a cosigned checkpoint yet",
    ),
    "final.none": (
        "chưa có mốc nào được bên đối chứng của cả hai đảng ủy cùng ký",
        "no checkpoint was cosigned by the witnesses of both committees yet",
    ),
    # --- the line to the relay
    "line.no-answer": ("quá thời gian chờ", "no answer in time"),
    "line.no-connection": ("không kết nối được", "no connection"),
    "line.broken": ("kết nối bị ngắt", "the connection broke"),
    "line.status": ("trả về mã trạng thái {status}", "status {status}"),
    "line.clock-ahead": (
        "đồng hồ máy này nhanh hơn máy trung chuyển {minutes} phút",
        "this computer's clock is {minutes} minutes ahead of the relay's",
    ),
    "line.clock-behind": (
        "đồng hồ máy này chậm hơn máy trung chuyển {minutes} phút",
        "this computer's clock is {minutes} minutes behind the relay's",
    ),
    # --- what the relay answered
    "answer.no-reason": (
        "mã trạng thái {status} mà không nêu lý do",
        "status {status} without a reason",
    ),
    "answer.too-long": ("dài hơn {limit} byte", "more than {limit} bytes"),
    "answer.compressed": ("nội dung bị nén", "it is compressed"),
    "answer.no-proof": ("không kèm bằng chứng", "no proof in it"),
    "answer.proof-alone": (
        "có bằng chứng mà không có văn bản ký",
        "a proof without its statement",
    ),
    "answer.other-statement": (
        "bằng chứng về một văn bản ký khác với văn bản đã gửi",
        "it proves another statement than the one sent",
    ),
    "answer.other-place": (
        "số hiệu hoặc vị trí không khớp với bằng chứng",
        "its id or index is not that of its proof",
    ),
    "answer.names-other": (
        "máy trung chuyển nêu một văn bản ký khác",
        "the relay names another statement",
    ),
    "answer.no-time": (
        "máy trung chuyển không xác nhận thời điểm ghi",
        "the relay does not say when it was logged",
    ),
    "answer.no-index": (
        "một văn bản ký không có vị trí hoặc số hiệu đúng dạng",
        "a statement without a proper index or id",
    ),
    "answer.disordered": ("các văn bản ký không đúng thứ tự", "statements out of order"),
    "answer.upload-address": (
        "không nêu địa chỉ để gửi nội dung lên",
        "an upload without an address",
    ),
    "answer.upload-offset": (
        "không nêu phần nội dung đã nhận được",
        "an upload without an offset",
    ),
    "answer.other-range": ("gửi phần khác với phần được hỏi", "another range than asked for"),
    "answer.body-longer": (
        "nội dung bì dài hơn mức người gửi đã ký",
        "a body longer than signed",
    ),
    "answer.other-body": (
        "nội dung bì không phải là nội dung người gửi đã ký",
        "the body is not the one that the sender signed",
    ),
    "answer.other-header": (
        "khóa mở bì khác với khóa người gửi đã ký",
        "another header than the sender signed",
    ),
    "answer.event-too-long": ("một tin báo quá dài", "an event too long"),
    "answer.event": ("tin báo: {why}", "event: {why}"),
    "answer.profile": ("hồ sơ quy chế: {why}", "profile: {why}"),
    "answer.calendar": ("lịch làm việc: {why}", "calendar: {why}"),
    "answer.checkpoint": ("mốc đối chứng: {why}", "checkpoint: {why}"),
    "answer.tiles": ("các phần của nhật ký: {why}", "tiles: {why}"),
    "answer.other-origin": ("mốc đối chứng của {origin}", "a checkpoint of {origin}"),
    "answer.smaller": (
        "nhật ký có {size} mục sau khi đã có {before} mục",
        "a tree of {size} entries after one of {before}",
    ),
    "answer.other-root": (
        "các mục không khớp với mốc đối chứng {size}",
        "its entries do not have the root of checkpoint {size}",
    ),
    "answer.other-text": (
        "nội dung mục {index} không đúng với mục đã ghi trong nhật ký",
        "the text of entry {index} is not what was logged",
    ),
    "answer.no-document": ("không đưa tài liệu {id}", "document {id} is not served"),
    "answer.other-document": ("tài liệu {id} có nội dung khác", "document {id} has other bytes"),
    # --- what a statement in the log is not
    "statement.addressed": ("gửi cho máy trung chuyển {relay}", "it is addressed to {relay}"),
}
