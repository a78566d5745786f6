"""A diagnosis as text: one line for each check, with the next step below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from reconciler.diagnosis.report import OUTCOMES, Check, Diagnosis, Outcome
from reconciler.errors import count
from reconciler.reports.sinks.text import Part, Style, Text

_STYLES: Final[Mapping[Outcome, Style]] = {
    "ok": Style.ADDED,
    "warn": Style.WARNING,
    "fail": Style.REMOVED,
    "unknown": Style.CHANGED,
}
_WIDEST: Final = max(map(len, OUTCOMES))
_INDENT: Final = (_WIDEST + 2) // 2
"""Of lines below a check, in steps of two columns."""


def render_diagnosis_text(diagnosis: Diagnosis, *, color: bool = False) -> str:
    """Every check: its outcome, what was seen, what was asked, the next step; then the counts."""
    text = Text(color=color)
    target = diagnosis.target
    if target is not None:
        text.line(
            Part(f"target {target.name}", Style.STRONG), f" · {target.host} · org {target.org_id} · sandbox {target.sandbox}"
        )
    longest = max((len(check.id) for check in diagnosis.checks), default=0)
    for together in _together(diagnosis.checks):
        _add(text, together, longest)
    text.blank()
    text.line(_counted(diagnosis))
    if target is None:
        text.line("Flow Service was not queried: fix what failed first")
    return text.render()


def _together(checks: tuple[Check, ...]) -> Iterator[tuple[Check, ...]]:
    """Neighbors that say the same, such as all that could not be asked without a token."""
    for _, group in groupby(checks, lambda check: (check.outcome, check.said, check.hint)):
        yield tuple(group)


def _add(text: Text, together: tuple[Check, ...], longest: int) -> None:
    check, *others = together
    outcome = Part(check.outcome.ljust(_WIDEST), _STYLES[check.outcome])
    asked = f"  [{check.asked}]" if check.asked and not others else ""
    text.line(outcome, f"  {check.id.ljust(longest)}  {check.said}", Part(asked, Style.QUIET))
    if others:
        text.line(f"also: {', '.join(other.id for other in others)}", indent=_INDENT)
    first, *more = (check.hint or "").rstrip("\n").split("\n")
    if first:
        text.line(f"hint: {first}", indent=_INDENT)
    for line in more:
        text.line(f"| {line}", indent=_INDENT)


def _counted(diagnosis: Diagnosis) -> str:
    open_ones = sum(check.outcome == "unknown" and not check.due for check in diagnosis.checks)
    missing = diagnosis.count("unknown") - open_ones
    parts = [
        f"{diagnosis.count('ok')} ok",
        count(diagnosis.count("warn"), "warning") if diagnosis.count("warn") else "",
        f"{diagnosis.count('fail')} failed" if diagnosis.count("fail") else "",
        f"{missing} without an answer" if missing else "",
        f"{open_ones} not known" if open_ones else "",
    ]
    return f"{count(len(diagnosis.checks), 'check')}: {', '.join(part for part in parts if part)}"
