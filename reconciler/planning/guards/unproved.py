"""The guard on specs that Adobe's engine has not proved in another target."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.errors import Problem, Severity
from reconciler.planning.plan import Action, Options
from reconciler.planning.proved import PlannedProof
from reconciler.proofs.kept.status import ProvedStatus

UNPROVED: Final = "unproved"
_ALLOW: Final = "or pass `--allow-unproved` for this run, or set `safety.unproved: warn` in reconciler.yaml"
_PROVE: Final = (
    "apply it to a test sandbox, run `reconciler prove {key} --target NAME --keep` there, and commit the file that it writes"
)


def unproved_problems(actions: Iterable[Action], options: Options) -> tuple[Problem, ...]:
    """A problem for each spec without a proof of its content: an error if the settings refuse such specs.

    A spec can be proved only where it is live, so the targets that its proof.yaml lists for proofs are exempt. A change of that list is
    a way around the guard, so where specs are refused, an exempt one is a warning.
    """
    if options.unproved == "allow":
        return ()
    refuses = options.unproved == "refuse" and not options.allow_unproved
    return tuple(
        _exempt(action) if action.proved.exempt else _unproved(action, action.proved, refuses=refuses)
        for action in actions
        if action.proved and action.proved.status is not ProvedStatus.YES and (refuses or not action.proved.exempt)
    )


def _exempt(action: Action) -> Problem:
    return Problem(
        Severity.WARNING,
        UNPROVED,
        f"{action.kind.words} {action.key!r} is not proved; it is written because its proof.yaml lists this target for proofs",
        file=action.file,
        line=action.line,
        hint="check that this target is in a test sandbox; if it is not, remove it from `targets` in proof.yaml",
        key=action.key,
    )


def _unproved(action: Action, proved: PlannedProof, *, refuses: bool) -> Problem:
    said = f"{action.kind.words} {action.key!r} is not proved"
    hint = _PROVE.format(key=action.key)
    return Problem(
        Severity.ERROR if refuses else Severity.WARNING,
        UNPROVED,
        f"{said}: {proved.reason}" if proved.reason else said,
        file=action.file,
        line=action.line,
        hint=f"{hint}; {_ALLOW}" if refuses else hint,
        key=action.key,
        guard=True,
    )
