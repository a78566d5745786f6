"""Groups and fleets of `reconciler.yaml`: a fleet is a template of targets that differ in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Final

import msgspec

from reconciler.documents.json_text import Document
from reconciler.documents.shapes import ShapeMistake
from reconciler.settings.values import FleetSettings, TargetSettings
from reconciler.wording.guesses import did_you_mean

_LONGEST_NAME: Final = 64
_TARGET_FIELDS: Final = tuple(field.name for field in fields(TargetSettings))


class Written(msgspec.Struct, frozen=True):
    """The parts of the settings file that fleets and groups are read from; `document` is the file, for what it writes and what it omits."""

    targets: Mapping[str, TargetSettings]
    fleets: Mapping[str, FleetSettings]
    groups: tuple[str, ...]
    document: Document


def target_name(fleet: str, sandbox: str) -> str:
    """The name of a fleet's target: `customers-emea`."""
    return f"{fleet}-{sandbox}"


def expanded(written: Written) -> dict[str, TargetSettings]:
    """Every target of the file by name: those written out, and those of each fleet, in the order of the file."""
    targets = {name: replace(target, environment=target.environment or name) for name, target in written.targets.items()}
    for name, fleet in written.fleets.items():
        for sandbox in fleet.sandboxes:
            targets.setdefault(target_name(name, sandbox), _member(written, name, fleet, sandbox))
    return targets


def _member(written: Written, name: str, fleet: FleetSettings, sandbox: str) -> TargetSettings:
    template = TargetSettings(**{field: getattr(fleet, field) for field in _TARGET_FIELDS})
    own = fleet.exceptions.get(sandbox)
    if own is not None:
        given = written.document["fleets"][name]["except"][sandbox]
        own = replace(own, vars={**fleet.vars, **own.vars})
        template = replace(template, **{field: getattr(own, field) for field in _TARGET_FIELDS if field in given})
    return replace(
        template,
        fleet=name,
        sandbox=sandbox,
        environment=template.environment or name,
        credentials=template.credentials or name,
    )


def fleet_mistakes(written: Written) -> Iterator[ShapeMistake]:
    """What contradicts itself in the fleets and groups of the file."""
    for name, fleet in written.fleets.items():
        yield from _name_mistakes(written, name)
        yield from _member_mistakes(written, name, fleet)
    for index, name in enumerate(written.groups):
        place = ("groups", str(index))
        if name in written.groups[:index]:
            yield ShapeMistake(place, "duplicate-key", f"{name!r} is listed twice", "remove one of them")
        elif name in written.targets:
            hint = "rename one of them: `overlays` names both"
            yield ShapeMistake(place, "target-name", f"{name!r} is also a target", hint)
    yield from _group_mistakes(written)


def _name_mistakes(written: Written, name: str) -> Iterator[ShapeMistake]:
    for others, what in ((written.targets, "target"), (written.groups, "group")):
        if name in others:
            hint = "rename one of them: `overlays` names both"
            yield ShapeMistake(("fleets", name), "target-name", f"{name!r} is also a {what}", hint)


def _member_mistakes(written: Written, name: str, fleet: FleetSettings) -> Iterator[ShapeMistake]:
    others = {member: of for of, one in written.fleets.items() if of != name for member in _members(of, one)}
    for index, sandbox in enumerate(fleet.sandboxes):
        place = ("fleets", name, "sandboxes", str(index))
        member = target_name(name, sandbox)
        if sandbox in fleet.sandboxes[:index]:
            yield ShapeMistake(place, "duplicate-key", f"{sandbox!r} is listed twice", "remove one of them")
        elif len(member) > _LONGEST_NAME:
            message = f"the target name {member[:80]!r} has more than {_LONGEST_NAME} characters"
            yield ShapeMistake(place, "bad-value", message, "use a shorter name for the fleet")
        elif what := _taken(written, member):
            yield ShapeMistake(place, "target-name", f"{member!r} is also a {what}", "rename the fleet or that")
        elif member in others:
            message = f"{member!r} is also a target of the fleet {others[member]!r}"
            yield ShapeMistake(place, "target-name", message, "rename one of the fleets")
    for sandbox in fleet.exceptions:
        place = ("fleets", name, "except", sandbox)
        if sandbox not in fleet.sandboxes:
            message = f"`except` names {sandbox[:80]!r}, which is not in `sandboxes`"
            yield ShapeMistake(place, "unknown-target", message, did_you_mean(sandbox[:80], fleet.sandboxes))


def _members(name: str, fleet: FleetSettings) -> Iterator[str]:
    return (target_name(name, sandbox) for sandbox in fleet.sandboxes)


def _taken(written: Written, member: str) -> str | None:
    named = {"target": written.targets, "group": written.groups, "fleet": written.fleets}
    return next((what for what, names in named.items() if member in names), None)


def _group_mistakes(written: Written) -> Iterator[ShapeMistake]:
    places: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    places += [(("targets", name, "groups"), target.groups) for name, target in written.targets.items()]
    for name, fleet in written.fleets.items():
        places.append((("fleets", name, "groups"), fleet.groups))
        places += [(("fleets", name, "except", sandbox, "groups"), own.groups) for sandbox, own in fleet.exceptions.items()]
    for place, groups in places:
        for index, group in enumerate(groups):
            if group not in written.groups:
                message = f"{group[:80]!r} is not in `groups`"
                hint = did_you_mean(group[:80], written.groups) if written.groups else f"write groups: [{group[:80]}]"
                yield ShapeMistake((*place, str(index)), "unknown-group", message, hint)
