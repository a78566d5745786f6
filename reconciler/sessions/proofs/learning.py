"""What a proof shows about Adobe's engine: its results, held against trials with each value of the evidence table."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from reconciler.errors import Problem, ReconcilerError
from reconciler.proofs.kept.engine_file import engine_path, parsed_engine, with_learnt
from reconciler.proving.learning import Observed, learnt, predicting
from reconciler.proving.options import ProveOptions
from reconciler.proving.report import LearntRow, ProveReport
from reconciler.proving.steps.work import Work
from reconciler.sessions.answering import Answering, Retries, ThirdParty, live, stub
from reconciler.sessions.proofs.subjects import ProofFiles, ProofFolders
from reconciler.sessions.prove_means import ProveMeans
from reconciler.settings.values import Network
from reconciler.sources.evidence import Assumptions
from reconciler.sources.paging.choice import delay_of
from reconciler.sources.trial import Limits
from reconciler.sources.window import Mode, Window
from reconciler.trying.options import TryOptions
from reconciler.trying.running.assumptions import Memo

_MORE_PAGES: Final = 3
"""Requests beyond those of the trial, after which another value counts as one that goes on."""
_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Learning:
    """Asks the third party again, as often as the values differ in what they request."""

    means: ProveMeans
    options: ProveOptions
    files: ProofFiles
    folders: ProofFolders
    network: Network
    served: bool

    def of(self, work: Work) -> tuple[LearntRow, ...]:
        """The rows that this proof answers; none if it has neither a preview nor a run, or if the third party does not answer."""
        observed = _observed(work)
        if observed == Observed() or work.trial is None or self.means.stop.is_set():
            return ()
        self.means.progress.step(f"{work.subject.key}: comparing with other assumptions")
        subject = work.subject
        known = {key: answer.value for key, answer in self.folders.engine.known(subject.target.name).items()}
        try:
            with self._answering(work) as answers:
                limits = Limits(len(work.trial.calls) + _MORE_PAGES, _ROWS)
                whole = Window(Mode.BACKFILL, None, answers.now)
                predict = predicting(subject.source, subject.values, Memo(answers.fetch), limits, whole)
                return learnt(observed, predict, subject.source, known, subject.assume)
        except ReconcilerError:
            return ()

    def _answering(self, work: Work) -> AbstractContextManager[Answering]:
        subject, now = work.subject, datetime.fromtimestamp(self.means.clock.now(), UTC).replace(microsecond=0)

        def on_status() -> bool:
            return Assumptions(subject.assume).of("http.429") == "retries"

        if self.served and self.files.has_stub:
            retries = Retries(on_status, self.network.retries)
            return nullcontext(stub(self.files.folder, subject.key, self.folders.shown, now, retries))
        delay = delay_of(subject.source, subject.values, Assumptions(subject.assume))
        options = TryOptions(allow_local=self.options.allow_local)
        means = self.means
        return live(
            ThirdParty(means.environ, self.files.filled.secrets, self.network, options, means.stop, means.ask, delay),
            now,
            on_status,
        )


def _observed(work: Work) -> Observed:
    """What the engine did: a preview, and the runs that ended."""
    explored = work.explored[:_ROWS]
    state = work.state
    if state is None or not state.ended:
        return Observed(explored=explored)
    succeeded = state.succeeded and not state.errors
    records = state.input if succeeded else None  # how far a run came that failed says nothing about where one ends
    windows = tuple((Window(Mode.INCREMENTAL, one.start, one.end), number) for one, number in work.windows_read)
    return Observed(succeeded, records, windows=windows, explored=explored)


def learnt_file(
    specs: Path, folders: ProofFolders, report: ProveReport, before: Mapping[Path, bytes]
) -> tuple[tuple[Path, bytes] | None, tuple[Problem, ...]]:
    """engine.yaml with what a proof has learnt, or None if nothing is to be written; and warnings.

    `before` are the files that earlier proofs of this command are to write: what they have learnt stays.
    """
    read = folders.engine
    if (earlier := before.get(specs / engine_path())) is not None:
        read = parsed_engine(replace(read.text, data=earlier))
    at, emulated = datetime.fromisoformat(report.ended), report.target.emulated
    data, problems = with_learnt(read, report.learnt, report.run, report.target.name, at, emulated=emulated)
    return (None if data is None else (specs / engine_path(), data)), problems
