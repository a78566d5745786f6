"""The guard on specs that were not tried: a spec is permanent, and nothing at Adobe reports whether it reads all records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.errors import Problem, Severity
from reconciler.planning.plan import Action, Options
from reconciler.planning.tried import Tried, TriedOutcome

UNTRIED: Final = "untried"
_ALLOW: Final = "or pass `--allow-untried` for this run, or set `safety.untried: warn` in reconciler.yaml"
_OUTCOMES: Final = {
    TriedOutcome.FAILED: "tried, and it failed",
    TriedOutcome.NOT_TRIED: "not tried",
    TriedOutcome.HELD: "only tried against a stub",
}


def untried_problems(actions: Iterable[Action], options: Options) -> tuple[Problem, ...]:
    """A problem for each spec without a successful trial of its content: an error if the settings refuse such specs.

    A trial against a stub shows only that the spec and the stub agree. It needs no warning, because the plan says so, and is refused, too.
    """
    if options.untried == "allow":
        return ()
    refuses = options.untried == "refuse" and not options.allow_untried
    return tuple(
        _untried(action, action.tried, refuses=refuses)
        for action in actions
        if action.tried and (action.tried.outcome is not TriedOutcome.HELD or (refuses and action.tried.stub))
    )


def _untried(action: Action, tried: Tried, *, refuses: bool) -> Problem:
    what = f"{action.kind.words} {action.key!r}"
    failed = tried.outcome is TriedOutcome.FAILED
    said = f"{what} was {_OUTCOMES[tried.outcome]}"
    record = f"run `reconciler try {action.key} --record`, then commit {_folder(action)}"
    return Problem(
        Severity.ERROR if refuses else Severity.WARNING,
        UNTRIED,
        f"{said}: {tried.reason}" if tried.reason else said,
        file=action.file,
        line=action.line,
        hint="; ".join([f"correct the spec, {record}" if failed else record, *([_ALLOW] if refuses else [])]),
        key=action.key,
        guard=True,
    )


def _folder(action: Action) -> str:
    """The folder of the proof, in the specs folder as the user gave it."""
    desired = action.desired
    specs = desired.file.removesuffix(desired.path) if desired and desired.path else "specs/"
    return f"{specs}proofs/{action.key}/"
