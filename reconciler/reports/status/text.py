"""The state of every spec, as a table."""

from __future__ import annotations

from typing import Final

from reconciler.planning.plan import Plan, SpecStatus, State
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.reports.problems.text import add_problems
from reconciler.reports.sinks.phrases import show_target, summary_words
from reconciler.reports.sinks.text import Part, Style, Text, table, width
from reconciler.wording.moments import moment_of_service

_HEADINGS: Final = ("STATE", "KIND", "KEY", "ID", "NAME", "ATTACHED TO", "PROVED", "LAST CHANGED", "BY")
_LEFT_OUT_FIRST: Final = ("BY", "LAST CHANGED", "NAME", "KIND", "ATTACHED TO")
"""Columns that a narrow terminal has no room for, the least important first. Without room for the ids, there is no table."""
_WORDS: Final = {State.CREATE: "to create", State.UPDATE: "to update", State.IN_SYNC: "in sync", State.ADOPT: "to adopt"}


def render_status_text(plan: Plan, *, color: bool = False, columns: int | None = None) -> str:
    """One line for each spec of the repository and each live spec that carries its marker, then the problems.

    `columns` is the width of a terminal, for which columns of the table are left out; None shows all.
    """
    text = Text(color=color)
    show_target(text, plan.target)
    text.line(summary_words(plan.summary))
    if plan.specs:
        text.blank()
        rows = [_row(spec, plan.target.name) for spec in plan.specs]
        lines, hidden = _fitting([_HEADINGS, *rows], columns)
        if columns is not None and max(map(width, lines)) > columns:
            _show_records(text, rows)
        else:
            _show_table(text, lines, hidden)
    add_problems(text, plan.problems)
    return text.render()


def _show_table(text: Text, lines: list[str], hidden: list[str]) -> None:
    text.line(Part(lines[0], Style.STRONG))
    for line in lines[1:]:
        text.line(line)
    if hidden:
        text.line(Part(f"not shown here: {', '.join(hidden).lower()}; a wider terminal or a pipe has them", Style.QUIET))


def _show_records(text: Text, rows: list[tuple[str, ...]]) -> None:
    """Add each spec as a few short lines, for a terminal that has no room for a table."""
    for state, kind, key, spec_id, name, attached, proved, changed, who in rows:
        text.blank()
        text.line(Part(key, Style.STRONG), f"  {state}")
        facts = (
            f"{kind} {name}",
            spec_id if spec_id != "-" else "",
            f"attached to {attached}" if attached != "-" else "",
            f"proved: {proved}" if proved != "-" else "",
            f"changed {changed} by {who}" if changed != "-" else "",
        )
        for fact in facts:
            if fact:
                text.line(fact, indent=1)


def _fitting(rows: list[tuple[str, ...]], columns: int | None) -> tuple[list[str], list[str]]:
    """The lines of the table with as many columns as fit, and the headings of the others."""
    hidden: list[str] = []
    while True:
        shown = [number for number, name in enumerate(_HEADINGS) if name not in hidden]
        lines = table([tuple(row[number] for number in shown) for row in rows])
        if columns is None or len(hidden) == len(_LEFT_OUT_FIRST) or max(map(width, lines)) <= columns:
            return lines, hidden
        hidden.append(_LEFT_OUT_FIRST[len(hidden)])


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
