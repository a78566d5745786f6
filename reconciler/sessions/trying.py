"""Trials: the composition root of `try`. Everything offline is read first; then the third party, a recording or a stub answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reconciler.applying.stopping import Stop
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.documents.pointer import Segments
from reconciler.errors import ExitCode, Problem, ReconcilerError, Severity, SpecFileError, count
from reconciler.observing.progress import Progress
from reconciler.proofs.filling import Asked, Filled, values_for
from reconciler.proofs.folder import CASSETTE, PROVIDER, ProofFolder, folder_of
from reconciler.proofs.kept.engine_file import EngineAnswer, engine_in, with_known
from reconciler.proofs.proof import ReadProof, proof_in, read_proof_file
from reconciler.proofs.values import Proof
from reconciler.sessions.answering import Answering, Retries, ThirdParty, check_replaceable, live, nobody, recorded, stub
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.values import Network
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Fetch
from reconciler.sources.paging.choice import delay_of
from reconciler.sources.request import first_request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.window import Window, the_four
from reconciler.trying.guards.probing import probe_auth
from reconciler.trying.options import TryOptions
from reconciler.trying.outcome import Tried
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import NO_RECORDING, NotTried, Placed, TryAllReport, TryReport
from reconciler.trying.running.choosing import checked_assumptions, keys_of, reasons, source_named
from reconciler.trying.running.run import Run, Subject
from reconciler.trying.running.watching import Watch

if TYPE_CHECKING:
    from reconciler.sessions.keeping import Keeping
    from reconciler.trying.hosts import Ask


@dataclass(frozen=True, slots=True)
class TryMeans:
    """What all trials of one command share. `now` is in UTC, to the second."""

    environ: Mapping[str, str]
    scope: Scope
    options: TryOptions
    progress: Progress
    stop: Stop
    ask: Ask | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def shown(self) -> str:
        """The specs folder, for display."""
        return self.scope.specs.as_posix()


def try_sources(means: TryMeans, keys: tuple[str, ...], *, everything: bool) -> Tried:
    """The trial of one source, or of several, or of every one. Raises ReconcilerError if one named source cannot be tried."""
    checked_assumptions(means.options.assume)
    settings = load_settings(means.scope.specs)
    means.progress.step("reading spec files")
    tree = WorkingTree(means.scope.specs)
    target = settings.target_name(means.scope.target)
    desired = load_desired(tree, target, means.shown, tuple(settings.targets), Layers.in_settings(settings, target))
    folder = _Folder(means, desired, tree, tree.listing().paths, settings.network, target)
    if not everything and len(keys) == 1:
        return folder.one(source_named(desired, keys[0]))
    for key in keys:
        source_named(desired, key)
    return folder.several(tuple(dict.fromkeys(keys)) or tuple(keys_of(desired)))


@dataclass(frozen=True, slots=True)
class _Folder:
    """The specs folder, read for one target."""

    means: TryMeans
    desired: DesiredSet
    tree: WorkingTree
    paths: tuple[str, ...]
    network: Network
    target: str | None = None

    def several(self, keys: tuple[str, ...]) -> Tried:
        """The trials of these sources. An error of one is its result, and the others are tried."""
        results: list[TryReport | NotTried] = []
        tried: list[Tried] = []
        for number, key in enumerate(keys, start=1):
            if self.means.stop.is_set():
                break
            waiting = "waiting for " if self.means.options.origin == "live" else ""
            self.means.progress.step(f"{waiting}{key}, source {number} of {len(keys)}")
            try:
                one = self._tried(source_named(self.desired, key))
            except ReconcilerError as error:
                results.append(NotTried(key, reasons(error), error.exit_code))
                continue
            except BaseException:
                if not self.means.stop.is_set():
                    raise
                break  # a signal: what was tried so far is the report
            if isinstance(one, NotTried):
                results.append(one)
            elif isinstance(one.report, TryReport):
                tried.append(one)
                results.append(one.report)
        report = TryAllReport(self.means.options.origin, tuple(results), interrupted=self.means.stop.is_set())

        def finds(text: str) -> str | None:
            return next((name for one in tried if (name := one.finds(text))), None)

        return Tried(report, finds, tuple(file for one in tried for file in one.files))

    def _tried(self, spec: DesiredSpec) -> Tried | NotTried:
        """The trial; for a source without the file that is to answer, what is missing."""
        needed = {"cassette": CASSETTE, "stub": PROVIDER}.get(self._asking(spec).means.options.origin)
        if needed is None or needed in self.proofs(spec).files:
            return self.one(spec)
        hint = f"make one with: reconciler try {spec.key} --record" if needed == CASSETTE else f"write {PROVIDER} for it"
        code, said = (NO_RECORDING, "no recording") if needed == CASSETTE else ("no-stub", f"no {PROVIDER}")
        return NotTried(spec.key, (Problem(Severity.INFO, code, said, hint=hint, key=spec.key),), ExitCode.DONE)

    def proofs(self, spec: DesiredSpec) -> ProofFolder:
        """The folder of the proof of this spec."""
        return folder_of(self.tree, spec.key, spec.former_keys, self.paths)

    def one(self, spec: DesiredSpec) -> Tried:
        """The trial of one source. Raises ReconcilerError."""
        return self._asking(spec).trial_of(spec)

    def _asking(self, spec: DesiredSpec) -> _Folder:
        """The same folder, with the origin of the answers: with --stub --record the stub, if there is one, else the third party."""
        options = self.means.options
        if not options.writes_stub:
            return self
        has_stub = PROVIDER in self.proofs(spec).files
        settled = replace(options, origin="stub" if has_stub else "live", writes_stub=not has_stub)
        return replace(self, means=replace(self.means, options=settled))

    def trial_of(self, spec: DesiredSpec) -> Tried:
        """The trial of one source, with the origin of answers that is set. Raises ReconcilerError."""
        options, proofs = self.means.options, self.proofs(spec)
        if options.record and options.record != "raw" and options.origin == "stub":
            check_replaceable(proofs, spec.key, self.means.shown)
        read = self._proof(spec, proofs)
        body = spec.body
        needs_values = options.origin == "live" and not options.dry_run
        asked = Asked(options.auth, options.sets)
        filled = values_for(read, body, asked, self.means.environ if needs_values else None)
        _check(filled, spec)
        proof, known = read.proof or Proof(), self._known()
        subject = Subject(
            spec,
            Source(body),
            filled.values.auth_name,
            proof.expect,
            with_known(known, {**proof.assume, **options.assume}),
            known,
            lambda path: _place(read, path),
            tuple(filled.problems),
        )
        redactor = Redactor(filled.secrets)
        with self._answering(subject, filled, proofs) as answers:
            if not options.record:
                return Tried(self._run(subject, filled, answers, answers.fetch, redactor), redactor.finds)
            from reconciler.sessions.keeping import Keeping
            from reconciler.trying.recording import Recorder

            recorder = Recorder(answers.fetch)
            report = self._run(subject, filled, answers, recorder, redactor)
            return self._recorded(Keeping.of(subject, report, recorder, self.means.now, redactor), proofs, answers.fetch)

    def _recorded(self, keeping: Keeping, proofs: ProofFolder, fetch: Fetch) -> Tried:
        """The trial with its recording. Raises Unrecordable. A trial that failed is not recorded: it would count as tried."""
        report, specs, shown = keeping.report, self.means.scope.specs, self.means.shown
        if self.means.options.record == "raw":
            files = keeping.raw_files(specs) if keeping.cassette.calls else ()
        elif not report.held:
            said, hint = "nothing was recorded, because the trial failed", "fix the errors, then record again"
            if report.interrupted:
                said, hint = "nothing was recorded, because the trial was interrupted", "record again, and let it finish"
            note = Placed(Problem(Severity.WARNING, "not-recorded", said, hint=hint, key=report.key))
            return Tried(replace(report, findings=(*report.findings, note)), keeping.redactor.finds)
        else:
            files = (keeping.cassette_file(proofs, specs, shown, self._proof(keeping.subject.spec, proofs)),)
            if self.means.options.writes_stub:
                files += keeping.provider_files(proofs, specs, shown, fetch)
        written = tuple(name for name, _, _ in files)
        return Tried(replace(report, written=written), keeping.redactor.finds, tuple((path, data) for _, path, data in files))

    def _known(self) -> dict[str, EngineAnswer]:
        """What proofs have shown. A recording relies on what Adobe has shown, and not on an emulator: it is replayed for any target."""
        options = self.means.options
        is_for_all = bool(options.record) or options.origin == "cassette"
        return engine_in(self.tree, self.means.shown, self.paths).known(None if is_for_all else self.target)

    def _proof(self, spec: DesiredSpec, proofs: ProofFolder) -> ReadProof:
        if self.means.options.proof is not None:
            return read_proof_file(self.means.options.proof, spec.key, spec.former_keys)
        return proof_in(proofs, spec.key, spec.former_keys, self.means.shown)

    def _answering(self, subject: Subject, filled: Filled, proofs: ProofFolder) -> AbstractContextManager[Answering]:
        options, key = self.means.options, subject.spec.key

        def on_status() -> bool:
            return Assumptions(subject.assume).of("http.429") == "retries"

        if options.dry_run:
            return nullcontext(nobody(self.means.now))
        match options.origin:
            case "cassette":
                return nullcontext(recorded(proofs, key, self.means.shown))
            case "stub":
                return nullcontext(stub(proofs, key, self.means.shown, self.means.now, Retries(on_status, self.network.retries)))
            case _:
                delay = delay_of(subject.source, filled.values, Assumptions(subject.assume))
                party = ThirdParty(
                    self.means.environ, filled.secrets, self.network, options, self.means.stop, self.means.ask, delay
                )
                return live(party, self.means.now, on_status)

    def _run(self, subject: Subject, filled: Filled, answers: Answering, fetch: Fetch, redactor: Redactor) -> TryReport:
        options, values = self.means.options, filled.values
        limits = Limits(answers.pages or options.pages, options.rows)

        def attempt(fetch: Fetch, window: Window | None, assumed: Assumptions, watch: Watch | None) -> Trial:
            first = first_request(subject.source, values, window, assumed)
            if watch is None:
                return trial(subject.source, first, fetch, limits, assumed, values=values)
            return trial(subject.source, first, fetch, limits, assumed, watch.called, values=values, on_page=watch.page)

        window = options.window or Window(options.mode, None, answers.now)
        run = Run(
            subject,
            options,
            attempt,
            fetch,
            redactor,
            self.means.progress.step,
            self.means.stop,
            window,
            tuple(the_four(answers.now)) if options.windows else (),
            lambda complete: self._noticed(complete, subject, filled, answers),
        )
        report = run.report()
        return replace(report, recorded_at=answers.recorded_at, of_stub=answers.of_stub)

    def _noticed(self, complete: bool, subject: Subject, filled: Filled, answers: Answering) -> Iterator[Finding]:
        """What the fetch noticed, and with --probe-auth what the test of the credentials shows."""
        yield from answers.noticed(complete)
        if self.means.options.probe_auth and answers.apart is not None and not self.means.stop.is_set():
            self.means.progress.step("testing the credentials")
            yield from probe_auth(subject.source, filled.values, answers.apart, Assumptions(subject.assume))


def _check(filled: Filled, spec: DesiredSpec) -> None:
    """Raises SpecFileError if the values are not complete."""
    errors = [problem for problem in filled.problems if problem.is_error]
    if errors:
        message = f"{spec.key!r} cannot be tried: {count(len(errors), 'error')} in its proof or the options"
        raise SpecFileError(message, filled.problems)


def _place(read: ReadProof, path: Segments) -> tuple[str, int, int] | None:
    if read.text.data is None:
        return None
    return read.file, *read.positions.of(path)
