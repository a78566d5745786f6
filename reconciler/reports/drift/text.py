"""Drift as text: what differs from the last apply, who changed it and when, and how to resolve it."""

from __future__ import annotations

from reconciler.errors import Severity, count
from reconciler.reports.drift.view import applied_uncommitted
from reconciler.reports.plan.drift_phrases import difference_words, is_imported, left_out_words, undo_words
from reconciler.reports.plan.notes import own_cause
from reconciler.reports.plan.renamed_entries import show_renames
from reconciler.reports.plan.view import ActionView, ChangeView, PlanView
from reconciler.reports.problems.text import add_problems
from reconciler.reports.sinks.phrases import cause_sentence, place_words, show_target, spec_words
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.reports.sinks.values import ValueWriter, compact, is_short


def render_drift_text(view: PlanView, *, verbose: bool = False, color: bool = False, apply_command: str | None = None) -> str:
    """The drift (from `drift_of`). `apply_command` overwrites it with the repository's state."""
    view = show_renames(view)
    text = Text(color=color)
    show_target(text, view.target)
    text.line(_counts(view))
    add_problems(text, view.errors)
    for action in view.actions:
        text.blank()
        _show_action(text, action, verbose=verbose)
    add_problems(text, [problem for problem in view.problems if problem.severity is Severity.WARNING])
    if view.actions:
        text.blank()
        text.line(_ways_out(view))
        if apply_command:
            text.line(f"next: {apply_command}")
    return text.render()


def _counts(view: PlanView) -> str:
    if not view.actions:
        if dirty := applied_uncommitted(view):
            return f"{count(len(dirty), 'spec')} applied from uncommitted files; no other drift"
        return "no drift found, but the check is incomplete" if view.errors else "no drift"
    return difference_words(view)


def _ways_out(view: PlanView) -> str:
    imported = any(is_imported(action) for action in view.actions)
    keep = "run `import --drift`, or `import --id` for a whole spec" if imported else "run `import --id` for the spec"
    return f"to keep the live values, {keep}{left_out_words(view)}; to {undo_words(view)}, run apply"


def _show_action(text: Text, action: ActionView, *, verbose: bool) -> None:
    place = place_words(action.file, action.line)
    text.line(
        Part("~ ", Style.CHANGED),
        Part(spec_words(action.kind, action.key, action.name), Style.STRONG),
        f"  {place}" if place else "",
        f"  {action.id}" if action.id else "",
    )
    if sentence := cause_sentence(action.cause, action.updated_by, action.updated_at):
        text.line(sentence, indent=2)
    for change in action.changes:
        _show_change(text, action, change, verbose=verbose)


def _show_change(text: Text, action: ActionView, change: ChangeView, *, verbose: bool) -> None:
    """The repository's value and the live one; a long value as a line diff from the former to the latter."""
    text.line(change.path, Part(own_cause(action, change), Style.QUIET), indent=2)
    if is_short(change.new) and is_short(change.old):
        text.line("repository  ", Part(compact(change.new), Style.ADDED), indent=3)
        text.line("live        ", Part(compact(change.old), Style.REMOVED), indent=3)
        return
    text.line(Part("from the repository (-) to live (+):", Style.QUIET), indent=3)
    ValueWriter(text, verbose, indent=3).change(change.new, change.old)
