"""What `prove --cleanup` deleted, and what is left, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from reconciler.errors import count
from reconciler.proving.cleaning import Cleaned
from reconciler.proving.naming import named
from reconciler.proving.outcome import CleanupReport
from reconciler.proving.report import LeftOver
from reconciler.reports.problems.text import show_hint
from reconciler.reports.proving.phrases import cleanup_command, resource_words
from reconciler.reports.sinks.json import to_json
from reconciler.reports.sinks.text import Part, Style, Text

FORMAT_VERSION: Final = 1


def cleaned_text(report: CleanupReport, *, color: bool = False) -> str:
    """A line for each resource."""
    text, cleaned = Text(color=color), report.cleaned
    about = ", ".join(report.keys) or "all sources"
    runs = "all runs" if report.runs == "all" else f"run {report.runs}"
    text.line(Part("clean up", Style.STRONG), f" · target {report.target.name} · {about} · {runs}")
    for gone in cleaned.gone:
        word = "deleted" if gone.outcome == "gone" else "was gone"
        text.line(f"{word}: {resource_words(LeftOver(gone.type, gone.id, gone.name, ''))}", indent=1)
    _show(text, "would delete" if report.dry_run else "left", Style.REMOVED, cleaned.left)
    _show(text, "spared", Style.QUIET, cleaned.spared)
    for warning in cleaned.warnings:
        text.line(Part("warning", Style.WARNING), f": {warning}")
    text.line("interrupted: " if report.interrupted else "", _would(cleaned) if report.dry_run else _counted(cleaned))
    if any(not one.id for one in cleaned.left) and not report.dry_run:
        show_hint(
            text,
            f"what is not known may still be there; look again: {cleanup_command(report.target.name, report.runs)}",
            indent=0,
        )
    runs_spared = sorted({found.run for one in cleaned.spared if (found := named(one.name)) and found.run})
    for run in runs_spared:
        show_hint(text, f"if it is no longer at work: {cleanup_command(report.target.name, run)}", indent=0)
    if report.keys and not (cleaned.gone or cleaned.left or cleaned.spared):
        show_hint(text, "leave out KEY to look for what proofs of any source left", indent=0)
    return text.render()


def _would(cleaned: Cleaned) -> str:
    spared = f", {count(len(cleaned.spared), 'is', 'are')} spared" if cleaned.spared else ""
    if cleaned.left or spared:
        return f"{count(len(cleaned.left), 'resource') if cleaned.left else 'nothing'} would be deleted{spared}"
    return "nothing to delete"


def _counted(cleaned: Cleaned) -> str:
    """`2 resources deleted, 1 is left, 7 are spared`."""
    number = sum(gone.outcome == "gone" for gone in cleaned.gone)
    there = [one for one in cleaned.left if one.id]
    left = f", {count(len(there), 'is', 'are')} left" if there else ""
    if unknown := len(cleaned.left) - len(there):
        left += f", {count(unknown, 'is', 'are')} not known"
    spared = f", {count(len(cleaned.spared), 'is', 'are')} spared" if cleaned.spared else ""
    if number or left or spared:
        return f"{count(number, 'resource') if number else 'nothing'} deleted{left}{spared}"
    return "nothing to delete"


def cleaned_json(report: CleanupReport) -> str:
    """`{"report": "prove-cleanup", "format_version": 1, "deleted": […], "left": […]}`."""
    cleaned = report.cleaned
    return to_json(
        {
            "report": "prove-cleanup",
            "format_version": FORMAT_VERSION,
            "target": asdict(report.target),
            "keys": list(report.keys),
            "runs": report.runs,
            "deleted": [asdict(gone) for gone in cleaned.gone],
            "left": [asdict(one) for one in cleaned.left],
            "spared": [asdict(one) for one in cleaned.spared],
            "warnings": list(cleaned.warnings),
            "interrupted": report.interrupted,
            "dry_run": report.dry_run,
        }
    )


def _show(text: Text, word: str, style: Style, resources: Iterable[LeftOver]) -> None:
    for resource in resources:
        text.line(Part(word, style), f": {resource_words(resource)}", indent=1)
