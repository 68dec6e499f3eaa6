"""Runs a command and writes its wall seconds and peak resident memory (KiB) to a file descriptor, as two numbers.

`python -I -S bench/timed.py FD COMMAND…`, in a process as small as an interpreter can be: the kernel counts as a
process's peak what its parent held when it was started, so nothing large may start what is measured.
"""

import os
import sys
import time


def main() -> None:
    report, command = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(report, False)
    began = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    os.write(report, f"{seconds} {usage.ru_maxrss}".encode())
    sys.exit(os.waitstatus_to_exitcode(status) != 0)


if __name__ == "__main__":
    main()
