"""Whether this process belongs to this package alone, so that nothing else in it uses the parsers of other packages.

A process of the command line does, and one of its workers. One that imports the package does not.
"""

from __future__ import annotations

_claims: list[bool] = []


def claim() -> None:
    """Say that this process is ours."""
    _claims.append(True)


def is_ours() -> bool:
    """Whether this process was claimed."""
    return bool(_claims)
