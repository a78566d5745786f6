from reconciler.documents.json_text import Json, decode
from reconciler.providers.provider import Provider
from reconciler.providers.rows import MadeRows
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, Request

MEMBERS: Json = {
    "kind": "Provider",
    "path": "/3.0/lists/{listId}/members",
    "auth": {"basic": {"username": "u", "password": "p"}},
    "records": {"count": 237, "each": {"id": "{n}", "email_address": "c{n}@example.com", "last_changed": "{date}"}},
    "answer": {"records": "members", "total": "total_items", "more": "hasMore"},
    "paging": {"style": "offset", "limit": {"name": "count", "default": 10, "max": 1000}, "offset": "offset"},
    "window": {"from": "since_last_changed", "to": "before_last_changed", "field": "last_changed", "format": "iso"},
    "faults": [{"request": 2, "status": 429, "retry_after": 1}],
}
BASIC = (("Authorization", "Basic dTpw"),)
ADDRESS = "https://us6.api.mailchimp.com/3.0/lists/9f1a/members"


def a_stub(document: Json) -> Stub:
    provider = provider_of(document)
    assert isinstance(provider, Provider), provider
    return Stub(provider, MadeRows(provider.records))


def test_pages_have_the_records_of_the_requested_range() -> None:
    stub = a_stub({name: value for name, value in MEMBERS.items() if name != "faults"})
    answer = stub.answer(Request("GET", f"{ADDRESS}?count=100&offset=200", BASIC))
    assert isinstance(answer, Answer)
    body = decode(answer.content)
    assert [len(body["members"]), body["total_items"], body["hasMore"]] == [37, 237, False]
    assert body["members"][0] == {"id": "201", "email_address": "c201@example.com", "last_changed": "2024-11-04T20:39:29Z"}


def test_a_fault_replaces_one_answer() -> None:
    stub = a_stub(MEMBERS)
    statuses = [answer.status for _ in range(3) if isinstance(answer := stub.answer(Request("GET", ADDRESS, BASIC)), Answer)]
    assert statuses == [200, 429, 200]
