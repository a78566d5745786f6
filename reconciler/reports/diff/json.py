"""The difference between two versions of the spec files, as JSON."""

from __future__ import annotations

from reconciler.documents.json_text import Document
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.json import report_json
from reconciler.revisions.spec_diff import SpecChange, SpecDiff


def render_diff_json(diff: SpecDiff) -> str:
    """`specs` has each changed spec; paths of changes without a slash are in the envelope."""
    return report_json("diff", diff_document(diff))


def diff_document(diff: SpecDiff) -> Document:
    """The keys of the report."""
    return {
        "target": diff.target or None,
        "base": diff.base,
        "specs": [change_document(change) for change in diff.specs],
        "problems": [problem_view(problem) for problem in diff.problems],
    }


def change_document(change: SpecChange) -> Document:
    """One changed spec."""
    return {
        "kind": change.kind,
        "key": change.key,
        "name": change.name,
        "state": change.state,
        "former_key": change.former_key,
        "changes": [{"op": item.op, "path": item.path, "old": item.old, "new": item.new} for item in change.changes],
        "file": change.file,
        "line": change.line,
    }
