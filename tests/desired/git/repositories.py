"""Small git repositories, made by hand."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENVIRON = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


@dataclass(frozen=True)
class Repository:
    root: Path

    @classmethod
    def new(cls, root: Path, *options: str) -> "Repository":
        root.mkdir(parents=True)
        repository = cls(root)
        repository.git("init", "--quiet", "--initial-branch=main", *options)
        (root / "specs").mkdir()
        return repository

    @property
    def specs(self) -> Path:
        return self.root / "specs"

    def git(self, *arguments: str, at: int | None = None, committed_at: int | None = None) -> str:
        """What git prints; `at` is the time that it goes by, in seconds since the epoch, and `committed_at` that of a committer alone."""
        times = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": committed_at or at}
        dates = {name: f"@{time} +0000" for name, time in times.items() if time is not None}
        command = ["git", "-C", str(self.root), *arguments]
        done = subprocess.run(command, capture_output=True, check=True, env=ENVIRON | dates)  # noqa: S603
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        for path, text in files.items():
            file = self.specs / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def commit(self, files: Mapping[str, str | None], at: int | None = None) -> str:
        self.write(files)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x", at=at)
        return self.git("rev-parse", "HEAD")
