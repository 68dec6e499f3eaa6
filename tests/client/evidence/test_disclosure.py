"""A faulty package proved by its file key: each class of fault, what proves nothing, and what a judge is not told."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import pytest
from tests.client.agreement import CA
from tests.client.packages.test_receive import outline, replace_field, send_odd
from tests.client.parties import Parties, parties

from kynhan_client.dossiers import sealing
from kynhan_client.dossiers.dossier import Cover
from kynhan_client.errors import ClientError
from kynhan_client.evidence import disclosure, papers
from kynhan_client.evidence.verifying import Trust, Verification
from kynhan_client.packages import drafting, opening, outbox, receive
from kynhan_client.packages.acts import ActDraft
from kynhan_keys import age, header, stream
from kynhan_keys.header import Header
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_protocol.evidence import file_key
from kynhan_protocol.evidence.file_key import FileKey
from kynhan_protocol.statements.committees import Committees


def judged(folder: Path) -> Verification:
    """What `kynhan verify` says of a folder, without any home."""
    return papers.verify_path(folder, Trust(), lambda _: None)


def shown(verification: Verification) -> tuple[str, str | None, str]:
    """Result, class of fault, verdict."""
    assert verification.package is not None
    return verification.package.result, verification.package.fault, verification.verdict


def answers(verification: Verification) -> list[bool | None]:
    """Is the header as signed, the body, does the key fit, the payload open, is the content as signed."""
    found = verification.package
    assert found is not None
    return [found.header, found.body, found.key, found.payload, found.content]


def codes(verification: Verification) -> set[str]:
    return {one.code for one in verification.reasons}


async def signed_for(two: Parties, dispatch: str) -> str:
    """CA signs for it and opens it, whatever it finds; more is said since."""
    await receive.sign(two.ca, two.to[CA], dispatch)
    await opening.open_package(two.ca, two.to[CA], dispatch, two.folder / "opened")
    await later(two)
    return dispatch


async def later(two: Parties) -> None:
    """All that was said is final, and each side has said something since that attests the chains up to there."""
    await two.sync()
    await two.witness()
    await two.sync()
    sent = await two.request()
    await receive.sign(two.ca, two.to[CA], sent.dispatch)
    await two.witness()
    await two.sync()


async def odd_manifest(two: Parties) -> str:
    """A package whose manifest is of another kind than its dispatch."""
    outside = outline(two)
    return await signed_for(
        two, await send_odd(two, outside, Cover(subject="3.1"), replace_field(outside, "kind", "notice"))
    )


async def with_body(two: Parties, body: bytes, key: bytes) -> str:
    """A package of CCQ whose body is `body`, and whose header gives `key`."""
    home, made = two.ccq, outline(two)
    path = home.path / "sealed" / ".sealing-1-00000000"
    path.write_bytes(body)
    manifest = drafting.sign_manifest(home, made, Cover(), "khong-mat", "Trích yếu", ())
    sealed = sealing.SealedBody(path, len(body), sha256(body).hexdigest(), key)
    result = await outbox.deliver(
        home, two.to["ccq.example"], outbox.put_dispatch(home, made, sealed, manifest.note)
    )
    assert result.error is None
    await two.sync()
    return await signed_for(two, result.dispatch)


def spoil(monkeypatch: pytest.MonkeyPatch, change: Callable[[Header, bytes], bytes]) -> None:
    """Headers are made wrong from now on: `change` takes the right one and the file key."""
    right = sealing.make_header

    def wrong(key: bytes, committees: Committees, sealed: Iterable[str]) -> bytes:
        return change(header.parse(right(key, committees, sealed)), key)

    monkeypatch.setattr(sealing, "make_header", wrong)


def inside(folder: Path) -> set[Path]:
    return set(folder.iterdir())


def reveal(two: Parties, dispatch: str, name: str = "proof") -> Path:
    folder = two.folder / name
    disclosure.write(disclosure.prepare(two.ca, dispatch), folder)
    return folder


async def test_a_whole_package_is_said_to_be_whole_by_either_side(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request(two.file("Công văn.pdf", secrets.token_bytes(3_000_000)))
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        act = ActDraft("opening", sent.dispatch, result="faulty", code="payload")  # a lie
        await outbox.deliver(two.ca, two.to[CA], outbox.put_act(two.ca, act, case=sent.case))
        await two.sync()
        await two.witness()
        await two.sync()
        soon = judged(reveal(two, sent.dispatch))  # nobody has said anything since that attests the chains
        assert shown(soon) == ("whole", None, "INCOMPLETE")
        await later(two)
        for home in (two.ca, two.ccq):
            folder = tmp_path / f"proof-{home.config.committee}"
            made = disclosure.prepare(home, sent.dispatch)
            paths = disclosure.write(made, folder)
            assert all(path.stat().st_mode & 0o777 == 0o600 for path in paths)
            assert folder.stat().st_mode & 0o777 == 0o700
            found = judged(folder)
            assert shown(found) == ("whole", None, "VALID")
            assert answers(found) == [True] * 5
            assert not found.aside
            assert shown(papers.verify_path(folder, Trust(roots=folder / "roots"), lambda _: None)) == (
                *("whole", None),
                "VALID",
            )


async def test_a_manifest_that_says_otherwise_is_proved(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        found = judged(reveal(two, await odd_manifest(two)))
        assert shown(found) == ("fault", "manifest", "VALID")
        assert answers(found) == [True, True, True, True, False]
        assert {one.type for one in found.receipts} >= {"dispatch", "receipt", "opening"}


async def test_a_payload_that_does_not_decrypt_is_proved(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        key = secrets.token_bytes(16)
        sealed = b"".join(stream.seal_payload(key, bytes(16), [bytes(200_000)]))
        for name, body in (("garbage", secrets.token_bytes(20_000)), ("cut", sealed[:-1])):
            found = judged(reveal(two, await with_body(two, body, key), name))
            assert shown(found) == ("fault", "payload", "VALID")
            assert answers(found) == [True, True, True, False, None]


async def test_a_payload_that_is_no_package_is_a_fault_of_what_is_inside(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        key = secrets.token_bytes(16)
        sealed = b"".join(stream.seal_payload(key, bytes(16), [bytes(200_000)]))
        found = judged(reveal(two, await with_body(two, sealed, key)))
        assert shown(found) == ("fault", "manifest", "VALID")
        assert answers(found) == [True, True, True, True, False]


async def test_a_header_whose_mac_is_not_that_of_its_key_is_proved_by_the_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        spoil(monkeypatch, lambda right, _: header.format(Header(right.stanzas, bytes(32))))
        sent = await two.request()
        monkeypatch.undo()
        found = judged(reveal(two, await signed_for(two, sent.dispatch)))
        assert shown(found) == ("fault", "header", "VALID")
        assert answers(found) == [True, True, False, None, None]


async def test_a_header_that_nobody_can_read_proves_itself_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:

        def short(right: Header, key: bytes) -> bytes:
            bad = header.Stanza(right.stanzas[0].type, right.stanzas[0].args, bytes(31))
            return header.seal(key, [bad, *right.stanzas[1:]])

        spoil(monkeypatch, short)
        sent = await two.request()
        monkeypatch.undo()
        folder = reveal(two, await signed_for(two, sent.dispatch))
        assert (folder / "package/file-key").read_bytes().endswith(b"key none\n")
        assert shown(judged(folder)) == ("fault", "header", "VALID")


async def test_a_header_with_nothing_for_us_cannot_be_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        others = [Identity(secrets.token_bytes(32)).recipient() for _ in range(9)]
        spoil(monkeypatch, lambda right, key: age.make_header(key, others[: len(right.stanzas)]))
        sent = await two.request()
        monkeypatch.undo()
        await signed_for(two, sent.dispatch)
        with pytest.raises(ClientError) as refused:
            disclosure.prepare(two.ca, sent.dispatch)
        assert refused.value.code == "no-file-key"


async def test_a_key_that_fits_neither_header_nor_body_is_not_revealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:

        def other(right: Header, _: bytes) -> bytes:
            made = header.parse(age.make_header(bytes(16), others[: len(right.stanzas)]))
            return header.format(Header(made.stanzas, right.mac))

        others = [two.ca.keyring.identities[0].recipient() for _ in range(9)]
        spoil(monkeypatch, other)
        sent = await two.request()
        monkeypatch.undo()
        await signed_for(two, sent.dispatch)
        with pytest.raises(ClientError) as refused:
            disclosure.prepare(two.ca, sent.dispatch)
        assert refused.value.code == "proves-nothing"


async def test_what_is_not_here_or_not_for_us_is_said(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        unit = await two.add_member(two.ca, "pc03", "unit")

        def refusal(dispatch: str = sent.dispatch, home: object = two.ca) -> str:
            with pytest.raises(ClientError) as refused:
                disclosure.prepare(home, dispatch)  # type: ignore[arg-type]
            return refused.value.code

        assert refusal() == "not-signed-for"
        assert refusal("0" * 64) == "not-found"
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        await two.sync(unit, two.ccq)
        assert refusal(home=unit) == "not-found"
        assert refusal() == "not-final"
        body = two.ca.sealed_path(sent.dispatch, "body")
        body.write_bytes(body.read_bytes()[:-1])
        assert refusal() == "body-missing"


async def test_nothing_stays_where_the_folder_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        made = disclosure.prepare(two.ca, await odd_manifest(two))
        before = inside(tmp_path)
        (tmp_path / "there").mkdir()
        with pytest.raises(ClientError) as refused:
            disclosure.write(made, tmp_path / "there")
        assert refused.value.code == "file-exists"
        (tmp_path / "there").rmdir()

        def full(_: FileKey) -> bytes:
            raise OSError(28, "no space")

        monkeypatch.setattr(file_key, "format", full)
        with pytest.raises(OSError, match="no space"):
            disclosure.write(made, tmp_path / "full")
        assert inside(tmp_path) == before


async def test_what_was_changed_in_the_folder_proves_nothing(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        folder = reveal(two, await odd_manifest(two))
        (key, body, head) = (folder / f"package/{name}" for name in ("file-key", "body", "header"))
        given = {path: path.read_bytes() for path in (key, body, head)}
        dispatch = file_key.parse(given[key]).dispatch
        wrong = file_key.format(FileKey(dispatch, secrets.token_bytes(16)))
        other = next(one.id for one in judged(folder).receipts if one.type == "receipt")
        absent = file_key.format(FileKey("0" * 64, secrets.token_bytes(16)))
        swapped = file_key.format(FileKey(other or "", file_key.parse(given[key]).key))
        none = file_key.format(FileKey(dispatch, None))
        for path, data, result, verdict in (
            (key, wrong, "other-key", "INVALID"),
            (key, given[key] + b"\n", "bad-key", "INVALID"),
            (key, absent, "not-shown", "INCOMPLETE"),
            (key, swapped, "not-shown", "INCOMPLETE"),
            (key, none, "no-key", "INCOMPLETE"),
            (body, given[body][:-1] + bytes([given[body][-1] ^ 1]), "other-body", "INVALID"),
            (body, given[body] + b"x", "other-body", "INVALID"),
            (head, given[head] + b"x", "other-header", "INVALID"),
            (head, b"", "other-header", "INVALID"),
        ):
            path.write_bytes(data)
            found = judged(folder)
            assert shown(found) == (result, None, verdict)
            assert codes(found) == {result}
            path.write_bytes(given[path])
        assert shown(judged(folder)) == ("fault", "manifest", "VALID")
        for path in given:
            path.unlink()
            assert shown(judged(folder)) == ("incomplete", None, "INCOMPLETE")
            path.write_bytes(given[path])


async def test_another_dispatch_of_the_same_folder_is_not_what_the_key_opens(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        first = await odd_manifest(two)
        second = await two.request()
        await signed_for(two, second.dispatch)
        one, other = reveal(two, first, "one"), reveal(two, second.dispatch, "other")
        for name in ("file-key", "body", "header"):
            mine, theirs = one / "package" / name, other / "package" / name
            kept = mine.read_bytes()
            mine.write_bytes(theirs.read_bytes())
            assert judged(one).verdict != "VALID", name
            mine.write_bytes(kept)
        assert shown(judged(one)) == ("fault", "manifest", "VALID")


async def test_a_fault_is_not_said_to_be_proved_where_the_dispatch_is_not(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        folder = reveal(two, await odd_manifest(two))
        given = {
            path: path.read_bytes() for path in inside(folder) | inside(folder / "receipts") if path.is_file()
        }
        proof = {one.type: folder / one.name for one in judged(folder).receipts}["dispatch"]

        def result() -> str:
            found = shown(judged(folder))
            for path, data in given.items():
                path.write_bytes(data)
            assert found[2] != "VALID"
            return found[0]

        (folder / "roots").write_bytes(given[folder / "roots"].splitlines(keepends=True)[0])
        assert result() == "not-shown"
        (folder / "policy").write_bytes(
            given[folder / "policy-ed25519"]
        )  # wrong as a whole, each receipt VALID
        assert result() == "not-shown"
        proof.unlink()
        assert result() == "not-shown"
        shutil.rmtree(folder / "heads")  # nothing shows any more that no revocation is hidden
        for path in sorted(inside(folder / "receipts"))[2:]:  # the dispatch and its acceptance stay
            path.unlink()
        assert judged(folder).receipts[-2].time
        assert result() == "not-shown"
