"""Guards about names and owners: what must not be created, renamed or overwritten, and the way out of each."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.desired.git.history import Version
from reconciler.documents.comparison import Cause
from reconciler.planning.plan import ActionName, Plan
from tests.planning.situations import (
    OLDER,
    THEIRS,
    KnownHistory,
    codes,
    connection,
    live,
    marked,
    marker_for,
    only_action,
    plan,
    spec_id,
)

SOMEBODY = {"createdClient": "somebody"}
ALIKE = ["Cafe\u0301", "CAF\u00c9", " caf\u00e9 ", "caf\u00e9\u200b", "\uff43af\u00e9"]
"""Names that people read as Café."""


def source(key: str = "members", host: str = "https://api.acme.example", path: str = "/v1/members", **rest: Any) -> Any:
    """A file that says what it fetches."""
    params = {"host": host, "path": path, "method": "GET"}
    body = {"authSpec": [{"name": "Basic", "type": "BasicAuthentication"}], "sourceSpec": {"attributes": {"urlParams": params}}}
    return connection(key, **{**body, **rest})


def hint_of(made: Plan) -> str:
    (problem,) = made.errors
    return problem.hint or ""


# Names as people tell them apart.


@pytest.mark.parametrize("name", ALIKE)
def test_a_name_that_reads_like_that_of_a_live_spec_is_taken(name: str) -> None:
    made = plan([connection(name=name)], [live(connection("theirs", name="Caf\u00e9"), audit=SOMEBODY)])
    assert codes(made) == ["namesake"]


def test_a_provider_is_the_same_in_either_case() -> None:
    theirs = connection("theirs", name="Members")
    made = plan([connection(name="Members", providerId=theirs.provider_id.upper())], [live(theirs, audit=SOMEBODY)])
    assert codes(made) == ["namesake"]


@pytest.mark.parametrize("name", ALIKE)
def test_two_files_whose_names_read_alike_are_not_both_created(name: str) -> None:
    assert codes(plan([connection("a", name="Caf\u00e9"), connection("b", name=name)], [])) == ["same-name"] * 2


def test_another_name_is_another_name() -> None:
    made = plan([connection(name="Acme Orders 2")], [live(connection(name="Acme Orders"), audit=SOMEBODY)])
    assert only_action(made).action is ActionName.CREATE


def test_adoption_takes_the_namesake_that_has_the_very_letters() -> None:
    others = [live(connection(name=name), number, audit=SOMEBODY) for number, name in enumerate(("ACME", "Acme"), 1)]
    assert only_action(plan([connection(name="Acme", adopt=True)], others)).id == spec_id(2)


def test_adoption_of_one_of_two_that_read_alike_is_an_error_that_names_both() -> None:
    others = [live(connection(name=name), number, audit=SOMEBODY) for number, name in enumerate(("ACME", "acme"), 1)]
    made = plan([connection(name="Acme", adopt=True)], others)
    assert codes(made) == ["two-candidates"]
    assert all(spec_id(number) in made.errors[0].message for number in (1, 2))


# Updates that take a name.


@pytest.mark.parametrize("name", ["Taken", "taken "])
def test_an_update_does_not_rename_into_a_live_namesake(name: str) -> None:
    ours = connection(name=name)
    made = plan([ours], [marked(ours, 1, name="Before"), live(connection(name="Taken"), 2, audit=SOMEBODY)])
    assert codes(made) == ["namesake"]
    assert spec_id(2) in made.errors[0].message
    assert hint_of(made) == "use another `name` in specs/members.yaml"


def test_an_update_does_not_move_to_the_provider_of_a_live_namesake() -> None:
    ours = connection(providerId="another")
    made = plan([ours], [marked(ours, 1, providerId="before"), live(ours, 2, audit=SOMEBODY)], allow_breaking=True)
    assert codes(made) == ["namesake"]


def test_a_rename_to_a_free_name_is_an_update() -> None:
    ours = connection(name="Free")
    assert only_action(plan([ours], [marked(ours, name="Before")])).action is ActionName.UPDATE


def test_a_name_that_only_changes_its_case_is_no_namesake_of_itself() -> None:
    ours = connection(name="ACME")
    assert only_action(plan([ours], [marked(ours, name="Acme")])).action is ActionName.UPDATE


def test_an_update_that_keeps_its_name_is_not_kept_by_a_namesake_that_is_there_already() -> None:
    ours = connection(sourceSpec={"a": 2})
    made = plan([ours], [marked(ours, 1, sourceSpec={"a": 1}), live(ours, 2, audit=SOMEBODY)])
    assert only_action(made).action is ActionName.UPDATE


def test_two_files_are_not_renamed_into_one_name() -> None:
    files = [connection(key, name="Same") for key in ("a", "b")]
    made = plan(files, [marked(file, number, name=f"Before {number}") for number, file in enumerate(files, 1)])
    assert codes(made) == ["same-name"] * 2


def test_a_create_and_a_rename_do_not_take_one_name() -> None:
    created, renamed = connection("a", name="Same"), connection("b", name="Same")
    assert codes(plan([created, renamed], [marked(renamed, name="Before")])) == ["same-name"] * 2


# A name that is freed and taken in one plan.


def test_a_create_of_a_name_that_another_file_gives_up_is_told_to_wait_for_that() -> None:
    renamed = connection("old", name="Orders (old)")
    made = plan([renamed, connection("new", name="Orders")], [marked(renamed, name="Orders")])
    assert codes(made) == ["namesake"]
    assert "apply its rename first" in hint_of(made)
    assert "`reconciler apply old`" in hint_of(made)


def test_that_way_out_leads_out() -> None:
    renamed, new = connection("old", name="Orders (old)"), connection("new", name="Orders")
    first = plan([renamed, new], [marked(renamed, name="Orders")], keys=("old",))
    assert (codes(first), only_action(first).key) == ([], "old")
    then = plan([renamed, new], [marked(renamed)])
    assert (codes(then), only_action(then).action) == ([], ActionName.CREATE)


def test_two_specs_that_swap_their_names_are_told_to_take_turns() -> None:
    one, other = connection("one", name="B"), connection("other", name="A")
    made = plan([one, other], [marked(one, 1, name="A"), marked(other, 2, name="B")])
    assert codes(made) == ["namesake"] * 2
    assert all("give one of these specs an unused name" in (problem.hint or "") for problem in made.errors)


def test_that_way_out_leads_out_of_a_swap() -> None:
    one, other = connection("one", name="B"), connection("other", name="C")
    aside = plan([one, other], [marked(one, 1, name="A"), marked(other, 2, name="B")], keys=("other",))
    assert (codes(aside), only_action(aside).key) == ([], "other")
    then = plan([one, other], [marked(one, 1, name="A"), marked(other, 2)])
    assert (codes(then), only_action(then).key) == ([], "one")


# The way out for each owner of a namesake.


def test_a_file_that_was_renamed_is_told_to_say_so_in_the_new_file() -> None:
    made = plan([connection("new", name="Orders")], [marked(connection("old", name="Orders"))])
    assert hint_of(made).startswith("if it was renamed or moved, write `formerly: [old]` in specs/new.yaml")


def test_that_line_leads_out_of_a_rename() -> None:
    made = plan([connection("new", name="Orders", former_keys=("old",))], [marked(connection("old", name="Orders"))])
    assert (codes(made), only_action(made).action) == ([], ActionName.RENAME)


def test_a_file_that_was_renamed_before_keeps_its_other_former_keys() -> None:
    made = plan([connection("new", name="Orders", former_keys=("first",))], [marked(connection("old", name="Orders"))])
    assert "`formerly: [first, old]`" in hint_of(made)


def test_a_retired_spec_of_the_name_is_taken_back_by_its_key() -> None:
    retired = marker_for(connection("old"), retired=True)
    made = plan([connection("new", name="Orders")], [live(connection(name="Orders"), marker=retired)])
    assert "`formerly: [old]`" in hint_of(made)


def test_a_name_that_another_file_has_is_no_matter_of_adoption() -> None:
    other = connection("other", name="Orders")
    made = plan([connection("new", name="Orders"), other], [marked(other)])
    assert hint_of(made) == "it is the spec of specs/other.yaml: use another `name` in specs/new.yaml"


def test_another_repositorys_spec_is_taken_over_by_naming_it() -> None:
    theirs = connection(name="Orders")
    made = plan([connection("new", name="Orders")], [live(theirs, marker=marker_for(theirs, repository=THEIRS))])
    assert f"`adopt: {THEIRS}` in specs/new.yaml" in hint_of(made)


def test_nobodys_spec_is_taken_over_by_adopting_it() -> None:
    made = plan([connection("new", name="Orders")], [live(connection(name="Orders"), audit=SOMEBODY)])
    assert "write `adopt: true` in specs/new.yaml" in hint_of(made)


def test_one_of_nobodys_two_is_taken_over_by_its_id() -> None:
    made = plan(
        [connection("new", name="Orders")], [live(connection(name="Orders"), number, audit=SOMEBODY) for number in (1, 2)]
    )
    assert f"write `adopt: true` and `ids: {{stage: {spec_id(1)}}}`" in hint_of(made)


# An orphan, and the create that could be it.


def test_an_orphan_of_another_address_stands_in_no_way() -> None:
    made = plan([source("new", path="/v1/orders")], [marked(source("gone"))])
    assert (codes(made), only_action(made).action) == ([], ActionName.CREATE)


def test_an_orphan_of_the_same_address_may_be_what_is_to_be_created() -> None:
    made = plan([source("new", name="Members, renamed")], [marked(source("gone", authSpec=[], notes="edited"))])
    assert codes(made) == ["orphan-or-rename"]
    assert "`formerly: [gone]` in specs/new.yaml" in hint_of(made)
    assert "`retired: [{key: gone, reason: …}]`" in hint_of(made)


def test_an_orphan_of_the_same_name_may_be_it_under_another_provider() -> None:
    made = plan([source("new", name="Orders", path="/v2")], [marked(source("gone", name="ORDERS", providerId="other"))])
    assert codes(made) == ["orphan-or-rename"]


def test_an_address_is_the_same_however_it_is_written() -> None:
    made = plan([source("new", host="https://API.acme.example/", path="v1/members/")], [marked(source("gone"))])
    assert codes(made) == ["orphan-or-rename"]


def test_an_orphan_of_nearly_the_same_body_may_be_what_is_to_be_created() -> None:
    steps = {"steps": [f"step {number}" for number in range(20)]}
    made = plan([connection("new", exploreSpec=steps)], [marked(connection("gone", exploreSpec=steps | {"more": True}))])
    assert codes(made) == ["orphan-or-rename"]


def test_an_orphan_of_another_body_stands_in_no_way() -> None:
    made = plan(
        [connection("new", sourceSpec={"topics": [f"new {number}" for number in range(9)]})],
        [marked(connection("gone", sourceSpec={"topics": [f"old {number}" for number in range(9)]}))],
    )
    assert only_action(made).action is ActionName.CREATE


def test_bodies_that_say_nothing_may_be_one() -> None:
    assert codes(plan([connection("new")], [marked(connection("gone"))])) == ["orphan-or-rename"]


def test_a_spec_that_may_have_lost_its_marker_stands_only_in_the_way_of_what_could_be_it() -> None:
    assert codes(plan([source("new")], [live(source("lost"))])) == ["marker-gone"]
    assert codes(plan([source("new", path="/v1/orders")], [live(source("lost"))])) == []


# A pinned id without our marker.


def pinned(**body: Any) -> Any:
    return source(pinned_id=spec_id(1), **body)


def theirs(**body: Any) -> Any:
    return live(source("theirs", **body), audit=SOMEBODY)


def test_a_wrong_id_does_not_overwrite_another_teams_spec() -> None:
    made = plan([pinned(name="Members")], [theirs(name="Payments", path="/v1/payments")])
    (problem,) = made.errors
    assert (problem.code, problem.guard) == ("pinned-unmanaged", True)
    assert "'Payments'" in problem.message
    assert problem.hint == "check the id; if it is right, adopt the spec with `adopt: true` in specs/members.yaml"


def test_what_a_wrong_id_would_overwrite_is_not_called_drift() -> None:
    desired = pinned(name="Members")
    history = KnownHistory(dated={"members": (Version(desired, OLDER),)})
    made = plan([desired], [theirs(name="Payments")], history=history)
    assert {change.cause for change in only_action(made).changes} == {Cause.UNKNOWN}


def test_a_namesake_of_another_address_is_not_overwritten_by_a_pin_alone() -> None:
    made = plan([pinned(name="Members")], [theirs(name="Members", path="/v1/theirs")])
    assert codes(made) == ["pinned-unmanaged"]


def test_a_marker_of_another_sandbox_makes_no_pinned_spec_ours() -> None:
    copied = live(source(name="Payments"), marker=marker_for(source("x"), sandbox="prod"))
    assert codes(plan([pinned(name="Members")], [copied])) == ["pinned-unmanaged"]


def test_the_id_that_was_meant_is_named_where_one_spec_has_the_name() -> None:
    made = plan([pinned(name="Members")], [theirs(name="Payments"), live(source(name="Members"), 4, audit=SOMEBODY)])
    assert (codes(made), f"('Members' is {spec_id(4)})" in hint_of(made)) == (["pinned-unmanaged"], True)


def test_adopting_a_pinned_spec_leads_out() -> None:
    made = plan([pinned(name="Members", adopt=True)], [theirs(name="Payments")])
    assert (codes(made), only_action(made).action) == ([], ActionName.ADOPT)


def test_a_pinned_spec_that_is_live_as_the_file_says_needs_nothing() -> None:
    desired = pinned(name="Members")
    made = plan([desired], [live(desired, audit=SOMEBODY)])
    assert (codes(made), made.actions) == ([], ())


def test_an_import_that_was_committed_may_be_edited() -> None:
    imported = pinned(name="Members")
    history = KnownHistory(dated={"members": (Version(pinned(name="Renamed", path="/v2"), OLDER + 9), Version(imported, OLDER))})
    made = plan([pinned(name="Renamed", path="/v2")], [live(imported, audit=SOMEBODY)], history=history)
    assert (codes(made), only_action(made).action) == ([], ActionName.UPDATE)


def test_a_commit_that_never_said_what_is_live_proves_nothing() -> None:
    desired = pinned(name="Members")
    history = KnownHistory(dated={"members": (Version(pinned(name="Members", path="/v0"), OLDER),)})
    assert codes(plan([desired], [theirs(name="Payments")], history=history)) == ["pinned-unmanaged"]


def test_an_import_may_be_edited_before_it_is_committed() -> None:
    made = plan([pinned(name="Members", notes="edited")], [theirs(name="Members")])
    assert (codes(made), only_action(made).action) == ([], ActionName.UPDATE)


def test_without_markers_what_our_client_made_under_that_name_is_ours() -> None:
    desired = pinned(name="Members")
    assert codes(plan([desired], [live(source(name="Members", path="/old"))], keeps_markers=False)) == []
    assert codes(plan([desired], [live(source(name="Other", path="/old"))], keeps_markers=False)) == ["pinned-unmanaged"]
