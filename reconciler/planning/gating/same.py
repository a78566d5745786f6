"""The gate `same`: an upstream target has this very content, so its plan has nothing to do for the spec."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.documents.comparison import Cause
from reconciler.errors import Problem, count
from reconciler.planning.gate import GateName, Wait
from reconciler.planning.gating.upstream import Identity, Upstream
from reconciler.planning.plan import Action, ActionName, State

_KNOWN_DRIFT: Final = frozenset({Cause.DRIFT, Cause.BOTH})
_DRIFT: Final = _KNOWN_DRIFT | {Cause.UNKNOWN, Cause.UNCONFIRMED}
_NAMED: Final = 3
"""Maximum number of sections named in a message."""


def why_not_same(upstream: Upstream, identity: Identity, *, is_gone: bool) -> Wait | None:
    """What keeps a spec from going on; None if the upstream target has it as it is here. `is_gone` is for a detach or retirement.

    Nothing that could not be read or compared lets a spec pass.
    """
    plan = upstream.plan
    if plan is None:
        return _wait(
            upstream, f"{upstream.name} could not be read: {upstream.why_not or 'no reason is known'}", upstream.hint, unsure=True
        )
    if problem := _obstacle(plan.errors, identity):
        return _wait(upstream, f"{upstream.name} cannot be compared: {problem.message}", problem.hint, unsure=True)
    return _gone(upstream, identity) if is_gone else _there(upstream, identity)


def belongs(upstream: Upstream, identity: Identity, *, is_gone: bool) -> bool:
    """Whether the spec is for this upstream target at all, as `only` in its file says; or is live there, if it is to go."""
    return not upstream.elsewhere(identity[1]) or (is_gone and identity in upstream.statuses)


def keeps(upstream: Upstream, identity: Identity) -> bool:
    """Whether the spec has a file there, so that what has none here goes from here alone."""
    return any(status.file is not None for status in upstream.statuses.get(identity, ()))


def _obstacle(errors: Iterable[Problem], identity: Identity) -> Problem | None:
    """An error about this spec, or about the whole comparison. A guard that refuses other writes is neither."""
    return next(
        (problem for problem in errors if problem.key == identity[1] or (problem.key is None and not problem.guard)), None
    )


def _there(upstream: Upstream, identity: Identity) -> Wait | None:
    found = upstream.statuses.get(identity, ())
    if not found:
        return _wait(upstream, f"{upstream.name} has no result for it", f"`reconciler --target {upstream.name} plan` shows why")
    actions = upstream.pending.get(identity, ())
    states = {status.state for status in found}
    if states & {State.ERROR, State.AHEAD}:
        said = "was applied from a commit that this checkout does not contain" if State.AHEAD in states else "has an error for it"
        return _wait(upstream, f"{upstream.name} {said}", f"`reconciler --target {upstream.name} plan {identity[1]}` shows it")
    if actions:
        return None if _is_applied_first(upstream, identity, actions) else _pending(upstream, identity, actions)
    if states == {State.IN_SYNC} and len(found) == 1:
        return None
    return _wait(
        upstream, f"{upstream.name} does not have it as one live spec", f"`reconciler --target {upstream.name} status` shows it"
    )


def _gone(upstream: Upstream, identity: Identity) -> Wait | None:
    if keeps(upstream, identity):
        return None
    if unsure := _unsure(upstream):
        return unsure
    actions = upstream.pending.get(identity, ())
    if actions and _is_applied_first(upstream, identity, actions):
        return None
    if not actions and all(status.state is State.RETIRED for status in upstream.statuses.get(identity, ())):
        return None
    return _wait(upstream, f"{upstream.name} has not retired it yet", f"apply {upstream.name} first")


def _unsure(upstream: Upstream) -> Wait | None:
    """Why a spec that the upstream target does not show may be there all the same; None if it shows all of ours."""
    plan = upstream.plan
    error = next((each for each in plan.errors if not each.guard), None) if plan else None
    why = error.message if error else plan.may_lack if plan else "it was not planned"
    if why is None:
        return None
    return _wait(
        upstream,
        f"{upstream.name} may still have it: {why}",
        f"`reconciler --target {upstream.name} plan` shows more",
        unsure=True,
    )


def _is_applied_first(upstream: Upstream, identity: Identity, actions: Iterable[Action]) -> bool:
    """Whether this run brings it up to date there first. What drifted there was not reviewed as a change to pass on."""
    return upstream.is_first and identity not in upstream.held_back and not any(action.cause in _DRIFT for action in actions)


def _pending(upstream: Upstream, identity: Identity, actions: tuple[Action, ...]) -> Wait:
    if any(action.cause in _DRIFT for action in actions):
        drifted = "has drifted" if any(action.cause in _KNOWN_DRIFT for action in actions) else "may have drifted"
        said = f"{upstream.name} {drifted}, so what would go on is not what runs there"
        return _wait(upstream, said, f"`reconciler --target {upstream.name} drift {identity[1]}` shows it")
    hint = f"apply {upstream.name} first"
    if any(action.action is ActionName.CREATE and (action.kind, action.key) == identity for action in actions):
        return _wait(upstream, f"{upstream.name} does not have it yet", hint)
    sections = list(dict.fromkeys(str(change.place[0]) for action in actions for change in action.changes if change.place))
    more = ", …" if len(sections) > _NAMED else ""
    number = sum(len(action.changes) for action in actions)
    return _wait(upstream, f"{upstream.name} has {count(number, 'change')} pending ({', '.join(sections[:_NAMED])}{more})", hint)


def _wait(upstream: Upstream, message: str, hint: str | None, *, unsure: bool = False) -> Wait:
    return Wait(upstream.name, GateName.SAME, message, hint, unsure=unsure)
