"""What tests of providers share: stubs, and an API read from page to page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reconciler.documents.json_text import Document, Json, decode
from reconciler.proofs.provider_file import stub_of
from reconciler.providers.provider import Provider
from reconciler.providers.rows import MadeRows
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, Request

EXAMPLES: Final = Path(__file__).parent / "examples"
HOST: Final = "https://api.example.com"


def a_stub(document: Json) -> Stub:
    """The stub of a document that is valid, with records that are made."""
    provider = provider_of(document)
    assert isinstance(provider, Provider), provider
    return Stub(provider, MadeRows(provider.records))


def an_api(paging: Document, count: int = 237, **others: Json) -> Stub:
    """An API at `/items` with records `{"id": 1}` and so on, in `items`."""
    answer = {"records": "items"} | others.pop("answer", {})
    records = {"count": count, "each": {"id": "{n:number}", "at": "{date}"}} | others.pop("records", {})
    return a_stub({"kind": "Provider", "path": "/items", "records": records, "answer": answer, "paging": paging} | others)


def example(name: str) -> Stub:
    """The provider of an example file."""
    return stub_of(EXAMPLES / f"{name}.yaml")


def get(stub: Stub, query: str = "", **headers: str) -> Answer:
    """The answer to a GET at `/items`; header names have `_` for `-`."""
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer = stub.answer(Request("GET", f"{HOST}{stub.provider.path}{'?' if query else ''}{query}", pairs))
    assert isinstance(answer, Answer), answer
    return answer


def body(answer: Answer) -> Json:
    """The JSON in an answer that has some."""
    return decode(answer.content)


def ids(stub: Stub, query: str = "", **headers: str) -> list[int]:
    """The ids on a page."""
    answer = get(stub, query, **headers)
    assert answer.status == 200, answer.content
    return [record["id"] for record in body(answer)["items"]]
