"""Sessions for the commands. Each method imports only what it needs, to keep start-up short."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from reconciler.applying.fleet import FleetApply, TargetEnd
    from reconciler.applying.stopping import Stop
    from reconciler.diagnosis.deep.means import Deep
    from reconciler.diagnosis.report import Diagnosis
    from reconciler.errors import Problem
    from reconciler.observing.progress import Progress
    from reconciler.planning.fleet import FleetRead, FleetReading
    from reconciler.proving.options import CleanupRequest, ProveRequest
    from reconciler.proving.outcome import CleanupReport, Proven
    from reconciler.proving.planned import PlannedProof
    from reconciler.revisions.file_effects import FileEffects
    from reconciler.revisions.spec_diff import SpecDiff
    from reconciler.sessions.protocols import Importing, Writing
    from reconciler.sessions.prove_means import ProveMeans
    from reconciler.sessions.setting_up import VisibleSandboxes
    from reconciler.settings.discovered import Discovered
    from reconciler.settings.scope import Scope
    from reconciler.settings.selection import Selection
    from reconciler.settings.targets import Settings
    from reconciler.settings.values import Target
    from reconciler.submission.keys import KeysWritten
    from reconciler.submission.report import Submission
    from reconciler.submission.selection import KeysRequest, SubmitRequest
    from reconciler.trying.hosts import Ask
    from reconciler.trying.options import TryRequest
    from reconciler.trying.outcome import Tried


class ServiceSessions(msgspec.Struct, frozen=True):
    """Opens the targets of a specs folder, with the credentials of this environment."""

    environ: Mapping[str, str]

    def reading(self, scope: Scope, progress: Progress, stop: Stop) -> AbstractContextManager[Importing]:
        from reconciler.sessions.opening import open_reading

        return open_reading(self.environ, scope, progress, stop)

    def writing(self, scope: Scope, progress: Progress, stop: Stop) -> AbstractContextManager[Writing]:
        from reconciler.sessions.opening import open_writing

        return open_writing(self.environ, scope, progress, stop)

    def reading_several(
        self, scope: Scope, selection: Selection, reading: FleetReading, progress: Progress, stop: Stop
    ) -> FleetRead:
        from reconciler.sessions.fleet_reading import read_several

        gc.freeze()  # what was imported lives on, so it need not be looked through for garbage when many targets are read
        return read_several(self.environ, scope, selection, reading, progress, stop)

    def writing_several(self, scope: Scope, given: FleetApply, progress: Progress, stop: Stop) -> tuple[TargetEnd, ...]:
        from reconciler.sessions.fleet_applying import WritingMeans, apply_several

        return apply_several(WritingMeans(self.environ, scope, progress, stop), given)

    def trying(self, given: TryRequest, progress: Progress, stop: Stop, ask: Ask | None) -> Tried:
        from reconciler.sessions.trying import TryMeans, try_sources

        means = TryMeans(self.environ, given.scope, given.options, progress, stop, ask)
        return try_sources(means, given.keys, everything=given.everything)

    def diagnose(self, scope: Scope, progress: Progress, stop: Stop, deep: Deep | None = None) -> Diagnosis:
        from reconciler.sessions.diagnosing import diagnose

        return diagnose(self.environ, scope, progress, stop, deep=deep)

    def submission(self, given: SubmitRequest) -> Submission:
        from reconciler.sessions.submitting import prepare_submission

        return prepare_submission(self.environ, given)

    def submitted_keys(self, given: KeysRequest) -> KeysWritten:
        from reconciler.sessions.submitting import prepare_keys

        return prepare_keys(self.environ, given)

    def proofs_planned(self, means: ProveMeans, request: ProveRequest) -> tuple[PlannedProof, ...]:
        from reconciler.sessions.proofs.proving import plan_proofs

        return plan_proofs(means, request)

    def proving(self, means: ProveMeans, request: ProveRequest) -> Proven:
        from reconciler.sessions.proofs.proving import prove_sources

        return prove_sources(means, request)

    def cleaning(self, request: CleanupRequest, progress: Progress, stop: Stop) -> CleanupReport:
        from reconciler.sessions.proofs.cleaning import clean_proofs

        return clean_proofs(self.environ, request, progress, stop)

    def sandboxes(self, org_id: str, target: str | None, stop: Stop) -> VisibleSandboxes:
        from reconciler.sessions.setting_up import visible_sandboxes

        return visible_sandboxes(self.environ, org_id, target, stop)

    def discover(self, settings: Settings, chosen: Sequence[Target], stop: Stop) -> tuple[Discovered, ...]:
        from reconciler.sessions.discovering import DiscoveryMeans, discover

        return discover(DiscoveryMeans(self.environ, settings.network, stop), settings, chosen)

    def validate(self, scope: Scope) -> tuple[Problem, ...]:
        from reconciler.sessions.validation import problems_of_files

        return problems_of_files(scope)

    def diff(self, scope: Scope, against: str, base_specs: str | None = None) -> SpecDiff:
        from reconciler.revisions.versions import diff_of_files

        return diff_of_files(scope, against, base_specs)

    def breaking(self, scope: Scope, against: str, base_specs: str | None = None) -> FileEffects:
        from reconciler.revisions.versions import breaking_of_files

        return breaking_of_files(scope, against, base_specs)
