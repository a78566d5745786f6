"""Actions, the fingerprint of what each relies on, and the digest of a whole plan.

A fingerprint is computed when the plan is made, and again from a GET just before the write. The digest is the same for the same work,
regardless of the clone, the time, the rendering, or other teams' attachments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import msgspec

from reconciler.documents.canonical import canonical, canonical_json, digest
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Document, Json, encode_sorted, encode_sorted_part
from reconciler.documents.places import MISSING
from reconciler.documents.pointer import Segments, format_pointer
from reconciler.documents.semantics import ID_LISTS
from reconciler.flowservice.paths import COLLECTIONS
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import comparable_live, owned_as_live
from reconciler.planning.comparing.ownership import marker_of
from reconciler.planning.plan import Action, Options, PlanTarget, Request

ABSENT = digest("absent")
"""The fingerprint of a create: there is no live object."""


def on_live(action: Action, live: LiveSpec | None, body: Document | None = None) -> Action:
    """The action on the live object, or a create, with its HTTP write and the fingerprint of what it relies on.

    `body` is that of the live object, if it is decoded already.
    """
    path = COLLECTIONS[action.kind]
    if live is None:
        return replace(action, requests=(Request("POST", path),), fingerprint=ABSENT)
    action = replace(
        action,
        id=live.id,
        requests=(Request("PUT", f"{path}/{live.id}"),),
        updated_at=live.updated_at,
        updated_by=live.updated_by,
        held=live.source_connection_spec_ids,
        seen=live,
    )
    return replace(action, fingerprint=fingerprint(action, live, body))


def fingerprint(action: Action, live: LiveSpec | None, body: Document | None = None) -> str:
    """The digest of what this action relies on in live.

    For an update: the owned sections, which of the ids to attach or detach the flow spec holds, and the owner in the marker. For an attach
    or a detach: the flow spec's id, and which of those ids it holds; other ids are ignored. For a restore: the whole body and its marker,
    without the id lists, which only grow. `body` is that of live, if it is decoded already.
    """
    if live is None:
        return ABSENT
    if action.put_back is not None:
        marker = marker_of(live.body)
        rest = {name: value for name, value in comparable_live(live.body).items() if name not in ID_LISTS}
        return digest([live.id, digest(rest), marker.to_json() if marker else None])
    held = frozenset(spec_id.lower() for spec_id in live.source_connection_spec_ids)
    moved = [*(change.new for change in action.attaches), *(change.old for change in action.detaches)]
    ids = {value.lower(): value.lower() in held for value in moved if isinstance(value, str)}
    if action.desired is None and not action.retires:
        return digest([live.id.lower(), ids])
    body = live.body if body is None else body
    marker = marker_of(body)
    owned = owned_as_live(comparable_live(body), action.desired) if action.desired else None
    return digest([live.id.lower(), ids, owned, [marker.repository, marker.key, marker.retired] if marker else None])


def plan_digest(target: PlanTarget, options: Options, actions: Iterable[Action], skipped: Sequence[Json] = ()) -> str:
    """SHA-256, in hexadecimal, of the target, the options, each action with what it relies on, and the gates that were skipped."""
    content: Document = {
        "host": target.host,
        "org_id": target.org_id,
        "sandbox": target.sandbox,
        "options": {"keys": sorted(options.keys), "prune": options.prune},
    }
    if skipped:
        content["skipped"] = [*skipped]
    actions = tuple(actions)
    try:
        return _digest_by_parts(content, actions)
    except UnicodeEncodeError:
        return hashlib.sha256(encode_sorted(content | {"actions": [_digested(action) for action in actions]})).hexdigest()


def _digest_by_parts(rest: Document, actions: Iterable[Action]) -> str:
    """The digest of the actions and the rest, one action at a time: thousands of bodies need no second copy of their trees.

    Raises UnicodeEncodeError if a string has a lone surrogate.
    """
    found = hashlib.sha256(b'{"actions":[')
    for index, action in enumerate(actions):
        changes = sorted(encode_sorted_part(_digested_change(change, _canonical_part)) for change in action.changes)
        found.update(b"," if index else b"")
        found.update(encode_sorted_part(_identity(action) | {"changes": [msgspec.Raw(change) for change in changes]}))
    found.update(b"]," + encode_sorted_part(rest).removeprefix(b"{"))
    return found.hexdigest()


def _digested(action: Action) -> Document:
    changes = sorted((_digested_change(change, _canonical_value) for change in action.changes), key=encode_sorted)
    return _identity(action) | {"changes": changes}


def _identity(action: Action) -> Document:
    return {
        "kind": action.kind,
        "key": action.key,
        "action": action.action,
        "id": action.id,
        "fingerprint": action.fingerprint,
    }


def _digested_change(change: Change, new: Callable[[Change], Json]) -> Json:
    """A change by place, because positions in a set or a named list may move without any difference."""
    old = None if change.old is MISSING else canonical(change.old, _path(change))
    return [change.op, format_pointer(change.place), list(change.beyond), old, new(change)]


def _canonical_value(change: Change) -> Json:
    return None if change.written is MISSING else canonical(change.new, _path(change))


def _canonical_part(change: Change) -> Json:
    """The same, as text where the change has text: no tree needs to be built to be written again."""
    if isinstance(change.written, msgspec.Raw):
        return msgspec.Raw(canonical_json(change.written, _path(change)))
    return _canonical_value(change)


def _path(change: Change) -> Segments:
    return (*change.place, *change.beyond)
