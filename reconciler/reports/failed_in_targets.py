"""What an apply over several targets could not write, as Markdown: specs that failed, and what a refusal found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from reconciler.documents.json_text import Document, encode
from reconciler.errors import ReconcilerError, count
from reconciler.reports.apply.markdown import failed_item, failed_left_out
from reconciler.reports.apply.view import ApplyView, ResultView
from reconciler.reports.problems.markdown import problem_item
from reconciler.reports.problems.view import ProblemView
from reconciler.reports.report_reading import read_report
from reconciler.reports.sinks.markdown import FileLinks, code, section


def failed_specs(reports: Iterable[tuple[str, Document | None]], room: int) -> str:
    """Each spec that failed, with its target, from the reports of the targets, in at most `room` bytes. Empty if none did."""
    failed = [(target, result) for target, report in reports for result in _failed(report)]
    return section(
        "What failed",
        failed,
        lambda item: failed_item(item[1], f" in {code(item[0])}"),
        lambda left, bytes_left: failed_left_out([result for _, result in left], bytes_left),
        room,
    )


def refusals(
    reports: Iterable[tuple[str, Document | None]], told: Mapping[str, Collection[ProblemView]], links: FileLinks, room: int
) -> str:
    """What the refusal of each target found, in at most `room` bytes. `told` has the problems of each target shown elsewhere."""
    found = [
        (target, problem)
        for target, report in reports
        if (view := _view(report)) is not None and view.error is not None
        for problem in view.problems
        if problem not in told.get(target, ())
    ]
    return section(
        "Refused",
        found,
        lambda item: f"{problem_item(item[1], links)}\\\n  in {code(item[0])}",
        lambda left, _: f"… {count(len(left), 'more problem')}",
        room,
    )


def _failed(report: Document | None) -> Iterable[ResultView]:
    view = _view(report)
    return () if view is None or view.error else tuple(result for result in view.results if not result.outcome.is_good)


def _view(report: Document | None) -> ApplyView | None:
    """The report of a target; None for one that is not of apply."""
    try:
        view = read_report(encode(report), "the report of a target") if report is not None else None
    except ReconcilerError:
        return None
    return view if isinstance(view, ApplyView) else None
