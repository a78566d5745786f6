"""A plan as JSON: what `plan --format json` prints, what `plan --out` saves, and what `reading` reads back."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Final

from reconciler.documents.json_text import Document, Json, decode, encode_readable, encode_sorted
from reconciler.documents.places import MISSING, Missing
from reconciler.planning.plan import PlanTarget
from reconciler.reports.plan.view import ActionView, ChangeView, PlanView
from reconciler.reports.problems.json import problem_document
from reconciler.reports.sinks.json import to_json

INTEGRITY: Final = "integrity"


def render_plan_json(view: PlanView) -> str:
    """The plan as JSON (README, "JSON")."""
    return to_json(plan_document(view))


def render_drift_json(view: PlanView) -> str:
    """What drifted, in the plan's form; `report` says that it is no plan."""
    return to_json({"report": "drift", **plan_document(view)})


def plan_document(view: PlanView) -> Document:
    """The plan as a JSON object; `integrity` is a digest of everything else in it."""
    document: Document = {
        "format_version": view.format_version,
        "target": target_document(view.target),
        "repository": view.repository,
        "commit": view.commit,
        "options": asdict(view.options),
        "digest": view.digest,
        "summary": asdict(view.summary),
        "actions": [_action(action) for action in view.actions],
        "problems": [problem_document(problem) for problem in view.problems],
    }
    return sealed(document)


def sealed(document: Document) -> Document:
    """The plan with the digest of what it says now."""
    return document | {INTEGRITY: integrity_of(document)}


def integrity_of(document: Document) -> str:
    """SHA-256 over a whole plan as its file says it, but for white space and the order of keys.

    It shows that a file was changed, or cut, since it was saved. It is no signature: who changes a file may change this, too.
    """
    said = {name: value for name, value in document.items() if name != INTEGRITY}
    return hashlib.sha256(encode_sorted(decode(encode_readable(said)))).hexdigest()


def target_document(target: PlanTarget) -> Document:
    """Where a report is about."""
    return asdict(target)


def _action(action: ActionView) -> Document:
    return {
        "kind": action.kind,
        "key": action.key,
        "name": action.name,
        "id": action.id,
        "action": action.action,
        "cause": action.cause,
        "fingerprint": action.fingerprint,
        "changes": [_change(change) for change in action.changes],
        "requests": [asdict(request) for request in action.requests],
        "updated_at": action.updated_at,
        "updated_by": action.updated_by,
        "file": action.file,
        "line": action.line,
        "usage": asdict(action.usage) if action.usage else None,
        "effects": [asdict(effect) for effect in action.effects],
        "keys": list(action.keys),
    }


def _change(change: ChangeView) -> Document:
    return {
        "op": change.op,
        "path": change.path,
        "old": _value(change.old),
        "new": _value(change.new),
        "cause": change.cause,
    }


def _value(value: Json | Missing) -> Json:
    return None if value is MISSING else value
