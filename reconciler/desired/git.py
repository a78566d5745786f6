"""Git, asked without being trusted: nothing of the repository runs, nothing is fetched, nothing is locked, nothing waits for a person."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OPTIONS: Final = (
    "--no-optional-locks",
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "-c",
    "protocol.allow=never",
)
_REDIRECTIONS: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_EXTERNAL_DIFF",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_TRACE",
        "GIT_WORK_TREE",
    }
)
"""What a hook or a wrapper may have set for another repository or index."""
_TIMEOUT_SECONDS: Final = 60.0
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


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


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one folder. `environ` is the environment of the process, less what would lead to another repository."""

    folder: Path
    environ: Mapping[str, str]

    @classmethod
    def at(cls, folder: Path) -> Git:
        """Git in this folder, with this process's environment."""
        return cls(folder, _quiet(os.environ))

    def command(self, arguments: Sequence[str]) -> list[str]:
        """The whole command line."""
        return ["git", "-C", str(self.folder), *_OPTIONS, *arguments]

    def ask(self, *arguments: str, stdin: bytes = b"") -> Answer:
        """What this command answers. Never raises: no git and no repository are answers too."""
        try:
            done = subprocess.run(  # noqa: S603 — no shell, and only checked object names and options get here
                self.command(arguments), input=stdin, capture_output=True, env=self.environ, timeout=_TIMEOUT_SECONDS, check=False
            )
        except (OSError, subprocess.SubprocessError) as error:
            return Answer(None, b"", str(error))
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())


def is_commit_name(text: str) -> bool:
    """Whether this is a whole object name, SHA-1 or SHA-256, and so nothing that git takes for an option or a range."""
    return bool(_COMMIT.fullmatch(text))


def _quiet(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if name not in _REDIRECTIONS}
    return kept | {
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
    }
