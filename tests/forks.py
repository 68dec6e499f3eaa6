"""Our programs as processes of their own, forked from one that has imported them: half a second less for each.

    done = forks.run("kynhan_client", "--home", …, "status")      as `python -m kynhan_client --home … status` ends

Only the imports are shared. In the long lane (lanes.py) each is started anew, as a user starts it.

    the tests ── one request per command, with its stdout, stderr and a place for its status ──> the parent (_serve)
    the parent ── fork ──> who waits for the command and tells its status ── fork ──> the command
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from functools import cache
from pathlib import Path

from tests.lanes import LONG

ROOT = Path(__file__).parents[1]
LARGEST = 1 << 17  # bytes of a request


def run(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a program (its package) to its end, with nothing to read; gives its status and what it said."""
    command = [sys.executable, "-m", program, *words]
    if LONG:
        return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    asked = json.dumps({"words": words, "environment": dict(os.environ), "folder": str(Path.cwd())}).encode()
    told, tells = socket.socketpair()
    with told, tells, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        socket.send_fds(_parent(program), [asked], [out.fileno(), err.fileno(), tells.fileno()])
        tells.close()
        status = told.recv(16)
        assert status, f"no status of {command}"
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return subprocess.CompletedProcess(command, int(status), *said)


@cache
def _parent(program: str) -> socket.socket:
    """Where to ask the process from which this program's are forked. It ends with the process that runs the tests."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        parent = subprocess.Popen(
            [sys.executable, "-m", "tests.forks", program, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
        )
    atexit.register(parent.wait, 10)
    atexit.register(ours.close)  # before that
    return ours


def _serve(program: str, descriptor: int) -> list[str]:
    """Forks until nobody asks any more; returns in each command's process, with its arguments."""
    package = importlib.import_module(program)
    for module in pkgutil.walk_packages(package.__path__, f"{program}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.freeze()
    with socket.socket(fileno=descriptor) as asked:
        while True:
            message, files, _, _ = socket.recv_fds(asked, LARGEST, 3)
            if not message:
                os._exit(0)
            if os.fork() == 0:
                break
            for file in files:
                os.close(file)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    out, err, tells = files
    command = os.fork()
    if command:
        _, ended = os.waitpid(command, 0)
        os.write(tells, str(os.waitstatus_to_exitcode(ended)).encode())
        os._exit(0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for file in files:
        os.close(file)
    request = json.loads(message)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    words: list[str] = request["words"]
    return words


def _run(program: str, words: list[str]) -> int:
    """The program as `python -m` runs it; gives its status."""
    sys.argv = [program, *words]
    try:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    status = _run(sys.argv[1], _serve(sys.argv[1], int(sys.argv[2])))
    # As Python ends, but for taking all modules apart, which would take as long as importing them.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
