"""The text of an expression to a tree: literals, attributes, calls, `!`, `==`, `!=`, `&&` and `||`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json

MAX_LENGTH: Final = 5_000
MAX_DEPTH: Final = 40
_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<path>(?:\$\{[^{}]+\}|[A-Za-z_@](?:[\w@-]|\\.)*)(?:\.(?:\$\{[^{}]+\}|[\w@-]|\\.)+|\[\d{1,9}\])*)
    | (?P<sign>==|!=|&&|\|\||[!(),])
    )""",
    re.VERBOSE,
)
_WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}
_BINARY: Final[tuple[tuple[str, ...], ...]] = (("||",), ("&&",), ("==", "!="))
"""Operators from the loosest to the tightest."""


class NotInterpreted(ValueError):
    """The expression is valid for all anyone knows, but uses something that is not interpreted here."""


class NotValid(ValueError):
    """The expression cannot be parsed."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number, boolean or null."""

    value: Json


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value of an attribute of the record."""

    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator under its sign, with its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Literal | Attribute | Call


def parse(text: str) -> Node:
    """The tree of an expression. Raises NotValid, or NotInterpreted for an operator outside the subset."""
    if len(text) > MAX_LENGTH:
        raise NotValid(f"the expression is longer than {MAX_LENGTH:,} characters")
    parser = _Parser(_tokens(text))
    tree = parser.operation(0, 0)
    parser.end()
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _TOKEN.match(stripped, position)
        if found is None:
            rest = stripped[position:].strip()[:20]
            if rest[:1] in set("+-*/%<>?:=~[{|&^"):
                raise NotInterpreted(f"the operator at {rest!r} is not interpreted here")
            raise NotValid(f"unexpected text at {rest!r}")
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind]))
        position = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def operation(self, level: int, depth: int) -> Node:
        """Everything that binds at least as tight as the operators of this level."""
        if depth > MAX_DEPTH:
            raise NotValid("the expression is nested too deep")
        if level == len(_BINARY):
            return self._single(depth)
        left, signs = self.operation(level + 1, depth), 0
        while self._sign() in _BINARY[level]:
            sign, signs = self._next()[1], signs + 1
            if signs > MAX_DEPTH:
                raise NotValid("the expression has too many operators in a row")
            left = Call(sign, (left, self.operation(level + 1, depth)))
        return left

    def end(self) -> None:
        """Raise NotValid unless everything was read."""
        if self._at < len(self._tokens):
            raise NotValid(f"unexpected text at {self._tokens[self._at][1][:20]!r}")

    def _single(self, depth: int) -> Node:
        kind, text = self._next()
        if kind == "text":
            return Literal(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if kind == "number":
            return Literal(float(text) if "." in text else int(text))
        if kind == "path":
            return self._named(text, depth)
        if text == "!":
            return Call("!", (self._single(depth + 1) if depth < MAX_DEPTH else self.operation(0, depth + 1),))
        if text == "(":
            inner = self.operation(0, depth + 1)
            self._expect(")")
            return inner
        raise NotValid(f"unexpected {text!r}")

    def _named(self, text: str, depth: int) -> Node:
        if self._sign() == "(":
            self._next()
            return Call(text, self._arguments(depth + 1))
        return Literal(_WORDS[text]) if text in _WORDS else Attribute(text)

    def _arguments(self, depth: int) -> tuple[Node, ...]:
        if self._sign() == ")":
            self._next()
            return ()
        arguments = [self.operation(0, depth)]
        while self._sign() == ",":
            self._next()
            arguments.append(self.operation(0, depth))
        self._expect(")")
        return tuple(arguments)

    def _sign(self) -> str | None:
        if self._at >= len(self._tokens) or self._tokens[self._at][0] != "sign":
            return None
        return self._tokens[self._at][1]

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise NotValid("the expression ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, sign: str) -> None:
        if self._next() != ("sign", sign):
            raise NotValid(f"{sign!r} is missing")
