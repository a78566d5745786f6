from __future__ import annotations

from tests.sources.apis import Api
from tests.sources.trials import codes, source, tried

OFFSET = {"type": "OFFSET", "limitName": "limit", "limitValue": "100", "offSetName": "offset"}
ENDED = {**OFFSET, "endConditionName": "$.hasMore", "endConditionValue": "Const:false"}


def test_the_end_condition_ends_the_run() -> None:
    api = Api()
    found = tried(source(ENDED, "$.members"), api.fetch("offset"))
    assert (found.records, found.pages, codes(found)) == (237, 3, [])
    assert [dict(sent.query) for sent in api.requests] == [{"limit": "100", "offset": str(start)} for start in (0, 100, 200)]
    assert found.stop.reason == "end condition: $.hasMore is false"


def test_without_an_end_condition_an_empty_page_ends_the_run() -> None:
    found = tried(source(OFFSET, "$.members"), Api().fetch("offset"))
    assert (found.records, found.pages, codes(found)) == (237, 4, [])
    assert found.stop.evidence == "offset.no-end"


def test_a_wrong_name_of_the_offset_reads_the_same_page_again() -> None:
    found = tried(source({**ENDED, "offSetName": "start"}, "$.members"), Api().fetch("offset"))
    assert (found.records, found.pages, len(found.calls)) == (100, 1, 2)
    assert "same-page" in codes(found)
