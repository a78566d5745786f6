"""Requests in few words: the first whole, each further one as what differs from the request before it."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import encode
from reconciler.errors import count
from reconciler.trying.report import ShownCall

LONGEST: Final = 300
"""Maximum number of characters of a URL or body in a list of requests."""
_QUIET_HEADERS: Final = frozenset({"accept", "user-agent", "content-type"})


def whole(call: ShownCall) -> str:
    """The method and the URL."""
    return f"{call.method} {call.url}"


def brief(before: ShownCall, call: ShownCall) -> str:
    """What this request has that the one before it has not: `… offset=100`."""
    address, _, query = before.url.partition("?")
    other, _, other_query = call.url.partition("?")
    if (before.method, address) != (call.method, other):
        return cut(whole(call))
    earlier, later = query.split("&"), other_query.split("&")
    added = [pair for pair in later if pair and pair not in earlier]
    names = {pair.partition("=")[0] for pair in later}
    removed = [pair.partition("=")[0] for pair in earlier if pair and pair.partition("=")[0] not in names]
    added += [f"{name}: {value}" for name, value in call.headers if (name, value) not in before.headers]
    said = ["…", "&".join(added)] if added else ["…"]
    said += [f"without {', '.join(removed)}"] if removed else []
    said += [f"body {encode(call.body).decode()}"] if call.body != before.body else []
    return cut(" ".join(said)) if len(said) > 1 else "… the same request again"


def headers_of(call: ShownCall) -> list[str]:
    """The headers worth a line, which are all but those that every request has, and the body."""
    lines = [f"{name}: {value}" for name, value in call.headers if name.lower() not in _QUIET_HEADERS]
    return lines if call.body is None else [*lines, cut(f"body {encode(call.body).decode()}")]


def answer_of(call: ShownCall) -> tuple[str, str, str]:
    """Status, time and records of an answer, as cells; with a note on a request that no run makes."""
    status = "no answer" if call.status is None else str(call.status)
    records = "" if call.records is None else count(call.records, "record")
    return status, f"{call.milliseconds:,} ms", f"{records} (probe)".lstrip() if call.is_probe else records


def cut(text: str, limit: int = LONGEST) -> str:
    """The text, cut to this many characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
