"""One call to an endpoint: who calls, for which repository, with which fields; and its answer, page by page where it is a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.github.api.hub import Hub
from tests.github.api.records import Identity, Repository
from tests.github.api.refusals import Refusal, invalid, not_accessible

TYPES: Mapping[type, str] = {str: "a string", int: "an integer", dict: "an object", list: "an array", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in. `base` is the API's address; `tail` is the path below the repository."""

    hub: Hub
    identity: Identity
    base: str
    path: Mapping[str, Any]
    tail: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    repository: Repository

    def need(self, level: str, *permissions: str) -> None:
        """One of these permissions must be held. Raises `Refusal` (403)."""
        if not any(self.identity.may(permission, level) for permission in permissions):
            raise not_accessible("; ".join(f"{permission}={level}" for permission in permissions))

    def fields(self, **types: tuple[type, ...]) -> dict[str, Any]:
        """The body, which may hold these fields and no others, each of one of its types. Raises `Refusal` (422)."""
        for name, value in self.body.items():
            if name not in types:
                raise invalid(f'"{name}" is not a permitted key.')
            if type(value) not in types[name]:
                raise invalid(f"For 'properties/{name}', {value!r} is not {' or '.join(TYPES[one] for one in types[name])}.")
        return dict(self.body)

    def parameters(self, *known: str) -> None:
        """The query may hold these parameters: another one of GitHub's would be without effect here, which no test should rest on."""
        for name in self.query:
            if name not in (*known, "per_page", "page"):
                raise Refusal(501, f"The fake has no query parameter {name!r} here; teach it, or do not send it.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answers: JSON, a status, and further headers."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Endpoint = Callable[[Call], Answer]


def pages(call: Call, rows: Sequence[Any], wrap: Callable[[Sequence[Any]], Any] = list) -> Answer:
    """One page of the rows: 30, or `per_page` up to 100, with GitHub's `Link`, whose addresses name the repository by its id."""
    size = min(_positive(call.query.get("per_page"), 30), 100)
    page = _positive(call.query.get("page"), 1)
    last = max(1, -(-len(rows) // size))
    relations = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    kept = {
        name: number
        for name, number in relations.items()
        if (number < page) == (name in ("prev", "first")) and 0 < number <= last
    }
    links = ", ".join(f'<{_address(call, number)}>; rel="{name}"' for name, number in kept.items() if number != page)
    return Answer(wrap(rows[(page - 1) * size : page * size]), headers={"link": links} if links else {})


def _address(call: Call, page: int) -> str:
    query = urlencode({**call.query, "page": page})
    return f"{call.base}/repositories/{call.repository.id}/{call.tail}?{query}"


def _positive(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else default
