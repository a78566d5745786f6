"""The main job over real HTTP: plan, apply, quiet plan, drift, and what may never happen on the way."""

from __future__ import annotations

import pytest

from reconciler.documents.kinds import Kind
from tests.e2e.workplace import BATCH, REST, Workplace

TOKEN_AND_TWO_LISTS = [("POST", "/ims/token/v3"), ("GET", "/connectionSpecs"), ("GET", "/flowSpecs")]


def test_six_new_sources_are_six_posts_and_one_put_and_the_next_plan_is_three_requests(work: Workplace) -> None:
    for number in range(6):
        work.source(f"source-{number}")
    assert work.apply()["converged"] is True
    assert work.writes() == [("POST", "/connectionSpecs")] * 6 + [("PUT", f"/flowSpecs/{BATCH}")]
    ran = work.run("plan", "--detailed-exitcode")
    assert (ran.code, "nothing to do: 6 in sync" in ran.out) == (0, True)
    assert sorted(work.requests()) == sorted(TOKEN_AND_TWO_LISTS)


def test_an_apply_of_nothing_is_three_requests(work: Workplace) -> None:
    work.source("a")
    work.apply()
    work.requests()
    work.apply()
    assert sorted(work.requests()) == sorted(TOKEN_AND_TWO_LISTS)


def test_one_edit_is_one_put(work: Workplace) -> None:
    work.source("a")
    work.apply()
    work.requests()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.apply()
    assert work.writes() == [("PUT", f"/connectionSpecs/{work.the('a')['id']}")]


@pytest.mark.parametrize(
    "switches",
    [
        {"drop_description": True},
        {"default_auth_required": True},
        {"default_permissions": True},
        {"reorder_auth": True},
        {"content_path_string": True},
        {"drop_empty_auth": True},
        {"wrap_get": "bare", "wrap_post": "items", "wrap_put": "items"},
        {"pages": 2},
        {"pages": 3, "absolute_links": True},
        {"etags": True},
        {"rename_transformations": "transformationSpec"},
        {"rename_transformations": "transformationSpecDTOS"},
        {"transformation_field": "transformationSpecs"},
        {"transformation_field": "transformationSpec"},
        {"transformation_field": "transformationSpecDTOS"},
        {"updated_at_not_bumped": True},
    ],
    ids=str,
)
def test_whatever_the_service_does_to_a_body_the_second_plan_is_quiet(work: Workplace, switches: dict[str, object]) -> None:
    work.behave(**switches)
    attributes = {"contentPath": {"path": "$.members", "skipAttributes": ["_links"]}}
    auth = [{"name": "Basic", "type": "BasicAuthentication"}, {"name": "OAuth"}]
    work.source("a", description="A source", authSpec=auth, sourceSpec={"attributes": attributes})
    work.source("b", authSpec=[], description="Another")
    before = work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    work.apply()
    after = work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    assert work.run("plan", "--detailed-exitcode").code == 0
    assert after["sourceConnectionSpecIds"][:-2] == before["sourceConnectionSpecIds"]
    assert any(name.startswith("transformationSpec") for name in after)


def test_an_outside_edit_is_named_with_pointer_person_and_time(work: Workplace) -> None:
    work.source("a")
    work.commit()
    work.apply()
    work.edit("a", sourceSpec={"attributes": {"x": 9}})
    ran = work.run("drift")
    assert ran.code == 2
    assert "/sourceSpec/attributes/x" in ran.out
    assert "changed in Flow Service by jane@acme.example at 20" in ran.out


def test_drift_is_told_from_pending_work(work: Workplace) -> None:
    work.source("a", sourceSpec={"x": 1, "y": 1})
    work.commit()
    work.apply()
    work.edit("a", sourceSpec={"x": 1, "y": 9})
    work.source("a", sourceSpec={"x": 2, "y": 1})
    (action,) = work.plan()["actions"]
    assert {change["path"]: change["cause"] for change in action["changes"]} == {
        "/sourceSpec/x": "pending",
        "/sourceSpec/y": "drift",
    }
    assert (action["updated_by"], action["cause"]) == ("jane@acme.example", "both")


def test_drift_without_a_difference_exits_0(work: Workplace) -> None:
    work.source("a")
    work.apply()
    ran = work.run("drift")
    assert (ran.code, "no drift" in ran.out) == (0, True)


def test_pending_work_is_no_drift(work: Workplace) -> None:
    work.source("a")
    work.commit()
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    assert work.run("drift").code == 0


def test_sections_that_a_file_leaves_out_survive_a_put(work: Workplace) -> None:
    work.source("a")
    work.apply()
    work.edit("a", permissionsInfo={"view": [{"name": "x"}]})
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.apply()
    assert work.the("a")["permissionsInfo"] == {"view": [{"name": "x"}]}


def test_a_rename_makes_no_twin(work: Workplace) -> None:
    work.source("old", name="Source")
    work.apply()
    (work.folder / "specs/sources/old/connection-spec.yaml").unlink()
    work.source("new", name="Source", envelope={"formerly": ["old"]})
    work.apply()
    assert len(work.live()["Source"]) == 1


def test_a_rename_that_nobody_announced_is_refused(work: Workplace) -> None:
    work.source("old", name="Old source")
    work.apply()
    work.requests()
    (work.folder / "specs/sources/old/connection-spec.yaml").unlink()
    work.source("new", name="New source")
    ran = work.run("apply", "--yes")
    assert (ran.code, work.writes()) == (3, [])
    assert "formerly: [" in ran.out + ran.err


def test_a_removed_file_un_applies_nothing(work: Workplace) -> None:
    work.source("a")
    work.source("b")
    work.apply()
    before = work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    (work.folder / "specs/sources/a/connection-spec.yaml").unlink()
    work.apply()
    assert work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"] == before


def test_an_old_checkout_un_applies_nothing(work: Workplace) -> None:
    work.source("a")
    old = work.commit()
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.source("b")
    work.commit()
    work.apply()
    work.requests()
    work.git("checkout", "-q", old)
    ran = work.run("apply", "--yes")
    assert (ran.code, work.writes()) == (3, [])
    assert "merge or rebase" in ran.out + ran.err


def test_a_deliberate_rollback_is_allowed_by_name(work: Workplace) -> None:
    work.source("a")
    old = work.commit()
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.commit()
    work.apply()
    work.git("checkout", "-q", old)
    work.apply("--allow-rewind")
    assert work.the("a")["sourceSpec"] == {"attributes": {"x": 1}}


def test_a_half_visible_list_makes_no_twin(work: Workplace) -> None:
    work.source("a")
    work.apply()
    work.behave(unlisted=[work.the("a")["id"]])
    work.apply()
    work.behave()
    assert len(work.live()["a"]) == 1


def test_somebody_elses_namesake_is_not_touched(work: Workplace) -> None:
    work.post({"name": "a", "providerId": REST})
    work.requests()
    work.source("a")
    ran = work.run("apply", "--yes")
    assert (ran.code, work.writes()) == (3, [])
    assert "adopt: true" in ran.out + ran.err


def test_a_flow_spec_of_ones_own_refers_to_keys(work: Workplace) -> None:
    work.source("a", envelope={"flowSpecs": []})
    spec = {"name": "Own", "providerId": REST, "version": "1.0", "sourceConnectionSpecIds": [{"ref": "a"}]}
    work.file("flow-specs/own.yaml", {"kind": "FlowSpec", "spec": spec})
    work.apply()
    assert work.the("Own", Kind.FLOW_SPEC)["sourceConnectionSpecIds"] == [work.the("a")["id"]]
    assert work.run("plan", "--detailed-exitcode").code == 0


def test_pruning_takes_an_orphan_out_of_use(work: Workplace) -> None:
    work.source("a")
    work.source("b")
    work.commit()
    work.apply()
    orphan = work.the("a")["id"]
    (work.folder / "specs/sources/a/connection-spec.yaml").unlink()
    work.commit()
    work.apply("--prune", "--max-detaches", "1")
    assert orphan not in work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    assert work.the("a")["attributes"]["reconciler"]["retired"] is True
    assert work.run("plan", "--detailed-exitcode").code == 0


def test_the_digest_is_the_same_before_and_after_a_squash_merge_and_in_a_shallow_clone(work: Workplace) -> None:
    work.source("a")
    work.commit()
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.source("b")
    dirty = work.plan()["digest"]
    work.commit("squashed")
    committed = work.plan()["digest"]
    (work.folder / ".git").rename(work.folder / "gone.git")
    without_git = work.plan()["digest"]
    assert dirty == committed == without_git


def test_another_teams_attachment_does_not_change_the_digest(work: Workplace) -> None:
    work.source("a")
    before = work.plan()["digest"]
    flow = work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    work.edit(
        "RestStorageToAEP",
        Kind.FLOW_SPEC,
        sourceConnectionSpecIds=[*flow["sourceConnectionSpecIds"], work.post({"name": "z", "providerId": "x"})],
    )
    assert work.plan()["digest"] == before
