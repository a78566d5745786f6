"""Where in a text each key and value begins and ends: what marks a finding, and what a mend replaces.

Offsets count characters of the text without its byte order mark; ends are exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from reconciler.documents.json_text import NotJson, decode
from reconciler.documents.pointer import Segments
from reconciler.texts.locate import Syntax
from reconciler.texts.reading import LINE_BREAK, MAX_LEVELS
from reconciler.texts.yaml import Event, TooMany, events

_JSON_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[][{}]|[^\s",:\][{}]+', re.DOTALL)


class _Kind(Enum):
    MAPPING = auto()
    LIST = auto()
    SCALAR = auto()
    END = auto()


class Span(NamedTuple):
    """From a character up to, but not including, another."""

    start: int
    end: int


class _Token(NamedTuple):
    kind: _Kind
    span: Span
    text: str = ""
    is_plain: bool = True
    """Nothing but the value: no alias, anchor or tag."""
    is_flow: bool = False
    anchor: str | None = None
    """The name that it is given, or, of an alias, that it stands for."""
    is_alias: bool = False


@dataclass(slots=True)
class Entry:
    """A key and its value, an item of a list, or the whole document."""

    key: Span | None
    value: Span
    """Of a mapping or list that is not in brackets only where it begins."""
    is_scalar: bool
    is_plain: bool
    is_flow: bool
    """Of a mapping or list: it is written in brackets."""
    children: dict[str, Entry] = field(default_factory=dict)

    def at(self, path: Segments) -> Entry | None:
        """The entry at this path below, None if there is none."""
        entry: Entry | None = self
        for segment in path:
            entry = entry.children.get(segment) if entry else None
        return entry


@dataclass(frozen=True, slots=True)
class Spans:
    """The entries of one text, and its scalars and keys in order: what is a comment stands in none of them."""

    root: Entry | None
    scalars: tuple[Span, ...]


def spans_of(data: bytes, text: str, syntax: Syntax) -> Spans:
    """The spans in a text that can be read; `data` is the same text in bytes."""
    tokens = list(_json_tokens(text) if syntax is Syntax.JSON else _yaml_tokens(data, text))
    root = _Walk(tokens).root
    return Spans(root, tuple(token.span for token in tokens if token.kind is _Kind.SCALAR))


class _Walk:
    """Makes a tree of tokens; a container on the stack has the key that waits for its value, or the next index."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.root: Entry | None = None
        self._open: list[tuple[Entry, bool]] = []
        self._key: _Token | None = None
        self._anchors: dict[str, Entry] = {}
        for token in tokens:
            self._take(token)

    def _take(self, token: _Token) -> None:
        if token.kind is _Kind.END:
            if self._open:
                self._open.pop()
        elif self._open and self._open[-1][1] and self._key is None:
            self._key = token
        else:
            self._put(token)

    def _put(self, token: _Token) -> None:
        key = self._key
        entry = Entry(key.span if key else None, token.span, token.kind is _Kind.SCALAR, token.is_plain, token.is_flow)
        if self._open:
            siblings = self._open[-1][0].children
            siblings.setdefault(key.text if key else str(len(siblings)), entry)
        else:
            self.root = self.root or entry
        self._key = None
        if token.is_alias:
            there = self._anchors.get(token.anchor or "")
            entry.children = there.children if there else {}  # what stands below an alias stands at its anchor
        elif token.anchor is not None:
            self._anchors[token.anchor] = entry
        if token.kind is not _Kind.SCALAR:
            self._open.append((entry, token.kind is _Kind.MAPPING))


def _json_tokens(text: str) -> Iterator[_Token]:
    for found in _JSON_TOKEN.finditer(text):
        raw, span = found[0], Span(*found.span())
        if raw in "{[":
            yield _Token(_Kind.MAPPING if raw == "{" else _Kind.LIST, span, is_flow=True)
        elif raw in "}]":
            yield _Token(_Kind.END, span)
        else:
            yield _Token(_Kind.SCALAR, span, _json_text(raw))


def _json_text(raw: str) -> str:
    if not raw.startswith('"'):
        return raw
    try:
        return str(decode(raw))
    except NotJson:
        return raw[1:-1]


def _yaml_tokens(data: bytes, text: str) -> Iterator[_Token]:
    starts = [
        0,
        *(found.end() for found in LINE_BREAK.finditer(text)),
        len(text),
    ]  # events end behind a last line without a break
    next_event = events(data)
    levels = 0
    with suppress(YAMLError, TooMany, ValueError, OverflowError):  # the reader says what is wrong
        while levels <= MAX_LEVELS:
            event = next_event()
            kind = type(event)
            if kind is StreamEndEvent:
                return
            token = _token_of(event, kind, starts)
            if token:
                levels += (token.kind in {_Kind.MAPPING, _Kind.LIST}) - (token.kind is _Kind.END)
                yield token


def _token_of(event: Event, kind: type, starts: list[int]) -> _Token | None:
    if kind is AliasEvent:
        return _Token(_Kind.SCALAR, _span(event, starts), is_plain=False, anchor=event.anchor, is_alias=True)
    if kind is ScalarEvent:
        is_plain = event.anchor is None and event.ctag is None
        return _Token(_Kind.SCALAR, _span(event, starts), event.value, is_plain, anchor=event.anchor)
    if kind is MappingStartEvent or kind is SequenceStartEvent:
        mapping = _Kind.MAPPING if kind is MappingStartEvent else _Kind.LIST
        is_plain, is_flow = event.anchor is None, bool(event.flow_style)
        return _Token(mapping, _span(event, starts), is_plain=is_plain, is_flow=is_flow, anchor=event.anchor)
    return _Token(_Kind.END, _span(event, starts)) if kind is MappingEndEvent or kind is SequenceEndEvent else None


def _span(event: Event, starts: list[int]) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(starts[start.line] + start.column, starts[end.line] + end.column)
