"""How hypotheses draw: the same in every run of the tests, at random in a soak.

`fixed` derives each test's draws from its source alone. No database of earlier failures, no clock, no other module that happens to be
imported and no order of tests changes them. `random` draws anew in every run, and prints how to replay what it found.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

FIXED: Final = "fixed"
RANDOM: Final = "random"
HANG: Final = timedelta(seconds=30)
"""What no example of a soak takes on any machine, unless something in it grows faster than its input."""
_TOOL_CHECKS: Final = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""Checks of how fast and how large draws are: they judge the machine and the draw, not the product."""


def register() -> None:
    """Make both profiles known, and load the fixed one: what a test's own `settings` leave open comes from it."""
    settings.register_profile(FIXED, derandomize=True, database=None, deadline=None, suppress_health_check=_TOOL_CHECKS)
    settings.register_profile(
        RANDOM, derandomize=False, database=None, deadline=HANG, suppress_health_check=_TOOL_CHECKS, print_blob=True
    )
    settings.load_profile(FIXED)
    _forget_local_constants()


def _forget_local_constants() -> None:
    """Under `fixed`, draw no constants from code that is imported: what that is depends on which tests ran before.

    Hypothesis has no public setting for it; `test_draws` notices when the patch no longer holds.
    """
    of_imported_modules = providers._get_local_constants  # noqa: SLF001
    none = Constants()

    def constants() -> Constants:
        return none if settings.get_current_profile_name() == FIXED else of_imported_modules()

    mock.patch.object(providers, "_get_local_constants", constants).start()
