"""Which page a request asks for, in each style of paging."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.providers.exchange import Asked, Refusal
from reconciler.providers.provider import Limit, Paging, Style, Token

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_CURSOR: Final = re.compile(rb"after:([0-9]{1,18})")
_SAME: Final = "c2Nyb2xs"
"""The one token of an API that remembers the position."""


@dataclass(slots=True)
class Memory:
    """What an API remembers of one run."""

    requests: int = 0
    since_first: int = 0
    """Requests since the first page."""
    scroll: int = 0
    """The next position of a token that stays the same."""


@dataclass(frozen=True, slots=True)
class Page:
    """The records of one page: `size` records from `at`, of `total`."""

    at: int
    size: int
    total: int

    @property
    def end(self) -> int:
        return max(self.at, min(self.at + self.size, self.total))

    @property
    def is_empty(self) -> bool:
        return self.end == self.at

    @property
    def has_more(self) -> bool:
        return self.end < self.total

    @property
    def pages(self) -> int:
        """How many pages of this size there are."""
        return -(-self.total // self.size)


def page_of(paging: Paging, asked: Asked, total: int, memory: Memory) -> Page | Refusal:
    """The page that the request asks for, or why there is none."""
    size = _size(paging.limit, asked, max(total, 1) if paging.style == "none" else None)
    if isinstance(size, Refusal):
        return size
    at = _POSITIONS[paging.style](paging, asked, size, memory)
    if isinstance(at, Refusal):
        return at
    memory.scroll = at + size
    if at < total or at == 0:
        return Page(at, size, total)
    if paging.past_end == "last":
        return Page((total - 1) // size * size if total else 0, size, total)
    if paging.past_end == "empty":
        return Page(at, size, total)
    return Refusal(int(paging.past_end), "there is no such page")


def cursor(at: int) -> str:
    """The opaque name of a position."""
    return base64.b64encode(b"after:%d" % at).decode()


def token_for(token: Token, at: int) -> str:
    """The token of the page that starts at this position."""
    return {"opaque": cursor(at), "number": str(at), "same": _SAME}[token.form]


def _size(limit: Limit, asked: Asked, everything: int | None) -> int | Refusal:
    written = asked.parameter(limit.name) if limit.name is not None else None
    if written is None:
        return limit.default if everything is None else everything
    size = _number(written)
    if size is None or size < 1:
        return Refusal(400, f"{limit.name} must be a number from 1 to {limit.most}")
    if size > limit.most and limit.over == "refuse":
        return Refusal(400, f"{limit.name} must not exceed {limit.most}")
    return min(size, limit.most)


def _by_offset(paging: Paging, asked: Asked, _size: int, _memory: Memory) -> int | Refusal:
    return _from_start(paging, asked.parameter(paging.offset), paging.offset, paging.start or 0)


def _by_page(paging: Paging, asked: Asked, size: int, _memory: Memory) -> int | Refusal:
    at = _from_start(paging, asked.parameter(paging.page), paging.page, 1 if paging.start is None else paging.start)
    return at if isinstance(at, Refusal) else at * size


def _from_start(paging: Paging, written: str | None, name: str, start: int) -> int | Refusal:
    """The number in this parameter, counted from 0."""
    if written is None:
        return 0
    number = _number(written)
    if number is not None and 0 <= number < start and paging.zero == "first":
        return 0
    if number is None or number < start:
        return Refusal(400, f"{name} must be a number from {start}")
    return number - start


def _by_pointer(paging: Paging, asked: Asked, _size: int, _memory: Memory) -> int | Refusal:
    name = paging.next.name if paging.next is not None else "cursor"
    return _decoded(asked.parameter(name), name)


def _by_token(paging: Paging, asked: Asked, _size: int, memory: Memory) -> int | Refusal:
    token = paging.token
    assert token is not None  # noqa: S101  the file has been checked
    written = asked.headers.get(token.name.lower()) if token.place == "header" else asked.parameter(token.name)
    if not written:
        memory.since_first = 0
        return 0
    memory.since_first += 1
    if token.expires_after is not None and memory.since_first > token.expires_after:
        return Refusal(410, f"{token.name} has expired")
    if token.form == "same":
        return memory.scroll if written == _SAME else Refusal(400, f"{token.name} is not a valid token")
    if token.form == "number":
        number = _number(written)
        return Refusal(400, f"{token.name} is not a valid token") if number is None or number < 0 else number
    return _decoded(written, token.name)


def _decoded(written: str | None, name: str) -> int | Refusal:
    """The position that a cursor names; the first without one."""
    if not written:
        return 0
    try:
        found = _CURSOR.fullmatch(base64.b64decode(written.encode(), validate=True))
    except ValueError:
        found = None
    return int(found[1]) if found else Refusal(400, f"{name} is not valid")


def _all(_paging: Paging, _asked: Asked, _size: int, _memory: Memory) -> int | Refusal:
    return 0


def _number(written: str) -> int | None:
    return int(written) if _NUMBER.fullmatch(written) else None


_POSITIONS: Final[Mapping[Style, Callable[[Paging, Asked, int, Memory], int | Refusal]]] = {
    "offset": _by_offset,
    "page": _by_page,
    "pointer": _by_pointer,
    "token": _by_token,
    "none": _all,
}
