"""A desired body with live values at the places that differ; each value keeps the form that the file has for it, if possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.documents.canonical import canonical, same
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.documents.places import MISSING, Missing, value_at, with_value
from reconciler.documents.pointer import Segments
from reconciler.documents.semantics import ID_LISTS, field_of
from reconciler.planning.comparing.id_lists import id_place, key_of, reference_to


def as_live(before: Document, live: Document, changes: Sequence[Change], keys: Mapping[str, str]) -> Document:
    """The body with the live value at the place of each change, and unchanged everywhere else.

    `changes` turn live into the desired body. `keys` has the key of each connection spec of this repository by its id, for references in id
    lists.
    """
    after = before
    for place in dict.fromkeys(change.place for change in changes if change.place[0] not in ID_LISTS):
        old, new = value_at(before, place), value_at(live, place)
        after = with_value(after, place, new if new is MISSING else as_written(old, new, place))
    for change in changes:
        if change.place[0] in ID_LISTS:
            after = _with_id(after, change.place[0], change, keys)
    return after


def as_written(old: Json | Missing, new: Json, path: Segments) -> Json:
    """The new value; parts that are equal to the old value keep their old form and order of keys."""
    if old is MISSING:
        return new
    if same(old, new, path):
        return old
    if isinstance(old, dict) and isinstance(new, dict):
        kept = {key: as_written(item, new[key], (*path, key)) for key, item in old.items() if key in new}
        return kept | {key: value for key, value in new.items() if key not in kept}
    if isinstance(old, list) and isinstance(new, list):
        return _items_as_written(old, new, (*path, "*"))
    return new


def _items_as_written(old: list[Json], new: list[Json], path: Segments) -> list[Json]:
    forms = {encode_sorted(canonical(item, path)): item for item in reversed(old)}
    items = []
    for index, value in enumerate(new):
        meaning = encode_sorted(canonical(value, path))
        counterpart = old[index] if index < len(old) else MISSING
        items.append(forms[meaning] if meaning in forms else as_written(counterpart, value, path))
    return items


def _with_id(body: Document, section: str, change: Change, keys: Mapping[str, str]) -> Document:
    """The body with one id added or removed; the id of a connection spec of this repository is written as a reference."""
    field = field_of(body, section) or section
    items = body.get(field) or []
    if change.op == "remove":  # it is live, but not in the file
        live_id = change.old
        return body | {field: [*items, reference_to(keys[live_id]) if isinstance(live_id, str) and live_id in keys else live_id]}
    gone = id_place(section, change.new)
    key = keys.get(change.new) if isinstance(change.new, str) else None
    return body | {field: [item for item in items if id_place(section, item) != gone and (key is None or key_of(item) != key)]}
