"""How sure it is what the service does: one row for each behavior that a trial relies on.

A behavior that no page of Adobe describes is decided here and nowhere else: code asks `Assumptions.of(key)`, which also records that the
trial relied on the row. The rows with alternatives can be overridden, by `assume:` in proof.yaml or `--assume`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How a behavior is known."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One behavior: its default value, the other possible values, the source, and one sentence about it."""

    key: str
    level: Level
    default: str
    alternatives: tuple[str, ...]
    source: str
    text: str


_SOURCE_PAGE: Final = "Self-Serve Sources, source specification"
_ADF: Final = "Azure Data Factory, REST connector"
_ADOBE_ERRORS: Final = "Flow Service, error codes"
_EXAMPLES: Final = "previews and mappings in Adobe's tutorials"
_NOBODY: Final = "no page of Adobe or Microsoft"
_MICROSOFT: Final = "Microsoft, date and time format strings"


def _documented(key: str, value: str, text: str, source: str = _SOURCE_PAGE) -> Row:
    return Row(key, Level.DOCUMENTED, value, (), source, text)


def _inferred(key: str, value: str, text: str, *alternatives: str, source: str = _ADF) -> Row:
    return Row(key, Level.INFERRED, value, alternatives, source, text)


def _unknown(key: str, value: str, alternatives: tuple[str, ...], text: str, source: str = _NOBODY) -> Row:
    return Row(key, Level.UNKNOWN, value, alternatives, source, text)


_REQUEST: Final = (
    _documented("request.placeholders", "filled", "${name} is replaced in host, path, query, headers and body."),
    _documented("request.query", "appended", "`queryParams` are appended to the URL."),
    _documented("request.headers", "sent", "`headerParams` are sent as headers."),
    _documented("request.body", "post-only", "`bodyParams` are the body of a POST, and are not sent otherwise."),
    _inferred("request.accept", "json", "Each request has the header `Accept: application/json`."),
    _inferred("request.expressions", "evaluated", "`@{…}` in the path is an expression of Azure Data Factory.", source=_EXAMPLES),
    _inferred("auth.basic", "Basic", "Basic authentication sends the header `Authorization: Basic`."),
    _unknown("auth.oauth", "Bearer", ("none",), "OAuth 2 sends the access token as `Authorization: Bearer`.", _EXAMPLES),
    _documented("auth.key", "declared", "KeyBased authentication sends the credential where `restAttributes` declares it."),
)
_SCHEDULE: Final = (
    _documented(
        "window.parameters", "sent", "`scheduleParams` names the parameters with the start and the end of the time range."
    ),
    _documented("window.format", "dotnet", "Times are written in .NET formats: K is Z for UTC, fffffff is 7 digits.", _MICROSOFT),
    _inferred("window.utc", "utc", "Times are in UTC.", source=_NOBODY),
    _documented("window.query", "replaced", "{SCHEDULE_QUERY} is replaced by the query of `incremental` or `backfill`."),
    _inferred(
        "window.advance", "by-name", "A first run uses `backfill`, a later run `incremental`.", source="the names of the fields"
    ),
    _unknown("window.first-run", "backfill", ("incremental",), "The time range that a first run sends."),
    _unknown("window.preview", "none", ("as-run",), "The time range that a preview sends.", _EXAMPLES),
)
_OFFSET: Final = (
    _documented("offset.parameters", "query", "OFFSET sends `limitName` and `offSetName` in the query."),
    _documented("offset.end", "equals", "OFFSET ends when the value at `endConditionName` equals `endConditionValue`."),
    _unknown("offset.first", "send-zero", ("omit",), "Whether the first request has the offset 0.", _ADF),
    _unknown("offset.step", "limit", ("received",), "Each offset is higher by the limit, or by the records received.", _ADF),
    _unknown(
        "offset.no-end",
        "until-empty",
        ("until-short", "never"),
        "OFFSET without an end condition that is met: when the run ends.",
        _ADF,
    ),
    _unknown("end-condition.absent", "go-on", ("stop",), "Nothing is at `endConditionName`: the run goes on or stops.", _ADF),
    _unknown("end-condition.plain", "value", ("ignored",), "An `endConditionValue` without `Const:` is a fixed value, too."),
)
_PAGE: Final = (
    _documented("page.parameters", "query", "PAGE sends `limitName` and `pageParamName` in the query."),
    _documented("page.first", "initialPageIndex", "The first page is `initialPageIndex`; the default is 0."),
    _inferred("page.step", "1", "Each page is the previous one plus 1."),
    _documented("page.end-from", "number-or-header", "`endPageIndex` is a number, or a header of the answer."),
    _documented("page.maximum", "maximumRequest", "A run makes at most `maximumRequest` requests; the default is 10000."),
    _unknown("page.end", "inclusive", ("exclusive",), "Whether the page `endPageIndex` is requested."),
    _unknown("page.end-absent", "go-on", ("stop",), "The header of `endPageIndex` is absent: the run goes on or stops."),
    _unknown("page.no-end", "until-empty", ("until-short", "never"), "PAGE without `endPageIndex`: when the run ends."),
)
_POINTER: Final = (
    _documented("pointer.path", "address", "The value at `pointerPath` is the address of the next page."),
    _inferred("pointer.relative", "resolved", "A relative address is resolved against the address of the request."),
    _inferred("pointer.end", "absent-or-null", "POINTER ends when nothing or null is at `pointerPath`."),
    _unknown("pointer.empty-text", "stops", ("same-address",), "An empty string at `pointerPath` ends the run."),
    _unknown(
        "pointer.query", "as-given", ("keep-query",), "The next address is sent as given, or with the first query's parameters."
    ),
    _unknown("pointer.auth", "same-host", ("always",), "Whether an address on another host is sent the credentials."),
    _unknown("pointer.limit", "first-only", ("every",), "Whether `limitName` is added to each address, or to the first only."),
)
_TOKEN: Final = (
    _documented("token.parameter", "parameterType", "The token is sent in the query or a header, as `parameterType` says."),
    _documented("token.delay", "delayRequestMillis", "The service waits `delayRequestMillis` between requests."),
    _inferred("token.end", "absent-or-null", "CONTINUATION_TOKEN ends when nothing or null is at `continuationTokenPath`."),
    _unknown("token.empty-text", "stops", ("sent",), "An empty token ends the run."),
    _unknown("token.not-text", "sent", ("stops",), "A number or a boolean is sent as a token."),
)
_RECORDS: Final = (
    _documented("content.path", "array", "`contentPath` points to an array of records.", _ADOBE_ERRORS),
    _unknown("content.none", "root", ("refused",), "Without `contentPath` the records are the whole answer."),
    _unknown("content.null", "no-rows", ("refused",), "null at `contentPath` is a page without records."),
    _inferred("content.empty", "no-rows", "An empty array is a page without records."),
    _unknown("answer.root-array", "rows", ("refused",), "An answer that is an array, not an object.", _EXAMPLES),
    _inferred("answer.encoding", "declared", "An answer that is not UTF-8 is read in the encoding that it declares.", "utf-8"),
    _inferred("path.without-dollar", "from-root", "A path without `$` starts at the root.", source=_EXAMPLES),
    _unknown("row.wrapped", "wrapped", ("bare",), "A row has the record under a name, or the record's own fields.", _EXAMPLES),
    _unknown("row.nulls", "dropped", ("kept",), "Whether a row keeps fields that are null.", _EXAMPLES),
    _inferred(
        "row.attributes",
        "envelope",
        "`skipAttributes` and `keepAttributes` name fields beside the records.",
        "record",
        source=_EXAMPLES,
    ),
    _inferred("row.explode", "one-row-each", "`explodeEntityPath` makes one row of each inner item.", source=_EXAMPLES),
)
_ENDS: Final = (
    _documented("none.single", "one-request", "NONE makes one request."),
    _unknown("none.link-header", "follow", ("ignore",), "NONE follows the header `Link: rel=next`.", _ADF),
    _unknown("pagination.none", "one-request", ("refused",), "Without `paginationParams` there is one request."),
    _unknown(
        "pagination.old-names", "read", ("ignored",), "Whether names of Adobe's first pages, such as `offsetName`, are read."
    ),
    _unknown("pagination.placeholders", "filled", ("literal",), "${name} is replaced in `paginationParams`, too."),
    _inferred("http.error", "fails", "An answer with an error status fails the run."),
    _inferred("http.204", "ends", "HTTP 204 ends the run."),
    _unknown("http.429", "fails", ("retries",), "HTTP 429 fails the run, or the request is repeated.", _ADF),
    _inferred("loop.endless", "endless", "A request that was made before is made again, without end."),
    _unknown("run.max-requests", "10000", (), "The most requests of one run."),
)
_SENDING: Final = (
    _inferred("request.content-type", "json", "A body is sent as JSON, with `Content-Type: application/json`."),
    _inferred(
        "host.from-auth", "host", "Without `urlParams.host` the value `host` of the connection is the host.", source=_EXAMPLES
    ),
    _unknown("host.slash", "one", ("as-written",), "Host and path are joined with exactly one slash, or exactly as written."),
    _unknown("query.encoding", "encoded", ("as-given",), "Values of `queryParams` are percent-encoded, or sent as given."),
    _unknown("value.default", "used", ("missing",), "A property without a value has the `default` of its JSON Schema."),
    _unknown("value.in-key", "as-written", ("filled",), "Whether ${name} is replaced in the names of parameters, too."),
    _unknown("auth.own-header", "own", ("auth",), "Which value an authentication header has that `headerParams` has, too."),
    _unknown("window.no-format", "yyyy-MM-ddTHH:mm:ssZ", ("yyyy-MM-ddTHH:mm:ss.fffffffK",), "The format of a time without one."),
    _unknown("window.backfill-start", "1970", ("as-written",), "What {START_TIME} is in the query of a first run."),
    _unknown("expression.times", "yyyy-MM-ddTHH:mm:ssZ", ("yyyy-MM-ddTHH:mm:ss.fffffffK",), "The format of `ingestionStart`."),
)
ROWS: Final[Mapping[str, Row]] = {
    row.key: row for row in (*_SENDING, *_REQUEST, *_SCHEDULE, *_OFFSET, *_PAGE, *_POINTER, *_TOKEN, *_RECORDS, *_ENDS)
}
"""All rows, by key. A documented row has no alternatives."""


@dataclass(slots=True)
class Assumptions:
    """The values of rows for one trial, and the keys that it has relied on, in the order of first use."""

    overrides: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    def of(self, key: str) -> str:
        """The value of a row; the trial now relies on it. Raises KeyError for a row that does not exist."""
        value = self.value(key)
        self.used.setdefault(key, value)
        return value

    def value(self, key: str) -> str:
        """The value of a row that the trial does not rely on yet. Raises KeyError for a row that does not exist."""
        return self.overrides.get(key, ROWS[key].default)
