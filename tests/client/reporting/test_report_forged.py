"""Whatever of a report or of its evidence is changed, left out, made up or too old: the verdict says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
import pytest_asyncio
from tests.client.parties import ORIGIN, SECRET, parties
from tests.client.reporting.report_story import DAY, Told, codes, handed, telling

from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log import logbook
from kynhan_client.log.view import View
from kynhan_client.reporting import checking, making, proof, reading
from kynhan_client.reporting.checking import Trust
from kynhan_client.reporting.making import Made, Wanted
from kynhan_keys import checkpoints, notes
from kynhan_protocol.agreement import periods
from kynhan_protocol.reports import reports
from kynhan_protocol.reports.reports import Report
from kynhan_protocol.vietnam_time import local_date
from kynhan_server.config import Folder
from kynhan_server.store import keyfile

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    async with telling(tmp_path_factory.mktemp("two")) as story:
        yield story


async def test_a_changed_figure_is_named(told: Told) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    total = msgspec.structs.replace(made.report.figures.total, received=5)
    figures = msgspec.structs.replace(made.report.figures, total=total)
    report = msgspec.structs.replace(made.report, figures=figures)
    checked = checking.check(handed(told.two.ccq, made, report=report), Trust())
    assert checked.verdict == "INVALID"
    assert [(one.code, one.subject) for one in checked.reasons] == [("figure", "figures.total.received")]
    assert checked.reasons[0].en == "The figure differs: 6 by our count, 5 in the report"


async def test_a_changed_subject_is_found_by_whoever_opened_the_package(told: Told) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    case = told.cases["open"]
    subjects = {one.case: one.subject for one in made.report.subjects} | {case: "3.1"}
    figures = reports.figures(made.facts, made.source, made.scope, subjects)
    declared = tuple(reports.Declared(*pair) for pair in sorted(subjects.items()))
    report = msgspec.structs.replace(made.report, subjects=declared, figures=figures)
    lying = handed(told.two.ccq, made, report=report)
    assert checking.check(lying, Trust()).verdict == "VALID"  # the log does not tell subjects
    checked = checking.check(lying, Trust(), told.two.ca)
    assert (checked.verdict, codes(checked)) == ("INVALID", {"subject"})
    unknown = msgspec.structs.replace(report, subjects=(reports.Declared(case, "9.9"), *declared[:0]))
    assert "no-such-subject" in codes(checking.check(handed(told.two.ccq, made, report=unknown), Trust()))


def without(home: Home, made: Made, dropped: Callable[[str | None], bool]) -> bytes:
    """The statements of the evidence, those of some cases left out."""
    gone = {one.logged.index for one in logbook.since(home.archive, 0) if dropped(one.case)}
    return proof.spell(
        one for one in proof.parse(proof.files(home, made)["statements"]) if one.index not in gone
    )


async def test_a_case_left_out_is_missed(told: Told) -> None:
    home = told.two.ccq
    made = making.make(home, told.wanted, told.at)
    case = told.cases["open"]
    log = {name: found for name, found in made.source.log.items() if name != case}
    source = reports.Source(
        log=log,
        profiles=made.source.profiles,
        calendars=made.source.calendars,
        profile_id=made.source.profile_id,
        calendar=made.source.calendar,
    )
    subjects = {one.case: one.subject for one in made.report.subjects if one.case != case}
    figures = reports.figures(reports.gather(source, made.scope), source, made.scope, subjects)
    declared = tuple(one for one in made.report.subjects if one.case != case)
    report = msgspec.structs.replace(made.report, subjects=declared, figures=figures)
    whole = checking.check(handed(home, made, report=report), Trust())
    assert whole.verdict == "INVALID"
    assert "figures.total.received" in {one.subject for one in whole.reasons}
    statements = without(home, made, lambda of: of == case)
    hidden = checking.check(handed(home, made, report=report, statements=statements), Trust())
    assert hidden.verdict == "INCOMPLETE"
    assert "withheld" in codes(hidden)


async def test_tampered_evidence_is_never_valid(told: Told) -> None:
    home = told.two.ccq
    made = making.make(home, told.wanted, told.at)
    files = proof.files(home, made)
    shown = proof.parse(files["statements"])
    altered = proof.spell(
        proof.Shown(one.index, one.note.replace(b"term in-country", b"term in-province")) for one in shown
    )
    cut = proof.spell(shown[:-1])
    leaves = files["leaves"][:-1] + bytes([files["leaves"][-1] ^ 1])
    profile = next(name for name in files if name.startswith("profile"))
    calendar = next(name for name in files if name.startswith("calendar"))
    signed = files["checkpoint"].replace(b"\n\xe2\x80\x94 relay", b"\n\xe2\x80\x94 other", 1)
    for changes, code in (
        ({"statements": altered}, "altered"),
        ({"statements": cut}, "withheld"),
        ({"statements": b"0 99999\nkynhan"}, "bad-statements"),
        ({"leaves": leaves}, "other-tree"),
        ({"leaves": files["leaves"][:-32]}, "other-tree"),
        ({"leaves": None}, "no-tree"),
        ({"checkpoint": None}, "no-tree"),
        ({"checkpoint": b"rubbish"}, "bad-checkpoint"),
        ({"checkpoint": signed}, "bad-checkpoint"),
        ({"roots": None}, "no-roots"),
        ({"roots": b"x"}, "bad-roots"),
        ({profile: None}, "no-profile"),
        ({calendar: None}, "no-calendar"),
        ({profile: files[profile] + b" "}, "no-profile"),
    ):
        checked = checking.check(handed(home, made, **changes), Trust())
        assert checked.verdict != "VALID", changes.keys()
        assert code in codes(checked), changes.keys()


async def test_keys_compared_in_person_and_the_own_log_decide(told: Told, tmp_path: Path) -> None:
    home = told.two.ccq
    made = making.make(home, told.wanted, told.at)
    roots = tmp_path / "roots"
    roots.write_bytes(proof.files(home, made)["roots"])
    checked = checking.check(handed(home, made), Trust(roots=roots))
    assert (checked.verdict, checked.anchored) == ("VALID", True)
    policy = tmp_path / "policy"
    policy.write_bytes(proof.files(home, made)["policy"])
    assert checking.check(handed(home, made), Trust(policy=policy)).verdict == "VALID"
    (tmp_path / "elsewhere").mkdir()
    async with parties(tmp_path / "elsewhere", other_keys=True) as other:
        foreign = tmp_path / "foreign"
        foreign.write_bytes("".join(f"{v}\n" for v in other.ccq.relay.root_keys.values()).encode())
        assert checking.check(handed(home, made), Trust(roots=foreign)).verdict == "INVALID"
        assert checking.check(handed(home, made), Trust(), other.ccq).verdict == "INVALID"


async def test_no_byte_of_the_evidence_can_change_unnoticed(told: Told) -> None:
    home = told.two.ccq
    made = making.make(home, told.wanted, told.at)
    files = proof.files(home, made)
    chance = Random(20)
    for name in sorted(set(files) - {"policy"}):
        for _ in range(25):
            data = bytearray(files[name])
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            checked = checking.check(handed(home, made, **{name: bytes(data)}), Trust())
            # a cosignature that no longer verifies says nothing: what is left is pending
            assert checked.verdict != "VALID" or not checked.final, name


def made_ahead(home: Home, told: Told) -> tuple[Made, Report]:
    """A report that claims that its period, which ends in 40 days, is over."""
    made = making.make(home, told.wanted, told.at)
    period = periods.between(made.report.period.begins, local_date(told.at) + timedelta(days=40))
    at = period.until + timedelta(hours=1)
    source = making.source_of(View(home), made.head.size, period.until)
    on = reports.scope(source, period, at)
    facts = reports.gather(source, on)
    subjects = making.subjects_of(home, facts)
    report = msgspec.structs.replace(
        made.report,
        period=period,
        at=at,
        finished=True,
        subjects=tuple(reports.Declared(*pair) for pair in sorted(subjects.items())),
        difficulties=reports.difficulties(facts, on, making.titles_of(home, facts)),
        figures=reports.figures(facts, source, on, subjects),
    )
    return made, report


async def test_a_log_that_ends_before_the_period_is_not_enough(told: Told) -> None:
    home = told.two.ccq
    made, report = made_ahead(home, told)
    checked = checking.check(handed(home, made, report=report), Trust())
    assert (checked.verdict, codes(checked)) == ("INCOMPLETE", {"ends-early"})
    with pytest.raises(ClientError) as refused:
        making.make(home, told.wanted, report.at)
    assert refused.value.code == "bad-period"


async def test_an_old_tree_that_the_relay_signs_again_later_reaches_no_further(told: Told) -> None:
    """What the witnesses of both sides cosigned is as old as their cosignatures, whatever the relay says."""
    home, two = told.two.ccq, told.two
    made, report = made_ahead(home, told)
    signers = keyfile.load(Folder(two.folder / "relay").keys, SECRET).under(ORIGIN)
    tree, old = checkpoints.parse(made.head.note)
    new = checkpoints.sign(tree, signers.ed25519, signers.ml_dsa_44, int(report.at.timestamp()))
    again = notes.format(notes.Note(new.text, (*new.signatures, *old.signatures[2:])))
    checked = checking.check(handed(home, made, report=report, checkpoint=again), Trust())
    assert checked.final
    assert (checked.verdict, codes(checked)) == ("INCOMPLETE", {"ends-early"})


async def test_another_title_of_a_difficulty_note_is_found_by_whoever_has_it(told: Told) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    (note,) = made.report.difficulties
    other = msgspec.structs.replace(note, title="Không có vướng mắc")
    report = msgspec.structs.replace(made.report, difficulties=(other,))
    lying = handed(told.two.ccq, made, report=report)
    assert checking.check(lying, Trust()).verdict == "VALID"  # the log does not tell titles
    checked = checking.check(lying, Trust(), told.two.ccq)
    assert (checked.verdict, codes(checked)) == ("INVALID", {"title"})


async def test_a_report_in_the_name_of_somebody_else_is_invalid(told: Told) -> None:
    made = making.make(told.two.ccq, told.wanted, told.at)
    report = msgspec.structs.replace(made.report, committee="other.example")
    checked = checking.check(handed(told.two.ccq, made, report=report), Trust())
    assert (checked.verdict, codes(checked)) == ("INVALID", {"no-such-committee"})


async def test_a_home_that_is_behind_says_so(told: Told) -> None:
    home = told.two.ccq
    made = making.make(home, told.wanted, told.at)
    place = msgspec.structs.replace(made.report.log, size=made.report.log.size + 1000)
    ahead = msgspec.structs.replace(made.report, log=place)
    data = reading.ReportFiles("report.json", ahead, reports.spell(ahead))
    checked = checking.check(data, Trust(), told.two.ca)
    assert "not-ours-yet" in codes(checked)
    other = msgspec.structs.replace(made.report.log, root="0" * 64)
    forked = msgspec.structs.replace(made.report, log=other)
    data = reading.ReportFiles("report.json", forked, reports.spell(forked))
    assert "two-histories" in codes(checking.check(data, Trust(), told.two.ca))


async def test_whoever_makes_it_before_anything_was_logged_after_the_period_is_told(told: Told) -> None:
    """The last test here: it moves the clock."""
    home = told.two.ccq
    told.two.move_clock(30 * DAY)
    ends = local_date(home.clock.now()) - timedelta(days=1)
    made = making.make(home, Wanted(begins=ends - timedelta(days=9), ends=ends))
    assert (made.report.finished, made.is_covered) == (True, False)
    assert codes(checking.check(handed(home, made), Trust())) == {"ends-early"}
