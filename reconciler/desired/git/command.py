"""Git as a reader of objects: the one place where it is started, and nothing of the repository can run there.

Git never sees the repository's own folder. It is given one that is made here, with a configuration of ours, and is pointed at the objects
alone: so there is no configuration, attribute, hook or filter of the repository to obey, no remote to fetch from, and no owner to distrust.
Its environment is built from nothing, and has no credential. The program is looked for in absolute folders outside of the work tree.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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
_HEAD: Final = "ref: refs/heads/none\n"
_CONFIG: Final = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = {}\n"
_FORMATS: Final = {40: "sha1", 64: "sha256"}
"""Object formats by the length of a name."""
_TIMEOUT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a git command said; `code` is None where git could not be run, or did not end."""

    code: int | None
    output: bytes
    error: str

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def text(self) -> str:
        """The output without the line's end."""
        return self.output.decode("utf-8", "replace").strip()


class Git:
    """Git on the objects of one repository. Its private folder is made with the first command, and removed with this object.

    `path` has the folders that programs are looked for in, as the variable PATH has them.
    """

    def __init__(self, checkout: Checkout | None, path: str) -> None:
        self._checkout = checkout
        self._folders: list[str] = []
        self._program: str | None = None
        if checkout:
            # what lies inside of the work tree came with the repository
            folders = [folder for folder in path.split(os.pathsep) if folder.startswith("/")]
            self._folders = [folder for folder in folders if not _is_inside(folder, checkout.top)]
            programs = [f"{folder}/git" for folder in self._folders]
            self._program = next((program for program in programs if _is_program(program, checkout.top)), None)
        self._private: Path | None = None

    @classmethod
    def at(cls, folder: Path) -> Git:
        """Git for the repository that holds this folder, with this process's programs. Without a repository no command is answered."""
        try:
            checkout = find_checkout(folder)
        except NoCheckout:
            checkout = None
        return cls(checkout, os.environ.get("PATH", os.defpath))

    @property
    def is_installed(self) -> bool:
        return self._program is not None

    def ask(self, *arguments: str, stdin: bytes = b"", index: bool = False) -> Answer:
        """What this command answers, with the work tree's index or without one. Never raises: no git and no repository are answers too."""
        try:
            command, environ, folder = self._prepared(arguments)
            if index and self._checkout:
                environ["GIT_INDEX_FILE"] = str(self._checkout.git_dir / "index")
            done = subprocess.run(  # noqa: S603 — no shell, and only checked object names and options get here
                command, input=stdin, capture_output=True, env=environ, cwd=folder, timeout=_TIMEOUT_SECONDS, check=False
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return Answer(None, b"", str(error))
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command that is asked through its pipes. Raises OSError where it cannot be started."""
        command, environ, folder = self._prepared(arguments)
        pipe = subprocess.PIPE
        return subprocess.Popen(  # noqa: S603 — no shell, fixed arguments
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environ, cwd=folder
        )

    def _prepared(self, arguments: Sequence[str]) -> tuple[list[str], dict[str, str], Path]:
        """The command line, the environment and the folder of a command. Raises OSError without a program or a repository."""
        if self._checkout is None or self._program is None:
            raise FileNotFoundError("git is not installed" if self._checkout else "there is no git repository")
        if self._private is None:
            self._private = _private_folder(self._checkout)
            weakref.finalize(self, shutil.rmtree, self._private, ignore_errors=True)
        private = str(self._private)
        environ = _ENVIRON | {
            "PATH": os.pathsep.join(self._folders),
            "HOME": private,
            "XDG_CONFIG_HOME": private,
            "TMPDIR": private,
            "GIT_DIR": private,
            "GIT_OBJECT_DIRECTORY": str(self._checkout.objects),
        }
        return [self._program, f"--git-dir={private}", *_OPTIONS, *arguments], environ, self._private


def _private_folder(checkout: Checkout) -> Path:
    """What git takes for the repository: no refs, a configuration of ours, and where the history is cut off."""
    folder = Path(tempfile.mkdtemp(prefix="reconciler-git-"))
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text(_HEAD)
    (folder / "config").write_text(_CONFIG.format(_FORMATS[len(Refs(checkout).head() or "0" * 40)]))
    shallow = shallow_commits(checkout)
    if shallow is not None:
        (folder / "shallow").write_bytes(shallow)
    return folder


def _is_program(file: str, top: Path) -> bool:
    return Path(file).is_file() and os.access(file, os.X_OK) and not _is_inside(file, top)


def _is_inside(path: str, top: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(top)
