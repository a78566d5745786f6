"""The steps `try` and `spec`: what to expect, and that the live spec is the one of the file."""

from __future__ import annotations

from reconciler.errors import Severity, count
from reconciler.proving.steps.work import PROVED, Result, Work
from reconciler.proving.waiting import Interruption


def try_source(work: Work) -> Result:
    """Try the source. An error refuses the proof: nothing was made yet."""
    report = work.attempt()
    if report.interrupted:
        raise Interruption
    work.trial, work.rows = report, report.rows
    work.log.fact("try", "records", report.records)
    work.log.fact("try", "calls", len(report.calls))
    errors = [item.problem for item in report.findings if item.problem.severity is Severity.ERROR]
    if errors:
        return Result("refused", f"try found {count(len(errors), 'error')}: {errors[0].message} [{errors[0].code}]")
    return PROVED


def check_spec(work: Work) -> Result:
    """Live still equals the file, and is attached: it gets the credentials next, and the checks before the question may be old."""
    problem = next((problem for problem in work.look_again() if problem.is_error), None)
    if problem is not None:
        return Result("refused", problem.message)
    work.log.fact("spec", "id", work.subject.spec.id)
    return PROVED
