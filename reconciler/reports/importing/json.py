"""An import, as JSON."""

from __future__ import annotations

from reconciler.authoring.importing.specs import Import, ImportedSpec
from reconciler.documents.json_text import Document
from reconciler.reports.importing.diff import diff_lines
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.json import report_json


def render_import_json(result: Import, *, dry_run: bool) -> str:
    """`specs` has each selected spec, with the state of its file: `written`, `changed` or `unchanged`."""
    target = result.target
    return report_json(
        "import",
        {
            "target": {"name": target.name, "host": target.host, "org_id": target.org_id, "sandbox": target.sandbox},
            "dry_run": dry_run,
            "specs": [_spec(spec, dry_run=dry_run) for spec in result.specs],
            "problems": [problem_view(problem) for problem in result.problems],
        },
    )


def _spec(spec: ImportedSpec, *, dry_run: bool) -> Document:
    document: Document = {
        "kind": spec.kind,
        "key": spec.key,
        "name": spec.name,
        "id": spec.id,
        "file": spec.file,
        "state": spec.state,
        "changes": [{"path": taken.path, "old": taken.before, "new": taken.after} for taken in spec.taken],
        "overlaid": list(spec.overlaid),
    }
    return document | {"diff": "".join(f"{line}\n" for line in diff_lines(spec))} if dry_run else document
