"""What a gate knows of one upstream target: its plan from the same checkout, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.planning.comparing.id_lists import reference_to
from reconciler.planning.plan import Action, Plan, SpecStatus

Identity: TypeAlias = tuple[Kind, str]
"""The kind and the key of a spec."""


def _nowhere(_key: str) -> bool:
    return False


@dataclass(frozen=True)
class Upstream:
    """One upstream target. Exactly one of `plan` and `why_not` is set.

    `plan` was made read-only from this very checkout: its actions, and what waits there, are what the target lacks. `desired` has the specs
    for this target. `elsewhere` is whether no file of a key belongs to it. `is_first` means that this run applies the plan here before it
    comes to the gate.
    """

    name: str
    plan: Plan | None = None
    why_not: str | None = None
    hint: str | None = None
    desired: Mapping[Identity, DesiredSpec] = field(default_factory=dict)
    elsewhere: Callable[[str], bool] = _nowhere
    is_first: bool = False

    @cached_property
    def pending(self) -> Mapping[Identity, tuple[Action, ...]]:
        """By spec, what would be done to it here, attachments included, whether it waits at a gate or not."""
        return by_spec(self.plan, (*self.plan.actions, *self.plan.waiting)) if self.plan else {}

    @cached_property
    def held_back(self) -> frozenset[Identity]:
        """The specs of which something waits at a gate here."""
        return frozenset(by_spec(self.plan, self.plan.waiting)) if self.plan else frozenset()

    @cached_property
    def statuses(self) -> Mapping[Identity, tuple[SpecStatus, ...]]:
        """By spec, its states here: one, or several if more than one live object claims its key."""
        found: dict[Identity, tuple[SpecStatus, ...]] = {}
        for status in self.plan.specs if self.plan else ():
            identity = (status.kind, status.key)
            found[identity] = (*found.get(identity, ()), status)
        return found


def by_spec(plan: Plan, actions: Sequence[Action]) -> dict[Identity, tuple[Action, ...]]:
    """By spec, the actions that write it, or that attach or detach it."""
    found: dict[Identity, tuple[Action, ...]] = {}
    keys = _keys_by_id(plan) if actions else {}
    for action in actions:
        for identity in dict.fromkeys(_written_by(action, keys)):
            found[identity] = (*found.get(identity, ()), action)
    return found


def _written_by(action: Action, keys: Mapping[str, str]) -> Iterator[Identity]:
    if action.key is not None:
        yield action.kind, action.key
    moved = [*(change.new for change in action.attaches), *(change.old for change in action.detaches), *action.sources]
    for value in moved:
        key = keys.get(value.lower()) if isinstance(value, str) else _referred(value)
        if key is not None:
            yield Kind.CONNECTION_SPEC, key


def _keys_by_id(plan: Plan) -> dict[str, str]:
    """The key of each connection spec of this repository by its id in lower case, those without a file included."""
    listed = {
        status.id.lower(): status.key for status in plan.specs if status.kind is Kind.CONNECTION_SPEC and status.id is not None
    }
    return listed | {spec_id.lower(): key for key, spec_id in plan.ids.items()}


def _referred(value: Json) -> str | None:
    key = value.get("ref") if isinstance(value, dict) else None
    return key if isinstance(key, str) and value == reference_to(key) else None
