"""A provider file written from a recording answers as the API did."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.json_text import Document, Json, decode
from reconciler.providers.provider import Provider
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, Request
from reconciler.sources.source import Source
from reconciler.sources.trial import Trial
from reconciler.texts.yaml import read_yaml
from reconciler.trying.cassette import Cassette, Exchange, Unrecordable
from reconciler.trying.providing.paging import probes
from reconciler.trying.providing.provider_file import ProviderFiles, provider_files
from reconciler.trying.recording import Recorder
from reconciler.trying.redacting.redaction import redacted
from tests.trying.exchanges import ADDRESS, OFFSET, RECORDED_AT, TOKEN, NoSecrets, OneSecret, answer, cassette, get, source
from tests.trying.test_record_and_replay import KEY, STYLES, first, outcome, provider, tried

ROWS = [{"id": number, "mail": f"jane{number}@acme.example"} for number in range(10)]


def written(paging: Document, spec: Source, *, probing: bool = True) -> tuple[Trial, ProviderFiles]:
    stub = Stub(provider(paging), ROWS)
    recorder = Recorder(stub.answer)
    live = tried(spec, first(KEY), recorder)
    asked = (
        probes(recorder.exchanges[0].request, spec.mapping(("sourceSpec", "attributes", "paginationParams"))) if probing else ()
    )
    probed = [Exchange(request, came) for request in asked if isinstance(came := stub.answer(request), Answer)]
    hidden = redacted([*recorder.exchanges, *probed], spec, OneSecret("KEY", KEY))
    count = len(recorder.exchanges)
    made = Cassette("members", "0" * 16, RECORDED_AT, hidden[:count])
    return live, provider_files(made, spec, hidden[count:])


def read(files: ProviderFiles) -> Document:
    reading = read_yaml(files.provider)
    assert reading.mistakes == ()
    document: Document = reading.value
    return document


def stub_of(files: ProviderFiles) -> Stub:
    made = provider_of(read(files))
    assert isinstance(made, Provider)
    return Stub(made, [decode(line) for line in files.records.splitlines()], placeholders=True)


@pytest.mark.parametrize("style", STYLES)
def test_a_stub_from_a_recording_answers_as_the_api_did(style: str) -> None:
    paging, pagination = STYLES[style]
    spec = source(pagination)
    live, files = written(paging, spec)

    assert outcome(tried(spec, first("${KEY}"), stub_of(files).answer)) == outcome(live)


@pytest.mark.parametrize("style", ["offset", "page", "pointer"])
def test_sizes_come_from_two_further_requests(style: str) -> None:
    paging, pagination = STYLES[style]
    sized = {**paging, "limit": {"name": "limit", "default": 2, "max": 7}}

    assert read(written(sized, source(pagination))[1])["paging"]["limit"] == {"name": "limit", "default": 2, "max": 7}
    assert read(written(sized, source(pagination), probing=False)[1])["paging"]["limit"] == {
        "name": "limit",
        "default": 3,
        "max": 3,
    }


def test_a_cap_is_seen_without_further_requests() -> None:
    paging, pagination = STYLES["offset"]
    sized = {**paging, "limit": {"name": "limit", "default": 2, "max": 4}}
    spec = source({**pagination, "limitValue": "9"})

    assert read(written(sized, spec, probing=False)[1])["paging"]["limit"] == {"name": "limit", "default": 4, "max": 4}


def test_the_file_says_where_it_is_from() -> None:
    paging, pagination = STYLES["offset"]
    _, files = written(paging, source(pagination))

    assert files.provider.decode().splitlines() == [
        "# yaml-language-server: $schema=../../.schemas/provider.schema.json",
        "# Written from the answers of 2026-11-27. Check it against the API's documentation: a time range, faults and what",
        "# comes after the last page are not in a recording.",
        "kind: Provider",
        "path: /v1/9f1/members",
        "auth:",
        "  header:",
        '    x-key: "*"',
        "  query:",
        '    key: "*"',
        "records:",
        "  file: records.jsonl",
        "answer:",
        "  records: members",
        "  more: hasMore",
        "  total: total",
        "  also:",
        "    list:",
        "      id: 9f1",
        "    owner: text-0001",
        "paging:",
        "  style: offset",
        "  limit:",
        "    name: limit",
        "    default: 3",
        "    max: 10",
        "  offset: offset",
    ]


def test_no_data_and_no_secret_is_in_the_files() -> None:
    paging, pagination = STYLES["pointer"]
    _, files = written(paging, source(pagination))

    text = (files.provider + files.records).decode()
    assert [word for word in ("jane", "Jane", KEY) if word in text] == []


def document_of(body: Json, pagination: dict[str, Any] = OFFSET, request: Request | None = None, **urls: Any) -> Document:
    spec = source(pagination)
    spec.body["sourceSpec"]["attributes"]["urlParams"] = urls
    return read(provider_files(cassette([(request or get("limit=2&offset=0"), answer(body))]), spec))


@pytest.mark.parametrize(
    ("value", "auth"),
    [
        ("Basic ${USER}:${KEY}", {"basic": {"username": "*", "password": "*"}}),
        ("Bearer ${KEY}", {"bearer": "*"}),
        ("${KEY}", {"header": {"Authorization": "*"}}),
    ],
)
def test_credentials_are_of_any_value(value: str, auth: Document) -> None:
    request = get("limit=2&offset=0", ("authorization", value))

    assert document_of({"members": []}, request=request)["auth"] == auth


def test_what_the_spec_fills_in_is_a_placeholder_of_the_path() -> None:
    assert document_of({"members": []}, path="/lists/${listId}/members")["path"] == "/v1/lists/{listId}/members"


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        ({"members": [{}], "total": "1", "x": 1}, {"records": "members", "total": "total", "as_strings": True, "also": {"x": 1}}),
        ({"members": [{}], "isLast": True}, {"records": "members", "last": "isLast"}),
        ({"members": [{}], "hasMore": False}, {"records": "members", "more": "hasMore"}),
        ({"members": [{}], "meta": {"found": 9, "tags": []}}, {"records": "members", "also": {"meta": {"found": 9}}}),
        ({"members": [{}], "a.b": 1, "": 2}, {"records": "members"}),
    ],
)
def test_the_members_around_the_records_are_described(body: Json, shape: Document) -> None:
    assert document_of(body)["answer"] == shape


@pytest.mark.parametrize(
    ("pagination", "message"),
    [
        ({**TOKEN, "continuationTokenPath": "headers.x-next"}, "a provider file cannot describe a token in a header"),
        ({**TOKEN, "continuationTokenPath": "$.members[0].id"}, "continuationTokenPath 'members/0/id' is not a path"),
        ({"type": "POINTER", "pointerPath": "$.next[*]"}, "pointerPath '$.next[*]' is not a path"),
    ],
)
def test_what_a_provider_file_cannot_describe_is_an_error(pagination: dict[str, Any], message: str) -> None:
    with pytest.raises(Unrecordable) as caught:
        document_of({"members": [{"id": 1}], "after": "x"}, pagination)
    assert caught.value.message.startswith(message)
    assert caught.value.hint == "write provider.yaml by hand; docs/emulator.md lists its keys"


@pytest.mark.parametrize("came", [answer({"others": []}), Answer(200, {}, b"<html>"), Answer(500, {}, b'{"members":[]}')])
def test_without_records_there_is_nothing_to_write(came: Answer) -> None:
    with pytest.raises(Unrecordable, match="no answer has records"):
        provider_files(cassette([(get(), came)]), source(OFFSET))


def test_too_many_records_are_an_error() -> None:
    page = answer({"members": [{"name": "x" * 90}] * 10_000})

    with pytest.raises(Unrecordable, match=r"the records would have 1,020,000 bytes; the limit is 1,000,000") as caught:
        provider_files(cassette([(get(), page)]), source(OFFSET))
    assert caught.value.hint == "use --pages N for fewer records"


def test_nothing_is_probed_where_no_parameter_has_the_page_size() -> None:
    assert probes(Request("GET", ADDRESS), TOKEN) == ()
    assert [request.query for request in probes(get("per_page=3&q=1"), TOKEN)] == [
        (("q", "1"),),
        (("q", "1"), ("per_page", "10000")),
    ]
    assert NoSecrets().finds("") is None
