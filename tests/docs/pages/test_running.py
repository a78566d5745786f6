"""What the runner finds in a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages.commands import invoked
from tests.docs.pages.reading import scenes
from tests.docs.pages.running import differences


def found(block: str, folder: Path) -> list[str]:
    (scene,) = scenes("page.md", f"<!-- console: empty -->\n{block}")
    return list(differences(scene, folder, folder / "never"))


def test_a_command_that_prints_something_else_is_shown_with_what_it_prints(tmp_path: Path) -> None:
    assert found("```console\n$ echo a\nb\n$ echo c\nc\n```\n", tmp_path) == ["page.md:1: $ echo a\na\n"]


def test_a_command_without_shown_output_that_fails_is_found(tmp_path: Path) -> None:
    assert found("```sh\nfalse\n```\n", tmp_path) == ["page.md:1: $ false\nfailed\n"]
    assert found("```sh\necho a\n```\n", tmp_path / "other") == []


def test_a_block_with_cd_is_one_shell(tmp_path: Path) -> None:
    assert found("```console\n$ mkdir a\n$ cd a\n$ basename $PWD\na\n```\n", tmp_path) == []


def test_a_server_is_stopped_with_its_scene(tmp_path: Path) -> None:
    shown = "$ reconciler emulator\nFlow Service, emulated: http://127.0.0.1:4010/data/foundation/flowservice\n…\n"
    assert found(f"```console\n{shown}```\n", tmp_path) == []


def test_a_server_that_prints_something_else_and_ends_is_found(tmp_path: Path) -> None:
    (line,) = found("```console\n$ reconciler emulator --set nonsense=1\nserving\n```\n", tmp_path)
    assert "nonsense" in line


@pytest.mark.parametrize(
    "command", ["git status", "reconciler plan | head", "reconciler plan *.yaml", "reconciler plan $KEY", "a=b reconciler plan"]
)
def test_what_a_shell_has_to_read_is_left_to_a_shell(command: str, tmp_path: Path) -> None:
    assert invoked(command, tmp_path, {}) is None


def test_the_exit_code_is_shown_where_a_page_asks_for_it(tmp_path: Path) -> None:
    printed = invoked('reconciler plan --nonsense; echo "exit code $?"', tmp_path, {"PATH": "/usr/bin:/bin"})
    assert printed is not None
    assert printed.endswith("exit code 1\n")
