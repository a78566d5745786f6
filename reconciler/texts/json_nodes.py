"""The nodes of a JSON document, and every mistake in it.

This is the slow way to read JSON: for documents with mistakes, and for positions.
"""

from __future__ import annotations

from contextlib import suppress
from math import isfinite
from typing import Final, NoReturn

import msgspec

from reconciler.documents.json_text import Json
from reconciler.texts.json_tokens import JsonFault, Part, Token, tokens
from reconciler.texts.nodes import Entry, Node, Shape, Span, value_of
from reconciler.texts.reading import MAX_DIGITS, MAX_LEVELS, MAX_MISTAKES, MAX_PARTS, Lines, Mistake, too_many_parts

SYNTAX_HINT: Final = "JSON has no comments, no single quotes and no trailing commas"
_WORDS: Final = {"null": None, "true": True, "false": False}
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})


class _Stop(Exception):
    """Reading cannot continue; its mistake is already recorded."""


class JsonNodes:
    """A parsed JSON document: its nodes, its mistakes in order, and whether it was read to its end."""

    def __init__(self, text: str) -> None:
        self.root = Node(Shape.SCALAR, 0, 0, 0)
        self.mistakes: list[Mistake] = []
        self.is_whole = False
        self._text = text
        self._lines = Lines(text)
        self._open: list[tuple[Node, set[str]]] = []
        """The open collections, each with its keys so far."""
        self._key: tuple[str | None, Span | None] = (None, None)
        with suppress(_Stop):
            self._read()
            self.is_whole = True

    def value(self) -> Json:
        """The value; None if the document was not read to its end, since parts may be missing."""
        return value_of(self.root, {}) if self.is_whole else None

    def _read(self) -> None:
        try:
            for count, (part, token) in enumerate(tokens(self._text), 1):
                if count > MAX_PARTS:
                    self.mistakes.append(too_many_parts(self._lines.position(token.start())))
                    raise _Stop
                self._take(part, token)
        except JsonFault as fault:
            if not fault.reason:
                self._stop(fault.offset, "empty", "the file is empty", "add content, or remove the file")
            self._refuse(fault.offset, fault.reason)

    def _take(self, part: Part, token: Token) -> None:
        start, end = token.span()
        if part is Part.KEY:
            self._take_key(token)
        elif part is Part.SCALAR:
            self._put(Node(Shape.SCALAR, start, end, start, value=self._scalar(token)))
        elif part is Part.END:
            self._open.pop()[0].end = end
        else:
            if len(self._open) >= MAX_LEVELS:
                message = f"nesting is deeper than {MAX_LEVELS} levels"
                self._stop(start, "too-deep", message, "no spec is that deep: look for stray brackets")
            node = Node(Shape.MAPPING if token[0] == "{" else Shape.SEQUENCE, start, end, start, flow=True)
            self._put(node)
            self._open.append((node, set()))

    def _take_key(self, token: Token) -> None:
        key, known = self._string(token), self._open[-1][1]
        if key in known:
            message = f"the key {key[:80]!r} is written twice in this object"
            self._note(token.start(), "duplicate-key", message, "remove one of them")
        known.add(key)
        self._key = (key, Span(*token.span()))

    def _put(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1][0]
        key, name = self._key if parent.shape is Shape.MAPPING else (None, None)
        parent.entries.append(Entry(key, name, name.start if name else node.start, node.start, node))

    def _scalar(self, token: Token) -> Json:
        if token["string"] is not None:
            return self._string(token)
        if token["number"] is not None:
            return self._number(token)
        if token[0] in _WORDS:
            return _WORDS[token[0]]
        if token[0] not in _NOT_FINITE:
            self._refuse(token.start(), f"{token[0][:40]!r} is not a valid value")
        self._note(token.start(), "scalar", f"{token[0]} is not a valid JSON number", "write a number, or a quoted string")
        return None

    def _number(self, token: Token) -> Json:
        if not token["part"] and len(token[0].lstrip("-")) > MAX_DIGITS:
            message = f"an integer of {len(token[0]):,} digits is too long"
            self._note(token.start(), "scalar", message, "write it as a quoted string")
            return None
        number = float(token[0]) if token["part"] else int(token[0])
        if isinstance(number, float) and not isfinite(number):
            message = f"{token[0][:40]} is too large to be sent exactly"
            self._note(token.start(), "scalar", message, "write it as a quoted string")
            return None
        return number

    def _string(self, token: Token) -> str:
        if "\\" not in token[0]:
            return token[0][1:-1]
        try:
            return msgspec.json.decode(token[0], type=str)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            message = "invalid escape in this string: an unknown letter, or half of a surrogate pair"
            self._note(token.start(), "escape", message, "write the character itself, or \\\\ for a backslash")
            return token[0][1:-1]

    def _refuse(self, offset: int, message: str) -> NoReturn:
        self._stop(offset, "syntax", f"not valid JSON: {message}", SYNTAX_HINT)

    def _note(self, offset: int, code: str, message: str, hint: str) -> None:
        self.mistakes.append(Mistake(code, message, *self._lines.position(offset), hint=hint))
        if len(self.mistakes) >= MAX_MISTAKES:
            raise _Stop

    def _stop(self, offset: int, code: str, message: str, hint: str) -> NoReturn:
        self._note(offset, code, message, hint)
        raise _Stop
