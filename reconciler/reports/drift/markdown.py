"""Drift as Markdown, for the drift issue of a target: what differs from the last apply, who changed it, and how to resolve it."""

from __future__ import annotations

from reconciler.errors import count
from reconciler.reports.drift.view import applied_uncommitted, has_drift
from reconciler.reports.plan.drift_phrases import difference_words, left_out_words, undo_words
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.plan.markdown_changes import Differences
from reconciler.reports.plan.markdown_specs import add_title, by_importance
from reconciler.reports.plan.notes import names_of
from reconciler.reports.plan.renamed_entries import show_renames
from reconciler.reports.plan.view import ActionView, PlanView
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.sinks.markdown import (
    NOTE,
    Blocks,
    FileLinks,
    code,
    fence,
    file_link,
    marker,
    no_links,
    size,
    specs_left_out,
)
from reconciler.reports.sinks.phrases import cause_sentence


def render_drift_markdown(
    view: PlanView,
    *,
    links: FileLinks = no_links,
    specs: str = "specs",
    limit: int = LIMIT,
    import_command: str | None = None,
    apply_command: str | None = None,
) -> str:
    """The drift (from `drift_of`) in at most `limit` bytes (2,000 or more).

    `import_command` imports the live state; `apply_command` overwrites it with the repository's.
    """
    view = show_renames(view)
    opening = marker("drift", view.target.name, specs)
    if not has_drift(view) and not view.errors:
        body = Blocks(limit, opening)
        body.add(f"**reconciler** {code(view.target.name)} · no drift")
        body.add(problems_section("Warnings", view.problems, links, body.room))
        return body.render()
    ways_out = _ways_out(view, _short(import_command, limit), _short(apply_command, limit)) if view.actions else ""
    body = Blocks(limit, opening, ways_out)
    add_title(body, "Drift in", view.target)
    body.add(_counts(view))
    body.add(problems_section("Problems", view.problems, links, body.room * 2 // 5 if view.actions else body.room))
    _add_actions(body, view, links)
    return body.render()


def _counts(view: PlanView) -> str:
    if not view.actions:
        if dirty := applied_uncommitted(view):
            return f"**{count(len(dirty), 'spec')} applied from uncommitted files; no other drift.**"
        return "**no drift found, but the check is incomplete**"
    direction = "`-` is the repository, `+` is live."
    return f"**{difference_words(view)}.** {direction}"


def _ways_out(view: PlanView, import_command: str | None, apply_command: str | None) -> str:
    keep = f"To keep the live values, import them into the spec files{left_out_words(view)}" + (":" if import_command else ".")
    undo = f"To {undo_words(view)}, apply the spec files" + (":" if apply_command else ".")
    parts = ("#### What to do", keep, _command(import_command), undo, _command(apply_command))
    return "\n\n".join(part for part in parts if part)


def _short(command: str | None, limit: int) -> str | None:
    """The command; empty if it would take too much of the room, because a truncated command does not work."""
    return command if command and size(command) <= limit // 8 else None


def _command(command: str | None) -> str:
    return fence([command], "sh") if command else ""


def _add_actions(body: Blocks, view: PlanView, links: FileLinks) -> None:
    actions = by_importance(view.actions)
    differences = Differences(names_of(view), to_live=True)
    reserved = min(NOTE, body.room // 3)
    for index, action in enumerate(actions):
        if not body.add(_drifted(action, differences, links, body.room - reserved)):
            body.add(specs_left_out("more spec", " with differences")(actions[index:], body.room))
            return


def _drifted(action: ActionView, differences: Differences, links: FileLinks, room: int) -> str:
    head = _head(action, links)
    block = differences.block(action, room - size(head) - 2)
    return "\n\n".join(part for part in (head, block) if part)


def _head(action: ActionView, links: FileLinks) -> str:
    """The spec, its location in the repository and in Flow Service, and who changed it and when."""
    name = f" {code(action.name)}" if action.key not in (None, action.name) else ""
    where = (file_link(action.file, action.line, links), f"id {code(action.id)}" if action.id else "")
    sentence = cause_sentence(action.cause, code(action.updated_by) if action.updated_by else None, action.updated_at)
    lines = (" · ".join(part for part in where if part), sentence)
    told = "\\\n".join(line for line in lines if line)
    return f"#### {action.kind.words} {code(action.key or action.name)}{name}" + (f"\n\n{told}" if told else "")
