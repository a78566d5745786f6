"""The rule for expressions `@{…}` of Azure Data Factory in a request.

No page of Adobe documents them; published specs have them. What is not understood here may work at the service, but cannot be tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.errors import Severity
from reconciler.lint.rule import Finding, Rule
from reconciler.lint.subject import Subject, texts
from reconciler.sdk.source_spec import ATTRIBUTES, REQUEST
from reconciler.sources.sending.expressions import START, Malformed, NotInterpreted, parts


def _expressions(subject: Subject) -> Iterable[Finding]:
    for block in REQUEST:
        path = (*ATTRIBUTES, block)
        for place, text in texts(subject.at(path), path):
            if START not in text:
                continue
            try:
                list(parts(text))
            except Malformed as error:
                yield Finding(place, f"the expression is not valid: {error}")
            except NotInterpreted as error:
                message = f"the expression cannot be tried: {error}"
                yield Finding(place, message, "write the value without it, or try the spec in a sandbox", severity=Severity.INFO)


def _example(path: str) -> str:
    return f'sourceSpec:\n  attributes:\n    urlParams:\n      path: "{path}"\n      method: GET\n'


RULES: Final = (
    Rule(
        code="expression",
        severity=Severity.ERROR,
        title="Expressions can be evaluated",
        why=(
            "`@{…}` is an expression of Azure Data Factory, which runs the request. One that is not valid fails every run; one "
            "with functions that are not known here cannot be tried."
        ),
        instead="Close every brace, parenthesis and quote, and separate arguments with commas.",
        bad=_example("/items@{if(empty(pipeline()?.parameters?.ingestionStart),'?all=1','')"),
        good=_example("/items@{if(empty(pipeline()?.parameters?.ingestionStart),'?all=1','')}"),
        check=_expressions,
    ),
)
