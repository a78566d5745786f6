"""One spec file and its live object: what differs, who is asked, what is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.documents.canonical import short_digest
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import encode
from reconciler.documents.places import MISSING
from reconciler.planning.comparing.id_lists import refer_again
from reconciler.planning.comparing.ownership import Settled
from reconciler.planning.plan import ActionName, State
from tests.planning.situations import (
    KnownHistory,
    connection,
    differences,
    live,
    marked,
    marker_for,
    only_action,
    plan,
    shared_flow,
    spec_id,
    state_of,
)


def test_a_spec_that_is_live_as_the_file_says_is_in_sync() -> None:
    desired = connection(sourceSpec={"a": 1})
    made = plan([desired], [marked(desired)])
    assert (made.actions, state_of(made, "members").state) == ((), State.IN_SYNC)


def test_a_changed_section_is_one_put() -> None:
    desired = connection(sourceSpec={"a": 2})
    action = only_action(plan([desired], [marked(desired, sourceSpec={"a": 1})]))
    assert (action.action, [(request.method, request.path) for request in action.requests]) == (
        ActionName.UPDATE,
        [("PUT", f"/connectionSpecs/{spec_id(1)}")],
    )


def test_a_change_says_where_and_what_it_was_and_will_be() -> None:
    desired = connection(sourceSpec={"a": 2})
    assert differences(only_action(plan([desired], [marked(desired, sourceSpec={"a": 1})]))) == [
        ("replace", "/sourceSpec/a", 1, 2)
    ]


def test_a_section_that_the_file_leaves_out_is_left_as_it_is() -> None:
    desired = connection()
    assert plan([desired], [marked(desired, permissionsInfo={"view": []})]).actions == ()


def test_an_addition_inside_a_section_that_the_file_writes_is_a_difference() -> None:
    desired = connection(sourceSpec={"a": 1})
    assert differences(only_action(plan([desired], [marked(desired, sourceSpec={"a": 1, "b": 2})]))) == [
        ("remove", "/sourceSpec/b", 2, MISSING)
    ]


def test_a_top_level_null_removes_a_section() -> None:
    desired = connection(description=None)
    assert differences(only_action(plan([desired], [marked(desired, description="old")]))) == [
        ("remove", "/description", "old", MISSING)
    ]


def test_a_top_level_null_is_no_difference_where_the_section_is_gone() -> None:
    desired = connection(description=None)
    assert plan([desired], [marked(desired)]).actions == ()


def test_an_empty_section_equals_an_absent_one() -> None:
    desired = connection(authSpec=[], attributes={})
    gone = live(connection(), marker=marker_for(desired))
    assert plan([desired], [gone]).actions == ()


def test_what_the_server_manages_is_never_a_difference() -> None:
    desired = connection()
    assert plan([desired], [marked(desired, sandboxName="dev", imsOrgId="x", etag='"1"')]).actions == ()


def test_the_marker_is_never_a_difference_in_attributes() -> None:
    desired = connection(attributes={"category": "x"})
    assert plan([desired], [marked(desired)]).actions == ()


def test_an_ignored_place_is_left_as_it_is_live() -> None:
    desired = connection(sourceSpec={"isBeta": True, "a": 1}, ignore=("/sourceSpec/isBeta",))
    assert plan([desired], [marked(desired, sourceSpec={"isBeta": False, "a": 1})]).actions == ()


def test_an_ignored_section_may_be_absent_live() -> None:
    desired = connection(description="dropped", ignore=("/description",))
    assert plan([desired], [live(connection(), marker=marker_for(desired))]).actions == ()


def test_the_fingerprint_does_not_see_an_ignored_place() -> None:
    desired = connection(sourceSpec={"isBeta": True, "a": 1}, ignore=("/sourceSpec/isBeta",))
    one, other = (only_action(plan([desired], [marked(desired, sourceSpec={"isBeta": beta, "a": 2})])) for beta in (True, False))
    assert one.fingerprint == other.fingerprint


def test_the_fingerprint_sees_the_owned_sections() -> None:
    desired = connection(sourceSpec={"a": 1})
    one, other = (only_action(plan([desired], [marked(desired, sourceSpec={"a": value})])) for value in (2, 3))
    assert one.fingerprint != other.fingerprint


def test_the_fingerprint_sees_whether_the_spec_is_retired() -> None:
    desired = connection(sourceSpec={"a": 1})
    markers = (marker_for(desired, retired=retired) for retired in (False, True))
    one, other = (only_action(plan([desired], [marked(desired, marker=marker, sourceSpec={"a": 2})])) for marker in markers)
    assert one.fingerprint != other.fingerprint


def test_a_settled_loss_is_no_difference_and_stays_visible() -> None:
    desired = connection(sourceSpec={"attributes": {"a": 1}})
    kept = {"attributes": {"a": 1, "authRequired": False}}
    settled = {"/sourceSpec/attributes/authRequired": Settled(None, short_digest(False))}
    made = plan([desired], [marked(desired, sourceSpec=kept, marker=marker_for(desired, settled=settled))])
    assert (made.actions, [problem.code for problem in made.problems]) == ((), ["not-kept"])


def test_a_settled_place_differs_again_when_live_is_something_else() -> None:
    desired = connection(sourceSpec={"attributes": {"a": 1}})
    settled = {"/sourceSpec/attributes/authRequired": Settled(None, short_digest(False))}
    made = plan(
        [desired],
        [marked(desired, sourceSpec={"attributes": {"a": 1, "authRequired": True}}, marker=marker_for(desired, settled=settled))],
    )
    assert [change.path for change in only_action(made).changes] == ["/sourceSpec/attributes/authRequired"]


def test_settled_losses_are_carried_along_with_an_update() -> None:
    desired = connection(sourceSpec={"attributes": {"a": 2}})
    settled = {"/sourceSpec/attributes/authRequired": Settled(None, short_digest(False))}
    made = plan(
        [desired],
        [
            marked(
                desired, sourceSpec={"attributes": {"a": 1, "authRequired": False}}, marker=marker_for(desired, settled=settled)
            )
        ],
    )
    action = only_action(made)
    assert action.marker is not None
    assert (dict(action.marker.settled), [change.path for change in action.changes]) == (settled, ["/sourceSpec/attributes/a"])


def test_a_settled_loss_that_no_longer_holds_is_not_carried_along() -> None:
    desired = connection(description="kept again", sourceSpec={"a": 2})
    settled = {"/description": Settled(short_digest("kept again"), None)}
    made = plan([desired], [marked(desired, sourceSpec={"a": 1}, marker=marker_for(desired, settled=settled))])
    marker = only_action(made).marker
    assert marker is not None
    assert marker.settled == {}


def test_a_section_under_another_of_its_names_is_compared_and_named_as_live_has_it() -> None:
    desired = connection(transformationSpecs=[{"name": "Mapping", "x": 1}])
    spec = live(connection(), marker=marker_for(desired), transformationSpec=[{"name": "Mapping", "x": 2}])
    assert differences(only_action(plan([desired], [spec]))) == [("replace", "/transformationSpec/0/x", 2, 1)]


def test_an_update_says_who_changed_live_last_and_when() -> None:
    desired = connection(sourceSpec={"a": 2})
    action = only_action(plan([desired], [marked(desired, sourceSpec={"a": 1}, audit={"updatedBy": "jane", "updatedAt": 5})]))
    assert (action.updated_by, action.updated_at) == ("jane", 5)


def test_the_new_marker_has_the_commit_and_a_digest_for_each_section_written() -> None:
    desired = connection(sourceSpec={"a": 2})
    marker = only_action(plan([desired], [marked(desired, sourceSpec={"a": 1})], commit="d" * 40)).marker
    assert marker is not None
    assert (marker.commit, sorted(marker.digests)) == ("d" * 40, ["name", "providerId", "sourceSpec", "version"])


def test_without_markers_an_update_leaves_none() -> None:
    desired = connection(sourceSpec={"a": 2})
    action = only_action(plan([desired], [live(desired, sourceSpec={"a": 1})], keeps_markers=False))
    assert (action.id, action.marker) == (spec_id(1), None)


def test_a_rename_is_a_change_of_ownership_alone() -> None:
    old = connection("mailchimp", name="MailChimp")
    new = connection("mailchimp-members", name="MailChimp", former_keys=("mailchimp",))
    action = only_action(plan([new], [marked(old)]))
    assert (action.action, action.cause, differences(action)) == (
        ActionName.RENAME,
        Cause.OWNERSHIP,
        [("replace", "/attributes/reconciler/key", "mailchimp", "mailchimp-members")],
    )


def test_a_marker_of_a_former_name_of_the_repository_counts_as_ours_and_is_renewed() -> None:
    desired = connection()
    made = plan([desired], [marked(desired, marker=marker_for(desired, repository="acme/old"))], formerly=("acme/old",))
    assert differences(only_action(made)) == [("replace", "/attributes/reconciler/repository", "acme/old", "acme/aep-sources")]


def test_a_file_that_comes_back_takes_its_spec_out_of_retirement() -> None:
    desired = connection()
    action = only_action(plan([desired], [marked(desired, marker=marker_for(desired, retired=True))]))
    assert differences(action) == [("remove", "/attributes/reconciler/retired", True, MISSING)]


def test_a_spec_knows_the_flow_specs_that_hold_it() -> None:
    desired = connection()
    assert state_of(plan([desired], [marked(desired), shared_flow(spec_id(1))]), "members").attached_to == ("RestStorageToAEP",)


@pytest.mark.parametrize("value", [3, True, "text", {"a": 1}], ids=str)
def test_a_list_of_ids_that_is_no_list_names_no_ids(value: Any) -> None:
    body = connection("a").body | {"sourceConnectionSpecIds": value}
    assert refer_again({"name": "a"}, replace(connection("a"), body_json=encode(body)), {}, ()) == {"name": "a"}


@pytest.mark.parametrize(("named", "told"), [((), ["still-attached"]), (("RestStorageToAEP",), [])])
def test_what_a_file_does_not_name_any_more_stays_attached_and_is_told(named: tuple[str, ...], told: list[str]) -> None:
    applied, desired = connection(flow_specs=("RestStorageToAEP",)), connection(flow_specs=named)
    made = plan([desired], [marked(applied), shared_flow(spec_id(1))], history=KnownHistory(bases={"members": applied}))
    assert ([problem.code for problem in made.problems], made.actions) == (told, ())


def test_what_another_team_attached_is_not_told() -> None:
    desired = connection(flow_specs=())
    made = plan([desired], [marked(desired), shared_flow(spec_id(1))], history=KnownHistory(bases={"members": desired}))
    assert (made.problems, made.actions) == ((), ())
