"""What separates targets, as JSON."""

from __future__ import annotations

from reconciler.documents.json_text import Document
from reconciler.documents.places import MISSING
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.json import report_json
from reconciler.revisions.targets.values import Origin, PlaceDifference, SpecInTargets, TargetDiff, TargetValue, VariableOrigin


def render_target_diff_json(diff: TargetDiff) -> str:
    """`specs` has each spec that is not the same in all targets."""
    document: Document = {
        "targets": list(diff.targets),
        "specs": [_spec(spec) for spec in diff.specs],
        "same": diff.same,
        "problems": [problem_view(problem) for problem in diff.problems],
    }
    return report_json("diff-targets", document)


def _spec(spec: SpecInTargets) -> Document:
    return {
        "kind": spec.kind,
        "key": spec.key,
        "name": spec.name,
        "file": spec.file,
        "targets": list(spec.targets),
        "absent": list(spec.absent),
        "unknown": list(spec.unknown),
        "only_line": spec.only_line,
        "differences": [_difference(one) for one in spec.differences],
    }


def _difference(difference: PlaceDifference) -> Document:
    return {"path": difference.path, "values": [_value(value) for value in difference.values]}


def _value(value: TargetValue) -> Document:
    return {
        "targets": list(value.targets),
        "present": value.value is not MISSING,
        "value": None if value.value is MISSING else value.value,
        "layers": [_layer(origin) for origin in value.origins],
    }


def _layer(origin: Origin) -> Document:
    return {
        "layer": origin.kind,
        "name": origin.name,
        "line": origin.line,
        "variables": [_variable(variable) for variable in origin.variables],
    }


def _variable(variable: VariableOrigin) -> Document:
    return {
        "name": variable.name,
        "of": variable.of,
        "owner": variable.owner,
        "sandbox": variable.sandbox,
        "file": variable.file,
        "line": variable.line,
    }
