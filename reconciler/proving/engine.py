"""One proof: its steps in order, then the clean-up, whatever happened before, and the report of it all.

A step's failure ends the proof, unless the next steps show more of what the engine does. The clean-up runs after a failure, after a
signal and after an error of this program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from reconciler.documents.json_text import Document
from reconciler.errors import AnswerLost, JournalError, Problem, ReconcilerError
from reconciler.http.messages import RequestRecord
from reconciler.proving.report import Counts, Exchange, LearntRow, LeftOver, Outcome, ProveReport, StepReport
from reconciler.proving.steps.table import GOES_ON, STEPS
from reconciler.proving.steps.work import Result, Work
from reconciler.proving.waiting import Interruption

_NOT_REACHED: Final = "an earlier step failed"
_INTERRUPTED: Final = "interrupted"
_LOST: Final = "the answer of an earlier step was lost"
_NOTHING_MADE: Final = "nothing was made"
_NO_DELETE: Final = "the service cannot delete a mapping set; the next proof replaces it"


class Closing(Protocol):
    """The clean-up of a proof, with a client that can only read and delete."""

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """All requests of the clean-up."""
        ...

    def clean(self) -> tuple[LeftOver, ...]:
        """Delete what this run made; returns what is left. Raises ReconcilerError."""
        ...


class Results(Protocol):
    """The part of the journal that the engine writes."""

    def result(self, step: str, outcome: Outcome, why: str) -> None: ...
    def end(self, outcome: Outcome, left: Sequence[LeftOver]) -> None: ...


@dataclass(slots=True)
class Engine:
    """One proof. `said` hides secrets in texts; `learnt` compares what the engine did with the evidence table."""

    work: Work
    steps: tuple[str, ...]
    asked: tuple[str, ...]
    """All steps that a whole proof has, of which some may have been left out."""
    closing: Closing
    results: Results
    said: Callable[[str], str]
    learnt: Callable[[Work], tuple[LearntRow, ...]] = lambda _work: ()
    done: list[StepReport] = field(default_factory=list)
    interrupted: bool = False
    lost: bool = False
    """Whether the last error was a lost answer: what it was about may be there, and its id is not known."""
    broken: JournalError | None = None

    def report(self) -> ProveReport:
        """Prove, clean up, and report. Raises JournalError only if nothing was sent; any other error of a step is its result."""
        started = self._now()
        left: tuple[LeftOver, ...] = ()
        try:
            self._all()
        finally:
            left = self._clean()
        outcome = self._outcome()
        self._kept(lambda: self.results.end(outcome, left))
        work = self.work
        return ProveReport(
            outcome=outcome,
            target=work.subject.target,
            run=work.run,
            repository=work.subject.repository,
            commit=work.subject.commit,
            spec=work.subject.spec,
            proof_digest=work.subject.proof_digest,
            started=started,
            ended=self._now(),
            steps=tuple(self.done),
            counts=work.stream.counts(self._expected()) if work.stream else self._counts(),
            run_metrics=self._metrics(),
            ids=self._ids(),
            learnt=self.learnt(work),
            assumed=tuple((row.key, row.value) for row in work.trial.assumed) if work.trial else (),
            left=left,
            kept=self._staying(),
            findings=self._findings(),
            streaming=work.stream is not None,
            authentication=work.stream.table() if work.stream else None,
            interrupted=self.interrupted,
        )

    def _all(self) -> None:
        """Every step but the clean-up."""
        steps = [step for step in self.steps if step != "cleanup"]
        why: str | None = None
        for number, step in enumerate(steps, start=1):
            if why is not None:
                self._add(StepReport(step, "skipped", why))
                continue
            result = self._one(step, f"{self.work.subject.key}: {step}, step {number} of {len(steps)}")
            if self.interrupted:
                why = _INTERRUPTED
            elif self.lost and step not in GOES_ON:
                why = _LOST
            elif self.broken is not None or result.outcome == "refused" or (result.outcome == "failed" and step not in GOES_ON):
                why = _NOT_REACHED

    def _one(self, step: str, where: str) -> Result:
        work, waits = self.work, self.work.waits
        sent, began = len(work.writer.requests), waits.clock.monotonic()
        try:
            waits.at(where)
            result = STEPS[step](work)
        except Interruption:
            self.interrupted, result = True, Result("unknown", _INTERRUPTED)
        except JournalError as error:
            self.broken, result = error, Result("failed", error.message)
        except ReconcilerError as error:
            self.lost = isinstance(error, AnswerLost)
            result = Result("unknown" if self.lost else "failed", _said(error))
        exchanges = tuple(map(_exchange, work.writer.requests[sent:]))
        milliseconds = round((waits.clock.monotonic() - began) * 1000)
        self._add(StepReport(step, result.outcome, self.said(result.why), milliseconds, exchanges))
        return result

    def _add(self, step: StepReport) -> None:
        self.done.append(step)
        self._kept(lambda: self.results.result(step.id, step.outcome, step.why))

    def _kept(self, write: Callable[[], None]) -> None:
        """Write to the journal what was already done; if that fails, it still has to be reported and cleaned up."""
        try:
            write()
        except JournalError as error:
            self.broken = self.broken or error

    def _clean(self) -> tuple[LeftOver, ...]:
        """The step `cleanup`, which no signal and no earlier failure prevents."""
        waits = self.work.waits
        if self.work.options.keep_resources:
            self._add(StepReport("cleanup", "skipped", "--keep-resources"))
            return ()
        if not self.work.may_have_made:
            self._add(StepReport("cleanup", "skipped", _NOTHING_MADE))
            return ()
        sent, began = len(self.closing.requests), waits.clock.monotonic()
        waits.progress.step(f"{self.work.subject.key}: cleaning up")
        try:
            left = self.closing.clean()
            result = Result("failed", "resources are left") if left else Result("proved")
        except ReconcilerError as error:
            left, result = self._not_cleaned(), Result("failed", _said(error))
        milliseconds = round((waits.clock.monotonic() - began) * 1000)
        exchanges = tuple(map(_exchange, self.closing.requests[sent:]))
        self._add(StepReport("cleanup", result.outcome, self.said(result.why), milliseconds, exchanges))
        return tuple(replace(one, reason=self.said(one.reason)) for one in left)

    def _not_cleaned(self) -> tuple[LeftOver, ...]:
        """All that this run made, after a clean-up that ended with an error: whether it is left is not known."""
        made = self.work.made.items()
        return tuple(
            LeftOver(one.type, one.id, self.work.mark(step)[0], "the clean-up did not finish")
            for step, one in made
            if one.type != "mappingSet" and not self.work.keeps(step)
        )

    def _outcome(self) -> Outcome:
        """Proved only if every step of a whole proof is, or has nothing to do."""
        outcomes = {step.outcome for step in self.done if step.id != "cleanup"}
        if "refused" in outcomes:
            return "refused"
        if "failed" in outcomes:
            return "failed"
        by_id = {step.id: step for step in self.done}
        left_out = [step for step in self.asked if step not in by_id]
        if "unknown" in outcomes or left_out or self.interrupted or self.broken is not None:
            return "unknown"
        return "proved"

    def _findings(self) -> tuple[Problem, ...]:
        work = self.work
        if work.stream is not None:
            return work.stream.findings
        return tuple(item.problem for item in work.trial.findings) if work.trial else ()

    def _counts(self) -> Counts:
        work = self.work
        state, trial = work.state, work.trial
        return Counts(
            tried=trial.records if trial else None,
            input=state.input if state else None,
            output=state.output if state else None,
            failed=state.failed if state else None,
            expected=self._expected(),
            pages=_pages(work),
            by_window=tuple(work.windows),
        )

    def _expected(self) -> str | None:
        expected = self.work.subject.proof.expect.records
        return str(expected) if expected else None

    def _ids(self) -> dict[str, str]:
        work, state = self.work, self.work.state
        flow = work.made.get("flow")
        found = {
            "flow": flow.id if flow else None,
            "run": state.id if state else None,
            "adf_run": state.adf_run if state else None,
            "batch": state.batch if state else None,
            "inlet": work.stream.inlet.id if work.stream and work.stream.inlet else None,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _metrics(self) -> Document:
        """What the service gave about the run, without secrets that it may repeat."""
        state = self.work.state
        shown = self.work.hide(dict(state.metrics)) if state else {}
        return shown if isinstance(shown, dict) else {}

    def _staying(self) -> tuple[LeftOver, ...]:
        """What stays on purpose."""
        work = self.work
        found = []
        if work.mapping_id is not None:
            name = work.kept_mark("mapping")[0]
            found.append(LeftOver("mappingSet", work.mapping_id, name, _NO_DELETE))
        for step, made in work.made.items():
            kept = work.keeps("schema" if step == "fieldgroup" else step)
            if made.type != "mappingSet" and (kept or work.options.keep_resources):
                name, _ = work.kept_mark(step) if kept else work.mark(step)
                found.append(LeftOver(made.type, made.id, name, "cleanup.keep" if kept else "--keep-resources"))
        return tuple(found)

    def _now(self) -> str:
        return datetime.fromtimestamp(self.work.waits.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(error: ReconcilerError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _exchange(record: RequestRecord) -> Exchange:
    return Exchange(record.method, record.path, record.status, record.request_id, record.milliseconds)


def _pages(work: Work) -> int | None:
    """The pages of records that the trial read, as `expect.pages` counts them: without an empty one at the end, and without probes."""
    if work.trial is None:
        return None
    return sum(bool(call.records) and not call.is_probe for call in work.trial.calls)
