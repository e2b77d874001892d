"""How much is tried: in `make test` the same few hundred cases every time, in `make fuzz` FUZZ times as many others."""

import os

from hypothesis import HealthCheck, settings

FUZZ = int(os.environ.get("FUZZ", "0"))


def cases(count: int) -> settings:
    """Hypothesis' settings for `count` cases."""
    return settings(
        max_examples=count * max(FUZZ, 1),
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
