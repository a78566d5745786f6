"""Id lists in a flow spec: references to keys, changes per id, and merging in live order.

An id list is a set of strings. Each id is an attachment and each removal is a detach, so lists are compared as sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.canonical import canonical
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Document, Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Place
from reconciler.documents.semantics import ID_LISTS, SOURCES, member_name


def reference_to(key: str) -> Document:
    """The form of a connection spec's id before it is known."""
    return {"ref": key}


def key_of(entry: Json) -> str | None:
    """The key to which an entry of an id list refers; None for an id."""
    return entry["ref"] if isinstance(entry, dict) and "ref" in entry else None


def owns_sources(desired: DesiredSpec | None) -> bool:
    """Whether a flow spec file owns its list of sources: it writes the list (null is an empty list) and does not ignore it."""
    if desired is None or desired.kind is not Kind.FLOW_SPEC or f"/{SOURCES}" in desired.ignore:
        return False
    return SOURCES in desired.body


def resolve_references(body: Document, ids: Mapping[str, str]) -> Document:
    """The body with each `{ref: key}` in its id lists replaced by the id of that connection spec, if it is known."""
    lists = {
        name: [ids.get(key_of(entry) or "", entry) for entry in body[name]]
        for name in ID_LISTS
        if isinstance(body.get(name), list)
    }
    return body | lists


def refer_again(live: Document, desired: DesiredSpec, ids: Mapping[str, str], attached: Iterable[Json]) -> Document:
    """A live body in the form of the file: ids that the file names by key become references, and its attachments are removed."""
    keys = {ids[reference.key]: reference.key for reference in desired.references if reference.key in ids}
    entries = desired.body.get(SOURCES)
    written = {entry for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, str)} | set(keys)
    left_out = {item for item in attached if isinstance(item, str)} - written
    lists = {
        name: [_referred(item, keys) for item in live[name] if not isinstance(item, str) or item not in left_out]
        for name in ID_LISTS
        if isinstance(live.get(name), list)
    }
    return live | lists


def _referred(item: Json, keys: Mapping[str, str]) -> Json:
    return reference_to(keys[item]) if isinstance(item, str) and item in keys else item


def id_changes(section: str, live: Json, wanted: Json) -> tuple[Change, ...]:
    """One change for each id added or removed, with removals from the end of the list. A value that is not a list counts as empty.

    Entries in live that are not ids (a null, an object) are never removed.
    """
    held, named = (items if isinstance(items, list) else [] for items in (live, wanted))
    before, after = {_name(item) for item in held}, {_name(item): item for item in named}
    removed = [
        Change("remove", f"/{section}/{index}", item, MISSING, id_place(section, item))
        for index, item in reversed(list(enumerate(held)))
        if isinstance(item, str) and _name(item) not in after
    ]
    added = [
        Change("add", f"/{section}/-", MISSING, item, (section, name))
        for name, item in sorted(after.items())
        if name not in before
    ]
    return (*removed, *added)


def union(first: Iterable[Json], second: Iterable[Json]) -> list[Json]:
    """The items of the first in order, followed by the new items of the second."""
    found: dict[str, Json] = {}
    for item in (*first, *second):
        found.setdefault(_name(item), item)
    return list(found.values())


def with_ids(live: Json, ids: Iterable[Json]) -> list[Json]:
    """All entries of live in order, followed by the new ids. A value that is not a list counts as empty."""
    held = list(live) if isinstance(live, list) else []
    names = {_name(item) for item in held}
    return [*held, *(item for item in union(ids, ()) if _name(item) not in names)]


def in_live_order(live: Json, wanted: Iterable[Json]) -> list[Json]:
    """The desired list: live's entries first, in live order and with any entry that is not an id, then the rest."""
    items = list(wanted)
    names = {_name(item) for item in items}
    held = [item for item in live if not isinstance(item, str) or _name(item) in names] if isinstance(live, list) else []
    return with_ids(held, items)


def all_ids(then: Document, now: Document, name: str) -> list[Json]:
    """One list with the ids of two live bodies: those of current live first, in their order."""
    before = then.get(name)
    return with_ids(now.get(name), before if isinstance(before, list) else [])


def id_place(section: str, item: Json) -> Place:
    """The place of an id (or reference) in a list."""
    return section, _name(item)


def _name(item: Json) -> str:
    return member_name(canonical(item))
