"""Words that all formats of a trial share."""

from __future__ import annotations

from reconciler.errors import Problem, count
from reconciler.trying.report import NotTried, TryAllReport, TryReport, WindowCount


def about(report: TryReport) -> list[str]:
    """What was tried: the authentication, the time range, and who answered."""
    words = [report.auth] if report.auth else []
    words += [report.window] if report.window else []
    match report.origin:
        case "cassette":
            what = "recording of a stub" if report.of_stub else "recording"
            words.append(f"{what}, {report.recorded_at}" if report.recorded_at else what)
        case "stub":
            words.append("stub")
        case _:
            pass
    return words


def outcome_word(result: TryReport | NotTried) -> str:
    """The outcome in one word or two."""
    if isinstance(result, TryReport):
        if result.interrupted:
            return "interrupted"
        return "failed" if not result.held else "not sent" if result.is_dry else "held"
    return result.problems[0].code.replace("-", " ") if result.problems else "not tried"


def totals(report: TryAllReport) -> str:
    """How many specs held, failed, or were not tried."""
    tried = [result for result in report.results if isinstance(result, TryReport)]
    held = sum(result.held for result in tried)
    if not tried:
        return f"nothing was tried: {count(len(report.results), 'source')}" + ("; interrupted" if report.interrupted else "")
    said = [f"{count(held, 'source')} held", f"{len(tried) - held} failed", f"{len(report.results) - len(tried)} not tried"]
    return ", ".join(said) + ("; interrupted" if report.interrupted else "")


def problems_to_show(result: TryReport | NotTried) -> list[Problem]:
    """The findings of a trial, or the errors for which there was none; that there is no recording is only an outcome."""
    if isinstance(result, TryReport):
        return [item.problem for item in result.findings]
    return list(result.problems) if result.exit_code else []


def missing_hint(report: TryAllReport) -> str | None:
    """What to do about sources without a recording or a stub; None if there are none."""
    missing = [result for result in report.results if isinstance(result, NotTried) and not result.exit_code]
    if not missing:
        return None
    which, key = ("it", missing[0].key) if len(missing) == 1 else ("the others", "KEY")
    if report.origin == "cassette":
        return f"to try {which}, make a recording: `reconciler try {key} --record`"
    return f"to try {which}, write provider.yaml, or make it with: `reconciler try {key} --record --stub`"


def first_finding(result: TryReport | NotTried) -> Problem | None:
    """The most severe finding, or the error for which there was no trial."""
    problems = problems_to_show(result)
    return next((problem for problem in problems if problem.is_error), problems[0] if problems else None)


def stopped(report: TryReport) -> str:
    """Why the trial ended, with the row of the evidence table that decided it."""
    return f"{report.stop_reason} ?{report.stop_evidence}" if report.stop_evidence else report.stop_reason


def counted_records(report: TryReport) -> str:
    """The records and requests, and how many records are shown."""
    said = f"{count(report.records, 'record')} in {count(len(report.calls), 'request')}"
    if not report.rows:
        return said
    shown = len(report.rows)
    first = "" if shown == report.records else "the first " if shown == 1 else f"the first {shown:,} "
    whose = "the API sent" if report.interrupted else "the mapping sees"
    return f"{said}; {first}as {whose} {'it' if shown == 1 else 'them'}:"


def window_records(window: WindowCount) -> str:
    """The records of a time range: a number, a lower bound, or that they were not counted."""
    if window.records is None:
        return "not counted"
    return f"{window.records:,} or more" if window.is_least else f"{window.records:,}"
