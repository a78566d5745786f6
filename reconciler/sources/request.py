"""The first request of a run, from a spec and the values that its users enter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from reconciler.documents.json_text import Json, encode
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Pairs, Request
from reconciler.sources.sending.authentication import credentials
from reconciler.sources.sending.filling import Filler, encoded, legal
from reconciler.sources.sending.scheduled import ADVANCE, SCHEDULE_QUERY, Sent, sent
from reconciler.sources.source import BODY_PARAMS, HEADER_PARAMS, QUERY_PARAMS, SCHEDULE, URL_PARAMS, Source
from reconciler.sources.values import PLACEHOLDER, NoValue, Values, as_text, filled
from reconciler.sources.window import Window

METHODS: Final = ("GET", "POST")
_HOST: Final = (*URL_PARAMS, "host")
_PATH: Final = (*URL_PARAMS, "path")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A valid header name (RFC 9110, 5.6.2)."""
_NOT_IN_A_VALUE: Final = re.compile(r"[^\t -~]")
_OF_THE_CLIENT: Final = frozenset(
    (
        *("host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"),
        *("proxy-authorization", "proxy-connection"),
    )
)
"""Headers that are not the author's: they decide where a request goes, and where it ends."""
_PART_OF_HOST: Final = re.compile(r"[\w.~-]+(?::[0-9]{1,5})?")
_WHOLE_HOST: Final = re.compile(r"(?:https?://)?[\w.~-]+(?::[0-9]{1,5})?(?:/[\w.~/-]*)?", re.IGNORECASE)
_REPLAYED: Final = re.compile(r"\$\{\w+\}")
"""What takes the place of a secret that is not known, in a replay."""
_DOTS: Final = frozenset({".", ".."})
_HARMLESS: Final = frozenset({"1317", "schedule-query-unused", "schedule-query-undefined"})
"""Errors with which the request can be sent."""


@dataclass(frozen=True, slots=True)
class First:
    """The first request, without the parameters of pagination; None if the findings leave none to send."""

    request: Request | None
    findings: tuple[Finding, ...] = ()


def first_request(source: Source, values: Values, window: Window | None, assumed: Assumptions) -> First:
    """The first request of a run for a time range; without a window no time is sent."""
    if not source.mapping(URL_PARAMS):
        message = "this source has no `urlParams`, so there is nothing to try"
        return First(None, (found("no-request", message, "try a batch source", None),))
    scheduled = sent(source, window, assumed)
    filler = Filler(source, values, window, assumed)
    filler.findings.extend(scheduled.findings)
    if scheduled.query is not None:
        filler = replace(filler, query=filler.text(scheduled.query, SCHEDULE))
    request = _Building(source, values, assumed, scheduled, filler).request()
    filler.findings.extend(_unused_query(source, filler))
    blocked = any(item.severity is Severity.ERROR and item.code not in _HARMLESS for item in filler.findings)
    return First(None if blocked else request, tuple(dict.fromkeys(filler.findings)))


def _unused_query(source: Source, filler: Filler) -> Iterator[Finding]:
    is_advance = source.mapping(SCHEDULE).get("type") == ADVANCE
    if is_advance and not filler.uses_query:
        message = f"the request has no `{SCHEDULE_QUERY}`, so the query of the schedule is never sent"
        hint = f'write {SCHEDULE_QUERY} in the request, such as queryParams: {{query: "{SCHEDULE_QUERY}"}}'
        yield found("schedule-query-unused", message, hint, SCHEDULE)
    if not is_advance and filler.uses_query:
        message = f"`{SCHEDULE_QUERY}` is sent as it is: there is no schedule of type {ADVANCE}"
        yield found("schedule-query-undefined", message, "write one, or remove it", filler.uses_query[0])


@dataclass(frozen=True, slots=True)
class _Building:
    """The parts of one request."""

    source: Source
    values: Values
    assumed: Assumptions
    scheduled: Sent
    filler: Filler

    def request(self) -> Request | None:
        method = self.source.mapping(URL_PARAMS).get("method")
        if method not in METHODS:
            self._found("no-request", f"{repr(method)[:60]} is not a valid method", "write GET or POST", (*URL_PARAMS, "method"))
            return None
        url = self._url()
        body = self._body() if method == "POST" else None
        headers = self._headers(has_body=body is not None)
        return None if url is None else Request(method, url, headers, body)

    def _found(self, code: str, message: str, hint: str, path: Segments) -> None:
        self.filler.findings.append(found(code, message, hint, path))

    def _url(self) -> str | None:
        base = self._base()
        written = self.source.at(_PATH)
        if not isinstance(written, str) and written is not None:
            self._found("no-request", "`path` is not a string", "write the path of the resource", _PATH)
        path = self._path(written) if isinstance(written, str) else ""
        if base is None:
            return None
        slashes = base.endswith("/") + path.startswith("/")
        is_joined = slashes == 1 or not path or path.startswith("?")
        url = f"{base}{path}" if is_joined else self._joined(base, path)
        if _authority(url) != _authority(base):
            self._found("unsafe-value", "the path changes the host of the request", "begin the path with a slash", _PATH)
            return None
        return self._with_query(url)

    def _joined(self, base: str, path: str) -> str:
        """Host and path that have no slash between them, or two."""
        if self.assumed.of("host.slash") == "as-written":
            return f"{base}{path}"
        return f"{base.rstrip('/')}/{path.lstrip('/')}"

    def _base(self) -> str | None:
        """Scheme, host and all that is written with them."""
        written = self.source.at(_HOST)
        if written is None and self.values.auth.get("host") is not None:
            self.assumed.of("host.from-auth")
            written = "${host}"
        if not isinstance(written, str) or not written.strip():
            self._found("no-request", "`urlParams` has no `host`", "write scheme and host", URL_PARAMS)
            return None
        scheme, authority, rest = _split(written.strip())
        is_whole = not scheme and not rest and PLACEHOLDER.fullmatch(authority) is not None
        for placeholder in PLACEHOLDER.finditer(authority):
            self._check_host(placeholder, authority, is_whole=is_whole)
        base = scheme + self.filler.text(authority, _HOST) + self.filler.text(rest, _HOST, encoded, legal)
        try:
            parts = urlsplit(base)
            _ = parts.hostname, parts.port
        except ValueError:
            self._found("no-request", "the host is not a valid address", "write scheme and host", _HOST)
            return None
        return base

    def _check_host(self, placeholder: re.Match[str], authority: str, *, is_whole: bool) -> None:
        try:
            value = filled(placeholder[0], self.filler.given)
        except NoValue:
            return
        allowed = _WHOLE_HOST if is_whole else _PART_OF_HOST
        is_last = placeholder.end() == len(authority)
        if _REPLAYED.fullmatch(value) or (allowed.fullmatch(value) and (is_whole or is_last or ":" not in value)):
            return
        message = f"the value of `{placeholder[0][:80]}` is not a part of a host name, and could send the request to another host"
        self._found("unsafe-value", message, "use letters, digits, hyphens and points", _HOST)

    def _path(self, written: str) -> str:
        path = self.filler.text(written, _PATH, encoded, legal)
        segments, own = (set(text.partition("?")[0].split("/")) for text in (path, written))
        if _DOTS & (segments - own):
            message = "a value makes a segment of the path `.` or `..`, which leads to another path"
            self._found("unsafe-value", message, "enter the value that the property asks for", _PATH)
        return path

    def _with_query(self, url: str) -> str:
        """The URL with `queryParams` and the times of the schedule after the query that the path has."""
        pairs = list(self._query())
        self._warn_of_doubles(url, pairs)
        if not pairs:
            return url
        separator = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
        return f"{url}{separator}{'&'.join(f'{encoded(name)}={text}' for name, text, _ in pairs)}"

    def _query(self) -> Iterator[tuple[str, str, Segments]]:
        """Names, encoded values, and the parts of the body that they come from."""
        params = self._mapping(QUERY_PARAMS)
        as_given = bool(params) and self.assumed.of("query.encoding") == "as-given"
        for name, value in params.items():
            self.assumed.of("request.query")
            path = (*QUERY_PARAMS, name)
            text = self.filler.text(_text(value), path)
            if text or value != SCHEDULE_QUERY:
                yield self.filler.key(name, QUERY_PARAMS), legal(text) if as_given else encoded(text), path
        for name, text, path in self.scheduled.parameters:
            yield name, encoded(text), path

    def _warn_of_doubles(self, url: str, pairs: list[tuple[str, str, Segments]]) -> None:
        seen = {name for name, _ in parse_qsl(url.partition("?")[2], keep_blank_values=True)}
        where = dict.fromkeys(seen, "path")
        for name, _, path in pairs:
            if name in where:
                message = f"the query parameter `{name[:80]}` is sent twice: `{where[name]}` has it, too"
                self._found("query-twice", message, "remove one of them", path)
            where.setdefault(name, path[-2])

    def _mapping(self, path: Segments) -> dict[str, Json]:
        value = self.source.at(path)
        if value is not None and not isinstance(value, dict):
            finding = found("params-mapping", f"`{path[-1]}` is not a mapping, so it is not sent", "write {name: value}", path)
            if finding not in self.filler.findings:
                self.filler.findings.append(finding)
        return value if isinstance(value, dict) else {}

    def _body(self) -> Json:
        params = self._mapping(BODY_PARAMS)
        if not params:
            return None
        self.assumed.of("request.body")
        return self.filler.value(params, BODY_PARAMS)

    def _headers(self, *, has_body: bool) -> Pairs:
        own = []
        for name, value in self._mapping(HEADER_PARAMS).items():
            self.assumed.of("request.headers")
            path = (*HEADER_PARAMS, name)
            own.append((self.filler.key(name, HEADER_PARAMS), self.filler.text(_text(value), path).strip(" \t"), path))
        signed = credentials(self.source, self.values, self.assumed)
        self.filler.findings.extend(signed.findings)
        names = {name.lower() for name, _, _ in own}
        added = list(signed.headers)
        if any(name.lower() in names for name, _, _ in added):
            if self.assumed.of("auth.own-header") == "own":
                added = [item for item in added if item[0].lower() not in names]
            else:
                taken = {name.lower() for name, _, _ in added}
                own = [item for item in own if item[0].lower() not in taken]
        if "accept" not in names:
            added.append(("Accept", f"application/{self.assumed.of('request.accept')}", HEADER_PARAMS))
        if has_body and "content-type" not in names:
            added.append(("Content-Type", f"application/{self.assumed.of('request.content-type')}", HEADER_PARAMS))
        self.filler.findings.extend(_wrong_headers(own + list(signed.headers)))
        return tuple((name, value) for name, value, _ in (*own, *added))


def _wrong_headers(headers: list[tuple[str, str, Segments]]) -> Iterator[Finding]:
    for name, value, path in headers:
        if not _NAME.fullmatch(name):
            message = f"{repr(name)[:80]} is not a valid header name"
            yield found("header-name", message, "use letters, digits and hyphens", path)
        elif name.lower() in _OF_THE_CLIENT:
            message = f"the header `{name}` is written by the client that sends the request"
            yield found("header-name", message, "remove it", path)
        elif _NOT_IN_A_VALUE.search(value):
            message = f"the value of the header `{name[:80]}` has a line break, or a character that is not ASCII"
            yield found("header-value", message, "write a value of ASCII characters on one line", path)


def _text(value: Json) -> str:
    """A value as it is written into a query or header."""
    return as_text(value) if isinstance(value, str) else encode(value).decode()


def _split(base: str) -> tuple[str, str, str]:
    """Scheme with its slashes, authority, and what follows it."""
    scheme, between, rest = base.partition("://")
    if not between or not scheme.isalpha():
        scheme, between, rest = "", "", base
    end = re.search(r"[/?#]", PLACEHOLDER.sub(lambda name: "x" * len(name[0]), rest))
    at = end.start() if end else len(rest)
    return scheme + between, rest[:at], rest[at:]


def _authority(url: str) -> str:
    return _split(url)[1]
