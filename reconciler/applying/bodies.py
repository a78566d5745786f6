"""The body of each write: the values of the action on top of the live body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import structs

from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import value_at, with_value
from reconciler.documents.pointer import parse_pointer
from reconciler.documents.semantics import ID_LISTS, SERVER_MANAGED, SOURCES, field_of, sections
from reconciler.errors import Unsendable
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import comparable_live, leave_ignored
from reconciler.planning.comparing.id_lists import all_ids, in_live_order, owns_sources, resolve_references, union, with_ids
from reconciler.planning.comparing.ownership import MARKER_FIELD, Settled, with_marker
from reconciler.planning.guards.unreadable import UNSENDABLE_HINT, why_unsendable
from reconciler.planning.plan import Action


class IdsMissing(Exception):
    """The body needs an id that is not known: the connection specs with these keys were not created."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


def body_to_create(action: Action, ids: Mapping[str, str], now: float) -> Document:
    """The body to POST; `now` is in seconds since the epoch. Raises IdsMissing if a reference has no id."""
    written = _written(action, ids)
    sources = _resolved(action.sources, ids)
    body = {field: value for field, value in written.items() if value is not None}
    if sources:
        body[SOURCES] = union(body.get(SOURCES) or [], sources)
    return with_marker(body, action.marker.stamped(None, now)) if action.marker else body


def body_to_replace(action: Action, live: LiveSpec, ids: Mapping[str, str], now: float) -> Document:
    """The body to PUT: the live body, with the owned sections replaced and every other top-level field kept.

    `now` is the time of the write, in seconds since the epoch. A restore sends the whole recorded body instead, with every id that was
    recorded or is live.
    A source without an id (yet) is left out of an attachment. Raises IdsMissing if the file's own list needs it, Unsendable if the live
    body cannot be sent back unchanged.
    """
    if reason := why_unsendable(action, live):
        raise Unsendable(f"not written: {reason}", hint=UNSENDABLE_HINT)
    fresh = live.body
    if action.put_back is not None:
        return action.put_back | {name: held for name in ID_LISTS if (held := all_ids(action.put_back, fresh, name))}
    body = {field: value for field, value in fresh.items() if field not in SERVER_MANAGED}
    if action.desired is not None:
        body = _with_owned_sections(action, body, ids)
    gone = {change.old for change in action.detaches}
    if not owns_sources(action.desired):
        sources = _resolved([item for item in action.sources if _is_known(item, ids)], ids)
        if sources or gone:
            body[SOURCES] = [
                item for item in with_ids(body.get(SOURCES), sources) if not (isinstance(item, str) and item in gone)
            ]
    return with_marker(body, action.marker.stamped(live.id, now)) if action.marker else _keep_marker(body, fresh)


def settled_body(action: Action, live: LiveSpec, sent: Document, settled: Mapping[str, Settled], now: float) -> Document:
    """The body of the second PUT: the live body, with a marker that records what the service keeps instead of what was sent.

    Values missing from the live body are sent again: a service that drops them drops them again, and if a response merely did not show
    them, nothing is lost.
    """
    body = {field: value for field, value in live.body.items() if field not in SERVER_MANAGED}
    if action.marker is None:
        return body
    for pointer, known in settled.items():
        if known.kept is None:
            body = with_value(body, parse_pointer(pointer), value_at(sent, parse_pointer(pointer)))
    marker = structs.replace(action.marker, settled={**action.marker.settled, **settled})
    return with_marker(body, marker.stamped(live.id, now))


def ignore_lines(pointers: Iterable[str]) -> tuple[str, ...]:
    """The lines for a spec file that ignore these places."""
    return ("ignore:", *(f"  - {pointer}" for pointer in pointers))


def _with_owned_sections(action: Action, body: Document, ids: Mapping[str, str]) -> Document:
    result = dict(body)
    written = leave_ignored(comparable_live(body), _written(action, ids), action.desired.ignore if action.desired else ())
    for section, name in sections(written):
        field = field_of(result, section) or name
        value = written[name]
        extra = _resolved(action.sources, ids) if section == SOURCES else []
        if value is None and not extra:
            result.pop(field, None)
        elif section in ID_LISTS:
            result[field] = in_live_order(result.get(field), union(value or [], extra))
        else:
            result[field] = value
    return result


def _written(action: Action, ids: Mapping[str, str]) -> Document:
    if action.desired is None:
        return {}
    body = resolve_references(action.desired.body, ids)
    needed = [entry for name in ID_LISTS for entry in body.get(name) or ()]
    missing = tuple(entry["ref"] for entry in needed if isinstance(entry, dict))
    if missing:
        raise IdsMissing(missing)
    return body


def _resolved(sources: Iterable[Json], ids: Mapping[str, str]) -> list[str]:
    missing = tuple(item["ref"] for item in sources if not _is_known(item, ids))
    if missing:
        raise IdsMissing(missing)
    return [item if isinstance(item, str) else ids[item["ref"]] for item in sources]


def _is_known(item: Json, ids: Mapping[str, str]) -> bool:
    return isinstance(item, str) or item["ref"] in ids


def _keep_marker(body: Document, fresh: Document) -> Document:
    """The body with the live marker, if any: a write without a marker of its own must not remove another one."""
    attributes = fresh.get("attributes")
    if not isinstance(attributes, dict) or MARKER_FIELD not in attributes:
        return body
    kept = body.get("attributes")
    return body | {"attributes": {**(kept if isinstance(kept, dict) else {}), MARKER_FIELD: attributes[MARKER_FIELD]}}
