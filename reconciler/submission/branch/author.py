"""Who makes the commit: the variables that git reads, else the user's own configuration, which is read and not run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconciler.disk import read_regular
from reconciler.errors import UsageError

_MOST_BYTES: Final = 100_000
_SECTION: Final = re.compile(r"^\s*\[\s*([^\]\s]+)\s*\]", re.IGNORECASE)
_ENTRY: Final = re.compile(r"^\s*(name|email)\s*=\s*(.*?)\s*$", re.IGNORECASE)
_UNFIT: Final = re.compile(r"[\x00-\x1f<>]")


def author_of(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of the author and the committer. Raises UsageError if nobody is named."""
    own = _configured(environ)
    name = environ.get("GIT_AUTHOR_NAME") or own.get("name", "")
    email = environ.get("GIT_AUTHOR_EMAIL") or own.get("email", "")
    if not name.strip() or not email.strip() or _UNFIT.search(name + email):
        raise UsageError(
            "the author of the commit is unknown", hint="export GIT_AUTHOR_NAME='Ada Lovelace' GIT_AUTHOR_EMAIL=ada@example.com"
        )
    dates = {variable: environ[variable] for variable in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE") if environ.get(variable)}
    return {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_COMMITTER_NAME": environ.get("GIT_COMMITTER_NAME") or name,
        "GIT_COMMITTER_EMAIL": environ.get("GIT_COMMITTER_EMAIL") or email,
    } | dates


def _configured(environ: Mapping[str, str]) -> dict[str, str]:
    """`user.name` and `user.email` of the user's own configuration; what it includes is not read."""
    home = environ.get("HOME", "")
    places = [Path(environ.get("XDG_CONFIG_HOME") or f"{home}/.config") / "git/config", Path(home) / ".gitconfig"] if home else []
    found: dict[str, str] = {}
    for file in places:
        try:
            text = read_regular(file, _MOST_BYTES).decode()
        except (OSError, UnicodeDecodeError):
            continue
        found |= _user(text)
    return found


def _user(text: str) -> dict[str, str]:
    section, found = "", {}
    for line in text.splitlines():
        head = _SECTION.match(line)
        section = head[1].lower() if head else section
        entry = _ENTRY.match(line)
        if entry and section == "user":
            found[entry[1].lower()] = entry[2].strip('"')
    return found
