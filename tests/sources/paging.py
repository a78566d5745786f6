"""Trials of a pagination against scripted answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from reconciler.errors import Severity
from reconciler.sources.messages import Answer, Request
from reconciler.sources.trial import Trial
from tests.sources.apis import answer
from tests.sources.trials import source, tried

OFFSET: Final = {"type": "OFFSET", "limitName": "limit", "limitValue": "2", "offSetName": "offset"}
ENDED: Final = {**OFFSET, "endConditionName": "$.more", "endConditionValue": "Const:false"}
PAGE: Final = {"type": "PAGE", "limitName": "limit", "limitValue": 2, "pageParamName": "page"}
POINTER: Final = {"type": "POINTER", "limitName": "limit", "limitValue": 2, "pointerPath": "$.next"}
TOKEN: Final = {
    "type": "CONTINUATION_TOKEN",
    "continuationTokenPath": "$.token",
    "parameterType": "QUERYPARAM",
    "parameterName": "t",
}
IN_SPEC: Final = ("sourceSpec", "attributes", "paginationParams")
REQUIRED: Final = [
    *((OFFSET, name) for name in ("limitName", "limitValue", "offSetName")),
    *((PAGE, name) for name in ("limitName", "limitValue", "pageParamName")),
    *((POINTER, name) for name in ("limitName", "limitValue", "pointerPath")),
    *((TOKEN, name) for name in ("continuationTokenPath", "parameterType", "parameterName")),
]


class Script:
    """An API that gives one answer after the other, and then empty pages."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def __call__(self, asked: Request) -> Answer:
        self.requests.append(asked)
        return self.answers.pop(0) if self.answers else page()

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(asked.query) for asked in self.requests]


_made = iter(range(1_000_000))


def severities(found: Trial) -> dict[str, Severity]:
    return {item.code: item.severity for item in found.findings}


def page(size: int = 0, headers: dict[str, str] | None = None, **beside: Any) -> Answer:
    return answer({"items": [{"id": f"r{next(_made)}"} for _ in range(size)], **beside}, headers=headers)


def run(pagination: object, *answers: Answer, **assume: str) -> tuple[Trial, Script]:
    script = Script(answers)
    return tried(source(pagination), script, None, 25, **assume), script
