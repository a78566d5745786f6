"""Why live and desired differ, by field from history and by section from the marker."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.desired.git.history import Relation, Version
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.canonical import short_digest
from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.planning.comparing.causes import combine
from reconciler.planning.comparing.ownership import Settled
from tests.planning.situations import (
    COMMIT,
    OLDER,
    OUR_ACCOUNT,
    OUR_CLIENT,
    UPDATED_AT,
    YOUNGER,
    KnownHistory,
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


def causes(base: Any, desired: Any, now: Any, *, with_history: bool = True, **audit: Any) -> dict[str, Cause | None]:
    """The cause of each change of sourceSpec, whose three versions these are."""
    applied, wanted = connection(sourceSpec=base), connection(sourceSpec=desired)
    history = KnownHistory(bases={"members": applied}) if with_history else KnownHistory({COMMIT: Relation.ANCESTOR})
    spec = live(wanted, marker=marker_for(applied), audit=audit, sourceSpec=now)
    return {change.path: change.cause for change in only_action(plan([wanted], [spec], history=history)).changes}


def test_live_changed_and_the_file_did_not_is_drift() -> None:
    assert causes({"a": 1}, {"a": 1}, {"a": 2}) == {"/sourceSpec/a": Cause.DRIFT}


def test_the_file_changed_and_live_did_not_is_pending() -> None:
    assert causes({"a": 1}, {"a": 2}, {"a": 1}) == {"/sourceSpec/a": Cause.PENDING}


def test_both_changed_at_one_place_is_both() -> None:
    assert causes({"a": 1}, {"a": 2}, {"a": 3}) == {"/sourceSpec/a": Cause.BOTH}


def test_drift_and_pending_work_in_one_section_are_told_apart() -> None:
    assert causes({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}) == {
        "/sourceSpec/a": Cause.PENDING,
        "/sourceSpec/b": Cause.DRIFT,
    }


def test_something_added_behind_the_back_is_drift() -> None:
    assert causes({"a": 1}, {"a": 1}, {"a": 1, "b": 2}) == {"/sourceSpec/b": Cause.DRIFT}


def test_a_changed_item_of_an_ordered_list_has_the_cause_of_the_list() -> None:
    assert causes({"enum": [1, 2]}, {"enum": [1, 2]}, {"enum": [1, 3]}) == {"/sourceSpec/enum/1": Cause.DRIFT}


@pytest.mark.parametrize(
    ("base", "desired", "now", "cause"),
    [(1, 1, 2, Cause.DRIFT), (1, 2, 1, Cause.PENDING), (1, 2, 3, Cause.BOTH)],
)
def test_without_history_the_digests_say_it_by_section(base: int, desired: int, now: int, cause: Cause) -> None:
    assert causes({"a": base}, {"a": desired}, {"a": now}, with_history=False) == {"/sourceSpec/a": cause}


def test_a_section_that_the_file_writes_now_and_did_not_then_is_pending() -> None:
    applied, wanted = connection(), connection(sourceSpec={"a": 1})
    for history in (KnownHistory(bases={"members": applied}), KnownHistory()):
        spec = live(wanted, marker=marker_for(applied), sourceSpec={"a": 2})
        assert only_action(plan([wanted], [spec], history=history)).cause is Cause.PENDING


def test_a_base_whose_digests_are_not_the_markers_does_not_count() -> None:
    wanted = connection(sourceSpec={"a": 1})
    history = KnownHistory(bases={"members": connection(sourceSpec={"a": 9})})
    assert only_action(plan([wanted], [marked(wanted, sourceSpec={"a": 2})], history=history)).cause is Cause.DRIFT


def since_said(base: Any, said: Any, now: Any, **audit: Any) -> dict[str, Cause | None]:
    """The same, where the file said already what it says when live was last written."""
    applied, wanted = connection(sourceSpec=base), connection(sourceSpec=said)
    history = KnownHistory(bases={"members": applied}, said={"members": wanted})
    spec = live(wanted, marker=marker_for(applied), audit=audit, sourceSpec=now)
    return {change.path: change.cause for change in only_action(plan([wanted], [spec], history=history)).changes}


def test_what_the_repository_said_before_somebody_wrote_live_is_not_pending() -> None:
    assert since_said({"a": 1}, {"a": 2}, {"a": 1}) == {"/sourceSpec/a": Cause.UNKNOWN}


def test_what_the_repository_said_before_our_own_last_write_is_pending() -> None:
    ours = {"updatedBy": OUR_ACCOUNT, "updatedClient": OUR_CLIENT}
    assert since_said({"a": 1}, {"a": 2}, {"a": 1}, **ours) == {"/sourceSpec/a": Cause.PENDING}


def test_without_a_record_of_who_wrote_live_last_the_repository_is_ahead() -> None:
    assert since_said({"a": 1}, {"a": 2}, {"a": 1}, updatedClient=None) == {"/sourceSpec/a": Cause.PENDING}


def test_what_the_repository_said_after_somebody_wrote_live_is_pending() -> None:
    applied, wanted = connection(sourceSpec={"a": 1, "b": 1}), connection(sourceSpec={"a": 2, "b": 2})
    said = connection(sourceSpec={"a": 2, "b": 1})
    history = KnownHistory(bases={"members": applied}, said={"members": said})
    spec = live(wanted, marker=marker_for(applied), sourceSpec={"a": 1, "b": 1})
    assert {change.path: change.cause for change in only_action(plan([wanted], [spec], history=history)).changes} == {
        "/sourceSpec/a": Cause.UNKNOWN,
        "/sourceSpec/b": Cause.PENDING,
    }


def unmanaged(wanted: Any, now: Any, *said: tuple[Any, int], **audit: Any) -> dict[str, Cause | None]:
    """The causes for a pinned spec without a marker, where the file said this when, the newest first."""
    desired = connection(pinned_id=spec_id(1), sourceSpec=wanted)
    versions = tuple(Version(connection(sourceSpec=version), time) for version, time in said)
    made = plan([desired], [live(desired, audit=audit, sourceSpec=now)], history=KnownHistory(dated={"members": versions}))
    return {change.path: change.cause for change in only_action(made).changes}


def test_what_an_imported_file_came_to_say_after_live_was_written_is_pending() -> None:
    assert unmanaged({"a": 2}, {"a": 1}, ({"a": 2}, YOUNGER), ({"a": 1}, OLDER)) == {"/sourceSpec/a": Cause.PENDING}


def test_what_an_imported_file_came_to_say_in_the_second_in_which_live_was_written_may_be_older_than_live() -> None:
    same_second = UPDATED_AT // 1000
    assert unmanaged({"a": 2}, {"a": 1}, ({"a": 2}, same_second), ({"a": 1}, OLDER)) == {"/sourceSpec/a": Cause.UNKNOWN}


def test_what_an_imported_file_says_and_was_never_committed_is_pending() -> None:
    said = ({"a": 1, "b": 1}, OLDER)
    assert unmanaged({"a": 2, "b": 2}, {"a": 1, "b": 3}, said) == {"/sourceSpec/a": Cause.PENDING, "/sourceSpec/b": Cause.UNKNOWN}


def test_what_an_imported_file_has_always_said_is_drift() -> None:
    assert unmanaged({"a": 1}, {"a": 2}, ({"a": 1}, OLDER + 9), ({"a": 1}, OLDER)) == {"/sourceSpec/a": Cause.DRIFT}


def test_what_an_imported_file_has_always_said_and_we_wrote_last_is_unconfirmed() -> None:
    ours = {"updatedBy": OUR_ACCOUNT, "updatedClient": OUR_CLIENT}
    assert unmanaged({"a": 1}, {"a": 2}, ({"a": 1}, OLDER), **ours) == {"/sourceSpec/a": Cause.UNCONFIRMED}


def test_what_changed_in_an_imported_file_before_somebody_wrote_live_is_unknown() -> None:
    assert unmanaged({"a": 2}, {"a": 1}, ({"a": 2}, OLDER + 9), ({"a": 1}, OLDER)) == {"/sourceSpec/a": Cause.UNKNOWN}


def test_the_base_is_found_by_its_digests_where_its_commit_is_gone() -> None:
    applied, wanted = connection(sourceSpec={"a": 1, "b": 1}), connection(sourceSpec={"a": 2, "b": 1})
    squashed = KnownHistory({}, dated={"members": (Version(wanted, YOUNGER), Version(applied, OLDER))})
    spec = live(wanted, marker=marker_for(applied), sourceSpec={"a": 1, "b": 9})
    assert {change.path: change.cause for change in only_action(plan([wanted], [spec], history=squashed)).changes} == {
        "/sourceSpec/a": Cause.PENDING,
        "/sourceSpec/b": Cause.DRIFT,
    }


def test_without_a_marker_the_cause_is_unknown() -> None:
    desired = connection(pinned_id=spec_id(1), sourceSpec={"a": 1})
    assert only_action(plan([desired], [live(desired, sourceSpec={"a": 2})])).cause is Cause.UNKNOWN


def test_a_difference_after_our_own_last_write_is_unconfirmed() -> None:
    assert causes({"a": 1}, {"a": 1}, {"a": 2}, updatedBy=OUR_ACCOUNT, updatedClient=OUR_CLIENT) == {
        "/sourceSpec/a": Cause.UNCONFIRMED
    }


def test_another_person_with_our_client_is_drift() -> None:
    assert causes({"a": 1}, {"a": 1}, {"a": 2}, updatedBy="jane", updatedClient=OUR_CLIENT) == {"/sourceSpec/a": Cause.DRIFT}


def test_a_settled_loss_counts_as_not_changed() -> None:
    applied = connection(sourceSpec={"a": 1, "lost": 1})
    wanted = connection(sourceSpec={"a": 1, "lost": 2})
    settled = {"/sourceSpec/lost": Settled(short_digest(1), None)}
    spec = live(wanted, marker=marker_for(applied, settled=settled), sourceSpec={"a": 1})
    for history in (KnownHistory(bases={"members": applied}),):
        assert only_action(plan([wanted], [spec], history=history)).cause is Cause.PENDING


def test_pending_work_beside_a_settled_loss_is_pending_without_history_too() -> None:
    applied = connection(sourceSpec={"a": 1}, description="x")
    wanted = connection(sourceSpec={"a": 1}, description="y")
    settled = {"/sourceSpec/authRequired": Settled(None, short_digest(False))}
    spec = live(wanted, marker=marker_for(applied, settled=settled), sourceSpec={"a": 1, "authRequired": False}, description="x")
    assert only_action(plan([wanted], [spec])).cause is Cause.PENDING


def attach_cause(base: Any) -> Cause | None:
    desired = connection(flow_specs=["RestStorageToAEP"])
    history = KnownHistory(bases={"members": base}) if base else KnownHistory()
    source = marked(desired, audit={"createdAt": 1_600_000_000_000})
    return only_action(plan([desired], [source, shared_flow(updatedAt=UPDATED_AT + 1000)], history=history)).cause


def test_an_attachment_that_was_there_when_last_applied_is_drift() -> None:
    assert attach_cause(connection(flow_specs=["RestStorageToAEP"])) is Cause.DRIFT


def test_an_attachment_that_is_new_in_the_file_is_pending() -> None:
    assert attach_cause(connection()) is Cause.PENDING


@pytest.mark.parametrize(
    ("named_at", "cause"),
    [(YOUNGER, Cause.PENDING), (None, Cause.PENDING), (UPDATED_AT // 1000, Cause.UNKNOWN), (OLDER, Cause.UNKNOWN)],
    ids=["since", "not committed yet", "in that second", "before"],
)
def test_an_attachment_of_an_imported_file_is_pending_if_the_flow_spec_was_not_written_since(
    named_at: int | None, cause: Cause
) -> None:
    desired = connection(pinned_id=spec_id(1), flow_specs=("RestStorageToAEP",))
    naming = (Version(desired, named_at),) if named_at else ()
    history = KnownHistory(dated={"members": (*naming, Version(connection(flow_specs=()), OLDER - 60))})
    made = plan([desired], [live(desired), shared_flow(updatedAt=UPDATED_AT)], history=history)
    assert only_action(made).cause is cause


def test_an_attachment_without_history_is_unknown() -> None:
    assert attach_cause(None) is Cause.UNKNOWN


def test_an_attachment_that_was_begun_and_not_made_is_pending() -> None:
    desired = connection(flow_specs=["RestStorageToAEP"])
    history = KnownHistory(bases={"members": desired})
    source = marked(desired, audit={"createdAt": 1_700_000_000_001})
    assert only_action(plan([desired], [source, shared_flow()], history=history)).cause is Cause.PENDING


@pytest.mark.parametrize(
    ("created_at", "flow_updated_at"),
    [(1_600_000_000_000, None), (None, UPDATED_AT), (None, None)],
    ids=["no time of the flow spec", "no time of the source", "no times"],
)
def test_without_times_nobody_is_said_to_have_undone_an_attachment_that_was_perhaps_never_made(
    created_at: int | None, flow_updated_at: int | None
) -> None:
    desired = connection(flow_specs=["RestStorageToAEP"])
    history = KnownHistory(bases={"members": desired})
    source = marked(desired, audit={"createdAt": created_at})
    made = plan([desired], [source, shared_flow(updatedAt=flow_updated_at)], history=history)
    assert only_action(made).cause is Cause.UNKNOWN


def test_an_attachment_that_is_new_in_the_file_is_pending_without_times_too() -> None:
    desired = connection(flow_specs=["RestStorageToAEP"])
    history = KnownHistory(bases={"members": connection()})
    source = marked(desired, audit={"createdAt": None})
    assert only_action(plan([desired], [source, shared_flow(updatedAt=None)], history=history)).cause is Cause.PENDING


def test_a_new_source_in_a_list_that_a_file_owns_is_no_drift() -> None:
    flow = flow_file(sourceConnectionSpecIds=[])
    old, new = connection("old", flow_specs=["own-flow"]), connection("new", flow_specs=["own-flow"])
    history = KnownHistory(bases={"old": old, "own-flow": flow, "new": connection("new")})
    specs = [marked(old, 1), marked(new, 2, marker=marker_for(new)), marked(flow, 7, sourceConnectionSpecIds=[spec_id(1)])]
    assert only_action(plan([old, new, flow], specs, history=history)).cause is Cause.PENDING


@pytest.mark.parametrize(
    ("base", "desired", "now", "is_read"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, {"a": {"b": 1}}, False),
        ({"a": 1}, {"b": 1}, {"a": 1}, True),
        ({"a": "x", "b": 1}, {"b": 1}, {"a": "x", "b": 1}, False),
        ({"a": [1]}, {"a": [2]}, {"a": [1]}, True),
        ({"a": 1}, {"a": 2}, {"a": 3}, True),
        ({"attributes": {"contentPath": "x"}}, {"attributes": {"contentPath": "y"}}, {"attributes": {"contentPath": "x"}}, True),
    ],
)
def test_history_is_not_asked_for_the_last_applied_file_where_the_marker_tells_that_values_are_pending(
    base: Any, desired: Any, now: Any, is_read: bool
) -> None:
    asked = []

    class Asked(KnownHistory):
        def base(self, commit: str, kind: Kind, keys: tuple[str, ...], target: str) -> DesiredSpec | None:
            asked.append(commit)
            return super().base(commit, kind, keys, target)

    applied, wanted = connection(sourceSpec=base), connection(sourceSpec=desired)
    spec = live(wanted, marker=marker_for(applied), sourceSpec=now)
    plan([wanted], [spec], history=Asked(bases={"members": applied}))
    assert bool(asked) is is_read


def test_an_uncommitted_file_that_was_applied_is_looked_up_in_history() -> None:
    applied, wanted = connection(sourceSpec={"a": 1}), connection(sourceSpec={"a": 2})
    spec = live(wanted, marker=marker_for(applied, dirty=True, commit=None), sourceSpec={"a": 1})
    assert only_action(plan([wanted], [spec])).cause is Cause.UNKNOWN


def test_a_recorded_loss_that_was_never_applied_keeps_the_marker_from_telling_that_a_value_is_pending() -> None:
    applied, wanted = connection(sourceSpec={"lost": 2, "a": 1}), connection(sourceSpec={"lost": 1, "a": 2})
    settled = {"/sourceSpec/lost": Settled(short_digest(1), short_digest(2))}
    spec = live(wanted, marker=marker_for(applied, settled=settled), sourceSpec={"lost": 2, "a": 1})
    assert only_action(plan([wanted], [spec])).cause is Cause.BOTH


def test_what_the_last_applied_file_ignored_and_live_lacks_is_drift() -> None:
    applied = connection(sourceSpec={"isBeta": True, "a": 1}, ignore=("/sourceSpec/isBeta",))
    wanted = connection(sourceSpec={"isBeta": True, "a": 1})
    spec = live(wanted, marker=marker_for(applied), sourceSpec={"a": 1})
    assert only_action(plan([wanted], [spec], history=KnownHistory(bases={"members": applied}))).cause is Cause.DRIFT


def test_an_ignored_place_is_no_reason_to_call_pending_work_drift() -> None:
    applied = connection(sourceSpec={"isBeta": True, "a": 1}, ignore=("/sourceSpec/isBeta",))
    wanted = connection(sourceSpec={"isBeta": True, "a": 2}, ignore=("/sourceSpec/isBeta",))
    spec = live(wanted, marker=marker_for(applied), sourceSpec={"isBeta": False, "a": 1})
    assert only_action(plan([wanted], [spec])).cause is Cause.PENDING


def test_references_are_no_reason_to_call_pending_work_drift() -> None:
    source = connection()
    applied = flow_file(sourceConnectionSpecIds=[{"ref": "members"}])
    wanted = flow_file(sourceConnectionSpecIds=[{"ref": "members"}, spec_id(5)])
    spec = live(wanted, 7, marker=marker_for(applied), sourceConnectionSpecIds=[spec_id(1)])
    assert only_action(plan([source, wanted], [marked(source), spec])).cause is Cause.PENDING


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        ([], None),
        ([None], None),
        ([Cause.PENDING, Cause.DRIFT], Cause.BOTH),
        ([Cause.PENDING, Cause.UNKNOWN], Cause.UNKNOWN),
        ([Cause.OWNERSHIP, Cause.PENDING], Cause.PENDING),
        ([Cause.OWNERSHIP], Cause.OWNERSHIP),
    ],
)
def test_the_cause_of_an_action_is_that_of_its_changes(found: list[Cause | None], cause: Cause | None) -> None:
    assert combine(found) is cause
