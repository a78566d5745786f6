"""What a trial finds, as data. The codes are documented in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.errors import Severity


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


@dataclass(frozen=True, slots=True)
class FindingText:
    """The documentation of one code: its severity, what is true of a spec without it, why it matters, and the next step."""

    code: str
    severity: Severity
    title: str
    why: str
    instead: str


def _error(code: str, title: str, why: str, instead: str) -> FindingText:
    return FindingText(code, Severity.ERROR, title, why, instead)


def _warning(code: str, title: str, why: str, instead: str) -> FindingText:
    return FindingText(code, Severity.WARNING, title, why, instead)


_OF_REQUESTS: Final = (
    _error(
        "no-request",
        "The spec makes a request",
        "Without a host, a path and the method GET or POST nothing can be fetched.",
        "Write urlParams with host, path and method.",
    ),
    _error(
        "missing-value",
        "Every placeholder and credential has a value",
        "A trial sends what a user would enter. A request with a gap in it proves nothing.",
        "Write the value in proof.yaml, or pass it with --set.",
    ),
    _error(
        "unsafe-value",
        "No value changes where a request goes",
        "A value with a slash, an @ or a line break could send the request, and its credentials, to another host or path.",
        "Enter the value that the property asks for, such as a subdomain.",
    ),
    _error(
        "header-name",
        "Header names and values are valid in HTTP",
        "A request with such a header cannot be sent.",
        "Write a name of letters, digits and hyphens, and a value without line breaks.",
    ),
    _error(
        "expression",
        "Expressions can be evaluated",
        "Only a few functions are known here. What any other expression gives is not guessed.",
        "Write the value without an expression.",
    ),
    _error(
        "auth-type",
        "The authentication can be tried",
        "The type of the entry decides what is sent with a request.",
        "Use an entry of authSpec of a type that a trial can send.",
    ),
    _error(
        "params-mapping",
        "Parameters are mappings",
        "Parameters in another form are not sent.",
        "Write {name: value}.",
    ),
    _error(
        "1317",
        "A schedule has its fields",
        "The service refuses an empty schedule, and cannot send a time without the name of its parameter.",
        "Write the fields of scheduleParams, or remove it.",
    ),
    _error(
        "schedule-query-undefined",
        "`{SCHEDULE_QUERY}` has a schedule of type ADVANCE",
        "Only that schedule replaces it. Without one the braces are sent to the source.",
        "Write scheduleParams of type ADVANCE, or remove {SCHEDULE_QUERY} from the request.",
    ),
    _error(
        "schedule-query-unused",
        "The query of an ADVANCE schedule is used",
        "Without {SCHEDULE_QUERY} in the request every run fetches all records.",
        "Write {SCHEDULE_QUERY} in urlParams, headerParams or bodyParams.",
    ),
    _error(
        "window-ignored",
        "The third party reads the times of a schedule",
        "It ignores parameters that it does not know, so every run fetches records outside of its time range.",
        "Compare the names of the parameters with the third party's documentation.",
    ),
    _error(
        "window-swapped",
        "Start and end of a schedule are not swapped",
        "Each run would ask for a time range that ends before it starts, and fetch nothing.",
        "Swap scheduleStartParamName and scheduleEndParamName.",
    ),
    _warning(
        "window-format",
        "Times are written in a format that APIs read",
        "A third party that cannot read a time refuses the request, or ignores it.",
        "Write a format such as yyyy-MM-ddTHH:mm:ssZ.",
    ),
    _warning(
        "query-twice",
        "No query parameter is sent twice",
        "Which of two values a third party reads is not defined.",
        "Remove one of them.",
    ),
)
FINDINGS: Final[Mapping[str, FindingText]] = {text.code: text for text in (*_OF_REQUESTS,)}
"""Every code of a finding."""


def found(code: str, message: str, hint: str, path: Segments | None = None) -> Finding:
    """A finding with the severity of its code. Raises KeyError for a code that is not in the table."""
    return Finding(FINDINGS[code].severity, code, message, hint, path)
