"""One bad element is one problem: what a list holds that is no spec, and live bodies that no PUT can send back as they are.

Each is named and left alone, and everything else goes on. An entry that is no spec stands in the way of one create only: that of a spec
which it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.names import folded_name
from reconciler.documents.semantics import ID_LISTS, SOURCES
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, StrangeItem
from reconciler.planning.comparing.ownership import Owner, marker_of
from reconciler.planning.plan import Action

_NAMED = 20
"""Entries that are named one by one."""
_SHOWN = 80
"""Characters that are shown of a name or an id."""


def unreadable_problems(strange: Iterable[StrangeItem]) -> tuple[Problem, ...]:
    """A warning for each entry of a list that is no spec."""
    items = tuple(strange)
    problems = [
        Problem(
            Severity.WARNING,
            "unreadable-spec",
            f"{_described(item)} cannot be read, and is left alone: {item.reason}",
            hint="everything else goes on; if it is yours, ask Adobe to repair it",
        )
        for item in items[:_NAMED]
    ]
    if len(items) > _NAMED:
        message = f"{len(items) - _NAMED} more entries of the lists cannot be read, and are left alone"
        problems.append(Problem(Severity.WARNING, "unreadable-spec", message, hint="check the base URL and the credential"))
    return tuple(problems)


def unreadable_namesakes(desired: DesiredSpec, strange: Iterable[StrangeItem], owner: Owner | None) -> tuple[Problem, ...]:
    """What stands in the way of a create: an entry that cannot be read and has this name, or this key's marker, or hides its name.

    Without an `owner` this is about a new name for a spec that is live, to which markers say nothing.
    """
    it = next((item for item in strange if _may_be(item, desired, owner)), None)
    if it is None:
        return ()
    done = "created" if owner else "renamed"
    message = (
        f"{desired.kind.words} {desired.key!r} is not {done}: {_described(it)} may have its name, and cannot be read: {it.reason}"
    )
    hint = f"look it up in Flow Service, and use another `name` in {desired.file}"
    if owner:
        hint += f"; if it is another spec, `--allow-create {desired.key}`"
    return (Problem(Severity.ERROR, "unreadable-namesake", message, file=desired.file, hint=hint, key=desired.key, guard=True),)


def unsendable_problems(actions: Iterable[Action], by_id: Mapping[tuple[Kind, str], LiveSpec]) -> tuple[Problem, ...]:
    """A warning for each planned write whose body cannot be sent back as it is, and so will not be sent."""
    found = []
    for action in actions:
        live = by_id.get((action.kind, action.id or ""))
        reason = why_unsendable(action, live) if live else None
        if reason:
            message = f"{action.kind.words} {action.name[:_SHOWN]!r} ({action.id}) will not be written: {reason}"
            found.append(Problem(Severity.WARNING, "unsendable", message, hint=UNSENDABLE_HINT, key=action.key))
    return tuple(found)


UNSENDABLE_HINT = (
    "a PUT would change what is not ours: ask its owner, or Adobe, to repair the live body; everything else is applied"
)


def why_unsendable(action: Action, live: LiveSpec) -> str | None:
    """Why a PUT for this action would change something of the live body that it is not about; None where it would not.

    What a restore puts back replaces the whole body, so nothing of the live one has to be kept.
    """
    if action.put_back is not None:
        return None
    if repeated := live.repeated_keys:
        return f"its live body has {', '.join(name[:_SHOWN] for name in repeated)} more than once"
    body = live.body
    if action.marker is not None and not isinstance(body.get("attributes"), dict | None):
        return "its live `attributes` are not an object that could hold the marker"
    written = action.desired.body if action.desired else {}
    lists = [name for name in ID_LISTS if not isinstance(body.get(name), list | None) and name not in written]
    if SOURCES in lists and (action.sources or action.detaches):
        return f"its live `{SOURCES}` is not a list"
    return None


def _may_be(item: StrangeItem, desired: DesiredSpec, owner: Owner | None) -> bool:
    if item.kind is not desired.kind:
        return False
    marker = marker_of({"attributes": item.attributes})
    if owner and marker is not None and owner.owns(marker) and marker.key in (desired.key, *desired.former_keys):
        return True
    is_namesake = item.name is not None and folded_name(item.name) == folded_name(desired.name)
    is_provider = item.provider_id is None or item.provider_id.lower() == desired.provider_id.lower()
    return item.hides_its_name or (is_namesake and is_provider)


def _described(item: StrangeItem) -> str:
    known = [f"name {item.name[:_SHOWN]!r}"] if item.name else []
    known += [f"id {item.id[:_SHOWN]!r}"] if item.id else []
    said = f" ({', '.join(known)})" if known else ""
    return f"entry {item.position} of the list of {item.kind.words}s{said}"
