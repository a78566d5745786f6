"""Words about the origin of a value."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.errors import MOST_TARGETS, count
from reconciler.reports.diff.text import none_words
from reconciler.reports.sinks.phrases import place_words
from reconciler.revisions.targets.values import (
    LayerKind,
    Origin,
    SpecInTargets,
    TargetDiff,
    TargetValue,
    VariableOf,
    VariableOrigin,
)


def counted(diff: TargetDiff) -> str:
    """How many specs differ, and how many do not."""
    verb = "differs" if len(diff.specs) == 1 else "differ"
    differing = f"{count(len(diff.specs), 'spec')} {verb}" if diff.specs else none_words(diff.problems)
    return f"{differing}, {diff.same:,} the same" if diff.same else differing


def origin_words(value: TargetValue) -> str:
    """Where a value comes from: `overlay of prod, line 4`, `spec, line 9: {var: host} of target prod (specs/reconciler.yaml:7)`."""
    return "; ".join(map(_words, value.origins)) or "not written"


def names_words(names: Sequence[str], most: int = MOST_TARGETS) -> str:
    """The names of targets, the first ones if there are many."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def notes_of(spec: SpecInTargets) -> list[str]:
    """Where the spec does not belong, and where it was not compared."""
    line = f": `only` in line {spec.only_line}" if spec.only_line is not None else ""
    notes = [f"not in {names_words(spec.absent)}{line}"] if spec.absent else []
    return [*notes, *([f"not compared in {names_words(spec.unknown)}: its file has an error"] if spec.unknown else [])]


def _words(origin: Origin) -> str:
    layer = "spec" if origin.kind is LayerKind.SPEC else f"overlay of {origin.name}"
    place = f"{layer}, line {origin.line}" if origin.line is not None else layer
    variables = ", ".join(map(_variable_words, origin.variables))
    return f"{place}: {variables}" if variables else place


def _variable_words(variable: VariableOrigin) -> str:
    owner = f"target {variable.owner}" if variable.of is VariableOf.TARGET else f"fleet {variable.owner}"
    but = f", except {variable.sandbox}" if variable.of is VariableOf.EXCEPT else ""
    return f"{{var: {variable.name}}} of {owner}{but} ({place_words(variable.file, variable.line)})"
