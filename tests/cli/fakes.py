"""What the command line is handed in place of Flow Service, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reconciler.applying.fleet import FleetApply, TargetEnd
from reconciler.applying.outcome import ApplyReport
from reconciler.applying.stopping import Stop
from reconciler.authoring.importing.selection import Choice
from reconciler.authoring.importing.specs import Import
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.signals import Signals
from reconciler.diagnosis.deep.means import Deep
from reconciler.diagnosis.report import Diagnosis
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Refused
from reconciler.observing.progress import Progress
from reconciler.observing.restore import Wanted
from reconciler.planning.fleet import FleetRead, FleetReading
from reconciler.planning.gate import Gates
from reconciler.planning.plan import Action, ActionName, Options, Plan, PlanTarget, Request, SpecStatus, State
from reconciler.proving.options import CleanupRequest, ProveRequest
from reconciler.proving.outcome import CleanupReport, Proven
from reconciler.proving.planned import PlannedProof
from reconciler.revisions.file_effects import FileEffects
from reconciler.revisions.spec_diff import SpecDiff
from reconciler.sessions.prove_means import ProveMeans
from reconciler.sessions.setting_up import VisibleSandboxes
from reconciler.sessions.submitting import prepare_keys, prepare_submission
from reconciler.settings.discovered import Discovered
from reconciler.settings.scope import Scope
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings
from reconciler.settings.values import Safety, Target
from reconciler.submission.keys import KeysWritten
from reconciler.submission.report import Submission
from reconciler.submission.selection import KeysRequest, SubmitRequest
from reconciler.trying.hosts import Ask
from reconciler.trying.options import TryRequest
from reconciler.trying.outcome import Tried
from tests.reports.schemas.conforming import check_output

DIGEST = "d" * 64
TARGET = PlanTarget("stage", "platform-stage.adobe.io", "123@AdobeOrg", "dev")
HEADER = "target stage · platform-stage.adobe.io · org 123@AdobeOrg · sandbox dev\n"


def edit(cause: Cause = Cause.PENDING, new: str = "b") -> Action:
    """An update of the spec `members`."""
    return Action(
        kind=Kind.CONNECTION_SPEC,
        key="members",
        name="Members",
        id="1",
        action=ActionName.UPDATE,
        cause=cause,
        fingerprint="f",
        changes=(Change("replace", "/x", "a", new, ("x",), cause),),
        requests=(Request("PUT", "/connectionSpecs/1"),),
    )


def creation(key: str) -> Action:
    change = Change("add", "/name", MISSING, key, ("name",))
    request = Request("POST", "/connectionSpecs")
    return Action(
        kind=Kind.CONNECTION_SPEC,
        key=key,
        name=key,
        action=ActionName.CREATE,
        fingerprint="f",
        changes=(change,),
        requests=(request,),
    )


def plan(*actions: Action, problems: tuple[Problem, ...] = (), digest: str = DIGEST, **fields: Any) -> Plan:
    specs = (SpecStatus(Kind.CONNECTION_SPEC, "members", "1", "Members", State.UPDATE if actions else State.IN_SYNC),)
    given: dict[str, Any] = {"options": Options(), "specs": specs} | fields
    return Plan(target=TARGET, repository="acme/s", commit=None, actions=actions, problems=problems, digest=digest, **given)


def as_planned(made: Plan, stop: Stop) -> ApplyReport:
    """An apply that did everything, unless it was asked to stop."""
    return ApplyReport(made.target, made.digest, (), made.problems, "journal.jsonl", stop.exit_code)


@dataclass
class FakeSessions:
    """One target whose plan is given, and which remembers what it was asked."""

    plan: Plan | Exception | Callable[[], Plan] = field(default_factory=plan)
    apply: Callable[[Plan, Stop], ApplyReport] = as_planned
    problems: tuple[Problem, ...] = ()
    opened: list[tuple[str, Scope]] = field(default_factory=list)
    options: list[Options] = field(default_factory=list)
    restored: list[Wanted] = field(default_factory=list)
    imports: Import = field(default_factory=lambda: Import(TARGET, ()))
    choices: list[Choice] = field(default_factory=list)
    applied: list[tuple[Plan, Path | None]] = field(default_factory=list)
    tried: Tried | None = None
    diagnosis: Diagnosis | None = None
    planned: tuple[PlannedProof, ...] = ()
    proven: Proven | None = None
    cleaned: CleanupReport | None = None
    proofs: list[ProveRequest] = field(default_factory=list)
    cleanups: list[CleanupRequest] = field(default_factory=list)
    asked: list[TryRequest] = field(default_factory=list)
    visible: VisibleSandboxes = field(default_factory=VisibleSandboxes)
    listed: list[tuple[str, str | None]] = field(default_factory=list)

    @contextmanager
    def reading(self, scope: Scope, progress: Progress, stop: Stop) -> Iterator[FakeSession]:
        self.opened.append(("reading", scope))
        progress.step("reading spec files")
        assert not stop.is_set()
        yield FakeSession(self, progress)

    @contextmanager
    def writing(self, scope: Scope, progress: Progress, stop: Stop) -> Iterator[FakeSession]:
        self.opened.append(("writing", scope))
        assert not stop.is_set()
        yield FakeSession(self, progress)

    def sandboxes(self, org_id: str, target: str | None, stop: Stop) -> VisibleSandboxes:
        assert not stop.is_set()
        self.listed.append((org_id, target))
        return self.visible

    def discover(self, settings: Settings, chosen: Sequence[Target], stop: Stop) -> Sequence[Discovered]:
        raise NotImplementedError

    def reading_several(
        self, scope: Scope, selection: Selection, reading: FleetReading, progress: Progress, stop: Stop
    ) -> FleetRead:
        raise NotImplementedError  # tests over several targets use embedded services

    def writing_several(self, scope: Scope, given: FleetApply, progress: Progress, stop: Stop) -> tuple[TargetEnd, ...]:
        raise NotImplementedError

    def trying(self, given: TryRequest, progress: Progress, stop: Stop, ask: Ask | None) -> Tried:
        self.opened.append(("trying", given.scope))
        self.asked.append(given)
        progress.step("request 1")
        assert not stop.is_set()
        assert ask is None
        assert self.tried is not None
        return self.tried

    def proofs_planned(self, means: ProveMeans, request: ProveRequest) -> Sequence[PlannedProof]:
        self.opened.append(("planned", request.scope))
        means.progress.step("reading spec files")
        self.proofs.append(request)
        return self.planned

    def proving(self, means: ProveMeans, request: ProveRequest) -> Proven:
        self.opened.append(("proving", request.scope))
        self.proofs.append(request)
        means.confirm(self.planned)
        assert self.proven is not None
        return self.proven

    def cleaning(self, request: CleanupRequest, progress: Progress, stop: Stop) -> CleanupReport:
        self.opened.append(("cleaning", request.scope))
        self.cleanups.append(request)
        progress.step("looking")
        assert not stop.is_set()
        assert self.cleaned is not None
        return replace(self.cleaned, dry_run=request.dry_run)

    def diagnose(self, scope: Scope, progress: Progress, stop: Stop, deep: Deep | None = None) -> Diagnosis:
        self.opened.append(("diagnose", scope))
        if deep is not None and not deep.agree(("makes 1 draft", "cannot be removed: nothing")):
            raise Refused("nothing was made: --deep was not agreed to", hint="answer 'yes', or pass --yes")
        progress.step("checking token")
        assert not stop.is_set()
        assert self.diagnosis is not None
        return self.diagnosis

    def submission(self, given: SubmitRequest) -> Submission:
        return prepare_submission({}, given)

    def submitted_keys(self, given: KeysRequest) -> KeysWritten:
        return prepare_keys({}, given)

    def validate(self, scope: Scope) -> tuple[Problem, ...]:
        self.opened.append(("validate", scope))
        return self.problems

    def breaking(self, scope: Scope, against: str, base_specs: str | None = None) -> FileEffects:
        assert base_specs is None
        self.opened.append(("breaking", scope))
        return FileEffects("stage", against, (), self.problems)

    def diff(self, scope: Scope, against: str, base_specs: str | None = None) -> SpecDiff:
        assert base_specs is None
        self.opened.append(("diff", scope))
        return SpecDiff("stage", against, (), self.problems)


@dataclass
class FakeSession:
    sessions: FakeSessions
    progress: Progress
    safety: Safety = field(default_factory=Safety)

    def prepare(  # its plan is given, trials and all
        self,
        options: Options,
        *,
        users: bool = False,
        trials: bool = False,  # noqa: ARG002
        gated: bool = True,  # noqa: ARG002
        shown: Gates | None = None,  # noqa: ARG002
    ) -> Plan:
        self.sessions.options.append(options)
        found = self.sessions.plan
        if isinstance(found, Exception):
            raise found
        made = found if isinstance(found, Plan) else found()
        return made if users else replace(made, actions=tuple(replace(action, usage=None) for action in made.actions))

    def prepare_restore(self, wanted: Wanted, options: Options) -> Plan:
        self.sessions.restored.append(wanted)
        return self.prepare(options)

    def prepare_import(self, choice: Choice) -> Import:
        self.sessions.choices.append(choice)
        return self.sessions.imports

    def apply(self, plan: Plan, journal: Path | None, stop: Stop) -> ApplyReport:
        self.sessions.applied.append((plan, journal))
        report = self.sessions.apply(plan, stop)
        for done, action in enumerate(plan.actions, start=1):
            self.progress.wrote(action, done, len(plan.actions))
        return report


class Ran(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which is one JSON document and nothing else."""
        return decode(self.out)


class CommandLine:
    """Runs commands on fake sessions, without a terminal."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(
        self,
        *arguments: str,
        sessions: FakeSessions | None = None,
        environ: Mapping[str, str] | None = None,
        signals: Signals | None = None,
    ) -> Ran:
        shell = Shell(environ or {}, lambda _: sessions or FakeSessions(), signals or Signals())
        code = run(list(arguments), shell)
        printed = self._capsys.readouterr()
        check_output(arguments, printed.out)
        return Ran(code, printed.out, printed.err)


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True
