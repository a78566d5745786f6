"""The rule for headers that HTTP allows (RFC 9110, 5.1 and 5.5): in `headerParams`, and for a continuation token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.errors import Severity
from reconciler.lint.rule import Finding, Mark, Rule
from reconciler.lint.subject import Subject, shown
from reconciler.sdk.source_spec import ATTRIBUTES
from reconciler.sources.header_text import is_value, valid_header_name
from reconciler.sources.values import PLACEHOLDER

_HEADERS: Final = (*ATTRIBUTES, "headerParams")
_PAGINATION: Final = (*ATTRIBUTES, "paginationParams")


def _headers(subject: Subject) -> Iterable[Finding]:
    for name, value in subject.mapping(_HEADERS).items():
        if not PLACEHOLDER.search(name) and not valid_header_name(name):
            yield Finding((*_HEADERS, name), f"{shown(name)} is not a valid header name", mark=Mark.KEY)
        elif isinstance(value, str) and not is_value(value):
            message = f"the value of `{name[:80]}` has a line break, or a character that is not ASCII"
            yield Finding((*_HEADERS, name), message, "write a value of ASCII characters on one line")
    block = subject.mapping(_PAGINATION)
    token = block.get("parameterName")
    if block.get("parameterType") == "HEADERPARAM" and isinstance(token, str) and token and not valid_header_name(token):
        message = f"{shown(token)} is not a valid header name, so the token cannot be sent"
        yield Finding((*_PAGINATION, "parameterName"), message, "write parameterType: QUERYPARAM if it is a query parameter")


def _example(params: str) -> str:
    return (
        "sourceSpec:\n  attributes:\n    paginationParams:\n      type: CONTINUATION_TOKEN\n      continuationTokenPath: $.next\n"
        f"      parameterType: {params}\n      parameterName: page[after]\n"
    )


RULES: Final = (
    Rule(
        code="header-name",
        severity=Severity.ERROR,
        title="Headers are valid in HTTP",
        why=(
            "A header name has letters, digits and hyphens, and no brackets or spaces; a value is one line of ASCII characters. "
            "A request with any other header cannot be sent."
        ),
        instead="Write a name of letters, digits and hyphens.",
        bad=_example("HEADERPARAM"),
        good=_example("QUERYPARAM"),
        check=_headers,
    ),
)
