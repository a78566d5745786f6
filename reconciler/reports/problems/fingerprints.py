"""Fingerprints of problems, by which code scanning and Code Quality recognize a problem from one commit to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256

from reconciler.errors import Problem

_LENGTH = 32


def fingerprints(problems: Iterable[Problem], path_of: Callable[[str], str | None]) -> list[str]:
    """A digest of 32 hexadecimal digits for each problem, independent of line numbers; equal ones are numbered.

    `path_of` maps a file to its path from the repository's root; None if it is outside.
    """
    seen: Counter[str] = Counter()
    digests: list[str] = []
    for problem in problems:
        file = (path_of(problem.file) or problem.file) if problem.file else ""
        what = "\0".join((problem.code, file, problem.key or "", problem.message))
        seen[what] += 1
        digests.append(sha256(f"{what}\0{seen[what]}".encode("utf-8", "backslashreplace")).hexdigest()[:_LENGTH])
    return digests
