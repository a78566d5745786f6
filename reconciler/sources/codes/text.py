"""The documentation of one code."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import Severity


@dataclass(frozen=True, slots=True)
class FindingText:
    """A code, its severity, and its documentation; `title` is true of a spec without the finding."""

    code: str
    severity: Severity
    title: str
    why: str
    instead: str


def error(code: str, title: str, why: str, instead: str) -> FindingText:
    """A finding with which the spec does not do what it should."""
    return FindingText(code, Severity.ERROR, title, why, instead)


def warning(code: str, title: str, why: str, instead: str) -> FindingText:
    """A finding that is probably a mistake."""
    return FindingText(code, Severity.WARNING, title, why, instead)
