"""What is wrong with a manifest: its signature, what it says beside its dispatch, what the profile asks for.

Needs no home: the addressee asks it with its own copy of the log, a judge with the evidence that was brought.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.errors import ManifestError
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import SignedManifest
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import technical
from . import unpacking
from .unpacking import Fault


def judge(
    statement: Dispatch, index: int, time: datetime, committees: Committees, profile: Profile
) -> Callable[[SignedManifest], tuple[Fault, ...]]:
    """What is wrong with the manifest of a dispatch that stands at `index` of the log, with log time `time`. `profile`
    is the one that it names. The function reads nothing, so that it may run in a thread."""
    member = committees.member(statement.from_, index, time)
    keys = [member.statement.signing] if member else []
    approved = committees.is_approved(statement, index, time)

    def judged(signed: SignedManifest) -> tuple[Fault, ...]:
        faults: list[Fault] = []
        try:
            manifests.verify(signed, keys)
        except ManifestError as error:
            vi, en = technical("chữ ký trên bản kê không đúng", str(error))
            faults.append(Fault("manifest", en, vi))
        faults += unpacking.differences(signed, statement)
        if not approved:
            en = "who approved it is no approver, or the sender"
            faults.append(
                Fault("approval", en, "người duyệt phát hành không có quyền duyệt, hoặc là người gửi")
            )
        return (*faults, *_against_profile(profile, statement, signed.manifest.secrecy))

    return judged


def _against_profile(profile: Profile, statement: Dispatch, secrecy: str) -> list[Fault]:
    faults: list[Fault] = []
    if not profile.allows_secrecy(secrecy):
        ceiling = profile.secrecy.ceiling
        en = f"it is marked {secrecy}, above the profile's ceiling {ceiling}"
        faults.append(Fault("manifest", en, f"độ mật {secrecy} vượt mức {ceiling} của hồ sơ quy chế"))
    if profile.wants_approver(statement.kind, secrecy) and statement.approver is None:
        en = "nobody approved it, though it needs a second person"
        faults.append(Fault("approval", en, "thiếu người duyệt phát hành"))
    return faults
