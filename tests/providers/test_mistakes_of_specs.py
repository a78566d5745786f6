"""A spec that is right reads everything from a stub of its style, and each of 23 mistakes in one is noticed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from reconciler.documents.json_text import Document, decode
from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from reconciler.errors import Severity
from reconciler.providers.stub import Stub
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer, Fetch, Request
from reconciler.sources.request import first_request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.values import Values
from tests.providers.reading import a_stub

CASES: Final[list[Any]] = decode((Path(__file__).parents[1] / "sources" / "cases.json").read_bytes())["cases"]
_LIMIT: Final[Document] = {"name": "limit", "default": 20, "max": 100}
_OFFSET: Final[Document] = {"style": "offset", "limit": _LIMIT, "offset": "offset"}
_PAGE: Final[Document] = {"style": "page", "limit": _LIMIT, "page": "page"}
_MEMBERS: Final[Document] = {"records": "members", "total": "total_items", "more": "hasMore", "also": {"meta": {"v": 1}}}


def _pointer(**following: str) -> Document:
    return {"style": "pointer", "limit": _LIMIT, "next": {"path": "paging.next", "name": "start"} | following}


def _token(**token: str) -> Document:
    return {"style": "token", "limit": _LIMIT, "token": {"path": "meta.after_cursor", "name": "page[after]"} | token}


APIS: Final[dict[str, Document]] = {
    "offset": {"paging": _OFFSET, "answer": _MEMBERS},
    "offset404": {"paging": _OFFSET | {"past_end": 404}, "answer": _MEMBERS},
    "page": {"paging": _PAGE, "answer": {"records": "items"}},
    "page400": {"paging": _PAGE | {"zero": "refuse"}, "answer": {"records": "items"}},
    "pagehead": {"paging": _PAGE | {"pages_header": "X-PageCount"}, "answer": {"records": "items"}},
    "pointer": {"paging": _pointer()},
    "pointerrel": {"paging": _pointer(address="relative")},
    "pointerself": {"paging": _pointer(last="self")},
    "pointerkey": {"paging": _pointer(keep="without-key"), "auth": {"query": {"key": "k"}}},
    "token": {"paging": _token()},
    "tokenlast": {"paging": _token(last="more")},
    "tokenhead": {"paging": _token(name="x-cursor", **{"in": "header"})},
}


def api(style: str) -> Stub:
    records = {"count": 237, "each": {"id": "{n:number}", "email": "c{n}@example.com"}}
    document = {"kind": "Provider", "path": f"/{style}/things", "records": records, "answer": {"records": "results"}}
    return a_stub(document | APIS[style])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """All the APIs, served at one address."""
    with build(":memory:", providers=[api(style) for style in APIS]) as box, serving(box.app) as served:
        yield served


@contextmanager
def over_http() -> Iterator[Fetch]:
    with httpx.Client() as client:

        def send(request: Request) -> Answer:
            answer = client.request(request.method, request.url, headers=list(request.headers))
            return Answer(answer.status_code, dict(answer.headers), answer.content)

        yield send


def tried(case: Any, fetch: Fetch, host: str = "https://api.example.com") -> Trial:
    attributes = {
        "urlParams": {"host": host, "path": f"/{case['api']}/things", "method": "GET", "queryParams": case["queryParams"]},
        "contentPath": {"path": case["contentPath"]},
        "paginationParams": case["paginationParams"],
    }
    source = Source({"sourceSpec": {"attributes": attributes, "spec": {}}})
    assumed = Assumptions()
    first = first_request(source, Values(), None, assumed)
    return trial(source, first, fetch, Limits(), assumed)


@pytest.mark.parametrize("case", [case for case in CASES if case["right"]], ids=lambda case: case["name"])
def test_a_right_spec_reads_all_records_without_a_finding(case: Any) -> None:
    found = tried(case, api(case["api"]).answer)
    assert (found.records, [item.message for item in found.findings if item.severity is not Severity.INFO]) == (237, [])


@pytest.mark.parametrize("case", [case for case in CASES if not case["right"]], ids=lambda case: case["name"])
def test_a_mistake_is_noticed(case: Any) -> None:
    found = tried(case, api(case["api"]).answer)
    assert [item.code for item in found.findings if item.severity is not Severity.INFO]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_trial_over_http_has_the_same_result(case: Any, address: str) -> None:
    here = tried(case, api(case["api"]).answer, address)
    with over_http() as fetch:
        there = tried(case, fetch, address)
    timeless = [replace(call, milliseconds=0) for call in there.calls]
    assert replace(there, calls=tuple(timeless)) == here
