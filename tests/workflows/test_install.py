"""What the actions install with: uv, else pip; and what is said if neither can."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.workflows.reusable import PROJECT

SCRIPT: Final = PROJECT / ".github/actions/setup/install.sh"
PYTHON: Final = """\
#!/bin/sh
# An installation without an index: what is asked of python3, and of the environments that it makes.
echo "python3 $*" >> {calls}
case "$*" in
  "-I -m venv "*) mkdir -p "$4/bin" "$4/site" && cp "$0" "$4/bin/python" ;;
  *"import sysconfig"*) echo "$(dirname "$0")/../site" ;;
  *" pip "*--target*) {tool} ;;
  *" pip "*) {pip} ;;
esac
"""
UV: Final = """\
#!/bin/sh
echo "uv $*" >> {calls}
case "$*" in
  --version) ;;
  *" venv "*) {venv} ;;
  *) {install} ;;
esac
"""
FAILS: Final = "echo 'no route to the index' >&2; exit 2"
IN_THE_LAST: Final = 'for last; do :; done; mkdir -p "$last/bin" "$last/site" && cp {python} "$last/bin/python"'


class Machine:
    """A machine with these programs before all others, and the calls that they got."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin, self.calls = folder, folder / "bin", folder / "calls"
        self.bin.mkdir()
        self.python()

    def python(self, pip: str = "exit 0", tool: str = FAILS) -> None:
        self._program("python3", PYTHON.format(calls=shlex.quote(str(self.calls)), pip=pip, tool=tool))

    def uv(self, venv: str | None = None, install: str = "exit 0") -> None:
        made = IN_THE_LAST.format(python=shlex.quote(str(self.bin / "python3")))
        self._program("uv", UV.format(calls=shlex.quote(str(self.calls)), venv=venv or made, install=install))

    def install(self) -> subprocess.CompletedProcess[str]:
        command = ["/bin/sh", str(SCRIPT), str(self.folder / "venv"), str(self.folder / "cache")]
        environ = {"PATH": f"{self.bin}:{Path('/bin')}:{Path('/usr/bin')}", "HOME": str(self.folder)}
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=self.folder)  # noqa: S603

    def called(self, *words: str) -> bool:
        return any(all(word in line.split() for word in words) for line in self.calls.read_text().splitlines())

    @property
    def has_the_command(self) -> bool:
        return os.access(self.folder / "venv/bin/reconciler", os.X_OK)

    def _program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if sys.platform == "win32":
        pytest.skip("the actions run on Linux")
    return Machine(tmp_path)


def test_uv_installs_what_is_locked_and_pip_is_not_asked(machine: Machine) -> None:
    machine.uv()
    done = machine.install()
    assert (done.returncode, done.stdout, done.stderr, machine.has_the_command) == (0, "", "", True)
    assert machine.called("uv", "pip", "install", "--require-hashes", "--no-build")
    assert not machine.called("python3", "pip")
    assert (machine.folder / "venv/site/reconciler/cli/entry.py").is_file()


@pytest.mark.parametrize("step", ["venv", "install"])
def test_pip_installs_where_uv_fails(machine: Machine, step: str) -> None:
    machine.uv(**{step: FAILS})
    done = machine.install()
    assert (done.returncode, machine.has_the_command) == (0, True), done.stderr
    assert "uv could not install, so pip does" in done.stdout
    assert machine.called("python3", "pip", "install", "--require-hashes")


def test_pip_installs_where_uv_cannot_be_had(machine: Machine) -> None:
    done = machine.install()
    assert (done.returncode, machine.has_the_command) == (0, True), done.stderr
    assert "uv could not install, so pip does" in done.stdout


def test_an_index_that_neither_reaches_is_an_error_that_says_what_to_check(machine: Machine) -> None:
    machine.uv(install=FAILS)
    machine.python(pip=FAILS)
    done = machine.install()
    assert (done.returncode, machine.has_the_command) == (1, False)
    assert done.stdout.splitlines()[-1] == (
        "::error::cannot install reconciler: neither uv nor pip could install the packages in requirements.lock. "
        "Check that the runner reaches a Python package index (UV_DEFAULT_INDEX, PIP_INDEX_URL, HTTPS_PROXY) and has Python 3.11 or newer"
    )
    assert "no route to the index" in done.stderr
