"""The plan: what apply would do, as plain data that reports render and apply carries out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sized
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from reconciler.breaking.effect import Effect, Level, Weighed, worst
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import Document, Json
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SOURCES
from reconciler.errors import Problem
from reconciler.flowservice.specs import LiveSpec
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.gate import Gate
from reconciler.planning.overdue import Overdue
from reconciler.planning.proved import PlannedProof
from reconciler.planning.summary import Summary
from reconciler.planning.tried import Tried
from reconciler.settings.values import UntriedSpecs

RETIRED: Final = "/attributes/reconciler/retired"
"""JSON Pointer to the retired flag in the marker."""


class ActionName(StrEnum):
    """The action on one object."""

    CREATE = "create"
    UPDATE = "update"
    ATTACH = "attach"
    DETACH = "detach"
    ADOPT = "adopt"
    RENAME = "rename"


class State(StrEnum):
    """The state of one spec: its pending action, or why there is none."""

    CREATE = "create"
    UPDATE = "update"
    ADOPT = "adopt"
    RENAME = "rename"
    IN_SYNC = "in_sync"
    ORPHAN = "orphan"
    RETIRED = "retired"
    AHEAD = "ahead"
    ERROR = "error"


class Request(msgspec.Struct, frozen=True):
    """The HTTP write of an action; `path` is relative to the base URL, and `{id}` stands for an id that is not known yet."""

    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One object and the one write that it needs.

    `key` is None for a flow spec without a spec file; `id` is None before a create. `changes` are shown, digested and written. `desired` is
    the file behind the action. `sources` are the ids, or `{ref: key}`, that `sourceConnectionSpecIds` must hold in addition to those of the
    file or of live; `held` are those that live held. `owner` is the marker in live, and `marker` the one that the write leaves (None if no
    marker is written). `put_back` is the whole previous body that a restore writes, with its marker and without server-managed fields.
    `usage` is who uses what this changes, if it was queried. `effects` are the effects on connections and flows that use the spec, without
    safe ones, breaking ones first. `tried` is the evidence of a trial, and `proved` that of a proof; None if the action needs none, or if
    it was not looked up. `seen` is the object as read for the plan: no write may be based on a read that shows less. `line` is the line of
    the first change in the file, if it was looked up; planning reads no files.
    """

    kind: Kind
    key: str | None
    name: str
    id: str | None = None
    action: ActionName
    cause: Cause | None = None
    fingerprint: str = ""
    changes: tuple[Change, ...]
    requests: tuple[Request, ...] = ()
    updated_at: int | None = None
    updated_by: str | None = None
    desired: DesiredSpec | None = None
    sources: tuple[Json, ...] = ()
    held: tuple[str, ...] = ()
    owner: Marker | None = None
    marker: Marker | None = None
    put_back: Document | None = None
    usage: SpecUsage | None = None
    effects: tuple[Effect, ...] = ()
    tried: Tried | None = None
    proved: PlannedProof | None = None
    seen: LiveSpec | None = field(default=None, compare=False, repr=False)
    line: int | None = field(default=None, compare=False)
    secrets: frozenset[str] = frozenset()
    """Secret strings among the values, which no report may show."""

    @property
    def file(self) -> str | None:
        """The spec file behind this action; None for a flow spec without one."""
        return self.desired.file if self.desired else None

    @property
    def attaches(self) -> tuple[Change, ...]:
        """The changes that add an id to the flow spec's `sourceConnectionSpecIds`."""
        return tuple(change for change in self.changes if change.op == "add" and moves_id(self.kind, self.action, change))

    @property
    def detaches(self) -> tuple[Change, ...]:
        """The changes that remove an id from the flow spec's `sourceConnectionSpecIds`."""
        return tuple(change for change in self.changes if change.op == "remove" and moves_id(self.kind, self.action, change))

    @property
    def retires(self) -> bool:
        """Whether this writes `retired` into the marker of an orphan."""
        return retires(self.changes)


class Pointed(Protocol):
    """The operation of a change, and the JSON Pointer to what it changes."""

    @property
    def op(self) -> str: ...
    @property
    def path(self) -> str: ...


def moves_id(kind: Kind, action: ActionName, change: Pointed) -> bool:
    """Whether this change of such an action adds an id to a flow spec's `sourceConnectionSpecIds` or removes one."""
    is_in_list = change.op in ("add", "remove") and change.path.startswith(f"/{SOURCES}/")
    return is_in_list and kind is Kind.FLOW_SPEC and action is not ActionName.CREATE


def retires(changes: Iterable[Pointed]) -> bool:
    """Whether these changes write `retired` into the marker of an orphan."""
    return any(change.op == "add" and change.path == RETIRED for change in changes)


class SpecStatus(msgspec.Struct, frozen=True):
    """The state of one spec file, or of a live spec that carries this repository's marker. The fields are the keys of `status` in JSON.

    `cause` is that of its action. `attached_to` has the names of the flow specs that hold its id. `updated_at` is in milliseconds since the
    epoch. `proved` is the evidence of a proof; None for what is not a source with a file.
    """

    kind: Kind
    key: str
    id: str | None
    name: str
    state: State
    cause: Cause | None = None
    attached_to: tuple[str, ...] = ()
    updated_at: int | None = None
    updated_by: str | None = None
    file: str | None = None
    proved: PlannedProof | None = None


@dataclass(frozen=True, slots=True)
class PlanTarget:
    """The target of a plan, as every report names it."""

    name: str
    host: str
    org_id: str
    sandbox: str


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a plan. An empty `keys` means all; the limits are those in force (file or flag)."""

    keys: tuple[str, ...] = ()
    prune: bool = False
    allow_create: tuple[str, ...] = ()
    allow_rewind: bool = False
    allow_dirty: bool = False
    allow_in_use: bool = False
    allow_breaking: bool = False
    allow_untried: bool = False
    untried: UntriedSpecs = "warn"
    allow_unproved: bool = False
    unproved: UntriedSpecs = "allow"
    max_creates: int = 20
    max_updates: int = 20
    max_detaches: int = 0
    skip_gates: tuple[str, ...] = ()
    """Gates that are passed over, each alone or with a key: `soak`, `soak=acme-orders`."""
    reason: str | None = None
    """Why they are."""

    @property
    def keys_of_gates(self) -> tuple[str, ...]:
        """The keys for which alone a gate is passed over."""
        return tuple(key for _, is_for_one, key in (gate.partition("=") for gate in self.skip_gates) if is_for_one)


@dataclass(frozen=True, slots=True)
class Plan:
    """What apply would do. `actions` has only what would be done; `specs` has every spec.

    `ids` maps the key of each live connection spec of this repository to its id, in scope or not. `proven` is set if a marker of this
    repository was found in live, so the target is known to keep markers. `may_be_in_use` are ids that may be detached even if they are
    used.
    """

    target: PlanTarget
    repository: str
    commit: str | None
    options: Options
    actions: tuple[Action, ...]
    problems: tuple[Problem, ...]
    specs: tuple[SpecStatus, ...]
    digest: str
    ids: Mapping[str, str] = field(default_factory=dict)
    proven: bool = True
    may_be_in_use: frozenset[str] = frozenset()
    gates: Mapping[tuple[Kind, str], Gate] = field(default_factory=dict)
    """What the gate says of each spec; empty for a target without `after`."""
    waiting: tuple[Action, ...] = ()
    """What would be done if the gates let it; `actions` has none of it."""
    markers: Mapping[tuple[Kind, str], Marker] = field(default_factory=dict)
    """Our marker in live, by kind and key; none for a key with several live specs."""
    may_lack: str | None = None
    """Why a live spec of this repository may be missing from `specs`; None if none can be."""
    overdue: tuple[Overdue, ...] = ()
    """What was committed long ago and is not applied; only `drift` looks for it."""
    served_at: float | None = None
    """When the service answered with its lists, in seconds since the epoch by its own clock; None if its answers do not say."""
    format_version: int = field(default=1)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def differs(self) -> bool:
        """Whether there are actions, or problems that leave the result unknown."""
        return bool(self.actions or self.errors)

    @property
    def detached_ids(self) -> tuple[str, ...]:
        """The connection spec ids that some action removes from a flow spec."""
        return tuple(sorted({str(change.old) for action in self.actions for change in action.detaches}))

    @property
    def summary(self) -> Summary:
        states = Counter(spec.state for spec in self.specs)
        errors = len({problem.key or problem.file or problem.message for problem in self.errors})
        summary = Summary(in_sync=states[State.IN_SYNC], orphan=states[State.ORPHAN], ahead=states[State.AHEAD], error=errors)
        return counted_again(summary, self.actions)


_UPDATES: Final = frozenset({ActionName.UPDATE, ActionName.ADOPT, ActionName.RENAME})


class _Counted(Protocol):
    @property
    def action(self) -> ActionName: ...
    @property
    def cause(self) -> Cause | None: ...
    @property
    def effects(self) -> Iterable[Weighed]: ...
    @property
    def attaches(self) -> Sized: ...
    @property
    def detaches(self) -> Sized: ...


def counted_again(summary: Summary, actions: Collection[_Counted]) -> Summary:
    """The summary, with the counts of actions taken from these."""
    causes = Counter(action.cause for action in actions)
    levels = Counter(worst(action.effects) for action in actions)
    return replace(
        summary,
        create=sum(action.action is ActionName.CREATE for action in actions),
        update=sum(action.action in _UPDATES for action in actions),
        attach=sum(len(action.attaches) for action in actions),
        detach=sum(len(action.detaches) for action in actions),
        drift=causes[Cause.DRIFT],
        pending=causes[Cause.PENDING],
        both=causes[Cause.BOTH],
        breaking=levels[Level.BREAKING],
        risky=levels[Level.RISKY],
    )
