"""The proofs of several specs in one report, in every format."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.errors import ExitCode, Problem
from reconciler.proving.document import FORMAT_VERSION, document_of
from reconciler.proving.report import NotProved, ProveAllReport, ProveReport
from reconciler.reports.problems.text import show_problems
from reconciler.reports.proving.markdown import prove_markdown
from reconciler.reports.proving.phrases import outcome_word, verdict
from reconciler.reports.proving.text import prove_text
from reconciler.reports.sinks.json import to_json
from reconciler.reports.sinks.markdown import bullet, code
from reconciler.reports.sinks.prose import prose
from reconciler.reports.sinks.text import Part, Style, Text, width

REPORT: Final = "prove-all"


def proofs_text(report: ProveAllReport, *, verbose: bool = False, color: bool = False) -> str:
    """Each proof, then one line for each."""
    parts = [prove_text(one, verbose=verbose, color=color) for one in report.results if isinstance(one, ProveReport)]
    text = Text(color=color)
    text.line(Part("proofs", Style.STRONG))
    names = max((width(_key(one)) for one in report.results), default=0)
    for one in report.results:
        text.line(_key(one).ljust(names), f"  {_word(one)}", f": {_why(one)}" if _why(one) else "", indent=1)
    if report.interrupted:
        text.line(Part("interrupted", Style.WARNING), ": the other sources were not proved")
    text.blank()
    show_problems(text, (problem for one in report.results if isinstance(one, NotProved) for problem in one.problems))
    return "\n".join((*parts, text.render()))


def proofs_json(report: ProveAllReport) -> str:
    """`{"report": "prove-all", "format_version": 1, "proofs": […]}`; each is that of one source, or why there is none."""
    proofs = [document_of(one) if isinstance(one, ProveReport) else _not_proved(one) for one in report.results]
    said: Document = {"report": REPORT, "format_version": FORMAT_VERSION, "proofs": proofs}
    return to_json(said | {"interrupted": report.interrupted})


def proofs_markdown(report: ProveAllReport) -> str:
    """Each proof, one after the other; those that were not begun as a list."""
    parts = [prove_markdown(one) for one in report.results if isinstance(one, ProveReport)]
    refused = [one for one in report.results if isinstance(one, NotProved)]
    lines = [bullet(f"{code(one.key)} was not proved: {prose(_why(one))}") for one in refused]
    return "\n\n".join((*parts, *lines)) + "\n"


def _not_proved(one: NotProved) -> Document:
    outcome = "refused" if one.exit_code is ExitCode.REFUSED else "error"
    return {"key": one.key, "outcome": outcome, "problems": [_problem(each) for each in one.problems]}


def _problem(problem: Problem) -> Document:
    names = ("code", "message", "hint", "file", "line", "column")
    return {"level": problem.severity.value, **{name: getattr(problem, name) for name in names}}


def _key(one: ProveReport | NotProved) -> str:
    return one.spec.key if isinstance(one, ProveReport) else one.key


def _word(one: ProveReport | NotProved) -> str:
    return outcome_word(one) if isinstance(one, ProveReport) else "not begun"


def _why(one: ProveReport | NotProved) -> str:
    if isinstance(one, ProveReport):
        return verdict(one)
    first = next((problem.message for problem in one.problems if problem.is_error), "")
    return first if len(one.problems) <= 1 else f"{first}, and {len(one.problems) - 1} more"
