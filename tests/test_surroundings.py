"""Tests run in the same surroundings on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import skips
from tests.surroundings import plain, remove

PROJECT = Path(__file__).parents[1]

THEIRS = {
    "PATH": "/usr/bin",
    "RECONCILER_CLIENT_SECRET": "s3cret",
    "RECONCILER_REFERENCE": "/reference",
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "HTTPS_PROXY": "http://proxy.example",
    "GIT_DIR": "/elsewhere",
    "TZ": "Asia/Kolkata",
    "LC_ALL": "de_DE.UTF-8",
    "NO_COLOR": "1",
    "PYTHONWARNINGS": "ignore",
    "HOME": "/home/jane",
}


def test_of_a_machine_only_its_programs_and_the_reference_are_known() -> None:
    assert plain(THEIRS, "/new") == {
        "PATH": "/usr/bin",
        "RECONCILER_REFERENCE": "/reference",
        "HOME": "/new",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def test_this_process_is_in_plain_surroundings() -> None:
    assert time.tzname == ("UTC", "UTC")
    made_by_programs = {".cache", ".config", ".local", ".npm", ".pki"}
    assert {path.name for path in Path.home().iterdir()} <= made_by_programs
    old = os.umask(0o022)
    assert old == 0o022


def test_git_has_no_configuration_of_the_machine() -> None:
    ran = subprocess.run(["git", "config", "--list", "--show-scope"], capture_output=True, text=True, check=False, cwd="/")  # noqa: S607
    assert ran.stdout == ""


def test_skips_are_counted_by_their_reason_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "skips"
    assert skips.line(skips.noted(file)) == "skipped: 0 tests"
    skips.note(file, ["no chromium"])
    skips.note(file, ["no reference", "no chromium"])
    assert skips.line(skips.noted(file)) == "skipped: 3 tests: 2 because no chromium; 1 because no reference"


SKIPPING = """\
import pytest

@pytest.mark.skipif(True, reason="no chromium")
@pytest.mark.parametrize("number", range(3))
def test_page(number):
    raise AssertionError

def test_server():
    pytest.skip("no node")

def test_other():
    pass
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "workers"])
def test_a_run_counts_each_test_that_it_skips_once(tmp_path: Path, workers: tuple[str, ...]) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_addoption, pytest_terminal_summary\n")
    file = tmp_path / "skips"
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", skips.OPTION, str(file))
    subprocess.run((*command, *workers, str(tmp_path)), cwd=PROJECT, capture_output=True, check=True)  # noqa: S603 - our own words
    assert skips.line(skips.noted(file)) == "skipped: 4 tests: 3 because no chromium; 1 because no node"


@pytest.mark.parametrize(("owner", "is_left"), [(os.getpid(), False), (os.getpid() + 1, True)], ids=["itself", "a fork"])
def test_a_home_folder_is_removed_by_the_process_that_made_it(tmp_path: Path, owner: int, is_left: bool) -> None:
    home = tmp_path / "home"
    (home / ".cache").mkdir(parents=True)
    remove(str(home), owner)
    assert home.exists() is is_left


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "workers"])
def test_a_run_leaves_no_home_folder_behind(tmp_path: Path, workers: tuple[str, ...]) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    (tmp_path / "test_home.py").write_text(
        "from pathlib import Path\n\ndef test_home():\n    Path.home().joinpath('file').touch()\n"
    )
    (tmp_path / "conftest.py").write_text("import tests.conftest\n")
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", *workers, str(tmp_path))
    environ = {**os.environ, "TMPDIR": str(folder)}
    subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, check=True)  # noqa: S603 - our own words
    assert list(folder.glob("reconciler-tests-home-*")) == []
