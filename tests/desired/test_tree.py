"""The specs folder on disk: what is listed, and what is refused."""

import os
from pathlib import Path

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.tree import Listing, Unreadable, WorkingTree
from reconciler.texts.reading import MAX_BYTES
from tests.desired.trees import MAILCHIMP, SOURCE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    (folder / "sources/mailchimp").mkdir(parents=True)
    (folder / MAILCHIMP).write_text(SOURCE)
    return folder


def refusal(root: Path, path: str) -> str:
    with pytest.raises(Unreadable) as raised:
        WorkingTree(root).read(path)
    return raised.value.problem.code


def test_files_are_listed_by_their_path_and_sorted(root: Path) -> None:
    (root / "sources/a.yaml").write_text("")
    (root / "reconciler.yaml").write_text("")
    assert WorkingTree(root).listing().paths == ("reconciler.yaml", "sources/a.yaml", MAILCHIMP)


def test_hidden_files_and_folders_are_not_listed(root: Path) -> None:
    (root / ".git").mkdir()
    (root / ".git/config.yaml").write_text("")
    (root / "sources/.mailchimp.yaml.swp").write_text("")
    assert WorkingTree(root).listing().paths == (MAILCHIMP,)


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert WorkingTree(tmp_path / "nothing").listing().paths == ()


def test_a_file_is_read_as_it_is(root: Path) -> None:
    assert WorkingTree(root).read(MAILCHIMP) == SOURCE.encode()


def test_a_link_inside_of_the_folder_is_followed(root: Path) -> None:
    (root / "sources/link.yaml").symlink_to("mailchimp/connection-spec.yaml")
    assert WorkingTree(root).read("sources/link.yaml") == SOURCE.encode()


def test_the_listing_knows_which_files_are_links(root: Path) -> None:
    (root / "sources/link.yaml").symlink_to("mailchimp/connection-spec.yaml")
    (root / "sources/folder").symlink_to("mailchimp")
    listing = WorkingTree(root).listing()
    assert (listing.paths, listing.links) == (("sources/link.yaml", MAILCHIMP), frozenset({"sources/link.yaml"}))


def test_a_link_out_of_the_folder_is_refused(root: Path) -> None:
    (root.parent / "secret.yaml").write_text("token")
    (root / "sources/link.yaml").symlink_to("../../secret.yaml")
    (root / "sources/absolute.yaml").symlink_to(root.parent / "secret.yaml")
    assert [refusal(root, f"sources/{name}.yaml") for name in ("link", "absolute")] == ["link", "link"]


def test_a_link_to_a_link_out_of_the_folder_is_refused(root: Path) -> None:
    (root / "sources/b.yaml").symlink_to("/etc/hostname")
    (root / "sources/a.yaml").symlink_to("b.yaml")
    assert refusal(root, "sources/a.yaml") == "link"


def test_a_link_to_a_folder_is_refused(root: Path) -> None:
    (root / "sources/again.yaml").symlink_to("mailchimp")
    assert refusal(root, "sources/again.yaml") == "not-a-file"


def test_a_linked_folder_elsewhere_is_none_of_ours(root: Path) -> None:
    (root / "docs").symlink_to("..")
    assert WorkingTree(root).listing() == Listing((MAILCHIMP,))


def test_a_linked_folder_is_told_and_not_entered(root: Path) -> None:
    (root / "sources/again").symlink_to("mailchimp")
    desired = load_desired(WorkingTree(root), "stage")
    assert [(problem.code, problem.file) for problem in desired.problems] == [("link", "specs/sources/again")]
    assert len(desired.specs) == 1


def test_links_in_a_circle_are_refused(root: Path) -> None:
    (root / "sources/a.yaml").symlink_to("b.yaml")
    (root / "sources/b.yaml").symlink_to("a.yaml")
    assert refusal(root, "sources/a.yaml") == "unreadable"


def test_a_link_to_nothing_is_refused(root: Path) -> None:
    (root / "sources/a.yaml").symlink_to("nothing.yaml")
    assert refusal(root, "sources/a.yaml") == "unreadable"


def test_a_pipe_is_refused_and_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "sources/pipe.yaml")
    assert refusal(root, "sources/pipe.yaml") == "not-a-file"
    (root / "sources/link.yaml").symlink_to("pipe.yaml")
    assert refusal(root, "sources/link.yaml") == "not-a-file"


def test_a_folder_is_no_file(root: Path) -> None:
    assert refusal(root, "sources/mailchimp") == "not-a-file"


def test_a_file_that_went_away_is_told(root: Path) -> None:
    assert refusal(root, "sources/gone.yaml") == "unreadable"


def test_no_more_is_read_than_it_takes_to_refuse_a_file(root: Path) -> None:
    with (root / "sources/large.yaml").open("wb") as file:
        file.truncate(MAX_BYTES * 3)
    assert len(WorkingTree(root).read("sources/large.yaml")) == MAX_BYTES + 1


def test_what_may_not_be_read_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(folder: str) -> object:
        if Path(folder).name == "mailchimp":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    desired = load_desired(WorkingTree(root), "stage")
    assert [(problem.code, problem.file) for problem in desired.problems] == [("unreadable", "specs/sources/mailchimp")]
    assert desired.problems[0].message == "cannot read this folder: Permission denied"


def test_a_name_that_is_no_text_is_told_and_read(root: Path) -> None:
    (root / os.fsdecode(b"sources/\xff.yaml")).write_text(SOURCE)
    desired = load_desired(WorkingTree(root), "stage")
    assert [problem.file for problem in desired.problems] == ["specs/sources/\\xff.yaml"]
