"""First requests, as the tests of requests make them."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from reconciler.documents.json_text import Document, Json
from reconciler.errors import Severity
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Request
from reconciler.sources.request import First, first_request
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from reconciler.sources.window import Mode, Window

END = datetime(2026, 11, 27, tzinfo=UTC)
START = datetime(2026, 11, 26, tzinfo=UTC)
BACKFILL, LATER = Window(Mode.BACKFILL, None, END), Window(Mode.INCREMENTAL, START, END)
HOST = "https://api.acme.example"
URL: Document = {"host": HOST, "path": "/items", "method": "GET"}
BASIC: Document = {"name": "Basic", "type": "BasicAuthentication", "spec": {}}
OAUTH: Document = {"name": "OAuth", "type": "OAuth2RefreshCode", "spec": {}}
USER: dict[str, Json | Secret] = {"username": "u", "password": Secret("pä:w")}
SCHEDULE: Document = {
    "scheduleStartParamName": "since",
    "scheduleEndParamName": "until",
    "scheduleStartParamFormat": "yyyy-MM-dd",
    "scheduleEndParamFormat": "yyyy-MM-dd",
}
ADVANCE: Document = {
    "type": "ADVANCE",
    "paramFormat": "yyyy-MM-dd",
    "incremental": "u>{START_TIME} u<{END_TIME}",
    "backfill": "u<{END_TIME}",
}


def first(
    url: Document | None = None,
    *,
    auth: list[Document] | None = None,
    values: Values | None = None,
    window: Window | None = None,
    assumed: dict[str, str] | None = None,
    form: Document | None = None,
    **attributes: Json,
) -> First:
    body = {
        "authSpec": [] if auth is None else auth,
        "sourceSpec": {"attributes": {"urlParams": {**URL, **(url or {})}, **attributes}, "spec": form or {}},
    }
    before = copy.deepcopy(body)
    found = first_request(Source(body), values or Values(), window, Assumptions(assumed or {}))
    assert body == before
    return found


def sent(url: Document | None = None, **more: Any) -> Request:
    found = first(url, **more)
    assert found.request is not None, found.findings
    assert not [item for item in found.findings if item.severity is Severity.ERROR]
    return found.request


def told(found: First) -> list[str]:
    return [item.code for item in found.findings]


def only(found: First) -> tuple[str, str, str]:
    """The one finding: its code, its message, and the last key of its path."""
    (item,) = found.findings
    assert item.path is not None
    return item.code, item.message, item.path[-1]


def source(**values: Json | Secret) -> Values:
    return Values(None, {}, values)


# Values in their places.
