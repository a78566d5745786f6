"""What a clone says about its remote: the repository's name, its host, and the default branch. Read from files; nothing is run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from reconciler.desired.git.checkout import NoCheckout, find_checkout, read_small
from reconciler.sdk.patterns import OWNER

_LONGEST: Final = 1_000_000
_SECTION: Final = re.compile(r'\s*\[\s*remote\s+"(?P<name>[^"]*)"\s*\]\s*')
_URL: Final = re.compile(r"\s*url\s*=\s*(?P<url>\S+)\s*")
_SCP: Final = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:]+):(?!/)(?P<path>.+)")
_BRANCH: Final = re.compile(r"ref: refs/(?:heads|remotes/origin)/(?P<name>[A-Za-z0-9][A-Za-z0-9._/-]{0,199})\s*")


@dataclass(frozen=True, slots=True)
class Remote:
    """The remote of a clone; None for what it does not say. `top` is the root of the work tree."""

    top: Path | None = None
    repository: str | None = None
    """`owner/name`."""
    host: str | None = None
    branch: str | None = None
    """The default branch of the remote, or else the branch that is checked out."""


def remote_of(folder: Path) -> Remote:
    """The remote `origin` of the clone that this folder is in, or its only remote. Never raises: nothing of it is relied on."""
    try:
        checkout = find_checkout(folder)
    except NoCheckout:
        return Remote()
    urls = _urls((read_small(checkout.common_dir / "config", _LONGEST) or b"").decode("utf-8", "replace"))
    url = urls.get("origin") or (next(iter(urls.values())) if len(urls) == 1 else None)
    host, repository = _parts(url or "")
    places = (checkout.common_dir / "refs/remotes/origin/HEAD", checkout.git_dir / "HEAD")
    heads = (_BRANCH.fullmatch((read_small(place, _LONGEST) or b"").decode("utf-8", "replace")) for place in places)
    return Remote(checkout.top, repository, host, next((head["name"] for head in heads if head), None))


def _urls(config: str) -> dict[str, str]:
    """The first URL of each remote."""
    urls: dict[str, str] = {}
    remote = None
    for line in config.splitlines():
        if "[" in line and line.lstrip().startswith("["):
            section = _SECTION.fullmatch(line)
            remote = section["name"] if section else None
        elif remote is not None and (found := _URL.fullmatch(line)):
            urls.setdefault(remote, found["url"])
    return urls


def _parts(url: str) -> tuple[str | None, str | None]:
    """Host and `owner/name` of a URL, or of git's short form; a user or token in it is left out."""
    try:
        parts = urlsplit(url) if "://" in url else None
        host, path = (parts.hostname, parts.path) if parts else (None, "")
    except ValueError:
        return None, None
    if parts is None and (short := _SCP.fullmatch(url)):
        host, path = short["host"], short["path"]
    name = path.strip("/").removesuffix(".git")
    return host, name if host and re.fullmatch(OWNER, name) else None
