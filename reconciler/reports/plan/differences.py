"""Differences between two plans: why a saved plan or a digest no longer matches."""

from __future__ import annotations

from typing import Final

from reconciler.documents.canonical import canonical
from reconciler.documents.json_text import Json, encode_sorted
from reconciler.documents.places import MISSING, Missing
from reconciler.errors import Problem, Severity, count
from reconciler.planning.plan import PlanTarget
from reconciler.reports.plan.outline import ActionOutline, Outline
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.phrases import spec_words

_PATHS: Final = 3
"""Maximum number of places named for an action with different changes."""


def differences(before: Outline, fresh: Outline, called: str = "the saved plan") -> tuple[Problem, ...]:
    """One problem for each difference between the fresh plan and the previous one, which messages call `called`.

    Actions that the previous plan did not keep are only counted.
    """
    found = _of_place(before.target, fresh.target, called)
    old = {action.identity: action for action in before.actions}
    now = {action.identity: action for action in fresh.actions}
    found += [_problem("gone", old[identity], "is no longer needed", before) for identity in old if identity not in now]
    new = [now[identity] for identity in now if identity not in old and now[identity].short not in before.shorts]
    if not before.left_out:
        found += [_problem("new", action, f"is not in {called}", fresh) for action in new]
    elif new:
        found.append(_not_kept(len(new), before.left_out, called))
    found += [
        _problem("other", action, reason, fresh)
        for identity, action in now.items()
        if identity in old and (reason := _reason(old[identity], action))
    ]
    return tuple(found)


def _of_place(before: PlanTarget, fresh: PlanTarget, called: str) -> list[Problem]:
    pairs = (
        ("host", before.host, fresh.host),
        ("organization", before.org_id, fresh.org_id),
        ("sandbox", before.sandbox, fresh.sandbox),
    )
    return [
        Problem(Severity.ERROR, "stale-target", f"{called} is for {name} {old!r}, but the target now has {now!r}", guard=True)
        for name, old, now in pairs
        if old != now
    ]


def _reason(before: ActionOutline, now: ActionOutline) -> str | None:
    if before.action is not now.action:
        return f"is now {now.action}, and was {before.action}"
    others = sorted({change.path for change in set(before.changes) ^ set(now.changes)})
    if others:
        more = f" and {len(others) - _PATHS} more places" if len(others) > _PATHS else ""
        return f"now has other changes, at {', '.join(others[:_PATHS])}{more}"
    is_other = before.fingerprint and before.fingerprint != now.fingerprint  # the record of several targets has none
    return "is based on a live spec that has changed since" if is_other else None


def _problem(code: str, action: ActionOutline, reason: str, plan: Outline) -> Problem:
    what = f"{action.action} of {spec_words(action.kind, action.key, action.name)}"
    place = plan.places.get(action.identity, (None, None))
    return Problem(Severity.ERROR, f"stale-{code}", f"{what} {reason}", *place, key=action.key, guard=True)


def _not_kept(new: int, left_out: int, called: str) -> Problem:
    actions = count(new, "action is", "actions are")
    message = f"{actions} not in {called}, which was too large to keep: {count(left_out, 'action')} of it were truncated"
    return Problem(Severity.ERROR, "stale-not-kept", message, guard=True)


def same_work(saved: PlanView, fresh: PlanView) -> bool:
    """Whether two plans with the same digest show the same work. A saved file may have been edited without its digest."""
    return _work(saved) == _work(fresh)


def _work(plan: PlanView) -> list[bytes]:
    """Each action and its changes. Positions in a list are ignored, because they may change without any difference."""
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
