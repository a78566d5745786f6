"""The digest that `--expect` requires: whole, or its first digits."""

from __future__ import annotations

import re
from typing import Final

from reconciler.errors import Refused

LEAST: Final = 12
"""Minimum number of hexadecimal digits. One digest is compared with one plan, so a prefix is never ambiguous."""
_DIGEST: Final = re.compile(rf"[0-9a-f]{{{LEAST},64}}")


def expected_digest(given: str | None, printed_by: str) -> str | None:
    """The required digits in lower case; None if `--expect` was not given. Raises Refused for anything but 12 to 64 hex digits."""
    if given is None:
        return None
    hint = f"pass the digest that {printed_by} printed, or its first {LEAST} digits or more"
    if not given:
        raise Refused("--expect is empty", hint=f"{hint}; or leave out --expect")
    digits = given.lower()
    if not _DIGEST.fullmatch(digits):
        raise Refused(f"--expect {given!r} is not a digest: it must be {LEAST} to 64 hexadecimal digits", hint=hint)
    return digits
