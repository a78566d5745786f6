"""The completion scripts in the shells themselves: bash, zsh and fish, at a terminal and by their own functions."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

INSTALLED: Final = Path(sys.executable).parent
LONGEST: Final = 60
"""Seconds that a shell may take before a test fails."""
START: Final = {
    "bash": (
        ("bash", "--noprofile", "--norc", "-i"),
        "bind 'set enable-bracketed-paste off'; source <(reconciler completion bash)",
    ),
    "zsh": (("zsh", "-f", "-i"), "autoload -Uz compinit; compinit -D -u; source <(reconciler completion zsh)"),
    "fish": (("fish", "--private", "--interactive"), "reconciler completion fish | source"),
}
_CONTROLS: Final = re.compile(r"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[=>78])")

SETTINGS = "version: 1\nrepository: acme/s\ndefault_target: local\ntargets: {local: {emulator: a.db}, staging: {sandbox: dev}}\n"


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a plan and a journal, and a program of the name of ours that nobody may run."""
    for path, text in {
        "specs/reconciler.yaml": SETTINGS,
        "specs/sources/mail-members/connection-spec.yaml": "kind: ConnectionSpec\n",
        "specs/sources/crm/connection-spec.yaml": "key: mail-orders\n",
        ".reconciler/journal/20260102T000000Z-local.jsonl": "",
        "the-plan.json": "{}",
        "notes.txt": "",
        "home/.hushlogin": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    planted = tmp_path / "reconciler"
    planted.write_text("#!/bin/sh\ntouch planted-ran\n")
    planted.chmod(0o755)
    return tmp_path


def surroundings(home: Path) -> dict[str, str]:
    path = f"{INSTALLED}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if name.startswith(("COV_", "COVERAGE_"))}
    return {"PATH": path, "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8", "PS1": "$ ", **kept}


class Terminal:
    """A shell at a terminal of 200 columns. What it prints is read until it is what a test waits for."""

    def __init__(self, master: int) -> None:
        self._master = master
        self._shown = ""

    def type(self, text: str) -> None:
        self._shown = ""
        os.write(self._master, text.encode())

    def wait_for(self, pattern: str) -> str:
        end = time.monotonic() + LONGEST
        while not re.search(pattern, self.text):
            assert select.select([self._master], [], [], max(0, end - time.monotonic()))[0], self.text
            self._shown += os.read(self._master, 65_536).decode(errors="replace")
            if "\x1b[c" in self._shown or "\x1b[0c" in self._shown:  # fish asks what terminal it is
                self._shown = self._shown.replace("\x1b[0c", "").replace("\x1b[c", "")
                os.write(self._master, b"\x1b[?62c")
        return self.text

    @property
    def text(self) -> str:
        return _CONTROLS.sub("", self._shown)


@contextmanager
def terminal(shell: str, repository: Path) -> Iterator[Terminal]:
    command, setup = START[shell]
    child, master = pty.fork()
    if child == 0:
        os.chdir(repository)
        os.execvpe(command[0], command, surroundings(repository / "home"))  # noqa: S606 - a shell is what is tested
    try:
        found = Terminal(master)
        found.type(f"stty cols 200 rows 50; {setup}; echo rea''dy\n")
        found.wait_for(r"\bready\r?\n")
        yield found
    finally:
        os.close(master)
        os.waitpid(child, 0)


@pytest.mark.parametrize("shell", START)
def test_a_tab_completes_at_a_terminal(shell: str, repository: Path) -> None:
    needs(shell)
    with terminal(shell, repository) as at:
        at.type("reconciler val\t")
        at.wait_for("reconciler validate ")
        at.type("--form\t")
        at.wait_for("--format ")
        at.type("sar\t")
        at.wait_for("sarif ")
        at.type("\x15reconciler --target sta\t")
        at.wait_for("staging ")
        at.type("drift --target=lo\t")
        at.wait_for("local ")
        at.type("\x15reconciler plan mail-\t\t")
        at.wait_for(r"(?s)mail-members.*mail-orders")
        at.type("\x15reconciler restore .rec\t")
        at.wait_for(r"20260102T000000Z-local\.jsonl ")
        at.type("\x15reconciler apply --plan the\t")
        at.wait_for(r"the-plan\.json ")
    assert not (repository / "planted-ran").exists()


def offered(shell: str, line: str, repository: Path) -> list[str]:
    """What the shell offers at the end of this line, by its own functions."""
    words = line.split(" ")
    script = {
        "bash": f"source <(reconciler completion bash); COMP_WORDS=({' '.join(word or repr('') for word in words)}); "
        f"COMP_CWORD={len(words) - 1}; _reconciler_completion; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        "fish": f"reconciler completion fish | source; complete -C {line!r}",
    }[shell]
    command = [*START[shell][0][:-1], "-c", script]
    run = subprocess.run(  # noqa: S603 - a shell is what is tested
        command,
        cwd=repository,
        env=surroundings(repository / "home"),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert run.stderr == ""
    return [line.partition("\t")[0] for line in run.stdout.splitlines() if line]


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_the_functions_of_a_shell_offer_what_fits(shell: str, repository: Path) -> None:
    needs(shell)
    assert offered(shell, "reconciler pl", repository) == ["plan"]
    assert offered(shell, "reconciler drift mail-", repository) == ["mail-members", "mail-orders"]
    plans = {name.rstrip("/") for name in offered(shell, "reconciler show ", repository)}
    assert plans - {".reconciler"} == {"home", "specs", "the-plan.json"}
    assert offered(shell, "reconciler nosuch ", repository) == []


@pytest.mark.parametrize("shell", START)
def test_the_script_is_valid_in_its_shell(shell: str) -> None:
    needs(shell)
    script = subprocess.run(  # noqa: S603
        [INSTALLED / "reconciler", "completion", shell], capture_output=True, check=True, timeout=LONGEST
    ).stdout
    checked = subprocess.run([shell, "-n"], input=script, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_nothing_is_printed_but_answers_where_the_repository_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    os.mkfifo(tmp_path / "specs/reconciler.yaml")
    for words in (["--target", ""], ["plan", ""], ["--specs", "/nosuch", "plan", ""], ["\x1b[31m"]):
        run = subprocess.run(  # noqa: S603
            [INSTALLED / "reconciler", *words],
            cwd=tmp_path,
            env={**surroundings(tmp_path), "_RECONCILER_COMPLETE": "bash"},
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
        assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
