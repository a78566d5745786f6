"""A submission, as text: the table of checks, what is left to fill in, and what was written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.errors import count
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.submission.check import Outcome
from reconciler.submission.keys import KeysWritten
from reconciler.submission.report import OpenPlace, Submission, SubmitReport

_WORDS: Final = {
    Outcome.OK: Part("ok    ", Style.ADDED),
    Outcome.WARN: Part("warn  ", Style.WARNING),
    Outcome.REFUSE: Part("refuse", Style.REMOVED),
}
_MOST_OTHERS: Final = 10
_DIFF: Final = {"+": Style.ADDED, "-": Style.REMOVED, "@": Style.QUIET}


def submit_text(report: SubmitReport, *, color: bool = False) -> str:
    """The report of one `submit`."""
    submission, text = report.submission, Text(color=color)
    draft = " · draft" if submission.draft else ""
    text.line(Part(f"submit {submission.key}", Style.STRONG), f" · target {submission.target}{draft}")
    text.line(report.summary)
    _show_checks(text, submission)
    for page in submission.kept:
        text.blank()
        text.line(f"kept {page.file}: {'the spec would write it differently now' if page.diff else 'nothing would change'}")
        for line in page.diff:
            text.line(Part(line, _DIFF.get(line[:1])), indent=1)
    _show_open(text, submission)
    _show_files(text, report)
    return text.render()


def _show_checks(text: Text, submission: Submission) -> None:
    text.blank()
    width = max(len(check.id) for check in submission.checks)
    for check in submission.checks:
        text.line(_WORDS[check.outcome], f"  {check.id:{width}}  {check.said}")
        if check.hint and check.outcome is not Outcome.OK:
            text.line(f"hint: {check.hint}", indent=1)


def _show_open(text: Text, submission: Submission) -> None:
    if not submission.open_places:
        return
    text.blank()
    text.line(f"{count(len(submission.open_places), 'place')} to fill in:")
    for said, files in _grouped(submission.open_places).items():
        text.line(said, indent=1)
        text.line(Part(", ".join(files), Style.QUIET), indent=2)


def _show_files(text: Text, report: SubmitReport) -> None:
    if report.written:
        text.blank()
        text.line(
            f"wrote {count(len(report.written), 'file')} to {report.place}", f" ({report.commit[:12]})" if report.commit else ""
        )
        for path in report.written:
            text.line(path, indent=1)
    if report.others:
        text.blank()
        text.line(
            Part("warning", Style.WARNING), f": {count(len(report.others), 'other file')} there, not part of this submission"
        )
        for path in report.others[:_MOST_OTHERS]:
            text.line(path, indent=1)
        text.line("hint: remove what is not needed before you send the folder", indent=1)
    if report.next_steps:
        text.blank()
    for step in report.next_steps:
        text.line(f"next: {step}")


def _grouped(places: Iterable[OpenPlace]) -> dict[str, list[str]]:
    """The files by what is to be filled in."""
    found: dict[str, list[str]] = {}
    for place in places:
        found.setdefault(place.text, []).append(place.file)
    return found


def keys_text(written: KeysWritten, *, key: str, color: bool = False) -> str:
    """What `submit --keys` wrote."""
    text = Text(color=color)
    if written.data is None:
        text.line(f"{written.file} already has these keys")
        return text.render()
    text.line(f"wrote {written.file}")
    for name, value in written.keys.items():
        text.line(f"{name}: key {value}", indent=1)
    for target in written.kept:
        text.line(Part("warning", Style.WARNING), f": the overlay of {target} sets one of them, too, and was not changed")
    text.blank()
    if b"ignore[text-for-key]" in written.data:
        text.line("next: remove the comments `reconciler: ignore[text-for-key]` from it")
    text.line(f"next: set `submission: {{submitted: true}}` in proof.yaml, then run reconciler plan {key}")
    return text.render()
