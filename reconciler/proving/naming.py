"""The names of what a proof makes, so that it is found again without a journal, and told from what somebody else made.

Name and description say the same: `reconciler-proof/<key>/<run>/<step>`, and the run, the repository, the sandbox and the key as one line
of JSON. What is kept for the next proof has no run. A resource is ours only if both agree.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from reconciler.dataflows.resources import Resource
from reconciler.documents.json_text import Document, NotJson, decode, encode, value_at

PREFIX: Final = "reconciler-proof/"

_RUN: Final = re.compile(r"\d{8}T\d{4}-[0-9a-f]{4}", re.ASCII)
_STEP: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_NAME: Final = re.compile(rf"{PREFIX}(?P<key>.+)/(?P<run>[^/]+)/[a-z0-9][a-z0-9_-]*", re.ASCII | re.DOTALL)
_LONGEST: Final = 4_096
"""The longest description that is read, in characters."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A resource that a proof of this repository made in this sandbox; `run` is None for one that is kept."""

    run: str | None
    key: str


def run_name(now: datetime, rng: random.Random) -> str:
    """The name of a run that begins now: its minute in UTC and four random hex digits, such as `20261127T1012-7f3a`."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M}-{rng.getrandbits(16):04x}"


def is_run_name(text: str) -> bool:
    """Whether a string is the name of a run."""
    return began_at(text) is not None


def began_at(run: str) -> datetime | None:
    """The minute in which a run of this name began; None for any other string."""
    if not _RUN.fullmatch(run):
        return None
    try:
        return datetime.strptime(run[:13], "%Y%m%dT%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def name_of(key: str, run: str, step: str) -> str:
    """The name of what a step of a run makes."""
    return f"{PREFIX}{key}/{run}/{step}"


def kept_name(key: str, step: str) -> str:
    """The name of what stays for the next proof of a key."""
    return f"{PREFIX}{key}/{step}"


def description_of(run: str | None, repository: str, sandbox: str, key: str) -> str:
    """The description that goes with a name; `run` is None for what is kept."""
    said: Document = {} if run is None else {"proof": run}
    return encode({"reconciler": said | {"repository": repository, "sandbox": sandbox, "key": key}}).decode()


def may_be_ours(name: str) -> bool:
    """Whether a name is one that a proof gives; only the description tells whose proof."""
    return name.startswith(PREFIX)


def named(name: str) -> Ours | None:
    """Which proof a name says made a resource, and nothing more: anybody can give a name. None for what is kept, too."""
    found = _NAME.fullmatch(name)
    return Ours(found["run"], found["key"]) if found and is_run_name(found["run"]) else None


def ours(resource: Resource, repository: str, sandbox: str) -> Ours | None:
    """Which proof of this repository and sandbox made a resource; None unless its name and its description both say so."""
    said = _said(resource.description)
    key, run = value_at(said, "key"), value_at(said, "proof")
    if (value_at(said, "repository"), value_at(said, "sandbox")) != (repository, sandbox):
        return None
    if not isinstance(key, str) or not key or not (run is None or (isinstance(run, str) and is_run_name(run))):
        return None
    beginning = kept_name(key, "") if run is None else name_of(key, run, "")
    step = resource.name.removeprefix(beginning)
    if not resource.name.startswith(beginning) or not _STEP.fullmatch(step):
        return None
    return Ours(run, key)


def _said(description: str) -> Document:
    """What a description says about a proof; empty for any other description."""
    if len(description) > _LONGEST or "reconciler" not in description:
        return {}
    try:
        said = value_at(decode(description), "reconciler")
    except NotJson:
        return {}
    return said if isinstance(said, dict) else {}
