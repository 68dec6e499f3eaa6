"""Names of committees, members and relays (DESIGN §3.2)."""

import pytest

from kynhan_protocol import names
from kynhan_protocol.errors import NameFormatError
from kynhan_protocol.names import Name


@pytest.mark.parametrize("name", ["ccq.example", "ca", "a-b.c-d.vn", "1.2", "x" * 63])
def test_committees_are_lower_case_labels_joined_by_dots(name: str) -> None:
    assert names.check_committee(name) == name
    assert names.is_party(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "ccq.", ".ccq", "ccq..example", "CCQ.example", "ccq.example/", "ccq_example", "-ccq", "ccq-"]  # noqa: RUF005
    + ["đảng.example", "ccq example", "ccq.example\n", "ccq+example", "x" * 64, "x" * 60 + ".xyz" * 18],
)
def test_other_spellings_of_a_committee_are_refused(name: str) -> None:
    with pytest.raises(NameFormatError) as caught:
        names.check_committee(name)
    assert caught.value.code == "bad-name"


def test_a_member_is_one_label_below_its_committee() -> None:
    assert names.check_member("ccq.example/van-thu") == "ccq.example/van-thu"


def test_a_name_knows_its_committee_and_whether_it_is_of_ours() -> None:
    member, committee = Name.of("ccq.example/van-thu"), Name.of("ccq.example")
    assert (member.committee, member.local, member.is_member) == ("ccq.example", "van-thu", True)
    assert (committee.committee, committee.local, committee.is_member) == ("ccq.example", None, False)
    assert member.is_of("ccq.example") and committee.is_of("ccq.example") and not member.is_of("ca.example")
    assert str(member) == str(Name("ccq.example", "van-thu")) == "ccq.example/van-thu"
    assert Name.parse("ccq.example/van-thu") == member
    assert Name.parse("ccq.example") == committee


def test_a_name_of_any_text_never_raises_and_one_that_is_parsed_is_checked() -> None:
    for text in ("", "/", "ccq.example/", "a/b/c", "ccq.example/" + "x" * 300):
        assert str(Name.of(text)) == text
        with pytest.raises(NameFormatError):
            Name.parse(text)
    assert Name.of("ccq.example/").is_member  # as whoever looks for a slash would say


@pytest.mark.parametrize(
    "name",
    ["ccq.example", "ccq.example/", "/van-thu", "ccq.example/a/b", "ccq.example/a.b", "ccq.example/Vt"],
)
def test_other_spellings_of_a_member_are_refused(name: str) -> None:
    with pytest.raises(NameFormatError):
        names.check_member(name)


@pytest.mark.parametrize("name", ["relay.example", "relay.example/kynhan", "relay.example/a/b_c.1", "kynhan"])
def test_an_origin_is_a_host_with_path_segments(name: str) -> None:
    assert names.check_origin(name) == name


@pytest.mark.parametrize(
    "name",
    ["kynhan/log", "kynhan/", "relay.example/", "relay.example//a", "https://relay.example", "Relay", ""],
)
def test_an_origin_never_looks_like_the_first_line_of_a_statement(name: str) -> None:
    with pytest.raises(NameFormatError):
        names.check_origin(name)


def test_committees_of_an_agreement_come_back_sorted() -> None:
    assert names.check_committees(["ccq.example", "cand.example"]) == ("cand.example", "ccq.example")


@pytest.mark.parametrize(
    "pair", [("ca", "ca.example"), ("ca.example", "ca.example.vn"), ("ca", "cab", "b"), ("ca", "ca")]
)
def test_no_committee_is_a_prefix_of_another(pair: tuple[str, ...]) -> None:
    with pytest.raises(NameFormatError, match="prefix"):
        names.check_committees(pair)
