"""What `verify-log` finds."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "audit.no-log": ("Không có nhật ký {slug}.", "There is no log {slug}."),
    "audit.none": ("Chưa có nhật ký nào: chạy admit trước.", "There is no log yet: run admit first."),
    "audit.no-keys": (
        "Chưa có hồ sơ quy chế nào của {log} nêu khóa của máy này: cần cụm mật khẩu.",
        "No profile of {log} names the relay's keys yet: give the passphrase.",
    ),
    "audit.report": (
        "{log} ({origin}): {size} văn bản ký, {checkpoints} mốc đối chứng, {cosignatures} chữ ký đối chứng: {verdict}",
        "{log} ({origin}): {size} statements, {checkpoints} checkpoints, {cosignatures} cosignatures: {verdict}",
    ),
    "audit.agrees": ("mọi thứ khớp nhau", "everything agrees"),
    "audit.differs": ("{count} chỗ không khớp", "{count} discrepancies"),
    "audit.root": ("  mã gốc {root}", "  root {root}"),
    "audit.text-row": (
        "Một dòng của {table} chứa chữ ở chỗ phải là byte.",
        "A row of {table} holds text where bytes belong.",
    ),
    "audit.missing": (
        "Thiếu mục {index}; thay vào đó là mục {found}.",
        "Index {index} is missing; {found} comes instead.",
    ),
    "audit.id": (
        "Mã của mục {index} không phải SHA-256 của văn bản ký ở đó.",
        "The id of index {index} is not the SHA-256 of its statement.",
    ),
    "audit.no-statement": (
        "Mục {index} không phải văn bản ký (chi tiết kỹ thuật: {why})",
        "Index {index} is no statement: {why}",
    ),
    "audit.node": (
        "Nút của cây ở tầng {level}, vị trí {index} khác kết quả tính lại.",
        "The tree's node at level {level}, index {index} is not the recomputed one.",
    ),
    "audit.document": (
        "Tài liệu {sha256} không đúng mã băm của nó.",
        "The document {sha256} does not hash to its name.",
    ),
    "audit.profile": (
        "Không đọc được hồ sơ quy chế {sha256} (chi tiết kỹ thuật: {why})",
        "The profile {sha256} does not parse: {why}",
    ),
    "audit.uncovered": (
        "Không có mốc đối chứng nào gồm đủ {size} văn bản ký.",
        "No checkpoint covers all {size} statements.",
    ),
    "audit.checkpoint": (
        "Không đọc được mốc đối chứng {size} mục (chi tiết kỹ thuật: {why})",
        "The checkpoint of size {size} does not parse: {why}",
    ),
    "audit.unsigned": (
        "Mốc đối chứng {size} mục không có chữ ký đúng (chi tiết kỹ thuật: {why}).",
        "The checkpoint of size {size} is not signed: {why}.",
    ),
    "audit.other-log": (
        "Mốc đối chứng lưu cho {size} mục là của nhật ký khác hoặc số mục khác.",
        "The checkpoint stored for size {size} is another log's or size's.",
    ),
    "audit.too-large": (
        "Có mốc đối chứng {size} mục, nhưng chỉ có {count} văn bản ký.",
        "A checkpoint of size {size} exists, but only {count} statements.",
    ),
    "audit.other-root": (
        "Mã gốc của mốc đối chứng {size} mục khác kết quả tính lại.",
        "The root of the checkpoint of size {size} is not the recomputed one.",
    ),
    "audit.contradict": (
        "Hai mốc đối chứng {old} và {new} mục mâu thuẫn (chi tiết kỹ thuật: {why}).",
        "The checkpoints of sizes {old} and {new} contradict: {why}.",
    ),
    "audit.signature": (
        "Mục {index} không được ký đúng (chi tiết kỹ thuật: {why})",
        "Index {index} is not signed as it must be: {why}",
    ),
    "audit.unnamed": (
        "Không có văn bản ký nào của máy trung chuyển nêu mục {index}.",
        "No statement of the relay names index {index}.",
    ),
    "audit.stranger": (
        "Mục {index} là của một đảng ủy chưa từng được tiếp nhận.",
        "Index {index} is of a committee that was never admitted.",
    ),
    "audit.not-in-force": (
        "Mục {index} do {names} ký, lúc đó không có hiệu lực.",
        "Index {index} is signed by {names}, not in force there.",
    ),
    "audit.beyond": (
        "Có chữ ký đối chứng cho {size} mục, vượt quá nhật ký.",
        "A cosignature of size {size} exists, beyond the log.",
    ),
    "audit.nobodys": (
        "Chữ ký đối chứng của {name} ở {size} mục không phải của ai.",
        "The cosignature of {name} at size {size} is nobody's.",
    ),
    "audit.cosignature": (
        "Chữ ký đối chứng của {name} ở {size} mục không đúng (chi tiết kỹ thuật: {why}).",
        "The cosignature of {name} at size {size} does not verify: {why}.",
    ),
    "audit.never-logged": (
        "Có lưu lượt gửi {id} chưa từng vào nhật ký.",
        "A dispatch {id} is stored that was never logged.",
    ),
    "audit.part": (
        "Phần {part} của lượt gửi ở mục {index} không đúng mã băm của nó.",
        "The {part} of the dispatch at index {index} does not hash to its name.",
    ),
    "audit.not-stored": (
        "Lượt gửi {id} có trong nhật ký nhưng không được lưu.",
        "The dispatch {id} is logged, but not stored.",
    ),
}
