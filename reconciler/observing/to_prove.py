"""Which sources want a proof in a target, according to the files. Nothing is asked of the network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.errors import SpecFileError, count
from reconciler.observing.proofs import KeptProofs, age_of
from reconciler.planning.plan import PlanTarget
from reconciler.planning.proofs import is_source
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
    tree = WorkingTree(specs)
    desired = load_desired(tree, target.name, specs.as_posix(), tuple(settings.targets))
    errors = [problem for problem in desired.problems if problem.is_error]
    if errors:
        raise SpecFileError(f"{count(len(errors), 'error')} in spec files, so it is not known what to prove", errors)
    evidence, place = KeptProofs(tree), PlanTarget(target.name, target.host, target.org_id, target.sandbox)
    sources = [spec for spec in desired.specs if spec.kind is Kind.CONNECTION_SPEC and is_source(spec)]
    found = ((spec.key, evidence(spec, place)) for spec in sources)
    listed = [(key, age_of(proved, place, now)) for key, proved in found if proved.exempt]
    longest = settings.proof.max_age
    return tuple(sorted(key for key, age in listed if age is None or (longest is not None and age > longest)))
