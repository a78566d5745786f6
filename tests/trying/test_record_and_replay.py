"""Record, then replay: the same trial, from a file without any of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.documents.json_text import Document, Json, encode
from reconciler.providers.provider import Provider
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Fetch, Request
from reconciler.sources.request import First
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.trying.cassette import Cassette
from reconciler.trying.cassette_reading import read_cassette
from reconciler.trying.recording import Recorder, cassette_bytes
from reconciler.trying.redactor import Redactor
from reconciler.trying.replay import Replay
from tests.trying.exchanges import RECORDED_AT, source

KEY = "s3cr3t/with+signs"
LIMIT = {"name": "limit", "default": 3, "max": 50}
STYLES: dict[str, tuple[Document, Document]] = {
    "offset": (
        {"style": "offset", "limit": LIMIT, "offset": "offset"},
        {
            "type": "OFFSET",
            "limitName": "limit",
            "limitValue": "3",
            "offSetName": "offset",
            "endConditionName": "$.hasMore",
            "endConditionValue": "Const:false",
        },
    ),
    "offset without an end": (
        {"style": "offset", "limit": LIMIT, "offset": "offset"},
        {"type": "OFFSET", "limitName": "limit", "limitValue": "3", "offSetName": "offset"},
    ),
    "page": (
        {"style": "page", "limit": LIMIT, "page": "page", "pages_header": "X-PageCount"},
        {
            "type": "PAGE",
            "limitName": "limit",
            "limitValue": "3",
            "pageParamName": "page",
            "initialPageIndex": 1,
            "endPageIndex": "headers.x-pagecount",
        },
    ),
    "pointer": (
        {"style": "pointer", "limit": LIMIT, "next": {"path": "paging.next", "name": "cursor"}},
        {"type": "POINTER", "limitName": "limit", "limitValue": "3", "pointerPath": "$.paging.next"},
    ),
    "relative pointer": (
        {"style": "pointer", "limit": LIMIT, "next": {"path": "paging.next", "name": "cursor", "address": "relative"}},
        {"type": "POINTER", "limitName": "limit", "limitValue": "3", "pointerPath": "$.paging.next"},
    ),
    "token": (
        {"style": "token", "limit": {"default": 3}, "token": {"path": "meta.after", "name": "after"}},
        {
            "type": "CONTINUATION_TOKEN",
            "continuationTokenPath": "$.meta.after",
            "parameterType": "QUERYPARAM",
            "parameterName": "after",
        },
    ),
    "token in a header": (
        {"style": "token", "limit": {"default": 3}, "token": {"path": "meta.after", "name": "X-After", "in": "header"}},
        {
            "type": "CONTINUATION_TOKEN",
            "continuationTokenPath": "$.meta.after",
            "parameterType": "HEADERPARAM",
            "parameterName": "X-After",
        },
    ),
    "number as token": (
        {"style": "token", "limit": {"default": 3}, "token": {"path": "meta.after", "name": "after", "form": "number"}},
        {
            "type": "CONTINUATION_TOKEN",
            "continuationTokenPath": "$.meta.after",
            "parameterType": "QUERYPARAM",
            "parameterName": "after",
        },
    ),
    "none": ({"style": "none"}, {"type": "NONE"}),
}
BODIES: dict[str, Document] = {"byte order mark": {"bom": True, "whitespace": True}, "gzip": {"gzip": "always"}}
WRONG: dict[str, tuple[str, Document]] = {
    "offset": ("offset", {"offSetName": "start"}),
    "end condition": ("offset", {"endConditionValue": "Const:true"}),
    "limit": ("offset without an end", {"limitName": "size", "limitValue": "7"}),
    "page": ("page", {"pageParamName": "number"}),
    "pointer": ("pointer", {"pointerPath": "$.next"}),
    "token": ("token", {"continuationTokenPath": "$.after"}),
    "token name": ("token", {"parameterName": "cursor"}),
}
VALUES = st.one_of(
    st.integers(0, 12),
    st.integers(),
    st.emails(),
    st.text(max_size=12),
    st.sampled_from(["next", "https://acme.example/a?b=c", "/relative/x", "2024-03-01T10:00:00Z", "3", "12", KEY]),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
)
ROWS = st.lists(
    st.fixed_dictionaries({"id": VALUES, "mail": VALUES}, optional={"more": st.lists(VALUES, max_size=2)}), max_size=11
)


def provider(paging: Document, **more: Any) -> Provider:
    made = provider_of(
        {
            "kind": "Provider",
            "path": "/v1/{list}/members",
            "auth": {"header": {"X-Key": KEY}, "query": {"key": KEY}},
            "records": {"count": 0, "each": {}},
            "answer": {
                "records": "members",
                "total": "total",
                "more": "hasMore",
                "also": {"owner": "Jane Doe", "list": {"id": "9f1"}},
            },
            "paging": paging,
            **more,
        }
    )
    assert isinstance(made, Provider)
    return made


def first(key: str) -> First:
    query = "key=" + key.replace("/", "%2F").replace("+", "%2B")
    return First(
        Request("GET", f"https://api.acme.example/v1/9f1/members?{query}", (("X-Key", key), ("Accept", "application/json"))), ()
    )


def tried(spec: Source, start: First, fetch: Fetch, pages: int = 25) -> Trial:
    return trial(spec, start, fetch, Limits(pages), Assumptions())


def recorded(paging: Document, spec: Source, rows: Sequence[Json]) -> tuple[Trial, bytes]:
    recorder = Recorder(Stub(provider(paging), rows).answer)
    live = tried(spec, first(KEY), recorder)
    data = cassette_bytes(
        Cassette("members", "0" * 16, RECORDED_AT, tuple(recorder.exchanges)), spec, Redactor({"KEY": Secret(KEY)})
    )
    return live, data


def replayed(data: bytes, spec: Source) -> tuple[Trial, Replay]:
    cassette = read_cassette(data, "cassette.jsonl")
    assert isinstance(cassette, Cassette)
    replay = Replay(cassette)
    return tried(spec, first("${KEY}"), replay), replay


def outcome(trial: Trial) -> Any:
    calls = [(call.number, call.method, call.status, call.records) for call in trial.calls]
    return (
        calls,
        trial.records,
        trial.stop,
        [(item.code, item.severity, item.path, item.call) for item in trial.findings],
        trial.used,
    )


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=30)
@given(rows=ROWS)
def test_a_replay_is_the_same_trial(style: str, rows: list[Json]) -> None:
    paging, pagination = STYLES[style]
    spec = source(pagination)
    live, data = recorded(paging, spec, rows)
    again, replay = replayed(data, spec)

    assert outcome(again) == outcome(live)
    assert replay.unasked() is None
    assert recorded(paging, spec, rows)[1] == data


@pytest.mark.parametrize("body", BODIES)
def test_answers_in_other_encodings_replay(body: str) -> None:
    paging, pagination = STYLES["offset"]
    spec = source(pagination)
    recorder = Recorder(Stub(provider(paging, body=BODIES[body]), [{"id": number} for number in range(5)]).answer)
    live = tried(spec, first(KEY), recorder)
    data = cassette_bytes(Cassette("members", "0", RECORDED_AT, tuple(recorder.exchanges)), spec, Redactor({"KEY": Secret(KEY)}))

    assert outcome(replayed(data, spec)[0]) == outcome(live)


@pytest.mark.parametrize("mistake", WRONG)
@settings(max_examples=30)
@given(rows=ROWS)
def test_a_mistake_is_found_in_its_recording_too(mistake: str, rows: list[Json]) -> None:
    style, change = WRONG[mistake]
    paging, pagination = STYLES[style]
    spec = source({**pagination, **change})
    live, data = recorded(paging, spec, rows)
    again, _ = replayed(data, spec)

    assert outcome(again) == outcome(live)


@pytest.mark.parametrize("style", STYLES)
def test_no_secret_and_no_value_of_a_row_is_in_the_file(style: str) -> None:
    paging, pagination = STYLES[style]
    rows = [
        {"id": number, "mail": f"jane{number}@acme.example", "name": f"Jane Doe {number}", "key": KEY} for number in range(10)
    ]
    _, data = recorded(paging, source(pagination), rows)

    text = data.decode()
    assert [
        word for word in ("jane", "Jane", KEY, "s3cr3t", encode(KEY).decode()[1:-1], "s3cr3t%2Fwith%2Bsigns") if word in text
    ] == []
    assert "${KEY}" in text


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_made_after_the_recording_fails_the_replay(mistake: str) -> None:
    style, change = WRONG[mistake]
    paging, pagination = STYLES[style]
    _, data = recorded(paging, source(pagination), [{"id": number} for number in range(10)])
    again, replay = replayed(data, source({**pagination, **change}))

    codes = {finding.code for finding in again.findings}
    assert "not-recorded" in codes or replay.unasked() is not None


def test_a_changed_offset_is_named() -> None:
    paging, pagination = STYLES["offset"]
    _, data = recorded(paging, source(pagination), [{"id": number} for number in range(10)])
    again, _ = replayed(data, source({**pagination, "limitValue": "5"}))

    (finding,) = [item for item in again.findings if item.code == "not-recorded"]
    assert finding.message == "request 1 asks limit=5, recorded was limit=3"


def test_a_recording_that_a_limit_ended_is_replayed_up_to_that_limit() -> None:
    paging, pagination = STYLES["offset"]
    spec = source(pagination)
    recorder = Recorder(Stub(provider(paging), [{"id": number} for number in range(10)]).answer)
    live = tried(spec, first(KEY), recorder, 2)
    cut = Cassette("members", "0" * 16, RECORDED_AT, tuple(recorder.exchanges), pages=2)
    read = read_cassette(cassette_bytes(cut, spec, Redactor({"KEY": Secret(KEY)})), "cassette.jsonl")
    assert isinstance(read, Cassette)

    assert outcome(tried(spec, first("${KEY}"), Replay(read), read.pages or 25)) == outcome(live)
    assert replace(read, pages=None).pages is None
