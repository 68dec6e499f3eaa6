"""Another world: other committees, other keys, a relay of another name; nothing in it concerns ours."""

from __future__ import annotations

import functools
from unittest import mock

from tests.protocol import world
from tests.protocol.world import World

ORIGIN = "other.example/kynhan"
CCQ, CA = "tuq.example", "sotc.example"


@functools.cache
def files_of_elsewhere() -> dict[str, bytes]:
    """The folder of a case there, VALID by itself."""
    names = {
        "ORIGIN": ORIGIN,
        "CCQ": CCQ,
        "CA": CA,
        "CLERK": f"{CCQ}/van-thu",
        "CA_CLERK": f"{CA}/van-thu",
        "UNIT": f"{CA}/pa03",
        "APPROVER": f"{CCQ}/lanh-dao",
    }
    with mock.patch.multiple(world, **names):
        made = World()
        for name, role in (("CLERK", "clerk"), ("APPROVER", "approver"), ("CA_CLERK", "clerk")):
            made.certify(names[name], role)
        for committee in (CCQ, CA):
            made.certify(f"{committee}/doi-chung", "witness")
        for committee in (CCQ, CA):
            made.attest(committee)
        sent = made.request()
        made.receipt(sent, by=names["CA_CLERK"])
        seen = made.newest()
        made.request(kind="message", term=None, seen=seen)
        made.request(kind="message", term=None, from_=names["CA_CLERK"], to=CCQ, seen=seen)
        made.cosign(by=(CA, CCQ))
        files = made.case_files()
    late = sorted(name for name in files if name.startswith("receipts/"))[-4:]
    dispatch, _, answer, _ = (files.pop(name) for name in late)
    return {**files, "heads/1.receipt": dispatch, "heads/2.receipt": answer}


@functools.cache
def chains_of_another_log() -> dict[str, bytes]:
    """The root statements of our own committees as another relay logged them."""
    with mock.patch.object(world, "ORIGIN", ORIGIN):
        return World.founded().chain_files()
