"""The plan as a whole: scope, limits, order, summary and digest."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from reconciler.desired.git.history import Relation
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem, Severity, UsageError, exit_code_of
from reconciler.planning.fingerprints import plan_digest
from reconciler.planning.plan import ActionName, Plan, State
from tests.planning.situations import (
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
    state_of,
)

BATCH = "RestStorageToAEP"


def some_plan(order: random.Random | None = None, **rest: object) -> Plan:
    files = [connection("a", flow_specs=[BATCH]), connection("b", sourceSpec={"x": 2, "required": ["p", "q"]}), flow_file()]
    specs = [marked(files[1], 2, sourceSpec={"required": ["q", "p"], "x": 1}), shared_flow(spec_id(99))]
    if order:
        order.shuffle(files)
        order.shuffle(specs)
    return plan(files, specs, **rest)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_files_and_lists_makes_no_other_plan(seed: int) -> None:
    assert some_plan(random.Random(seed)) == some_plan()  # noqa: S311 - an order, not a secret


def test_the_digest_does_not_see_the_commit_or_the_depth_of_the_clone() -> None:
    assert some_plan().digest == some_plan(commit="d" * 40, history=KnownHistory({})).digest


def test_the_digest_does_not_see_specs_in_sync() -> None:
    more = connection("more")
    files = [connection("a")]
    assert plan(files, []).digest == plan([*files, more], [marked(more)]).digest


def test_the_digest_sees_a_changed_value() -> None:
    one, other = (plan([connection("a", sourceSpec={"x": value})], []) for value in (1, 2))
    assert one.digest != other.digest


def test_the_digest_sees_the_value_that_a_change_replaces() -> None:
    desired = connection("a", sourceSpec={"x": 1})
    made = plan([desired], [marked(desired, sourceSpec={"x": 2})])
    action = only_action(made)
    other = replace(action, changes=tuple(replace(change, old=3) for change in action.changes))
    assert [change.old for change in action.changes] == [2]
    assert plan_digest(made.target, made.options, [action]) == made.digest
    assert plan_digest(made.target, made.options, [other]) != made.digest


def test_the_digest_sees_whether_orphans_are_pruned() -> None:
    assert plan([connection("a")], []).digest != plan([connection("a")], [], prune=True).digest


def test_the_digest_does_not_see_positions_in_a_shared_list() -> None:
    gone = marked(connection("gone"))
    one, other = (
        plan([], [gone, shared_flow(*held)], prune=True, max_detaches=1)
        for held in ([spec_id(1)], [spec_id(99), spec_id(98), spec_id(1)])
    )
    assert one.digest == other.digest


def test_the_digest_does_not_see_the_order_of_a_set_below_an_ordered_list() -> None:
    desired = connection(sourceSpec={"oneOf": [{"required": ["a"]}]})
    one, other = (
        plan([desired], [marked(desired, sourceSpec={"oneOf": [{"required": names}]})])
        for names in (["a", "b", "c"], ["c", "b", "a"])
    )
    assert one.digest == other.digest


def test_the_digest_sees_which_item_of_an_ordered_list_changes() -> None:
    one, other = (
        plan([connection(sourceSpec={"enum": wanted})], [marked(connection(sourceSpec={"enum": ["a", "a"]}))])
        for wanted in (["a", "b"], ["b", "a"])
    )
    assert one.digest != other.digest


def test_an_empty_section_and_an_absent_one_have_one_fingerprint() -> None:
    desired = connection(authSpec=[{"name": "Basic"}])
    one, other = (
        only_action(plan([desired], [spec]))
        for spec in (marked(desired, authSpec=[]), live(connection(), marker=marker_for(desired)))
    )
    assert one.fingerprint == other.fingerprint


def test_only_the_named_keys_are_planned() -> None:
    made = plan([connection("a"), connection("b")], [], keys=("b",))
    assert [action.key for action in made.actions] == ["b"]


def test_a_key_in_scope_attaches_to_a_flow_spec_whose_file_is_out_of_scope() -> None:
    source, flow = connection("a", flow_specs=["own-flow"]), flow_file(sourceConnectionSpecIds=[])
    made = plan([source, flow], [marked(source), marked(flow, 7, name="changed")], keys=("a",))
    assert (only_action(made).action, only_action(made).key) == (ActionName.ATTACH, None)


def test_a_key_in_scope_cannot_attach_to_a_flow_spec_that_is_not_made() -> None:
    assert codes(plan([connection("a", flow_specs=["own-flow"]), flow_file()], [], keys=("a",))) == ["flow-spec-not-found"]


def test_an_unknown_key_is_a_mistake_with_the_nearest_known_one() -> None:
    with pytest.raises(UsageError) as caught:
        plan([connection("mailchimp-members")], [], keys=("mailchimp-member",))
    assert caught.value.hint == "did you mean 'mailchimp-members'?"


def test_a_key_that_is_near_to_none_is_a_mistake() -> None:
    with pytest.raises(UsageError) as caught:
        plan([connection("a")], [], allow_create=("zzzzzz",))
    assert caught.value.hint == "`reconciler status` lists the keys"


@pytest.mark.parametrize(
    ("limits", "code"),
    [({"max_creates": 1}, "too-many-creates"), ({"max_creates": 2}, None)],
)
def test_more_creates_than_allowed_are_refused(limits: dict[str, int], code: str | None) -> None:
    made = plan([connection("a"), connection("b")], [], **limits)
    assert codes(made) == ([code] if code else [])


def test_a_limit_names_the_count_the_limit_the_setting_and_the_flag() -> None:
    (problem,) = plan([connection("a"), connection("b")], [], max_creates=1).errors
    assert problem.message == "2 creates are planned, and `safety.max_creates` allows 1"
    assert problem.hint == "raise `safety.max_creates` in reconciler.yaml, or pass `--max-creates 2` for this run"


def test_more_updates_than_allowed_are_refused() -> None:
    desired = connection(sourceSpec={"a": 2})
    assert codes(plan([desired], [marked(desired, sourceSpec={"a": 1})], max_updates=0)) == ["too-many-updates"]


def test_a_guard_exits_3_and_a_bad_file_1() -> None:
    guard = Problem(Severity.ERROR, "x", "x", guard=True)
    bad = Problem(Severity.ERROR, "x", "x")
    warning = Problem(Severity.WARNING, "x", "x")
    assert [exit_code_of(found) for found in ([], [warning], [guard], [guard, bad])] == [
        ExitCode.DONE,
        ExitCode.DONE,
        ExitCode.REFUSED,
        ExitCode.WRONG,
    ]


def test_no_spec_file_at_all_is_allowed_when_pruning() -> None:
    problem = Problem(Severity.ERROR, "no-specs", "none")
    assert [codes(plan([], [], problems=(problem,), prune=prune)) for prune in (False, True)] == [["no-specs"], []]


def test_connection_specs_come_before_the_flow_specs_that_hold_them() -> None:
    assert [action.kind for action in some_plan().actions] == [Kind.CONNECTION_SPEC] * 2 + [Kind.FLOW_SPEC] * 2


def test_a_spec_with_an_error_is_counted_and_not_planned() -> None:
    made = plan([connection(pinned_id=spec_id(5))], [])
    assert (made.summary.error, state_of(made, "members").state, made.differs) == (1, State.ERROR, True)


def test_the_summary_counts_causes_by_action() -> None:
    desired = connection(sourceSpec={"a": 1})
    made = plan([desired], [marked(desired, sourceSpec={"a": 2})], history=KnownHistory(bases={"members": desired}))
    assert (made.summary.drift, made.summary.pending, made.summary.update) == (1, 0, 1)


def test_a_target_where_no_marker_was_seen_is_not_proven() -> None:
    desired = connection()
    assert (plan([desired], []).proven, plan([desired], [marked(desired)]).proven) == (False, True)


def test_history_is_asked_only_where_something_differs() -> None:
    class Untouched(KnownHistory):
        def relations(self, commits: Iterable[str]) -> Mapping[str, Relation]:
            raise AssertionError(commits)

    desired = connection()
    assert plan([desired], [marked(desired)], history=Untouched()).actions == ()
