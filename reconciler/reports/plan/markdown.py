"""A plan as Markdown, for a pull request comment or a job summary: bounded in size, most important parts first."""

from __future__ import annotations

from typing import Final

from reconciler.reports.plan.effects import judged
from reconciler.reports.plan.effects_markdown import breaking_section
from reconciler.reports.plan.markdown_specs import add_specs, add_title, counts
from reconciler.reports.plan.renamed_entries import show_renames
from reconciler.reports.plan.view import PlanView, held_views
from reconciler.reports.plan.waiting_markdown import waiting_section
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.problems.text import counted
from reconciler.reports.sinks.markdown import Blocks, FileLinks, code, marker, no_links
from reconciler.reports.sinks.phrases import summary_words

LIMIT: Final = 60_000
"""Bytes. GitHub allows 65,536 characters in a comment or an issue, and 65,535 in a check run's summary."""


def render_plan_markdown(
    view: PlanView, *, links: FileLinks = no_links, specs: str = "specs", limit: int = LIMIT, next_step: str | None = None
) -> str:
    """The plan in at most `limit` bytes (2,000 or more). What does not fit is counted, and named if there is room.

    `specs` is the folder of the spec files; it and the target form the hidden marker. `next_step` is Markdown from the caller.
    """
    view = show_renames(view)
    opening = marker("plan", view.target.name, specs)
    if not view.actions and not view.errors:
        body = Blocks(limit, opening)
        body.add(_quiet(view))
        body.add(problems_section("Warnings", view.problems, links, body.room // 2 if view.waiting else body.room))
        body.add(waiting_section(held_views(view), body.room))
        return body.render()
    body = Blocks(limit, opening, _ending(view, next_step))
    add_title(body, "Plan for", view.target)
    body.add(counts(view.summary) + (f"\\\n**Apply refuses this plan: {counted(view.errors)}.**" if view.errors else ""))
    body.add(
        problems_section("Problems", view.problems, links, body.room * 2 // 5 if view.actions or view.waiting else body.room)
    )
    body.add(breaking_section(judged(view.actions), links, body.room // 3))
    body.add(waiting_section(held_views(view), body.room // 4 if view.actions else body.room))
    add_specs(body, view, links)
    return body.render()


def _quiet(view: PlanView) -> str:
    now = "nothing to do yet" if view.waiting else "nothing to do"
    said = f"**reconciler** {code(view.target.name)} · {now}: {summary_words(view.summary)}"
    return f"{said} · digest {code(view.digest)}"


def _ending(view: PlanView, next_step: str | None) -> str:
    commit = f" · commit {code(view.commit)}" if view.commit else ""
    return "\n\n".join(part for part in (f"digest {code(view.digest)}{commit}", next_step) if part)
