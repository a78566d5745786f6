"""Right and wrong specs against APIs of their styles: what the trial reads, and what it finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from reconciler.errors import Severity
from tests.sources.apis import Api
from tests.sources.trials import codes, request, source, tried

CASES: Final[list[dict[str, Any]]] = json.loads((Path(__file__).parent / "cases.json").read_text())["cases"]


def by_name(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_a_trial_reads_and_finds_what_the_case_says(case: dict[str, Any]) -> None:
    found = tried(source(case["paginationParams"], case["contentPath"]), Api().fetch(case["api"]), request(case["queryParams"]))
    expected = {"http-status" if code.startswith("http-") else code for code in case["findings"]}
    assert (found.records, found.pages) == (case["records"], case["pages"])
    assert expected <= set(codes(found)), found.findings
    if case["right"]:
        assert [item for item in found.findings if item.severity is not Severity.INFO] == []
