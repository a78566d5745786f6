"""Attachments to flow specs that everybody shares, flow specs of our own, orphans and pruning."""

from __future__ import annotations

import pytest

from reconciler.desired.git.history import Relation
from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import Usage
from reconciler.planning.guards.safety import usage_problems
from reconciler.planning.plan import Action, ActionName, Plan, State
from reconciler.settings.values import Tombstone
from tests.planning.situations import (
    BATCH_FLOW,
    KnownHistory,
    codes,
    connection,
    differences,
    flow_file,
    live,
    marked,
    marker_for,
    only_action,
    plan,
    shared_flow,
    spec_id,
)

BATCH = "RestStorageToAEP"
THEIR_ID = spec_id(99)


def flow_action(made: Plan) -> Action:
    (action,) = (action for action in made.actions if action.kind is Kind.FLOW_SPEC)
    return action


def test_any_number_of_new_sources_is_one_put_of_their_flow_spec() -> None:
    made = plan([connection(key, flow_specs=[BATCH]) for key in ("a", "b", "c")], [shared_flow(THEIR_ID)])
    assert [action.action for action in made.actions] == [ActionName.CREATE] * 3 + [ActionName.ATTACH]


def test_attaching_new_sources_is_one_change_an_id() -> None:
    made = plan([connection(key, flow_specs=[BATCH]) for key in ("b", "a")], [shared_flow(THEIR_ID)])
    assert differences(flow_action(made)) == [
        ("add", "/sourceConnectionSpecIds/-", MISSING, {"ref": "a"}),
        ("add", "/sourceConnectionSpecIds/-", MISSING, {"ref": "b"}),
    ]


@pytest.mark.parametrize("has_file", [False, True], ids=["file-with-an-error", "file-of-a-retired-spec"])
def test_a_reference_to_a_file_that_cannot_be_used_is_neither_attached_nor_detached(has_file: bool) -> None:
    source, flow = connection(), flow_file(sourceConnectionSpecIds=[{"ref": "members"}])
    applied = [marked(source), live(flow, 2, kind=Kind.FLOW_SPEC, marker=marker_for(flow), sourceConnectionSpecIds=[spec_id(1)])]
    retired = (Tombstone(key="members", reason="gone"),) if has_file else ()
    broken = Problem(Severity.ERROR, "syntax", "not valid YAML", "specs/members.yaml", 1, 1)
    made = plan([source, flow] if has_file else [flow], applied, problems=() if has_file else (broken,), retired=retired)
    assert [action for action in made.actions if action.kind is Kind.FLOW_SPEC] == []
    assert "too-many-detaches" not in codes(made)
    [(state, note)] = [
        (spec.state, problem)
        for spec in made.specs
        for problem in made.problems
        if spec.kind is Kind.FLOW_SPEC and problem.code == "not-compared"
    ]
    assert (state, note.severity, note.key) == (State.ERROR, Severity.INFO, "own-flow")
    assert note.message == "flow spec 'own-flow' is not compared: it refers to members, without a file that can be used"


def test_an_attachment_has_no_key_and_no_file() -> None:
    action = flow_action(plan([connection(flow_specs=[BATCH])], [shared_flow()]))
    assert (action.key, action.file, action.line, action.id) == (None, None, None, BATCH_FLOW)


def test_the_summary_counts_attached_ids() -> None:
    made = plan([connection(key, flow_specs=[BATCH]) for key in ("a", "b")], [shared_flow()])
    assert (made.summary.create, made.summary.attach, made.summary.update) == (2, 2, 0)


def test_a_source_that_is_attached_needs_nothing() -> None:
    desired = connection(flow_specs=[BATCH])
    assert plan([desired], [marked(desired), shared_flow(THEIR_ID, spec_id(1))]).actions == ()


def test_a_source_that_leaves_a_flow_spec_is_not_detached() -> None:
    desired = connection(flow_specs=[])
    assert plan([desired], [marked(desired), shared_flow(spec_id(1))]).actions == ()


@pytest.mark.parametrize("name", [BATCH, BATCH_FLOW])
def test_a_flow_spec_is_named_by_name_or_id(name: str) -> None:
    assert flow_action(plan([connection(flow_specs=[name])], [shared_flow()])).id == BATCH_FLOW


def test_a_source_is_not_created_while_its_flow_spec_does_not_show() -> None:
    made = plan([connection(flow_specs=[BATCH])], [])
    assert codes(made) == ["flow-spec-not-found"]


def test_two_flow_specs_of_one_name_are_an_error_that_names_both() -> None:
    made = plan([connection(flow_specs=[BATCH])], [shared_flow(), shared_flow(flow_id=spec_id(5))])
    assert codes(made) == ["flow-spec-ambiguous"]
    assert all(flow in made.errors[0].message for flow in (BATCH_FLOW, spec_id(5)))


def test_another_teams_attachment_changes_neither_fingerprint_nor_digest() -> None:
    desired = [connection(flow_specs=[BATCH])]
    one, other = plan(desired, [shared_flow()]), plan(desired, [shared_flow(THEIR_ID)])
    assert (one.digest, flow_action(one).fingerprint) == (other.digest, flow_action(other).fingerprint)


def test_our_own_id_in_the_flow_spec_changes_the_fingerprint() -> None:
    desired = connection(flow_specs=[BATCH])
    both = [desired, connection("b", flow_specs=[BATCH])]
    specs = [marked(desired), marked(both[1], 2)]
    one, other = (flow_action(plan(both, [*specs, shared_flow(*held)])) for held in ((), (spec_id(2),)))
    assert one.fingerprint != other.fingerprint


def test_a_flow_spec_of_our_own_is_created_with_its_sources() -> None:
    made = plan([connection(flow_specs=["own-flow"]), flow_file()], [])
    changes = {change.path: change.new for change in flow_action(made).changes}
    assert (flow_action(made).action, changes["/sourceConnectionSpecIds"]) == (ActionName.CREATE, [{"ref": "members"}])


def test_a_flow_spec_file_is_found_by_its_name_too() -> None:
    made = plan([connection(flow_specs=["OwnFlow"]), flow_file(name="OwnFlow")], [])
    assert flow_action(made).sources == ({"ref": "members"},)


def test_references_in_a_flow_spec_are_ids_where_they_are_known() -> None:
    source = connection()
    made = plan([source, flow_file(sourceConnectionSpecIds=[{"ref": "members"}])], [marked(source)])
    assert flow_action(made).changes[-1].new == [spec_id(1)]


def test_a_list_that_a_file_writes_is_owned_whole() -> None:
    flow = flow_file(sourceConnectionSpecIds=[spec_id(1)])
    made = plan([flow], [marked(flow, 7, sourceConnectionSpecIds=[THEIR_ID, spec_id(1)])], max_detaches=1)
    action = flow_action(made)
    assert (action.action, differences(action)) == (
        ActionName.DETACH,
        [("remove", "/sourceConnectionSpecIds/0", THEIR_ID, MISSING)],
    )


def test_a_list_that_a_file_writes_also_holds_the_attachments_of_this_repository() -> None:
    source = connection(flow_specs=["own-flow"])
    flow = flow_file(sourceConnectionSpecIds=[])
    made = plan([source, flow], [marked(source), marked(flow, 7, sourceConnectionSpecIds=[spec_id(1)])])
    assert made.actions == ()


def test_a_list_that_a_file_leaves_out_is_only_added_to() -> None:
    source = connection(flow_specs=["own-flow"])
    flow = flow_file()
    made = plan([source, flow], [marked(source), marked(flow, 7, sourceConnectionSpecIds=[THEIR_ID])])
    assert differences(flow_action(made)) == [("add", "/sourceConnectionSpecIds/-", MISSING, spec_id(1))]


def test_a_changed_flow_spec_with_a_new_source_is_one_put() -> None:
    source = connection(flow_specs=["own-flow"])
    flow = flow_file(optionSpec={"a": 2})
    made = plan([source, flow], [marked(flow, 7, optionSpec={"a": 1})])
    action = flow_action(made)
    assert (action.action, made.summary.update, made.summary.attach) == (ActionName.UPDATE, 1, 1)


def test_without_leave_nothing_is_detached() -> None:
    flow = flow_file(sourceConnectionSpecIds=[])
    assert codes(plan([flow], [marked(flow, 7, sourceConnectionSpecIds=[THEIR_ID])])) == ["too-many-detaches"]


def test_a_detach_on_an_unknown_commit_is_refused() -> None:
    flow = flow_file(sourceConnectionSpecIds=[])
    specs = [marked(flow, 7, sourceConnectionSpecIds=[THEIR_ID])]
    assert codes(plan([flow], specs, history=KnownHistory({}), max_detaches=1)) == ["detach-unknown-commit"]


@pytest.mark.parametrize("held", [[THEIR_ID, THEIR_ID], [THEIR_ID, spec_id(98), THEIR_ID]])
def test_a_list_that_holds_an_id_twice_counts_its_detaches_all_the_same(held: list[str]) -> None:
    flow = flow_file(sourceConnectionSpecIds=[])
    assert codes(plan([flow], [marked(flow, 7, sourceConnectionSpecIds=held)])) == ["too-many-detaches"]


def test_a_list_that_a_file_sets_to_null_is_the_empty_list() -> None:
    flow = flow_file(sourceConnectionSpecIds=None)
    made = plan([flow], [marked(flow, 7, sourceConnectionSpecIds=[THEIR_ID])])
    assert (codes(made), made.summary.detach) == (["too-many-detaches"], 1)


def test_a_list_set_to_null_still_holds_what_this_repository_attaches() -> None:
    source, flow = connection(flow_specs=["own-flow"]), flow_file(sourceConnectionSpecIds=None)
    assert plan([source, flow], [marked(source), marked(flow, 7, sourceConnectionSpecIds=[spec_id(1)])]).actions == ()


def test_a_list_that_a_file_ignores_is_only_added_to() -> None:
    source = connection(flow_specs=["own-flow"])
    flow = flow_file(sourceConnectionSpecIds=[], ignore=("/sourceConnectionSpecIds",))
    made = plan([source, flow], [marked(source), marked(flow, 7, sourceConnectionSpecIds=[THEIR_ID])])
    assert [(action.key, differences(action)) for action in made.actions] == [
        ("own-flow", [("add", "/sourceConnectionSpecIds/-", MISSING, spec_id(1))])
    ]


def test_a_flow_spec_that_is_named_twice_is_attached_to_once() -> None:
    made = plan([connection(flow_specs=[BATCH, BATCH_FLOW])], [shared_flow()])
    assert made.summary.attach == 1


def test_a_flow_spec_file_named_like_somebody_elses_does_not_draw_sources_to_itself() -> None:
    flow = flow_file("mine", name=BATCH)
    made = plan([connection(flow_specs=[BATCH]), flow], [shared_flow(), marked(flow, 7)])
    assert codes(made) == ["flow-spec-ambiguous"]


def test_a_key_in_scope_draws_no_source_out_of_scope_into_its_list() -> None:
    source, flow = connection(flow_specs=["own-flow"]), flow_file(optionSpec={"a": 2})
    made = plan([source, flow], [marked(source), marked(flow, 7, optionSpec={"a": 1})], keys=("own-flow",))
    assert [change.path for change in only_action(made).changes] == ["/optionSpec/a"]


def test_a_flow_spec_of_ours_that_is_ahead_is_not_attached_to_from_outside() -> None:
    source, flow = connection(flow_specs=["own-flow"]), flow_file()
    ahead = marked(flow, 7, marker=marker_for(flow, commit="b" * 40))
    history = KnownHistory({"a" * 40: Relation.ANCESTOR, "b" * 40: Relation.NOT_ANCESTOR})
    made = plan([source, flow], [marked(source), ahead], keys=("members",), history=history)
    assert (codes(made), made.actions) == (["ahead"], ())


def test_an_old_checkout_does_not_bring_back_what_was_retired() -> None:
    desired = connection(flow_specs=[BATCH])
    retired = marked(desired, marker=marker_for(desired, retired=True, commit="b" * 40))
    made = plan([desired], [retired, shared_flow()], history=KnownHistory({"b" * 40: Relation.NOT_ANCESTOR}))
    assert (codes(made), made.actions) == (["ahead"], ())


def test_a_retirement_remembers_the_commit_that_retired() -> None:
    made = plan([], [marked(connection("gone"))], prune=True, commit="d" * 40)
    assert made.actions[-1].marker is not None
    assert made.actions[-1].marker.commit == "d" * 40


def test_pruning_without_any_file_left_prunes_everything() -> None:
    none_left = Problem(Severity.ERROR, "no-specs", "none")
    made = plan([], [marked(connection("gone")), shared_flow(spec_id(1))], prune=True, max_detaches=1, problems=(none_left,))
    assert (codes(made), len(made.actions)) == ([], 2)


def test_pruning_by_key_leaves_other_orphans_alone() -> None:
    gone = [marked(connection("gone"), 1), marked(connection("lost"), 2)]
    made = plan([], gone, prune=True, keys=("gone",))
    assert [action.key for action in made.actions] == ["gone"]


def test_an_orphan_is_told_and_left_alone() -> None:
    made = plan(
        [connection("other", providerId="x")], [marked(connection("gone")), marked(connection("other", providerId="x"), 2)]
    )
    assert (made.summary.orphan, made.actions, [problem.code for problem in made.problems]) == (1, (), ["orphan"])


def test_an_orphan_is_not_told_while_a_file_cannot_be_read() -> None:
    bad = Problem(Severity.ERROR, "yaml", "no", file="specs/gone.yaml")
    assert plan([], [marked(connection("gone"))], problems=(bad,)).summary.orphan == 0


def test_another_owners_spec_is_no_orphan() -> None:
    spec = connection("gone")
    assert plan([], [marked(spec, marker=marker_for(spec, repository="acme/other"))]).summary.orphan == 0


def test_pruning_detaches_an_orphan_and_retires_it() -> None:
    made = plan([], [marked(connection("gone")), shared_flow(THEIR_ID, spec_id(1))], prune=True, max_detaches=1)
    assert [(action.kind, action.action, action.key) for action in made.actions] == [
        (Kind.FLOW_SPEC, ActionName.DETACH, None),
        (Kind.CONNECTION_SPEC, ActionName.UPDATE, "gone"),
    ]
    assert differences(made.actions[0]) == [("remove", "/sourceConnectionSpecIds/1", spec_id(1), MISSING)]
    assert differences(made.actions[1]) == [("add", "/attributes/reconciler/retired", MISSING, True)]


def test_pruning_counts_against_the_detaches() -> None:
    assert codes(plan([], [marked(connection("gone")), shared_flow(spec_id(1))], prune=True)) == ["too-many-detaches"]


def test_pruning_on_an_unknown_commit_is_refused() -> None:
    made = plan([], [marked(connection("gone")), shared_flow(spec_id(1))], prune=True, max_detaches=1, history=KnownHistory({}))
    assert codes(made) == ["detach-unknown-commit"]


def test_pruning_and_attaching_are_one_put_of_a_flow_spec() -> None:
    new = connection(flow_specs=[BATCH])
    specs = [marked(connection("gone")), shared_flow(spec_id(1), THEIR_ID)]
    made = plan([new], specs, prune=True, max_detaches=1, allow_create=("members",))
    assert (flow_action(made).action, flow_action(made).cause) == (ActionName.UPDATE, Cause.PENDING)


def test_pruning_takes_an_orphan_out_of_our_own_flow_spec_too() -> None:
    flow = flow_file()
    specs = [marked(connection("gone")), marked(flow, 7, sourceConnectionSpecIds=[spec_id(1), THEIR_ID])]
    made = plan([flow], specs, prune=True, max_detaches=1)
    assert differences(flow_action(made)) == [("remove", "/sourceConnectionSpecIds/0", spec_id(1), MISSING)]


def test_a_retired_spec_is_no_orphan_any_more() -> None:
    gone = connection("gone")
    made = plan([], [marked(gone, marker=marker_for(gone, retired=True))])
    assert (made.summary.orphan, made.problems) == (0, ())


@pytest.mark.parametrize(
    ("usage", "codes_found"),
    [
        (Usage(0, 0), []),
        (Usage(1, 0), ["detach-in-use"]),
        (Usage(0, 1), ["detach-in-use"]),
        ("no answer", ["detach-in-use"]),
        (None, ["detach-in-use"]),
    ],
)
def test_a_detach_needs_to_be_told_that_nothing_uses_the_spec(usage: Usage | str | None, codes_found: list[str]) -> None:
    made = plan([], [marked(connection("gone")), shared_flow(spec_id(1))], prune=True, max_detaches=1)
    found = usage_problems(made, {spec_id(1): usage} if usage is not None else {})
    assert [problem.code for problem in found] == codes_found


def test_a_detach_in_use_may_be_allowed() -> None:
    made = plan([], [marked(connection("gone")), shared_flow(spec_id(1))], prune=True, max_detaches=1, allow_in_use=True)
    assert usage_problems(made, {}) == ()


def test_a_source_that_is_ahead_is_not_attached() -> None:
    desired = connection(flow_specs=[BATCH], sourceSpec={"a": 1})
    history = KnownHistory({"a" * 40: Relation.NOT_ANCESTOR})
    assert plan([desired], [marked(desired, sourceSpec={"a": 2}), shared_flow()], history=history).actions == ()


def test_without_markers_a_flow_spec_of_ours_is_attached_to_all_the_same() -> None:
    desired = connection(flow_specs=[BATCH])
    made = plan([desired], [live(desired), shared_flow()], keeps_markers=False)
    assert only_action(made).action is ActionName.ATTACH
