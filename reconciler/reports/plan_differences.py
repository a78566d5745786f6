"""What tells two plans apart: why a saved plan, or a digest, does not fit any more."""

from __future__ import annotations

from typing import TypeAlias

from reconciler.documents.canonical import canonical
from reconciler.documents.json_text import Json, encode_sorted
from reconciler.documents.places import MISSING, Missing
from reconciler.errors import Problem, Severity
from reconciler.reports.phrases import spec_words
from reconciler.reports.view import ActionView, PlanView

_Identity: TypeAlias = tuple[str, str, str]


def differences(saved: PlanView, fresh: PlanView) -> tuple[Problem, ...]:
    """One problem for each thing that the fresh plan does not share with the saved one."""
    found = _of_place(saved, fresh)
    before = {_identity(action): action for action in saved.actions}
    now = {_identity(action): action for action in fresh.actions}
    found += [_problem("gone", before[identity], "is not to be done any more") for identity in before if identity not in now]
    found += [_problem("new", now[identity], "is not in the saved plan") for identity in now if identity not in before]
    found += [
        _problem("other", action, reason)
        for identity, action in now.items()
        if identity in before and (reason := _reason(before[identity], action))
    ]
    return tuple(found)


def _of_place(saved: PlanView, fresh: PlanView) -> list[Problem]:
    pairs = (
        ("host", saved.target.host, fresh.target.host),
        ("organisation", saved.target.org_id, fresh.target.org_id),
        ("sandbox", saved.target.sandbox, fresh.target.sandbox),
    )
    return [
        Problem(
            Severity.ERROR, "stale-target", f"the saved plan is for {name} {before!r}, and the target is now {now!r}", guard=True
        )
        for name, before, now in pairs
        if before != now
    ]


def _identity(action: ActionView) -> _Identity:
    return (action.kind, action.key or "", action.id or "")


def _reason(before: ActionView, now: ActionView) -> str | None:
    if before.action is not now.action:
        return f"is {now.action} now, and was {before.action}"
    changes = [[(change.op, change.path, change.old, change.new) for change in action.changes] for action in (before, now)]
    if changes[0] != changes[1]:
        return "has other changes now"
    return "rests on something that has changed since" if before.fingerprint != now.fingerprint else None


def _problem(code: str, action: ActionView, reason: str) -> Problem:
    what = f"{action.action} of {spec_words(action.kind, action.key, action.name)}"
    return Problem(Severity.ERROR, f"stale-{code}", f"{what} {reason}", action.file, action.line, key=action.key, guard=True)


def same_work(saved: PlanView, fresh: PlanView) -> bool:
    """Whether two plans of one digest show the same work: the digest stands in the file, and so may be older than what is around it."""
    return _work(saved) == _work(fresh)


def _work(plan: PlanView) -> list[bytes]:
    """Each action and what it changes. Positions in a list are not compared: they move without anything being different."""
    return sorted(
        encode_sorted(
            [
                [action.kind, action.key, action.name, action.id, action.action, action.fingerprint],
                sorted(encode_sorted([change.op, _plain(change.old), _plain(change.new)]).decode() for change in action.changes),
            ]
        )
        for action in plan.actions
    )


def _plain(value: Json | Missing) -> Json:
    return None if value is MISSING else canonical(value)
