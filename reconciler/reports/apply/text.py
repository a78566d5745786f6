"""The result of an apply, as text: the counts, then each spec, with the service's error if it failed."""

from __future__ import annotations

from collections import Counter
from typing import Final

from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.errors import ExitCode
from reconciler.reports.apply.next_steps import next_step, undo_command
from reconciler.reports.plan.waiting_text import applied_while
from reconciler.reports.problems.text import add_problems, show_hint, show_problems
from reconciler.reports.sinks.phrases import show_target, spec_words
from reconciler.reports.sinks.text import Part, Style, Text

_WIDTH: Final = max(map(len, OutcomeName))


def render_apply_text(report: ApplyReport, *, verbose: bool = False, color: bool = False, restored: bool = False) -> str:
    """The outcome of each spec. Specs already in sync are counted, and listed only if verbose.

    `restored`: the plan was a restore from a journal.
    """
    text = Text(color=color)
    show_target(text, report.target)
    text.line(Part(_counts(report), Style.STRONG))
    text.blank()
    for result in report.results:
        if verbose or result.outcome is not OutcomeName.IN_SYNC or result.warnings:
            _show_result(text, result, undo_command(result, report), restored=restored)
    add_problems(text, report.problems)
    text.blank()
    if report.journal:
        text.line(f"journal {report.journal}")
    text.line(_verdict(report, restored=restored))
    return text.render()


def _counts(report: ApplyReport) -> str:
    outcomes = Counter(result.outcome for result in report.results)
    return ", ".join(f"{outcomes[name]} {name.words}" for name in OutcomeName if outcomes[name]) or "nothing to do"


def _verdict(report: ApplyReport, *, restored: bool) -> str:
    command = "restore" if restored else "apply"
    if report.signal is not None:
        name = "SIGTERM" if report.signal is ExitCode.SIGTERM else "SIGINT"
        return f"stopped by {name}: requests in flight were finished; run {command} again for the rest"
    if report.converged and report.waiting:
        return applied_while(len(report.waiting), wrote=any(result.requests for result in report.results))
    if report.converged:
        return f"converged: live matches {'the journal' if restored else 'the repository'}"
    return f"not converged: see the specs above; run {'restore with --dry-run' if restored else 'plan'} to see what is left"


def _show_result(text: Text, result: Result, undo: str | None, *, restored: bool) -> None:
    style = Style.ADDED if result.outcome.is_good else Style.REMOVED
    text.line(
        Part(f"{result.outcome.words:<{_WIDTH}}", style),
        f"  {spec_words(result.kind, result.key, result.name)}",
        f"  {result.id}" if result.id else "",
    )
    if result.error:
        _show_failure(text, result.error)
    if step := next_step(result, restored=restored):
        show_hint(text, step, indent=2)
    if undo:
        text.line(f"to preview restoring the previous body: {undo}", indent=2)
    if not result.outcome.is_good:
        _show_requests(text, result)
    show_problems(text, result.warnings)


def _show_failure(text: Text, failure: Failure) -> None:
    text.line(f"{failure.message} ", Part(f"[{failure.code}]", Style.QUIET), indent=2)
    facts = (("status", failure.status), ("code", failure.server_code), ("request id", failure.request_id))
    said = [f"{name} {value}" for name, value in facts if value is not None]
    if said and not is_named(failure.request_id, failure.message):
        text.line(", ".join(said), indent=2)
    if failure.pointers:
        text.line("live still differs at:", indent=2)
        for pointer in failure.pointers:
            text.line(pointer, indent=3)
    if failure.ignore:
        text.line("to accept the difference, add to the file:", indent=2)
        for line in failure.ignore:
            text.line(line, indent=3)


def is_named(request_id: str | None, message: str) -> bool:
    """Whether the message of a failure has the request already: then it has the status and the server's code, too."""
    return request_id is not None and request_id in message


def _show_requests(text: Text, result: Result) -> None:
    message = result.error.message if result.error else ""
    for request in result.requests:
        if is_named(request.request_id, message):
            continue
        answer = f"{request.status}" if request.status is not None else "no response"
        trace = f", request id {request.request_id}" if request.request_id else ""
        text.line(f"{request.method} {request.path}: {answer}{trace}", indent=2)
