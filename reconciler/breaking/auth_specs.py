"""Breaking changes in `authSpec`: each connection names one entry and holds the values that it requires."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reconciler.breaking.effect import Effect, Level, quoted, turned
from reconciler.breaking.json_schema.keywords import schema_effects
from reconciler.breaking.json_schema.pair import Contract
from reconciler.breaking.parts import SpecPart
from reconciler.documents.canonical import canonical
from reconciler.documents.json_text import Json, encode_sorted
from reconciler.documents.places import MISSING

_KEEP: Final = "keep the old auth spec beside the new one until no connection uses it"
_LEAVE: Final = "leave this auth spec unchanged, and add one with another name"
_SHOWS: Final = "and Flow Service rejects a name that the spec does not have (error 1415)"
_REFUSED: Final = "they may be rejected when they are next tested, updated or run"
_CANDIDATES: Final = 20
"""Maximum number of new entries compared with a removed one."""
_FOR_PEOPLE: Final = frozenset({"description", "title", "label", "uiAttributes"})


def auth_specs(part: SpecPart) -> Iterator[Effect]:
    """The effects on connections: a removed or renamed entry is not found (error 1415); new requirements are not met."""
    entries = part.entries()
    if entries is None:
        reason = "the auth specs do not have unique names: it is unknown whether connections still find theirs"
        yield part.effect(Level.RISKY, "unjudged", reason, "give each auth spec a unique name")
        return
    renamed = _renamed(entries)
    for name, entry in entries.items():
        if entry.after is MISSING:
            yield _gone(entry, name, renamed.get(name))
        elif entry.before is MISSING:
            if name not in renamed.values():
                yield entry.effect(Level.SAFE, "auth-added", f"auth spec {quoted(name)} is new")
        elif entry.differs:
            yield from _changed(entry, name)


def _gone(entry: SpecPart, name: str, now: str | None) -> Effect:
    if now is None:
        reason = f"auth spec {quoted(name)} is removed: connections created with it refer to it by name, {_SHOWS}"
        return entry.effect(Level.BREAKING, "auth-removed", reason, _KEEP)
    renamed = f"auth spec {quoted(name)} is renamed to {quoted(now)}"
    reason = f"{renamed}: connections created with it refer to the old name, {_SHOWS}"
    return entry.effect(Level.BREAKING, "auth-renamed", reason, _KEEP)


def _changed(entry: SpecPart, name: str) -> Iterator[Effect]:
    contract = Contract(
        f"auth spec {quoted(name)}", f"connections created with {quoted(name)}", _LEAVE, part="auth parameter", shows=_REFUSED
    )
    for child in entry.parts():
        field = child.place[-1]
        if field == "spec":
            yield from schema_effects(child.old_body, child.before, child.after, child.place, contract)
        elif field == "type":
            change = f"the type of auth spec {quoted(name)} changes ({turned(child.before, child.after)})"
            reason = f"{change}: {contract.holders} hold the values of the old type, and {_REFUSED}"
            yield child.effect(Level.BREAKING, "auth-type", reason, _LEAVE)
        elif field in _FOR_PEOPLE:
            yield child.effect(Level.SAFE, "text", f"only the description of auth spec {quoted(name)} changes ({quoted(field)})")
        else:
            change = f"{field}: {turned(child.before, child.after)}"
            harm = f"{contract.holders} may fail to authenticate at their next run"
            reason = f"auth spec {quoted(name)} authenticates differently ({change}): {harm}"
            yield child.effect(Level.RISKY, "auth-behaviour", reason, _LEAVE)


def _renamed(entries: Mapping[str, SpecPart]) -> dict[str, str]:
    """The new entry for each renamed one: equal but for its name, or of the same type with a similar name. Each is used once."""
    new = [name for name, entry in entries.items() if entry.before is MISSING]
    twins, near = (_grouped((name, key(entries[name].after)) for name in new) for key in (_content, _type))
    found: dict[str, str] = {}
    for name, entry in entries.items():
        if entry.after is not MISSING:
            continue
        taken = found.values()
        left = [other for other in twins.get(_content(entry.before), ())[:_CANDIDATES] if other not in taken]
        like = [other for other in near.get(_type(entry.before), ())[:_CANDIDATES] if other not in taken]
        now = next(iter(left or difflib.get_close_matches(name, like, n=1)), None)
        if now is not None:
            found[name] = now
    return found


def _grouped(named: Iterable[tuple[str, bytes]]) -> dict[bytes, list[str]]:
    groups: dict[bytes, list[str]] = {}
    for name, key in named:
        groups.setdefault(key, []).append(name)
    return groups


def _content(entry: Json) -> bytes:
    return encode_sorted(canonical({**entry, "name": ""}, ("authSpec", "")))


def _type(entry: Json) -> bytes:
    return encode_sorted(entry.get("type"))
