"""The reports of several targets as one text for a pull request, within the size of one comment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.errors import count
from reconciler.reports.sinks.markdown import Blocks, left_out, listed, marker, size

EVERY: Final = "*"
"""In place of a target's name, in the marker of a comment for all of them; no target can be named this."""
_LEAST: Final = 2_000
"""Bytes below which a report is named, and not shown."""
_NOTES: Final = 1_000
"""Bytes kept for the names of targets with nothing to do, and of those without room."""

Render: TypeAlias = Callable[[int], str]
"""From a number of bytes to the report of one target in at most as many, the first line of which is its marker."""


@dataclass(frozen=True, slots=True)
class TargetReport:
    """One target's report. `weight` orders them: 0 failed, 1 has changes, 2 has nothing to do and nothing to say."""

    target: str
    weight: int
    render: Render

    @property
    def is_quiet(self) -> bool:
        return self.weight > 1


def marker_of_all(specs: str) -> str:
    """The hidden first line of a comment for all targets of this folder."""
    return marker("plan", EVERY, specs)


def render_targets_markdown(reports: Sequence[TargetReport], specs: str, limit: int) -> str:
    """The reports in at most `limit` bytes: failures first, then changes; targets with nothing to do share a line.

    Each report gets an equal share of the room that is left when its turn comes. One without room is named.
    """
    shown = sorted((report for report in reports if not report.is_quiet), key=lambda report: report.weight)
    quiet = [report.target for report in reports if report.is_quiet]
    body = Blocks(limit, marker_of_all(specs))
    body.add(_opening(len(reports), len(shown), quiet))
    for number, report in enumerate(shown):
        share = (body.room - _NOTES) // (len(shown) - number)
        text = _without_marker(report.render(share)) if share >= _LEAST else ""
        if not text or not body.add(f"---\n\n{text}" if number else text):
            rest = [report.target for report in shown[number:]]
            body.add(left_out(f"no room for {count(len(rest), 'more target')}", rest, min(_NOTES, body.room)))
            break
    return body.render()


def _opening(targets: int, shown: int, quiet: Sequence[str]) -> str:
    """A line about all targets; empty for a single one that is shown."""
    if not quiet:
        return f"**{count(targets, 'target')}**" if targets > 1 else ""
    head = "**reconciler** · nothing to do in " if not shown else f"**{shown} of {count(targets, 'target')}** · nothing to do in "
    return head + listed(list(quiet), _NOTES - size(head))


def _without_marker(text: str) -> str:
    return text.partition("\n")[2].strip("\n")
