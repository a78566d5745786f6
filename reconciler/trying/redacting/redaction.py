"""A recording without secrets and personal data, which still answers the same requests.

Inside the rows (the items of every list) each string and number is replaced by one of the same form. Around them, short numbers and flags
stay, because the next request is made from them, and addresses keep their host and the parts that the spec has; a token is replaced by the
same made-up string in the answer and in the request. Every other string is replaced, so a wrong `contentPath` does not uncover the rows.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from reconciler.documents.json_text import Json, NotJson, decode, encode
from reconciler.sources.answers.decoding import decoded
from reconciler.sources.answers.jsonpath import Complex, at
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer, Request
from reconciler.sources.source import PAGINATION, Source
from reconciler.trying.cassette import PRIVATE_HEADERS, Exchange, Unrecordable, url_of
from reconciler.trying.redacting.replacements import Replacements
from reconciler.trying.redacting.seen_texts import (
    is_address,
    is_deeper,
    links_of,
    texts_in_rows,
    texts_of_answer,
    texts_of_request,
    texts_outside,
)

_COUNTED: Final = frozenset({"OFFSET", "PAGE"})
"""Types whose requests contain nothing of an answer."""
_PLACEHOLDER: Final = re.compile(r"\$\{\w+\}")
_SHORT_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_CERTAIN_DIGITS: Final = 5
"""A number with fewer digits that is in an envelope and in a row is probably no id."""
_HEADERS: Final = re.compile(
    r"link|retry-after|x-[a-z0-9-]*(?:page|total|count|offset|limit|next|cursor|token|remaining)[a-z0-9-]*"
)
_NEVER_IN_URLS: Final = re.compile(r"[\s<>\"\\^`{|}]")
"""A string with one of these is no address, and what replaces it must not become one."""
_NAMED_HEADER: Final = re.compile(r"headers\.([A-Za-z0-9-]+)")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}(?:\s*;\s*charset=[A-Za-z0-9-]{1,30})?", re.IGNORECASE)
_MAX_LEVELS: Final = 100
_LINKS: Final = frozenset({"next", "prev", "previous", "self", "first", "last"})
"""Words that say which link of a list this is."""


class SecretTexts(Protocol):
    """Replaces secrets in texts, in every form in which they are written."""

    def text(self, text: str) -> str:
        """The text with `${NAME}` in place of each secret."""

    def finds(self, text: str) -> str | None:
        """The name of a secret that this text contains."""


def redacted(exchanges: Sequence[Exchange], source: Source, secrets: SecretTexts) -> tuple[Exchange, ...]:
    """The same calls without secrets and without data of records. Raises Unrecordable for an answer that is nested too deeply."""
    calls = [_without_secrets(number, exchange, secrets) for number, exchange in enumerate(exchanges, start=1)]
    redaction = _Redaction.of(calls, source)
    return tuple(redaction.exchange(call) for call in calls)


def without_secrets(exchanges: Sequence[Exchange], secrets: SecretTexts) -> tuple[Exchange, ...]:
    """The same calls without secrets, but with all data; of an answer that is not JSON, its text. Raises Unrecordable."""
    calls = [_without_secrets(number, exchange, secrets) for number, exchange in enumerate(exchanges, start=1)]
    return tuple(
        Exchange(
            call.request,
            replace(
                call.answer,
                content=call.json if call.is_json else secrets.text(call.answer.content.decode("utf-8", "replace")).encode(),
            ),
        )
        for call in calls
    )


@dataclass(frozen=True, slots=True)
class _Plain:
    """A call without secrets: the request, the answer, and the value of its body if that is JSON."""

    request: Request
    answer: Answer
    body: Json
    is_json: bool
    is_plain: bool = True
    """Whether the JSON is UTF-8 without a byte order mark."""

    @property
    def json(self) -> bytes:
        """The JSON; with a byte order mark for any other encoding, so that a replay relies on the same assumptions."""
        return encode(self.body) if self.is_plain else codecs.BOM_UTF8 + encode(self.body)


def _is_plain(content: bytes) -> bool:
    try:
        decode(content)
    except NotJson:
        return False
    return True


def _without_secrets(number: int, exchange: Exchange, secrets: SecretTexts) -> _Plain:
    request, answer = exchange.request, exchange.answer
    headers = tuple((name.lower(), _header_value(name.lower(), secrets.text(value))) for name, value in request.headers)
    query = [(secrets.text(name), secrets.text(value)) for name, value in request.query]
    sent = Request(request.method, url_of(secrets.text(request.address), query), headers, _hidden(request.body, secrets))
    came = replace(answer, headers={name.lower(): secrets.text(value) for name, value in answer.headers.items()})
    body, reason = decoded(came, Assumptions())
    if reason is not None:
        return _Plain(sent, came, None, is_json=False)
    if is_deeper(body, _MAX_LEVELS):
        hint = "select fewer fields in the spec's request, if the third party can"
        raise Unrecordable(f"answer {number} is nested deeper than {_MAX_LEVELS} levels, and cannot be recorded", hint=hint)
    return _Plain(sent, came, _hidden(body, secrets), is_json=True, is_plain=_is_plain(answer.content))


def _header_value(name: str, value: str) -> str:
    """The value; of a credential only its scheme and the names in it, since a short secret is not recognized in base64."""
    if name not in PRIVATE_HEADERS:
        return value
    scheme, space, _ = value.partition(" ")
    names = ":".join(_PLACEHOLDER.findall(value)) or "***"
    return f"{scheme} {names}" if space and scheme.isalpha() else names


def _hidden(value: Json, secrets: SecretTexts) -> Json:
    if isinstance(value, str):
        return secrets.text(value)
    if isinstance(value, dict):
        return {secrets.text(name): _hidden(item, secrets) for name, item in value.items()}
    return [_hidden(item, secrets) for item in value] if isinstance(value, list) else value


@dataclass(slots=True)
class _Redaction:
    """What is kept, and the numbering of what is not."""

    counted: bool
    """Whether requests contain nothing of an answer."""
    headers: frozenset[str]
    kept: frozenset[str]
    in_envelopes: frozenset[str]
    in_rows: frozenset[str]
    addresses: frozenset[str]
    pointers: frozenset[str]
    """What the answers have in the place of the next address."""
    made: Replacements = field(default_factory=Replacements)

    @classmethod
    def of(cls, calls: Sequence[_Plain], source: Source) -> _Redaction:
        pagination = source.mapping(PAGINATION)
        in_rows = frozenset(text for call in calls for text in texts_in_rows(call.body))
        in_bodies = frozenset(text for call in calls for text in texts_outside(call.body))
        in_envelopes = in_bodies.union(*(call.answer.headers.values() for call in calls))
        named = (_NAMED_HEADER.findall(text) for text in pagination.values() if isinstance(text, str))
        return cls(
            counted=pagination.get("type") in _COUNTED,
            headers=frozenset(name.lower() for names in named for name in names),
            kept=_from_the_spec(calls) | _end_value(pagination.get("endConditionValue")),
            in_envelopes=in_envelopes,
            in_rows=in_rows,
            addresses=frozenset(call.request.url for call in calls[1:]),
            pointers=frozenset(_pointers(calls, pagination.get("pointerPath"))),
            made=Replacements(in_rows | in_envelopes),
        )

    def exchange(self, call: _Plain) -> Exchange:
        return Exchange(self._request(call.request), self._answer(call))

    def _request(self, request: Request) -> Request:
        if self.counted:
            return request
        headers = tuple((name, self._paged(value)) for name, value in request.headers)
        return Request(request.method, self._url(request.url), headers, self._envelope(request.body))

    def _answer(self, call: _Plain) -> Answer:
        answer = call.answer
        headers = {name: self._header(name, text) for name, text in sorted(answer.headers.items()) if self._is_kept(name)}
        return replace(answer, headers=headers, content=self._content(call))

    def _content(self, call: _Plain) -> bytes:
        if call.is_json:
            return replace(call, body=self._envelope(call.body)).json
        content = call.answer.content.strip()
        if not content:
            return b""
        size = f"{len(content)} bytes"
        if content.startswith(b"<"):
            return f"<html>{size}</html>".encode() if b"<html" in content[:200].lower() else f"<!-- {size} -->".encode()
        return f"{{{size}".encode() if content.startswith((b"{", b"[")) else f"({size})".encode()

    def _is_kept(self, name: str) -> bool:
        return name == "content-type" or bool(_HEADERS.fullmatch(name)) or name in self.headers

    def _header(self, name: str, text: str) -> str:
        if name == "content-type":
            found = _MEDIA_TYPE.match(text)
            return found[0] if found else "unknown"
        if name == "link":
            return ", ".join(f'<{self._url(address)}>; rel="{relation}"' for address, relation in links_of(text))
        return self._paged(text)

    def _envelope(self, value: Json) -> Json:
        """A value outside of the rows."""
        if isinstance(value, dict):
            return {self._name(name): self._envelope(value[name]) for name in sorted(value)}
        if isinstance(value, list):
            return [self._row(item) for item in value]
        if isinstance(value, str):
            return self._paged(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value if self._is_count(str(abs(value))) else self.made.integer(value)
        return value

    def _row(self, value: Json) -> Json:
        """A value inside of the rows."""
        if isinstance(value, dict):
            return {self._name(name): self._row(value[name]) for name in sorted(value)}
        if isinstance(value, list):
            return [self._row(item) for item in value]
        if isinstance(value, str):
            return self._row_text(value)
        if isinstance(value, float):
            return self.made.real(value)
        return value if value is None or isinstance(value, bool) else self.made.integer(value)

    def _row_text(self, text: str) -> str:
        if text in _LINKS or _PLACEHOLDER.fullmatch(text):
            return text
        if "/" in text and any(address == text or address.endswith(text) for address in self.addresses):
            return self._url(text)
        return self.made.text(text)

    def _name(self, name: str) -> str:
        return self.made.text(name) if self.made.looks_personal(name) else name

    def _paged(self, text: str) -> str:
        """A text from which a request may be made: the same in the answer and in the request."""
        if text in self.kept or _PLACEHOLDER.fullmatch(text) or self._is_count(text):
            return text
        if is_address(text):
            return self._url(text)
        made = self.made.text(text)
        return f"{made} …" if text in self.pointers and _NEVER_IN_URLS.search(text) and not _NEVER_IN_URLS.search(made) else made

    def _is_count(self, text: str) -> bool:
        if not _SHORT_NUMBER.fullmatch(text):
            return False
        return text not in self.in_rows or (len(text) < _CERTAIN_DIGITS and text in self.in_envelopes)

    def _url(self, url: str) -> str:
        """An address with its parts replaced one by one."""
        try:
            parts = urlsplit(url)
            query = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return self.made.text(url)
        steps = "/".join(quote(self._step(unquote(step)), safe=":@!,;=*~") for step in parts.path.split("/"))
        user, _, host = parts.netloc.rpartition("@")
        host = f"user@{host}" if user else host
        address = parts._replace(netloc=host, path=steps, query="", fragment="").geturl()
        return url_of(address, [(name, self._paged(value)) for name, value in query])

    def _step(self, step: str) -> str:
        return step if not step else self._paged(step)


def _from_the_spec(calls: Sequence[_Plain]) -> frozenset[str]:
    """The texts of requests that were in no answer before: the spec and the values of the proof have them, so they are no data."""
    answered: set[str] = set()
    kept: set[str] = set()
    for call in calls:
        kept |= texts_of_request(call.request) - answered
        answered |= texts_of_answer(call.answer, call.body)
    return frozenset(kept)


def _pointers(calls: Sequence[_Plain], path: Json) -> Iterator[str]:
    for call in calls if isinstance(path, str) else ():
        with suppress(Complex):
            if isinstance(text := at(call.body, path), str):
                yield text


def _end_value(value: Json) -> frozenset[str]:
    return frozenset({value.removeprefix("Const:").strip()}) if isinstance(value, str) else frozenset()
