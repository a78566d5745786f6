"""Which live object a file means, and what may be taken over from whom."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.desired.git.history import Relation
from reconciler.planning.plan import ActionName, Plan, State
from tests.planning.situations import (
    COMMIT,
    OUR_CLIENT,
    PROVIDER,
    THEIRS,
    KnownHistory,
    codes,
    connection,
    differences,
    live,
    marked,
    marker_for,
    only_action,
    plan,
    spec_id,
)

SOMEBODY = {"createdClient": "somebody"}
SOMEBODY_WITH_OUR_CLIENT = {"updatedBy": "jane@acme.example", "updatedClient": OUR_CLIENT}


def test_a_pinned_id_comes_before_everything_else() -> None:
    desired = connection(pinned_id=spec_id(2))
    made = plan([desired], [marked(desired, 1), live(desired, 2)])
    assert in_sync_id(made) == spec_id(2)


def test_a_pinned_spec_without_a_marker_is_managed_and_needs_no_write() -> None:
    desired = connection(pinned_id=spec_id(1))
    assert plan([desired], [live(desired)]).actions == ()


def test_a_pinned_id_that_is_not_there_is_an_error_and_no_create() -> None:
    made = plan([connection(pinned_id=spec_id(7))], [])
    assert (codes(made), made.actions) == (["pinned-id-not-found"], ())


def test_our_marker_finds_a_spec_whatever_its_name_is_now() -> None:
    desired = connection(name="New name")
    assert only_action(plan([desired], [marked(desired, name="Old name")])).id == spec_id(1)


def test_a_marker_of_another_sandbox_is_not_ours() -> None:
    desired = connection()
    made = plan([desired], [marked(desired, marker=marker_for(desired, sandbox="prod"))])
    assert codes(made) == ["namesake"]


def test_two_specs_with_one_marker_are_an_error_that_names_both() -> None:
    desired = connection()
    made = plan([desired], [marked(desired, 1), marked(desired, 2)])
    assert codes(made) == ["two-candidates"]
    assert all(spec_id(number) in made.errors[0].message for number in (1, 2))


def test_two_specs_with_one_marker_are_no_orphans() -> None:
    desired = connection()
    assert plan([desired], [marked(desired, 1), marked(desired, 2)]).summary.orphan == 0


def test_a_pin_chooses_between_two_specs_with_one_marker() -> None:
    desired = connection(pinned_id=spec_id(2))
    made = plan([desired], [marked(desired, 1), marked(desired, 2)])
    assert (codes(made), made.summary.orphan) == ([], 1)


def test_a_retired_spec_gives_way_to_an_active_one() -> None:
    desired = connection()
    made = plan([desired], [marked(desired, 1, marker=marker_for(desired, retired=True)), marked(desired, 2)])
    assert in_sync_id(made) == spec_id(2)


def in_sync_id(made: Plan) -> str | None:
    return next(spec.id for spec in made.specs if spec.state is State.IN_SYNC)


def test_an_unmanaged_namesake_is_adopted_when_the_file_says_so() -> None:
    action = only_action(plan([connection(adopt=True)], [live(connection())]))
    assert (action.action, action.id, differences(action)[0][1]) == (ActionName.ADOPT, spec_id(1), "/attributes/reconciler")


def test_adoption_also_brings_the_body_into_line() -> None:
    desired = connection(adopt=True, sourceSpec={"a": 2})
    action = only_action(plan([desired], [live(connection(), sourceSpec={"a": 1})]))
    assert [change.path for change in action.changes] == ["/sourceSpec/a", "/attributes/reconciler"]


def test_adoption_of_nothing_is_a_create() -> None:
    assert only_action(plan([connection(adopt=True)], [])).action is ActionName.CREATE


def test_plain_adoption_does_not_take_another_owners_spec() -> None:
    desired = connection(adopt=True)
    assert codes(plan([desired], [marked(desired, marker=marker_for(desired, repository=THEIRS))])) == ["namesake"]


def test_another_owners_spec_is_taken_over_by_naming_the_owner() -> None:
    desired = connection(adopt=THEIRS)
    action = only_action(plan([desired], [marked(desired, marker=marker_for(desired, repository=THEIRS, key="x"))]))
    assert differences(action) == [
        ("replace", "/attributes/reconciler/repository", THEIRS, "acme/aep-sources"),
        ("replace", "/attributes/reconciler/key", "x", "members"),
    ]


def test_naming_an_owner_does_not_adopt_an_unmanaged_spec() -> None:
    assert codes(plan([connection(adopt=THEIRS)], [live(connection(), audit=SOMEBODY)])) == ["namesake"]


def test_a_pinned_spec_of_another_owner_is_refused() -> None:
    desired = connection(pinned_id=spec_id(1))
    made = plan([desired], [marked(desired, marker=marker_for(desired, repository=THEIRS))])
    assert (codes(made), made.errors[0].hint) == (
        ["foreign-marker"],
        f"agree with its owner, then adopt it with `adopt: {THEIRS}` in this file",
    )


def test_a_pinned_spec_of_another_owner_is_taken_over_by_naming_the_owner() -> None:
    desired = connection(pinned_id=spec_id(1), adopt=THEIRS)
    made = plan([desired], [marked(desired, marker=marker_for(desired, repository=THEIRS))])
    assert only_action(made).action is ActionName.ADOPT


@pytest.mark.parametrize("marker", ["text", {"repository": 1}, {}, None])
def test_a_marker_that_cannot_be_read_belongs_to_nobody_known(marker: Any) -> None:
    desired = connection(pinned_id=spec_id(1))
    assert codes(plan([desired], [live(desired, attributes={"reconciler": marker})])) == ["foreign-marker"]


def test_a_marker_that_cannot_be_read_may_be_replaced_on_request() -> None:
    desired = connection(pinned_id=spec_id(1), adopt=True)
    assert only_action(plan([desired], [live(desired, attributes={"reconciler": "text"})])).action is ActionName.ADOPT


def test_without_markers_our_own_namesake_is_the_spec() -> None:
    desired = connection(sourceSpec={"a": 2})
    specs = [live(desired, 1, sourceSpec={"a": 1}), live(desired, 2, audit={"createdClient": "somebody"})]
    assert only_action(plan([desired], specs, keeps_markers=False)).id == spec_id(1)


def test_without_markers_nobody_elses_namesake_is_touched() -> None:
    desired = connection()
    assert codes(plan([desired], [live(desired, audit={"createdClient": "somebody"})], keeps_markers=False)) == ["namesake"]


def test_two_files_for_one_object_are_an_error_in_the_files() -> None:
    made = plan([connection("a", pinned_id=spec_id(1)), connection("b", pinned_id=spec_id(1))], [live(connection("a"))])
    assert (codes(made), [problem.guard for problem in made.errors]) == (["one-object-two-files"] * 2, [False, False])


def test_a_spec_that_was_applied_from_a_later_commit_is_not_written() -> None:
    desired = connection(sourceSpec={"a": 1})
    ahead = KnownHistory({COMMIT: Relation.NOT_ANCESTOR})
    made = plan([desired], [marked(desired, sourceSpec={"a": 2})], history=ahead)
    assert (made.actions, codes(made), made.summary.ahead) == ((), ["ahead"], 1)


def test_a_deliberate_rollback_writes_what_is_ahead() -> None:
    desired = connection(sourceSpec={"a": 1})
    ahead = KnownHistory({COMMIT: Relation.NOT_ANCESTOR})
    made = plan([desired], [marked(desired, sourceSpec={"a": 2})], history=ahead, allow_rewind=True)
    assert only_action(made).action is ActionName.UPDATE


def test_a_spec_that_is_ahead_and_equal_is_in_sync() -> None:
    desired = connection()
    made = plan([desired], [marked(desired)], history=KnownHistory({COMMIT: Relation.NOT_ANCESTOR}))
    assert (codes(made), made.summary.in_sync) == ([], 1)


def test_a_spec_of_a_later_commit_without_a_file_here_is_ahead_and_no_orphan() -> None:
    made = plan(
        [connection("other")],
        [marked(connection("new"), name="new"), marked(connection("other"), 2)],
        history=KnownHistory({COMMIT: Relation.NOT_ANCESTOR}),
    )
    assert (made.summary.orphan, codes(made), made.summary.ahead) == (0, ["ahead"], 1)


@pytest.mark.parametrize(
    ("live_specs", "code"),
    [
        ([live(connection(), audit=SOMEBODY)], "namesake"),
        ([live(connection())], "marker-gone"),
        ([live(connection("renamed-there"))], "marker-gone"),
        ([live(connection("renamed-there"), audit=SOMEBODY_WITH_OUR_CLIENT)], "marker-gone"),
        ([marked(connection("gone", name="Other"))], "orphan-or-rename"),
    ],
)
def test_a_create_is_refused_while_something_may_be_the_spec_already(live_specs: list[Any], code: str) -> None:
    assert codes(plan([connection()], live_specs)) == [code]


def test_a_namesake_of_another_provider_does_not_stand_in_the_way() -> None:
    assert only_action(plan([connection()], [live(connection(), providerId="x")])).action is ActionName.CREATE


def test_an_orphan_stands_in_the_way_of_nothing_that_was_named_as_new() -> None:
    made = plan([connection()], [marked(connection("gone", name="Other"))], allow_create=("members",))
    assert only_action(made).action is ActionName.CREATE


def test_an_orphan_of_another_provider_does_not_stand_in_the_way() -> None:
    gone = connection("gone", name="Other", providerId="521eee4d-8cbe-4906-bb48-fb6bd4450033")
    assert gone.provider_id != PROVIDER
    assert only_action(plan([connection()], [marked(gone)])).action is ActionName.CREATE


def test_two_files_of_one_name_and_provider_are_not_both_created() -> None:
    made = plan([connection("a", name="Same"), connection("b", name="Same")], [])
    assert (codes(made), [problem.guard for problem in made.errors]) == (["same-name"] * 2, [False, False])


def test_a_rollback_past_a_rename_makes_no_twin() -> None:
    renamed = marked(connection("new", name="Source", former_keys=("old",)))
    made = plan(
        [connection("old", name="Old source")],
        [renamed],
        history=KnownHistory({COMMIT: Relation.NOT_ANCESTOR}),
        allow_rewind=True,
    )
    assert codes(made) == ["orphan-or-rename"]


def test_a_message_names_only_a_few_of_many_orphans() -> None:
    orphans = [marked(connection(f"gone-{number}", name=f"n{number}"), number + 1) for number in range(9)]
    (problem,) = plan([connection("new")], orphans).errors
    assert "and 4 more" in problem.message


def test_without_markers_a_spec_that_carries_somebody_elses_is_not_ours() -> None:
    desired = connection()
    theirs = marked(desired, marker=marker_for(desired, repository=THEIRS))
    assert codes(plan([desired], [theirs], keeps_markers=False)) == ["namesake"]


@pytest.mark.parametrize("pointer", ["", "x", "/a~2"])
def test_a_settled_place_that_is_no_pointer_is_not_heard(pointer: str) -> None:
    desired = connection()
    marker = marker_for(desired).to_json() | {"settled": {pointer: {"sent": "1", "kept": "2"}}}
    assert plan([desired], [live(desired, attributes={"reconciler": marker})]).actions == ()


def test_a_time_that_no_calendar_has_is_told_as_it_is() -> None:
    desired = connection()
    odd = [marked(desired, number, audit={"createdAt": 2**52}) for number in (1, 2)]
    assert f"at {2**52 // 1000} s after 1970" in plan([desired], odd).errors[0].message


def test_nothing_is_created_on_half_a_list() -> None:
    assert codes(plan([connection()], [], complete=False)) == ["list-incomplete"]
