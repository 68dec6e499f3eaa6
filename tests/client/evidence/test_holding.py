"""A page held against evidence in which something of another log lies too."""

from __future__ import annotations

from dataclasses import replace

from tests.protocol.cases import files_of_journey
from tests.protocol.elsewhere import files_of_elsewhere
from tests.protocol.world import ORIGIN

from kynhan_client.evidence import holding
from kynhan_keys import b64, checkpoints, proofs


def test_a_tree_of_another_log_of_the_same_size_is_not_taken_for_ours() -> None:
    files = dict(files_of_journey())
    head, _ = checkpoints.parse(proofs.parse(files["receipts/0016.receipt"]).checkpoint)
    proof = proofs.parse(files_of_elsewhere()["receipts/0014.receipt"])
    other, _ = checkpoints.parse(proof.checkpoint)
    lines = proof.checkpoint.split(b"\n")
    lines[1], lines[2] = str(head.size).encode(), b64.encode(bytes(32)).encode()
    files["receipts/z.receipt"] = proofs.format(replace(proof, checkpoint=b"\n".join(lines)))
    roots = holding.of_files(files).roots
    assert roots((ORIGIN, head.size)) == head.root.hex()
    assert roots((other.origin, head.size)) == bytes(32).hex()
