"""Creates that the journals of this folder know of: evidence for the next plan, while the lists may not show them yet.

An id that a journal has is fetched. A create whose outcome nobody knows may have been done, may be done for a while yet, and shows in the
lists only later: until then nothing of that key is created again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.documents.kinds import Kind
from reconciler.documents.moments import moment
from reconciler.documents.names import folded_name
from reconciler.errors import Problem, Severity, UsageError
from reconciler.flowservice.messages import LANDS_WITHIN
from reconciler.http.clock import Clock
from reconciler.journal.folder import journals_of
from reconciler.journal.reading import JournalWrite, read_journal
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace
from reconciler.planning.plan import Action, ActionName, Plan

_DAY: Final = 86_400.0
_JOURNALS: Final = 20
"""How many journals are looked at; older ones are about what every list has shown long ago."""

NOT_SHOWN: Final = "create-not-shown"
UNKNOWN: Final = "create-unknown"


@dataclass(frozen=True, slots=True)
class RememberedCreate:
    """A create that a run of the last day announced. `id` is None where nobody knows what became of it; `at` is in seconds since 1970."""

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
        """From when on the lists show it if it was done. A window of none means that lists show everything at once."""
        return self.at + (LANDS_WITHIN + window if window else 0.0)

    def is_about(self, action: Action) -> bool:
        """Whether this may be what the action is to create."""
        same_key = action.key is not None and self.key == action.key
        return self.kind is action.kind and (same_key or folded_name(self.name) == folded_name(action.name))


def remembered_creates(workspace: Workspace, now: float) -> tuple[RememberedCreate, ...]:
    """The creates of the last day in this target that may have happened; of a key whose id became known later, only those with an id."""
    found: list[RememberedCreate] = []
    for path in journals_of(workspace.root, workspace.plan_target, _JOURNALS):
        try:
            record = read_journal(path)
        except UsageError:
            continue
        found += [_remembered(write, path) for write in record.writes if _counts(write, now)]
    known = {(create.kind, create.key) for create in found if create.id is not None}
    return tuple(create for create in found if create.id is not None or (create.kind, create.key) not in known)


def wait_for_unknown_creates(workspace: Workspace, plan: Plan, clock: Clock, progress: Progress) -> bool:
    """Wait until the lists tell whether what this plan creates was created by an earlier run that got no answer; whether that took time."""
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
    progress.step(f"waiting {left:.3g} s for the outcome of a create that an earlier run got no answer to")
    until = clock.monotonic() + left
    while (left := until - clock.monotonic()) > 0:
        clock.sleep(min(left, 1.0))
    return True


@dataclass(frozen=True, slots=True)
class Remembering:
    """What journals know of creates, held against what was read.

    `listed` are the objects that the lists show, `shown` those that a GET shows too.
    `window` are the seconds that lists may lag, `now` is in seconds since 1970. `certain` is for a plan that is carried out now: nothing is
    waited for then.
    """

    creates: tuple[RememberedCreate, ...]
    listed: frozenset[tuple[Kind, str]]
    shown: frozenset[tuple[Kind, str]]
    window: float
    now: float
    certain: bool

    def problems(self, plan: Plan) -> tuple[Problem, ...]:
        """What speaks against the creates of this plan."""
        creates = [action for action in plan.actions if action.action is ActionName.CREATE]
        asked = [action for action in creates if action.key not in plan.options.allow_create]
        return tuple(problem for action in asked if (problem := self._against(action)))

    def _against(self, action: Action) -> Problem | None:
        about = [create for create in self.creates if create.is_about(action)]
        hidden = next((create for create in about if create.identity and create.identity not in self.shown), None)
        if hidden is not None:
            return _not_shown(action, hidden)
        unknown = next((create for create in about if create.identity is None), None)
        if unknown is None:
            return None
        lagging = next((create for create in self.creates if create.identity and create.identity not in self.listed), None)
        if lagging is not None:
            return _lagging(action, unknown, lagging)
        safe = unknown.safe_at(self.window)
        return _too_early(action, unknown, safe, certain=self.certain) if self.now < safe else None


def _remembered(write: JournalWrite, path: Path) -> RememberedCreate:
    intent = write.intent
    return RememberedCreate(intent.kind, intent.key, intent.name, write.spec_id, intent.at, path)


def _counts(write: JournalWrite, now: float) -> bool:
    return write.intent.creates and write.may_have_happened and now - _DAY <= write.intent.at <= now + _DAY


def _not_shown(action: Action, create: RememberedCreate) -> Problem:
    return Problem(
        Severity.ERROR,
        NOT_SHOWN,
        f"{action.kind.words} {action.key!r} is not created: {create.journal} says that it was created at {moment(create.at)} as "
        f"{create.id}, and Flow Service does not show that id yet",
        file=action.file,
        hint=f"run again in a minute; if that spec is gone for good, `--allow-create {action.key}` creates another one",
        key=action.key,
        guard=True,
    )


def _lagging(action: Action, unknown: RememberedCreate, lagging: RememberedCreate) -> Problem:
    return Problem(
        Severity.ERROR,
        UNKNOWN,
        f"{action.kind.words} {action.key!r} is not created: what became of its POST at {moment(unknown.at)} is not known, and the list "
        f"lags: it does not show {lagging.id} yet, which was created at {moment(lagging.at)}",
        file=action.file,
        hint=f"run again in a minute, when the list shows {lagging.id}; if the POST is known to have failed, `--allow-create {action.key}`",
        key=action.key,
        guard=True,
    )


def _too_early(action: Action, unknown: RememberedCreate, safe: float, *, certain: bool) -> Problem:
    return Problem(
        Severity.ERROR if certain else Severity.WARNING,
        UNKNOWN,
        f"{action.kind.words} {action.key!r}: what became of its POST at {moment(unknown.at)} is not known, and the list tells only from "
        f"{moment(safe)} on",
        file=action.file,
        hint=f"run apply after {moment(safe)}" if certain else "apply waits for that before it creates anything",
        key=action.key,
        guard=certain,
    )
