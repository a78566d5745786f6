"""Old, cut off, git-less and uncommitted checkouts of one team, over HTTP: none of them writes over what another has applied."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.e2e.workplace import NEEDS_GIT, Ran, Workplace


@pytest.fixture
def team(work: Workplace) -> Workplace:
    """The checkout that is up to date: v2 is applied, from the second of three commits; the third did not change the spec."""
    work.settings(NEEDS_GIT)
    work.source("orders", description="v1")
    work.commit("v1")
    work.apply()
    work.source("orders", description="v2")
    work.commit("v2")
    work.apply()
    return work


def colleague(team: Workplace, folder: Path, *options: str, at: str = "HEAD") -> Workplace:
    """Another checkout, in which somebody has committed another edit, based on the commit `at`."""
    team.git("clone", "-q", *options, f"file://{team.folder}", str(folder))
    other = needing_git(folder, team)
    other.git("checkout", "-q", at)
    edit(other, "theirs")
    return other


def needing_git(folder: Path, team: Workplace) -> Workplace:
    other = Workplace(folder, team.url, team.emulator)
    other.settings(NEEDS_GIT)
    return other


def edit(work: Workplace, text: str) -> None:
    work.source("orders", description=text)
    work.git("commit", "-q", "-a", "-m", text)


def refused(team: Workplace, ran: Ran, *words: str) -> None:
    assert ran.code == 3, ran.out + ran.err
    assert team.the("orders")["description"] == "v2"
    for word in (*words, "hint:", "--allow-rewind"):
        assert word in ran.out + ran.err


def test_a_checkout_that_is_up_to_date_writes(team: Workplace, tmp_path: Path) -> None:
    assert colleague(team, tmp_path / "clone").apply()["converged"]
    assert team.the("orders")["description"] == "theirs"


def test_a_checkout_that_has_not_fetched_does_not(team: Workplace, tmp_path: Path) -> None:
    team.git("branch", "old", "HEAD~1")
    other = colleague(team, tmp_path / "clone", "--single-branch", "--branch", "old", at="old")
    refused(team, other.run("apply", "--yes"), "not in this clone", "git fetch origin")
    other.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
    ran = other.run("apply", "--yes")
    assert (ran.code, "merge or rebase" in ran.out + ran.err) == (3, True)
    other.git("merge", "-q", "-s", "ours", "origin/main")
    other.apply()


def test_a_checkout_whose_history_is_cut_off_does_not(team: Workplace, tmp_path: Path) -> None:
    edit(team, "v3")
    other = colleague(team, tmp_path / "clone", "--depth=1")
    refused(team, other.run("apply", "--yes"), "too shallow", "fetch-depth: 0")
    other.git("fetch", "-q", "--unshallow")
    other.apply()


def test_an_unpacked_archive_does_not_unless_people_work_without_git(team: Workplace, tmp_path: Path) -> None:
    other = colleague(team, tmp_path / "clone")
    shutil.rmtree(other.folder / ".git")
    refused(team, other.run("apply", "--yes"), "not in a git work tree", "git: {required: false}")
    settings = other.folder / "specs/reconciler.yaml"
    settings.write_text(settings.read_text() + "git: {required: false}\n")
    other.apply()


def test_a_machine_without_git_does_not(team: Workplace, tmp_path: Path) -> None:
    other = colleague(team, tmp_path / "clone")
    refused(team, other.run("apply", "--yes", PATH="/nonexistent"), "git was not found")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_checkout_that_belongs_to_somebody_else_is_read_all_the_same(team: Workplace, tmp_path: Path) -> None:
    other = colleague(team, tmp_path / "clone")
    for place in (other.folder, *other.folder.rglob("*")):
        os.chown(place, 12345, 12345, follow_symlinks=False)
    other.apply()


def test_a_deliberate_rewind_goes_through(team: Workplace, tmp_path: Path) -> None:
    other = colleague(team, tmp_path / "clone", at="HEAD~1")
    shutil.rmtree(other.folder / ".git")
    other.apply("--allow-rewind")
    assert team.the("orders")["description"] == "theirs"


def test_a_squashed_branch_is_recognised_by_what_it_said(team: Workplace, tmp_path: Path) -> None:
    team.git("switch", "-q", "-c", "topic")
    edit(team, "v3")
    team.apply()
    team.git("switch", "-q", "main")
    edit(team, "v3")
    team.git("branch", "-q", "-D", "topic")
    team.git("push", "-q", "--mirror", str(_bare(team, tmp_path)))
    team.git("clone", "-q", f"file://{tmp_path}/bare", str(tmp_path / "clone"))
    other = needing_git(tmp_path / "clone", team)
    edit(other, "v4")
    other.apply()


def _bare(team: Workplace, tmp_path: Path) -> Path:
    team.git("init", "-q", "--bare", str(tmp_path / "bare"))
    return tmp_path / "bare"


def test_files_that_are_not_committed_are_shown_and_refused(team: Workplace) -> None:
    team.source("orders", description="mine")
    team.source("new")
    for command in (("plan",), ("apply", "--yes")):
        ran = team.run(*command)
        assert ran.code == 3, ran.out + ran.err
        assert '"v2" -> "mine"' in ran.out
        assert "2 spec files have uncommitted changes" in ran.out + ran.err
    assert team.the("orders")["description"] == "v2"


def test_files_that_were_applied_uncommitted_are_reported_to_everybody(team: Workplace, tmp_path: Path) -> None:
    other = colleague(team, tmp_path / "clone")
    other.git("reset", "-q", "--hard", "origin/main")
    assert team.run("drift").code == 0
    team.source("orders", description="mine")
    team.apply("--allow-dirty")
    marker = team.the("orders")["attributes"]["reconciler"]
    assert (marker.get("commit"), marker["dirty"]) == (None, True)
    for work in (team, other):
        ran = work.run("drift")
        assert (ran.code, "applied from an uncommitted file" in ran.out) == (2, True)
    edit(other, "theirs")
    ran = other.run("apply", "--yes")
    spec_id = team.the("orders")["id"]
    assert (ran.code, f"import --id {spec_id}" in ran.out + ran.err) == (3, True)
    other.run("import", "--id", spec_id)
    other.git("commit", "-q", "-a", "-m", "what is live")
    assert (other.run("drift").code, other.plan()["actions"]) == (0, [])
    team.commit("mine, committed at last")
    assert team.run("drift").code == 0


def test_a_note_beside_the_specs_makes_nothing_uncommitted(team: Workplace, tmp_path: Path) -> None:
    other = colleague(team, tmp_path / "clone")
    (other.folder / "notes.txt").write_text("x")
    (other.folder / "specs/notes.txt").write_text("x")
    other.apply()
    assert other.the("orders")["attributes"]["reconciler"]["commit"] == other.git("rev-parse", "HEAD")


def test_a_quiet_plan_needs_no_proof(team: Workplace, tmp_path: Path) -> None:
    shutil.copytree(team.folder / "specs", tmp_path / "archive/specs")
    assert needing_git(tmp_path / "archive", team).run("apply", "--yes").code == 0


def test_the_embedded_emulator_asks_for_no_proof(tmp_path: Path, team: Workplace) -> None:
    local = Workplace(tmp_path / "local", team.url, team.emulator)
    local.settings(
        "version: 1\nrepository: a/b\ntargets: {local: {emulator: .reconciler/x.db}}\nnetwork: {consistency_window: 0s}\n"
    )
    for text in ("one", "two"):
        local.source("orders", description=text)
        assert local.run("--target", "local", "apply", "--yes").code == 0
