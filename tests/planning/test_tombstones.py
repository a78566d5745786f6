"""`retired` in reconciler.yaml: reviewed by name, carried out by every apply, and a way out of each refusal that points to it."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.desired.git.history import Relation
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import Usage
from reconciler.planning.guards.safety import usage_problems
from reconciler.planning.plan import ActionName, Plan
from reconciler.settings.values import Tombstone
from tests.planning.situations import (
    COMMIT,
    THEIRS,
    KnownHistory,
    codes,
    connection,
    flow_file,
    live,
    marked,
    marker_for,
    only_action,
    plan,
    shared_flow,
    spec_id,
)

THEIR_ID = spec_id(9)
MOVED = KnownHistory({})
"""A history that has none of the commits in our markers."""


def key(name: str = "gone", kind: Kind = Kind.CONNECTION_SPEC, **rest: Any) -> Tombstone:
    return Tombstone(kind, name, reason="The vendor ended the API.", **rest)


def the(number: int, **rest: Any) -> Tombstone:
    return Tombstone(Kind.CONNECTION_SPEC, id=spec_id(number), reason="A twin.", **rest)


def gone(number: int = 1, name: str = "gone", **rest: Any) -> Any:
    return marked(connection(name, sourceSpec={"of": name}), number, **rest)


def done(made: Plan) -> list[tuple[ActionName, str | None]]:
    return [(action.action, action.key) for action in made.actions]


def hints(made: Plan) -> str:
    return "\n".join(problem.hint or "" for problem in made.problems)


# What it does.


def test_a_key_that_is_retired_is_detached_and_marked_without_any_flag() -> None:
    made = plan([], [gone(), shared_flow(THEIR_ID, spec_id(1))], retired=(key(),))
    assert (codes(made), done(made)) == ([], [(ActionName.DETACH, None), (ActionName.UPDATE, "gone")])


def test_the_plan_says_why() -> None:
    made = plan([], [gone()], retired=(key(),))
    assert "reconciler.yaml retires it: The vendor ended the API." in made.problems[0].message


def test_without_an_entry_an_orphan_stays() -> None:
    made = plan([], [gone(), shared_flow(spec_id(1))], retired=(key("another"),))
    assert made.actions == ()
    assert "`retired: [{key: gone, reason: …}]`" in hints(made)


def test_an_entry_whose_work_is_done_may_stay() -> None:
    desired = connection("gone")
    made = plan([], [live(desired, marker=marker_for(desired, retired=True))], retired=(key(),))
    assert (made.actions, made.problems) == ((), ())


def test_an_entry_is_about_one_kind() -> None:
    flow = marked(flow_file("gone"), 7)
    assert only_action(plan([], [gone(), flow], retired=(key(),))).kind is Kind.CONNECTION_SPEC
    assert only_action(plan([], [gone(), flow], retired=(key(kind=Kind.FLOW_SPEC),))).kind is Kind.FLOW_SPEC


def test_another_repositorys_spec_is_not_retired() -> None:
    theirs = gone(marker=marker_for(connection("gone"), repository=THEIRS))
    assert plan([], [theirs], retired=(key(), the(1))).actions == ()


def test_a_copy_of_a_marker_is_not_retired() -> None:
    copied = live(connection("gone"), 2, marker=marker_for(connection("gone"), id=spec_id(1)))
    assert plan([], [copied], retired=(key(), the(2))).actions == ()


def test_only_the_keys_that_are_named_are_retired() -> None:
    made = plan([], [gone(1, "a"), gone(2, "b")], retired=(key("a"), key("b")), keys=("a",))
    assert done(made) == [(ActionName.UPDATE, "a")]


def test_the_last_file_may_go_with_an_entry() -> None:
    none_left = Problem(Severity.ERROR, "no-specs", "none")
    made = plan([], [gone()], retired=(key(),), problems=(none_left,))
    assert (codes(made), done(made)) == ([], [(ActionName.UPDATE, "gone")])
    assert codes(plan([], [gone()], problems=(none_left,))) == ["no-specs"]


def test_a_file_that_cannot_be_read_keeps_everything_from_being_retired() -> None:
    bad = Problem(Severity.ERROR, "yaml", "no", file="specs/gone.yaml")
    assert plan([], [gone()], retired=(key(),), problems=(bad,)).actions == ()


def test_a_spec_that_is_ahead_is_not_retired_from_here() -> None:
    made = plan([], [gone()], retired=(key(),), history=KnownHistory({COMMIT: Relation.NOT_ANCESTOR}))
    assert (codes(made), made.actions) == (["ahead"], ())


# Within which limits.


def test_what_was_reviewed_by_name_does_not_count_as_a_detach() -> None:
    made = plan([], [gone(1, "a"), gone(2, "b"), shared_flow(spec_id(1), spec_id(2))], retired=(key("a"),), prune=True)
    assert codes(made) == ["too-many-detaches"]
    assert "1 detach" in made.errors[0].message


def test_more_than_five_at_once_are_refused_with_the_line_that_allows_them() -> None:
    names = [f"gone-{number}" for number in range(6)]
    live_specs = [gone(number, name) for number, name in enumerate(names, 1)]
    made = plan([], live_specs, retired=tuple(map(key, names)))
    assert codes(made) == ["too-many-retired"]
    assert "`safety: {max_retired: 6}`" in (made.errors[0].hint or "")
    assert codes(plan([], live_specs, retired=tuple(map(key, names)), max_retired=6)) == []


def test_what_is_in_use_is_retired_only_where_the_entry_says_so() -> None:
    specs = [gone(), shared_flow(spec_id(1))]
    used = {spec_id(1): Usage(1, 1)}
    refused = usage_problems(plan([], specs, retired=(key(),)), used)
    assert [problem.code for problem in refused] == ["detach-in-use"]
    assert "`allow_in_use: true`" in (refused[0].hint or "")
    assert usage_problems(plan([], specs, retired=(key(allow_in_use=True),)), used) == ()


# What it leads out of.


def test_a_retired_orphan_stands_in_no_creates_way() -> None:
    new = connection("new", sourceSpec={"of": "gone"})
    refused = plan([new], [gone()])
    assert codes(refused) == ["orphan-or-rename"]
    assert "`retired: [{key: gone, reason: …}]`" in (refused.errors[0].hint or "")
    made = plan([new], [gone()], retired=(key(),))
    assert (codes(made), done(made)) == ([], [(ActionName.CREATE, "new"), (ActionName.UPDATE, "gone")])


def test_after_a_moved_history_the_object_itself_is_named() -> None:
    specs = [gone(), shared_flow(spec_id(1))]
    refused = plan([], specs, retired=(key(),), history=MOVED)
    assert codes(refused) == ["detach-unknown-commit"]
    assert f"`retired: [{{id: {spec_id(1)}, reason: …}}]`" in hints(refused)
    made = plan([], specs, retired=(the(1),), history=MOVED)
    assert (codes(made), done(made)) == ([], [(ActionName.DETACH, None), (ActionName.UPDATE, "gone")])


def test_after_a_moved_history_pruning_is_a_rewind() -> None:
    specs = [gone(), shared_flow(spec_id(1))]
    refused = plan([], specs, prune=True, max_detaches=1, history=MOVED)
    assert (codes(refused), "--allow-rewind" in hints(refused)) == (["detach-unknown-commit"], True)
    assert codes(plan([], specs, prune=True, max_detaches=1, history=MOVED, allow_rewind=True)) == []


def test_a_flow_spec_of_ours_of_a_moved_history_loses_only_what_is_named() -> None:
    flow = flow_file()
    specs = [gone(), marked(flow, 7, sourceConnectionSpecIds=[spec_id(1), THEIR_ID])]
    assert "detach-unknown-commit" in codes(plan([flow], specs, retired=(key(),), history=MOVED))
    assert codes(plan([flow], specs, retired=(the(1),), history=MOVED)) == []


def test_of_two_orphans_of_one_key_the_one_that_is_named_is_retired() -> None:
    twins = [gone(1), gone(2)]
    refused = plan([], twins, retired=(key(),))
    assert (codes(refused), refused.actions) == (["two-candidates"], ())
    assert f"`retired: [{{id: {spec_id(1)}, reason: …}}]`" in hints(refused)
    made = plan([], twins, retired=(the(1),))
    assert [action.id for action in made.actions] == [spec_id(1)]


@pytest.mark.parametrize("spelled", [spec_id(2), spec_id(2).upper()])
def test_a_twin_that_is_retired_leaves_the_file_its_own(spelled: str) -> None:
    desired = connection("members")
    twins = [marked(desired, 1), marked(desired, 2)]
    refused = plan([desired], twins)
    assert (codes(refused), "`retired: [{id: <id>, reason: …}]`" in hints(refused)) == (["two-candidates"], True)
    made = plan([desired], twins, retired=(Tombstone(Kind.CONNECTION_SPEC, id=spelled, reason="A twin."),))
    assert (codes(made), [action.id for action in made.actions]) == ([], [spec_id(2)])
    assert made.ids == {"members": spec_id(1)}
    assert "is not the spec of specs/members.yaml" in made.problems[0].message


# What contradicts itself.


@pytest.mark.parametrize(
    ("desired", "entry"),
    [
        (connection("gone"), key()),
        (connection("gone"), the(1)),
        (connection("new", former_keys=("gone",)), key()),
        (connection("gone", pinned_id=spec_id(1)), the(1)),
    ],
)
def test_a_spec_that_has_a_file_and_is_retired_is_an_error_in_the_files(desired: Any, entry: Tombstone) -> None:
    made = plan([desired], [marked(connection("gone"))], retired=(entry,))
    (problem,) = made.errors
    assert (problem.code, problem.guard, problem.file, made.actions) == ("retired-key", False, desired.file, ())


def test_a_file_of_a_retired_key_creates_nothing() -> None:
    made = plan([connection("gone")], [], retired=(key(),))
    assert (codes(made), made.actions) == (["retired-key"], ())
