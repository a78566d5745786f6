from __future__ import annotations

from typing import Any

import pytest

from tests.github.fake_api import a_sha
from tests.github.runner.events import Event, Pull, pull_request, push, schedule, workflow_dispatch
from tests.github.runner.triggers import selected, triggers

REPO, TIP, HEAD = "acme/aep-sources", a_sha("tip"), a_sha("head")
MAIN = push(REPO, TIP)
PULL = pull_request(Pull(REPO, 7, HEAD, TIP, a_sha("merge")))
SPECS = ["specs/sources/a.yaml"]


@pytest.mark.parametrize(
    ("written", "event", "changed", "started"),
    [
        ("push", MAIN, [], True),
        (["pull_request"], MAIN, [], False),
        ({"push": {"branches": ["main", "release/**"]}}, MAIN, [], True),
        ({"push": {"branches": ["release/**"]}}, MAIN, [], False),
        ({"push": {"branches-ignore": ["main"]}}, MAIN, [], False),
        ({"push": {"paths": ["specs/**"]}}, MAIN, SPECS, True),
        ({"push": {"paths": ["specs/**"]}}, MAIN, ["README.md"], False),
        ({"push": {"paths-ignore": ["**.md"]}}, MAIN, ["docs/x.md", *SPECS], True),
        ({"pull_request": {"branches": ["main"]}}, PULL, [], True),
        ({"pull_request": {"types": ["closed"]}}, PULL, [], False),
        ({"pull_request": None}, PULL, [], True),
        ({"schedule": [{"cron": "17 * * * *"}]}, schedule(REPO, TIP), [], True),
        ({"schedule": [{"cron": "0 0 * * *"}]}, schedule(REPO, TIP), [], False),
        ({"workflow_dispatch": None}, workflow_dispatch(REPO, TIP), [], True),
    ],
)
def test_an_event_starts_a_workflow_that_asks_for_it(written: Any, event: Event, changed: list[str], started: bool) -> None:
    assert triggers({"on": written}, event, changed) is started


@pytest.mark.parametrize(
    ("value", "patterns", "chosen"),
    [
        ("specs/a/b.yaml", ["specs/*"], False),
        ("specs/a/b.yaml", ["specs/**"], True),
        ("b.yaml", ["**/*.yaml"], True),
        ("a/b.yaml", ["*.yaml"], False),
        ("specs/x.md", ["specs/**", "!**.md"], False),
        ("specs/x.md", ["!**.md", "specs/**"], True),
        ("v1.10", ["v[0-9].[0-9]+"], True),
    ],
)
def test_the_last_pattern_that_fits_decides(value: str, patterns: list[str], chosen: bool) -> None:
    assert selected(value, patterns) is chosen
