"""Sealing and opening 1 GiB: ours against Debian's `age`, and against the bare cipher on the same cores.

Debian's age has no post-quantum recipient yet, so it seals to X25519; the payload, which is what takes the time, is the
same format.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .processes import Run, alternate, run
from .report import Figure, Report

GIB = 1 << 30
TIMES = 3
TOOL = [sys.executable, "-m", "kynhan_keys"]
RAW = [sys.executable, str(Path(__file__).with_name("raw_cipher.py"))]


def measure(report: Report, size: int = GIB, times: int = TIMES) -> None:
    """Adds speed (MB/s) and peak memory (MiB) of sealing and of opening, against both peers."""
    install_age()
    with tempfile.TemporaryDirectory(prefix="kynhan-bench-") as name:
        folder = Path(name)
        plain = folder / "plain"
        write_random(plain, size)
        ours_key, ours_recipient = our_keys(folder)
        age_key, age_recipient = age_keys(folder)
        sealed = {"ours": folder / "ours.age", "age": folder / "age.age", "raw": folder / "raw"}
        seal = {
            "ours": [*TOOL, "seal", "-r", ours_recipient],
            "age": ["age", "-r", age_recipient],
            "raw": [*RAW, "seal"],
        }
        open_ = {
            "ours": [*TOOL, "open", "-i", str(ours_key)],
            "age": ["age", "-d", "-i", str(age_key)],
            "raw": [*RAW, "open"],
        }
        for who, command in seal.items():
            run(command, plain, sealed[who])
        runs = alternate(times, *(lambda c=command: run(c, plain) for command in seal.values()))
        add(report, "seal", size, dict(zip(seal, runs, strict=True)))
        runs = alternate(
            times, *(lambda c=command, w=who: run(c, sealed[w]) for who, command in open_.items())
        )
        add(report, "open", size, dict(zip(open_, runs, strict=True)))


def add(report: Report, verb: str, size: int, runs: dict[str, Run]) -> None:
    gib = size / GIB
    for peer, label in (("age", "age (Debian)"), ("raw", "raw ChaCha20-Poly1305")):
        speeds = [size / 1e6 / runs[who].seconds for who in ("ours", peer)]
        report.add(Figure(f"{verb} {gib:g} GiB vs {peer}", "MB/s", speeds[0], label, speeds[1], "higher"))
        peaks = [runs[who].peak_mib for who in ("ours", peer)]
        report.add(Figure(f"{verb} {gib:g} GiB peak vs {peer}", "MiB", peaks[0], label, peaks[1], "lower"))


def install_age() -> None:
    """Debian's age, installed if absent. Says so, and stops the bench, when that is not possible."""
    if shutil.which("age"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit("bench: `age` is missing; install it (apt-get install age) and run again")
    print("bench: installing Debian's age …", file=sys.stderr)
    subprocess.run(["apt-get", "-qq", "update"], check=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(
        ["apt-get", "-qq", "install", "-y", "age"], check=True, env=quiet, stdout=subprocess.DEVNULL
    )


def our_keys(folder: Path) -> tuple[Path, str]:
    key = folder / "ours.txt"
    with key.open("wb") as out:
        subprocess.run([*TOOL, "keygen"], check=True, stdout=out)
    recipient = subprocess.run(
        [*TOOL, "recipient", "-i", str(key)], check=True, capture_output=True, text=True
    )
    return key, recipient.stdout.strip()


def age_keys(folder: Path) -> tuple[Path, str]:
    key = folder / "age.txt"
    subprocess.run(["age-keygen", "-o", str(key)], check=True, stderr=subprocess.DEVNULL)
    recipient = subprocess.run(["age-keygen", "-y", str(key)], check=True, capture_output=True, text=True)
    return key, recipient.stdout.strip()


def write_random(path: Path, size: int) -> None:
    with path.open("wb") as out:
        for start in range(0, size, 1 << 24):
            out.write(os.urandom(min(1 << 24, size - start)))
