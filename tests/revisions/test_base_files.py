"""What cannot be compared is an error that says why, and what to do: never "added", and never "breaks nothing"."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.cli.fakes import Ran
from tests.desired.git.repositories import ENVIRON
from tests.sessions.test_service import SETTINGS, SPEC

FILE = "specs/sources/orders/connection-spec.yaml"
OTHER = "specs/sources/other/connection-spec.yaml"
COMMANDS = pytest.mark.parametrize("command", ["diff", "breaking"])


class Clones:
    """A repository of three commits, and the command line in clones of it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.origin = root / "origin"
        self.clone = self.origin
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self.origin.mkdir()
        self.git("init", "-q", "--initial-branch=master")
        self.git("config", "uploadpack.allowFilter", "true")
        self.commit({"README.md": "x"})
        self.commit({"specs/reconciler.yaml": SETTINGS, FILE: SPEC})
        self.commit({FILE: SPEC.replace("us6", "us7")})

    def git(self, *words: str) -> None:
        environ = {**ENVIRON, "GIT_NO_LAZY_FETCH": "0"}
        subprocess.run(["git", *words], cwd=self.clone, check=True, capture_output=True, env=environ)  # noqa: S603, S607

    def commit(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            file = self.clone / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def cloned(self, *options: str) -> None:
        clone = self.origin.parent / "clone"
        self.git("clone", "-q", *options, f"file://{self.origin}", str(clone))
        self.clone = clone

    def run(self, *arguments: str) -> Ran:
        self._monkeypatch.chdir(self.clone)
        code = run(list(arguments), Shell({}, open_sessions))
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err)


@pytest.fixture
def clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Clones:
    return Clones(tmp_path, monkeypatch, capsys)


def refused(ran: Ran, *words: str) -> None:
    assert (ran.code, ran.out) == (1, "")
    for word in (*words, "hint:"):
        assert word in ran.err, ran.err


@COMMANDS
@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_a_partial_clone_cannot_compare_until_the_rest_is_fetched(clones: Clones, command: str, left_out: str) -> None:
    clones.cloned(f"--filter={left_out}")
    refused(clones.run(command, "--against", "HEAD~1"), "cannot compare", "--refetch --no-filter")
    clones.git("fetch", "-q", "--refetch", "--no-filter")
    assert clones.run(command, "--against", "HEAD~1").code == 0


@COMMANDS
def test_a_shallow_clone_cannot_compare_until_it_is_deepened(clones: Clones, command: str) -> None:
    clones.cloned("--depth=1")
    refused(clones.run(command, "--against", "HEAD~1"), "not found", "git fetch --unshallow", "fetch-depth: 0")
    clones.git("fetch", "-q", "--unshallow")
    assert clones.run(command, "--against", "HEAD~1").code == 0


@COMMANDS
def test_a_sparse_checkout_has_not_removed_what_it_leaves_out(clones: Clones, command: str) -> None:
    clones.commit({OTHER: SPEC.replace("Acme Orders", "Other")})
    clones.cloned()
    clones.git("sparse-checkout", "set", "--no-cone", "/*", "!/specs/sources/other")
    refused(clones.run(command), "sparse checkout leaves out sources/other/connection-spec.yaml", "git sparse-checkout disable")
    clones.git("sparse-checkout", "disable")
    assert clones.run(command).code == 0


def test_a_file_that_was_deleted_is_removed(clones: Clones) -> None:
    clones.commit({OTHER: SPEC.replace("Acme Orders", "Other")})
    (clones.clone / OTHER).unlink()
    assert "1 spec removed" in clones.run("diff").out


@COMMANDS
def test_a_file_that_was_in_error_is_named(clones: Clones, command: str) -> None:
    clones.commit({FILE: "spec: {name: 1, name: 2}\n"})
    clones.commit({FILE: SPEC})
    refused(clones.run(command, "--against", "HEAD~1"), "cannot compare", f"{FILE}:1", "--against")
    assert clones.run(command, "--against", "HEAD~2").code == 0


@COMMANDS
def test_a_folder_that_moved_is_not_new_and_can_be_named(clones: Clones, command: str) -> None:
    clones.git("mv", "specs", "infra")
    clones.commit({})
    refused(clones.run("--specs", "infra", command, "--against", "HEAD~1"), "specs", "--base-specs specs")
    ran = clones.run("--specs", "infra", command, "--against", "HEAD~1", "--base-specs", "specs")
    assert ran.code == 0
    assert "added" not in ran.out


@COMMANDS
def test_a_folder_that_the_commit_has_not_cannot_be_named(clones: Clones, command: str) -> None:
    refused(clones.run(command, "--base-specs", "nowhere"), "no folder nowhere")


@COMMANDS
def test_the_first_specs_of_a_repository_are_new(clones: Clones, command: str) -> None:
    ran = clones.run(command, "--against", "HEAD~2")
    assert ran.code == 0
    assert command == "breaking" or "1 spec added" in ran.out


@COMMANDS
def test_a_folder_that_was_a_link_cannot_be_compared(clones: Clones, command: str) -> None:
    (clones.clone / "specs").rename(clones.clone / "real")
    (clones.clone / "specs").symlink_to("real")
    clones.commit({})
    (clones.clone / "specs").unlink()
    (clones.clone / "real").rename(clones.clone / "specs")
    refused(clones.run(command), "a link in that commit")


@COMMANDS
def test_a_folder_above_that_was_a_link_cannot_be_compared(clones: Clones, command: str) -> None:
    clones.git("mv", "specs", "deep")
    (clones.clone / "above").symlink_to(".")
    clones.commit({})
    (clones.clone / "above").unlink()
    (clones.clone / "above").mkdir()
    (clones.clone / "deep").rename(clones.clone / "above/deep")
    refused(clones.run("--specs", "above/deep", command), "above is not a folder in that commit")


@COMMANDS
def test_a_branch_that_is_not_there_is_answered_with_those_that_are(clones: Clones, command: str) -> None:
    clones.cloned()
    ran = clones.run(command, "--against", "main")
    refused(ran, "commit 'main' not found", "master", "origin/master")
    assert "fetch-depth" not in ran.err


def test_before_the_first_commit_there_is_nothing_to_compare_with(clones: Clones) -> None:
    clones.git("checkout", "-q", "--orphan", "new")
    refused(clones.run("diff"), "the repository has no commit")


def test_objects_that_are_damaged_are_said_to_be(clones: Clones) -> None:
    for folder in (clones.clone / ".git/objects").glob("??"):
        for file in folder.iterdir():
            file.chmod(0o600)
            file.write_bytes(b"junk")
    assert clones.run("diff").code == 1


@COMMANDS
def test_without_git_the_hint_is_to_install_it(clones: Clones, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    ran = clones.run(command)
    assert (ran.code, ran.err) == (1, "error: cannot compare with 'HEAD': git was not found in PATH\nhint: install git\n")
