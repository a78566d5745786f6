"""Creates recorded in the journals of this folder: evidence for the next plan while the lists may not show them yet.

Recorded ids are fetched. A create with an unknown outcome may have succeeded, or may still succeed, and appears in the lists only later:
until then, its key is not created again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from reconciler.documents.kinds import Kind
from reconciler.documents.names import folded_name
from reconciler.errors import Problem, Severity, UsageError
from reconciler.flowservice.messages import LANDS_WITHIN
from reconciler.http.clock import Clock
from reconciler.journal.folder import journals_of
from reconciler.journal.reading import read_journal
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace
from reconciler.planning.plan import Action, ActionName, Plan
from reconciler.wording.moments import moment

_DAY: Final = 86_400.0
_JOURNALS: Final = 20
"""How many journals are read; the creates in older ones are long visible in the lists."""

NOT_SHOWN: Final = "create-not-shown"
UNKNOWN: Final = "create-unknown"


class RememberedCreate(msgspec.Struct, frozen=True):
    """A create that a run of the last day started. `id` is None if its outcome is unknown; `at` is in seconds since the epoch."""

    kind: Kind
    key: str | None
    name: str
    id: str | None
    at: float
    journal: Path

    @property
    def identity(self) -> tuple[Kind, str] | None:
        return (self.kind, self.id) if self.id is not None else None

    def safe_at(self, window: float) -> float:
        """The time from which the lists show it, if it succeeded. A window of 0 means that lists show everything at once."""
        return self.at + (LANDS_WITHIN + window if window else 0.0)

    def is_about(self, action: Action) -> bool:
        """Whether this may be the spec that the action creates."""
        same_key = action.key is not None and self.key == action.key
        return self.kind is action.kind and (same_key or folded_name(self.name) == folded_name(action.name))


def remembered_creates(workspace: Workspace, now: float) -> tuple[RememberedCreate, ...]:
    """The creates of the last day in this target that may have happened; if the id of a key is known, only those with an id."""
    found: list[RememberedCreate] = []
    for path in journals_of(workspace.root, workspace.plan_target, _JOURNALS):
        try:
            record = read_journal(path)
        except UsageError:
            continue
        found += [
            RememberedCreate(write.intent.kind, write.intent.key, write.intent.name, write.spec_id, write.intent.at, path)
            for write in record.writes
            if write.intent.creates and write.may_have_happened and now - _DAY <= write.intent.at <= now + _DAY
        ]
    known = {(create.kind, create.key) for create in found if create.id is not None}
    return tuple(create for create in found if create.id is not None or (create.kind, create.key) not in known)


def wait_for_unknown_creates(workspace: Workspace, plan: Plan, clock: Clock, progress: Progress) -> bool:
    """Wait until the lists show any create of this plan that an earlier run sent without a response; return whether it waited."""
    now, window = clock.now(), workspace.network.consistency_window
    unknown = [create for create in remembered_creates(workspace, now) if create.id is None]
    creates = [
        action for action in plan.actions if action.action is ActionName.CREATE and action.key not in plan.options.allow_create
    ]
    moments = [
        min(create.safe_at(window), now + LANDS_WITHIN + window) for create in unknown if any(map(create.is_about, creates))
    ]
    left = max(moments, default=now) - now
    if left <= 0:
        return False
    progress.step(f"waiting {left:.3g} s for the outcome of a create that got no response in an earlier run")
    until = clock.monotonic() + left
    while (left := until - clock.monotonic()) > 0:
        clock.sleep(min(left, 1.0))
    return True


class Remembering(msgspec.Struct, frozen=True):
    """The creates in the journals, compared with what was read.

    `listed` are the specs in the lists, `shown` also those that a GET shows. `window` is how long lists may lag, in seconds; `now` is in
    seconds since the epoch. `certain` is for a plan that is applied now, without waiting.
    """

    creates: tuple[RememberedCreate, ...]
    listed: frozenset[tuple[Kind, str]]
    shown: frozenset[tuple[Kind, str]]
    window: float
    now: float
    certain: bool

    def problems(self, plan: Plan) -> tuple[Problem, ...]:
        """The problems with the creates of this plan."""
        creates = [action for action in plan.actions if action.action is ActionName.CREATE]
        asked = [action for action in creates if action.key not in plan.options.allow_create]
        return tuple(problem for action in asked if (problem := self._against(action)))

    def _against(self, action: Action) -> Problem | None:
        about = [create for create in self.creates if create.is_about(action)]
        hidden = next((create for create in about if create.identity and create.identity not in self.shown), None)
        if hidden is not None:
            message = (
                f" is not created: {hidden.journal} says that it was created at {moment(hidden.at)} as {hidden.id}, "
                "but Flow Service does not show that id yet"
            )
            anew = f"if that spec no longer exists, use `--allow-create {action.key}` to create a new one"
            return _problem(action, NOT_SHOWN, message, f"run the command again in a minute; {anew}")
        unknown = next((create for create in about if create.identity is None), None)
        if unknown is None:
            return None
        lagging = next((create for create in self.creates if create.identity and create.identity not in self.listed), None)
        if lagging is not None:
            message = (
                f" is not created: the outcome of its POST at {moment(unknown.at)} is unknown, and the list lags: it does not show "
                f"{lagging.id} yet, which was created at {moment(lagging.at)}"
            )
            hint = (
                f"run the command again when the list shows {lagging.id}; if the POST failed, use `--allow-create {action.key}`"
            )
            return _problem(action, UNKNOWN, message, hint)
        safe = unknown.safe_at(self.window)
        if self.now >= safe:
            return None
        message = f": the outcome of its POST at {moment(unknown.at)} is unknown until {moment(safe)}, when the list must show it"
        hint = f"run apply after {moment(safe)}" if self.certain else "apply waits until then before it creates anything"
        return _problem(action, UNKNOWN, message, hint, refuses=self.certain)


def _problem(action: Action, code: str, message: str, hint: str, *, refuses: bool = True) -> Problem:
    severity = Severity.ERROR if refuses else Severity.WARNING
    what = f"{action.kind.words} {action.key!r}"
    return Problem(severity, code, f"{what}{message}", file=action.file, hint=hint, key=action.key, guard=refuses)
