"""Copies of markers: reported, and never matched, pruned or counted."""

from __future__ import annotations

from typing import Any

from reconciler.errors import Problem
from reconciler.planning.plan import ActionName, Plan
from tests.planning.situations import (
    THEIRS,
    codes,
    connection,
    live,
    marked,
    marker_for,
    only_action,
    plan,
    spec_id,
)
from tests.planning.test_name_guards import SOMEBODY, hint_of, pinned, source

# A marker that names another object.


def copy(number: int = 2, **changes: Any) -> Any:
    """A spec that somebody made from the body of ours, marker and all."""
    marker = marker_for(source("members"), **{"id": spec_id(1), **changes})
    return live(source("members", name="Jane's try"), number, marker=marker, audit=SOMEBODY)


def warnings(made: Plan) -> list[Problem]:
    return [problem for problem in made.problems if problem.code == "copied-marker"]


def original() -> Any:
    return marked(source("members"), marker=marker_for(source("members"), id=spec_id(1)))


def test_a_copy_of_a_marker_is_reported_once_with_both_ids() -> None:
    made = plan([source("members")], [original(), copy()])
    (problem,) = warnings(made)
    assert (codes(made), made.actions, made.summary.in_sync) == ([], (), 1)
    assert all(spec_id(number) in problem.message for number in (1, 2))


def test_a_copy_is_never_what_a_file_means() -> None:
    desired = source("members", notes="new")
    assert only_action(plan([desired], [original(), copy()])).id == spec_id(1)


def test_a_copy_is_no_orphan_and_is_never_pruned() -> None:
    made = plan([source("other", path="/o")], [copy(), marked(source("other", path="/o"), 3)], prune=True)
    assert (made.summary.orphan, made.actions, codes(made)) == (0, (), [])


def test_a_copy_blocks_no_create_of_anything_else() -> None:
    made = plan([source("members"), source("new", path="/n")], [original(), copy()])
    assert (codes(made), only_action(made).key) == ([], "new")


def test_a_copy_of_what_the_lists_do_not_show_keeps_that_from_being_created_again() -> None:
    made = plan([source("members")], [copy()])
    assert codes(made) == ["copied-marker"]
    assert f"`ids: {{stage: {spec_id(1)}}}`" in hint_of(made)
    assert codes(plan([source("members-2")], [copy()])) == []


def test_a_copy_counts_as_unmanaged() -> None:
    desired = source("janes", name="Jane's try", pinned_id=spec_id(2), adopt=True)
    made = plan([source("members"), desired], [original(), copy()])
    assert (codes(made), only_action(made).action, only_action(made).id) == ([], ActionName.ADOPT, spec_id(2))


def test_a_copy_that_is_taken_over_is_reported_no_longer() -> None:
    desired = source("janes", name="Jane's try", pinned_id=spec_id(2), adopt=True)
    assert warnings(plan([source("members"), desired], [original(), copy()])) == []


def test_a_copy_of_somebody_elses_marker_is_not_our_matter() -> None:
    assert warnings(plan([source("members")], [original(), copy(repository=THEIRS)])) == []


def test_a_copy_that_our_own_client_made_did_not_lose_its_marker() -> None:
    marker = marker_for(source("members"), id=spec_id(1))
    made = plan([source("new")], [live(source("members", name="A try"), 2, marker=marker)])
    assert (codes(made), only_action(made).key) == ([], "new")


def test_a_marker_of_the_objects_own_id_is_no_copy_in_either_case() -> None:
    own = "4fe859de-0000-4000-8000-00000000000a"
    marker = marker_for(source("members"), id=own.upper())
    made = plan([source("members")], [marked(source("members"), marker=marker, audit={"id": own})])
    assert (codes(made), made.problems, made.ids) == ([], (), {"members": own})


# Two objects with one marker that names none.


def test_two_orphans_of_one_key_are_never_pruned() -> None:
    made = plan([], [marked(source("gone"), 1), marked(source("gone"), 2)], prune=True)
    assert (made.actions, codes(made)) == ((), ["two-candidates"])
    assert all(spec_id(number) in made.errors[0].message for number in (1, 2))


def test_two_orphans_of_one_key_are_reported_and_stop_nothing_else() -> None:
    made = plan([connection("other", sourceSpec={"a": 1})], [marked(source("gone"), 1), marked(source("gone"), 2)])
    assert (codes(made), only_action(made).key) == ([], "other")
    assert [problem.code for problem in made.problems if problem.severity == "warning"] == ["two-candidates"]


def proven(number: int, **body: Any) -> Any:
    """What we wrote to after its create, so that its marker names it."""
    return marked(source("members"), number, marker=marker_for(source("members"), id=spec_id(number)), **body)


def test_a_copy_of_what_a_pin_has_chosen_is_never_pruned() -> None:
    made = plan([pinned()], [marked(source("members"), 1), marked(source("members"), 2)], prune=True)
    assert (made.actions, codes(made)) == ((), [])
    (problem,) = made.problems
    assert (problem.code, problem.severity) == ("two-candidates", "warning")
    assert f"is {spec_id(1)}, but 1 other spec has the same marker" in problem.message


def test_the_one_whose_marker_names_it_is_the_spec_and_an_older_copy_is_reported() -> None:
    made = plan([source("members", notes="new")], [proven(2), marked(source("members"), 1)])
    assert (codes(made), only_action(made).id) == ([], spec_id(2))
    assert [problem.code for problem in made.problems] == ["two-candidates"]


def test_two_whose_markers_name_them_are_not_told_apart() -> None:
    assert codes(plan([source("members")], [proven(1), proven(2)])) == ["two-candidates"]


def test_a_retired_one_that_is_named_gives_way_to_an_active_one() -> None:
    retired = live(source("members"), 1, marker=marker_for(source("members"), id=spec_id(1), retired=True))
    assert plan([source("members")], [retired, marked(source("members"), 2)]).ids == {"members": spec_id(2)}


def test_pruning_takes_the_one_that_is_named_and_no_older_copy_of_it() -> None:
    made = plan([], [proven(1), marked(source("members"), 2)], prune=True)
    assert (codes(made), [action.id for action in made.actions]) == ([], [spec_id(1)])


def test_what_has_the_key_of_a_spec_that_was_retired_is_not_pruned_after_it() -> None:
    retired = live(source("members"), 1, marker=marker_for(source("members"), id=spec_id(1), retired=True))
    made = plan([], [retired, marked(source("members"), 2)], prune=True)
    assert (made.actions, [problem.code for problem in made.problems if problem.severity != "info"]) == ((), ["two-candidates"])
