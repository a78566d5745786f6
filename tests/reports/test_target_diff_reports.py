"""What separates targets, in every form, whatever the files, names and values are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.reports.diff.targets.json import render_target_diff_json
from reconciler.reports.diff.targets.markdown import render_target_diff_markdown
from reconciler.reports.diff.targets.text import render_target_diff_text
from reconciler.revisions.targets.values import (
    LayerKind,
    Origin,
    PlaceDifference,
    SpecInTargets,
    TargetDiff,
    TargetValue,
    VariableOf,
    VariableOrigin,
)
from tests.reports.schemas.conforming import differences
from tests.reports.sinks.test_escaping import is_harmless
from tests.reports.strategies import JSON, PROBLEMS, TEXT

NAMES = st.lists(TEXT, max_size=12).map(tuple)
LINES = st.none() | st.integers(1, 9)
VARIABLES = st.builds(VariableOrigin, TEXT, st.sampled_from(VariableOf), TEXT, st.none() | TEXT, TEXT, LINES)
ORIGINS = st.builds(Origin, st.sampled_from(LayerKind), st.none() | TEXT, LINES, st.lists(VARIABLES, max_size=2).map(tuple))
VALUES = st.builds(
    TargetValue, NAMES, st.just(MISSING) | JSON | st.text(min_size=90, max_size=200), st.lists(ORIGINS, max_size=2).map(tuple)
)
PLACES = st.builds(PlaceDifference, TEXT, st.lists(VALUES, min_size=1, max_size=3).map(tuple))
SPECS = st.builds(
    SpecInTargets,
    st.sampled_from(Kind),
    TEXT,
    TEXT,
    TEXT,
    NAMES,
    NAMES,
    NAMES,
    LINES,
    st.lists(PLACES, max_size=3).map(tuple),
)
DIFFS = st.builds(
    TargetDiff, NAMES, st.lists(SPECS, max_size=3).map(tuple), st.integers(0, 9), st.lists(PROBLEMS, max_size=2).map(tuple)
)
HOST = PlaceDifference("/host", (TargetValue(("stage",), "a", ()), TargetValue(("prod",), "b", ())))
ORDERS = SpecInTargets(
    Kind.CONNECTION_SPEC, "orders", "Orders", "specs/sources/orders.yaml", ("stage", "prod"), (), (), None, (HOST,)
)


@given(DIFFS)
def test_every_form_is_harmless(found: TargetDiff) -> None:
    for report in (
        render_target_diff_text(found),
        render_target_diff_text(found, verbose=True),
        render_target_diff_json(found),
        render_target_diff_markdown(found),
    ):
        assert [line for line in report.split("\n") if not is_harmless(line)] == []


@given(DIFFS)
def test_the_json_is_as_its_schema_says(found: TargetDiff) -> None:
    assert differences(decode(render_target_diff_json(found))) == []


@pytest.mark.parametrize("limit", [2_000, 5_000])
@given(found=DIFFS)
def test_the_markdown_keeps_its_limit(found: TargetDiff, limit: int) -> None:
    assert len(render_target_diff_markdown(found, limit=limit).encode()) <= limit


def test_a_thousand_specs_fit_and_what_is_left_out_is_counted_and_named() -> None:
    many = tuple(replace(ORDERS, key=f"spec-{number}") for number in range(1_000))
    report = render_target_diff_markdown(TargetDiff(("stage", "prod"), many, 0))
    assert len(report.encode()) <= 60_000
    shown = report.count("<details>")
    assert 10 < shown < 1_000
    assert f"… {1_000 - shown} more specs differ: <code>spec-{shown}</code>" in report


def test_a_spec_with_a_thousand_differences_leaves_room_for_others() -> None:
    large = replace(ORDERS, differences=tuple(replace(HOST, path=f"/host-{number}") for number in range(1_000)))
    report = render_target_diff_markdown(TargetDiff(("stage", "prod"), (large, ORDERS), 0))
    assert "more lines" in report
    assert "<code>orders</code> · 1 difference<" in report


def test_many_targets_are_counted_unless_verbose() -> None:
    names = tuple(f"shop-{number}" for number in range(50))
    value = PlaceDifference("/host", (TargetValue(("prod",), "a", ()), TargetValue(names, "b", ())))
    found = TargetDiff(("prod", *names), (replace(ORDERS, differences=(value,)),), 0)
    assert '      shop-0, shop-1, shop-2 and 47 more  "b"' in render_target_diff_text(found)
    assert "shop-49" in render_target_diff_text(found, verbose=True)


def test_a_file_with_an_error_may_differ() -> None:
    unread = Problem(Severity.ERROR, "unreadable", "Permission denied", "specs/sources/x.yaml")
    text = render_target_diff_text(TargetDiff(("dev", "prod"), (), 2, (unread,)))
    assert "no differences found, but the check is incomplete, 2 the same" in text
