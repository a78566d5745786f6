"""A plan as reports take it: made from a fresh Plan, or read back from a saved one, and shown by the same code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.breaking.effect import Effect, Level, worst
from reconciler.documents.comparison import Cause, Change, Op
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import Missing
from reconciler.documents.withholding import placeholders, without_secrets
from reconciler.errors import Problem
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.comparing.id_lists import reference_to
from reconciler.planning.plan import Action, ActionName, Options, Plan, PlanTarget, Request, Summary

_ID_LIST = "/sourceConnectionSpecIds/"
_RETIRED = "/attributes/reconciler/retired"


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change; `old` is the live value and `new` the repository's, MISSING for nothing."""

    op: Op
    path: str
    old: Json | Missing
    new: Json | Missing
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class EffectView:
    """What changes do to connections and flows that use a spec. `path` is a JSON Pointer into live, `reason` says why, `hint` a way out."""

    level: Level
    code: str
    path: str
    reason: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class ActionView:
    """One object and what would be done to it. `updated_at` is in milliseconds since the epoch; `usage` is None where nobody asked.

    `effects` has nothing that is safe, and what breaks stands first. `keys` are those that an apply of this action alone names: its own,
    or those of the connection specs that a flow spec without a file is to hold.
    """

    kind: Kind
    key: str | None
    name: str
    id: str | None
    action: ActionName
    cause: Cause | None
    fingerprint: str
    changes: tuple[ChangeView, ...]
    requests: tuple[Request, ...]
    updated_at: int | None = None
    updated_by: str | None = None
    file: str | None = None
    line: int | None = None
    usage: SpecUsage | None = None
    effects: tuple[EffectView, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """How much it matters to what uses the spec."""
        return worst(self.effects)

    @property
    def is_shared(self) -> bool:
        """Whether this is a flow spec that is only attached to: other teams' sources stand in it, too."""
        return self.kind is Kind.FLOW_SPEC and self.key is None

    @property
    def retires(self) -> bool:
        """Whether an orphan's marker is told that it is retired."""
        return any(change.path == _RETIRED and change.op == "add" for change in self.changes)

    @property
    def attaches(self) -> tuple[ChangeView, ...]:
        return tuple(change for change in self.changes if self.is_attach(change))

    @property
    def detaches(self) -> tuple[ChangeView, ...]:
        return tuple(change for change in self.changes if self.is_detach(change))

    def is_attach(self, change: ChangeView) -> bool:
        """Whether this change puts an id into the flow spec's `sourceConnectionSpecIds`."""
        return change.op == "add" and self._is_in_id_list(change)

    def is_detach(self, change: ChangeView) -> bool:
        """Whether this change takes an id out of the flow spec's `sourceConnectionSpecIds`."""
        return change.op == "remove" and self._is_in_id_list(change)

    def _is_in_id_list(self, change: ChangeView) -> bool:
        return self.kind is Kind.FLOW_SPEC and self.action is not ActionName.CREATE and change.path.startswith(_ID_LIST)


@dataclass(frozen=True, slots=True)
class PlanView:
    """What reports know of a plan: exactly what the saved plan holds."""

    target: PlanTarget
    repository: str
    commit: str | None
    options: Options
    digest: str
    summary: Summary
    actions: tuple[ActionView, ...]
    problems: tuple[Problem, ...]
    format_version: int = 1

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)


def view_of(plan: Plan) -> PlanView:
    """The view of a fresh plan. Finds the line of each action, which reads its spec file again."""
    shown = placeholders(secret for action in plan.actions for secret in action.secrets)
    return PlanView(
        target=plan.target,
        repository=plan.repository,
        commit=plan.commit,
        options=plan.options,
        digest=plan.digest,
        summary=plan.summary,
        actions=tuple(replace(_action(action, shown), keys=_keys(action, plan.ids)) for action in plan.actions),
        problems=plan.problems,
        format_version=plan.format_version,
    )


def _change(change: Change, shown: Mapping[str, str]) -> ChangeView:
    old, new = without_secrets(change.old, shown), without_secrets(change.new, shown)
    return ChangeView(change.op, change.path, old, new, change.cause)


def _action(action: Action, shown: Mapping[str, str]) -> ActionView:
    shown = shown if action.secrets else {}
    return ActionView(
        kind=action.kind,
        key=action.key,
        name=shown.get(action.name, action.name),
        id=action.id,
        action=action.action,
        cause=action.cause,
        fingerprint=action.fingerprint,
        changes=tuple(_change(change, shown) for change in action.changes),
        requests=action.requests,
        updated_at=action.updated_at,
        updated_by=action.updated_by,
        file=action.file,
        line=action.line,
        usage=action.usage,
        effects=tuple(effect_view(effect) for effect in action.effects),
    )


def _keys(action: Action, ids: Mapping[str, str]) -> tuple[str, ...]:
    if action.key is not None:
        return (action.key,)
    changed = [change.new if change.op == "add" else change.old for change in (*action.attaches, *action.detaches)]
    return tuple(sorted({key for key, spec_id in ids.items() if spec_id in changed or reference_to(key) in changed}))


def effect_view(effect: Effect) -> EffectView:
    """What reports know of an effect."""
    return EffectView(effect.level, effect.code, effect.path, effect.reason, effect.hint)


_UPDATES = frozenset({ActionName.UPDATE, ActionName.ADOPT, ActionName.RENAME})


def count_again(summary: Summary, actions: tuple[ActionView, ...]) -> Summary:
    """The summary of some of a plan's actions: what is counted over actions is theirs, the rest is the plan's."""
    causes = Counter(action.cause for action in actions)
    levels = Counter(action.level for action in actions)
    return Summary(
        create=sum(action.action is ActionName.CREATE for action in actions),
        update=sum(action.action in _UPDATES for action in actions),
        attach=sum(len(action.attaches) for action in actions),
        detach=sum(len(action.detaches) for action in actions),
        in_sync=summary.in_sync,
        orphan=summary.orphan,
        drift=causes[Cause.DRIFT],
        pending=causes[Cause.PENDING],
        both=causes[Cause.BOTH],
        ahead=summary.ahead,
        error=summary.error,
        breaking=levels[Level.BREAKING],
        risky=levels[Level.RISKY],
    )
