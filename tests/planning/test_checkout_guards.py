"""What is overwritten needs proof that it is not newer than this checkout, and what is applied is committed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from reconciler.desired.git.history import Relation, Version
from reconciler.desired.git.uncommitted import Uncommitted
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem, exit_code_of
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.plan import Plan
from reconciler.settings.values import Tombstone
from tests.planning.situations import (
    OLDER,
    UPDATED_AT,
    YOUNGER,
    KnownHistory,
    connection,
    flow_file,
    live,
    marked,
    marker_for,
    plan,
    shared_flow,
    spec_id,
)

NOW = UPDATED_AT // 1000
FILE = connection(sourceSpec={"a": 1})


def changed(marker: Marker | None = None) -> Any:
    """Live, as it was applied once with another body."""
    return marked(FILE, marker=marker, sourceSpec={"a": 2})


def refused(made: Plan, code: str = "unknown-commit") -> Problem:
    """The one refusal of a plan that still shows what it would do."""
    (problem,) = made.errors
    assert (problem.code, exit_code_of(made.problems), len(made.actions)) == (code, ExitCode.REFUSED, 1)
    return problem


@pytest.mark.parametrize(
    ("history", "evidence", "way_out"),
    [
        (KnownHistory({}), "not in this clone", "git fetch origin"),
        (KnownHistory({}, is_shallow=True), "too shallow", "fetch-depth: 0"),
        (KnownHistory({}, why_not="this folder is not in a git work tree"), "not in a git work tree", "git: {required: false}"),
        (
            KnownHistory({}, why_not="git was not found in PATH"),
            "git was not found",
            "install git; to work without git, set `git: {required: false}`",
        ),
        (KnownHistory({}, why_not="its branches are kept as reftable, …"), "reftable", "git refs migrate"),
    ],
)
def test_a_write_over_an_unknown_commit_is_refused_and_names_what_is_missing(
    history: KnownHistory, evidence: str, way_out: str
) -> None:
    problem = refused(plan([FILE], [changed()], history=history))
    assert evidence in problem.message
    assert way_out in (problem.hint or "")
    assert "--allow-rewind" in (problem.hint or "")


def test_a_checkout_without_a_commit_of_its_own_cannot_tell() -> None:
    assert "no commit" in refused(plan([FILE], [changed()], history=KnownHistory({}), commit=None)).message


@pytest.mark.parametrize(("dirty", "words"), [(True, "uncommitted files"), (False, "has no commit")])
def test_a_marker_without_a_commit_is_no_proof(dirty: bool, words: str) -> None:
    marker = marker_for(connection(sourceSpec={"a": 2}), commit=None, dirty=dirty)
    assert words in refused(plan([FILE], [changed(marker)])).message


def test_a_dirty_marker_is_no_proof_even_with_a_commit() -> None:
    refused(plan([FILE], [changed(marker_for(connection(sourceSpec={"a": 2}), dirty=True))]))


@pytest.mark.parametrize("option", [{"allow_rewind": True}, {"needs_git": False}], ids=str)
def test_it_can_be_allowed_for_one_run_or_for_people_without_git(option: dict[str, Any]) -> None:
    made = plan([FILE], [changed()], history=KnownHistory({}), **option)
    assert (made.errors, len(made.actions)) == ((), 1)


def test_people_without_git_are_still_stopped_by_what_git_knows() -> None:
    made = plan([FILE], [changed()], history=KnownHistory({"a" * 40: Relation.NOT_ANCESTOR}), needs_git=False)
    assert [problem.code for problem in made.errors] == ["ahead"]


def test_what_is_in_sync_needs_no_proof() -> None:
    assert plan([FILE], [marked(FILE)], history=KnownHistory({})).problems == ()


def test_what_is_created_or_has_no_marker_needs_none() -> None:
    assert plan([FILE], [], history=KnownHistory({})).errors == ()
    pinned = connection(sourceSpec={"a": 1}, pinned_id=spec_id(1), adopt=True)
    assert plan([pinned], [live(pinned, sourceSpec={"a": 2})], history=KnownHistory({})).errors == ()


def said(*versions: tuple[DesiredSpec, int]) -> KnownHistory:
    return KnownHistory({}, dated={"members": tuple(Version(spec, time) for spec, time in versions)})


APPLIED = connection(sourceSpec={"a": 2})


@pytest.mark.parametrize("newer", [NOW, YOUNGER])
def test_a_squashed_commit_is_placed_by_what_the_branch_said(newer: int) -> None:
    history = said((FILE, newer), (APPLIED, OLDER))
    assert plan([FILE], [changed(marker_for(APPLIED))], history=history).errors == ()


def test_what_the_branch_says_now_is_placed_whenever_it_was_applied() -> None:
    drifted = marked(APPLIED, sourceSpec={"a": 3})
    assert plan([APPLIED], [drifted], history=said((APPLIED, OLDER))).errors == ()


def test_a_state_that_somebody_went_back_to_elsewhere_is_not_placed() -> None:
    history = said((FILE, OLDER), (APPLIED, OLDER - 60))
    refused(plan([FILE], [changed(marker_for(APPLIED))], history=history))


def test_the_time_in_a_marker_places_nothing() -> None:
    history = said((FILE, OLDER), (APPLIED, OLDER - 60))
    for at in ("1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"):
        refused(plan([FILE], [changed(marker_for(APPLIED, at=at))], history=history))


def test_without_a_time_of_the_service_only_what_the_branch_says_now_is_placed() -> None:
    timeless = marked(FILE, marker=marker_for(APPLIED), audit={"updatedAt": None}, sourceSpec={"a": 2})
    refused(plan([FILE], [timeless], history=said((FILE, YOUNGER), (APPLIED, OLDER))))


def test_a_source_that_may_be_newer_is_not_attached() -> None:
    source = connection(flow_specs=["RestStorageToAEP"])
    problem = refused(plan([source], [marked(source), shared_flow()], history=KnownHistory({})))
    assert problem.key == "members"


def test_a_source_that_is_newer_is_not_attached() -> None:
    source = connection(flow_specs=["RestStorageToAEP"])
    refused(plan([source], [marked(source), shared_flow()], history=KnownHistory({"a" * 40: Relation.NOT_ANCESTOR})), "ahead")


def test_attaching_to_a_flow_spec_of_ours_that_may_be_newer_is_refused() -> None:
    flow, source = flow_file("own"), connection(flow_specs=["own"])
    specs = [marked(flow, 2, marker=marker_for(flow, commit="b" * 40)), marked(source)]
    history = KnownHistory({"a" * 40: Relation.ANCESTOR})
    assert refused(plan([flow, source], specs, history=history)).key == "own"
    assert refused(plan([flow, source], specs, history=history, keys=("members",))).key == "own"


def test_an_orphan_that_may_be_newer_is_not_pruned() -> None:
    orphan = marked(connection("gone"), 2, marker=marker_for(connection("gone"), commit=None))
    made = plan([FILE], [marked(FILE), orphan], prune=True)
    assert [problem.code for problem in made.errors] == ["detach-unknown-commit"]
    assert plan([FILE], [marked(FILE), orphan], prune=True, allow_rewind=True).errors == ()


DIRTY = Uncommitted(changed=frozenset({"sources/members.yaml"}))


@dataclass(frozen=True)
class Source:
    path: str

    def position(self, _: str) -> None:
        return None


def with_path(spec: DesiredSpec) -> DesiredSpec:
    return replace(spec, source=Source(f"sources/{spec.key}.yaml"))


@pytest.mark.parametrize("specs", [[], [changed()]], ids=["create", "update"])
def test_a_file_that_is_not_committed_is_shown_and_refused(specs: list[Any]) -> None:
    made = plan([with_path(FILE)], specs, uncommitted=DIRTY)
    problem = refused(made, "uncommitted")
    assert "specs/members.yaml" in problem.message
    assert "--allow-dirty" in (problem.hint or "")
    assert made.commit is None


@pytest.mark.parametrize("option", [{"allow_dirty": True}, {"needs_git": False}], ids=str)
def test_it_is_applied_where_that_is_allowed_and_its_marker_says_so(option: dict[str, Any]) -> None:
    made = plan([with_path(FILE)], [changed()], uncommitted=DIRTY, **option)
    (action,) = made.actions
    assert made.errors == ()
    assert action.marker is not None
    assert (action.marker.commit, action.marker.dirty) == (None, True)


def test_another_file_that_is_not_committed_stands_in_nobodys_way() -> None:
    other = Uncommitted(changed=frozenset({"sources/other.yaml"}), gone=frozenset({"sources/gone.yaml"}))
    made = plan([with_path(FILE)], [changed()], uncommitted=other, commit="c" * 40)
    (action,) = made.actions
    assert made.errors == ()
    assert action.marker is not None
    assert (action.marker.commit, action.marker.dirty) == ("c" * 40, False)


def test_nothing_to_write_is_refused_for_nothing() -> None:
    assert plan([with_path(FILE)], [marked(FILE)], uncommitted=DIRTY).errors == ()


def test_a_source_whose_file_is_not_committed_is_not_attached() -> None:
    source = with_path(connection(flow_specs=["RestStorageToAEP"]))
    refused(plan([source], [marked(source), shared_flow()], uncommitted=DIRTY), "uncommitted")


def test_a_file_whose_removal_is_not_committed_is_not_pruned() -> None:
    orphan = marked(connection("gone"), 2)
    gone = Uncommitted(gone=frozenset({"sources/gone.yaml"}))
    made = plan([with_path(FILE)], [marked(FILE), orphan], uncommitted=gone, prune=True)
    assert "sources/gone.yaml (deleted)" in refused(made, "uncommitted").message


@pytest.mark.parametrize(("committed", "codes"), [(True, []), (False, ["uncommitted"])])
def test_a_spec_is_not_retired_by_a_line_that_nobody_has_committed(committed: bool, codes: list[str]) -> None:
    orphan = marked(connection("gone"), 2)
    entry = Tombstone(Kind.CONNECTION_SPEC, "gone", reason="Switched off.")
    made = plan([with_path(FILE)], [marked(FILE), orphan], uncommitted=Uncommitted(settings=not committed), retired=(entry,))
    assert [problem.code for problem in made.errors] == codes


def test_settings_that_are_not_committed_keep_nothing_else_from_being_written() -> None:
    assert plan([with_path(FILE)], [changed()], uncommitted=Uncommitted(settings=True)).errors == ()


def test_where_it_cannot_be_told_nothing_is_written() -> None:
    problem = refused(plan([with_path(FILE)], [changed()], uncommitted=Uncommitted(why_not="no tree")), "uncommitted")
    assert "no tree" in problem.message


def applied_dirty(made: Plan) -> list[str]:
    return [problem.code for problem in made.problems if problem.code == "applied-uncommitted"]


def test_what_was_applied_uncommitted_is_reported_in_sync_or_not() -> None:
    for file in (FILE, APPLIED):
        made = plan([file], [changed(marker_for(APPLIED, commit=None, dirty=True))], allow_rewind=True)
        assert applied_dirty(made) == ["applied-uncommitted"]


def test_what_was_committed_since_is_not_reported() -> None:
    specs = [marked(APPLIED, marker=marker_for(APPLIED, commit=None, dirty=True))]
    assert applied_dirty(plan([APPLIED], specs, history=said((APPLIED, YOUNGER)))) == []


def test_what_was_applied_uncommitted_is_not_called_older_than_the_file() -> None:
    specs = [changed(marker_for(APPLIED, commit=None, dirty=True))]
    (action,) = plan([FILE], specs, allow_rewind=True).actions
    assert (action.kind, action.cause) == (Kind.CONNECTION_SPEC, Cause.UNKNOWN)
