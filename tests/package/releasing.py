"""Check a release before it is built, and write its notes: `python -m tests.package.releasing FOLDER [TAG REPOSITORY]`.

A release needs a tag that names the version, a dated section of CHANGELOG.md for it, and the address of the repository in the
metadata. Without a tag this is a rehearsal: the notes are those of what is unreleased.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from reconciler import __version__
from tests.package.metadata import built_metadata
from tests.package.paths import ROOT
from tests.package.processes import Failed, say


def notes_of(changelog: str, version: str | None) -> str:
    """The section of a version, or with None of what is unreleased. Raises Failed if it is missing, has no date, or is empty."""
    title = "Unreleased" if version is None else version
    found = re.search(rf"^## \[?{re.escape(title)}\]?(?P<date>.*)\n(?P<text>(?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    if found is None:
        raise Failed(f"CHANGELOG.md has no section ## {title}")
    if version is not None and not re.fullmatch(r" - \d{4}-\d{2}-\d{2}", found["date"]):
        raise Failed(f"the section of {version} in CHANGELOG.md has no date: write ## {version} - YYYY-MM-DD")
    if not re.search(r"^- ", found["text"], re.MULTILINE):
        raise Failed(f"the section {title} of CHANGELOG.md is empty")
    return found["text"].strip() + "\n"


def check(tag: str, repository: str, urls: list[str]) -> None:
    """Check that the tag names the version, and that the metadata lead to the repository (OWNER/NAME). Raises Failed."""
    if tag != f"v{__version__}":
        raise Failed(
            f"the tag is {tag}, and the version is {__version__}: set it in reconciler/__init__.py, or tag v{__version__}"
        )
    if f"Repository, https://github.com/{repository}" not in urls:
        raise Failed(f"the metadata do not lead to {repository}: replace OWNER/reconciler in pyproject.toml")


def main(folder: Path, tag: str | None, repository: str) -> None:
    """Check, and write release-notes.md. Raises Failed."""
    if tag:
        check(tag, repository, built_metadata().get_all("Project-URL", []))
    notes = notes_of((ROOT / "CHANGELOG.md").read_text(), __version__ if tag else None)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "release-notes.md").write_text(notes)
    say(f"wrote release-notes.md for {tag or 'a rehearsal'}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]).resolve(), *([*sys.argv[2:], None, ""][:2]))  # type: ignore[arg-type]
    except Failed as error:
        sys.exit(str(error))
