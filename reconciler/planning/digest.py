"""The plan digest: the same for the same work, whatever the clone, the time, the rendering, or other teams' attachments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from reconciler.documents.canonical import canonical
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Json, encode_sorted
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import format_pointer
from reconciler.planning.plan import Action, Options, PlanTarget


def plan_digest(target: PlanTarget, options: Options, actions: Iterable[Action]) -> str:
    """SHA-256 over where, what was asked for, and each action with what it relies on, in hexadecimal."""
    content = {
        "host": target.host,
        "org_id": target.org_id,
        "sandbox": target.sandbox,
        "options": {"keys": sorted(options.keys), "prune": options.prune},
        "actions": [_action(action) for action in actions],
    }
    return hashlib.sha256(encode_sorted(content)).hexdigest()


def _action(action: Action) -> Json:
    return {
        "kind": action.kind,
        "key": action.key,
        "action": action.action,
        "id": action.id,
        "changes": sorted((_change(change) for change in action.changes), key=encode_sorted),
        "fingerprint": action.fingerprint,
    }


def _change(change: Change) -> Json:
    """A change, named by place: positions in a set or a named list move without anything being different."""
    place = format_pointer(change.place)
    return [change.op, place, list(change.beyond), _value(change.old, change), _value(change.new, change)]


def _value(value: Json | Missing, change: Change) -> Json:
    return None if value is MISSING else canonical(value, (*change.place, *change.beyond))
