"""Time ranges: each is tried on its own, and the counts show whether the spec sends the range in the way that the API understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from reconciler.errors import Severity, count
from reconciler.proofs.values import Expect
from reconciler.sources.findings import Finding
from reconciler.sources.source import Source
from reconciler.sources.trial import Trial
from reconciler.sources.window import Mode, Window, compare_windows
from reconciler.trying.report import WindowCount

_UNREAD: Final = frozenset(
    {
        *("no-answer", "http-status", "not-json", "not-recorded", "rate-limited", "host-refused"),
        *("no-request", "missing-value", "unsafe-value", "expression", "auth-type", "header-name", "header-value"),
        *("1313", "1314", "1315", "pointer-not-text", "pointer-address", "token-not-text"),
    }
)
"""Codes of findings after which a count says nothing."""
_BUDGET: Final = "page-budget"


@dataclass(frozen=True, slots=True)
class Counted:
    """The trial of one time range."""

    window: Window
    trial: Trial

    @property
    def records(self) -> int | None:
        """The number of its records; None if they could not be read. See `is_least`."""
        return None if any(finding.code in _UNREAD for finding in self.trial.findings) else self.trial.records

    @property
    def is_least(self) -> bool:
        """Whether there are more records than were counted, because of --pages."""
        return any(finding.code == _BUDGET for finding in self.trial.findings)


CountOf: TypeAlias = Callable[[Window], Counted]


def count_windows(
    source: Source, expect: Expect, others: Sequence[Window], number_of: CountOf
) -> tuple[tuple[WindowCount, ...], tuple[Finding, ...]]:
    """The records of each time range, `others` first, and what they show together."""
    counted = [number_of(window) for window in others]
    known = [(each.window, each.records) for each in counted if each.records is not None]
    findings = list(compare_windows(known, source))
    findings += [_uncounted(each) for each in counted if each.records is None][:1]
    for index, wanted in enumerate(expect.windows):
        each = number_of(Window(Mode.INCREMENTAL, wanted.start, wanted.end))
        counted.append(each)
        findings += _unexpected(index, each, expect)
    return tuple(_count_of(each) for each in counted), tuple(findings)


def without_schedule(expect: Expect) -> Iterator[Finding]:
    """The findings for expected time ranges of a spec that sends none."""
    if expect.windows:
        said = "the spec has no scheduleParams, so no run reads one of these time ranges"
        hint = "write scheduleParams, or remove `expect.windows`"
        yield Finding(Severity.ERROR, "expected-window", said, hint, ("expect", "windows"))


def _uncounted(each: Counted) -> Finding:
    first = next(finding for finding in each.trial.findings if finding.code in _UNREAD)
    said = f"the records of {words_of(each.window)} could not be counted: {first.message}"
    return Finding(first.severity, first.code, said, first.hint, first.path)


def _unexpected(index: int, each: Counted, expect: Expect) -> Iterator[Finding]:
    wanted = expect.windows[index].records
    path = ("expect", "windows", str(index))
    if each.records is None:
        yield _uncounted(each)
    elif wanted is not None and each.is_least and (wanted.most is None or each.records <= wanted.most):
        return
    elif wanted is not None and not wanted.has(each.records):
        said = f"read {count(each.records, 'record')} of {words_of(each.window)}, expected {wanted}"
        yield Finding(Severity.ERROR, "expected-records", said, "check scheduleParams, or correct `expect.windows`", path)


def _count_of(each: Counted) -> WindowCount:
    window = each.window
    return WindowCount(_iso(window.start), _iso(window.end), window.mode.value, each.records, each.is_least)


def words_of(window: Window | None) -> str:
    """A time range in words: `backfill to 2026-11-27T00:00:00Z`."""
    if window is None:
        return ""
    start, end = _iso(window.start), _iso(window.end)
    said = window.mode.value
    said += f" from {start}" if start else ""
    return said + (f" to {end}" if end else "")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
