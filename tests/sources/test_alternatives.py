"""Each alternative of a row that is not certain changes what a small trial does: no branch is decided without its row."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from reconciler.secret import Secret
from reconciler.sources.evidence import ROWS, Assumptions
from reconciler.sources.messages import Answer, Fetch, Request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.values import Values
from tests.sources.apis import HOST, Api, answer
from tests.sources.trials import First, request, source

OFFSET: Final = {"type": "OFFSET", "limitName": "limit", "limitValue": 100, "offSetName": "offset"}
PAGE: Final = {"type": "PAGE", "limitName": "limit", "limitValue": 100, "pageParamName": "page", "initialPageIndex": 1}
POINTER: Final = {"type": "POINTER", "limitName": "limit", "limitValue": 100, "pointerPath": "next"}
TOKEN: Final = {
    "type": "CONTINUATION_TOKEN",
    "continuationTokenPath": "$.token",
    "parameterType": "QUERYPARAM",
    "parameterName": "token",
}
ENDED: Final = {**OFFSET, "endConditionName": "$.hasMore", "endConditionValue": "Const:false"}
ROW: Final = {"path": "$.items", "skipAttributes": ["secret"], "overrideWrapperAttribute": "item"}


def always(*bodies: object, headers: Mapping[str, str] | None = None) -> Callable[[], Fetch]:
    """An API that gives these answers one after the other, and the last one again and again."""

    def start() -> Fetch:
        left = [body if isinstance(body, Answer) else answer(body, headers=headers) for body in bodies]
        return lambda _request: left.pop(0) if len(left) > 1 else left[0]

    return start


def api(style: str) -> Callable[[], Fetch]:
    return lambda: Api().fetch(style)


def items(*numbers: int, **beside: object) -> dict[str, object]:
    return {"items": [{"id": number, "secret": None} for number in numbers], **beside}


EXAMPLES: Final[Mapping[str, tuple[Source, Callable[[], Fetch]]]] = {
    "offset.first": (source(OFFSET, "$.members"), api("offset")),
    "offset.step": (source({**OFFSET, "limitValue": 200}, "$.members"), api("offset")),
    "offset.no-end": (source(OFFSET, "$.members"), api("offset")),
    "end-condition.absent": (source({**ENDED, "endConditionName": "$.has_more"}, "$.members"), api("offset")),
    "end-condition.plain": (source({**ENDED, "endConditionValue": "false"}, "$.members"), api("offset")),
    "page.end": (source({**PAGE, "endPageIndex": 3}), api("page")),
    "page.end-absent": (source({**PAGE, "endPageIndex": "headers.x-pagecount"}), api("page")),
    "page.no-end": (source(PAGE), api("page")),
    "pointer.empty-text": (source(POINTER), always(items(1, next="/b"), items(2, next=""), items(3, next=None))),
    "pointer.query": (source(POINTER), always(items(1, next="/b?x=1"), items(2))),
    "pointer.auth": (source(POINTER), always(items(1, next="https://other.example.com/"), items(2))),
    "pointer.limit": (source(POINTER), always(items(1, next="/b"), items(2))),
    "token.empty-text": (source(TOKEN), always(items(1, token="a"), items(2, token=""), items(3))),
    "token.not-text": (source(TOKEN), always(items(1, token=2), items(2))),
    "content.none": (source({"type": "NONE"}, None), always([{"id": 1}])),
    "content.null": (source({"type": "NONE"}), always({"items": None})),
    "answer.root-array": (source({"type": "NONE"}, "$"), always([{"id": 1}])),
    "answer.encoding": (source({"type": "NONE"}), always(Answer(200, {}, b"\xef\xbb\xbf" + json.dumps(items(1)).encode()))),
    "row.wrapped": (source({"type": "NONE"}), always(items(1))),
    "row.nulls": (source({"type": "NONE"}), always(items(1))),
    "row.attributes": (source({"type": "NONE"}, ROW), always({**items(1), "secret": 1})),
    "none.link-header": (source({"type": "NONE"}), always(items(1), answer(items(2)), headers={"link": '</b>; rel="next"'})),
    "pagination.none": (source(None), always(items(1))),
    "pagination.old-names": (
        source({**{key: value for key, value in OFFSET.items() if key != "offSetName"}, "offsetName": "offset"}, "$.members"),
        api("offset"),
    ),
    "pagination.placeholders": (source({**OFFSET, "limitValue": "${size}"}, "$.members"), api("offset")),
    "http.429": (source({"type": "NONE"}), always(answer({}, 429), items(1))),
}


def outcome(spec: Source, fetch: Fetch, overrides: Mapping[str, str]) -> tuple[object, Trial]:
    sent: list[Request] = []

    def send(asked: Request) -> Any:
        sent.append(asked)
        return fetch(asked)

    assumed = Assumptions(overrides)
    values = Values(auth={"size": 100, "key": Secret("s")})
    first = First(request({"q": "1"}, headers=(("Authorization", "Bearer s"),)))
    found = trial(spec, first, send, Limits(pages=8), assumed, values=values)
    asked = [(one.url, one.headers) for one in sent]
    return (asked, found.records, found.rows, found.stop, [item.code for item in found.findings]), found


@pytest.mark.parametrize("key", EXAMPLES)
def test_each_alternative_changes_what_a_trial_does(key: str) -> None:
    spec, start = EXAMPLES[key]
    outcomes = []
    for value in (ROWS[key].default, *ROWS[key].alternatives):
        seen, found = outcome(spec, start(), {key: value})
        assert found.used[key] == value
        assert seen not in outcomes, value
        outcomes.append(seen)


def test_the_default_is_what_happens_without_an_assumption() -> None:
    for key, (spec, start) in EXAMPLES.items():
        assert outcome(spec, start(), {})[0] == outcome(spec, start(), {key: ROWS[key].default})[0], key


def test_another_host_gets_no_credentials_unless_that_is_assumed() -> None:
    spec, start = EXAMPLES["pointer.auth"]
    sent: list[Request] = []

    def send(asked: Request) -> Any:
        sent.append(asked)
        return start_fetch(asked)

    for overrides, expected in (({}, ()), ({"pointer.auth": "always"}, (("Authorization", "Bearer s"),))):
        start_fetch = start()
        sent.clear()
        first = First(Request("POST", HOST, (("Authorization", "Bearer s"),), {"token": "s"}))
        trial(spec, first, send, Limits(), Assumptions(overrides))
        assert (sent[1].headers, sent[1].body) == (expected, {"token": "s"} if overrides else None)
