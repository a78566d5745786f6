from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError, UsageError
from reconciler.planning.plan import Plan
from reconciler.reports.fleet.reading import is_fleet, read_fleet
from reconciler.reports.fleet.view import CellState, TargetState
from tests.reports.fleet.fleets import EDIT, NEW, QUIET, UNREADABLE, report_over, settings, view_over

GIVEN = settings("stage", "dev", "prod", "qa")
PLANS: dict[str, Plan | ReconcilerError] = {"stage": EDIT, "dev": QUIET, "prod": NEW, "qa": UNREADABLE}


def edited(**changes: Any) -> bytes:
    """The report, with `stage` changed."""
    document = json.loads(report_over(GIVEN, PLANS))
    document["targets"][0] |= changes
    return json.dumps(document).encode()


@pytest.mark.parametrize("report", ["plan", "drift"])
def test_a_report_is_read_back_as_it_was(report: str) -> None:
    assert read_fleet(report_over(GIVEN, PLANS, report), "a.json") == view_over(GIVEN, PLANS, report)


_OTHERS: list[Any] = [{}, {"fleet": 1}, [], None, "fleet"]


def test_only_a_report_over_several_targets_is_one() -> None:
    assert is_fleet(json.loads(report_over(GIVEN, PLANS)))
    assert [is_fleet(document) for document in _OTHERS] == [False] * 5


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"digest": "0" * 64}, "the digest of its plan is another one"),
        ({"report": None}, "it is missing"),
        ({"state": "in_sync"}, "its state is in_sync, and its plan has actions or errors"),
        ({"report": {"actions": 1}}, "is not a saved plan"),
        ({"report": json.loads(report_over(GIVEN, PLANS))["targets"][1]["report"]}, "it is the report of 'dev'"),
    ],
)
def test_a_target_that_contradicts_its_own_report_has_failed_alone(changes: dict[str, Any], why: str) -> None:
    view = read_fleet(edited(**changes), "a.json")
    stage, dev, *_ = view.targets
    assert (stage.state, stage.exit_code, stage.digest, stage.report) == (TargetState.FAILED, 1, None, None)
    assert why in str(stage.why)
    assert dev.state is TargetState.IN_SYNC
    assert [row.cells["stage"].state for row in view.matrix] == [CellState.UNKNOWN] * 2
    assert [one.targets for one in view.variants] == [("prod",)]


def test_a_plan_edited_after_it_was_made_is_not_used() -> None:
    document = json.loads(report_over(GIVEN, PLANS))
    document["targets"][0]["report"]["actions"] = []
    view = read_fleet(json.dumps(document).encode(), "a.json")
    assert "was edited after it was saved" in str(view.targets[0].why)


def test_cells_of_a_target_that_was_not_reported_are_passed_over() -> None:
    document = json.loads(report_over(GIVEN, PLANS))
    row = document["matrix"][0]["cells"]
    row["other"] = row.pop("dev")
    (first, _) = read_fleet(json.dumps(document).encode(), "a.json").matrix
    assert list(first.cells) == ["stage", "dev", "prod", "qa"]
    assert first.cells["dev"].state is CellState.UNKNOWN


def test_a_target_that_is_in_a_report_twice_makes_it_none() -> None:
    document = json.loads(report_over(GIVEN, PLANS))
    document["targets"].append(document["targets"][0])
    with pytest.raises(UsageError, match="'stage' is in it twice"):
        read_fleet(json.dumps(document).encode(), "a.json")


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 100_000, b"{}", b'{"fleet": true}', b"NaN", b'{"a": "\\ud800"}', b"null"])
def test_what_is_no_report_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"a\.json is not a report"):
        read_fleet(data, "a.json")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    _JSON, st.sampled_from([(), ("targets",), ("targets", 0), ("matrix", 0), ("matrix", 0, "cells"), ("selection",)]), st.data()
)
def test_any_value_in_place_of_another_is_a_report_or_refused(value: Any, path: tuple[Any, ...], data: st.DataObject) -> None:
    document = json.loads(report_over(GIVEN, PLANS))
    place = document
    for step in path:
        place = place[step]
    key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
    place[key] = value
    try:
        view = read_fleet(json.dumps(document).encode(), "a.json")
    except UsageError as error:
        assert error.hint  # noqa: PT017 - either way is right
    else:
        assert set(view.plans) <= {target.name for target in view.targets}
