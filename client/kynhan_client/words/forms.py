"""Words about the forms of documents: what is wrong with a cover.toml, what belongs into its lines."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "form.fault": ("{told}", "{told}"),
    "form.right": ("{path} đúng thể thức", "{path} is what its form asks for"),
    "form.wrong": ("{path}: {n} chỗ cần sửa", "{path}: {n} to be corrected"),
    "form.printed": ("Số, ký hiệu khi in: {printed}", "As printed: {printed}"),
}

TROUBLE: Final[dict[str, Told]] = {
    "bad-form": Told(
        "there is no {given}",
        "không có {given}",
        "Possible: {possible}.",
        "Có thể chọn: {possible}.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "form.unknown": (
        "thể thức (form) là {form}; phải là một trong: {possible}",
        "form is {form}; it must be one of {possible}",
    ),
    "form.missing": ("thiếu {label} ({name})", "{label} is missing ({name})"),
    "form.no-such-type": (
        "thể thức này không có loại văn bản {given}; có: {possible}",
        "this form has no type {given}; it has: {possible}",
    ),
    "form.bad-symbol": (
        "ký hiệu {given} không đúng thể thức hoặc không đúng loại văn bản; viết như {example}",
        "symbol {given} does not suit the form or the type; write it as {example}",
    ),
    "form.bad-printed": (
        "số, ký hiệu ghi là {given}; theo thể thức là {composed}",
        "printed is {given}; the form has {composed}",
    ),
    "form.too-early": (
        "ngày văn bản trước ngày có hiệu lực của {rule} ({date})",
        "it was issued before the rule of its form came into force ({rule}, {date})",
    ),
    "form.succeeded": (
        "từ {date} thể thức này đã có quy định thay thế; cân nhắc dùng party-2026",
        "since {date} another rule is in force; consider party-2026",
    ),
    "form.wish-before-issue": (
        "ngày đề nghị trả lời trước ngày văn bản",
        "the wished-for date lies before the date of issue",
    ),
    "form.bad-authority": (
        "thể thức ký {given} không đúng; bắt đầu bằng một trong: {possible}",
        "authority line {given} does not suit the form; it begins with one of {possible}",
    ),
    "form.bad-secrecy": (
        "không có độ mật {given}; có: {possible}",
        "there is no marking {given}; there are: {possible}",
    ),
    "form.not-secret": (
        "có thời hạn giải mật mà không có độ mật",
        "it has a date of declassification and no secrecy marking",
    ),
    "form.no-copies": ("chưa ghi nơi nhận", "no recipients are named"),
    "field.title": ("trích yếu", "the title"),
    "field.issuer": ("cơ quan ban hành", "the issuer"),
    "field.doctype": ("loại văn bản", "the type of document"),
    "field.number": ("số văn bản", "the number"),
    "field.symbol": ("ký hiệu", "the symbol"),
    "field.place": ("địa danh", "the place"),
    "field.issued": ("ngày văn bản", "the date of issue"),
    "field.position": ("chức vụ người ký văn bản", "the signer's position"),
    "field.signer": ("người ký văn bản", "the signer"),
    "hint.title": (
        "trích yếu; không nêu họ tên, ghi 'theo danh sách kèm theo'",
        "title; it names no person",
    ),
    "hint.number": (
        "số; bỏ dòng này nếu dùng --next-number; in ra: {printed}",
        "number; leave it out with --next-number; printed as {printed}",
    ),
    "hint.symbol": ("ký hiệu, in ra: {printed}", "symbol, printed as {printed}"),
    "hint.authority": ("thể thức đề ký: {possible}", "authority line: {possible}"),
    "hint.secrecy": (
        "độ mật: khong-mat, mat, toi-mat, tuyet-mat",
        "marking: khong-mat, mat, toi-mat, tuyet-mat",
    ),
    "hint.secret": (
        "từ mat trở lên: chỉ LAN độc lập (Luật 117/2025/QH15, Điều 5 khoản 2)",
        "mat and above: isolated LAN only (Law 117/2025/QH15, Art. 5.2)",
    ),
    "hint.copy": (
        "nơi nhận, mỗi nơi một đoạn; channel là electronic hoặc paper",
        "recipients, a block each; channel is electronic or paper",
    ),
}

COMMANDS: Final[dict[str, Help]] = {
    "form": Help(
        ("Thể thức văn bản: kiểm tra, mẫu mới", "forms of documents"),
        (
            "Các mục đăng ký theo thể thức văn bản của Đảng (party-2018, party-2026) và của Nhà nước (state-2020):"
            " kiểm tra tệp cover.toml, hoặc lấy mẫu để điền.",
            "Register fields as the forms of the Party (party-2018, party-2026) and of the State (state-2020) want"
            " them: checks a cover.toml, or gives one to fill in.",
        ),
        (
            "kynhan form new --form party-2026 > cover.toml",
            "kynhan form check cover.toml",
        ),
    ),
    "form check": Help(
        ("Kiểm tra một tệp cover.toml", "check a cover.toml"),
        (
            "Mỗi chỗ chưa đúng thể thức một câu; số, ký hiệu chưa ghi thì ghép giúp. Không cần thư mục Ký nhận.",
            "A sentence for each fault; composes number and symbol where they are not written out. Needs no home.",
        ),
        ("kynhan form check cover.toml", "kynhan form check --unnumbered cover.toml"),
    ),
    "form new": Help(
        ("Mẫu cover.toml để điền", "a cover.toml to fill in"),
        (
            "In mẫu theo thể thức và loại văn bản, có ghi chú từng dòng. Không cần thư mục Ký nhận.",
            "Prints one for a form and type of document, with a remark for each line. Needs no home.",
        ),
        (
            "kynhan form new --form party-2026 --doctype cong-van > cover.toml",
            "kynhan form new --form state-2020 --doctype to-trinh",
        ),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "form.form": ("Thể thức", "form."),
    "form.doctype": ("Loại văn bản, như cong-van, to-trinh", "type of document."),
    "form.unnumbered": ("Số lấy sau", "the number comes later."),
}
