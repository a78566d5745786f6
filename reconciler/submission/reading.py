"""The material of a submission, read from the specs folder and the environment. Nothing is requested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.documents.json_text import Json
from reconciler.errors import Problem, ReconcilerError
from reconciler.planning.tried import Tried
from reconciler.proofs.folder import CASSETTE, ProofFolder, proved_name, too_large
from reconciler.proofs.kept.proved import Place, Proved
from reconciler.proofs.proof import ReadProof
from reconciler.proofs.streaming.authentication import AuthenticationTests
from reconciler.proofs.streaming.tests_file import read_tests
from reconciler.proofs.values import FromEnvironment, Proof
from reconciler.secret import Secret
from reconciler.submission.artifacts import files_of
from reconciler.submission.material import Evidence
from reconciler.trying.cassette import MOMENT, Cassette
from reconciler.trying.cassette_reading import read_cassette
from reconciler.trying.report import TryReport
from reconciler.trying.tried import replayed

_MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Beside:
    """The files that people wrote next to the spec file, and why others could not be read."""

    files: Mapping[str, bytes] = field(repr=False)
    problems: tuple[Problem, ...] = ()


def files_beside(tree: SpecTree, spec: DesiredSpec, paths: tuple[str, ...], shown: str) -> Beside:
    """Label, description, category and icon, from the folder of the spec file."""
    folder = PurePosixPath(spec.path or "").parent
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name in files_of(spec.key):
        path = (folder / name).as_posix()
        if path not in paths:
            continue
        try:
            data = tree.read(path)
        except Unreadable as error:
            problems.append(error.problem.at(f"{shown}/{path}"))
            continue
        if len(data) > _MOST_BYTES:
            problems.append(too_large(_MOST_BYTES).problem.at(f"{shown}/{path}"))
        else:
            files[name] = data
    return Beside(files, tuple(problems))


def secrets_of(proof: Proof, environ: Mapping[str, str]) -> tuple[dict[str, Secret], tuple[str, ...]]:
    """The values of the proof file's variables, and the names of those that are not set here."""
    names = sorted({found.name for found in _references(proof)})
    values = {name: environ.get(FromEnvironment(name).variable, "") for name in names}
    return {name: Secret(value) for name, value in values.items() if value}, tuple(name for name in names if not values[name])


def _references(proof: Proof) -> Iterator[FromEnvironment]:
    streaming = [proof.streaming.secret, *proof.streaming.tests.values()] if proof.streaming else []
    values: list[Json | FromEnvironment | None] = [*proof.auth.params.values(), *proof.source.values(), *streaming]
    return (value for value in values if isinstance(value, FromEnvironment))


def evidence_of(proved: Proved, place: Place) -> Evidence:
    """What is known about the proof, in the words of a submission."""
    kept = proved.kept
    reason = proved.reason or (f"there is no {proved_name(place.name)}" if kept is None else "")
    ids = {} if kept is None else {"spec": kept.spec.id, **kept.ids}
    return Evidence(
        proved.status.value,
        reason,
        proved.at,
        proved.run,
        proved.records,
        proved.pages,
        proved.emulated,
        None if kept is None else kept.target.sandbox,
        None if kept is None else kept.commit,
        ids,
        None if kept is None else kept.target.org_id,
    )


def recorded_trial(folder: ProofFolder, spec: DesiredSpec, tried: Tried, read: ReadProof) -> TryReport | None:
    """The trial of the recording, replayed; None without one of this content."""
    if tried.recorded_at is None:
        return None
    try:
        cassette = read_cassette(folder.read(CASSETTE) or b"", CASSETTE)
        if not isinstance(cassette, Cassette):
            return None
        report = replayed(cassette, spec, read)
    except (Unreadable, ReconcilerError):
        return None
    return replace(report, recorded_at=cassette.recorded_at.strftime(MOMENT), of_stub=cassette.stub)


def authentication_tests(
    folder: ProofFolder, spec: DesiredSpec, shown: str
) -> tuple[AuthenticationTests | None, tuple[Problem, ...]]:
    """The tests of a streaming source, or why its file cannot be read. Never raises."""
    return read_tests(folder, spec.key, shown)
