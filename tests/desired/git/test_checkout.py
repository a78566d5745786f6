"""Where the repository of a folder is found, and what is not taken for one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.desired.git.checkout import NoCheckout, find_checkout
from reconciler.desired.git.command import Git, Installed
from reconciler.desired.git.history import History, Relation
from tests.desired.git.repositories import Repository
from tests.desired.trees import MAILCHIMP, SOURCE


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.new(tmp_path / "repository")


def reason(folder: Path) -> str:
    with pytest.raises(NoCheckout) as raised:
        find_checkout(folder)
    return str(raised.value)


def test_a_folder_belongs_to_the_work_tree_above_it(repository: Repository) -> None:
    found = find_checkout(repository.specs)
    assert (found.top, found.git_dir, found.prefix) == (repository.root, repository.root / ".git", "specs/")


def test_the_top_of_a_work_tree_has_no_prefix(repository: Repository) -> None:
    assert find_checkout(repository.root).prefix == ""


def test_a_folder_that_looks_like_a_bare_repository_is_a_folder(repository: Repository) -> None:
    repository.git("init", "--quiet", "--bare", str(repository.specs))
    assert find_checkout(repository.specs).top == repository.root


def test_a_bare_repository_is_no_work_tree(tmp_path: Path, repository: Repository) -> None:
    repository.git("init", "--quiet", "--bare", str(tmp_path / "bare"))
    assert "not in a git work tree" in reason(tmp_path / "bare")


def test_an_empty_git_folder_is_passed_over(repository: Repository) -> None:
    (repository.specs / ".git").mkdir()
    assert find_checkout(repository.specs).top == repository.root


def test_a_folder_reached_by_a_link_belongs_to_where_it_is(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repository.specs)
    assert find_checkout(tmp_path / "link").top == repository.root


def test_a_linked_work_tree_shares_its_history(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({MAILCHIMP: SOURCE})
    second = repository.commit({MAILCHIMP: SOURCE + "# 2\n"})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "other"), first)
    history = History(tmp_path / "other/specs")
    assert (history.head(), history.relation(second)) == (first, Relation.NOT_ANCESTOR)
    assert not history.uncommitted()


def test_a_submodule_is_its_own_repository(repository: Repository, tmp_path: Path) -> None:
    inner = Repository.new(tmp_path / "inner")
    commit = inner.commit({MAILCHIMP: SOURCE})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "module")
    assert History(repository.root / "module/specs").head() == commit


@pytest.mark.parametrize("text", ["", "gitdir: specs/planted\n", "gitdir: /nowhere\n", "nothing", "gitdir: \0\n", "gitdir: ."])
def test_a_git_file_that_leads_nowhere_or_inside_is_refused(repository: Repository, text: str) -> None:
    repository.git("init", "--quiet", "--bare", str(repository.root / "specs/planted"))
    (repository.root / ".git").rename(repository.root / "away")
    (repository.root / ".git").write_text(text)
    assert "leads" in reason(repository.specs)


def test_a_git_file_that_was_copied_from_another_work_tree_is_refused(repository: Repository, tmp_path: Path) -> None:
    repository.commit({MAILCHIMP: SOURCE})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "other"))
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted/.git").write_bytes((tmp_path / "other/.git").read_bytes())
    assert "another work tree" in reason(tmp_path / "planted")


def test_a_work_tree_that_was_moved_by_hand_is_still_one(repository: Repository, tmp_path: Path) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "other"))
    (tmp_path / "other").rename(tmp_path / "moved")
    assert History(tmp_path / "moved/specs").head() == commit


def test_a_git_entry_that_is_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".git")
    assert "neither a folder nor a file" in reason(tmp_path)


def test_links_that_lead_to_each_other_are_no_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").symlink_to(".git")
    assert reason(tmp_path)


@pytest.mark.parametrize("path", ["", ".", "bin", "{root}/bin", "{root}/bin:.::bin", "{outside}"], ids=str)
def test_a_program_of_the_work_tree_is_never_git(repository: Repository, tmp_path: Path, path: str) -> None:
    (repository.root / "bin").mkdir()
    program = repository.root / "bin/git"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/git").symlink_to(program)
    searched = path.format(root=repository.root, outside=tmp_path / "outside")
    checkout = find_checkout(repository.specs)
    git = Git(checkout, Installed.outside(checkout, searched))
    assert (git.is_installed, git.ask("version").code) == (False, None)


def test_git_is_given_nothing_of_the_environment(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/git"
    program.write_text("#!/bin/sh\n/usr/bin/env\n")
    program.chmod(0o755)
    monkeypatch.setenv("RECONCILER_CLIENT_SECRET", "very secret")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "evil")
    monkeypatch.setenv("LD_PRELOAD", "")
    checkout = find_checkout(repository.specs)
    git = Git(checkout, Installed.outside(checkout, f"{tmp_path / 'bin'}:/usr/bin"))
    names = {line.partition("=")[0] for line in git.ask("version").text.splitlines()} - {"_", "PWD", "OLDPWD", "SHLVL"}
    assert {name for name in names if not name.startswith("GIT_")} == {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "XDG_CONFIG_HOME",
    }
    assert "GIT_EXTERNAL_DIFF" not in names


def test_the_private_folder_of_git_goes_with_it(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    git = Git.at(repository.specs)
    assert git.ask("version").ok
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    del git
    assert list((tmp_path / "temporary").iterdir()) == []
