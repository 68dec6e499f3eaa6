"""Python's own start under scripts/at-moment: time.sleep by another system call.

libfaketime leaves the monotonic clock alone, as it has to (threads wait by it), but answers clock_nanosleep, which
time.sleep calls with a moment of that clock, with EINVAL. select waits for a span and is let through.
"""

import select
import time


def sleep(seconds: float) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        select.select([], [], [], left)


time.sleep = sleep
