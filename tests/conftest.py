"""What all tests share: hypothesis without deadlines, more examples in the long mode (KYNHAN_LONG=1)."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# A run started in the background ignores SIGINT, and so would every program it starts; some tests press Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("normal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "long", deadline=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("long" if os.environ.get("KYNHAN_LONG") else "normal")
