"""Profiles: one readable document, strictly read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.protocol.world import CA, CCQ, ORIGIN, make_profile, signer, witness

from kynhan_protocol.agreement import profile, profile_text, terms
from kynhan_protocol.agreement.terms import REGULATION_TERMS
from kynhan_protocol.errors import ProfileError

SPEC = Path(__file__).parents[3] / "docs/spec/profile.md"
DATA = make_profile()


LAN = {"isolated-lan": True, "place": "Trụ sở Tỉnh ủy, số 1 đường Lê Lợi"}


def edited(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(DATA)
    change(document)
    return json.dumps(document, ensure_ascii=False).encode()


def test_the_default_profile_says_what_the_regulation_says() -> None:
    made = profile.parse(DATA)
    assert [subject.code for subject in made.subjects] == ["3.1", "3.2a", "3.2b", "3.3", "3.4", "3.5", "3.6"]
    assert [subject.term for subject in made.subjects] == [
        *("mandatory",) * 3,
        "optional",
        "mandatory",
        "none",
        "none",
    ]
    assert {term.code: terms.of_profile(made, term.code) for term in made.terms} == REGULATION_TERMS
    assert (made.reminders.before, made.reminders.after) == ((10, 5, 2, 1), (1, 3, 5))
    assert (made.return_within, made.header_retention_days, made.roll_foreign) == (5, 30, True)
    settings = made.settings
    assert not (settings.question_stops_clock or settings.interim_stops_clock or settings.closing_content)
    assert made.committees == (CCQ, CA)
    assert [key.name for key in made.relay.vkeys] == [ORIGIN, ORIGIN]


def test_who_is_which_party() -> None:
    made = profile.parse(DATA)
    assert made.party_of(f"{CCQ}/van-thu") == "requesting"
    assert made.party_of(CA) == "responding"
    assert made.party(made.party_of(CA)).short == "CA"
    for ask in (
        lambda: made.party_of("someone.example"),
        lambda: made.term("in-space"),
        lambda: made.subject("3.9"),
        lambda: made.allows_secrecy("secret"),
    ):
        with pytest.raises(ProfileError):
            ask()


def test_only_markings_up_to_the_ceiling_may_travel() -> None:
    made = profile.parse(DATA)
    assert [made.allows_secrecy(marking) for marking in ("khong-mat", "mat", "tuyet-mat")] == [
        True,
        False,
        False,
    ]
    raised = profile.parse(edited(lambda document: document["secrecy"].update(ceiling="toi-mat", **LAN)))
    assert [raised.allows_secrecy(marking) for marking in ("mat", "toi-mat", "tuyet-mat")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("ceiling", ["mat", "toi-mat", "tuyet-mat"])
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "not-isolated"),
        ({"isolated-lan": False}, "not-isolated"),
        ({"place": "Trụ sở Tỉnh ủy"}, "not-isolated"),
        ({"isolated-lan": True}, "no-lan-place"),
        ({"isolated-lan": True, "place": " "}, "no-lan-place"),
        ({"isolated-lan": True, "place": "x" * 201}, "no-lan-place"),
        (LAN, None),
    ],
)
def test_a_higher_ceiling_needs_an_isolated_lan_and_its_place(
    ceiling: str, said: dict[str, Any], code: str | None
) -> None:
    data = edited(lambda document: document["secrecy"].update(ceiling=ceiling, **said))
    if code is None:
        assert profile.parse(data).secrecy.place == LAN["place"]
        lines = " ".join("\n".join(profile_text.render(profile.parse(data), "vi")).split())
        assert "mạng LAN độc lập trong một trụ sở" in lines and str(LAN["place"]) in lines
        return
    with pytest.raises(ProfileError) as refused:
        profile.parse(data)
    assert refused.value.code == code


def test_what_an_older_profile_does_not_say_is_no() -> None:
    made = profile.parse(DATA)
    assert b"isolated-lan" not in DATA
    assert (made.secrecy.isolated_lan, made.secrecy.place) == (False, "")
    assert "LAN" not in "\n".join(profile_text.render(made, "vi"))


def test_who_is_marked_above_the_lowest_needs_a_second_person() -> None:
    made = profile.parse(edited(lambda document: document["approval"].update(kinds=["reply"])))
    asked = [("request", "khong-mat"), ("request", "mat"), ("reply", "khong-mat"), ("reply", "tuyet-mat")]
    assert [made.wants_approver(*one) for one in asked] == [False, True, True, True]


def test_the_bytes_are_readable_and_are_what_is_hashed() -> None:
    text = DATA.decode()
    assert "phấn đấu không quá 90 ngày" in text
    assert max(map(len, text.split("\n"))) < 2000
    assert profile.document_hash(DATA) != profile.document_hash(DATA.replace(b"\n", b""))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(extra=1),
        lambda d: d.pop("agreement"),
        lambda d: d.update(kynhan="profile@v2"),
        lambda d: d["settings"].pop("copy-to-clerk"),
        lambda d: d["settings"].update({"copy-to-everyone": True}),
        lambda d: d["settings"].update({"question-stops-clock": 0}),
        lambda d: d["parties"]["responding"].update(committee=CCQ),
        lambda d: d["parties"]["responding"].update(committee=CCQ + ".sub"),
        lambda d: d["parties"]["responding"].update(committee="CA.example"),
        lambda d: d["parties"]["responding"].update(short="CCQ"),
        lambda d: d["relay"].update(origin="kynhan/relay"),
        lambda d: d["relay"].update(origin="other.example"),
        lambda d: d["relay"].update(ed25519=str(witness(ORIGIN).vkey)),
        lambda d: d["relay"].update({"ml-dsa-44": str(signer(ORIGIN).vkey)}),
        lambda d: d["relay"].update(ed25519="relay.example/kynhan+00000000+AAAA"),
        lambda d: d["subjects"].append(d["subjects"][0]),
        lambda d: d["subjects"].clear(),
        lambda d: d["subjects"][0].update(term="sometimes"),
        lambda d: d["terms"].append({**d["terms"][0], "code": "elsewhere"}),
        lambda d: d["terms"].append(d["terms"][0]),
        lambda d: d["terms"][0].update(days=0),
        lambda d: d["terms"][0].update(days=35.5),
        lambda d: d.update(calendar="0" * 63),
        lambda d: d["reminders"].update(at="8:00"),
        lambda d: d["reminders"].update(before=[1, 2, 5, 10]),
        lambda d: d["reminders"].update(after=[1, 1]),
        lambda d: d["reminders"].update({"then-every": 0}),
        lambda d: d["reminders"]["unsigned"].update({"after-working-days": 0}),
        lambda d: d["secrecy"].update(ceiling="secret"),
        lambda d: d["secrecy"].update({"isolated-lan": "yes", "place": "Trụ sở Tỉnh ủy"}),
        lambda d: d["secrecy"].update(place="Trụ sở Tỉnh ủy"),
        lambda d: d["approval"].update(kinds=["letter"]),
        lambda d: d["regulation"].update(date="2026-02-30"),
        lambda d: d.update({"return-within": -1}),
        lambda d: d["settings"].update({"open-cases-keep-profile": False}),
        lambda d: d["settings"].update({"receipt-on-day-off": "counted"}),
        lambda d: d["settings"].update({"retention-years": -1}),
        lambda d: d["hours"].update(begin="17:00", end="07:30"),
        lambda d: d["hours"].update(begin="7:30"),
        lambda d: d["standing"].update(soon=0),
        lambda d: d["standing"].update({"long-overdue": 366}),
        lambda d: d["reports"].update({"begins-on": 29}),
        lambda d: d["reports"].update({"small-cell": 0}),
        lambda d: d["completion"].update(pauses=-1),
        lambda d: d["completion"].update({"received-after": 0}),
    ],
)
def test_what_no_agreement_can_mean_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(ProfileError):
        profile.parse(edited(change))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        b"{" * 100_000,
        DATA + b"{}",
        DATA.replace(b'"calendar":', b'"calendar": "' + b"0" * 64 + b'", "calendar":'),
        DATA.replace(b'"days": 35', b'"days": NaN'),
        DATA.replace(b'"days": 35', b'"days": 1e2'),
        DATA + b" " * profile.MAX_BYTES,
    ],
)
def test_what_is_not_strict_json_is_refused(data: bytes) -> None:
    with pytest.raises(ProfileError):
        profile.parse(data)


@pytest.mark.parametrize(("language", "word"), [("vi", "thời hạn"), ("en", "time limit")])
def test_a_profile_prints_in_eighty_columns(language: str, word: str) -> None:
    lines = list(profile_text.render(profile.parse(DATA), language))
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert word in text.lower()
    for said in ("15-QC/TU", CCQ, CA, ORIGIN, "35", "45", "90", "3.2a"):
        assert said in text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_profile_prints_every_one_of_its_rules(language: str) -> None:
    """Whatever is changed in the document changes what a committee reads before it attests it."""
    usual = list(profile_text.render(profile.parse(DATA), language))
    other: dict[str, Any] = {
        "hours": {"begin": "08:00", "end": "16:30"},
        "standing": {"soon": 7, "long-overdue": 30},
        "reports": {"begins-on": 15, "small-cell": 5},
        "completion": {"pauses": 2, "received-after": 1},
        "return-within": 6,
        "header-retention-days": 31,
        "roll-foreign": False,
    }
    for name, value in other.items():
        shown = list(profile_text.render(profile.parse(edited(lambda d: d.update({name: value}))), language))  # noqa: B023
        assert shown != usual, name
    for name, value in json.loads(DATA)["settings"].items():
        if isinstance(value, bool) and name != "open-cases-keep-profile":
            changed = edited(lambda d: d["settings"].update({name: not value}))  # noqa: B023
            assert list(profile_text.render(profile.parse(changed), language)) != usual, name


def test_what_this_version_cannot_do_otherwise_is_refused_in_words() -> None:
    for change, said in (
        ({"open-cases-keep-profile": False}, "knows only `open-cases-keep-profile` true"),
        ({"receipt-on-day-off": "counted"}, "not a profile"),
    ):
        with pytest.raises(ProfileError, match=said):
            profile.parse(edited(lambda d: d["settings"].update(change)))  # noqa: B023


def test_parts_that_came_later_may_be_absent() -> None:
    made = profile.parse(edited(lambda d: [d.pop(name) for name in ("hours", "standing", "reports")]))
    assert made == profile.parse(DATA)


def test_the_example_in_the_specification_is_a_profile() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", SPEC.read_text(), re.DOTALL)
    made = profile.parse(example.encode())
    assert made.committees == ("ccq.example", "cand.example")
    for field in profile.Settings.__struct_fields__:
        assert f"`{field.replace('_', '-')}`" in SPEC.read_text()
