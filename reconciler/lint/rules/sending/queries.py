"""The rule for query parameters that come from two parts of a spec."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.rule import Finding, Rule
from reconciler.lint.subject import Subject
from reconciler.sdk.source_spec import ATTRIBUTES, URL_PARAMS
from reconciler.sources.sending.expressions import START

_QUERY: Final = (*URL_PARAMS, "queryParams")
_SCHEDULE: Final = (*ATTRIBUTES, "scheduleParams")
_TIMES: Final = ("scheduleStartParamName", "scheduleEndParamName")


def _twice(subject: Subject) -> Iterable[Finding]:
    path, schedule = subject.mapping(URL_PARAMS).get("path"), subject.mapping(_SCHEDULE)
    query = path.partition(START)[0].partition("?")[2] if isinstance(path, str) else ""
    where = {name: "the path" for name, _ in parse_qsl(query, keep_blank_values=True)}
    named: list[tuple[str, Segments]] = [(name, (*_QUERY, name)) for name in subject.mapping(_QUERY)]
    named += [(schedule[field], (*_SCHEDULE, field)) for field in _TIMES if isinstance(schedule.get(field), str)]
    for name, place in named:
        if name and name in where:
            yield Finding(place, f"the query parameter `{name[:80]}` is sent twice: {where[name]} has it, too")
        where.setdefault(name, f"`{place[-2]}`")


RULES: Final = (
    Rule(
        code="query-twice",
        severity=Severity.WARNING,
        title="No query parameter is sent twice",
        why="Some APIs read the first value, some the last, and some both.",
        instead="Write the parameter in one place.",
        bad="sourceSpec:\n  attributes:\n    urlParams: {path: '/items?sort=id', method: GET, queryParams: {sort: name}}\n",
        good="sourceSpec:\n  attributes:\n    urlParams: {path: /items, method: GET, queryParams: {sort: name}}\n",
        check=_twice,
    ),
)
