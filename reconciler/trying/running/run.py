"""One trial of one spec: the requests, what the proof expects, other time ranges, other assumptions, and the report of it all.

A signal ends it at any point; the report then has what was known so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.errors import Problem, Severity
from reconciler.proofs.kept.engine_file import EngineAnswer
from reconciler.proofs.values import Expect
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Fetch
from reconciler.sources.source import SCHEDULE, Source
from reconciler.sources.trial import Trial
from reconciler.sources.window import Window
from reconciler.trying.options import TryOptions
from reconciler.trying.report import Placed, TryReport
from reconciler.trying.running.assumptions import Memo, rows_of, with_alternatives
from reconciler.trying.running.expecting import Expectations
from reconciler.trying.running.placing import ProofPlace, no_proof, placed
from reconciler.trying.running.showing import Hides, Shows, hidden
from reconciler.trying.running.watching import Watch
from reconciler.trying.running.windows import Counted, count_windows, without_schedule, words_of

Attempt: TypeAlias = Callable[[Fetch, "Window | None", Assumptions, "Watch | None"], Trial]
"""One trial from the first request to the stop, watched or not."""
UNFINISHED: Final = frozenset({"page-budget", "no-answer", "rate-limited", "not-recorded", "host-refused", "interrupted"})
"""Codes of findings after which more records may exist than were read."""
_ORDER: Final = tuple(Severity)
_UNANSWERED: Final = "no-answer"
_NOTHING: Final = "no-records"


class StopAsked(Protocol):
    """Whether a signal asked for an end."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tried: the spec, and what its proof says about it."""

    spec: DesiredSpec
    source: Source
    auth: str | None = None
    expect: Expect = field(default_factory=Expect)
    assume: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, EngineAnswer] = field(default_factory=dict)
    """What proofs have shown. `assume` has these values, too, unless something else is assumed."""
    in_proof: ProofPlace = no_proof
    notes: tuple[Problem, ...] = ()
    """Warnings about the proof file, which are findings, too."""

    @property
    def has_schedule(self) -> bool:
        """Whether the spec sends a time range."""
        return bool(self.source.mapping(SCHEDULE))


@dataclass(frozen=True, slots=True)
class Run:
    """The means of one trial. `hide` removes secrets, `step` receives progress, `stop` is set by a signal."""

    subject: Subject
    options: TryOptions
    attempt: Attempt
    fetch: Fetch
    hide: Hides
    step: Callable[[str], None]
    stop: StopAsked
    window: Window | None
    others: tuple[Window, ...] = ()
    """The time ranges of --windows."""
    noticed: Callable[[bool], Iterable[Finding]] = lambda _complete: ()
    """What the fetch itself noticed, asked for at the end, with whether everything was read."""

    def report(self) -> TryReport:
        """Try the spec. Raises what the fetch raises, unless a signal was the cause."""
        memo = Memo(self.fetch, keeps=self.options.assumptions)
        expectations = Expectations(self.subject.expect)
        shows = Shows(self.hide, with_curl=self.options.curl)
        watch = Watch(memo, self.options.rows, shows, self.step, expectations.look)
        assumed = Assumptions(self.subject.assume)
        interrupted = False
        try:
            trial = self.attempt(watch.send, self.window, assumed, watch)
        except BaseException:
            if not self.stop.is_set():
                raise
            trial, interrupted = watch.so_far(assumed.used), True
        interrupted = interrupted or self.stop.is_set()
        codes = {finding.code for finding in trial.findings}
        complete = not interrupted and not codes & UNFINISHED
        is_silent = interrupted or self.options.dry_run
        wanted = self.subject.expect.records
        expected = {_UNANSWERED} if is_silent else {_NOTHING} if wanted is not None and wanted.has(0) else set()
        findings = [finding for finding in trial.findings if finding.code not in expected]
        if trial.pages or (watch.calls and complete):
            everything = complete and self.options.window is None  # a part of the time may have fewer records than expected
            findings += expectations.findings(complete=everything)
            findings += expectations.left_open(trial.pages) if self._is_cut(codes) else ()
        if not (self.subject.has_schedule or is_silent):
            findings += without_schedule(self.subject.expect)
        report = TryReport(
            key=self.subject.spec.key,
            auth=self.subject.auth,
            origin=self.options.origin,
            window=words_of(self.window) if self.subject.has_schedule else "",
            calls=tuple(watch.calls),
            records=trial.records,
            stop_reason=self.hide.text(trial.stop.reason),
            stop_evidence=trial.stop.evidence,
            rows=tuple(hidden(row, self.hide) for row in trial.rows),
            findings=(*map(Placed, self.subject.notes), *self._placed(findings)),
            assumed=rows_of(trial.used, self.subject.answers),
            interrupted=interrupted,
            unanswered=_UNANSWERED in codes and not is_silent and all(call.status is None for call in watch.calls),
        )
        if not (interrupted or report.unanswered or self.options.dry_run):
            report = self._further(report, trial, memo)
        return self._finished(report, is_complete=complete and not report.interrupted)

    def _is_cut(self, codes: set[str]) -> bool:
        """Whether the limit of requests ended a trial that should have read everything. A recording may be of a part."""
        is_part = self.options.record or self.options.origin == "cassette" or self.options.window is not None
        return "page-budget" in codes and not is_part

    def _finished(self, report: TryReport, *, is_complete: bool) -> TryReport:
        """The report, with what the fetch noticed."""
        try:
            noticed = tuple(self._placed(self.noticed(is_complete)))
        except BaseException:
            if not self.stop.is_set():
                raise
            noticed, report = (), replace(report, interrupted=True)
        findings = sorted(dict.fromkeys((*report.findings, *noticed)), key=lambda item: _ORDER.index(item.problem.severity))
        report = replace(report, findings=tuple(findings))
        return replace(report, is_dry=True, stop_reason="nothing was sent") if self.options.dry_run else report

    def _further(self, report: TryReport, trial: Trial, memo: Memo) -> TryReport:
        """The report, with other time ranges and other assumptions if they were asked for."""
        expects = self.subject.expect.windows
        before = memo.sent
        try:
            if self.subject.has_schedule and (self.options.windows or expects):
                report = self._with_windows(report, trial, memo)
            if self.options.assumptions:
                rows = with_alternatives(trial, self._again(memo), self.subject.assume, self.subject.answers)
                report = replace(report, assumed=tuple(rows))
        except BaseException:
            if not self.stop.is_set():
                raise
            report = replace(report, interrupted=True)
        return (
            replace(report, more_calls=memo.sent - before)
            if expects or self.options.windows or self.options.assumptions
            else report
        )

    def _again(self, fetch: Fetch) -> Callable[[Assumptions], Trial]:
        """The same trial with other assumptions."""

        def again(assumed: Assumptions) -> Trial:
            self.step(f"trying {', '.join(f'{name}={value}' for name, value in assumed.overrides.items())}")
            return self.attempt(fetch, self.window, assumed, None)

        return again

    def _with_windows(self, report: TryReport, base: Trial, fetch: Fetch) -> TryReport:
        def number_of(window: Window) -> Counted:
            if window == self.window:
                return Counted(window, base)
            waiting = "waiting for " if self.options.origin == "live" else ""
            self.step(f"{waiting}the records of {words_of(window)}")
            return Counted(window, self.attempt(fetch, window, Assumptions(self.subject.assume), None))

        counts, findings = count_windows(self.subject.source, self.subject.expect, self.others, number_of)
        found = tuple(self._placed(findings))
        return replace(report, windows=counts, findings=tuple(dict.fromkeys((*report.findings, *found))))

    def _placed(self, findings: Iterable[Finding]) -> Iterable[Placed]:
        return placed(findings, self.subject.spec, self.subject.in_proof, self.hide.text)
