"""What the demo leaves in `demo/` (docs/demo.md): receipts, policy, chains, the log as served, two age files."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from processes import LOG, StepError, World

DEMO_ONLY = """\
# DEMO ONLY. A sealing key in clear, so that stock age can open the demo's package without Kynhan.
# The program itself never writes one: in a home it lies in keys.age, under the passphrase.
"""
TILE = 256


class Evidence:
    """Writes the folder through the doors that any user has: the client's commands and the relay's URLs."""

    def __init__(
        self, world: World, case: str, request: str, reply: str, say: Callable[[str, str], None]
    ) -> None:
        self.world = world
        self.case = case
        self.request = request
        self.reply = reply
        self.say = say

    def collect(self) -> None:
        world, out = self.world, self.world.out
        world.wait_for("every receipt to become final", self.all_final, 30)
        world.kynhan("ccq", "receipts", self.case, "--upgrade", "--out", str(out))
        world.kynhan("ccq", "receipts", "--bundle", self.reply, "--out", str(out / "bundle.tar"))
        world.kynhan("ca", "open", self.request, "--age", str(out / "request.age"))
        world.kynhan("ccq", "open", self.reply, "--age", str(out / "reply.age"))
        for who in ("ca", "ccq"):
            self.write_identity(who)
        entries = self.write_log()
        self.say(
            f"biên nhận đủ đối chứng, chính sách, chuỗi khóa và nhật ký ({entries} mục) đã ghi vào {out.name}/",
            f"final receipts, policy, chains and the log ({entries} entries) written to {out.name}/",
        )

    def all_final(self) -> bool:
        self.world.kynhan("ccq", "sync")
        listed = self.world.kynhan_json("ccq", "receipts", self.case, "--upgrade")["receipts"]
        return bool(listed) and all(receipt["state"] == "final" for receipt in listed)

    def write_identity(self, who: str) -> None:
        """Opens the key file with the plain tool, as a rescuer would, and keeps only the sealing identity."""
        world = self.world
        tool = [
            sys.executable,
            "-m",
            "kynhan_keys",
            "open",
            "--passphrase-file",
            str(world.work / f"{who}.passphrase"),
        ]
        with (world.work / who / "keys.age").open("rb") as keys:
            opened = subprocess.run(tool, stdin=keys, capture_output=True, text=True, check=False)
        identities = [line for line in opened.stdout.splitlines() if line.startswith("AGE-SECRET-KEY-PQ-")]
        if opened.returncode != 0 or not identities:
            raise StepError(f"{who}/keys.age did not open: {opened.stderr.strip()}")
        (world.out / f"identity-{who}.txt").write_text(DEMO_ONLY + identities[0] + "\n")

    def write_log(self) -> int:
        """Downloads the checkpoint and every tile of its size; gives the number of entries."""
        base = f"{self.world.url}/v1/logs/{LOG}"
        folder = self.world.out / "log"
        checkpoint = fetch(f"{base}/checkpoint/cosigned")
        save(folder / "checkpoint", checkpoint)
        size = int(checkpoint.split(b"\n")[1])
        level, nodes = 0, size
        while nodes:
            for path in tile_names(nodes):
                save(folder / f"tile/{level}/{path}", fetch(f"{base}/tile/{level}/{path}"))
                if level == 0:
                    save(folder / f"tile/entries/{path}", fetch(f"{base}/tile/entries/{path}"))
            level, nodes = level + 1, nodes // TILE
        return size


def tile_names(nodes: int) -> list[str]:
    """Names of the tiles of one level with `nodes` hashes, full ones first (C2SP tlog-tiles, "Merkle tree")."""
    names = [tile_number(index) for index in range(nodes // TILE)]
    if nodes % TILE:
        names.append(f"{tile_number(nodes // TILE)}.p/{nodes % TILE}")
    return names


def tile_number(index: int) -> str:
    """Groups of three digits, all but the last after an x: 1234067 is x001/x234/067."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def fetch(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our loopback)
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as error:
        raise StepError(f"{url}: {error.code} {error.read().decode(errors='replace')}") from error


def save(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
