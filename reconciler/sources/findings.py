"""What a trial finds, as data. The codes are documented in one table."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.sources.codes.table import FINDINGS as FINDINGS  # noqa: PLC0414 - the table belongs to this module's contract


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the spec does wrong, or probably wrong. An error fails the trial.

    `path` is the part of the body that causes it, for its line in the file; None if no part does. `call` is the request, from 1.
    """

    severity: Severity
    code: str
    message: str
    hint: str
    path: Segments | None = None
    call: int | None = None


def found(code: str, message: str, hint: str | None = None, path: Segments | None = None, call: int | None = None) -> Finding:
    """A finding with the severity of its code, and the general hint if there is no other. Raises KeyError for an unknown code."""
    text = FINDINGS[code]
    general = text.instead[:1].lower() + text.instead[1:].removesuffix(".")
    return Finding(text.severity, code, message, hint or general, path, call)
