"""A submission, as Markdown, for a pull request."""

from __future__ import annotations

from typing import Final

from reconciler.errors import count
from reconciler.reports.sinks.markdown import MESSAGE, bounded, code, left_out, table, table_row
from reconciler.submission.check import Check, Outcome
from reconciler.submission.report import OpenPlace, SubmitReport

_ROOM: Final = 20_000
_WORDS: Final = {Outcome.OK: "ok", Outcome.WARN: "**warn**", Outcome.REFUSE: "**refuse**"}


def submit_markdown(report: SubmitReport) -> str:
    """The table of checks, then what is left to fill in."""
    submission = report.submission
    parts = [
        f"### Submission of {code(submission.key)} · target {code(submission.target)}",
        report.summary,
        table(("check", "", "found", "next step"), [_row(check) for check in submission.checks]),
    ]
    if submission.open_places:
        rows, rest = bounded(
            submission.open_places,
            _place,
            lambda places, room: left_out(count(len(places), "more place"), [place.file for place in places], room),
            _ROOM,
        )
        parts += [f"{count(len(submission.open_places), 'place')} to fill in:", table(("file", "what"), rows), rest]
    if report.written:
        parts.append(f"{count(len(report.written), 'file')} in {code(report.place)}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _row(check: Check) -> str:
    hint = code(check.hint, MESSAGE) if check.hint and check.outcome is not Outcome.OK else ""
    return table_row((code(check.id), _WORDS[check.outcome], code(check.said, MESSAGE), hint))


def _place(place: OpenPlace) -> str:
    return table_row((code(place.file, MESSAGE), code(place.text, MESSAGE)))
