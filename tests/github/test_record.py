from __future__ import annotations

import pytest
from hypothesis import given

from reconciler.github.record import NotARecord, read_record, record_of
from reconciler.planning.plan import Action
from reconciler.reports.plan.outline import Outline, outline_of
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plans import attach, change, create, plan, update
from tests.reports.strategies import VIEWS

EDIT = update(change("replace", "/a", "s3cret-old", "s3cret-new"))


def outline(*actions: Action) -> Outline:
    return outline_of(view_of(plan(*actions)))


def test_an_outline_is_read_back_as_it_was() -> None:
    made = outline(EDIT, create("a"), attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": "a"})))
    assert read_record(record_of(made)) == made


def test_a_record_shows_no_value() -> None:
    assert "s3cret" not in record_of(outline(EDIT))


@given(VIEWS)
def test_hostile_names_are_kept_in_their_fence_and_come_back(view: PlanView) -> None:
    made = outline_of(view)
    text = record_of(made)
    assert text.count("```") == 2
    assert read_record(text) == made


def test_what_does_not_fit_is_counted() -> None:
    made = outline(*(create(f"spec-{number}", change("add", "/name", new="x")) for number in range(1_000)))
    text = record_of(made, 20_000)
    found = read_record(text)
    assert len(text) <= 20_000
    assert len(found.actions) + found.left_out == 1_000
    assert len(found.actions) + len(found.shorts) == 1_000


def test_two_thousand_actions_are_known_again_from_one_record() -> None:
    made = outline(*(create(f"spec-{number}", change("add", "/name", new="x" * 500)) for number in range(2_000)))
    found = read_record(record_of(made))
    assert {action.short for action in found.actions} | found.shorts == {action.short for action in made.actions}


def test_flow_specs_are_kept_whole_first() -> None:
    flow = attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": "a"}))
    made = outline(*(create(f"spec-{number}", change("add", "/name", new="x")) for number in range(2_000)), flow)
    assert [action.name for action in read_record(record_of(made)).actions if action.is_flow_spec] == ["RestStorageToAEP"]


def test_line_ends_of_a_browser_do_not_matter() -> None:
    assert read_record(record_of(outline(EDIT)).replace("\n", "\r\n")) == outline(EDIT)


@pytest.mark.parametrize(
    "text",
    ["", "```json\n{}\n```", "```json\n{\n```", "nothing", record_of(outline(EDIT)).replace('"format":1', '"format":2')],
)
def test_anything_else_is_no_record(text: str) -> None:
    with pytest.raises(NotARecord):
        read_record(text)
