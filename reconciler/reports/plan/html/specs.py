"""The specs of a plan as data for the HTML template: sections, changes side by side, and filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.breaking.effect import Level
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.errors import count
from reconciler.planning.plan import ActionName
from reconciler.reports.plan.effects import first_effects
from reconciler.reports.plan.html.diff import Diff, Room, one_side, side_by_side
from reconciler.reports.plan.notes import Note, notes_of
from reconciler.reports.plan.text import SYMBOLS
from reconciler.reports.plan.view import ActionView, ChangeView, EffectView
from reconciler.reports.sinks.phrases import by_whom, cause_sentence, place_words

STATES: Final = (
    *(action.value for action in ActionName),
    *(cause.value for cause in Cause if cause is not Cause.BOTH),
    *(level.value for level in (Level.BREAKING, Level.RISKY)),
)
"""The filters of a page, in order. A spec with both drift and pending changes matches either."""

_CHANGES: Final = 200
"""Maximum number of changes of one spec, and of ids of one list."""
_CHANGES_WHEN_FULL: Final = 10
"""The same, once the page has no room for values: each change still has its line."""
_UNFOLDED_IDS: Final = 16
_EFFECTS: Final = 50
"""Maximum number of effects of one spec."""


@dataclass(frozen=True, slots=True)
class ChangePart:
    """One change with its values. `cause` is set if it differs from that of the whole spec."""

    path: str
    cause: str | None
    diff: Diff


@dataclass(frozen=True, slots=True)
class IdPart:
    """An id added to or removed from a flow spec; its name in the repository, and its anchor on the page."""

    sign: str
    verb: str
    id: str
    called: str | None
    anchor: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class SpecPart:
    """One spec. `anchor` is a number and never contains a name; `states` are from STATES; `where` is `file:line` or empty.

    `level` is that of its effects, if any are not safe; `more_effects` counts those that are not shown.
    """

    anchor: str
    symbol: str
    verb: str
    kind: str
    title: str
    key: str | None
    id: str | None
    where: str
    cause: str | None
    changed: str | None
    states: tuple[str, ...]
    notes: tuple[Note, ...]
    level: str | None
    effects: tuple[EffectView, ...]
    more_effects: str
    ids: tuple[IdPart, ...]
    changes: tuple[ChangePart, ...]
    counted: str
    left_out: str

    @property
    def folds_ids(self) -> bool:
        return len(self.ids) > _UNFOLDED_IDS


@dataclass(frozen=True, slots=True)
class SpecParts:
    """Creates the parts of one plan in order. `ids` maps live ids, and `keys` connection spec keys, to their actions."""

    drift: bool
    room: Room
    ids: Mapping[str, tuple[str, ActionView]]
    keys: Mapping[str, tuple[str, ActionView]]

    @classmethod
    def of(cls, actions: Iterable[ActionView], *, drift: bool) -> SpecParts:
        """Parts of these actions, which are then created in this order."""
        anchored = [(f"spec-{number}", action) for number, action in enumerate(actions, start=1)]
        return cls(
            drift=drift,
            room=Room(),
            ids={action.id: (anchor, action) for anchor, action in anchored if action.id},
            keys={
                action.key: (anchor, action) for anchor, action in anchored if action.key and action.kind is Kind.CONNECTION_SPEC
            },
        )

    def part(self, number: int, action: ActionView) -> SpecPart:
        """The part of the action with this number, counted from 1."""
        return self._part(number, action, _CHANGES_WHEN_FULL if self.room.is_full else _CHANGES)

    def line(self, number: int, action: ActionView) -> SpecPart:
        """The part of an action that has only a line in the table."""
        return self._part(number, action, 0)

    def _part(self, number: int, action: ActionView, most: int) -> SpecPart:
        shown = action.changes[:most]
        more = len(action.changes) - len(shown)
        effects, more_effects = first_effects(action.effects, _EFFECTS)
        is_of_ids = [not self.drift and action.moves_id(change) for change in shown]
        return SpecPart(
            anchor=f"spec-{number}",
            symbol="~" if self.drift else SYMBOLS[action.action].text,
            verb=_verb(action, drift=self.drift),
            kind=action.kind.words,
            title=title_of(action),
            key=action.key,
            id=action.id,
            where=place_words(action.file, action.line),
            cause=_cause(action.cause),
            changed=by_whom(action.updated_by, action.updated_at) if action.updated_by or action.updated_at else None,
            states=_states(action, drift=self.drift),
            notes=tuple(spec_notes(action, drift=self.drift)),
            level=action.level.value if effects else None,
            effects=effects,
            more_effects=more_effects,
            ids=tuple(self._id(action, change) for change, is_id in zip(shown, is_of_ids, strict=True) if is_id),
            changes=tuple(self._change(action, change) for change, is_id in zip(shown, is_of_ids, strict=True) if not is_id),
            counted=count(len(action.changes), "change"),
            left_out=f"… {count(more, 'more change')} (the JSON report has all)" if more else "",
        )

    def _change(self, action: ActionView, change: ChangeView) -> ChangePart:
        """Live and the repository, side by side; for drift, the repository first, so that it reads as the change made in live."""
        if action.action is ActionName.CREATE and change.op == "add" and not self.drift:
            diff = one_side(change.new, self.room)
        else:
            before, after = (change.new, change.old) if self.drift else (change.old, change.new)
            diff = side_by_side(before, after, self.room)
        return ChangePart(change.path, _own_cause(action, change), diff)

    def _id(self, action: ActionView, change: ChangeView) -> IdPart:
        """The id, or the key of a spec that is still to be created."""
        attaches = change.op == "add"
        entry: Json = change.new if attaches else change.old
        reference = str(entry.get("ref")) if isinstance(entry, dict) else None
        found = self.ids.get(str(entry)) if reference is None else self.keys.get(reference)
        return IdPart(
            sign="+" if attaches else "-",
            verb="attach" if attaches else "detach",
            id="id known after create" if reference else str(entry),
            called=reference or (title_of(found[1]) if found else None),
            anchor=found[0] if found else None,
            cause=_own_cause(action, change),
        )


def title_of(action: ActionView) -> str:
    """The title of a spec: its name, or else its key or id."""
    return action.name.strip() or action.key or action.id or "(no name)"


def _verb(action: ActionView, *, drift: bool) -> str:
    """The action in words; for drift, the cause in words."""
    if not drift or action.cause is None:
        return action.action.value
    return Cause.DRIFT.value if action.cause is Cause.BOTH else action.cause.value


def _states(action: ActionView, *, drift: bool) -> tuple[str, ...]:
    """The states of a spec. An update that also attaches matches both filters; drift has only causes."""
    if drift:
        return (_verb(action, drift=True),)
    done = {action.action.value}
    done |= {ActionName.ATTACH.value} if action.attaches else set()
    done |= {ActionName.DETACH.value} if action.detaches else set()
    causes = (Cause.DRIFT, Cause.PENDING) if action.cause is Cause.BOTH else (action.cause,)
    done |= {cause.value for cause in causes if cause}
    done |= {action.level.value} if action.effects else set()
    return tuple(state for state in STATES if state in done)


def spec_notes(action: ActionView, *, drift: bool) -> list[Note]:
    """The notes on a spec; of drift, who changed it and when."""
    if drift:
        sentence = cause_sentence(action.cause, action.updated_by, action.updated_at)
        return [Note(sentence)] if sentence else []
    return notes_of(action)


def _cause(cause: Cause | None) -> str | None:
    if cause is None:
        return None
    return "drift and pending" if cause is Cause.BOTH else cause.value


def _own_cause(action: ActionView, change: ChangeView) -> str | None:
    return None if change.cause in (None, action.cause) else _cause(change.cause)
