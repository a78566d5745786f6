"""The problems of all proof files: those in the files, those against the specs, and files that nothing reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from reconciler.desired.files import PROOFS, is_of_proof
from reconciler.desired.spec_file import View
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.proofs.folder import ENGINE, MOST_BYTES, PROOF, PROVIDER, ProofFolder, is_proved_file
from reconciler.sdk.sources import STREAMING
from reconciler.texts.reading import MAX_MISTAKES
from reconciler.wording.guesses import did_you_mean, nearest, suggestion

if TYPE_CHECKING:
    from reconciler.proofs.proof import ReadProof
    from reconciler.proofs.values import Proof

_READ_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
"""A file with another name and one of these was probably meant to be read."""


@dataclass(frozen=True, slots=True)
class ProofFiles:
    """The proof folders of a tree by name, and what could not be read."""

    tree: SpecTree
    display_prefix: str = "specs"
    folders: dict[str, set[str]] = field(default_factory=dict)
    """The files of each folder, relative to it."""
    problems: list[Problem] = field(default_factory=list)
    has_engine: bool = False
    """Whether there is an engine.yaml."""

    @classmethod
    def of(cls, tree: SpecTree, display_prefix: str = "specs") -> ProofFiles:
        """The proof files of this tree. Nothing is read yet."""
        listing = tree.listing()
        found = cls(tree, display_prefix, has_engine=f"{PROOFS}/{ENGINE}" in listing.paths)
        for path, problem in listing.problems:
            if is_of_proof(path):
                found.problems.append(problem.at(found.display(path), 1, 1))
        for path in listing.paths:
            top, _, below = path.partition("/")
            name, _, file = below.partition("/")
            if top != PROOFS:
                continue
            if file:
                found.folders.setdefault(name, set()).add(file)
            if _is_stray(file or name, is_in_folder=bool(file)):
                found.problems.append(_stray(file).at(found.display(path), 1, 1))
        return found

    def display(self, path: str) -> str:
        return View("", (), self.display_prefix).display(path)

    def folder(self, name: str) -> ProofFolder:
        return ProofFolder(self.tree, name, frozenset(self.folders[name]))

    def first(self, name: str) -> str:
        """A file of this folder for display: proof.yaml if it is there."""
        files = self.folders[name]
        return self.display(f"{PROOFS}/{name}/{PROOF if PROOF in files else min(files)}")


def problems_of_proofs(
    files: ProofFiles,
    specs: Iterable[DesiredSpec],
    broken: Collection[str] = (),
    targets: Collection[str] = (),
    *,
    are_all_known: bool = True,
) -> list[Problem]:
    """Every problem of these proof files against the specs of one target.

    `broken` are the keys of connection specs whose files have errors: their proofs are not checked. `targets` are all that there are;
    names are not checked if it is empty. Unless `are_all_known`, there may be more specs: then any proof may be the proof of one.
    """
    problems = [*files.problems, *_of_engine(files)]
    if not files.folders:
        return problems
    owners, former = _owners(specs)
    for name in sorted(files.folders):
        spec = owners.get(name) or former.get(name)
        if spec is None:
            problems += () if name in broken or not are_all_known else (_without_spec(files, name, owners),)
        elif spec.key != name and spec.key in files.folders:
            message = f"this folder is not read: the proof of {spec.key!r} is in {files.display(PROOFS)}/{spec.key}"
            hint = "move what is needed there, and remove this folder"
            problems.append(Problem(Severity.WARNING, "not-read", message, files.first(name), 1, 1, hint, spec.key))
        else:
            problems += _of_folder(files, name, spec, targets)
    return problems


def _of_engine(files: ProofFiles) -> tuple[Problem, ...]:
    if not files.has_engine:
        return ()
    from reconciler.proofs.kept.engine_file import engine_in, engine_path  # noqa: PLC0415 - as below

    return engine_in(files.tree, files.display_prefix, (engine_path(),)).problems


def _owners(specs: Iterable[DesiredSpec]) -> tuple[dict[str, DesiredSpec], dict[str, DesiredSpec]]:
    """The connection specs by key, and by former key."""
    owners = {spec.key: spec for spec in specs if spec.kind is Kind.CONNECTION_SPEC}
    return owners, {key: spec for spec in owners.values() for key in spec.former_keys}


def _of_folder(files: ProofFiles, name: str, spec: DesiredSpec, targets: Collection[str]) -> Iterator[Problem]:
    # only a folder with proofs needs what reads them: it takes time to load
    from reconciler.proofs.filling import values_for  # noqa: PLC0415
    from reconciler.proofs.proof import proof_in  # noqa: PLC0415
    from reconciler.proofs.provider import read_provider  # noqa: PLC0415
    from reconciler.proofs.streaming.events import events_in  # noqa: PLC0415
    from reconciler.proofs.streaming.settings import streaming_problems  # noqa: PLC0415
    from reconciler.proofs.streaming.tests_file import read_tests  # noqa: PLC0415

    folder = files.folder(name)
    read = proof_in(folder, spec.key, spec.former_keys, files.display_prefix)
    if read.proof is None:
        yield from read.problems
    else:
        yield from values_for(read, spec.body).problems
        yield from _unknown_targets(read, read.proof, targets)
        yield from streaming_problems(read) if spec.spec_type == STREAMING else ()
    yield from events_in(folder, spec.key, files.display_prefix).problems
    yield from read_tests(folder, spec.key, files.display_prefix)[1]
    if PROVIDER in folder.files:
        yield from read_provider(folder, spec.key, files.display_prefix).problems


def _unknown_targets(read: ReadProof, proof: Proof, targets: Collection[str]) -> Iterator[Problem]:
    unknown = ((index, name) for index, name in enumerate(proof.targets) if targets and name not in targets)
    for index, name in islice(unknown, MAX_MISTAKES):
        message, hint = f"`targets` names the unknown target {name[:80]!r}", did_you_mean(name[:80], targets)
        yield read.text.problem(("targets", str(index)), "unknown-target", message, hint)


def _without_spec(files: ProofFiles, name: str, owners: Collection[str]) -> Problem:
    message = f"no connection spec has the key {name[:80]!r}, so this proof is not read"
    meant = nearest(name[:80], owners)
    hint = suggestion(meant) if meant else "rename the folder to the key of a spec, or remove it"
    return Problem(Severity.WARNING, "not-read", message, files.first(name), 1, 1, hint)


def _is_stray(file: str, *, is_in_folder: bool) -> bool:
    if PurePosixPath(file).suffix.lower() not in _READ_SUFFIXES:
        return False
    return not (file in MOST_BYTES or is_proved_file(file)) if is_in_folder else file != ENGINE


def _stray(file: str) -> Problem:
    if not file:
        message, hint = "this file is ignored: proofs are in a folder for each spec", f"move it to {PROOFS}/<key>/{PROOF}"
        return Problem(Severity.WARNING, "not-read", message, hint=hint)
    meant = nearest(file, MOST_BYTES)
    known = ", ".join((*sorted(MOST_BYTES), "proved-<target>.json"))
    message = f"this file is ignored: the files of a proof are {known}"
    return Problem(Severity.WARNING, "not-read", message, hint=suggestion(meant) if meant else "rename it, or remove it")
