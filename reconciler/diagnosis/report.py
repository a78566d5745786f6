"""What `doctor` reports: a value that every format renders. It contains no secret and no claim of a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.errors import ExitCode

Outcome: TypeAlias = Literal["ok", "warn", "fail", "unknown"]
"""What a check came to. `unknown` is never as good as `ok`: no answer was seen."""

OUTCOMES: Final[tuple[Outcome, ...]] = ("ok", "warn", "fail", "unknown")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was asked, what was seen, and the next step, if there is one.

    `due` is whether an answer was to be expected. If it was, `unknown` means that the target is not in order; if not, the documents and a
    reader of a healthy service leave it open as well.
    """

    id: str
    outcome: Outcome
    said: str
    hint: str | None = None
    asked: str = ""
    due: bool = True

    @property
    def is_in_order(self) -> bool:
        return self.outcome in ("ok", "warn") or (self.outcome == "unknown" and not self.due)


@dataclass(frozen=True, slots=True)
class TargetDiagnosed:
    """The target that the checks are about."""

    name: str
    host: str
    org_id: str
    sandbox: str
    emulated: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All checks of one target, in order. `target` is None where the settings do not define it."""

    target: TargetDiagnosed | None
    checks: tuple[Check, ...]
    deep: bool = False

    def count(self, outcome: Outcome) -> int:
        """How many checks came to this."""
        return sum(check.outcome == outcome for check in self.checks)

    @property
    def exit_code(self) -> ExitCode:
        """0 if everything is in order, 1 if nothing could be asked, 4 if a check fails or an answer that was due is missing."""
        if self.target is None:
            return ExitCode.WRONG
        return ExitCode.DONE if all(check.is_in_order for check in self.checks) else ExitCode.UNFINISHED
