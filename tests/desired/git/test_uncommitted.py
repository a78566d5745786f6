"""Which spec files count as uncommitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.git.as_read import TreeAsRead
from reconciler.desired.git.history import History
from reconciler.desired.git.uncommitted import NOTHING
from reconciler.desired.tree import Unreadable, WorkingTree
from tests.desired.git.repositories import Repository
from tests.desired.trees import MAILCHIMP, SOURCE


@pytest.fixture(params=["sha1", "sha256"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    repository = Repository.new(tmp_path / "repository", f"--object-format={request.param}")
    repository.commit({MAILCHIMP: SOURCE, "sources/b.yaml": SOURCE, "notes.txt": "x"})
    return repository


def uncommitted(repository: Repository) -> tuple[str, ...]:
    return History(repository.specs).uncommitted().paths


def test_each_changed_new_and_deleted_spec_file_is_named(repository: Repository) -> None:
    repository.write({MAILCHIMP: SOURCE + "# x\n", "sources/b.yaml": None, "sources/new.yaml": SOURCE})
    found = History(repository.specs).uncommitted()
    assert (found.changed, found.gone) == (frozenset({MAILCHIMP, "sources/new.yaml"}), frozenset({"sources/b.yaml"}))


def test_what_is_no_spec_file_does_not_count(repository: Repository) -> None:
    repository.write(
        {"notes.txt": "y", "more.txt": "z", "sources/mailchimp/logo.svg": "", "proofs/x/proof.yaml": "", "reconciler.yaml": "x"}
    )
    (repository.root / "notes.txt").write_text("elsewhere")
    assert uncommitted(repository) == ()


@pytest.mark.parametrize(
    ("text", "differs"), [("version: 1\n", False), ("version: 1\r\n", False), ("version: 1\nretired: []\n", True)]
)
def test_settings_that_differ_are_told_apart_from_specs(repository: Repository, text: str, differs: bool) -> None:
    repository.commit({"reconciler.yaml": "version: 1\n"})
    repository.write({"reconciler.yaml": text})
    found = History(repository.specs).uncommitted()
    assert (found.settings, bool(found)) == (differs, False)


def test_a_spec_file_that_git_ignores_counts(repository: Repository) -> None:
    (repository.root / ".git/info/exclude").write_text("*\n")
    repository.write({"sources/ignored.yaml": SOURCE})
    assert uncommitted(repository) == ("sources/ignored.yaml",)


def test_a_file_that_is_assumed_unchanged_counts(repository: Repository) -> None:
    repository.git("update-index", "--assume-unchanged", f"specs/{MAILCHIMP}")
    repository.write({MAILCHIMP: SOURCE + "# x\n"})
    assert uncommitted(repository) == (MAILCHIMP,)


def test_a_staged_change_that_was_taken_back_is_none(repository: Repository) -> None:
    repository.write({MAILCHIMP: SOURCE + "# x\n"})
    repository.git("add", "--all")
    repository.write({MAILCHIMP: SOURCE})
    assert uncommitted(repository) == ()


def test_how_lines_end_is_no_change(repository: Repository) -> None:
    repository.write({MAILCHIMP: SOURCE.replace("\n", "\r\n")})
    assert uncommitted(repository) == ()
    repository.commit({})
    repository.write({MAILCHIMP: SOURCE})
    assert uncommitted(repository) == ()
    repository.write({MAILCHIMP: SOURCE + "# x\n"})
    assert uncommitted(repository) == (MAILCHIMP,)


def test_a_link_is_as_committed_as_what_it_leads_to(repository: Repository) -> None:
    (repository.specs / "sources/link.yaml").symlink_to("../shared.txt")
    repository.commit({"shared.txt": SOURCE})
    assert uncommitted(repository) == ()
    repository.write({"shared.txt": SOURCE + "# x\n"})
    assert uncommitted(repository) == ("sources/link.yaml",)


def test_a_link_that_leads_elsewhere_now_is_changed(repository: Repository) -> None:
    link = repository.specs / "sources/link.yaml"
    link.symlink_to("b.yaml")
    repository.commit({})
    link.unlink()
    link.symlink_to("mailchimp/connection-spec.yaml")
    assert uncommitted(repository) == ("sources/link.yaml",)


def test_before_the_first_commit_every_file_is_uncommitted(tmp_path: Path) -> None:
    repository = Repository.new(tmp_path / "new")
    repository.write({MAILCHIMP: SOURCE})
    assert uncommitted(repository) == (MAILCHIMP,)


def test_a_commit_whose_files_are_missing_says_nothing(repository: Repository) -> None:
    tree = repository.git("rev-parse", "HEAD:specs")
    (repository.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    found = History(repository.specs).uncommitted()
    assert found.why_not
    assert found != NOTHING


def test_a_file_counts_as_it_was_when_it_was_read(repository: Repository) -> None:
    seen = TreeAsRead(WorkingTree(repository.specs))
    seen.read(MAILCHIMP)
    repository.write({MAILCHIMP: SOURCE + "# written after it was read\n"})
    assert seen.listing().paths
    expected = () if repository.git("rev-parse", "--show-object-format").strip() == "sha1" else (MAILCHIMP,)
    assert History(repository.specs).uncommitted(seen).paths == expected


def test_a_file_that_was_read_with_other_content_counts_as_changed(repository: Repository) -> None:
    repository.write({MAILCHIMP: SOURCE + "# x\n"})
    seen = TreeAsRead(WorkingTree(repository.specs))
    for path in ("sources/b.yaml", MAILCHIMP):
        seen.read(path)
    assert History(repository.specs).uncommitted(seen).paths == (MAILCHIMP,)


def test_a_file_that_is_a_link_by_now_counts_by_the_link(repository: Repository) -> None:
    seen = TreeAsRead(WorkingTree(repository.specs))
    seen.read(MAILCHIMP)
    file = repository.specs / MAILCHIMP
    file.unlink()
    file.symlink_to(repository.specs / "sources/b.yaml")
    assert History(repository.specs).uncommitted(seen).paths == (MAILCHIMP,)


def test_a_file_that_changed_since_it_was_read_is_not_read_again(repository: Repository) -> None:
    seen = TreeAsRead(WorkingTree(repository.specs))
    assert seen.read(MAILCHIMP) == seen.read(MAILCHIMP)
    repository.write({MAILCHIMP: SOURCE + "# written after it was read\n"})
    with pytest.raises(Unreadable, match="changed"):
        seen.read(MAILCHIMP)
