"""The next step for a spec that failed, for every outcome and error code."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from reconciler.applying.outcome import ApplyReport, OutcomeName, Result

_BY_OUTCOME: Final[Mapping[OutcomeName, str]] = {
    OutcomeName.FAILED: "not written; fix the cause, and run apply again",
    OutcomeName.UNKNOWN: "outcome unknown; run plan in a few minutes to find out, and then apply",
    OutcomeName.NOT_CONVERGED: "written, but live differs from what was sent; run plan to see the difference",
    OutcomeName.SKIPPED: "nothing was sent; fix what blocked it, and run apply again",
}
_BY_CODE: Final[Mapping[str, str]] = {
    "answer-lost": "run plan in a few minutes to see whether the write arrived and what is left to do",
    "not-confirmed": "written, but it could not be read back; run plan in a few minutes to check it",
    "canary": "see the spec that was written first, then run apply again",
    "dependency": "see the spec that it depends on, then run apply again",
    "interrupted": "run apply again to finish",
    "journal": "free disk space or choose another file with --journal, then run apply again",
}
_RESTORING_BY_OUTCOME: Final[Mapping[OutcomeName, str]] = {
    OutcomeName.FAILED: "not restored; fix the cause, and run restore again",
    OutcomeName.UNKNOWN: "outcome unknown; run the same restore again in a few minutes to find out",
    OutcomeName.NOT_CONVERGED: "restored, but live differs from what was sent; run the same restore with --dry-run to see the difference",
    OutcomeName.SKIPPED: "nothing was sent; run the same restore again",
}
_OF_THE_SERVICE: Final = frozenset({"service", "not-found", "unreachable", "journal", "lost-id", "error"})
"""Codes whose own hint fits every command, because it names no command to run."""


def next_step(result: Result, *, restored: bool = False) -> str | None:
    """The next step for this spec; None if it succeeded. `restored`: by a restore, which a later apply would undo."""
    if result.outcome.is_good:
        return None
    error = result.error
    if restored:
        own = error.hint if error and error.code in _OF_THE_SERVICE else None
        return own or _RESTORING_BY_OUTCOME[result.outcome]
    if error is None:
        return _BY_OUTCOME[result.outcome]
    return error.hint or _BY_CODE.get(error.code) or _BY_OUTCOME[result.outcome]


def undo_command(result: Result, report: ApplyReport) -> str | None:
    """The command that shows how to restore the previous body; None if that does not apply."""
    if report.journal is None or result.id is None or result.error is None or result.error.before is None:
        return None
    return shlex.join(["reconciler", "--target", report.target.name, "restore", report.journal, "--id", result.id, "--dry-run"])
