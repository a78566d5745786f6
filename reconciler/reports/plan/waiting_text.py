"""What waits at a gate, as text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from reconciler.errors import count
from reconciler.reports.plan.view import WaitingView
from reconciler.reports.problems.text import show_hint
from reconciler.reports.sinks.phrases import spec_words
from reconciler.reports.sinks.text import Part, Style, Text


def show_waiting(text: Text, waiting: Sequence[WaitingView]) -> None:
    """Each object that waits, those with the same reasons together, with what to do about them."""
    if not waiting:
        return
    text.blank()
    text.line(Part(f"{waiting_words(len(waiting))}:", Style.STRONG))
    for waits, found in groupby(sorted(waiting, key=_reasons), lambda one: one.waits):
        for one in found:
            text.line(f"  {spec_words(one.action.kind, one.action.key, one.action.name)}  {one.action.action}")
        for wait in waits:
            text.line(f"    {wait.gate}: {wait.message}")
            if wait.hint:
                show_hint(text, wait.hint, indent=2)


def waiting_words(number: int) -> str:
    """How many changes wait."""
    return f"{count(number, 'change')} {'waits' if number == 1 else 'wait'} at a gate"


def applied_while(number: int, *, wrote: bool) -> str:
    """What came of an apply that wrote all that it may while so many changes wait."""
    return f"{'applied what was ready' if wrote else 'nothing else to do'}; {waiting_words(number)}"


def _reasons(one: WaitingView) -> list[tuple[str, str, str]]:
    return [(wait.on, wait.gate, wait.message) for wait in one.waits]
