"""Which sources want a proof in a target, according to the files. Nothing is asked of the network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.errors import SpecFileError, count
from reconciler.observing.proofs import KeptProofs, age_of
from reconciler.planning.plan import PlanTarget
from reconciler.planning.proofs import is_source
from reconciler.planning.proved import PlannedProof
from reconciler.settings.targets import Settings
from reconciler.settings.values import Target

_PRODUCTION: Final = "prod"
"""The name of the sandbox that every organization has for production."""


def sources_to_prove(specs: Path, settings: Settings, target: Target, now: float) -> tuple[str, ...]:
    """The keys of the sources whose proof.yaml lists this target and that no proof of their content, young enough, counts for.

    None in the sandbox `prod`, whatever a file lists. `now` is in seconds since the epoch. Raises SpecFileError for files with errors.
    """
    if target.sandbox == _PRODUCTION:
        return ()
    place, longest = _place(target), settings.proof.max_age
    found = ((key, age_of(proved, place, now)) for key, proved in _listed(specs, settings, target))
    return tuple(key for key, age in found if age is None or (longest is not None and age > longest))


def sources_with_proofs(specs: Path, settings: Settings, target: Target) -> tuple[str, ...]:
    """The keys of all sources whose proof.yaml lists this target. Raises SpecFileError for files with errors."""
    return tuple(key for key, _ in _listed(specs, settings, target))


def _listed(specs: Path, settings: Settings, target: Target) -> list[tuple[str, PlannedProof]]:
    """The sources that may be proved in this target, each with the evidence for it, by key."""
    tree = WorkingTree(specs)
    desired = load_desired(
        tree, target.name, specs.as_posix(), tuple(settings.targets), Layers.in_settings(settings, target.name)
    )
    errors = [problem for problem in desired.problems if problem.is_error]
    if errors:
        raise SpecFileError(f"{count(len(errors), 'error')} in spec files, so it is not known what to prove", errors)
    evidence, place = KeptProofs(tree), _place(target)
    sources = [spec for spec in desired.specs if spec.kind is Kind.CONNECTION_SPEC and is_source(spec)]
    found = ((spec.key, evidence(spec, place)) for spec in sources)
    return sorted((pair for pair in found if pair[1].exempt), key=lambda pair: pair[0])


def _place(target: Target) -> PlanTarget:
    return PlanTarget(target.name, target.host, target.org_id, target.sandbox)
