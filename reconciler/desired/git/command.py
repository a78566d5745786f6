"""Runs git to read and write objects. This is the only module that starts git, and nothing from the repository is executed.

Git never sees the repository's own git folder. It uses a private one with its own configuration that points only to the object store.
So no configuration, attributes, hooks or filters of the repository apply, no remote can be fetched from, and no owner has to be trusted.
Its environment is built from scratch and has no credentials. The program is searched for in absolute folders outside the work tree.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from reconciler.desired.git.checkout import Checkout, NoCheckout, find_checkout
from reconciler.desired.git.refs import Refs, shallow_commits

_OPTIONS: Final = ("--no-optional-locks", "--no-pager", "--no-replace-objects", "--literal-pathspecs")
_ENVIRON: Final = {
    "LANG": "C",
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_HEAD: Final = b"ref: refs/heads/none\n"
_CONFIG: Final = b"[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = %s\n"
_FORMATS: Final = {40: b"sha1", 64: b"sha256"}
"""Object formats by the length of an object name."""
_TIMEOUT_SECONDS: Final = 60.0
_PROGRAM: Final = "git.exe" if os.name == "nt" else "git"
_SYSTEM: Final = {name: os.environ[name] for name in ("SYSTEMROOT",) if os.name == "nt" and name in os.environ}
"""Without it, no program starts on Windows."""


class Answer(msgspec.Struct, frozen=True):
    """The result of a git command; `code` is None if git could not be run or did not finish."""

    code: int | None
    output: bytes
    error: str

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def text(self) -> str:
        """The output as a string, without surrounding whitespace."""
        return self.output.decode("utf-8", "replace").strip()


class Installed(msgspec.Struct, frozen=True):
    """The git program, and the folders in which it finds others. Nothing is in the work tree, whose files may come from a pull request."""

    program: str | None = None
    folders: tuple[str, ...] = ()

    @classmethod
    def outside(cls, checkout: Checkout | None, path: str) -> Installed:
        """What these folders have outside the work tree; `path` is in the format of the PATH variable."""
        if checkout is None:
            return cls()
        absolute = [folder for folder in path.split(os.pathsep) if os.path.isabs(folder)]  # noqa: PTH117 - a Path costs time
        folders = tuple(folder for folder in absolute if not _is_inside(folder, checkout.top))
        programs = (f"{folder}/{_PROGRAM}" for folder in folders)
        return cls(next((program for program in programs if _is_program(program, checkout.top)), None), folders)


class Git:
    """Git on the objects of one repository. The private folder is created by the first command and removed with this object."""

    def __init__(self, checkout: Checkout | None, installed: Installed) -> None:
        self._checkout = checkout
        self._installed = installed
        self._private: Path | None = None

    @classmethod
    def at(cls, folder: Path) -> Git:
        """Git for the repository that contains this folder, with this process's PATH. Without a repository every command fails."""
        try:
            checkout = find_checkout(folder)
        except NoCheckout:
            checkout = None
        return cls(checkout, Installed.outside(checkout, os.environ.get("PATH", os.defpath)))

    @property
    def is_installed(self) -> bool:
        return self._installed.program is not None

    def ask(self, *arguments: str, stdin: bytes = b"", index: bool = False, more: Mapping[str, str] | None = None) -> Answer:
        """Run this command, with or without the work tree's index. Never raises: without git or a repository the result is a failure.

        `more` are variables besides those that every command has, such as the author of a commit.
        """
        try:
            command, variables, folder = self._prepared(arguments)
            variables |= more or {}
            if index and self._checkout:
                variables["GIT_INDEX_FILE"] = str(self._checkout.git_dir / "index")
            done = subprocess.run(  # noqa: S603 — no shell, and only checked object names and options get here
                command, input=stdin, capture_output=True, env=variables, cwd=folder, timeout=_TIMEOUT_SECONDS, check=False
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return Answer(None, b"", str(error))
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command that is driven through its pipes. Raises OSError if it cannot be started."""
        command, environ, folder = self._prepared(arguments)
        pipe = subprocess.PIPE
        return subprocess.Popen(  # noqa: S603 — no shell, fixed arguments
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environ, cwd=folder
        )

    def _prepared(self, arguments: Sequence[str]) -> tuple[list[str], dict[str, str], Path]:
        """The command line, environment and folder of a command. Raises OSError without a program or a repository."""
        if self._checkout is None or self._installed.program is None:
            raise FileNotFoundError("git is not installed" if self._checkout else "there is no git repository")
        if self._private is None:
            self._private = _private_folder(self._checkout)
            weakref.finalize(self, shutil.rmtree, self._private, ignore_errors=True)
        private = str(self._private)
        environ = (
            _ENVIRON
            | _SYSTEM
            | {
                "PATH": os.pathsep.join(self._installed.folders),
                "HOME": private,
                "XDG_CONFIG_HOME": private,
                "TMPDIR": private,
                "GIT_DIR": private,
                "GIT_OBJECT_DIRECTORY": str(self._checkout.objects),
            }
        )
        return [self._installed.program, f"--git-dir={private}", *_OPTIONS, *arguments], environ, self._private


def _private_folder(checkout: Checkout) -> Path:
    """The git folder that git sees: no refs, a fixed configuration, and the shallow boundary of the history."""
    folder = Path(tempfile.mkdtemp(prefix="reconciler-git-"))
    (folder / "refs").mkdir()
    (folder / "HEAD").write_bytes(_HEAD)
    (folder / "config").write_bytes(_CONFIG % _FORMATS[len(Refs(checkout).head() or "0" * 40)])
    shallow = shallow_commits(checkout)
    if shallow is not None:
        (folder / "shallow").write_bytes(shallow)
    return folder


def _is_program(file: str, top: Path) -> bool:
    return Path(file).is_file() and os.access(file, os.X_OK) and not _is_inside(file, top)


def _is_inside(path: str, top: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(top)
