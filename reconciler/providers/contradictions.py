"""Keys of a provider file that do not go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import ShapeMistake
from reconciler.providers.provider import Provider, Style

_STYLES: Final[Mapping[str, tuple[Style, ...]]] = {
    "offset": ("offset",),
    "page": ("page",),
    "start": ("offset", "page"),
    "zero": ("offset", "page"),
    "next": ("pointer",),
    "token": ("token",),
    "past_end": ("offset", "page"),
}
"""The styles of paging that use each key; keys that are not here go with any."""


def contradictions(provider: Provider, document: Document) -> tuple[ShapeMistake, ...]:
    """The mistakes in a document that only show when its keys are compared."""
    return (*_unused(provider, document), *_missing(provider), *_twice(provider))


def _unused(provider: Provider, document: Document) -> Iterator[ShapeMistake]:
    style = provider.paging.style
    for key in document.get("paging", {}):
        styles = _STYLES.get(key, (style,))
        if style not in styles:
            message = f"`paging.{key}` has no effect: it is for style {' and '.join(styles)}, and this one is {style}"
            yield _mistake(("paging", key), message, f"remove {key}, or write style: {styles[0]}")


def _missing(provider: Provider) -> Iterator[ShapeMistake]:
    paging = provider.paging
    if paging.style == "token" and paging.token is None:
        yield _mistake(("paging",), "`paging.token` is missing", "write token: {path: next_token, name: token}")
    if paging.style == "pointer" and paging.next is None and not paging.link_header:
        hint = "write next: {path: paging.next}, or link_header: true"
        yield _mistake(("paging",), "`paging.next` is missing, so no page can be reached but the first", hint)


def _twice(provider: Provider) -> Iterator[ShapeMistake]:
    """Two parameters of the same name, or two members of an answer where one would replace the other."""
    seen: dict[str, Segments] = {}
    for path, name in _parameters(provider):
        if name in seen:
            yield _mistake(path, f"{name!r} is the parameter of `{'.'.join(seen[name])}`, too", "give each its own name")
        seen.setdefault(name, path)
    members: dict[str, Segments] = {}
    for path, name in _members(provider):
        if clash := next(
            (other for other in members if f"{other}.".startswith(f"{name}.") or f"{name}.".startswith(f"{other}.")), None
        ):
            yield _mistake(path, f"{name!r} and `{'.'.join(members[clash])}` are in the same place", "give each its own place")
        elif not provider.answer.records:
            hint = "write answer.records: <the member with the records>"
            yield _mistake(path, "an answer that is a list has no members", hint)
        members[name] = path


def _parameters(provider: Provider) -> Iterator[tuple[Segments, str]]:
    paging, window = provider.paging, provider.window
    if paging.limit.name is not None:
        yield ("paging", "limit", "name"), paging.limit.name
    if paging.style in ("offset", "page"):
        yield ("paging", paging.style), paging.offset if paging.style == "offset" else paging.page
    if paging.next is not None:
        yield ("paging", "next", "name"), paging.next.name
    if paging.token is not None and paging.token.place == "query":
        yield ("paging", "token", "name"), paging.token.name
    if window is not None:
        yield from ((("window", key), name) for key, name in (("from", window.start), ("to", window.end)) if name is not None)
    if provider.auth is not None:
        yield from ((("auth", "query", name), name) for name in provider.auth.query)


def _members(provider: Provider) -> Iterator[tuple[Segments, str]]:
    answer, paging = provider.answer, provider.paging
    if answer.records:
        yield ("answer", "records"), answer.records
    for key in ("total", "count", "more", "last", "pages"):
        if (path := getattr(answer, key)) is not None:
            yield ("answer", key), path
    if paging.next is not None:
        yield ("paging", "next", "path"), paging.next.path
    if paging.token is not None:
        yield ("paging", "token", "path"), paging.token.path


def _mistake(path: Segments, message: str, hint: str) -> ShapeMistake:
    return ShapeMistake(path, "bad-value", message, hint)
