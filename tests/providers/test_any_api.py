"""Hypothesis: a right spec reads every record of any API once, and a wrong field that loses records is noticed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.documents.json_text import Document, Json
from reconciler.errors import Severity
from reconciler.sources.evidence import Assumptions
from reconciler.sources.request import first_request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.values import Values
from tests.providers.reading import a_stub

PLACES: Final = {"total": "meta.total", "more": "hasMore", "last": "isLast"}
ON_ONE_PAGE: Final = {"no-records", "one-page-only", "token-absent-on-first-page", "full-first-page"}
"""What is said, rightly, where all records are on the first page."""


@dataclass(frozen=True, slots=True)
class World:
    """An API, and a spec that reads it."""

    api: Document
    pagination: Document
    content: str
    count: int
    size: int
    query: Document


@st.composite
def worlds(draw: st.DrawFn, least: int = 0) -> World:
    count = draw(st.integers(least, 60))
    most = draw(st.integers(1, 20))
    size = draw(st.integers(1, most))
    name = draw(st.sampled_from(["limit", "per_page", "page[size]"]))
    chosen = draw(st.sets(st.sampled_from(sorted(PLACES))))
    answer: Document = {"records": draw(st.sampled_from(["items", "data.items"])), "as_strings": draw(st.booleans())}
    answer |= {key: PLACES[key] for key in sorted(chosen)}
    limit = {"name": name, "default": draw(st.integers(1, most)), "max": most}
    style = draw(st.sampled_from([_offset, _page, _pointer, _token]))
    paging, pagination, query = style(draw, answer, name, size)
    api = {
        "kind": "Provider",
        "path": "/v1/things",
        "records": {"count": count, "each": {"id": "{n:number}"}},
        "answer": answer,
        "paging": {"limit": limit, "link_header": draw(st.booleans())} | paging,
        "body": {"whitespace": draw(st.booleans()), "bom": draw(st.booleans())},
    }
    return World(api, pagination, f"$.{answer['records']}", count, size, query)


def _offset(draw: st.DrawFn, answer: Document, limit: str, size: int) -> tuple[Document, Document, Document]:
    name = draw(st.sampled_from(["offset", "skip"]))
    paging: Document = {"style": "offset", "offset": name}
    pagination: Document = {"type": "OFFSET", "limitName": limit, "limitValue": str(size), "offSetName": name}
    if "more" in answer:
        pagination |= {"endConditionName": "$.hasMore", "endConditionValue": "Const:false"}
        paging["past_end"] = draw(st.sampled_from(["empty", "last", 204, 404]))
    return paging, pagination, {}


def _page(draw: st.DrawFn, _answer: Document, limit: str, size: int) -> tuple[Document, Document, Document]:
    start = draw(st.integers(0, 1))
    pagination: Document = {
        "type": "PAGE",
        "limitName": limit,
        "limitValue": size,
        "pageParamName": "page",
        "initialPageIndex": start,
    }
    if start and draw(st.booleans()):
        return {"style": "page", "pages_header": "X-PageCount"}, pagination | {"endPageIndex": "headers.x-pagecount"}, {}
    return {"style": "page", "start": start}, pagination, {}


def _pointer(draw: st.DrawFn, _answer: Document, limit: str, size: int) -> tuple[Document, Document, Document]:
    following = {
        "path": "paging.next",
        "address": draw(st.sampled_from(["absolute", "relative"])),
        "last": draw(st.sampled_from(["absent", "null", "empty", "more"])),
    }
    pagination = {"type": "POINTER", "limitName": limit, "limitValue": size, "pointerPath": "$.paging.next"}
    return {"style": "pointer", "next": following}, pagination, {}


def _token(draw: st.DrawFn, _answer: Document, limit: str, size: int) -> tuple[Document, Document, Document]:
    place = draw(st.sampled_from(["query", "header"]))
    token = {
        "path": "meta.cursor",
        "name": "x-cursor",
        "in": place,
        "last": draw(st.sampled_from(["absent", "null", "empty", "more"])),
        "form": draw(st.sampled_from(["opaque", "number"])),
    }
    pagination = {
        "type": "CONTINUATION_TOKEN",
        "continuationTokenPath": "$.meta.cursor",
        "parameterType": "HEADERPARAM" if place == "header" else "QUERYPARAM",
        "parameterName": "x-cursor",
    }
    return {"style": "token", "token": token}, pagination, {limit: str(size)}


def tried(world: World) -> Trial:
    url = {"host": "https://api.example.com", "path": "/v1/things", "method": "GET", "queryParams": world.query}
    attributes = {"urlParams": url, "contentPath": {"path": world.content}, "paginationParams": world.pagination}
    source, assumed = Source({"sourceSpec": {"attributes": attributes, "spec": {}}}), Assumptions()
    first = first_request(source, Values(), None, assumed)
    return trial(source, first, a_stub(world.api).answer, Limits(pages=world.count + 5), assumed)


def codes(found: Trial) -> set[str]:
    return {item.code for item in found.findings if item.severity is not Severity.INFO}


@given(worlds())
@settings(max_examples=150)
def test_a_right_spec_reads_all_records_without_a_false_alarm(world: World) -> None:
    found = tried(world)
    assert found.records == world.count
    assert codes(found) <= (ON_ONE_PAGE if world.count <= world.size else set())


def mutations(pagination: Document) -> dict[str, Document]:
    """The pagination with one wrong field, by what is wrong."""
    wrong: dict[str, Json] = {
        "limitName": "wrong",
        "offSetName": "wrong",
        "pageParamName": "wrong",
        "parameterName": "wrong",
        "pointerPath": "$.wrong",
        "continuationTokenPath": "$.wrong",
        "endConditionName": "$.wrong",
        "endConditionValue": "Const:true",
        "limitValue": "1000",
        "endPageIndex": 1,
        "parameterType": "QUERYPARAM" if pagination.get("parameterType") == "HEADERPARAM" else "HEADERPARAM",
        "initialPageIndex": 1 - pagination.get("initialPageIndex", 0),
    }
    made = {field: pagination | {field: value} for field, value in wrong.items() if field in pagination}
    kinds = ("OFFSET", "PAGE", "POINTER", "CONTINUATION_TOKEN")
    return made | {kind: pagination | {"type": kind} for kind in kinds if kind != pagination["type"]}


@given(worlds(least=3), st.data())
@settings(max_examples=150)
def test_a_wrong_field_that_loses_records_is_noticed(world: World, data: Any) -> None:
    changed = mutations(world.pagination)
    wrong = replace(world, pagination=changed[data.draw(st.sampled_from(sorted(changed)))])
    found = tried(wrong)
    assume(found.records != world.count)
    assert codes(found)
