"""Whether an event starts a workflow: `on`, with the filters of branches, paths and types."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tests.github.runner.events import Event

_TYPES = {"pull_request": ("opened", "synchronize", "reopened"), "pull_request_target": ("opened", "synchronize", "reopened")}


def triggers(workflow: Mapping[str, Any], event: Event, changed: Collection[str] = ()) -> bool:
    """`changed` are the files that the push or pull request changes."""
    written = workflow["on"]
    if not isinstance(written, Mapping):
        written = dict.fromkeys([written] if isinstance(written, str) else written)
    if event.name not in written:
        return False
    filters = written[event.name] or {}
    if not isinstance(filters, Mapping):  # the times of `schedule`
        return event.payload.get("schedule") in [one["cron"] for one in filters]
    types = filters.get("types", _TYPES.get(event.name))
    if types is not None and event.payload.get("action") not in types:
        return False
    branch = event.base_ref or event.ref_name
    return _passes(filters, "branches", [branch]) and _passes(filters, "paths", changed)


def _passes(filters: Mapping[str, Any], name: str, values: Collection[str]) -> bool:
    """At least one value is let in, and is not among those to be ignored."""
    wanted, ignored = filters.get(name), filters.get(f"{name}-ignore")
    if wanted is not None:
        return any(selected(value, wanted) for value in values)
    return ignored is None or any(not selected(value, ignored) for value in values)


def selected(value: str, patterns: Sequence[str]) -> bool:
    """The last pattern that fits decides; one that begins with `!` takes out again."""
    chosen = False
    for pattern in patterns:
        if _regular(pattern.removeprefix("!")).fullmatch(value):
            chosen = not pattern.startswith("!")
    return chosen


def _regular(pattern: str) -> re.Pattern[str]:
    """`**` is anything, `*` anything but `/`; `?`, `+` and `[]` are as in regular expressions."""
    parts = re.split(r"(\*\*/?|\*|\?|\+|\[[^\]]*\]|\\.)", pattern)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if part == "**/":
        return "(?:.*/)?"
    if part == "**":
        return ".*"
    if part == "*":
        return "[^/]*"
    is_kept = part in ("?", "+") or (part.startswith("[") and part.endswith("]")) or part.startswith("\\")
    return part if is_kept else re.escape(part)
