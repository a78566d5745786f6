"""Links to a line of a file at the commit of a report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from reconciler.github.event import COMMIT, REPOSITORY


@dataclass(frozen=True, slots=True)
class RepositoryLinks:
    """URLs of files in reports. `blobs` is the URL of the tree at the commit, without a trailing slash."""

    blobs: str
    environ: Mapping[str, str]

    def __call__(self, file: str, line: int | None) -> str | None:
        """The URL of this line; None for a file outside the repository."""
        path = path_in_repository(self.environ, file)
        return None if path is None else f"{self.blobs}/{quote(path, errors='replace')}" + (f"#L{line}" if line else "")


def path_in_repository(environ: Mapping[str, str], file: str) -> str | None:
    """The path of a file relative to the repository's root; None if it is outside.

    The root is that of the checkout that contains the file; without a checkout it is the workspace.
    """
    folder = Path.cwd()
    found = Path(os.path.normpath(folder / file))
    checkout = next((parent for parent in found.parents if (parent / ".git").exists()), None)
    root = checkout or Path(environ.get("GITHUB_WORKSPACE") or folder).resolve()
    relative = os.path.relpath(found, root)
    return None if relative.startswith("..") else Path(relative).as_posix()


def links_of(environ: Mapping[str, str], commit: str | None) -> RepositoryLinks | None:
    """The links of a GitHub Actions run, at this commit or else the runner's; None outside of GitHub Actions."""
    server, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
    at = commit or environ.get("GITHUB_SHA", "")
    if urlsplit(server).scheme not in ("http", "https") or not REPOSITORY.fullmatch(repository) or not COMMIT.fullmatch(at):
        return None
    return RepositoryLinks(f"{server}/{repository}/blob/{at}", environ)
