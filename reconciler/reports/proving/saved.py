"""The report of `prove` for one source, read back from its JSON."""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import Struct

from reconciler.documents.json_text import NotJson, decode, encode, value_at
from reconciler.errors import ExitCode, Problem, Refused, Severity, UsageError
from reconciler.proving.document import FORMAT_VERSION, REPORT
from reconciler.proving.report import (
    AuthenticationTable,
    Counts,
    Exchange,
    LearntRow,
    LeftOver,
    NotProved,
    Outcome,
    ProveReport,
    SpecProved,
    StepReport,
    TargetProved,
)
from reconciler.reports.plan.reading import decode_strictly
from reconciler.reports.problems.view import ErrorView, NoPlanView
from reconciler.reports.proving.several import REPORT as SEVERAL

HINT: Final = "write one with `reconciler prove KEY --report FILE`"


class _Exchange(Struct, frozen=True):
    method: str
    path: str
    status: int | None
    request_id: str
    ms: int


class _Step(Struct, frozen=True):
    id: str
    outcome: Outcome
    why: str
    ms: int
    requests: tuple[_Exchange, ...]

    @property
    def report(self) -> StepReport:
        sent = tuple(Exchange(one.method, one.path, one.status, one.request_id, one.ms) for one in self.requests)
        return StepReport(self.id, self.outcome, self.why, self.ms, sent)


class _Assumed(Struct, frozen=True):
    key: str
    value: str


class _Finding(Struct, frozen=True):
    level: Severity
    code: str
    message: str
    hint: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None


class _NotBegun(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    outcome: Literal["refused", "error"]
    problems: tuple[_Finding, ...]


class _Saved(Struct, frozen=True, forbid_unknown_fields=True):
    report: Literal["prove"]
    format_version: Literal[1]
    outcome: Outcome
    target: TargetProved
    run: str
    repository: str
    commit: str | None
    spec: SpecProved
    proof_digest: str
    started: str
    ended: str
    streaming: bool
    steps: tuple[_Step, ...]
    authentication: AuthenticationTable | None
    counts: Counts
    run_metrics: dict[str, Any]
    ids: dict[str, str]
    learnt: tuple[LearntRow, ...]
    assumed: tuple[_Assumed, ...]
    left: tuple[LeftOver, ...]
    kept: tuple[LeftOver, ...]
    findings: tuple[_Finding, ...]
    interrupted: bool
    written: tuple[str, ...]


def is_proof(document: Any) -> bool:
    """Whether this is the report of one proof, or of several."""
    return value_at(document, "report") in (REPORT, SEVERAL)


def read_proof_report(data: bytes, name: str) -> ProveReport | NotProved:
    """The proof of one source in a report of `prove`; `name` is the file's, for messages. Raises UsageError if it is not one."""
    try:
        document = decode(data)
    except NotJson as error:
        raise UsageError(f"{name} is not a report: {error}", hint=HINT) from None
    kind, version = value_at(document, "report"), value_at(document, "format_version")
    if kind in (REPORT, SEVERAL) and version != FORMAT_VERSION:
        said = f"{name} has format version {version!r:.20}; this version of reconciler reads {FORMAT_VERSION}"
        raise UsageError(said, hint="prove again with this version of reconciler")
    otherwise = f"{name} is not a report of `prove`"
    if kind != SEVERAL:
        return _report_of(decode_strictly(data, _Saved, otherwise, HINT))
    proofs = value_at(document, "proofs")
    if not isinstance(proofs, list) or len(proofs) != 1:
        raise UsageError(f"{name} has the proofs of several sources", hint="prove them one by one, each with a report of its own")
    only = encode(proofs[0])
    if value_at(proofs[0], "report") == REPORT:
        return _report_of(decode_strictly(only, _Saved, otherwise, HINT))
    return _not_begun(decode_strictly(only, _NotBegun, otherwise, HINT))


def without_proof(key: str, failure: NoPlanView) -> NotProved:
    """A proof that was not begun, from the report of the failure."""
    problems = (
        Problem(one.severity, one.code, one.message, one.file, one.line, one.column, one.hint, key) for one in failure.problems
    )
    code = ExitCode.REFUSED if failure.error.code == Refused.code else ExitCode.WRONG
    return NotProved(key, (_error(key, failure.error), *problems), code)


def _error(key: str, error: ErrorView) -> Problem:
    return Problem(Severity.ERROR, error.code, error.message, hint=error.hint, key=key)


def _not_begun(saved: _NotBegun) -> NotProved:
    code = ExitCode.REFUSED if saved.outcome == "refused" else ExitCode.WRONG
    return NotProved(saved.key, tuple(_problem(one, saved.key) for one in saved.problems), code)


def _report_of(saved: _Saved) -> ProveReport:
    return ProveReport(
        outcome=saved.outcome,
        target=saved.target,
        run=saved.run,
        repository=saved.repository,
        commit=saved.commit,
        spec=saved.spec,
        proof_digest=saved.proof_digest,
        started=saved.started,
        ended=saved.ended,
        steps=tuple(step.report for step in saved.steps),
        counts=saved.counts,
        run_metrics=saved.run_metrics,
        ids=saved.ids,
        learnt=saved.learnt,
        assumed=tuple((row.key, row.value) for row in saved.assumed),
        left=saved.left,
        kept=saved.kept,
        findings=tuple(_problem(one, saved.spec.key) for one in saved.findings),
        streaming=saved.streaming,
        authentication=saved.authentication,
        interrupted=saved.interrupted,
        written=saved.written,
    )


def _problem(finding: _Finding, key: str) -> Problem:
    place = (finding.file, finding.line, finding.column)
    return Problem(finding.level, finding.code, finding.message, *place, finding.hint, key)
