"""Everything that is checked before a proof makes anything: the files, live, the hosts, permissions, and other proofs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reconciler.dataflows.writing import ProofWriter
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, ReconcilerError, UsageError
from reconciler.flowservice.client import SpecReader
from reconciler.observing.prepare import prepare
from reconciler.observing.workspace import Workspace
from reconciler.planning.plan import Options, Plan
from reconciler.proofs.kept.digests import section_digests
from reconciler.proving.guards.before import (
    ProofRefused,
    check,
    content_refusals,
    live_refusals,
    status_of,
    stream_refusals,
    target_refusals,
)
from reconciler.proving.guards.destinations import dataset_refusals
from reconciler.proving.guards.hosts import host_refusals
from reconciler.proving.guards.others import other_proofs
from reconciler.proving.guards.permissions import permission_refusals
from reconciler.proving.guards.sandboxes import sandbox_refusals, sandbox_type, unknown_type
from reconciler.proving.journal.folder import proof_records
from reconciler.proving.journal.writing import ProofStart
from reconciler.proving.naming import kept_name, run_name
from reconciler.proving.options import ProveRequest
from reconciler.proving.planned import PlannedProof, Planning, planned
from reconciler.proving.report import NotProved, SpecProved
from reconciler.proving.resuming import Resumed, Unfinished, still_there, unfinished_runs
from reconciler.proving.subject import Subject
from reconciler.sessions.proofs.records import fields_of_files
from reconciler.sessions.proofs.subjects import ProofFiles, subject_of
from reconciler.sources.window import Mode, Window
from reconciler.trying.hosts import hosts_in
from reconciler.trying.redactor import Redactor
from reconciler.trying.running.choosing import reasons

if TYPE_CHECKING:
    from reconciler.sessions.prove_means import ProveMeans


@dataclass(frozen=True, slots=True)
class Ready:
    """A source that may be proved now. `run` is the name of the run, which is a new one unless `resumed` is set."""

    files: ProofFiles
    subject: Subject
    run: str
    steps: tuple[str, ...]
    whole: tuple[str, ...]
    """The steps of a whole proof."""
    resumed: Resumed | None = None
    old: tuple[Unfinished, ...] = ()
    """Runs that were given up, to be cleaned up first."""
    notes: tuple[str, ...] = ()
    """What is not known, for the question."""

    def start(self) -> ProofStart:
        """What the journal of this proof is about."""
        return start_of(self.subject, self.run, self.steps)


def start_of(subject: Subject, run: str = "", steps: tuple[str, ...] = ()) -> ProofStart:
    """What a journal of a proof of this subject is about."""
    spec, target = subject.spec, subject.target
    return ProofStart(
        run,
        target.name,
        target.host,
        target.org_id,
        target.sandbox,
        subject.repository,
        subject.commit,
        spec.key,
        spec.id,
        spec.digests,
        subject.proof_digest,
        steps,
    )


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of one command, with clients that have made nothing yet."""

    means: ProveMeans
    request: ProveRequest
    workspace: Workspace
    served: bool
    repository: str
    reader: SpecReader
    writer: ProofWriter

    def all(self, files: Mapping[str, ProofFiles | NotProved], redactor: Redactor) -> list[Ready | NotProved]:
        """Each source, ready or not. Raises ReconcilerError if it is the only one and not ready."""
        found: dict[str, Ready | NotProved] = {}
        able: dict[str, ProofFiles] = {}
        for key, one in files.items():
            if isinstance(one, NotProved):
                found[key] = one
                continue
            try:
                self._offline(one)
                able[key] = one
            except ReconcilerError as error:
                found[key] = _not_proved(key, error, redactor, alone=len(files) == 1)
        if not able:
            return [found[key] for key in files]
        plan = prepare(self.workspace, self.reader, Options(keys=tuple(able)), self.means.progress)
        for key, one in able.items():
            try:
                found[key] = self._live(one, plan)
            except ReconcilerError as error:
                found[key] = _not_proved(key, error, redactor, alone=len(files) == 1)
        return [found[key] for key in files]

    def again(self, ready: Ready) -> tuple[Problem, ...]:
        """Why live is no longer what was checked before the question, which may have been hours ago. Raises ReconcilerError."""
        key, target = ready.subject.key, self.workspace.target.name
        plan = prepare(self.workspace, self.reader, Options(keys=(key,)), self.means.progress)
        return tuple(live_refusals(plan, key, target, ready.subject.spec.id))

    def planned(self, ready: Ready) -> PlannedProof:
        """What a proof will make, for the question."""
        means, options = self.means, self.request.options
        tried = (means.environ, self.request.scope, means.progress, means.stop, None)
        fields = fields_of_files(ready.files, tried, options)
        keeps_all = options.keep_resources
        plan = planned(Planning(ready.subject, ready.run, ready.steps, fields, self.writer.now(), keeps_all=keeps_all))
        return replace(plan, notes=(*plan.notes, *ready.notes))

    def _offline(self, files: ProofFiles) -> None:
        """Raises ReconcilerError for what the files alone show."""
        files.check()
        options, key, shown = self.request.options, files.spec.key, files.read.file
        check(
            key,
            (
                *target_refusals(key, self.workspace.target.name, files.proof, options, shown),
                *content_refusals(key, files.proof, options, shown, streaming=files.streams),
                *(stream_refusals(key, files.proof, shown, has_events=files.events.exists) if files.streams else ()),
            ),
        )

    def _live(self, files: ProofFiles, plan: Plan) -> Ready:
        """Raises ReconcilerError for what live shows, and for hosts, permissions and other proofs."""
        key, options, means = files.spec.key, self.request.options, self.means
        check(key, live_refusals(plan, key, self.workspace.target.name))
        subject = self._subject(files, plan)
        now = datetime.fromtimestamp(means.clock.now(), UTC)
        if not files.streams and not (self.served and files.has_stub):
            window = Window(Mode.BACKFILL, None, now.replace(microsecond=0))
            secrets = tuple(files.filled.secrets)
            check(key, host_refusals(subject, secrets, window, hosts_in(means.environ), options, means.ask))
        steps = options.steps(streaming=files.streams)
        means.progress.step("checking permissions")
        kind = sandbox_type(self.writer, subject, options)
        check(key, sandbox_refusals(subject, kind))
        check(key, permission_refusals(self.writer, subject, steps, kept_name(key, "preflight")))
        check(key, dataset_refusals(self.writer, subject, files.read.file))
        resumed, old = self._others(subject)
        run = resumed.run if resumed else run_name(self.writer.now(), means.rng)
        whole = options.whole(streaming=files.streams)
        return Ready(files, subject, run, steps, whole, resumed, old, tuple(filter(None, [unknown_type(subject, kind)])))

    def _subject(self, files: ProofFiles, plan: Plan) -> Subject:
        """The subject, with the ids of the live spec and of the first flow spec that it is attached to. Raises ReconcilerError."""
        key = files.spec.key
        status = status_of(plan, key)
        if status is None or status.id is None:
            raise UsageError(f"{key!r} is not live", hint=f"apply first: reconciler apply {key}")
        for name in status.attached_to:
            for flow_spec in self.reader.named_specs(Kind.FLOW_SPEC, name):
                if status.id.casefold() in {one.casefold() for one in flow_spec.source_connection_spec_ids}:
                    proved = SpecProved(key, status.id, status.name, section_digests(files.spec.body), flow_spec.name)
                    return subject_of(
                        files,
                        self.workspace.target,
                        self.repository,
                        proved,
                        flow_spec_id=flow_spec.id,
                        commit=self.workspace.commit,
                    )
        raise UsageError(f"the flow spec of {key!r} is no longer attached to it", hint="run the command again")

    def _others(self, subject: Subject) -> tuple[Resumed | None, tuple[Unfinished, ...]]:
        """What is gone on with, and what is cleaned up first. Raises ReconcilerError for a proof that may be at work."""
        options = self.request.options
        records = list(proof_records(self.workspace.root, start_of(subject), subject.key))
        unfinished = unfinished_runs(records)
        wanted = _wanted(options.resume, unfinished, subject.key)
        resumed = None
        if wanted is not None and wanted.is_of(subject) and not wanted.has_sent:
            resumed = still_there(wanted, subject, self.writer)
        others = tuple(one for one in unfinished if wanted is None or one.run != wanted.run)
        ended = frozenset(record.start.run for record in records if record.ended) | ({wanted.run} if wanted else frozenset())
        connections = self.writer.all("sourceConnection" if subject.streams else "connection")
        check(subject.key, other_proofs(subject, others, connections, ended, self.writer.now(), options.older_than))
        old = others if wanted is None or resumed is not None else (wanted, *others)
        return resumed, old


def _wanted(asked: str | None, unfinished: Iterable[Unfinished], key: str) -> Unfinished | None:
    """The run to go on with. Raises UsageError if there is none."""
    runs = tuple(unfinished)
    if asked is None:
        return None
    found = next((one for one in runs if asked in ("", one.run)), None)
    if found is None:
        known = ", ".join(one.run for one in runs) or "none"
        name = f"no unfinished proof {asked!r}" if asked else "no unfinished proof"
        raise UsageError(f"{key!r} has {name} (unfinished: {known})", hint="leave out --resume to begin a new proof")
    return found


def _not_proved(key: str, error: ReconcilerError, redactor: Redactor, *, alone: bool) -> NotProved:
    """The result for a source that cannot be proved; raises the error of the only one. No secret is in either."""
    error.message = redactor.text(error.message)
    error.hint = None if error.hint is None else redactor.text(error.hint)
    if isinstance(error, ProofRefused):
        error.problems = tuple(_hidden(problem, redactor) for problem in error.problems)
    if alone:
        raise error
    return NotProved(key, tuple(_hidden(problem, redactor) for problem in reasons(error)), error.exit_code)


def _hidden(problem: Problem, redactor: Redactor) -> Problem:
    hint = None if problem.hint is None else redactor.text(problem.hint)
    return replace(problem, message=redactor.text(problem.message), hint=hint)
