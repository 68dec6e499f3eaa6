"""A profile in words, for the screen on which a committee decides whether to attest it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final, Literal

from ..statements import codes
from ..vietnam_time import format_date_vi
from ..words import Words
from .profile import Party, Profile, Subject, Term

WIDTH: Final = 80  # columns

Language = Literal["vi", "en"]
_Phrases = dict[str, tuple[str, str]]  # Vietnamese, English

_LABELS: Final[_Phrases] = {
    "regulation": ("Quy chế", "Regulation"),
    "dated": ("ngày", "of"),
    "requesting": ("Bên đề nghị", "Requesting committee"),
    "responding": ("Bên trả lời", "Responding committee"),
    "relay": ("Máy trung chuyển", "Relay"),
    "subjects": ("Nội dung phối hợp", "Subjects"),
    "terms": ("Thời hạn", "Time limits"),
    "calendar": ("Lịch làm việc đầu tiên", "First working-day calendar"),
    "reminders": ("Nhắc hạn", "Reminders"),
    "secrecy": ("Độ mật cao nhất được gửi", "Highest secrecy marking that may travel"),
    "isolated-lan": (
        "Hai đảng ủy cam kết mọi máy đều thuộc một mạng LAN độc lập trong một trụ sở",
        "Both committees declare that all machines stand in one isolated LAN inside one headquarters",
    ),
    "approval": ("Lượt gửi phải có người duyệt phát hành", "Dispatches that need an approver"),
    "none": ("không có", "none"),
    "agreement": ("Thỏa thuận", "Agreement"),
    "rules": ("Quy ước của hai bên", "Rules of the two sides"),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "not-counted": ("không tính", "not counted"),
    "term-of-office": ("theo nhiệm kỳ", "per term of office"),
    "calendar-year": ("theo năm", "per calendar year"),
}
_SECRECIES: Final[_Phrases] = {
    "khong-mat": ("Không mật", "Không mật (not secret)"),
    "mat": ("Mật", "Mật (secret)"),
    "toi-mat": ("Tối mật", "Tối mật (highly secret)"),
    "tuyet-mat": ("Tuyệt mật", "Tuyệt mật (top secret)"),
}
_SUBJECT_TERM: Final[_Phrases] = {
    "mandatory": ("phải có thời hạn", "with a time limit"),
    "optional": ("có thể có thời hạn", "time limit optional"),
    "none": ("không tính thời hạn", "no time limit"),
}
_SETTINGS: Final[_Phrases] = {
    "question_stops_clock": ("đề nghị làm rõ làm ngừng tính hạn", "a question stops the clock"),
    "opinion_wish_date": (
        "đợt xin ý kiến có thể nêu ngày mong muốn",
        "an opinion round may name a wished-for date",
    ),
    "interim_stops_clock": (
        "thông tin chưa kết luận làm ngừng tính hạn",
        "interim information stops the clock",
    ),
    "copy_to_clerk": (
        "văn thư cũng nhận hồ sơ gửi thẳng cho cơ quan chức năng",
        "the clerk also gets a dossier sent directly to a unit",
    ),
    "return_for_completion": (
        "được trả lại để bổ sung hồ sơ",
        "an incomplete dossier may be returned for completion",
    ),
    "return_restarts_clock": (
        "trả lại đúng hạn thì tính lại từ đầu",
        "a return in time starts the clock anew",
    ),
    "closing_content": ("gửi kèm nội dung kết luận", "the content of the conclusion is sent"),
    "unit_replies_directly": (
        "cơ quan chức năng trả lời trực tiếp",
        "the assigned unit answers directly",
    ),
    "copy_reply_to_committee": (
        "văn bản trả lời đồng gửi đảng ủy",
        "the unit's committee gets a copy of the reply",
    ),
    "correction_by_both": (
        "đính chính thời hạn phải có chữ ký hai bên",
        "a wrong term is corrected by both sides' signatures",
    ),
    "show_unrolled_date": (
        "hiện cả ngày thứ 90 chưa chuyển qua ngày nghỉ",
        "the 90th day is also shown before rolling over days off",
    ),
    "extension_names_date": (
        "thông báo gia hạn phải nêu ngày",
        "an extension notice announces a date",
    ),
    "open_cases_keep_profile": (
        "việc đang mở theo bản quy ước lúc bắt đầu",
        "open cases keep the profile they began under",
    ),
    "receipt_on_day_off": ("ký nhận vào ngày nghỉ", "a receipt on a day off is"),
    "retention_years": ("số năm lưu giữ (0: không hạn)", "years of retention (0: without limit)"),
}


def render(profile: Profile, language: str) -> Iterator[str]:
    """The profile in `vi` or `en`, line by line, none longer than 80 columns. Keys stay as they are, cut in
    pieces.
    """
    say = _Speaker("vi" if language == "vi" else "en")
    regulation = profile.regulation
    issued = format_date_vi(regulation.date) if say.language == "vi" else regulation.date.isoformat()
    yield from _wrap(
        f"{say('regulation')}: {regulation.number} {say('dated')} {issued}, {regulation.issuer}."
        f" {say.words(regulation.title)}"
    )
    for which in ("requesting", "responding"):
        yield from _wrap(f"{say(which)}: {_party(profile.party(which), say)}")
    yield from _wrap(f"{say('relay')}: {profile.relay.origin}")
    for key in (profile.relay.ed25519, profile.relay.ml_dsa_44):
        yield from _wrap(key if len(key) <= 2 * WIDTH else key[:120] + "…", "  ")
    yield f"{say('subjects')}:"
    for subject in profile.subjects:
        yield from _wrap(_subject(subject, say), "  ")
    yield f"{say('terms')}:"
    for term in profile.terms:
        yield from _wrap(_term(term, say), "  ")
    yield from _wrap(f"{say('calendar')}: {profile.calendar}")
    yield from _wrap(f"{say('reminders')}: {_reminders(profile, say)}")
    for line in (_hours(profile, say), _standing(profile, say), _reports(profile, say)):
        yield from _wrap(line)
    yield from _wrap(f"{say('secrecy')}: {say.of(_SECRECIES, profile.secrecy.ceiling)}")
    if profile.secrecy.isolated_lan:
        yield from _wrap(f"{say('isolated-lan')}: {profile.secrecy.place}")
    kinds = ", ".join(kind for kind in codes.KINDS if kind in profile.approval.kinds)
    yield from _wrap(f"{say('approval')}: {kinds or say('none')}")
    yield f"{say('rules')}:"
    for line in _rules(profile, say):
        yield from _wrap(line, "  ")
    yield from _wrap(f"{say('agreement')}: {say.words(profile.agreement)}")


class _Speaker:
    """Picks the language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, key: str) -> str:
        return self.of(_LABELS, key)

    def of(self, words: _Phrases, key: str) -> str:
        return words[key][0 if self.language == "vi" else 1]

    def words(self, words: Words) -> str:
        return self.pick(words.vi, words.en)

    def pick(self, vi: str, en: str) -> str:
        return vi if self.language == "vi" else en


def _party(party: Party, say: _Speaker) -> str:
    return f"{party.short}, {say.words(party.name)} ({party.committee})"


def _subject(subject: Subject, say: _Speaker) -> str:
    return f"{subject.code}  {say.words(subject.label)} ({say.of(_SUBJECT_TERM, subject.term)})"


def _term(term: Term, say: _Speaker) -> str:
    return f"{term.code}  {say.words(term.label)}"


def _reminders(profile: Profile, say: _Speaker) -> str:
    ladder = profile.reminders
    before, after = (", ".join(map(str, steps)) for steps in (ladder.before, ladder.after))
    return say.pick(
        f"{ladder.at}, trước hạn {before} ngày làm việc{', đúng ngày đến hạn' if ladder.on_day else ''},"
        f" sau hạn {after} ngày làm việc rồi cứ {ladder.then_every} ngày một lần;"
        f" chưa ký nhận: sau {ladder.unsigned.after_working_days} ngày làm việc"
        f" (văn bản khẩn: sau {ladder.unsigned.urgent_hours} giờ)",
        f"{ladder.at}, {before} working days before{', on the day' if ladder.on_day else ''},"
        f" {after} working days after, then every {ladder.then_every};"
        f" unsigned packages after {ladder.unsigned.after_working_days} working days"
        f" (urgent ones after {ladder.unsigned.urgent_hours} hours)",
    )


def _hours(profile: Profile, say: _Speaker) -> str:
    hours = profile.hours
    return say.pick(
        f"Giờ gửi thông báo: {hours.begin}–{hours.end} các ngày làm việc",
        f"Notifications go out {hours.begin}–{hours.end} on working days",
    )


def _standing(profile: Profile, say: _Speaker) -> str:
    standing = profile.standing
    return say.pick(
        f"Sắp đến hạn: còn {standing.soon} ngày làm việc; quá hạn kéo dài: quá {standing.long_overdue} ngày làm việc",
        f"Soon due: {standing.soon} working days before; long overdue: more than {standing.long_overdue} after",
    )


def _reports(profile: Profile, say: _Speaker) -> str:
    reports = profile.reports
    return say.pick(
        f"Báo cáo định kỳ: kỳ bắt đầu từ ngày {reports.begins_on} trong tháng; nhóm dưới {reports.small_cell} việc"
        " được gộp lại",
        f"Periodic reports: periods begin on day {reports.begins_on} of a month; groups of fewer than"
        f" {reports.small_cell} cases are merged",
    )


def _rules(profile: Profile, say: _Speaker) -> Iterator[str]:
    yield say.pick(
        f"trả lại để bổ sung hồ sơ trong {profile.return_within} ngày làm việc",
        f"return for completion within {profile.return_within} working days",
    )
    completion = profile.completion
    yield say.pick(
        f"mỗi văn bản đề nghị được trả lại làm ngừng tính hạn {completion.pauses} lần; văn bản bổ sung không ai ký nhận"
        f" coi như nhận khi hết ngày làm việc thứ {completion.received_after} sau khi gửi",
        f"returns of a request that pause the clock: {completion.pauses}; a completion nobody signs for counts as"
        f" received at the end of working day {completion.received_after} after it was sent",
    )
    yield say.pick(
        f"máy trung chuyển giữ khóa mở bì {profile.header_retention_days} ngày sau khi mở bì",
        f"the relay keeps headers for {profile.header_retention_days} days after the opening",
    )
    yield say.pick(
        "ngày thứ 90 là ngày nghỉ thì chuyển sang ngày làm việc tiếp theo", "a 90th day off rolls over"
    ) + (f": {say('yes' if profile.roll_foreign else 'no')}")
    for name in profile.settings.__struct_fields__:
        value = getattr(profile.settings, name)
        if name == "number_series":
            yield say.pick("số văn bản của Đảng", "numbers of Party documents") + f": {say(value.party)}"
            yield say.pick("số văn bản của Nhà nước", "numbers of State documents") + f": {say(value.state)}"
            continue
        said = say("yes" if value else "no") if isinstance(value, bool) else str(value)
        yield f"{say.of(_SETTINGS, name)}: {say(said) if said in _LABELS else said}"


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "    ")
