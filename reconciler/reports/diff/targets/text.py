"""What separates targets, as text."""

from __future__ import annotations

from typing import Final

from reconciler.documents.places import MISSING
from reconciler.reports.diff.targets.words import counted, names_words, notes_of, origin_words
from reconciler.reports.diff.text import WITHOUT_LIVE
from reconciler.reports.problems.text import add_problems
from reconciler.reports.sinks.phrases import spec_words
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.reports.sinks.values import ValueWriter, compact, is_short
from reconciler.revisions.targets.values import PlaceDifference, SpecInTargets, TargetDiff

_FEW: Final = 3
"""Targets that a line names, unless verbose."""
_COLUMN: Final = 40
"""Maximum number of characters to which a column is padded; what is longer stands out."""


def render_target_diff_text(diff: TargetDiff, *, verbose: bool = False, color: bool = False) -> str:
    """Each place that differs, with its value in each target and where it comes from."""
    text = Text(color=color)
    text.line(Part(f"targets {names_words(diff.targets)}", Style.STRONG))
    text.line(WITHOUT_LIVE)
    text.line(Part(counted(diff), Style.STRONG))
    for spec in diff.specs:
        text.blank()
        _show(text, spec, verbose=verbose)
    add_problems(text, diff.problems)
    return text.render()


def _show(text: Text, spec: SpecInTargets, *, verbose: bool) -> None:
    what = Part(spec_words(spec.kind, spec.key, spec.name), Style.STRONG)
    text.line(Part("~", Style.CHANGED), " ", what, f"  {spec.file}")
    for note in notes_of(spec):
        text.line(Part(note, Style.QUIET), indent=2)
    for difference in spec.differences:
        text.line(difference.path, indent=2)
        _values(text, difference, verbose=verbose)


def _values(text: Text, difference: PlaceDifference, *, verbose: bool) -> None:
    names = [names_words(one.targets, len(one.targets) if verbose else _FEW) for one in difference.values]
    wide = _width(names)
    if all(one.value is MISSING or is_short(one.value) for one in difference.values):
        shown = [compact(one.value) for one in difference.values]
        column = _width(shown)
        for name, value, one in zip(names, shown, difference.values, strict=True):
            text.line(f"{name:<{wide}}  ", f"{value:<{column}}", Part(f"  {origin_words(one)}", Style.QUIET), indent=3)
        return
    first = difference.values[0]
    for name, one in zip(names, difference.values, strict=True):
        text.line(f"{name:<{wide}}", Part(f"  {origin_words(one)}", Style.QUIET), indent=3)
        if one is not first:
            ValueWriter(text, verbose, indent=4).change(first.value, one.value)


def _width(words: list[str]) -> int:
    return max((len(word) for word in words if len(word) <= _COLUMN), default=0)
