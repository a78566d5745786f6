"""The artifacts become one commit on a new branch of a clone, and nothing of that clone runs or changes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.submission.branch.committing import Committed, commit_artifacts
from tests.desired.git.repositories import Repository
from tests.submission.samples import ICON, KEY, built

FOLDER = f"Sources/{KEY}/Artifacts"
WHO = {
    "PATH": os.environ["PATH"],
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-11-27T10:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-27T10:00:00Z",
}


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    repository = Repository.new(tmp_path / "clone")
    (repository.root / "Sources" / "other").mkdir(parents=True)
    (repository.root / "Sources" / "other" / "a.txt").write_text("a\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "begin")
    return repository


def committed(clone: Repository, branch: str = KEY, environ: dict[str, str] | None = None) -> Committed:
    return commit_artifacts(clone.root, branch, built(), WHO if environ is None else environ)


def test_the_branch_has_the_artifacts_on_top_of_what_is_checked_out(clone: Repository) -> None:
    before = clone.git("rev-parse", "HEAD")
    made = committed(clone)
    assert clone.git("rev-parse", KEY) == made.name
    assert clone.git("rev-parse", f"{KEY}~1") == before
    assert clone.git("diff", "--name-status", f"{KEY}~1", KEY).split("\n") == [f"A\t{path}" for path in made.paths]
    assert clone.git("show", f"{KEY}:{FOLDER}/{KEY}-icon.svg").encode() == ICON
    assert clone.git("log", "-1", "--format=%an %ae %s", KEY) == f"Ada ada@example.com Add {KEY}: artifacts of the source"
    clone.git("fsck", "--strict")


def test_nothing_else_of_the_clone_changes(clone: Repository) -> None:
    before = clone.git("rev-parse", "HEAD"), clone.git("symbolic-ref", "HEAD")
    committed(clone)
    assert (clone.git("rev-parse", "HEAD"), clone.git("symbolic-ref", "HEAD")) == before
    assert clone.git("status", "--porcelain") == ""
    assert not (clone.root / FOLDER).exists()


def test_the_same_input_gives_the_same_commit(clone: Repository) -> None:
    assert committed(clone, "one").name == committed(clone, "two").name


def test_nothing_of_the_clone_is_run(clone: Repository, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    program = f"#!/bin/sh\necho ran >> {trace}\n"
    hooks = clone.root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(program)
        (hooks / name).chmod(0o755)
    bad = clone.root / "git"
    bad.write_text(program)
    bad.chmod(0o755)
    config = clone.root / ".git" / "config"
    config.write_text(
        config.read_text()
        + f'[core]\n\tfsmonitor = "echo ran >> {trace}"\n\thooksPath = hooks\n'
        + f'[filter "evil"]\n\tclean = "echo ran >> {trace}; cat"\n[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = {bad}\n'
    )
    (clone.root / ".gitattributes").write_text("* filter=evil\n")
    committed(clone, environ={**WHO, "PATH": f"{clone.root}:{WHO['PATH']}"})
    assert not trace.exists()


def test_a_file_that_is_there_is_replaced(clone: Repository) -> None:
    (clone.root / FOLDER).mkdir(parents=True)
    (clone.root / FOLDER / f"{KEY}-label.txt").write_text("Old\n")
    clone.git("add", "-A")
    clone.git("commit", "-qm", "old")
    made = committed(clone)
    assert clone.git("show", f"{made.name}:{FOLDER}/{KEY}-label.txt") == "Acme Orders"


def test_what_is_already_there_makes_no_commit(clone: Repository) -> None:
    committed(clone)
    clone.git("checkout", "-q", KEY)
    with pytest.raises(UsageError, match="already has these artifacts"):
        committed(clone, "again")


def linked(clone: Repository) -> None:
    (clone.root / "Sources" / KEY).symlink_to("other")


def submodule(clone: Repository) -> None:
    clone.git("update-index", "--add", "--cacheinfo", f"160000,{clone.git('rev-parse', 'HEAD')},Sources/{KEY}")
    clone.git("commit", "-qm", "odd")


def a_file(clone: Repository) -> None:
    (clone.root / "Sources" / KEY).write_text("x")


def a_folder(clone: Repository) -> None:
    (clone.root / FOLDER / f"{KEY}-icon.svg").mkdir(parents=True)
    (clone.root / FOLDER / f"{KEY}-icon.svg" / "x").write_text("x")


def linked_file(clone: Repository) -> None:
    (clone.root / FOLDER).mkdir(parents=True)
    (clone.root / FOLDER / f"{KEY}-icon.svg").symlink_to("/etc/passwd")


def a_program(clone: Repository) -> None:
    (clone.root / FOLDER).mkdir(parents=True)
    file = clone.root / FOLDER / f"{KEY}-icon.svg"
    file.write_text("x")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (linked, f"Sources/{KEY} is a link in the clone"),
        (submodule, f"Sources/{KEY} is a submodule in the clone"),
        (a_file, f"Sources/{KEY} is a file in the clone"),
        (a_folder, "-icon.svg is a folder in the clone"),
        (linked_file, "-icon.svg is a link in the clone"),
        (a_program, "-icon.svg is an executable file in the clone"),
    ],
)
def test_links_and_odd_files_are_refused(clone: Repository, prepare: object, said: str) -> None:
    assert callable(prepare)
    prepare(clone)
    if prepare is not submodule:
        clone.git("add", "-A")
        clone.git("commit", "-qm", "odd")
    with pytest.raises(UsageError) as caught:
        committed(clone)
    assert said in caught.value.message
    assert not (clone.root / ".git/refs/heads" / KEY).exists()


@pytest.mark.parametrize("name", ["-x", "a..b", "a b", "HEAD", "a.lock", "/a", "a/", "@{1}", "a\nb", ".a", "", "a~1", "../../x"])
def test_a_name_that_git_does_not_allow_is_refused(clone: Repository, name: str) -> None:
    with pytest.raises(UsageError, match="not a valid name for a branch"):
        committed(clone, name)


@pytest.mark.parametrize(("there", "name"), [("a", "a"), ("a", "a/b"), ("a/b", "a")])
@pytest.mark.parametrize("packed", [False, True])
def test_a_branch_that_is_there_is_not_changed(clone: Repository, there: str, name: str, packed: bool) -> None:
    clone.git("branch", there)
    if packed:
        clone.git("pack-refs", "--all")
    before = clone.git("rev-parse", there)
    with pytest.raises(UsageError):
        committed(clone, name)
    assert clone.git("rev-parse", there) == before


def test_a_branch_below_a_link_is_refused(clone: Repository, tmp_path: Path) -> None:
    (clone.root / ".git/refs/heads/out").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="cannot create the branch out/x"):
        committed(clone, "out/x")
    assert not (tmp_path / "x").exists()


def test_the_author_is_that_of_the_user_s_own_configuration(clone: Repository, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text('[include]\n\tpath = /dev/zero\n[user]\n\tname = "Grace"\n\temail = grace@example.com\n')
    made = committed(clone, environ={"PATH": WHO["PATH"], "HOME": str(tmp_path)})
    assert clone.git("log", "-1", "--format=%an %cn %ae", made.name) == "Grace Grace grace@example.com"


@pytest.mark.parametrize("more", [{}, {"GIT_AUTHOR_NAME": "A"}, {"GIT_AUTHOR_NAME": "A\n", "GIT_AUTHOR_EMAIL": "<a@b>"}])
def test_without_an_author_nothing_is_made(clone: Repository, tmp_path: Path, more: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="the author of the commit is unknown"):
        committed(clone, environ={"PATH": WHO["PATH"], "HOME": str(tmp_path / "none"), **more})
    assert clone.git("branch", "--list", KEY) == ""


def test_a_folder_that_is_no_clone_is_refused(tmp_path: Path, clone: Repository) -> None:
    for folder in (tmp_path, tmp_path / "none", clone.root / "Sources"):
        with pytest.raises(UsageError) as caught:
            commit_artifacts(folder, KEY, built(), WHO)
        assert caught.value.hint


def test_without_git_the_files_can_be_committed_by_hand(clone: Repository) -> None:
    with pytest.raises(UsageError, match="git is not installed"):
        committed(clone, environ={**WHO, "PATH": ""})
