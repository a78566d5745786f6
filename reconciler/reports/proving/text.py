"""A proof as text for a terminal or a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.proving.report import LeftOver, Outcome, ProveReport, StepReport
from reconciler.reports.problems.text import show_hint, show_problems
from reconciler.reports.proving.phrases import (
    AUTHENTICATION_COLUMNS,
    authentication_rows,
    columns_of,
    count_rows,
    duration,
    emulated_note,
    ids_of,
    ids_words,
    is_bad,
    next_step,
    outcome_word,
    place_of,
    request_words,
    resource_words,
    status_words,
    step_word,
    took,
    verdict,
)
from reconciler.reports.sinks.text import Part, Style, Text, table, width

_STYLES: Final[dict[Outcome, Style]] = {
    "proved": Style.ADDED,
    "failed": Style.REMOVED,
    "refused": Style.REMOVED,
    "unknown": Style.WARNING,
    "skipped": Style.QUIET,
}


def prove_text(report: ProveReport, *, verbose: bool = False, color: bool = False) -> str:
    """The report in lines. `verbose` shows the requests of every step, not only of those that failed."""
    text = Text(color=color)
    text.line(Part(f"prove {report.spec.key}", Style.STRONG), *(f" · {_place(*pair)}" for pair in place_of(report)))
    if note := emulated_note(report):
        text.line(Part(note, Style.WARNING))
    text.blank()
    _show_steps(text, report.steps, verbose=verbose)
    _show_counts(text, report)
    _show_rest(text, report, verbose=verbose)
    text.blank()
    show_problems(text, report.findings)
    text.blank()
    for file in report.written:
        text.line(f"wrote {file}")
    spent = took(report)
    style = Style.WARNING if report.interrupted else _STYLES[report.outcome]
    text.line(Part(outcome_word(report), style), f": {verdict(report)}", f" ({spent})" if spent else "")
    if hint := next_step(report):
        show_hint(text, hint, indent=0)
    return text.render()


def _place(name: str, value: str) -> str:
    """`sandbox dev`; a host needs no name."""
    return value if name == "host" else f"{name} {value}"


def _show_steps(text: Text, steps: Sequence[StepReport], *, verbose: bool) -> None:
    names = max((width(step.id) for step in steps), default=0)
    words = max((width(step_word(step)) for step in steps), default=0)
    times = max((width(duration(step.milliseconds)) for step in steps), default=0)
    for step in steps:
        time = "" if step.outcome == "skipped" else duration(step.milliseconds)
        tail = f"  {step.why}" if step.why else ""
        text.line(
            step.id.ljust(names),
            "  ",
            Part(step_word(step).ljust(words), _STYLES[step.outcome]),
            f"  {time.rjust(times)}{tail}".rstrip(),
            indent=1,
        )
        if verbose or is_bad(step):
            _show_requests(text, step)


def _show_requests(text: Text, step: StepReport) -> None:
    rows: list[tuple[str, ...]] = [
        (request_words(each), status_words(each), f"{each.milliseconds:,} ms", each.request_id and f"request {each.request_id}")
        for each in step.requests
    ]
    for line in table(rows) if rows else ():
        text.line(Part(line, Style.QUIET), indent=3)


def _show_counts(text: Text, report: ProveReport) -> None:
    _show_table(text, columns_of(report), list(count_rows(report)))
    _show_table(text, AUTHENTICATION_COLUMNS, list(authentication_rows(report)))


def _show_table(text: Text, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    if not rows:
        return
    text.blank()
    head, *lines = table([columns, *rows])
    text.line(Part(head, Style.QUIET), indent=1)
    for line in lines:
        text.line(line, indent=1)


def _show_rest(text: Text, report: ProveReport, *, verbose: bool) -> None:
    text.blank()
    if ids := ids_of(report):
        text.line(f"{ids_words(report)}: ", ", ".join(f"{name} {value}" for name, value in ids))
    for row in report.learnt:
        text.line(Part("learnt", Style.ADDED), f": {row.key} is {row.value}: {row.why}")
    if verbose and report.assumed:
        text.line("assumed: ", ", ".join(f"{key} {value}" for key, value in report.assumed))
    _show_resources(text, "kept", Style.QUIET, report.kept)
    _show_resources(text, "left", Style.REMOVED, report.left)


def _show_resources(text: Text, word: str, style: Style, resources: Sequence[LeftOver]) -> None:
    for resource in resources:
        text.line(Part(word, style), f": {resource_words(resource)}")
