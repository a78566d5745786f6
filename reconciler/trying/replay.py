"""Answer from a recording. A request that is not in it has no answer, and the difference is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final
from urllib.parse import unquote

from reconciler.documents.canonical import same
from reconciler.documents.json_text import Json, encode
from reconciler.errors import count
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.sources.source import PAGINATION
from reconciler.trying.cassette import PRIVATE_HEADERS, Cassette

_HINT: Final = "if this change is meant, record again: reconciler try {} --record"
_MAX_SHOWN: Final = 80
_MAX_DIFFERENCES: Final = 3


@dataclass(slots=True)
class Replay:
    """A `Fetch` that answers from a recording. Requests are compared without regard to the order of their query and headers.

    A request that was recorded several times is answered in the recorded order, and then from the start again.
    """

    cassette: Cassette
    _recorded: tuple[_Sent, ...] = field(init=False, repr=False)
    _asked: Counter[int] = field(default_factory=Counter, init=False)
    """How often each call was asked for, by its index."""
    _requests: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._recorded = tuple(_Sent.of(exchange.request) for exchange in self.cassette.calls)

    def __call__(self, request: Request) -> Answer | NoAnswer:
        self._requests += 1
        try:
            sent = _Sent.of(request)
        except ValueError:
            return self._not_recorded(f"request {self._requests} has an address that is not valid")
        equal = [index for index, recorded in enumerate(self._recorded) if not _differences(sent, recorded)]
        if not equal:
            return self._not_recorded(self._nearest(sent))
        index = min(equal, key=lambda index: (self._asked[index], index))
        self._asked[index] += 1
        return self.cassette.calls[index].answer

    def unasked(self) -> Finding | None:
        """The finding for recorded calls that nothing asked for: the trial ended earlier than the recording, so it may lose records."""
        left = [index + 1 for index in range(len(self._recorded)) if not self._asked[index]]
        if not left:
            return None
        calls = len(self._recorded)
        message = f"the recording has {count(calls, 'call')}, but {_listed(left)} not requested: the run ends earlier than it did"
        return found("recorded-more", message, self._again(), PAGINATION)

    def _again(self) -> str:
        return _HINT.format(self.cassette.key) + (" --stub" if self.cassette.stub else "")

    def _not_recorded(self, reason: str) -> NoAnswer:
        return NoAnswer("not-recorded", reason, self._again())

    def _nearest(self, sent: _Sent) -> str:
        """How this request differs from the most similar recorded one: preferably the next that was not asked for."""
        near = [(_differences(sent, recorded), index) for index, recorded in enumerate(self._recorded)]
        differences, index = min(near, key=lambda item: (len(item[0]), self._asked[item[1]], item[1]))
        asks, was = zip(*differences[:_MAX_DIFFERENCES], strict=True)
        more = f" ({count(len(differences), 'difference')} in all)" if len(differences) > _MAX_DIFFERENCES else ""
        recorded = f"recorded was {', '.join(was)}"
        if self._asked[index]:
            recorded = f"the recording ends with request {len(self._recorded)}; the most similar was {', '.join(was)}"
        return f"request {self._requests} asks {', '.join(asks)}, {recorded}{more}"


@dataclass(frozen=True, slots=True)
class _Sent:
    """What of a request is compared."""

    method: str
    address: str
    query: Counter[tuple[str, str]]
    headers: dict[str, str]
    body: Json

    @classmethod
    def of(cls, request: Request) -> _Sent:
        headers = {name.lower(): "(secret)" if _is_private(name, value) else value for name, value in request.headers}
        return cls(request.method, unquote(request.address), Counter(request.query), headers, request.body)


def _is_private(name: str, value: str) -> bool:
    """Whether a header is compared by its name only."""
    return name.lower() in PRIVATE_HEADERS or "${" in value


def _differences(sent: _Sent, recorded: _Sent) -> list[tuple[str, str]]:
    """Each difference: what is asked now, and what was recorded."""
    differing = [
        (_shown(now), _shown(then))
        for now, then in ((sent.method, recorded.method), (sent.address, recorded.address))
        if now != then
    ]
    added, gone = sent.query - recorded.query, recorded.query - sent.query
    differing += _by_name([*added.elements()], [*gone.elements()], "=")
    differing += _by_name(_new(sent.headers, recorded.headers), _new(recorded.headers, sent.headers), ": ")
    if not same(sent.body, recorded.body):
        differing.append((f"the body {_body(sent.body)}", f"the body {_body(recorded.body)}"))
    return differing


def _new(headers: dict[str, str], other: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if other.get(name) != value]


def _by_name(added: list[tuple[str, str]], gone: list[tuple[str, str]], sign: str) -> list[tuple[str, str]]:
    """Values of the same name side by side, then the others; what has no counterpart is `no NAME` on the other side."""
    pairs: list[tuple[str, str]] = []
    new, left = list[tuple[str, str]](), list(gone)
    for name, value in added:
        then = next((pair for pair in left if pair[0] == name), None)
        if then is None:
            new.append((name, value))
        else:
            left.remove(then)
            pairs.append((_shown(f"{name}{sign}{value}"), _shown(f"{name}{sign}{then[1]}")))
    for now, then in zip_longest(new, left):
        asks = f"{now[0]}{sign}{now[1]}" if now else f"no {then[0]}"
        was = f"{then[0]}{sign}{then[1]}" if then else f"no {now[0]}"
        pairs.append((_shown(asks), _shown(was)))
    return pairs


def _body(body: Json) -> str:
    return "(none)" if body is None else _shown(encode(body).decode("utf-8", "replace"))


def _shown(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:5])
    if len(numbers) == 1:
        return f"call {shown} was"
    return f"calls {shown}{', …' if len(numbers) > 5 else ''} were"  # noqa: PLR2004 - as many as are shown
