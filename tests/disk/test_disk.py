"""What a repository may have prepared: links, pipes, devices and sockets in the place of files and folders."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.disk import Unfit, check_in_place, create_new, make_folder, open_regular, read_most, read_regular, write_whole

LIMIT = 1000


@pytest.fixture(params=["by handle", "by path"], autouse=True)
def _folders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are held open, or, as on Windows, used by their paths."""
    if request.param == "by path":
        monkeypatch.setattr("reconciler.folders._NO_LINK", 0)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    return root


def created(path: Path) -> None:
    create_new(path).close()


WRITERS: list[Callable[[Path], None]] = [
    lambda path: write_whole(path, b"new"),
    lambda path: write_whole(path, b"new", parents=True),
    created,
    check_in_place,
]


@pytest.mark.parametrize("write", WRITERS, ids=["whole", "with parents", "new", "in place"])
def test_a_link_in_the_place_of_a_file_is_not_followed(repository: Path, write: Callable[[Path], None]) -> None:
    secret = repository.parent / "outside" / "secret"
    for name, to in (("there", secret), ("gone", repository.parent / "outside" / "new")):
        (repository / name).symlink_to(to)
        with pytest.raises(OSError, match=r"link|File exists"):
            write(repository / name)
        assert (repository / name).is_symlink()
    assert secret.read_text() == "secret"
    assert not (repository.parent / "outside" / "new").exists()


@pytest.mark.parametrize("write", WRITERS, ids=["whole", "with parents", "new", "in place"])
@pytest.mark.parametrize("below", ["file", "deeper/file"])
def test_a_link_in_the_place_of_a_folder_is_not_followed(repository: Path, write: Callable[[Path], None], below: str) -> None:
    (repository.parent / "outside" / "deeper").mkdir()
    (repository / "folder").symlink_to(repository.parent / "outside")
    with pytest.raises(Unfit, match="folder is a link; links in a repository are not followed") as caught:
        write(repository / "folder" / below)
    assert "outside the repository" in caught.value.hint
    assert sorted(path.name for path in (repository.parent / "outside").rglob("*")) == ["deeper", "secret"]


def test_a_link_of_the_user_s_above_the_repository_is_followed(repository: Path) -> None:
    (repository.parent / "mine").symlink_to(repository)
    write_whole(repository.parent / "mine" / "file", b"new")
    assert (repository / "file").read_bytes() == b"new"
    (repository / "linked").symlink_to(repository.parent / "outside")
    with pytest.raises(Unfit):
        write_whole(repository.parent / "mine" / "linked" / "file", b"new")


def test_a_link_of_the_user_s_into_a_repository_does_not_make_its_links_harmless(repository: Path) -> None:
    (repository / "sub").mkdir()
    (repository / "sub" / "linked").symlink_to(repository.parent / "outside")
    (repository.parent / "mine").symlink_to(repository / "sub")
    with pytest.raises(Unfit):
        write_whole(repository.parent / "mine" / "linked" / "file", b"new")


def test_a_link_outside_of_every_repository_is_the_user_s(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "to")
    write_whole(tmp_path / "link" / "file", b"new")
    (tmp_path / "alias").symlink_to(tmp_path / "to" / "file")
    write_whole(tmp_path / "alias", b"newer")
    assert (tmp_path / "to" / "file").read_bytes() == b"newer"
    assert (tmp_path / "alias").is_symlink()


def test_the_folder_that_a_command_runs_in_counts_as_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "link").symlink_to(tmp_path)
    monkeypatch.chdir(here)
    with pytest.raises(Unfit, match=r"\] link is a link"):
        write_whole(Path("link/file"), b"new")
    write_whole(Path("file"), b"new")
    write_whole(Path("../beside"), b"new")
    assert (tmp_path / "beside").read_bytes() == b"new"


def test_a_file_is_replaced_whole_and_keeps_its_permissions(repository: Path) -> None:
    file = repository / "file"
    write_whole(file, b"one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    write_whole(file, b"two")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"two", 0o640)
    assert [path.name for path in repository.iterdir() if path.is_file()] == ["file"]


def test_a_new_file_never_replaces_one(repository: Path) -> None:
    write_whole(repository / "a" / "file", b"one", is_new=True, parents=True)
    with pytest.raises(FileExistsError):
        write_whole(repository / "a" / "file", b"two", is_new=True)
    with pytest.raises(FileExistsError):
        create_new(repository / "a" / "file")
    assert (repository / "a" / "file").read_bytes() == b"one"


def test_a_missing_folder_is_made_only_where_that_is_asked_for(repository: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(repository / "a" / "file", b"x")
    make_folder(repository / "a" / "b")
    make_folder(repository / "a" / "b")
    assert (repository / "a" / "b").is_dir()
    (repository / "c").symlink_to(repository.parent / "outside")
    with pytest.raises(Unfit):
        make_folder(repository / "c" / "d")


def test_a_pipe_or_folder_in_a_repository_is_not_replaced(repository: Path) -> None:
    os.mkfifo(repository / "pipe")
    for name, what in (("pipe", "a pipe"), (".git", "a folder")):
        with pytest.raises(Unfit, match=f"it is {what}, not a file"):
            write_whole(repository / name, b"x")
    assert stat.S_ISFIFO((repository / "pipe").stat().st_mode)


def test_a_device_outside_of_a_repository_is_written_to() -> None:
    write_whole(Path("/dev/null"), b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_file_with_another_name_is_not_changed_in_place(repository: Path) -> None:
    (repository / "a").write_bytes(b"")
    check_in_place(repository / "a")
    os.link(repository / "a", repository / "b")
    with pytest.raises(Unfit, match="hard link"):
        check_in_place(repository / "a")


@pytest.fixture
def odd(repository: Path) -> dict[str, Path]:
    os.mkfifo(repository / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(repository / "socket"))
    (repository / "zero").symlink_to("/dev/zero")
    (repository / "to pipe").symlink_to(repository / "pipe")
    with (repository / "huge").open("wb") as file:
        file.truncate(10_000_000_000)
    return {
        "a pipe": repository / "pipe",
        "a socket": repository / "socket",
        "a device": repository / "zero",
        "a pipe, not": repository / "to pipe",
        "a folder": repository,
        "10,000,000,000 bytes; the limit is 1,000": repository / "huge",
    }


def test_what_is_no_file_is_named_at_once(odd: dict[str, Path]) -> None:
    for what, path in odd.items():
        with pytest.raises(Unfit, match=what):
            read_regular(path, LIMIT)


def test_a_large_file_can_be_read_in_part_and_a_pipe_cannot(odd: dict[str, Path], repository: Path) -> None:
    assert read_most(repository / "huge", 5) == b"\0" * 5
    with pytest.raises(Unfit, match="a pipe"):
        read_most(odd["a pipe"], 5)


def test_a_file_that_comes_in_pieces_or_grows_meanwhile_is_read_to_its_end(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = repository / "file"
    file.write_bytes(b"abcdef")
    real = os.read

    def read(descriptor: int, size: int) -> bytes:
        part = real(descriptor, min(size, 4))
        if part == b"abcd":
            with file.open("ab") as growing:
                growing.write(b"g" * 10_000)
        return part

    monkeypatch.setattr(os, "read", read)
    assert read_most(file, 20_000) == b"abcdef" + b"g" * 10_000
    assert read_most(file, 11) == b"abcdefggggg"
    with pytest.raises(Unfit, match="the limit is 1,000"):
        read_regular(file, LIMIT)


def test_a_file_that_grows_over_the_limit_while_it_is_read_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "file").write_bytes(b"x" * (LIMIT + 1))
    real = os.fstat
    monkeypatch.setattr(os, "fstat", lambda opened: os.stat_result((*real(opened)[:6], LIMIT, 0, 0, 0)))
    with pytest.raises(Unfit, match="1,001 bytes; the limit is 1,000"):
        read_regular(repository / "file", LIMIT)


def test_a_file_is_read_to_its_limit_through_a_link_or_not(repository: Path) -> None:
    (repository / "file").write_bytes(b"x" * LIMIT)
    (repository / "link").symlink_to(repository / "file")
    assert len(read_regular(repository / "link", LIMIT)) == LIMIT
    with pytest.raises(Unfit, match="link is a link"):
        open_regular(repository / "link", LIMIT, follow=False)
    with pytest.raises(FileNotFoundError):
        read_regular(repository / "gone", LIMIT)
