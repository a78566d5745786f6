"""The lists of ids in a flow spec: references to keys, differences one id at a time, and the order that live has.

They are sets of strings, every id is somebody's attachment, and each that goes is a detach: so they are compared as sets and nothing else.
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
    """How the id of a connection spec is written before it is known."""
    return {"ref": key}


def key_of(entry: Json) -> str | None:
    """The key that an entry of a list refers to; None for an id."""
    return entry["ref"] if isinstance(entry, dict) and "ref" in entry else None


def owns_sources(desired: DesiredSpec | None) -> bool:
    """Whether a flow spec file says which sources there are: it writes the list (null is the empty one), and does not ignore it."""
    if desired is None or desired.kind is not Kind.FLOW_SPEC or f"/{SOURCES}" in desired.ignore:
        return False
    return SOURCES in desired.body


def resolve_references(body: Document, ids: Mapping[str, str]) -> Document:
    """The body with each `{ref: key}` of its id lists replaced by the id of that connection spec, where it is known."""
    lists = {
        name: [ids.get(key_of(entry) or "", entry) for entry in body[name]]
        for name in ID_LISTS
        if isinstance(body.get(name), list)
    }
    return body | lists


def refer_again(live: Document, desired: DesiredSpec, ids: Mapping[str, str], attached: Iterable[Json]) -> Document:
    """A live body as the file would write it: ids that the file names by key as references, and its attachments left out."""
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
    """One change for each id that comes or goes, removals from the end of the list. Anything that is no list is an empty one.

    What live holds besides ids (a null, an object) is nobody's attachment that we know of: it never goes.
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
    """The items of the first in their order, and behind them those of the second that are new."""
    found: dict[str, Json] = {}
    for item in (*first, *second):
        found.setdefault(_name(item), item)
    return list(found.values())


def with_ids(live: Json, ids: Iterable[Json]) -> list[Json]:
    """Everything that live holds, as it holds it, and behind that those of the ids that are new. What is no list is an empty one."""
    held = list(live) if isinstance(live, list) else []
    names = {_name(item) for item in held}
    return [*held, *(item for item in union(ids, ()) if _name(item) not in names)]


def in_live_order(live: Json, wanted: Iterable[Json]) -> list[Json]:
    """What is wanted: first what live has, as it has it, with whatever in it is no id, then the rest."""
    items = list(wanted)
    names = {_name(item) for item in items}
    held = [item for item in live if not isinstance(item, str) or _name(item) in names] if isinstance(live, list) else []
    return with_ids(held, items)


def all_ids(then: Document, now: Document, name: str) -> list[Json]:
    """One list of ids in two live bodies, together: first what is live now, as it has it."""
    before = then.get(name)
    return with_ids(now.get(name), before if isinstance(before, list) else [])


def id_place(section: str, item: Json) -> Place:
    """The place of one id (or reference) in a list."""
    return section, _name(item)


def _name(item: Json) -> str:
    return member_name(canonical(item))
