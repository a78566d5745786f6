"""A provider that answers: the checks, faults and pages of one endpoint, in the order in which real APIs apply them."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.providers.exchange import Asked, Refusal, Reply, asked_of
from reconciler.providers.positions import Memory, Page, page_of
from reconciler.providers.provider import ANY, Auth, Provider
from reconciler.providers.rendering import answered, made_up, refused
from reconciler.providers.times import Span, selected, span_of
from reconciler.sources.messages import Answer, NoAnswer, Request

_PLACEHOLDER: Final = re.compile(r"\$\{[A-Za-z0-9_.-]+\}")
_REMEMBERED: Final = 4
"""Time ranges whose records are remembered."""


class Stub:
    """One endpoint with its records. It has no network and never waits; faults and expiring tokens depend on what was asked before.

    With `placeholders`, a credential such as `${NAME}` is accepted in the place of any: it stands for a secret that is not at hand.
    """

    def __init__(self, provider: Provider, rows: Sequence[Json], *, placeholders: bool = False) -> None:
        self.provider = provider
        self._rows = rows
        self._placeholders = placeholders
        self._path = _pattern(provider.path)
        self._memory = Memory()
        self._selections: dict[Span, Sequence[int]] = {}

    @property
    def pattern(self) -> str:
        """The path as an expression: two providers with the same one cannot be served together."""
        return self._path.pattern

    @property
    def summary(self) -> str:
        """What the endpoint has, in a few words, such as `237 records, paging by offset`."""
        count, style = len(self._rows), self.provider.paging.style
        return f"{count:,} record{'' if count == 1 else 's'}, {'one page' if style == 'none' else f'paging by {style}'}"

    def serves(self, path: str) -> bool:
        """Whether this decoded path is the one of the provider."""
        return self._path.fullmatch(path) is not None

    def forget(self) -> None:
        """Begin a new run: the next request is the first."""
        self._memory = Memory()

    def answer(self, request: Request) -> Answer | NoAnswer:
        """The answer, at once."""
        return self.reply(request).at_once()

    def reply(self, request: Request) -> Reply:
        """The answer, and what happens on its way."""
        asked = asked_of(request)
        if asked is None:
            return Reply(refused(self.provider, Refusal(400, "the address is not valid"), request.method))
        if not self.serves(asked.path):
            return Reply(refused(self.provider, Refusal(404, f"there is no {asked.path[:200]} here"), asked.method))
        self._memory.requests += 1
        fault = next((one for one in self.provider.faults if one.is_due(self._memory.requests)), None)
        if fault is not None and fault.reset:
            return Reply(None, fault.delay)
        if fault is not None and (fault.status is not None or fault.body is not None):
            return Reply(made_up(self.provider, fault, asked.method), fault.delay)
        return Reply(self._answer(asked), fault.delay if fault is not None else 0.0)

    def _answer(self, asked: Asked) -> Answer:
        provider = self.provider
        refusal = _wrong_method(provider, asked) or _unauthorized(provider.auth, asked, placeholders=self._placeholders)
        span = refusal or span_of(provider.window, asked)
        if isinstance(span, Refusal):
            return refused(provider, span, asked.method)
        chosen = self._chosen(span)
        page = page_of(provider.paging, asked, len(chosen), self._memory)
        if isinstance(page, Refusal):
            return refused(provider, page, asked.method)
        return answered(provider, asked, page, self._records(chosen, page))

    def _chosen(self, span: Span) -> Sequence[int]:
        if span not in self._selections:
            while len(self._selections) >= _REMEMBERED:
                del self._selections[next(iter(self._selections))]
            self._selections[span] = selected(self.provider.window, span, self._rows)
        return self._selections[span]

    def _records(self, chosen: Sequence[int], page: Page) -> list[Json]:
        moved = self.provider.records.moving * (self._memory.requests - 1)
        if not moved and isinstance(chosen, range):
            part = chosen[page.at : page.end]
            return list(self._rows[part.start : part.stop])
        if not moved:
            return [self._rows[index] for index in chosen[page.at : page.end]]
        return [self._rows[chosen[(place - moved) % page.total]] for place in range(page.at, page.end)]


def _pattern(path: str) -> re.Pattern[str]:
    parts = ("[^/]+" if segment.startswith("{") else re.escape(segment) for segment in path.split("/"))
    return re.compile("/".join(parts))


def _wrong_method(provider: Provider, asked: Asked) -> Refusal | None:
    allowed = ("GET", "HEAD") if provider.method == "GET" else (provider.method,)
    if asked.method in allowed:
        return None
    return Refusal(405, f"{asked.method[:20]} is not allowed here", {"allow": ", ".join(allowed)})


def _unauthorized(auth: Auth | None, asked: Asked, *, placeholders: bool) -> Refusal | None:
    if auth is None:
        return None

    def fits(wanted: str, given: str | None) -> bool:
        is_stand_in = placeholders and given is not None and _PLACEHOLDER.search(given) is not None
        return bool(given) and (wanted in (ANY, given) or is_stand_in)

    scheme, _, credential = asked.headers.get("authorization", "").partition(" ")
    wanted = [(value, asked.headers.get(name.lower())) for name, value in auth.header.items()]
    wanted += [(value, asked.parameter(name)) for name, value in auth.query.items()]
    if auth.bearer is not None:
        wanted.append((auth.bearer, credential if scheme.lower() == "bearer" else None))
    if auth.basic is not None:
        username, password = _basic(credential) if scheme.lower() == "basic" else (None, None)
        wanted += [(auth.basic.username, username), (auth.basic.password, password)]
    if all(fits(*pair) for pair in wanted):
        return None
    challenge = {"www-authenticate": "Basic"} if auth.basic else {"www-authenticate": "Bearer"} if auth.bearer else {}
    return Refusal(401, "the credentials are missing or wrong", challenge)


def _basic(credential: str) -> tuple[str | None, str | None]:
    try:
        username, colon, password = base64.b64decode(credential.encode(), validate=True).decode().partition(":")
    except ValueError:
        return None, None
    return (username, password) if colon else (None, None)
