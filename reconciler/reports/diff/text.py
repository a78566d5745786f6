"""The difference between two versions of the spec files, as text, without live state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from reconciler.errors import Problem, count
from reconciler.reports.plan.renamed_entries import with_renames
from reconciler.reports.plan.view import ChangeView
from reconciler.reports.problems.text import add_problems
from reconciler.reports.sinks.phrases import place_words, spec_words, target_words
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.reports.sinks.values import ValueWriter, summary_of
from reconciler.revisions.spec_diff import SpecChange, SpecDiff, SpecState

WITHOUT_LIVE: Final = "spec files only: Flow Service was not queried; apply may do something different"
SYMBOLS: Final = {
    SpecState.ADDED: Part("+", Style.ADDED),
    SpecState.CHANGED: Part("~", Style.CHANGED),
    SpecState.RENAMED: Part("~", Style.CHANGED),
    SpecState.REMOVED: Part("-", Style.REMOVED),
}


def render_diff_text(diff: SpecDiff, *, verbose: bool = False, color: bool = False) -> str:
    """The difference; new content is summarized in a line for each section unless verbose."""
    text = Text(color=color)
    text.line(Part(target_words(diff.target, diff.targets), Style.STRONG), f" · since {diff.base}")
    text.line(WITHOUT_LIVE)
    text.line(Part(counted_specs(diff), Style.STRONG))
    for change in diff.specs:
        text.blank()
        _show(text, change, verbose=verbose)
    add_problems(text, diff.problems)
    return text.render()


def counted_specs(diff: SpecDiff) -> str:
    """How many specs were added, changed, and so on."""
    states = Counter(state for _, _, state in {(change.kind, change.key, change.state) for change in diff.specs})
    said = [f"{count(states[state], 'spec')} {state}" for state in SpecState if states[state]]
    return ", ".join(said) or none_words(diff.problems)


def none_words(problems: Iterable[Problem]) -> str:
    """That there are no differences; a file with an error was not compared, so there may be some in it."""
    has_errors = any(problem.is_error for problem in problems)
    return "no differences found, but the check is incomplete" if has_errors else "no differences"


def notes_of(change: SpecChange) -> list[str]:
    """Notes on this change."""
    where = [f"in {', '.join(change.targets)}"] if change.targets else []
    if change.state is SpecState.REMOVED:
        return [*where, "it stays live, because a spec cannot be deleted; to retire it, add it to `retired:` in reconciler.yaml"]
    return [*where, f"formerly {change.former_key}"] if change.former_key else where


def changes_of(change: SpecChange) -> tuple[ChangeView, ...]:
    """The changes for display: a renamed entry of a list is one change of its name."""
    return with_renames([ChangeView(item.op, item.path, item.old, item.new, None) for item in change.changes])


def _show(text: Text, change: SpecChange, *, verbose: bool) -> None:
    place = place_words(change.file, change.line)
    what = Part(spec_words(change.kind, change.key, change.name), Style.STRONG)
    text.line(SYMBOLS[change.state], " ", what, f"  {place}" if place else "")
    for note in notes_of(change):
        text.line(Part(note, Style.QUIET), indent=2)
    if change.state is SpecState.ADDED and not verbose:
        width = max((len(item.path) for item in change.changes), default=0)
        for item in change.changes:
            text.line(f"{item.path:<{width}}  {summary_of(item.new)}", indent=2)
        return
    for shown in changes_of(change):
        text.line(shown.path, indent=2)
        ValueWriter(text, verbose, indent=3).change(shown.old, shown.new)
