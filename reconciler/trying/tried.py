"""Whether exactly this content of a spec was tried: its recording, replayed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Event
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.errors import ReconcilerError, SpecFileError, count
from reconciler.planning.tried import NEVER_TRIED, Tried, TriedOutcome
from reconciler.proofs.filling import values_for
from reconciler.proofs.folder import CASSETTE, folder_of
from reconciler.proofs.kept.digests import tried_digest
from reconciler.proofs.kept.engine_file import EngineAnswer, engine_in, with_known
from reconciler.proofs.proof import ReadProof, proof_in
from reconciler.proofs.values import Proof
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Fetch
from reconciler.sources.request import first_request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.window import Mode, Window
from reconciler.trying.cassette import MOMENT, Cassette, Unrecordable
from reconciler.trying.cassette_reading import read_cassette
from reconciler.trying.options import TryOptions
from reconciler.trying.redactor import Redactor
from reconciler.trying.replay import Replay
from reconciler.trying.report import TryReport
from reconciler.trying.running.run import Run, Subject
from reconciler.trying.running.watching import Watch

_AS_IN_THE_FILE: Final = (
    "write the values of --auth and --set into proof.yaml, and record without --window, --windows and --preview"
)


_NOTHING_KNOWN: Final[Mapping[str, EngineAnswer]] = {}


def tried_from(tree: SpecTree, spec: DesiredSpec, shown: str = "specs", paths: Iterable[str] | None = None) -> Tried:
    """The evidence for this very content of a spec: its recording has its digest, and replays without an error. Never fails.

    The digest alone proves nothing, since anyone can write it; the replay alone does not show what a replay cannot tell apart, such as
    another authentication. `paths` are those of the tree, if they are known.
    """
    folder = folder_of(tree, spec.key, spec.former_keys, paths)
    file = f"{shown}/{folder.path(CASSETTE)}"
    try:
        data = folder.read(CASSETTE)
    except Unreadable as error:
        return _not_tried(f"its recording cannot be read: {error.problem.message}")
    if data is None:
        return NEVER_TRIED
    cassette = read_cassette(data, file)
    if not isinstance(cassette, Cassette):
        return _not_tried(f"its recording is not valid: line {cassette[0].line}: {cassette[0].message}")
    if cassette.key not in (spec.key, *spec.former_keys):
        return _not_tried(f"its recording is of the spec {cassette.key[:80]!r}")
    if cassette.spec_digest != tried_digest(spec.body):
        return _not_tried(f"the spec has changed since it was recorded on {cassette.recorded_at:%Y-%m-%d}")
    try:
        known = engine_in(tree, shown, paths).known(None)
        return _outcome(replayed(cassette, spec, proof_in(folder, spec.key, spec.former_keys, shown), known), cassette)
    except ReconcilerError as error:
        return _not_tried(error.message)


def replayed(
    cassette: Cassette, spec: DesiredSpec, read: ReadProof, known: Mapping[str, EngineAnswer] = _NOTHING_KNOWN
) -> TryReport:
    """The trial of a spec with the values of its proof file and what proofs have shown, answered from a recording of it.

    Raises SpecFileError if the proof file does not fill the spec in.
    """
    body = spec.body
    filled = values_for(read, body)
    errors = [problem for problem in filled.problems if problem.is_error]
    if errors:
        raise SpecFileError(f"its proof has an error: {errors[0].message}", filled.problems)
    proof, source, replay = read.proof or Proof(), Source(body), Replay(cassette)
    limits = Limits(cassette.most_requests)

    def attempt(fetch: Fetch, window: Window | None, assumed: Assumptions, watch: Watch | None) -> Trial:
        first = first_request(source, filled.values, window, assumed)
        if watch is None:
            return trial(source, first, fetch, limits, assumed, values=filled.values)
        return trial(source, first, fetch, limits, assumed, watch.called, values=filled.values, on_page=watch.page)

    def unasked(complete: bool) -> tuple[Finding, ...]:
        found = replay.unasked() if complete or cassette.pages else None
        return () if found is None else (found,)

    run = Run(
        Subject(spec, source, filled.values.auth_name, proof.expect, with_known(known, proof.assume), known),
        TryOptions(origin="cassette", pages=limits.pages),
        attempt,
        replay,
        Redactor(filled.secrets),
        lambda _: None,
        Event(),
        Window(Mode.BACKFILL, None, cassette.recorded_at),
        noticed=unasked,
    )
    return run.report()


def _outcome(report: TryReport, cassette: Cassette) -> Tried:
    at = cassette.recorded_at.strftime(MOMENT)
    error = next((item.problem for item in report.findings if item.problem.is_error), None)
    if error is None and not report.records:
        return _not_tried(f"its recording of {at[:10]} has no records, so it proves nothing")
    if error is None and cassette.pages == 1:
        return _not_tried(f"its recording of {at[:10]} ends with the first of several pages, so it proves no pagination")
    if error is None:
        cut = None if cassette.pages is None else "more pages were not tried"
        return Tried(TriedOutcome.HELD, report.records, len(report.calls), at, cut, cassette.stub)
    reason = f"{error.message} [{error.code}]"
    return Tried(TriedOutcome.FAILED, report.records, len(report.calls), at, reason, cassette.stub)


def _not_tried(reason: str) -> Tried:
    return Tried(TriedOutcome.NOT_TRIED, reason=reason)


def check_replay(
    data: bytes, spec: DesiredSpec, read: ReadProof, report: TryReport, known: Mapping[str, EngineAnswer] = _NOTHING_KNOWN
) -> None:
    """Raises Unrecordable if this recording does not replay to the trial that it was made from, with the values of the proof file.

    It would not prove anything in a pull request: there, options such as --set and --window are not known.
    """
    cassette = read_cassette(data, CASSETTE)
    if not isinstance(cassette, Cassette):
        raise Unrecordable(f"the recording is not valid: {cassette[0].message}")
    again = replayed(cassette, spec, read, known)
    error = next((item.problem for item in again.findings if item.problem.is_error), None)
    if error is not None:
        raise Unrecordable(f"the recording does not replay: {error.message} [{error.code}]", hint=_AS_IN_THE_FILE)
    if (again.records, len(again.calls)) != (report.records, len(report.calls)):
        said = f"it reads {count(again.records, 'record')} in {count(len(again.calls), 'call')}"
        raise Unrecordable(f"the recording does not replay: {said}, and the trial {report.records:,}", hint=_AS_IN_THE_FILE)
