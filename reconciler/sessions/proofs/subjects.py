"""What a proof is about, from the files: the spec, its proof file, and the values to connect with. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.errors import Problem, SpecFileError, count
from reconciler.proofs.filling import Filled, values_for
from reconciler.proofs.folder import PROVIDER, ProofFolder, folder_of
from reconciler.proofs.kept.digests import proof_digest, section_digests
from reconciler.proofs.kept.engine_file import ReadEngine, engine_in, with_known
from reconciler.proofs.proof import ReadProof, proof_in, read_proof_file
from reconciler.proofs.streaming.events import ReadEvents, events_in
from reconciler.proofs.streaming.settings import StreamingSecrets, streaming_problems, streaming_secrets
from reconciler.proofs.values import Proof
from reconciler.proving.options import ProveOptions
from reconciler.proving.report import SpecProved, TargetProved
from reconciler.proving.subject import Subject
from reconciler.sdk.sources import STREAMING, default_flow_specs
from reconciler.settings.targets import Settings
from reconciler.settings.values import Target
from reconciler.sources.source import Source
from reconciler.texts.yaml import read_yaml
from reconciler.trying.guards.addresses import Reach, reach_of
from reconciler.trying.running.choosing import source_named

UNKNOWN_ID: Final = "{connection spec}"
"""The id of a spec that was not looked up."""


@dataclass(frozen=True, slots=True)
class ProofFiles:
    """One source, as its files describe it for a target. `filled` contains secrets."""

    spec: DesiredSpec
    folder: ProofFolder
    read: ReadProof
    proof: Proof
    filled: Filled
    assume: Mapping[str, str] = field(default_factory=dict)
    """What proofs have shown about the engine, unless the proof file assumes something else."""
    events: ReadEvents = field(default_factory=lambda: ReadEvents(exists=False))
    streaming: StreamingSecrets = field(default_factory=StreamingSecrets)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What is wrong with the values."""
        return tuple(problem for problem in self.filled.problems if problem.is_error)

    @property
    def streams(self) -> bool:
        """Whether events are sent to the source."""
        return self.spec.spec_type == STREAMING

    @property
    def has_stub(self) -> bool:
        """Whether there is a provider file."""
        return PROVIDER in self.folder.files

    def check(self) -> None:
        """Raises SpecFileError if the values are not complete."""
        if self.errors:
            message = f"{self.spec.key!r} cannot be proved: {count(len(self.errors), 'error')} in its proof"
            raise SpecFileError(message, self.filled.problems)


@dataclass(frozen=True, slots=True)
class ProofFolders:
    """The specs folder, read for one target. `served` is whether the target itself serves the provider files of the folder."""

    tree: WorkingTree
    desired: DesiredSet
    paths: tuple[str, ...]
    shown: str
    engine: ReadEngine
    target: str
    served: bool = False

    @classmethod
    def of(cls, specs: Path, settings: Settings, target: str, *, served: bool) -> ProofFolders:
        """The folder at this path."""
        tree, shown = WorkingTree(specs), specs.as_posix()
        desired = load_desired(tree, target, shown, tuple(settings.targets))
        paths = tree.listing().paths
        return cls(tree, desired, paths, shown, engine_in(tree, shown, paths), target, served)

    def files(self, key: str, options: ProveOptions, environ: Mapping[str, str] | None) -> ProofFiles:
        """The files of this source. Without `environ`, secrets are `${NAME}`, and none is needed.

        Raises UsageError for an unknown key, SpecFileError for a spec file with errors, SettingsError for a proof file that is not there.
        """
        spec = source_named(self.desired, key, fetching=False)
        folder = folder_of(self.tree, spec.key, spec.former_keys, self.paths)
        if options.proof is not None:
            read = read_proof_file(options.proof, spec.key, spec.former_keys)
        else:
            read = proof_in(folder, spec.key, spec.former_keys, self.shown)
        if spec.spec_type == STREAMING:
            return self._streaming(spec, folder, read, None if self.served else environ)
        needs_secrets = not (self.served and PROVIDER in folder.files)
        filled = values_for(read, spec.body, environ=environ if needs_secrets else None)
        proof = read.proof or Proof()
        return ProofFiles(spec, folder, read, proof, filled, with_known(self.engine.known(self.target), proof.assume))

    def _streaming(
        self, spec: DesiredSpec, folder: ProofFolder, read: ReadProof, environ: Mapping[str, str] | None
    ) -> ProofFiles:
        """The files of a streaming source: its events, and the secrets that they are signed with."""
        secrets, unset = streaming_secrets(read, environ)
        events = events_in(folder, spec.key, self.shown)
        given = values_for(read, spec.body)
        problems = (*given.problems, *streaming_problems(read), *unset, *events.problems)
        filled = replace(given, secrets=secrets.by_name, problems=problems)
        return ProofFiles(spec, folder, read, read.proof or Proof(), filled, events=events, streaming=secrets)


def subject_of(files: ProofFiles, target: Target, repository: str, live: SpecProved | None = None, **more: str | None) -> Subject:
    """The subject of a proof. `live` is the spec as it is live; `flow_spec_id` and `commit` are in `more`."""
    spec = files.spec
    flow_spec = next(iter(spec.flow_specs or default_flow_specs(spec.spec_type)), "{flow spec}")
    proved = live or SpecProved(spec.key, spec.pinned_id or UNKNOWN_ID, spec.name, section_digests(spec.body), flow_spec)
    return Subject(
        proved,
        place_of(target),
        repository,
        Source(spec.body),
        files.filled.values,
        files.proof,
        _digest_of(files.read),
        more.get("flow_spec_id") or "{flow spec}",
        more.get("commit"),
        files.assume,
    )


def place_of(target: Target) -> TargetProved:
    """The target as reports name it."""
    return TargetProved(target.name, target.host, target.org_id, target.sandbox, emulated=_is_emulated(target))


def _digest_of(read: ReadProof) -> str:
    document = read_yaml(read.text.data).value if read.text.data else None
    return proof_digest(document if isinstance(document, dict) else {})


def _is_emulated(target: Target) -> bool:
    """Whether an emulator answers, and not Adobe: the embedded one, or one on this machine."""
    host = target.host.rsplit(":", 1)[0].strip("[]") if target.host.count(":") == 1 else target.host.strip("[]")
    return target.emulator is not None or host == "localhost" or reach_of(host) is Reach.LOOPBACK
