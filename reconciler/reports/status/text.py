"""The state of every spec, as a table."""

from __future__ import annotations

from typing import Final

from reconciler.planning.plan import Plan, SpecStatus, State
from reconciler.proofs.status import ProvedStatus
from reconciler.reports.problems.text import add_problems
from reconciler.reports.sinks.phrases import show_target, summary_words
from reconciler.reports.sinks.text import Part, Style, Text, table
from reconciler.wording.moments import moment_of_service

_HEADINGS: Final = ("STATE", "KIND", "KEY", "ID", "NAME", "ATTACHED TO", "PROVED", "LAST CHANGED", "BY")
_WORDS: Final = {State.CREATE: "to create", State.UPDATE: "to update", State.IN_SYNC: "in sync", State.ADOPT: "to adopt"}


def render_status_text(plan: Plan, *, color: bool = False) -> str:
    """One line for each spec of the repository and each live spec that carries its marker, then the problems."""
    text = Text(color=color)
    show_target(text, plan.target)
    text.line(summary_words(plan.summary))
    if plan.specs:
        text.blank()
        heading, *rows = table([_HEADINGS, *(_row(spec, plan.target.name) for spec in plan.specs)])
        text.line(Part(heading, Style.STRONG))
        for row in rows:
            text.line(row)
    add_problems(text, plan.problems)
    return text.render()


def _row(spec: SpecStatus, target: str) -> tuple[str, ...]:
    return (
        _state(spec),
        spec.kind.words,
        spec.key,
        spec.id or "-",
        spec.name,
        ", ".join(spec.attached_to) or "-",
        _proved(spec, target),
        "-" if spec.updated_at is None else moment_of_service(spec.updated_at),
        spec.updated_by or "-",
    )


def _proved(spec: SpecStatus, target: str) -> str:
    """`yes`, `stale` or `no`; for a proof that counts, with its target if that is another one, or that an emulator made it."""
    proved = spec.proved
    if proved is None:
        return "-"
    if proved.status is not ProvedStatus.YES:
        return str(proved.status)
    if proved.target not in (None, target):
        return f"{proved.status} ({proved.target})"
    return f"{proved.status} (emulator)" if proved.emulated else str(proved.status)


def _state(spec: SpecStatus) -> str:
    words = _WORDS.get(spec.state, spec.state.value)
    return f"{words} ({spec.cause})" if spec.cause else words
