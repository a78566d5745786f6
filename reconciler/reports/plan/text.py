"""A plan as text: the counts, the errors, each spec with its changes, and the next command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from reconciler.breaking.effect import Level
from reconciler.documents.comparison import Cause
from reconciler.errors import Severity, count
from reconciler.planning.plan import ActionName
from reconciler.reports.plan.closing import digest_for, show_closing
from reconciler.reports.plan.effects import first_effects
from reconciler.reports.plan.notes import Note, entry_words, names_of, notes_of, own_cause
from reconciler.reports.plan.renamed_entries import show_renames
from reconciler.reports.plan.view import ActionView, ChangeView, EffectView, PlanView
from reconciler.reports.plan.waiting_text import show_waiting
from reconciler.reports.problems.text import counted, show_first_problems, show_problems
from reconciler.reports.sinks.phrases import cause_words, place_words, show_target, spec_words, summary_words
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.reports.sinks.values import ValueWriter, summary_of

SYMBOLS: Final = {
    ActionName.CREATE: Part("+", Style.ADDED),
    ActionName.UPDATE: Part("~", Style.CHANGED),
    ActionName.ADOPT: Part("~", Style.CHANGED),
    ActionName.RENAME: Part("~", Style.CHANGED),
    ActionName.ATTACH: Part(">", Style.ADDED),
    ActionName.DETACH: Part("<", Style.REMOVED),
}

_EFFECTS: Final = 8
"""Maximum number of effects of one spec, unless verbose."""
_WEIGHTS: Final = {Level.BREAKING: Style.GRAVE, Level.RISKY: Style.WARNING, Level.SAFE: Style.QUIET}


def render_plan_text(
    view: PlanView,
    *,
    verbose: bool = False,
    color: bool = False,
    columns: int | None = None,
    next_command: str | None = None,
    closing: bool = True,
    errors: bool = True,
    summary: bool = False,
) -> str:
    """Render the plan. `next_command` applies exactly this plan; it is shown only if there are no errors.

    Without `closing`, what it writes is not repeated at the end: a question follows that says so. Without `errors`, they are only counted:
    a refusal follows that has them. A `summary` has one line for each spec, without its changes, and the first problems of each code.
    """
    view = show_renames(view)
    text = Text(color=color)
    show_target(text, view.target)
    _show_counts(text, view)
    show = show_first_problems if summary and not verbose else show_problems
    if errors:
        text.blank()
        show(text, view.errors)
    writer = ActionWriter(text, verbose, names_of(view))
    text.blank()
    for action in view.actions:
        if summary:
            writer.show_line(action)
        else:
            text.blank()
            writer.show(action)
    show_waiting(text, view.waiting)
    for severity in (Severity.WARNING, Severity.INFO):
        text.blank()
        show(text, [problem for problem in view.problems if problem.severity is severity])
    _show_end(text, view, digest_for(view.digest, columns), next_command, closing=closing)
    return text.render()


def _show_counts(text: Text, view: PlanView) -> None:
    causes = cause_words(view.summary)
    if not view.actions and not view.errors:
        now = "nothing to do yet" if view.waiting else "nothing to do"
        text.line(f"{now}: {summary_words(view.summary)}")
    else:
        text.line(Part(summary_words(view.summary), Style.STRONG), f" ({causes})" if causes else "")


def _show_end(text: Text, view: PlanView, digest: str, next_command: str | None, *, closing: bool) -> None:
    if not view.actions and not view.errors:
        return
    text.blank()
    if view.actions and closing:
        show_closing(text, view)
    text.line(f"digest {digest}")
    if view.errors:
        text.line(Part(f"apply refuses this plan: {counted(view.errors)}", Style.GRAVE))
    elif next_command:
        text.line(f"next: {next_command}")


class ActionWriter(msgspec.Struct, frozen=True):
    """Renders actions into a text. `keys` maps ids to their names in the repository."""

    text: Text
    verbose: bool
    keys: Mapping[str, str]

    def show_line(self, action: ActionView) -> None:
        """Add the spec on one line, with what is grave about it."""
        overwrites = action.cause in (Cause.DRIFT, Cause.BOTH)
        marks = [str(action.level)] if action.effects else []
        marks += ["overwrites drift"] if overwrites else []
        marks += ["permanent"] if action.action is ActionName.CREATE else []
        grave = overwrites or action.action is ActionName.CREATE or action.level is Level.BREAKING
        self.text.line(
            SYMBOLS[action.action],
            f" {spec_words(action.kind, action.key, action.name)}  {count(len(action.changes), 'change')}",
            Part(f"  {', '.join(marks)}" if marks else "", Style.GRAVE if grave else Style.WARNING),
        )

    def show(self, action: ActionView, notes: Sequence[Note] | None = None) -> None:
        """Add the spec, its location and id, its notes (`notes` in their place), and its changes."""
        place = place_words(action.file, action.line)
        self.text.line(
            SYMBOLS[action.action],
            " ",
            Part(spec_words(action.kind, action.key, action.name), Style.STRONG),
            f"  {place}" if place else "",
            f"  {action.id}" if action.id else "",
        )
        for note in notes_of(action) if notes is None else notes:
            self.text.line(Part(note.words, Style.GRAVE if note.is_grave else Style.QUIET), indent=2)
        show_effects(self.text, action.effects, verbose=self.verbose)
        if action.action is ActionName.CREATE and not self.verbose:
            self._show_sections(action)
            return
        for change in action.changes:
            self._show_change(action, change)

    def _show_sections(self, action: ActionView) -> None:
        """Add the content of a new spec, one line for each section."""
        width = max((len(change.path) for change in action.changes), default=0)
        for change in action.changes:
            self.text.line(f"{change.path:<{width}}  {summary_of(change.new)}", indent=2)

    def _show_change(self, action: ActionView, change: ChangeView) -> None:
        cause = Part(own_cause(action, change), Style.QUIET)
        if action.moves_id(change):
            sign, entry, style = (">", change.new, Style.ADDED) if change.op == "add" else ("<", change.old, Style.REMOVED)
            self.text.line(Part(f"{sign} {entry_words(entry, self.keys)}", style), cause, indent=2)
        else:
            self.text.line(change.path, cause, indent=2)
            ValueWriter(self.text, self.verbose, indent=3).change(change.old, change.new)


def show_effects(text: Text, effects: Sequence[EffectView], *, verbose: bool) -> None:
    """Add the effects of the changes, one line each."""
    shown, more = first_effects(effects, len(effects) if verbose else _EFFECTS)
    for effect in shown:
        path = [Part(f"  {effect.path}", Style.QUIET)] if effect.path else []
        text.line(Part(f"{effect.level}: ", _WEIGHTS[effect.level]), effect.reason, *path, indent=2)
    if more:
        text.line(Part(more, Style.QUIET), indent=2)
