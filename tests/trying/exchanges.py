"""Requests and answers for tests of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from reconciler.documents.json_text import Document, Json, encode
from reconciler.sources.messages import Answer, Request
from reconciler.sources.source import Source
from reconciler.trying.cassette import Cassette, Exchange

ADDRESS = "https://api.example.net/v1/lists/9f1ab3/members"
RECORDED_AT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
OFFSET = {"type": "OFFSET", "limitName": "limit", "limitValue": "2", "offSetName": "offset"}
TOKEN = {
    "type": "CONTINUATION_TOKEN",
    "continuationTokenPath": "$.after",
    "parameterType": "QUERYPARAM",
    "parameterName": "after",
}
POINTER = {"type": "POINTER", "pointerPath": "$.next", "limitName": "limit", "limitValue": "2"}


class NoSecrets:
    """Replaces nothing."""

    def text(self, text: str) -> str:
        return text

    def finds(self, text: str) -> str | None:
        return text[:0] or None


class OneSecret:
    """Replaces one secret, written plainly."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value

    def text(self, text: str) -> str:
        return text.replace(self.value, f"${{{self.name}}}")

    def finds(self, text: str) -> str | None:
        return self.name if self.value in text else None


def source(pagination: Document) -> Source:
    return Source({"sourceSpec": {"attributes": {"contentPath": {"path": "$.members"}, "paginationParams": pagination}}})


def answer(body: Json, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(200, {"content-type": "application/json", **named}, encode(body), 123)


def get(query: str = "", *headers: tuple[str, str]) -> Request:
    return Request("GET", f"{ADDRESS}?{query}" if query else ADDRESS, headers)


def cassette(calls: Sequence[tuple[Request, Answer]], key: str = "members") -> Cassette:
    return Cassette(key, "0123456789abcdef", RECORDED_AT, tuple(Exchange(*call) for call in calls))
