"""Recorded trials as a section of a comment on a pull request: a table of all, then the findings of those that failed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reconciler.errors import count
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.sinks.markdown import FileLinks, bounded, code, left_out, size, table, table_row
from reconciler.reports.sinks.prose import prose
from reconciler.reports.trying.saved import NoTrial, SavedTrial, SavedTrials

TITLE: Final = "Recorded trials"
_HEADINGS: Final = ("source", "outcome", "records", "requests", "recorded", "first finding")
_FINDING: Final = 200
"""Maximum number of characters of a finding in the table."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def trials_section(trials: SavedTrials, links: FileLinks, room: int) -> str:
    """The trials within this many bytes; empty if no source has a recording."""
    if trials.is_quiet:
        return ""
    head = f"#### {TITLE}\n\n{_totals(trials)}"
    found: tuple[SavedTrial | NoTrial, ...] = (*trials.trials, *trials.unreadable)
    rows = sorted(found, key=_order)
    room -= size(head) + 4
    lines, rest = bounded(rows, _row, _left_out, room // 2 - 200)
    shown = [head, table(_HEADINGS, lines) if rows else "", rest]
    room -= sum(size(block) + 2 for block in shown[1:])
    errors = [problem for problem in trials.problems if problem.is_error]
    shown.append(problems_section("Findings", errors, links, room))
    return "\n\n".join(block for block in shown if block)


def _order(row: SavedTrial | NoTrial) -> tuple[bool, str]:
    return isinstance(row, SavedTrial) and row.outcome == "held", row.key


def _totals(trials: SavedTrials) -> str:
    held = sum(trial.outcome == "held" for trial in trials.trials)
    failed, unread = len(trials.trials) - held, len(trials.unreadable)
    said = [f"{held:,} held"] if held else []
    said += [f"**{failed:,} failed**"] if failed else []
    said += [f"**{unread:,} could not be tried**"] if unread else []
    said += [f"{len(trials.unrecorded):,} without a recording"] if trials.unrecorded and not trials.error else []
    said += ["**interrupted**"] if trials.interrupted else []
    said += ["**nothing could be tried**"] if trials.error else []
    return f"{', '.join(said)}. Each spec was tried on its recorded answers, without the network."


def _row(row: SavedTrial | NoTrial) -> str:
    first = next((problem for problem in row.problems if problem.is_error), None)
    finding = f"{prose(first.message, _FINDING)} ({code(first.code)})" if first else ""
    if isinstance(row, NoTrial):
        return table_row((code(row.key), "**not tried**", "", "", "", finding))
    outcome = "held" if row.outcome == "held" else "**failed**"
    day = _DAY.match(row.recorded_at or "")
    recorded = f"{day[0] if day else ''}{' (stub)' if row.of_stub else ''}".strip()
    return table_row((code(row.key), outcome, f"{row.records:,}", f"{len(row.calls):,}", recorded, finding))


def _left_out(rows: Sequence[SavedTrial | NoTrial], room: int) -> str:
    return left_out(count(len(rows), "more source"), [row.key for row in rows], room)
