"""Whatever bytes come with whatever status: an answer, or a ServiceError; never anything else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError
from reconciler.flowservice.client import SpecWriter
from reconciler.settings.values import Network
from tests.flowservice.simulated import SPEC_ID, Service, client


def look_at_all(writer: SpecWriter) -> None:
    for found in writer.list_specs(Kind.FLOW_SPEC).specs:
        _ = found.document, found.attributes


def look_at_one(writer: SpecWriter) -> None:
    found = writer.get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    _ = found.document, found.attributes


CALLS: list[Callable[[SpecWriter], Any]] = [
    look_at_all,
    look_at_one,
    lambda writer: writer.usage_of(SPEC_ID),
    lambda writer: writer.create_spec(Kind.CONNECTION_SPEC, {"name": "x"}),
    lambda writer: writer.replace_spec(Kind.FLOW_SPEC, SPEC_ID, {"name": "x"}, None),
]

NAMES = (
    "items id _links next href count attributes type status report title errors error error_code message errorMessage detailed-message "
    "request-id etag updatedAt updatedBy access_token expires_in"
)
field_names = st.sampled_from(NAMES.split())
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars | st.just(SPEC_ID),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(field_names | st.text(max_size=4), children, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(field_names, json_values, max_size=6).map(msgspec.json.encode)
bodies = st.binary(max_size=60) | json_values.map(msgspec.json.encode) | documents
statuses = st.sampled_from([200, 201, 204, 301, 304, 400, 401, 403, 404, 412, 429, 500, 503]) | st.integers(100, 999)
header_values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20) | st.sampled_from(
    ["3", "-1", "1e999", "Wed, 21 Oct 2015 07:28:00 GMT", "http://[::1", f"/connectionSpecs/{SPEC_ID}", 'W/"x"', "gzip"]
)
headers = st.dictionaries(
    st.sampled_from(["retry-after", "location", "etag", "x-request-id", "content-type"]), header_values, max_size=4
)


@settings(max_examples=300)
@given(st.sampled_from(CALLS), statuses, bodies, headers)
def test_any_answer_is_read_or_is_a_service_error(
    call: Callable[[SpecWriter], Any], status: int, body: bytes, header: dict[str, str]
) -> None:
    service = Service(httpx.Response(status, content=body, headers=header))
    with suppress(ServiceError):
        call(client(service, network=Network(retries=1)))


@settings(max_examples=150)
@given(statuses, bodies, headers)
def test_any_answer_of_the_token_endpoint_is_read_or_is_a_service_error(status: int, body: bytes, header: dict[str, str]) -> None:
    service = Service(
        httpx.Response(200, content=b'{"items": []}'), tokens=[httpx.Response(status, content=body, headers=header)]
    )
    with suppress(ServiceError):
        client(service, network=Network(retries=1)).list_specs(Kind.FLOW_SPEC)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [200, 400, 404, 503])
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"items":[' + b'{"a":' * 50_000,
        b"[" * 200_000 + b"]" * 200_000,
        b"9" * 5000,
        b'{"id":' + b"9" * 5000 + b"}",
        b"\xff" * 9,
    ],
)
def test_a_body_made_to_break_a_reader_does_not(call: Callable[[SpecWriter], Any], status: int, body: bytes) -> None:
    with suppress(ServiceError):
        call(client(Service(httpx.Response(status, content=body)), network=Network(retries=1)))
