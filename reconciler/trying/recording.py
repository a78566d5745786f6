"""Record a trial, and write `cassette.jsonl`: small, redacted, and reviewed in a pull request.

The first line of the file is a header; each further line is one call. The same answers give the same bytes: the keys of objects are sorted,
and times are rounded up to a power of ten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Final

from reconciler.documents.json_text import Json, NotJson, decode, encode
from reconciler.errors import count
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.source import Source
from reconciler.trying.cassette import FORMAT_VERSION, KIND, MAX_BYTES, MAX_CALLS, MOMENT, Cassette, Exchange, Unrecordable
from reconciler.trying.cassette_reading import read_cassette
from reconciler.trying.redacting.redaction import SecretTexts, redacted, without_secrets

MOST_HELD: Final = 50_000_000
"""Bytes of all answers of a trial. A recording has much fewer, but of each byte that is replaced only the length may be left."""
_PLACEHOLDER: Final = re.compile(r"%24%7B(\w+)%7D")


@dataclass(slots=True)
class Recorder:
    """A `Fetch` that keeps every request and answer that passes through it."""

    fetch: Fetch
    exchanges: list[Exchange] = field(default_factory=list, repr=False)
    unanswered: list[tuple[int, NoAnswer]] = field(default_factory=list)
    """Requests without an answer: the number of the request, from 1, and why."""
    _size: int = 0
    """Bytes of all answers."""

    def __call__(self, request: Request) -> Answer | NoAnswer:
        """The answer. Raises Unrecordable if all answers together are too many bytes to be kept in memory."""
        answer = self.fetch(request)
        self._size += len(answer.content) if isinstance(answer, Answer) else 0
        if self._size > MOST_HELD:
            message = f"the answers have more than {MOST_HELD:,} bytes, which are too many to be recorded"
            raise Unrecordable(message, hint="request smaller pages (limitValue), or fewer pages: try --record --pages N")
        if isinstance(answer, NoAnswer):
            self.unanswered.append((len(self.exchanges) + len(self.unanswered) + 1, answer))
        else:
            self.exchanges.append(Exchange(request, answer))
        return answer


def cassette_bytes(cassette: Cassette, source: Source, secrets: SecretTexts) -> bytes:
    """The file of a recording, redacted.

    Raises Unrecordable where it cannot be kept: nothing was answered, too large, nested too deeply, or a secret is still in it.
    """
    return _checked(replace(cassette, calls=redacted(cassette.calls, source, secrets), redacted=True), secrets)


def raw_cassette_bytes(cassette: Cassette, secrets: SecretTexts) -> bytes:
    """The file of a recording with all data, for the person who made it: only secrets are left out. Raises Unrecordable."""
    return _checked(replace(cassette, calls=without_secrets(cassette.calls, secrets), redacted=False), secrets)


def _checked(cassette: Cassette, secrets: SecretTexts) -> bytes:
    data = written_cassette(cassette)
    if name := secrets.finds(data.decode()):
        hint = "this is a bug in reconciler: report it, with the spec and without the secret"
        raise Unrecordable(f"the recording would contain the secret {name}, so it was not written", hint=hint)
    again = read_cassette(data, "cassette.jsonl", allow_raw=not cassette.redacted)
    if isinstance(again, tuple):
        hint = "request smaller pages (limitValue), or fewer records"
        raise Unrecordable(f"the recording could not be read again: line {again[0].line}: {again[0].message}", hint=hint)
    return data


def written_cassette(cassette: Cassette) -> bytes:
    """The bytes of the file. Raises Unrecordable if they are too many, or there is nothing to write."""
    if not cassette.calls:
        raise Unrecordable("no request was answered, so there is nothing to record", hint="run try without --record to see why")
    lines = [encode(_header(cassette))]
    lines += [encode(_call(number, exchange)) for number, exchange in enumerate(cassette.calls, start=1)]
    _check_size(lines)
    return b"\n".join(lines) + b"\n"


def _header(cassette: Cassette) -> Json:
    more: dict[str, Json] = {} if cassette.pages is None else {"pages": cassette.pages}
    if cassette.stub:
        more["stub"] = True
    return {
        "format_version": FORMAT_VERSION,
        "kind": KIND,
        "key": cassette.key,
        "spec_digest": cassette.spec_digest,
        "recorded_at": cassette.recorded_at.astimezone(UTC).strftime(MOMENT),
        "redacted": cassette.redacted,
        **more,
    }


def _call(number: int, exchange: Exchange) -> Json:
    request, answer = exchange.request, exchange.answer
    sent: dict[str, Json] = {
        "method": request.method,
        "url": _PLACEHOLDER.sub(r"${\1}", request.address),
        "query": [list(pair) for pair in request.query],
        "headers": dict(sorted(request.headers)),
    }
    if request.body is not None:
        sent["body"] = in_order(request.body)
    came = {"status": answer.status, "headers": dict(sorted(answer.headers.items())), **_body(answer.content)}
    return {"n": number, "request": sent, "answer": came, "ms": _rounded(answer.milliseconds)}


def _body(content: bytes) -> Mapping[str, Json]:
    """`body` for JSON, else `text`: an answer that is not JSON must not become JSON in a replay."""
    try:
        return {"body": in_order(decode(content))}
    except NotJson:
        return {"text": content.decode("utf-8", "replace")}


def in_order(value: Json) -> Json:
    """The same value with the keys of every object sorted."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value)}
    return [in_order(item) for item in value] if isinstance(value, list) else value


def _rounded(milliseconds: int) -> int:
    """Up to a power of ten, so that recording the same answers again gives nearly the same bytes."""
    return 10 ** len(str(milliseconds - 1)) if milliseconds > 1 else max(milliseconds, 0)


def _check_size(lines: Sequence[bytes]) -> None:
    size, fitting = 0, -1
    for line in lines:
        size += len(line) + 1
        fitting += size <= MAX_BYTES
    calls = len(lines) - 1
    if calls > MAX_CALLS:
        fitting = min(fitting, MAX_CALLS)
    elif size <= MAX_BYTES:
        return
    message = f"the recording would have {size:,} bytes in {count(calls, 'call')}; the limit is {MAX_BYTES:,} bytes and {MAX_CALLS:,} calls"
    if fitting < 1:
        raise Unrecordable(message, hint="not even the first call fits: request smaller pages (limitValue), or fewer records")
    raise Unrecordable(
        message, hint=f"{count(fitting, 'call')} would fit: use --pages {fitting}, or a --window with fewer records"
    )
