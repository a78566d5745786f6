"""Breaking changes between two versions of the spec files, as JSON."""

from __future__ import annotations

from reconciler.breaking.effect import Level, by_weight
from reconciler.documents.json_text import Document
from reconciler.reports.plan.view import effect_view
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.json import report_json
from reconciler.revisions.file_effects import FileEffects, SpecEffects


def render_breaking_json(found: FileEffects) -> str:
    """`specs` has each spec whose change has an effect, safe ones included; `level` is that of the most severe effect."""
    return report_json("breaking", breaking_document(found))


def breaking_document(found: FileEffects) -> Document:
    """The keys of the report."""
    return {
        "target": found.target or None,
        "base": found.base,
        "allowed": found.allowed,
        "summary": {level.value: len(found.at(level)) for level in reversed(Level)},
        "specs": [effects_document(spec) for spec in by_weight(found.specs)],
        "problems": [problem_view(problem) for problem in found.problems],
    }


def effects_document(spec: SpecEffects) -> Document:
    """One spec and its effects."""
    return {
        "kind": spec.kind,
        "key": spec.key,
        "name": spec.name,
        "file": spec.file,
        "line": spec.line,
        "level": spec.level,
        "effects": [effect_view(effect) for effect in spec.effects],
    }
