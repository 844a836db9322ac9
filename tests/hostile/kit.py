"""How much is tried: a little by default, and with `make fuzz AREA=hostile EXAMPLES=100000` so many examples a test.

By default the examples are always the same; of the others each run draws its own.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("ERLSIM_HOSTILE_EXAMPLES", "0"))

attacked = settings(
    derandomize=not EXAMPLES,
    deadline=None,
    max_examples=EXAMPLES or 60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
