"""The outlines of the plans of several targets as the text of one check run. Parsing is strict, because it is evidence of a review.

An action that is the same in several targets is kept once, with a bit for each of them. It has no id if it has a key, and no fingerprint:
both differ from target to target, and what it replaces is in the digests of its changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import structs

from reconciler.documents.canonical import SHORT_DIGEST_LENGTH
from reconciler.github.record import MAX_LENGTH, NotARecord, json_in, one_line
from reconciler.planning.plan import PlanTarget
from reconciler.reports.fleet.view import FleetView
from reconciler.reports.plan.outline import ActionOutline, Outline, reviewed_outline

_INTRODUCTION: Final = (
    "What `apply --expect-reviewed` compares its plans with: each action once, with digests in the place of values, and the targets where "
    "it is the same.\n\n"
)
_FORMAT: Final = 2
_SHORT: Final = SHORT_DIGEST_LENGTH + 3
"""Characters of a short digest in JSON, with its quotes and comma."""
_AROUND: Final = 6
"""Characters around the short digests of one set of targets."""
_COUNT: Final = 6
"""Characters kept for the number of actions that a target has without a row."""
_HEX: Final = re.compile(r"[0-9a-f]{1,16384}")


class _Target(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One target. `place` is an index; `digest` is None without a plan that may be applied; `left_out` counts actions without a row."""

    name: str
    place: int
    sandbox: str
    digest: str | None
    left_out: int = 0


class _Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One action, and the targets where it is the same, as a hexadecimal number with a bit for each."""

    action: ActionOutline
    where: str


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    digest: str
    places: tuple[tuple[str, str], ...]
    targets: tuple[_Target, ...]
    without: int
    shorts: Mapping[str, tuple[str, ...]]
    actions: tuple[_Row, ...]
    base: str | None = None


@dataclass(frozen=True, slots=True)
class FleetRecord:
    """The plans of several targets as they were reviewed. `digest` is over all; `without` counts the targets that did not fit."""

    digest: str
    without: int
    _record: _Record

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the targets."""
        return tuple(target.name for target in self._record.targets)

    def outline(self, name: str) -> Outline | None:
        """The outline of the plan of this target; None if it is not in the record, or had no plan that may be applied.

        Actions of specs with a key have no id, and none has a fingerprint.
        """
        record = self._record
        index = next((number for number, target in enumerate(record.targets) if target.name == name), None)
        if index is None:
            return None
        target = record.targets[index]
        if target.digest is None:
            return None
        host, org_id = record.places[target.place]
        return Outline(
            PlanTarget(name, host, org_id, target.sandbox),
            target.digest,
            tuple(row.action for row in record.actions if _has(row.where, index)),
            target.left_out,
            frozenset(short for where, shorts in record.shorts.items() if _has(where, index) for short in shorts),
            record.base,
        )


def fleet_record_of(view: FleetView, limit: int = MAX_LENGTH, base: str | None = None) -> str:
    """The text that stores the outlines of all plans, of at most that many characters.

    Actions that do not fit are stored as short digests, as many as fit; those of flow specs and of most targets come first. No target is
    left out for an action. `base` is the commit of the branch that the planned checkout contained.
    """
    empty = _Record(_FORMAT, view.digest, (), (), len(view.targets), {}, (), base)
    targets, places = _fitting_targets(view, limit - len(_text(empty)))
    head = structs.replace(empty, places=places, targets=targets, without=len(view.targets) - len(targets))
    rows = _rows([_outline(view, target.name) for target in targets])
    room = limit - len(_text(head)) - len(targets) * _COUNT
    shorts, rest = _fitting_shorts(rows, room)
    kept: list[_Row] = []
    for row in rows:
        refund = _SHORT if row.action.short in shorts.get(row.where, ()) else 0
        rest += refund - len(_line(row)) - 2
        if rest < 0:
            break
        kept.append(row)
    for row in kept:
        shorts.get(row.where, {}).pop(row.action.short, None)
    left = rows[len(kept) :]
    counted = tuple(
        structs.replace(target, left_out=sum(_has(row.where, index) for row in left)) for index, target in enumerate(targets)
    )
    return _text(
        structs.replace(
            head, targets=counted, shorts={where: tuple(some) for where, some in shorts.items() if some}, actions=tuple(kept)
        )
    )


def read_fleet_record(text: str) -> FleetRecord:
    """Parse the outlines in this text. Raises NotARecord."""
    record = json_in(text, _Record)
    if record.format != _FORMAT:
        raise NotARecord(f"it has format {record.format}, but this reconciler reads {_FORMAT}")
    names = {target.name for target in record.targets}
    masks = (*record.shorts, *(row.where for row in record.actions))
    if (
        len(names) != len(record.targets)
        or any(not 0 <= target.place < len(record.places) or target.left_out < 0 for target in record.targets)
        or any(not _HEX.fullmatch(mask) or int(mask, 16) >> len(record.targets) for mask in masks)
    ):
        raise NotARecord("its targets do not fit together")
    return FleetRecord(record.digest, record.without, record)


def _fitting_targets(view: FleetView, room: int) -> tuple[tuple[_Target, ...], tuple[tuple[str, str], ...]]:
    """The targets that fit, those with something to do first to stay, each with the place of its host and organization."""
    places: dict[tuple[str, str], int] = {}
    kept: dict[str, _Target] = {}
    for one in sorted(view.targets, key=lambda target: target.name not in view.plans or not view.plans[target.name].actions):
        where = (one.host or "", one.org_id or "")
        plan = view.plans.get(one.name)
        digest = plan.digest if plan is not None and not plan.errors else None
        target = _Target(one.name, places.get(where, len(places)), one.sandbox or "", digest)
        room -= len(_line(target)) + 1 + _COUNT + (0 if where in places else len(_line(where)) + 1)
        if room < 0:
            break
        places.setdefault(where, len(places))
        kept[one.name] = target
    return tuple(kept[one.name] for one in view.targets if one.name in kept), tuple(places)


def _outline(view: FleetView, name: str) -> Outline | None:
    plan = view.plans.get(name)
    return None if plan is None or plan.errors else reviewed_outline(plan)


def _rows(outlines: Sequence[Outline | None]) -> list[_Row]:
    """Each action once: those of flow specs first, because nothing but a whole one shows what it attaches; then those of most targets."""
    found: dict[bytes, tuple[ActionOutline, int]] = {}
    for index, outline in enumerate(outlines):
        for action in _without_ids(outline.actions) if outline is not None else ():
            first, where = found.setdefault(msgspec.json.encode(action), (action, 0))
            found[msgspec.json.encode(action)] = (first, where | 1 << index)
    ordered = sorted(found.values(), key=lambda item: (not item[0].is_flow_spec, -item[1].bit_count()))
    return [_Row(action, f"{where:x}") for action, where in ordered]


def _without_ids(actions: Sequence[ActionOutline]) -> Iterator[ActionOutline]:
    """The actions without what differs from target to target. An id stays where a target has two actions of one key."""
    keys = Counter((action.kind, action.key) for action in actions)
    for action in actions:
        is_known_by_key = action.key is not None and keys[action.kind, action.key] == 1
        yield structs.replace(action, id=None if is_known_by_key else action.id, fingerprint="")


def _fitting_shorts(rows: Iterable[_Row], room: int) -> tuple[dict[str, dict[str, None]], int]:
    """The short digests that fit, by the targets where they hold, and the characters that are left."""
    shorts: dict[str, dict[str, None]] = {}
    for row in rows:
        cost = _SHORT + (0 if row.where in shorts else len(row.where) + _AROUND)
        if cost > room:
            break
        room -= cost
        shorts.setdefault(row.where, {})[row.action.short] = None
    return shorts, room


def _has(where: str, index: int) -> bool:
    return bool(int(where, 16) >> index & 1)


def _line(value: object) -> str:
    return one_line(msgspec.to_builtins(value))


def _text(record: _Record) -> str:
    said = {name: value for name, value in msgspec.to_builtins(record).items() if name != "actions" and value is not None}
    listed = ",\n".join(map(_line, record.actions))
    return f'{_INTRODUCTION}```json\n{one_line(said).removesuffix("}")},"actions":[\n{listed}\n]}}\n```\n'
