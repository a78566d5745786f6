"""The order of targets: `after`, `soak` and `proved` in `reconciler.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.documents.shapes import ShapeMistake
from reconciler.settings.fleets import Written, expanded
from reconciler.settings.values import TargetSettings
from reconciler.wording.guesses import did_you_mean

_Place = tuple[str, ...]


def order_mistakes(written: Written) -> list[ShapeMistake]:
    """What contradicts itself in the order of targets. Circles are only looked for where all names are known."""
    targets = expanded(written)
    mistakes: list[ShapeMistake] = []
    for place, name, target in _written_out(written):
        mistakes += _of_one(place, name, target, targets, written)
    mistakes += _without_after(written, targets)
    return mistakes or list(_circles(written, targets))


def _written_out(written: Written) -> Iterator[tuple[_Place, str, TargetSettings]]:
    for name, target in written.targets.items():
        yield ("targets", name), name, target
    for name, fleet in written.fleets.items():
        yield ("fleets", name), name, fleet
        for sandbox, own in fleet.exceptions.items():
            yield ("fleets", name, "except", sandbox), f"{name}-{sandbox}", own


def _of_one(
    place: _Place, name: str, target: TargetSettings, targets: Mapping[str, TargetSettings], written: Written
) -> Iterator[ShapeMistake]:
    for index, other in enumerate(target.after):
        at = (*place, "after", str(index))
        known = [*targets, *written.fleets]
        if other == name or other == (targets[name].fleet if name in targets else None):
            yield ShapeMistake(at, "target-order", f"{name!r} cannot be after {_itself(name, other)}", "remove it from `after`")
        elif other not in known:
            is_group = other in written.groups
            hint = "name the targets or fleets: `after` accepts no groups" if is_group else did_you_mean(other, known)
            yield ShapeMistake(at, "unknown-target", f"`after` names the unknown target {other!r}", hint)
    for index, other in enumerate(target.proved):
        if other not in targets:
            at = (*place, "proved", str(index))
            yield ShapeMistake(at, "unknown-target", f"`proved` names the unknown target {other!r}", did_you_mean(other, targets))


def _itself(name: str, other: str) -> str:
    return "itself" if name == other else f"its own fleet {other!r}"


def _without_after(written: Written, targets: Mapping[str, TargetSettings]) -> Iterator[ShapeMistake]:
    for place, name, target in _written_out(written):
        members = [targets[name]] if name in targets else [one for one in targets.values() if one.fleet == name]
        if all(member.after for member in members):
            continue
        for key, is_set in (("soak", target.soak > 0), ("proved", bool(target.proved))):
            if is_set:
                message = f"`{key}` has no effect without `after`"
                yield ShapeMistake((*place, key), "target-order", message, f"add `after`, or remove `{key}`")


def _circles(written: Written, targets: Mapping[str, TargetSettings]) -> Iterator[ShapeMistake]:
    """The first circle that each target written out is part of; the message goes round once."""
    told: set[frozenset[str]] = set()
    for place, name, target in _written_out(written):
        start = name if name in targets else next((one for one, other in targets.items() if other.fleet == name), None)
        way = _way_back(start, targets) if start else None
        if way and target.after and frozenset(way) not in told:
            told.add(frozenset(way))
            said = " after ".join((*way, way[0]))
            yield ShapeMistake(
                (*place, "after"), "target-order", f"these targets wait for each other: {said}", "remove one `after`"
            )


def _way_back(start: str, targets: Mapping[str, TargetSettings]) -> tuple[str, ...] | None:
    """The targets from this one along `after` back to itself; None if there is no such way."""
    todo: list[tuple[str, tuple[str, ...]]] = [(start, (start,))]
    seen = {start}
    while todo:
        at, way = todo.pop(0)
        for other in _upstreams(at, targets):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                todo.append((other, (*way, other)))
    return None


def _upstreams(name: str, targets: Mapping[str, TargetSettings]) -> Iterator[str]:
    after = targets[name].after
    return (one for one, target in targets.items() if one in after or (target.fleet is not None and target.fleet in after))
