"""Requests and answers as values: what a spec sends to the third party, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from reconciler.documents.json_text import Json

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values in order; a name may occur more than once."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the third party. It contains secrets, so it is shown and stored only through a redactor.

    `url` is sent exactly as it is, including its query: a third party may have signed it.
    """

    method: str
    url: str = field(repr=False)
    headers: Pairs = field(default=(), repr=False)
    body: Json = field(default=None, repr=False)
    """The JSON body of a POST; None for no body."""

    @property
    def query(self) -> Pairs:
        """The decoded query parameters, in order, with repeated names."""
        return tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def address(self) -> str:
        """The URL without its query and fragment."""
        return urlsplit(self.url)._replace(query="", fragment="").geturl()


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, whatever its status. Header names are in lower case; repeated headers are joined with `, `."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    """The body, decompressed."""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why a request has no answer. `code` is that of a finding, such as `no-answer`, `host-refused` or `not-recorded`."""

    code: str
    reason: str
    hint: str | None = None
    milliseconds: int = 0


Fetch: TypeAlias = Callable[[Request], Answer | NoAnswer]
"""Sends one request, or answers it from a recording or a stub."""
