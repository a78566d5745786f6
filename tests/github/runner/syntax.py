"""The syntax of expressions: text in, a tree out. Operators bind as GitHub documents: `!`, then `< <= > >=`, `== !=`, `&&`, `||`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.]))
      | (?P<string>'(?:[^']|'')*')
      | (?P<name>[A-Za-z_][\w-]*)
      | (?P<sign>&&|\|\||==|!=|<=|>=|[<>!().,*\[\]])
    )""",
    re.VERBOSE,
)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "nan": float("nan"), "infinity": float("inf")}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))


class InvalidExpression(Exception):
    """An expression for which GitHub refuses the workflow as a whole: bad syntax, or a name that is not known there."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it is written."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A context."""

    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """A property or an element; without a key, `.*`."""

    of: Node
    key: Node | None


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one operand (`!`) or two."""

    sign: str
    operands: tuple[Node, ...]


Node: TypeAlias = Literal | Name | Item | Call | Operation


def parse(text: str) -> Node:
    """Raises `InvalidExpression`."""
    reader = _Reader(text)
    node = reader.binary(0)
    if reader.sign is not None:
        raise reader.unexpected()
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    match node:
        case Item(of, key):
            below = [of] if key is None else [of, key]
        case Call(_, some) | Operation(_, some):
            below = list(some)
        case _:
            below = []
    for one in below:
        yield from walk(one)


class _Reader:
    """Reads tokens one by one. `kind` and `sign` are those of the current one; at the end both are None."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.kind: str | None = None
        self.sign: str | None = None
        self._next()

    def unexpected(self) -> InvalidExpression:
        return InvalidExpression(f"unexpected {self.sign or 'end'!r} before position {self._at} in: {self._text}")

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self.binary(level + 1)
        while self.kind == "sign" and self.sign in _LEVELS[level]:
            sign = self._take()
            node = Operation(sign, (node, self.binary(level + 1)))
        return node

    def _unary(self) -> Node:
        if self._skip("!"):
            return Operation("!", (self._unary(),))
        node = self._primary()
        while self.kind == "sign" and self.sign in (".", "["):
            node = self._property(node) if self._take() == "." else self._element(node)
        return node

    def _property(self, node: Node) -> Node:
        if self._skip("*"):
            return Item(node, None)
        if self.kind != "name":
            raise self.unexpected()
        return Item(node, Literal(self._take()))

    def _element(self, node: Node) -> Node:
        key = None if self._skip("*") else self.binary(0)
        self._expect("]")
        return Item(node, key)

    def _primary(self) -> Node:
        if self._skip("("):
            node = self.binary(0)
            self._expect(")")
            return node
        kind, text = self.kind, self.sign or ""
        if kind not in ("number", "string", "name"):
            raise self.unexpected()
        self._next()
        if kind == "string":
            return Literal(text[1:-1].replace("''", "'"))
        if kind == "number":
            return Literal(number(text))
        if self._skip("("):
            return Call(text, self._arguments())
        return Literal(_WORDS[text.lower()]) if text.lower() in _WORDS else Name(text)

    def _arguments(self) -> tuple[Node, ...]:
        if self._skip(")"):
            return ()
        arguments = [self.binary(0)]
        while self._skip(","):
            arguments.append(self.binary(0))
        self._expect(")")
        return tuple(arguments)

    def _skip(self, sign: str) -> bool:
        if self.kind != "sign" or self.sign != sign:
            return False
        self._next()
        return True

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            raise self.unexpected()

    def _take(self) -> str:
        text = self.sign or ""
        self._next()
        return text

    def _next(self) -> None:
        match = _TOKEN.match(self._text, self._at)
        if match is None and self._text[self._at :].strip():
            raise InvalidExpression(f"unexpected symbol at position {self._at} in: {self._text}")
        self.kind = match.lastgroup if match else None
        self.sign = match[match.lastgroup] if match and match.lastgroup else None
        self._at = match.end() if match else len(self._text)


def number(text: str) -> float:
    """A number as expressions write it: decimal, with an exponent, `0x` or `0o`."""
    digits = text.lstrip("+-")
    if digits[:2] in ("0x", "0o"):
        return float(int(text, 0))
    return float(text)
