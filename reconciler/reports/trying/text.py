"""A trial as text for a terminal or a log."""

from __future__ import annotations

from typing import Final

from reconciler.errors import count
from reconciler.reports.problems.text import counted, show_hint, show_problems
from reconciler.reports.sinks.text import INDENT, Part, Style, Text, table, width
from reconciler.reports.trying.calls import answer_of, brief, headers_of, whole
from reconciler.reports.trying.phrases import (
    about,
    counted_records,
    missing_hint,
    outcome_word,
    problems_to_show,
    stopped,
    totals,
    window_records,
)
from reconciler.reports.trying.rows import record_lines
from reconciler.reports.trying.sureness import doubts, next_step, sureness
from reconciler.trying.report import NotTried, ShownCall, TryAllReport, TryReport

_HEAD: Final = 20
_TAIL: Final = 5
"""Requests shown at the beginning and at the end of a long list."""
_RIGHT: Final = 50
"""Columns from which the answers begin, unless a request needs fewer."""


def render_try_text(report: TryReport, *, columns: int = 100, verbose: bool = False, color: bool = False) -> str:
    """The report in lines; the table of records is at most `columns` wide. `verbose` shows every request and every field."""
    text = Text(color=color)
    text.line(Part(f"try {report.key}", Style.STRONG), *(f" · {word}" for word in about(report)))
    _show_calls(text, report.calls, verbose=verbose, is_dry=report.is_dry)
    if report.is_dry:
        text.line(
            "nothing was sent: this is the first request" if report.calls else "nothing was sent: there is no request to send"
        )
    else:
        text.line(f"stopped: {stopped(report)}")
        text.line(counted_records(report))
    if report.rows:
        text.blank()
        for line in record_lines(report.rows, columns - len(INDENT), whole=verbose):
            text.line(line, indent=1)
    _show_windows(text, report)
    text.blank()
    show_problems(text, (item.problem for item in report.findings))
    text.blank()
    _show_sureness(text, report, verbose=verbose)
    text.blank()
    for file in report.written:
        text.line(f"wrote {file}")
    text.line(*_outcome(report))
    return text.render()


def render_tries_text(report: TryAllReport, *, color: bool = False) -> str:
    """One line for each spec, then the findings of each, then the outcome."""
    text = Text(color=color)
    lines = table([("key", "records", "requests", "outcome"), *(_row(result) for result in report.results)])
    text.line(Part(lines[0], Style.QUIET))
    for line in lines[1:]:
        text.line(line)
    for result in report.results:
        if problems := problems_to_show(result):
            text.blank()
            text.line(Part(result.key, Style.STRONG))
            show_problems(text, problems)
    text.blank()
    for result in report.results:
        for file in result.written if isinstance(result, TryReport) else ():
            text.line(f"wrote {file}")
    text.line(totals(report))
    if hint := missing_hint(report):
        show_hint(text, hint, indent=0)
    return text.render()


def _row(result: TryReport | NotTried) -> tuple[str, str, str, str]:
    if isinstance(result, NotTried):
        return result.key, "", "", outcome_word(result)
    return result.key, f"{result.records:,}", f"{len(result.calls):,}", outcome_word(result)


def _show_calls(text: Text, calls: tuple[ShownCall, ...], *, verbose: bool, is_dry: bool) -> None:
    hidden = 0 if verbose or len(calls) <= _HEAD + _TAIL else len(calls) - _HEAD - _TAIL
    digits = len(str(calls[-1].number)) if calls else 1
    shown = [index for index in range(len(calls)) if not hidden or index < _HEAD or index >= len(calls) - _TAIL]
    briefs = {index: brief(calls[index - 1], calls[index]) if index else whole(calls[0]) for index in shown}
    answers = {index: ("", "", "") if is_dry else answer_of(calls[index]) for index in shown}
    sizes = [max((width(cell) for cell in column), default=0) for column in zip(*answers.values(), strict=True)]
    first_line = headers_of(calls[0])[-1:] or [briefs[0]] if calls else []
    others = (words for index, words in briefs.items() if index)
    right = max((width(words) for words in (*first_line, *others) if width(words) <= _RIGHT), default=0)
    for index in shown:
        call = calls[index]
        if hidden and index == len(calls) - _TAIL:
            text.line(Part(f"… {count(hidden, 'more request')} (-v shows all)", Style.QUIET), indent=1)
        lines = [briefs[index], *(headers_of(call) if index == 0 else ())]
        margin = " " * (digits + 3)
        for number, line in enumerate(lines[:-1]):
            text.line(f" {call.number:>{digits}}  {line}" if number == 0 else f"{margin}{line}")
        first = f" {call.number:>{digits}}  " if len(lines) == 1 else margin
        cells = "  ".join(cell.rjust(size) for cell, size in zip(answers[index], sizes, strict=True)).rstrip()
        if width(lines[-1]) <= _RIGHT:
            text.line(f"{first}{lines[-1]}{' ' * max(right - width(lines[-1]), 0)}  {cells}".rstrip())
        else:
            text.line(first + lines[-1])
            text.line(f"{margin}{' ' * right}  {cells}".rstrip())
        if call.curl:
            text.line(Part(call.curl, Style.QUIET), indent=2)


def _show_windows(text: Text, report: TryReport) -> None:
    if not report.windows:
        return
    text.blank()
    rows = [(window.mode, window.start or "", window.end or "", window_records(window)) for window in report.windows]
    for line in table([("window", "from", "to", "records"), *rows]):
        text.line(line, indent=1)


def _show_sureness(text: Text, report: TryReport, *, verbose: bool) -> None:
    if not report.assumed:
        return
    if report.more_calls is not None:
        text.line(Part(f"{count(report.more_calls, 'more request')} sent for {_purpose(report)}", Style.QUIET))
    text.line("how sure is this? ", sureness(report.assumed))
    rows = list(doubts(report.assumed, everything=verbose))
    keys, signs = (max(map(width, column), default=0) for column in ([row.key for row in rows], [row.sign for row in rows]))
    for row in rows:
        text.line(f"{row.sign.ljust(signs)} {row.key.ljust(keys)}  {row.words}", indent=1)
        for other in row.others:
            text.line(f"{' ' * (keys + signs + 3)}{other}", indent=1)
    if step := next_step(report.assumed):
        text.line(Part(f"hint: {step}", Style.QUIET), indent=1)


def _purpose(report: TryReport) -> str:
    said = ["the time ranges"] if report.windows else []
    said += ["other assumptions"] if any(row.changes_outcome is not None for row in report.assumed) else []
    return " and ".join(said) or "more trials"


def _outcome(report: TryReport) -> tuple[Part, str]:
    problems = tuple(item.problem for item in report.findings)
    found = f": {counted(problems)}" if problems else ""
    if report.interrupted:
        return Part("interrupted", Style.WARNING), f"; this is what was known so far{found}"
    if report.held and report.is_dry:
        return Part("not sent", Style.QUIET), found
    if report.held:
        return Part("held", Style.ADDED), found
    return Part("failed", Style.REMOVED), found
