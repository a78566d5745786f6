"""One request as the endpoint reads it, and its answer before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from reconciler.sources.messages import Answer, NoAnswer, Pairs, Request


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, taken apart. Header names are in lower case."""

    method: str
    address: str
    """The URL without its query."""
    path: str
    """The decoded path."""
    query: Pairs
    headers: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    """The scalar members of a JSON body, as strings."""

    @property
    def url(self) -> str:
        """The URL with its query, encoded again."""
        return f"{self.address}?{urlencode(self.query)}" if self.query else self.address

    def parameter(self, name: str) -> str | None:
        """The parameter in the query, the last one if it is repeated, or else in the body."""
        given = [value for key, value in self.query if key == name]
        return given[-1] if given else self.fields.get(name)

    def url_with(self, name: str, value: str, without: frozenset[str] = frozenset()) -> str:
        """The URL with this query parameter in the place of one of the same name, and without some others."""
        pairs = [pair for pair in self.query if pair[0] != name and pair[0] not in without]
        return f"{self.address}?{urlencode([*pairs, (name, value)])}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer without records: an error, or 204."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the API does with a request. `answer` is None if the connection ends without one; `delay` is in seconds, before the answer."""

    answer: Answer | None
    delay: float = 0.0

    def at_once(self) -> Answer | NoAnswer:
        """The same without a network: nothing waits, the time that it would take is in the answer."""
        milliseconds = round(self.delay * 1000)
        if self.answer is None:
            hint = "the provider file resets this connection: see its `faults`"
            return NoAnswer("no-answer", "the connection was closed without an answer", hint, milliseconds)
        return Answer(self.answer.status, self.answer.headers, self.answer.content, milliseconds)


def asked_of(request: Request) -> Asked | None:
    """The parts of a request; None if its URL is not valid."""
    try:
        parts = urlsplit(request.url)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return None
    members = request.body.items() if isinstance(request.body, dict) else ()
    return Asked(
        request.method,
        f"{parts.scheme}://{parts.netloc}{parts.path}",
        unquote(parts.path),
        query,
        {name.lower(): value for name, value in request.headers},
        {name: str(value) for name, value in members if isinstance(value, str | int | float) and not isinstance(value, bool)},
    )
