"""Spec files against spec files, as JSON."""

from __future__ import annotations

from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Document
from reconciler.documents.places import MISSING
from reconciler.reports.problems.json import problem_document
from reconciler.reports.sinks.json import to_json
from reconciler.revisions.spec_diff import SpecChange, SpecDiff


def render_diff_json(diff: SpecDiff) -> str:
    """`specs` has each spec that is different; paths of changes without a slash are of the envelope."""
    return to_json(
        {
            "target": diff.target or None,
            "base": diff.base,
            "specs": [_spec(change) for change in diff.specs],
            "problems": [problem_document(problem) for problem in diff.problems],
        }
    )


def _spec(change: SpecChange) -> Document:
    return {
        "kind": change.kind,
        "key": change.key,
        "name": change.name,
        "state": change.state,
        "former_key": change.former_key,
        "changes": [_change(item) for item in change.changes],
        "file": change.file,
        "line": change.line,
    }


def _change(change: Change) -> Document:
    old, new = (None if value is MISSING else value for value in (change.old, change.new))
    return {"op": change.op, "path": change.path, "old": old, "new": new}
