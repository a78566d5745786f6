"""The first request of a run, from a spec and the values that its users enter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Request
from reconciler.sources.sending.addresses import address
from reconciler.sources.sending.filling import Filler, encoded, legal
from reconciler.sources.sending.headers import headers
from reconciler.sources.sending.scheduled import ADVANCE, SCHEDULE_QUERY, Sent, sent
from reconciler.sources.source import BODY_PARAMS, HEADER_PARAMS, QUERY_PARAMS, SCHEDULE, URL_PARAMS, Source
from reconciler.sources.values import Values
from reconciler.sources.window import Window

METHODS: Final = ("GET", "POST")
MAX_LEVELS: Final = 200
"""Maximum nesting of a parameter."""
_HARMLESS: Final = frozenset({"1317", "schedule-query-unused", "schedule-query-undefined", "window-swapped"})
"""Errors with which the request can be sent."""


@dataclass(frozen=True, slots=True)
class First:
    """The first request, without the parameters of pagination; None if the findings leave none to send."""

    request: Request | None
    findings: tuple[Finding, ...] = ()


def first_request(source: Source, values: Values, window: Window | None, assumed: Assumptions) -> First:
    """The first request of a run for a time range; without a window no time is sent."""
    if not source.mapping(URL_PARAMS):
        message = "this source has no `urlParams`, so it makes no request"
        return First(None, (found("no-request", message, "try a batch source", None),))
    for path in (URL_PARAMS, HEADER_PARAMS, BODY_PARAMS, SCHEDULE):
        if _is_deep(source.at(path)):
            message = f"`{path[-1]}` is nested deeper than {MAX_LEVELS} levels"
            return First(None, (found("no-request", message, "write it with fewer levels", path),))
    scheduled = sent(source, window, assumed)
    filler = Filler(source, values, window, assumed)
    filler.findings.extend(scheduled.findings)
    if scheduled.query is not None:
        filler = replace(filler, query=filler.text(scheduled.query, SCHEDULE))
    request = _request(source, values, assumed, scheduled, filler)
    filler.findings.extend(_wrong_query(source, filler))
    blocked = any(item.severity is Severity.ERROR and item.code not in _HARMLESS for item in filler.findings)
    return First(None if blocked else request, tuple(dict.fromkeys(filler.findings)))


def _request(source: Source, values: Values, assumed: Assumptions, scheduled: Sent, filler: Filler) -> Request | None:
    method = source.mapping(URL_PARAMS).get("method")
    if method not in METHODS:
        message = "`urlParams` has no `method`" if method is None else f"{repr(method)[:60]} is not a valid method"
        filler.found("no-request", message, "write GET or POST", URL_PARAMS if method is None else (*URL_PARAMS, "method"))
    base = address(source, values, assumed, filler)
    url = None if base is None else _with_query(base, assumed, scheduled, filler)
    body = _body(assumed, filler) if method == "POST" else None
    pairs = headers(source, values, assumed, filler, has_body=body is not None)
    return None if url is None else Request(str(method), url, pairs, body)


def _with_query(url: str, assumed: Assumptions, scheduled: Sent, filler: Filler) -> str:
    """The URL with `queryParams` and the times of the schedule after the query that the path has."""
    pairs = list(_query(assumed, scheduled, filler))
    where = {name: "the path" for name, _ in parse_qsl(url.partition("?")[2], keep_blank_values=True)}
    for name, _, path in pairs:
        if name in where:
            message = f"the query parameter `{name[:80]}` is sent twice: {where[name]} has it, too"
            filler.found("query-twice", message, "remove one of them", path)
        where.setdefault(name, f"`{path[-2]}`")
    if not pairs:
        return url
    separator = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{separator}{'&'.join(f'{encoded(name)}={text}' for name, text, _ in pairs)}"


def _query(assumed: Assumptions, scheduled: Sent, filler: Filler) -> Iterator[tuple[str, str, Segments]]:
    """Names, encoded values, and the parts of the body that they come from."""
    for name, value in filler.mapping(QUERY_PARAMS).items():
        assumed.of("request.query")
        path = (*QUERY_PARAMS, name)
        text = filler.sent(value, path)
        if text or value != SCHEDULE_QUERY:
            matters = legal(text) != encoded(text)
            as_given = matters and assumed.of("query.encoding") == "as-given"
            yield filler.key(name, QUERY_PARAMS), legal(text) if as_given else encoded(text), path
    for name, text, path in scheduled.parameters:
        yield name, encoded(text), path


def _body(assumed: Assumptions, filler: Filler) -> Json:
    params = filler.mapping(BODY_PARAMS)
    if not params:
        return None
    assumed.of("request.body")
    return filler.value(params, BODY_PARAMS)


def _wrong_query(source: Source, filler: Filler) -> Iterator[Finding]:
    """A query of the schedule without a place in the request, and a place without a query."""
    is_advance = source.mapping(SCHEDULE).get("type") == ADVANCE
    if is_advance and not filler.uses_query:
        message = f"the request has no `{SCHEDULE_QUERY}`, so the query of the schedule is never sent"
        hint = f'write {SCHEDULE_QUERY} in the request, such as queryParams: {{query: "{SCHEDULE_QUERY}"}}'
        yield found("schedule-query-unused", message, hint, SCHEDULE)
    if not is_advance and filler.uses_query:
        message = f"`{SCHEDULE_QUERY}` is sent as it is: there is no schedule of type {ADVANCE}"
        yield found("schedule-query-undefined", message, "write one, or remove it", filler.uses_query[0])


def _is_deep(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_LEVELS):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True
