"""Whether a run of the apply workflow applied every expected target, according to the check run that each apply completes.

A skipped job creates no check run and does not fail the workflow run. GitHub skips the matrix when it drops a job output that contains the
value of a secret, and with it the list of targets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reconciler.errors import Problem, Severity
from reconciler.github.applied_record import applies_of
from reconciler.github.checks import CheckRuns
from reconciler.reports.apply.by_hand import APPLY, Workflow, dispatch

_ATTEMPT: Final = "/attempts/"
_HINT: Final = (
    "check whether its job was skipped, cancelled or refused. GitHub drops the list of targets when a value in it (a target's name, "
    "organization or sandbox) is also the value of a secret: store that value as a variable. Then: "
)


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of one target's apply in this run: `conclusion` is None if none was reported."""

    target: str
    conclusion: str | None
    url: str | None = None
    workflow: Workflow = APPLY
    """Which one applies by hand here."""

    @property
    def problem(self) -> Problem | None:
        """The error for a target that was not applied; None if it was."""
        if self.conclusion == "success":
            return None
        if self.conclusion is None:
            message = f"nothing was applied to {self.target}: this run has no completed apply for it"
            return Problem(Severity.ERROR, "not-applied", message, hint=_HINT + dispatch(self.target, workflow=self.workflow))
        message = f"the apply to {self.target} ended with {self.conclusion}"
        return Problem(Severity.ERROR, "not-applied", message, hint=f"see its report: {self.url or 'the summary of its job'}")


def applied(checks: CheckRuns, targets: Iterable[str], specs: str, commit: str, workflow: Workflow = APPLY) -> list[Applied]:
    """The result of each target's newest apply at this commit in this run, from any attempt; none if that was killed.

    Raises ServiceError.
    """
    found = []
    for target in targets:
        ours = [run for run in applies_of(checks, target, specs, commit) if _run(run.run_url) == _run(checks.run_url)]
        newest = ours[0] if ours else None
        found.append(Applied(target, newest.conclusion if newest else None, newest.url if newest else None, workflow))
    return found


def _run(url: str | None) -> str | None:
    """The URL of a run without its attempt."""
    return url.partition(_ATTEMPT)[0] if url else None
