"""The protocols that commands use to open a target. `service` implements them with Flow Service; tests may substitute others."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # importing these takes time, and `--help` needs none of them
    from pathlib import Path

    from reconciler.applying.fleet import FleetApply, TargetEnd
    from reconciler.applying.outcome import ApplyReport
    from reconciler.applying.stopping import Stop
    from reconciler.authoring.importing.selection import Choice
    from reconciler.authoring.importing.specs import Import
    from reconciler.diagnosis.deep.means import Deep
    from reconciler.diagnosis.report import Diagnosis
    from reconciler.errors import Problem
    from reconciler.observing.progress import Progress
    from reconciler.observing.restore import Wanted
    from reconciler.planning.fleet import FleetRead, FleetReading
    from reconciler.planning.gate import Gates
    from reconciler.planning.plan import Options, Plan
    from reconciler.proving.options import CleanupRequest, ProveRequest
    from reconciler.proving.outcome import CleanupReport, Proven
    from reconciler.proving.planned import PlannedProof
    from reconciler.revisions.file_effects import FileEffects
    from reconciler.revisions.spec_diff import SpecDiff
    from reconciler.sessions.prove_means import ProveMeans
    from reconciler.sessions.setting_up import VisibleSandboxes
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


class Reading(Protocol):
    """A target opened read-only."""

    @property
    def safety(self) -> Safety:
        """The limits in the settings."""
        ...

    def prepare(
        self, options: Options, *, users: bool = False, trials: bool = False, gated: bool = True, shown: Gates | None = None
    ) -> Plan:
        """Return what apply would do now. Raises ReconcilerError.

        With `users`, it includes who uses what it would change; with `trials`, whether what it would write was tried. Without `gated`, no
        gate withholds anything: what somebody changed is drift, whether it may be overwritten yet or not. What waited at one of the gates
        that were `shown` before still does.
        """
        ...

    def prepare_restore(self, wanted: Wanted, options: Options) -> Plan:
        """Return a plan that restores the previous bodies of a journal, as of now. Raises ReconcilerError."""
        ...


class Importing(Reading, Protocol):
    """A target opened for import into spec files."""

    def prepare_import(self, choice: Choice) -> Import:
        """Return the files that an import of the selected specs would write. Raises ReconcilerError."""
        ...


class Writing(Reading, Protocol):
    """A target opened to read and write."""

    def apply(self, plan: Plan, journal: Path | None, stop: Stop) -> ApplyReport:
        """Carry out a plan that was just prepared. Raises ReconcilerError before anything is written."""
        ...


class Sessions(Protocol):
    """Opens targets. Every method raises ReconcilerError."""

    def reading(self, scope: Scope, progress: Progress, stop: Stop) -> AbstractContextManager[Importing]:
        """Open the target for a read-only command."""
        ...

    def writing(self, scope: Scope, progress: Progress, stop: Stop) -> AbstractContextManager[Writing]:
        """Open the target for a command that writes."""
        ...

    def reading_several(
        self, scope: Scope, selection: Selection, reading: FleetReading, progress: Progress, stop: Stop
    ) -> FleetRead:
        """Read several targets side by side. An error of one of them is its result."""
        ...

    def writing_several(self, scope: Scope, given: FleetApply, progress: Progress, stop: Stop) -> tuple[TargetEnd, ...]:
        """Write several targets in their waves. An error of one of them is its result."""
        ...

    def trying(self, given: TryRequest, progress: Progress, stop: Stop, ask: Ask | None) -> Tried:
        """Try sources. An error of one of several is its result. `ask` is None without a terminal."""
        ...

    def diagnose(self, scope: Scope, progress: Progress, stop: Stop, deep: Deep | None = None) -> Diagnosis:
        """Check whether the target is in order, read only; with `deep`, also with a draft that is deleted again."""
        ...

    def submission(self, given: SubmitRequest) -> Submission:
        """The submission of a source with all its checks, built offline; nothing is written."""
        ...

    def submitted_keys(self, given: KeysRequest) -> KeysWritten:
        """The spec file of a source with Adobe's keys; nothing is written."""
        ...

    def proofs_planned(self, means: ProveMeans, request: ProveRequest) -> Sequence[PlannedProof]:
        """What proofs of these sources would send and make, found offline."""
        ...

    def proving(self, means: ProveMeans, request: ProveRequest) -> Proven:
        """Prove sources in a target, and clean up. An error of one of several is its result."""
        ...

    def cleaning(self, request: CleanupRequest, progress: Progress, stop: Stop) -> CleanupReport:
        """Delete what proofs left in a target."""
        ...

    def sandboxes(self, org_id: str, target: str | None, stop: Stop) -> VisibleSandboxes:
        """The sandboxes that the credentials in the environment may use, for a target that no settings have yet. Never raises."""
        ...

    def discover(self, settings: Settings, chosen: Sequence[Target], stop: Stop) -> Sequence[Discovered]:
        """What separates the sandboxes of each organization from the settings, asked as the chosen targets. Never raises."""
        ...

    def validate(self, scope: Scope) -> Sequence[Problem]:
        """The problems of the spec files for every target, found offline."""
        ...

    def diff(self, scope: Scope, against: str, base_specs: str | None = None) -> SpecDiff:
        """The difference between the spec files and those at a revision, found offline."""
        ...

    def breaking(self, scope: Scope, against: str, base_specs: str | None = None) -> FileEffects:
        """Breaking changes of the spec files since a revision, found offline."""
        ...
