"""Revealing the file key of one dispatch: a folder that shows anybody whether its package is faulty (DESIGN §2).

The folder holds what proves the dispatch, and what we did with it, as a bundle does; beside it `package/` (see
opened_package.py). Before anything is written we judge it as any judge will: a key that would prove nothing is not
revealed.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kynhan_keys import age
from kynhan_keys.errors import HeaderError, NoMatchError
from kynhan_protocol.evidence import file_key
from kynhan_protocol.evidence.file_key import FileKey
from kynhan_protocol.evidence.verdicts import Reason, Verdict

from ..clauses import Pair, clause
from ..dossiers.dossier import PIECE
from ..errors import ClientError, problem
from ..home import durable
from ..home.home import Home
from ..log import logbook, receipts
from ..log.view import View
from ..packages import opening_judge, own_copy
from ..packages.own_copy import Copy
from . import opened_package, verifying
from .package_finding import PackageFinding
from .reading import PACKAGE
from .verifying import Trust, Verification


@dataclass(frozen=True)
class Disclosure:
    """All that the folder will hold, and what a judge will find in it. `files` are the receipts, by name."""

    finding: PackageFinding
    files: Mapping[str, bytes]
    copy: Copy
    revealed: FileKey = field(repr=False)


def prepare(home: Home, dispatch: str) -> Disclosure:
    """What would be revealed of a package that is here; nothing is written. The relay is not asked.

    Raises ClientError not-signed-for, header-missing, body-missing, destroyed, not-found (not sealed to us), not-final,
    no-file-key (the header has nothing for us), proves-nothing (the key would not show what is wrong).
    """
    view = View(home)
    statement = view.dispatch(dispatch)
    if not own_copy.is_sealed_to_us(home, view, statement):
        raise problem("not-found", what=clause("thing.key-to", id=dispatch[:16]))
    sent = view.case(statement.case).dispatches[dispatch]
    if sent.state == "sent" and not home.config.is_ours(statement.from_):
        raise problem("not-signed-for", dispatch=dispatch[:12])
    copy = own_copy.here(home, view, dispatch)
    revealed = FileKey(dispatch, _key(home, copy, dispatch))
    files = _receipts(home, dispatch)
    judge = opening_judge.judge(view, copy.statement, dispatch)
    finding = opened_package.look(copy.statement, copy.header, copy.body, revealed, judge)
    if finding.result not in ("fault", "whole"):
        raise problem("proves-nothing", why=clause("file-key.fits-nothing"))
    return Disclosure(finding, files, copy, revealed)


def write(made: Disclosure, folder: Path) -> list[Path]:
    """Writes the folder (0700, files 0600), which must not exist, whole or not at all; gives the paths.

    Raises ClientError file-exists, disk-full; OSError.
    """
    require_new(folder)
    unfinished = folder.with_name(f".{os.getpid()}-{secrets.token_hex(8)}.new")
    names = [*made.files, *PACKAGE]
    try:
        durable.make_folder(unfinished)
        for name in names:
            (unfinished / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, data in made.files.items():
            durable.write(unfinished / name, data)
        header, body, key = (unfinished / name for name in PACKAGE)
        durable.write(header, made.copy.header)
        durable.write(body, _pieces(made.copy.body))
        durable.write(key, file_key.format(made.revealed))
        require_new(folder)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    durable.sync_folder(folder.parent)
    return [folder / name for name in names]


def require_new(folder: Path) -> None:
    """Raises ClientError file-exists for a folder, or anything else, that is there."""
    if folder.exists() or folder.is_symlink():
        raise problem("file-exists", path=folder)


def _key(home: Home, copy: Copy, dispatch: str) -> bytes | None:
    """The file key that the header gives us; None where the header cannot be read, which proves itself."""
    try:
        return age.find_key(copy.header, home.keyring.identities)
    except HeaderError:
        return None
    except NoMatchError as error:
        raise problem("no-file-key", dispatch=dispatch[:12]) from error


def _receipts(home: Home, dispatch: str) -> Mapping[str, bytes]:
    """What proves the dispatch, and with it as many of its receipt and openings as can be proved by now: an act of the
    last hour may still wait for the witnesses, or for a later word of the other side. Raises ClientError not-final.
    """
    about = logbook.about_dispatch(home.archive, dispatch)
    acts = [entry.logged.id for entry in about if entry.type in ("receipt", "opening")]
    shown: Mapping[str, bytes] | None = None
    why: Pair = clause("final.none")
    for count in range(len(acts), -1, -1):
        try:
            files = receipts.bundle_files(home, dispatch, *acts[:count])
        except ClientError as error:
            if error.code != "not-final" or count == 0:
                raise
            continue
        verification = verifying.verify_files(files, Trust())
        if verification.verdict is Verdict.VALID:
            return files
        if shown is None and opened_package.is_shown(dispatch, verification):
            shown = files
        why = next((one.vi, one.en) for one in _reasons(verification))
    if shown is None:
        raise problem("not-final", why=why)
    return shown


def _reasons(verification: Verification) -> Iterator[Reason]:
    yield from verification.reasons
    for one in verification.receipts:
        yield from one.reasons


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
