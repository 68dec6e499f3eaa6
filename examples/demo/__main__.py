"""`make demo`: one dossier, there and back, on real processes over loopback.

Usage: python examples/demo [--files "PATH PATH …"] [--out DIR] [--large-mb N]

Sets up a relay and two committees, tells the story as it happens (Vietnamese, then English) and leaves the evidence
in `demo/`, described in docs/demo.md. Ends with status 0 only if every step, and every offline check, went well.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from journey import Journey
from processes import StepError, World

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description="One dossier, there and back.")
    parser.add_argument("--files", default="", help="files to send instead of examples/dossier (shell words)")
    parser.add_argument("--out", type=Path, default=ROOT / "demo", help="folder to leave the evidence in")
    parser.add_argument("--large-mb", type=int, default=200, help="size of the generated enclosure, in MB")
    arguments = parser.parse_args()
    files = [Path(word).expanduser().resolve() for word in shlex.split(arguments.files)]
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        print(f"Không thấy tệp / no such file: {', '.join(missing)}", file=sys.stderr)
        return 1
    with World(arguments.out.resolve()) as world:
        try:
            Journey(world, files, arguments.large_mb * 1_000_000).run()
        except StepError as failed:
            print(f"\n✗ {failed}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nDừng theo yêu cầu. / Stopped; `make demo` starts afresh.", file=sys.stderr)
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
