"""Proofs: the composition root of `prove`. The files are read first, then live; only then is somebody asked, and something made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from reconciler.applying.stopping import Stop
from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.writing import ProofWriter
from reconciler.errors import ReconcilerError, SettingsError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.connecting import Client, connect
from reconciler.http.clock import Stop as StopAsked
from reconciler.http.transport import Wire
from reconciler.observing.workspace import Workspace, open_workspace
from reconciler.proofs.folder import proved_name
from reconciler.proofs.streaming.authentication import AuthenticationTest
from reconciler.proving.engine import Engine
from reconciler.proving.journal.folder import open_proof_journal
from reconciler.proving.keeping import kept_proof
from reconciler.proving.leftovers import Owner
from reconciler.proving.naming import run_name
from reconciler.proving.options import ProveRequest
from reconciler.proving.outcome import Proven
from reconciler.proving.planned import PlannedProof, Planning, planned
from reconciler.proving.report import NotProved, ProveAllReport, ProveReport
from reconciler.proving.steps.work import Work
from reconciler.proving.waiting import Waits
from reconciler.sessions.embedding import Embedded, embedded_service
from reconciler.sessions.proofs.checks import Checks, Ready
from reconciler.sessions.proofs.closing import Closing, withhold_secrets
from reconciler.sessions.proofs.learning import Learning, learnt_file
from reconciler.sessions.proofs.records import fields_of_files, kept_file, try_once
from reconciler.sessions.proofs.streaming import authentication_file, begin_stream
from reconciler.sessions.proofs.subjects import ProofFiles, ProofFolders, subject_of
from reconciler.sessions.prove_means import ProveMeans
from reconciler.settings.credentials import credentials_for
from reconciler.settings.loading import load_settings
from reconciler.settings.values import Credentials, Target
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import Origin
from reconciler.trying.running.choosing import reasons

C = TypeVar("C", bound=Client)


def prove_sources(means: ProveMeans, request: ProveRequest, wire: Wire | None = None) -> Proven:
    """The proof of one source, or of several, one after the other. `wire` replaces the network to a target that serves the provider files.

    Raises ReconcilerError if one named source cannot be proved; of several, that is its result.
    """
    request.options.check()
    settings = load_settings(request.scope.specs)
    target = settings.target(request.scope.target, means.environ)
    means.progress.step("reading spec files")
    folders = ProofFolders.of(request.scope.specs, settings, target.name, served=wire is not None or serves_providers(target))
    files = _files(means, request, folders)
    credentials = _credentials(means, target, files)
    workspace = open_workspace(request.scope.specs, settings, target)
    with embedded_service(target, means.clock) if wire is None else nullcontext(Embedded(wire, means.clock)) as service:
        means = replace(means, clock=service.clock)
        return _Run(means, request, workspace, credentials, service.wire, folders, settings.repository).proven(files)


def plan_proofs(means: ProveMeans, request: ProveRequest) -> tuple[PlannedProof, ...]:
    """The dry run of these proofs. Calls nobody. Raises ReconcilerError."""
    request.options.check()
    settings = load_settings(request.scope.specs)
    target = settings.target(request.scope.target, means.environ)
    folders = ProofFolders.of(request.scope.specs, settings, target.name, served=serves_providers(target))
    plans = []
    for key in dict.fromkeys(request.keys):
        files = folders.files(key, request.options, None)
        files.check()
        subject = subject_of(files, target, settings.repository)
        steps = request.options.steps(streaming=files.streams)
        fields = fields_of_files(files, (means.environ, request.scope, means.progress, means.stop, None), request.options)
        run = run_name(datetime.fromtimestamp(means.clock.now(), UTC), means.rng)
        plans.append(planned(Planning(subject, run, steps, fields, keeps_all=request.options.keep_resources)))
    return tuple(plans)


def serves_providers(target: Target) -> bool:
    """Whether the target is an embedded emulator that serves the provider files of the specs folder itself."""
    return target.provider


def _files(means: ProveMeans, request: ProveRequest, folders: ProofFolders) -> dict[str, ProofFiles | NotProved]:
    """The files of each source, or why they cannot be used."""
    found: dict[str, ProofFiles | NotProved] = {}
    for key in dict.fromkeys(request.keys):
        try:
            found[key] = folders.files(key, request.options, means.environ)
        except ReconcilerError as error:
            if len(request.keys) == 1:
                raise
            found[key] = NotProved(key, reasons(error), error.exit_code)
    return found


def _credentials(means: ProveMeans, target: Target, files: Mapping[str, ProofFiles | NotProved]) -> Credentials:
    """Raises SettingsError that names everything that is missing, of Adobe and of the third parties."""
    try:
        return credentials_for(target, means.environ)
    except SettingsError as error:
        missing = [problem for one in files.values() if isinstance(one, ProofFiles) for problem in one.errors]
        raise SettingsError(error.message, hint=error.hint, problems=(*error.problems, *missing)) from None


@dataclass(frozen=True, slots=True)
class _Run:
    """One command on one target."""

    means: ProveMeans
    request: ProveRequest
    workspace: Workspace
    credentials: Credentials
    wire: Wire | None
    folders: ProofFolders
    repository: str

    def proven(self, files: Mapping[str, ProofFiles | NotProved]) -> Proven:
        """Check everything, ask, then prove each source."""
        secrets = {
            name: value for one in files.values() if isinstance(one, ProofFiles) for name, value in one.filled.secrets.items()
        }
        redactor = Redactor(secrets)
        kept: list[tuple[Path, bytes]] = []
        results: list[ProveReport | NotProved] = []
        with self._connected(SpecReader, self.means.stop) as reader, self._connected(ProofWriter, self.means.stop) as writer:
            for secret in secrets.values():
                writer.withhold(secret.reveal())
            checks = Checks(self.means, self.request, self.workspace, self.folders.served, self.repository, reader, writer)
            checked = checks.all(files, redactor)
            able = [one for one in checked if isinstance(one, Ready)]
            if able:
                self.means.confirm([checks.planned(one) for one in able])
            with self.means.finishing():
                for one in checked:
                    if isinstance(one, NotProved):
                        results.append(one)
                    elif not self.means.stop.is_set():
                        results.append(self._proved(one, checks, redactor, kept))
        first = results[0] if len(files) == 1 and results else None
        if isinstance(first, ProveReport):
            return Proven(first, redactor.finds, tuple(kept))
        return Proven(ProveAllReport(tuple(results), interrupted=self.means.stop.is_set()), redactor.finds, tuple(kept))

    def _proved(
        self, ready: Ready, checks: Checks, redactor: Redactor, kept: list[tuple[Path, bytes]]
    ) -> ProveReport | NotProved:
        """One proof, from its journal to its clean-up. An error before anything was made is its result."""
        try:
            report, tests = self._report(ready, checks, redactor)
            if self.request.options.keep:
                report = self._kept(report, ready, redactor, kept, tests)
        except ReconcilerError as error:
            return NotProved(ready.subject.key, reasons(error), error.exit_code)
        return report

    def _kept(
        self,
        report: ProveReport,
        ready: Ready,
        redactor: Redactor,
        kept: list[tuple[Path, bytes]],
        tests: Sequence[AuthenticationTest],
    ) -> ProveReport:
        """The report with the files to write: its proof if it is one, and what it has learnt, which a failure may show as well."""
        files: list[tuple[Path, bytes]] = []
        specs = self.request.scope.specs
        if report.outcome == "proved":
            path = kept_file(specs, ready.files, proved_name(self.workspace.target.name))
            files.append((path, kept_proof(report, redactor.finds)))
            table, unwritten = authentication_file(specs, ready.files, self.folders.shown, tests)
            files += [table] if table else []
            report = replace(report, findings=(*report.findings, *unwritten))
        engine, problems = learnt_file(specs, self.folders, report, dict(kept))
        files += [engine] if engine else []
        kept += files
        written = tuple(file.as_posix() for file, _ in files)
        return replace(report, written=written, findings=(*report.findings, *problems))

    def _report(self, ready: Ready, checks: Checks, redactor: Redactor) -> tuple[ProveReport, tuple[AuthenticationTest, ...]]:
        """The report, and the tests of the authentication with the bodies that were sent, which no report has."""
        means, options, subject, workspace = self.means, self.request.options, ready.subject, self.workspace
        waits = Waits(means.clock, workspace.network.poll, means.stop, means.progress)
        tried = (means.environ, self.request.scope, means.progress, means.stop, means.ask)
        origin: Origin = "stub" if self.folders.served and ready.files.has_stub else "live"
        with self._connected(ProofCleaner, Stop()) as cleaner:
            withhold_secrets(cleaner, means.environ)
            owner = Owner(subject.repository, subject.target.sandbox, subject.key)
            closing = Closing(cleaner, owner, workspace.root, means.clock, means.progress)
            for old in ready.old:
                closing.give_up(old)
            start = ready.start()
            with open_proof_journal(options.journal, workspace.root, start, means.clock) as journal:
                work = Work(
                    subject,
                    ready.run,
                    options,
                    checks.writer,
                    journal,
                    waits,
                    lambda: try_once(ready.files, tried, options, origin),
                    lambda: checks.again(ready),
                    redactor.json,
                    dict(ready.resumed.known) if ready.resumed else {},
                    ready.resumed is not None,
                    dict(ready.resumed.runs) if ready.resumed else {},
                )
                if ready.files.streams:
                    begin_stream(work, ready.files)
                ending = closing.of(work, journal)
                learning = Learning(means, options, ready.files, self.folders, workspace.network, self.folders.served)
                report = Engine(work, ready.steps, ready.whole, ending, journal, redactor.text, learning.of).report()
                return report, tuple(work.stream.tests()) if work.stream else ()

    def _connected(self, client: type[C], stop: StopAsked) -> C:
        means = self.means
        return connect(
            client,
            self.workspace.target,
            self.credentials,
            self.workspace.network,
            clock=means.clock,
            rng=means.rng,
            wire=self.wire,
            stop=stop,
        )
