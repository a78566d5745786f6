"""Each alternative of a row about requests changes the first request of a small spec."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from reconciler.secret import Secret
from reconciler.sources.evidence import ROWS, Assumptions
from reconciler.sources.request import First, first_request
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from reconciler.sources.window import Mode, Window
from tests.sources.test_alternatives import EXAMPLES as OF_TRIALS

END: Final = datetime(2026, 11, 27, tzinfo=UTC)
BACKFILL: Final = Window(Mode.BACKFILL, None, END)
PREVIEW: Final = Window(Mode.PREVIEW, None, END)
LATER: Final = Window(Mode.INCREMENTAL, datetime(2026, 11, 26, tzinfo=UTC), END)
OAUTH: Final = [{"name": "OAuth", "type": "OAuth2RefreshCode", "spec": {}}]
PLAIN: Final = {"scheduleStartParamName": "since", "scheduleEndParamName": "until"}
DATES: Final = {**PLAIN, "scheduleStartParamFormat": "yyyy-MM-dd", "scheduleEndParamFormat": "yyyy-MM-dd"}
QUERY: Final = {"type": "ADVANCE", "paramFormat": "yyyy-MM-dd", "incremental": "q", "backfill": "u>{START_TIME} u<{END_TIME}"}
STARTED: Final = "/items?from=@{pipeline()?.parameters?.ingestionStart}"


def spec(auth: object = None, **attributes: Any) -> Source:
    url = {"host": "https://api.example.com", "path": "/items", "method": "GET", **attributes.pop("url", {})}
    form = {"properties": {"size": {"default": 5}}}
    return Source({"authSpec": auth or [], "sourceSpec": {"attributes": {"urlParams": url, **attributes}, "spec": form}})


EXAMPLES: Final[Mapping[str, tuple[Source, Window | None]]] = {
    "auth.oauth": (spec(OAUTH), None),
    "auth.own-header": (spec(OAUTH, headerParams={"authorization": "Token own"}), None),
    "expression.times": (spec(url={"path": STARTED}), LATER),
    "host.slash": (spec(url={"host": "https://api.example.com/"}), None),
    "query.encoding": (spec(url={"queryParams": {"when": "a:b"}}), None),
    "value.default": (spec(url={"queryParams": {"limit": "${size}"}}), None),
    "value.in-key": (spec(url={"queryParams": {"${size}": "1"}}), None),
    "window.backfill-start": (spec(url={"queryParams": {"q": "{SCHEDULE_QUERY}"}}, scheduleParams=QUERY), BACKFILL),
    "window.first-run": (spec(scheduleParams=DATES), BACKFILL),
    "window.no-format": (spec(scheduleParams=PLAIN), LATER),
    "window.preview": (spec(scheduleParams=DATES), PREVIEW),
}


def asked(key: str, overrides: Mapping[str, str]) -> tuple[First, Mapping[str, str]]:
    source, window = EXAMPLES[key]
    assumed = Assumptions(overrides)
    return first_request(source, Values(auth={"accessToken": Secret("s")}), window, assumed), assumed.used


def test_each_row_with_alternatives_has_an_example_of_a_request_or_of_a_trial() -> None:
    assert {*EXAMPLES, *OF_TRIALS} == {row.key for row in ROWS.values() if row.alternatives}
    assert not EXAMPLES.keys() & OF_TRIALS.keys()


@pytest.mark.parametrize("key", EXAMPLES)
def test_each_alternative_changes_the_first_request(key: str) -> None:
    seen = []
    for value in (ROWS[key].default, *ROWS[key].alternatives):
        found, used = asked(key, {key: value})
        assert used[key] == value
        assert found not in seen, value
        seen.append(found)


@pytest.mark.parametrize("key", EXAMPLES)
def test_the_default_is_what_is_requested_without_an_assumption(key: str) -> None:
    assert asked(key, {}) == asked(key, {key: ROWS[key].default})
