"""Spec files of about 8 KB each, the same in every run, with the settings to plan them.

Nothing of the project is imported here: the process that measures stays small, because a child's peak memory is never reported below
that of the process that started it.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = "bench"
REPOSITORY = "acme/bench"
ORG = "BENCH@AdobeOrg"
FULL_SANDBOX = "dev"
EMPTY_SANDBOX = "stage"
PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
CHANGED_EVERY = 50

_SETTINGS = f"""\
version: 1
repository: {REPOSITORY}
default_target: {TARGET}
targets:
  {TARGET}:
    org_id: {ORG}
    sandbox: {FULL_SANDBOX}
safety: {{max_creates: 1000000, max_updates: 1000000, max_detaches: 0}}
"""
_DRAFT_07 = "http://json-schema.org/draft-07/schema#"
_WORDS = ("account", "balance", "campaign", "country", "created", "email", "currency", "device", "invoice", "language", "list")
_TYPES = ("string", "integer", "number", "boolean")
_FIELDS = 52
_PLAIN = re.compile(r"[A-Za-z$/][A-Za-z0-9_$./{} -]*[A-Za-z0-9_}]")
_NOT_TEXT = frozenset({"true", "false", "null"})


def write_repository(folder: Path, count: int) -> str:
    """A git repository with this many specs under `specs/`, committed; the commit."""
    for index in range(count):
        write_spec(folder, index, body(index))
    (folder / "specs/reconciler.yaml").write_text(_SETTINGS)
    _git(folder, "init", "--quiet")
    return commit(folder)


def change_some(folder: Path, count: int) -> int:
    """Edit one spec in fifty, one field each, and commit; how many those are."""
    changed = range(0, count, CHANGED_EVERY)
    for index in changed:
        edited = body(index)
        edited["sourceSpec"]["attributes"]["paginationParams"]["limitValue"] = "250"
        write_spec(folder, index, edited)
    commit(folder)
    return len(changed)


def commit(folder: Path) -> str:
    """Commit everything there, as a made-up person; the commit."""
    _git(folder, "add", "--all")
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@acme.example", "-c", "commit.gpgsign=false", "-c", "gc.auto=0")
    _git(folder, *who, "commit", "--quiet", "--message", "Write specs")
    return _git(folder, "rev-parse", "HEAD").strip()


def write_spec(folder: Path, index: int, spec: dict[str, Any]) -> None:
    """One spec file, in the folder of its key."""
    key = key_of(index)
    file = folder / "specs/sources" / key / "connection-spec.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(yaml_lines({"kind": "ConnectionSpec", "key": key, "spec": spec})) + "\n")


def key_of(index: int) -> str:
    """The key of a spec by its number."""
    return f"source-{index:05}"


def body(index: int) -> dict[str, Any]:
    """A connection spec like the published ones, with a custom schema that makes it 8 KB; another one for each number."""
    pick = random.Random(index)  # noqa: S311 - the same numbers in every run are what is wanted
    fields = {f"{pick.choice(_WORDS)}_{pick.choice(_WORDS)}_{number}": _field(pick) for number in range(_FIELDS)}
    explored = {"format": {"type": "string"}, "data": {"type": "array", "items": {"type": "object"}}}
    return {
        "name": f"Bench source {index}",
        "description": f"Source {index} of the benchmark",
        "type": "generic-rest",
        "providerId": PROVIDER,
        "version": "1.0",
        "attributes": {"uiAttributes": {"apiFeatures": {"explorePaginationSupported": False}}},
        "authSpec": [_auth("OAuth2 Refresh Code", "accessToken"), _auth("Basic Authentication", "username", "password")],
        "sourceSpec": {"attributes": _attributes(index), "schema": {"type": "object", "properties": fields}},
        "exploreSpec": {
            "name": "Resource",
            "type": "Resource",
            "requestSpec": {"$schema": _DRAFT_07, "type": "object"},
            "responseSpec": {"$schema": _DRAFT_07, "type": "object", "properties": explored},
        },
    }


def yaml_lines(value: Any, indent: int = 0) -> Iterator[str]:
    """A mapping or list in block style, as people write it: texts are plain where they can be."""
    pad = " " * indent
    if isinstance(value, dict):
        for key, item in value.items():
            if item and isinstance(item, dict | list):
                yield f"{pad}{_scalar(key)}:"
                yield from yaml_lines(item, indent + 2)
            else:
                yield f"{pad}{_scalar(key)}: {_scalar(item)}"
        return
    for item in value:
        if item and isinstance(item, dict):
            first, *others = yaml_lines(item, indent + 2)
            yield f"{pad}- {first.strip()}"
            yield from others
        else:
            yield f"{pad}- {_scalar(item)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)


def _field(pick: random.Random) -> dict[str, Any]:
    subject, owner = pick.choice(_WORDS), pick.choice(_WORDS)
    return {"type": pick.choice(_TYPES), "title": f"{subject} of the {owner}", "maximum": pick.randrange(10**9)}


def _auth(name: str, *required: str) -> dict[str, Any]:
    properties = {
        field: {"type": "string", "description": f"The {field} of the endpoint", "format": "password"} for field in required
    }
    spec = {"$schema": _DRAFT_07, "type": "object", "properties": properties, "required": list(required)}
    return {"name": name, "type": name.replace(" ", ""), "spec": spec}


def _attributes(index: int) -> dict[str, Any]:
    return {
        "uiAttributes": {"isSource": True, "isPreview": True, "isBeta": True, "label": {"text": f"Bench source {index}"}},
        "urlParams": {"host": "https://bench.acme.example", "path": f"/v1/{key_of(index)}/members", "method": "GET"},
        "contentPath": {"path": "$.members", "skipAttributes": ["_links", "total_items"], "overrideWrapperAttribute": "member"},
        "paginationParams": {"type": "OFFSET", "limitName": "count", "limitValue": "100", "offSetName": "offset"},
        "scheduleParams": {"scheduleStartParamName": "since", "scheduleEndParamName": "until"},
    }


def _git(folder: Path, *arguments: str) -> str:
    command = ("git", "-C", str(folder), *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own arguments
