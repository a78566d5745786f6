"""The specs folder as a commit has it, read from git's objects."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.desired.git import blobs as objects
from reconciler.desired.git.blobs import Blobs
from reconciler.desired.git.checkout import find_checkout
from reconciler.desired.git.command import Git, Installed
from reconciler.desired.git.commit_tree import CommitFiles, CommitTree
from reconciler.desired.git.history import History
from reconciler.desired.load import load_desired
from reconciler.desired.tree import Unreadable, WorkingTree
from reconciler.texts.reading import MAX_BYTES
from tests.desired.git.repositories import Repository
from tests.desired.git.test_history import UNKNOWN_COMMIT, base_name, base_of, named
from tests.desired.trees import FLOW, MAILCHIMP, ONE_ID, SOURCE


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.new(tmp_path / "repository")


def tree_of(repository: Repository, commit: str) -> CommitTree:
    git = Git.at(repository.specs)
    return CommitTree.of(git, commit, "specs/", Blobs(git))


def refusal(tree: CommitTree | CommitFiles, path: str) -> str:
    with pytest.raises(Unreadable) as raised:
        tree.read(path)
    return raised.value.problem.code


def test_a_commit_loads_as_its_checkout_does(repository: Repository) -> None:
    files = {MAILCHIMP: SOURCE, "flow-specs/größe \n.yaml": FLOW, ".hidden/x.yaml": SOURCE, "sources/b.yaml": named("B", x="1")}
    tree = tree_of(repository, repository.commit(files))
    assert load_desired(tree, "stage") == load_desired(WorkingTree(repository.specs), "stage")


def test_links_of_a_commit_stay_in_the_folder(repository: Repository) -> None:
    repository.write({MAILCHIMP: SOURCE})
    links = {
        "in": "mailchimp/connection-spec.yaml",
        "out": "../../secret.yaml",
        "absolute": "/etc/hostname",
        "circle": "circle.yaml",
    }
    for name, leads_to in links.items():
        (repository.specs / f"sources/{name}.yaml").symlink_to(leads_to)
    tree = tree_of(repository, repository.commit({"../secret.yaml": "x"}))
    assert tree.read("sources/in.yaml") == SOURCE.encode()
    assert [refusal(tree, f"sources/{name}.yaml") for name in ("out", "absolute", "circle")] == ["link"] * 3


def test_a_large_file_of_a_commit_is_read_as_far_as_it_takes(repository: Repository) -> None:
    repository.write({"sources/large.yaml": "#" * (MAX_BYTES * 2 + 10), MAILCHIMP: SOURCE})
    tree = tree_of(repository, repository.commit({}))
    assert len(tree.read("sources/large.yaml")) == MAX_BYTES + 1
    assert tree.read(MAILCHIMP) == SOURCE.encode()


def test_a_missing_object_is_told(repository: Repository) -> None:
    tree = tree_of(repository, repository.commit({MAILCHIMP: SOURCE}))
    name = tree.entries[MAILCHIMP].name
    (repository.root / ".git/objects" / name[:2] / name[2:]).unlink()
    assert refusal(tree, MAILCHIMP) == "unreadable"


def test_single_files_of_a_commit_are_read_without_listing_it(repository: Repository) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    files = CommitFiles(commit, "specs/", Blobs(Git.at(repository.specs)))
    assert files.read(MAILCHIMP) == SOURCE.encode()
    assert files.listing().paths == ()
    assert [refusal(files, path) for path in ("sources", "nothing.yaml", "a\nb")] == ["unreadable"] * 3


def test_files_whose_names_are_known_are_read_by_them_and_others_by_path(repository: Repository) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE, "sources/other.yaml": "other"})
    blobs = Blobs(Git.at(repository.specs))
    entry = tree_of(repository, commit).entries[MAILCHIMP]
    assert CommitFiles(UNKNOWN_COMMIT, "specs/", blobs, {MAILCHIMP: entry}).read(MAILCHIMP) == SOURCE.encode()
    files = CommitFiles(commit, "specs/", blobs, {MAILCHIMP: entry})
    assert files.read("sources/other.yaml") == b"other"
    assert refusal(files, "sources") == "unreadable"


def test_an_object_that_is_no_file_is_none(repository: Repository) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    blobs = Blobs(Git.at(repository.specs))
    assert (blobs.read(commit), blobs.read(UNKNOWN_COMMIT), blobs.read("HEAD")) == (None, None, None)


def test_a_process_that_ended_is_started_again(repository: Repository) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    blobs = Blobs(Git.at(repository.specs))
    assert blobs.read_at(commit, f"specs/{MAILCHIMP}") == SOURCE.encode()
    blobs.close()
    blobs.close()
    assert blobs.read_at(commit, f"specs/{MAILCHIMP}") == SOURCE.encode()


def test_a_process_that_was_killed_gives_nothing_and_is_started_again(repository: Repository) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    checkout = find_checkout(repository.specs)
    blobs = Blobs(Git(checkout, Installed.outside(checkout, "/nonexistent")))
    assert blobs.read(commit) is None
    outside = Blobs(Git.at(repository.root.parent))
    assert outside.read(commit) is None
    assert outside.read(commit) is None


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_PATIENCE_SECONDS", 0.0)
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as process:
        objects.end(process)
        assert process.returncode is not None


def test_a_folder_that_a_commit_does_not_have_is_empty(repository: Repository) -> None:
    commit = repository.commit({})
    git = Git.at(repository.specs)
    assert not CommitTree.of(git, commit, "nothing/", Blobs(git)).entries
    assert base_of(History(repository.specs), commit) is None


def test_a_base_may_name_a_target_that_is_gone(repository: Repository) -> None:
    gone = f"ids: {{gone: {ONE_ID}}}\noverlays: {{gone: {{name: x}}}}\n"
    then = repository.commit({MAILCHIMP: named("Then") + gone})
    repository.commit({MAILCHIMP: named("Now")})
    with closing(History(repository.specs)) as history:
        assert base_name(history, then) == "Then"
