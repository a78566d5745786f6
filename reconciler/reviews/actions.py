"""Whether each action of a plan was reviewed, on whichever pull request or merge request since live was written.

With gates, a change that was merged on Monday is applied on Wednesday, after two more merges. So no single reviewed plan is the fresh one,
and each action is looked up by itself: in the plans of the requests that were merged since, newest first. A plan shows everything that its
checkout would write, at once or later, so it supersedes the plans of all requests that its checkout contained. It says nothing of those
that were merged meanwhile, and what two of them change in one spec may be written together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SOURCES
from reconciler.planning.written import ObjectName
from reconciler.reports.plan.outline import ActionOutline, ChangeOutline, Outline, as_it_was_planned
from reconciler.reports.sinks.phrases import spec_words

_PATHS: Final = 3
"""Maximum number of places named for other changes."""


@dataclass(frozen=True, slots=True)
class MergedPlan:
    """What the newest plan of one merged request said of one target. `name` is the request's, such as `#3` or `!3`.

    `at` counts the commits of the branch since the merge, 0 for the newest. `contained` is the same for the newest commit of the branch
    that the planned checkout contained; None if that is not known. `outline` has what would be written at once and what waits; None if
    it cannot be read. `why_not` is set if no plan counts at all: none was recorded, or the last one was refused.
    """

    name: str
    at: int
    contained: int | None
    outline: Outline | None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """An action that no review covers, and why."""

    action: ActionOutline
    reason: str

    @property
    def message(self) -> str:
        action = self.action
        return f"{action.action} of {spec_words(action.kind, action.key, action.name)} was not reviewed: {self.reason}"


def unreviewed(
    fresh: Outline,
    ids: Mapping[str, str],
    plans: Iterable[MergedPlan],
    written: Mapping[ObjectName, int | None],
    request: str = "pull request",
) -> tuple[Unreviewed, ...]:
    """The actions of the fresh plan that no review covers, in its order.

    `ids` maps the key of each live connection spec of this repository to its id. `plans` are those of the merged requests, newest first;
    they are read as far as they are needed. `written` has the commits of the branch since each object was last written, None if no marker
    says so. `request` is what the code host calls a request.
    """
    searches = [_Search(action, written.get(object_of(action)), request) for action in fresh.actions]
    pending = searches
    for plan in plans if pending else ():
        pending = [one for one in pending if not one.ends_with(plan, fresh, ids)]
        if not pending:
            break
    return tuple(Unreviewed(one.action, one.reason) for one in searches if not one.is_covered)


def object_of(action: ActionOutline) -> ObjectName:
    """What the action writes; the same before and after it has an id."""
    return (action.kind, action.key or action.id or "")


@dataclass(slots=True)
class _Search:
    """The search for the reviews of one action. `changes` are those not found yet; `horizon` is where older plans are superseded."""

    action: ActionOutline
    since: int | None
    request: str
    """What the code host calls a request."""
    changes: frozenset[ChangeOutline] | None = None
    horizon: tuple[int, str] | None = None
    """The first superseded commit, and the request whose plan supersedes it."""
    is_covered: bool = False
    without: str | None = None
    """Why the newest request without a plan has none."""
    stopped: str | None = None

    @property
    def reason(self) -> str:
        return self.stopped or self.without or f"no {self.request} merged since it was last applied shows it"

    @property
    def _has_only_ids(self) -> bool:
        """Whether only ids are left: a write of the flow spec leaves out those that wait."""
        left = self.action.changes if self.changes is None else self.changes
        return bool(left) and all(_moves_id(self.action, change) for change in left)

    def ends_with(self, plan: MergedPlan, fresh: Outline, ids: Mapping[str, str]) -> bool:
        """Take one more plan into account; whether no older one is needed."""
        if self.since is not None and plan.at >= self.since and not self._has_only_ids:
            return True
        if self.horizon is not None and plan.at >= self.horizon[0]:
            return self._refused(f"the plan of {self.horizon[1]} does not show it", keep=True)
        if plan.why_not is not None:
            self.without = self.without or plan.why_not
            return False
        if plan.outline is None:
            return self._refused(f"the plan recorded for {plan.name} cannot be read")
        if plan.outline.place != fresh.place:
            return False
        if self._add(plan.name, plan.outline, _planned_action(fresh, plan.outline, ids, self.action)):
            return True
        contained = plan.at + 1 if plan.contained is None else plan.contained
        if self.horizon is None or contained < self.horizon[0]:
            self.horizon = (contained, plan.name)
        return False

    def _add(self, name: str, reviewed: Outline, action: ActionOutline) -> bool:
        """Look the action up in one readable plan; whether that decides it."""
        if action.short in reviewed.shorts:
            self.is_covered = True
            return True
        same = [one for one in reviewed.actions if object_of(one) == object_of(action)]
        if not same:
            return bool(reviewed.left_out) and self._refused(f"the plan of {name} was too large to record")
        if any(one.action is not action.action for one in same):
            others = next(one.action for one in same if one.action is not action.action)
            return self._refused(f"{name} was reviewed as {others}")
        shown = {change for one in same for change in one.changes}
        others_at = sorted({change.path for change in shown - set(action.changes) if not _moves_id(action, change)})
        if others_at:
            return self._refused(f"{name} was reviewed with other changes, at {_listed(others_at)}")
        self.changes = (frozenset(action.changes) if self.changes is None else self.changes) - shown
        self.is_covered = not self.changes
        if not self.is_covered:
            places = sorted({change.path for change in self.changes})
            self.stopped = f"no {self.request} shows its changes at {_listed(places)}"
        return self.is_covered

    def _refused(self, reason: str, *, keep: bool = False) -> bool:
        """End the search. With `keep`, a reason that names places stays."""
        if not keep or self.changes is None:
            self.stopped = reason
        return True


def _planned_action(fresh: Outline, reviewed: Outline, ids: Mapping[str, str], action: ActionOutline) -> ActionOutline:
    """The action, with ids replaced by the references that the reviewed plan used for them, at once or later."""
    shown = tuple(change for one in reviewed.actions if object_of(one) == object_of(action) for change in one.changes)
    one = replace(fresh, actions=(action,))
    return as_it_was_planned(one, replace(reviewed, actions=(structs.replace(action, changes=shown),)), ids).actions[0]


def _moves_id(action: ActionOutline, change: ChangeOutline) -> bool:
    """Whether this change adds an id to a flow spec or removes one. Each is ready by itself, so a reviewed plan may have more."""
    return action.kind is Kind.FLOW_SPEC and change.op in ("add", "remove") and change.path.startswith(f"/{SOURCES}/")


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _PATHS} more places" if len(paths) > _PATHS else ""
    return f"{', '.join(paths[:_PATHS])}{more}"
