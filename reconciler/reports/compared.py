"""Two versions of the spec files, compared for several targets: each change once, with its targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from reconciler.breaking.effect import Level
from reconciler.documents.json_text import Document, encode
from reconciler.errors import ExitCode, Problem, exit_code_of
from reconciler.reports.breaking.json import breaking_document, effects_document
from reconciler.reports.diff.json import change_document, diff_document
from reconciler.reports.fleet.view import selection_view
from reconciler.reports.sinks.json import report_document, report_json
from reconciler.revisions.file_effects import FileEffects, SpecEffects
from reconciler.revisions.spec_diff import SpecChange, SpecDiff
from reconciler.revisions.versions import SeveralDiffs, SeveralEffects
from reconciler.settings.choosing import Chosen
from reconciler.settings.selection import Selection

_S = TypeVar("_S", SpecChange, SpecEffects)


def merged_diff(found: SeveralDiffs) -> SpecDiff:
    """The differences as one: each change once, with its targets."""
    specs = _once([(diff.target, diff.specs) for diff in found.diffs], change_document)
    return SpecDiff("", found.base, specs, _problems(found.diffs), found.chosen.names)


def merged_effects(found: SeveralEffects) -> FileEffects:
    """The effects as one: those of a spec once where they are the same, with their targets."""
    specs = _once([(one.target, one.specs) for one in found.effects], effects_document)
    allowed = any(one.allowed for one in found.effects)
    return FileEffects("", found.base, specs, _problems(found.effects), allowed, found.chosen.names)


def render_diffs_json(found: SeveralDiffs, selection: Selection) -> str:
    """`targets` has the report of each target alone, and `variants` each change once."""
    variants = [{**change_document(spec), "targets": spec.targets} for spec in merged_diff(found).specs]
    targets = [_target("diff", diff.target, exit_code_of(diff.problems), diff_document(diff)) for diff in found.diffs]
    return report_json("diff", _keys(found.base, selection, found.chosen, targets, variants))


def render_breakings_json(found: SeveralEffects, selection: Selection) -> str:
    """`targets` has the report of each target alone, and `variants` the effects of each spec once where they are the same."""
    variants = [{**effects_document(spec), "targets": spec.targets} for spec in merged_effects(found).specs]
    targets = [_target("breaking", one.target, breaking_code(one), breaking_document(one)) for one in found.effects]
    return report_json("breaking", _keys(found.base, selection, found.chosen, targets, variants))


def breaking_code(found: FileEffects) -> ExitCode:
    """The exit code of `breaking` for one target, or for several merged."""
    code = exit_code_of(found.problems)
    return ExitCode.REFUSED if code is ExitCode.DONE and found.at(Level.BREAKING) and not found.allowed else code


def _keys(base: str, selection: Selection, chosen: Chosen, targets: list[Document], variants: list[Document]) -> Document:
    view: Any = selection_view(selection, chosen)
    return {"fleet": True, "base": base, "selection": view, "targets": targets, "variants": variants}


def _target(report: str, name: str, code: ExitCode, document: Document) -> Document:
    return {"name": name, "exit_code": int(code), "report": report_document(report, document)}


def _once(found: Iterable[tuple[str, Sequence[_S]]], shown: Callable[[_S], Document]) -> tuple[_S, ...]:
    """Each spec once where it is shown alike, with its targets; by kind and key."""
    alike: dict[bytes, tuple[_S, list[str]]] = {}
    for target, specs in found:
        for spec in specs:
            alike.setdefault(encode(shown(spec)), (spec, []))[1].append(target)
    merged = [replace(spec, targets=tuple(names)) for spec, names in alike.values()]
    return tuple(sorted(merged, key=lambda spec: (spec.kind, spec.key)))


def _problems(found: Sequence[SpecDiff] | Sequence[FileEffects]) -> tuple[Problem, ...]:
    having: dict[Problem, list[str]] = {}
    for one in found:
        for problem in dict.fromkeys(one.problems):
            having.setdefault(problem, []).append(one.target)
    return tuple(problem.for_targets(names, len(found)) for problem, names in having.items())
