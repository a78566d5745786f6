"""The specs of a plan as Markdown: permanent and shared changes first, a row for each spec, and folded changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.documents.kinds import Kind
from reconciler.errors import count
from reconciler.planning.comparing.causes import REPORTED_AS_DRIFT
from reconciler.planning.plan import ActionName, PlanTarget
from reconciler.planning.summary import Summary
from reconciler.planning.tried import TriedOutcome
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.reports.plan.markdown_changes import folded
from reconciler.reports.plan.notes import is_used, proved_sentence, tried_sentence, usage_sentence
from reconciler.reports.plan.view import ActionView, PlanView
from reconciler.reports.sinks.markdown import (
    Blocks,
    FileLinks,
    bullet,
    code,
    file_link,
    left_out,
    listed,
    section,
    size,
    specs_left_out,
    table_row,
    table_section,
)
from reconciler.reports.sinks.phrases import cause_words, summary_words
from reconciler.reports.sinks.prose import prose

_HEADINGS: Final = ("action", "spec", "name", "changes", "file")
"""The widest column is last, because a table that is too wide scrolls."""


def add_title(body: Blocks, what: str, target: PlanTarget) -> None:
    """Add the report's title and target; if the whole target does not fit, only its name."""
    title = f"### {what} {code(target.name)}"
    body.add(f"{title} · {code(target.host)} · org {code(target.org_id)} · sandbox {code(target.sandbox)}") or body.add(title)


def counts(summary: Summary) -> str:
    """The number of specs for each action, and for each cause."""
    causes = cause_words(summary)
    return f"**{summary_words(summary)}**" + (f" ({causes})" if causes else "")


def by_importance(actions: Sequence[ActionView]) -> list[ActionView]:
    """Order of importance: detaches, creates, shared flow specs, changes that overwrite drift, then the rest."""
    return sorted(actions, key=_importance)


def _importance(action: ActionView) -> int:
    ranks = (
        action.action is ActionName.DETACH or bool(action.detaches),
        action.action is ActionName.CREATE,
        action.kind is Kind.FLOW_SPEC,
        action.cause in REPORTED_AS_DRIFT,
        True,
    )
    return ranks.index(True)


def add_specs(body: Blocks, view: PlanView, links: FileLinks) -> None:
    """Add the notes and rows of specs, most important first, each section with a share of the remaining room."""
    actions = by_importance(view.actions)
    body.add(_irreversible(actions, body.room // 6))
    body.add(_trials_section(actions, body.room // 6))
    body.add(_proofs_section(actions, body.room // 6))
    shared = [action for action in actions if action.attaches or action.detaches]
    body.add(section("Flow specs", shared, _flow_spec, _flow_specs_left_out, body.room // 6))
    body.add(_affected_section(actions, body.room // 6))
    note = specs_left_out("more spec", " omitted from this table")
    body.add(table_section("Specs", _HEADINGS, actions, lambda action: _row(action, links), note, body.room // 2))
    add_details(body, view)


def add_details(body: Blocks, view: PlanView, title: str = "Changes") -> None:
    """Add the changes of each spec, folded, as far as they fit."""
    heading = f"#### {title}"
    changes = folded(view, by_importance(view.actions), body.room - size(heading) - 2)
    if changes:
        body.add(f"{heading}\n\n{changes}")


def _irreversible(actions: Sequence[ActionView], room: int) -> str:
    created = [action.name for action in actions if action.action is ActionName.CREATE]
    if not created:
        return ""
    said = f"{count(len(created), 'spec')} will be created; **a spec cannot be deleted once created**: "
    head = f"#### Permanent\n\n{said}"
    return head + listed(created, room - size(head))


def _trials_section(actions: Sequence[ActionView], room: int) -> str:
    """A line for each spec that needs a trial, those without a successful one first."""
    needed = sorted((action for action in actions if action.tried), key=_is_tried)
    return section("Tried", needed, _trial, specs_left_out(), room)


def _is_tried(action: ActionView) -> bool:
    return action.tried is not None and action.tried.outcome is TriedOutcome.HELD


def _trial(action: ActionView) -> str:
    return bullet(f"{code(action.key or action.name)} · {tried_sentence(action.tried, prose)}")


def _proofs_section(actions: Sequence[ActionView], room: int) -> str:
    """A line for each spec that needs a proof, those without one first."""
    needed = sorted((action for action in actions if action.proved), key=_is_proved)
    return section("Proved", needed, _proof, specs_left_out(), room)


def _is_proved(action: ActionView) -> bool:
    return action.proved is not None and action.proved.status is ProvedStatus.YES


def _proof(action: ActionView) -> str:
    return bullet(f"{code(action.key or action.name)} · {proved_sentence(action.proved, code if _is_proved(action) else prose)}")


def _flow_spec(action: ActionView) -> str:
    attached, detached = len(action.attaches), len(action.detaches)
    said = [f"{count(number, 'id')} {word}" for number, word in ((attached, "attached"), (detached, "**detached**")) if number]
    kept = "; shared with other teams; every other id stays" if action.is_shared else ""
    return bullet(f"{code(action.name)} {' and '.join(said)}{kept}")


def _flow_specs_left_out(actions: Sequence[ActionView], room: int) -> str:
    return left_out(f"{count(len(actions), 'more flow spec')}", [action.name for action in actions], room)


def _row(action: ActionView, links: FileLinks) -> str:
    return table_row(
        (
            action.action,
            f"{action.kind.words} {code(action.key)}" if action.key else action.kind.words,
            code(action.name),
            f"{len(action.changes):,}" + (f", {action.cause}" if action.cause else ""),
            file_link(action.file, action.line, links),
        )
    )


def _affected_section(actions: Sequence[ActionView], room: int) -> str:
    """A line for each changed spec that is in use, within this many bytes, and how many have unknown usage."""
    used = sorted((action for action in actions if is_used(action.usage)), key=_most_used_first)
    untold = sum(action.usage is not None and action.usage.flows is None for action in actions)
    note = f"\n\nUsage of {count(untold, 'spec')} is unknown." if untold else ""
    shown = section("Who is affected", used, _affected, specs_left_out("more used spec"), room - len(note))
    if not shown and untold:
        return f"#### Who is affected{note}"
    return shown + note if shown else ""


def _most_used_first(action: ActionView) -> tuple[int, int]:
    usage = action.usage
    return (0, 0) if usage is None else (-(usage.enabled_flows or 0), -(usage.flows or 0))


def _affected(action: ActionView) -> str:
    return bullet(f"{action.action} {action.kind.words} {code(action.key or action.name)}: {usage_sentence(action, code)}")
