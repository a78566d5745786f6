from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.comparison import Change
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.reports.diff.json import render_diff_json
from reconciler.reports.diff.markdown import render_diff_markdown
from reconciler.reports.diff.text import render_diff_text
from reconciler.revisions.spec_diff import SpecChange, SpecDiff, SpecState
from tests.reports.sinks.test_escaping import is_harmless
from tests.reports.strategies import JSON, PROBLEMS, TEXT

EDIT = SpecChange(
    Kind.CONNECTION_SPEC,
    "members",
    "Members",
    SpecState.CHANGED,
    (Change("replace", "/sourceSpec/x", 1, 2, ("sourceSpec", "x")),),
    None,
    "specs/sources/members/connection-spec.yaml",
    7,
)
NEW = SpecChange(Kind.CONNECTION_SPEC, "new", "New", SpecState.ADDED, (Change("add", "/name", MISSING, "New", ("name",)),))
GONE = SpecChange(Kind.CONNECTION_SPEC, "gone", "Gone", SpecState.REMOVED, ())
DIFFS = st.builds(
    SpecDiff,
    TEXT,
    TEXT,
    st.lists(
        st.builds(
            SpecChange,
            st.sampled_from(Kind),
            TEXT,
            TEXT,
            st.sampled_from(SpecState),
            st.lists(st.builds(Change, st.just("replace"), TEXT, JSON, JSON, st.just(())), max_size=3).map(tuple),
            st.none() | TEXT,
            st.none() | TEXT,
            st.none() | st.integers(1, 9),
        ),
        max_size=3,
    ).map(tuple),
    st.lists(PROBLEMS, max_size=2).map(tuple),
)


def diff(*specs: SpecChange, problems: tuple[Problem, ...] = ()) -> SpecDiff:
    return SpecDiff("stage", "origin/main", specs, problems)


def test_the_text_says_that_live_was_not_asked() -> None:
    text = render_diff_text(diff(EDIT, NEW, GONE))
    assert text.startswith("target stage · since origin/main\nspec files only: Flow Service was not queried")
    assert "1 spec added, 1 spec changed, 1 spec removed" in text
    assert "/sourceSpec/x\n      1 -> 2\n" in text
    assert "it stays live, because a spec cannot be deleted" in text


def test_nothing_is_different() -> None:
    assert "no differences" in render_diff_text(diff())
    assert "no differences" in render_diff_markdown(diff())


def test_a_file_with_an_error_may_differ() -> None:
    unread = Problem(Severity.ERROR, "unreadable", "Permission denied", "specs/sources/x.yaml")
    for form in (render_diff_text, render_diff_markdown):
        assert "no differences found, but the check is incomplete" in form(diff(problems=(unread,)))
        assert "incomplete" not in form(diff(problems=(replace(unread, severity=Severity.WARNING),)))


def test_problems_are_told_in_every_form() -> None:
    problem = Problem(Severity.ERROR, "duplicate-key", "the key is there twice", "specs/a.yaml", 3, 1)
    for report in (render_diff_text(diff(problems=(problem,))), render_diff_json(diff(problems=(problem,)))):
        assert "the key is there twice" in report
    assert "duplicate-key" in render_diff_markdown(diff(problems=(problem,)))


def test_the_json_has_each_change() -> None:
    (spec,) = decode(render_diff_json(diff(NEW)))["specs"]
    assert (spec["state"], spec["changes"]) == ("added", [{"op": "add", "path": "/name", "old": None, "new": "New"}])


def test_the_markdown_links_files_of_now_and_folds_the_changes() -> None:
    report = render_diff_markdown(diff(EDIT, GONE), links=lambda file, line: f"https://github.example/{file}#L{line}")
    assert report.count("](<https://github.example/specs/sources/members/connection-spec.yaml#L7>)") == 1
    assert "- 1\n+ 2\n" in report


def test_a_thousand_files_fit_and_what_is_left_out_is_counted() -> None:
    many = [
        SpecChange(Kind.CONNECTION_SPEC, f"spec-{number}", "x" * 60, SpecState.CHANGED, EDIT.changes) for number in range(1_000)
    ]
    report = render_diff_markdown(diff(*many))
    assert len(report.encode()) <= 60_000
    assert "details of" in report
    assert "1,000" in report or "1000 specs changed" in report


@given(DIFFS)
def test_every_form_is_harmless(found: SpecDiff) -> None:
    for report in (render_diff_text(found, verbose=True), render_diff_json(found), render_diff_markdown(found)):
        assert [line for line in report.split("\n") if not is_harmless(line)] == []


@pytest.mark.parametrize("limit", [2_000, 5_000])
@given(found=DIFFS)
def test_the_markdown_keeps_its_limit(found: SpecDiff, limit: int) -> None:
    assert len(render_diff_markdown(found, limit=limit).encode()) <= limit


def test_a_renamed_entry_of_a_list_is_one_change_of_its_name() -> None:
    entry = {"name": "Basic", "spec": {f"p{number}": {} for number in range(20)}}
    pair = (
        Change("remove", "/authSpec/0", entry, MISSING, ("authSpec", "0")),
        Change("add", "/authSpec/-", MISSING, entry | {"name": "Basic Authentication"}, ("authSpec", "-")),
    )
    renamed = diff(SpecChange(Kind.CONNECTION_SPEC, "members", "Members", SpecState.CHANGED, pair))
    assert '/authSpec/0/name\n      "Basic" -> "Basic Authentication"' in render_diff_text(renamed)
    assert "p19" not in render_diff_text(renamed) + render_diff_markdown(renamed)
