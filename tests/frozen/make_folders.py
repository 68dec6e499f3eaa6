"""Makes the folders that every later version must open: `python -m tests.frozen.make_folders`.

Run it only to add a state that today's code leaves behind; what is there already is what users have. It lives the life
of life.py, and a second one whose relay lies, and packs what they leave into folders/, one archive each. The keys in
there protect nothing: the passphrases are in the tests.
"""

from __future__ import annotations

import asyncio
import io
import lzma
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests import moments
from tests.client.agreement import CCQ, founded
from tests.frozen.life import living
from tests.frozen.life_cases import BEGIN

FOLDERS = Path(__file__).parent / "folders"
LIFE, LIES = FOLDERS / "life.tar.xz", FOLDERS / "lies.tar.xz"


async def lied_to(folder: Path) -> None:
    """A home whose relay gave a wrong date, held a text back, and then showed another history."""
    moments.set_clock(folder / "offset", BEGIN)
    async with founded(folder) as world:
        world.simulator.due_shift = 3
        sent = await world.send()
        await world.receive(sent.id)
        await world.sync()
        world.simulator.withhold(len(world.simulator.log) + 1)
        await world.send()
        await world.sync()
        world.simulator.withheld.clear()
        await world.sync()
        world.simulator.fork(keep=4)
        await world.sync()
        assert world.ccq.frozen is not None


def pack(folder: Path, names: Iterable[str]) -> bytes:
    """These files and folders, with neither owners nor times."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in names:
            for path in sorted([folder / name, *(folder / name).rglob("*")]):
                member = tar.gettarinfo(path, str(path.relative_to(folder)))
                member.uid = member.gid = 0
                member.uname = member.gname = ""
                member.mtime = 0
                with path.open("rb") if path.is_file() else io.BytesIO() as content:
                    tar.addfile(member, content)
    return lzma.compress(buffer.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def unpack(archive: Path, folder: Path) -> None:
    """The folders inside, as they lay on the disk."""
    with tarfile.open(archive, "r:xz") as tar:
        tar.extractall(folder, filter="fully_trusted")


async def main() -> None:
    """Makes both archives anew."""
    if LIFE.exists() and "--again" not in sys.argv:
        raise SystemExit(f"{LIFE} is what users have; --again replaces it, and every expectation with it")
    FOLDERS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "life").mkdir()
        (folder / "lies").mkdir()
        async with living(folder / "life"):
            pass
        await lied_to(folder / "lies")
        LIFE.write_bytes(pack(folder / "life", ("relay", "ccq.example", "ca.example", "pc03")))
        LIES.write_bytes(pack(folder / "lies", (CCQ,)))


if __name__ == "__main__":
    asyncio.run(main())
