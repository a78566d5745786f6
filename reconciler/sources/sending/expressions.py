"""The expressions `@{…}` of Azure Data Factory in a request, as far as they can be evaluated without the service.

Known are strings, numbers, `true`, `false`, `null`, `pipeline()?.parameters?.NAME`, and the functions in `FUNCTIONS`. Anything else raises
`NotInterpreted`: it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json, encode

MAX_LENGTH: Final = 4_000
"""Maximum number of characters of an expression."""
MAX_DEPTH: Final = 30
"""Maximum number of nested calls."""
START: Final = "@{"
_ESCAPED: Final = "@@{"
"""Data Factory's way to write `@{` itself."""
_OPENING: Final = re.compile(r"@@\{|@\{")
_QUOTED_OR_END: Final = re.compile(r"'[^']*'|\}|'")
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>-?[0-9]{1,18}(?:\.[0-9]{1,18})?(?![\w.]))"
    r"|(?P<name>[A-Za-z_]\w{0,100})|(?P<sign>\?\.|[().,]))\s*"
)
_CONSTANTS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}


class NotInterpreted(ValueError):
    """An expression cannot be evaluated; the message says why."""


class Malformed(NotInterpreted):
    """An expression is not written as Data Factory requires, whatever its functions are."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, a number, true, false or null."""

    value: Json


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the ingestion pipeline."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Term, ...]


Term: TypeAlias = Literal | Parameter | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """One `@{…}`, parsed."""

    term: Term


def parts(text: str) -> Iterator[str | Expression]:
    """The text before, between and after expressions, and the expressions. Raises NotInterpreted."""
    at = 0
    while found := _OPENING.search(text, at):
        yield text[at : found.start()]
        if found[0] == _ESCAPED:
            yield START
            at = found.end()
            continue
        end = _end(text, found.end())
        yield parsed(text[found.end() : end])
        at = end + 1
    yield text[at:]


def _end(text: str, start: int) -> int:
    """The index of the brace that closes the expression whose content begins at `start`."""
    for found in _QUOTED_OR_END.finditer(text, start, start + MAX_LENGTH + 1):
        if found[0] == "}":
            return found.start()
        if found[0] == "'":
            break
    if len(text) - start > MAX_LENGTH:
        raise NotInterpreted(_too_long())
    raise Malformed("it has no closing brace")


def _too_long() -> str:
    return f"it is longer than {MAX_LENGTH:,} characters"


def parsed(content: str) -> Expression:
    """The expression between `@{` and `}`. Raises NotInterpreted."""
    if len(content) > MAX_LENGTH:
        raise NotInterpreted(_too_long())
    reader = _Reader(_tokens(content))
    term = reader.term(0)
    if reader.now[0] != "end":
        raise Malformed(f"{reader.now[1][:40]!r} follows a complete value")
    return Expression(term)


def _tokens(content: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(content):
        token = _TOKEN.match(content, at)
        if token is None:
            raise NotInterpreted(f"{content[at : at + 20].strip()!r} is not understood")
        kind = token.lastgroup or ""
        found.append((kind, token[kind]))
        at = token.end()
    return [*found, ("end", "")]


@dataclass(slots=True)
class _Reader:
    tokens: list[tuple[str, str]]
    at: int = 0

    @property
    def now(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def take(self, *wanted: str) -> str:
        """The next token, which must be one of these."""
        kind, text = self.now
        if text not in wanted or kind == "string":
            raise Malformed(f"{wanted[0]!r} was expected" + (f" instead of {text[:40]!r}" if text else " at the end"))
        self.at += 1
        return text

    def term(self, depth: int) -> Term:
        if depth > MAX_DEPTH:
            raise NotInterpreted(f"it is nested deeper than {MAX_DEPTH} calls")
        kind, text = self.now
        if kind in ("end", "sign"):
            raise Malformed(f"a value was expected instead of {text!r}" if text else "a value was expected at the end")
        self.at += 1
        if kind == "string":
            return Literal(text[1:-1].replace("''", "'"))
        if kind == "number":
            return Literal(float(text) if "." in text else int(text))
        name = text.lower()
        if name in _CONSTANTS and self.now[1] != "(":
            return Literal(_CONSTANTS[name])
        return self._parameter() if name == "pipeline" else self._call(name, depth)

    def _parameter(self) -> Parameter:
        for wanted in (("(",), (")",), ("?.", ".")):
            self.take(*wanted)
        if self.now[1] != "parameters":
            raise NotInterpreted("of pipeline() only the parameters are known")
        self.at += 1
        self.take("?.", ".")
        kind, name = self.now
        if kind != "name":
            raise Malformed("pipeline().parameters has no name of a parameter")
        self.at += 1
        return Parameter(name)

    def _call(self, name: str, depth: int) -> Call:
        if name not in FUNCTIONS:
            raise NotInterpreted(f"'{name[:40]}' is not one of the functions {', '.join(FUNCTIONS)}")
        self.take("(")
        arguments: list[Term] = []
        if self.now[1] != ")":
            arguments.append(self.term(depth + 1))
            while self.now == ("sign", ","):
                self.at += 1
                arguments.append(self.term(depth + 1))
        self.take(")")
        least, most, _ = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise Malformed(f"'{name}' has {len(arguments)} argument{'' if len(arguments) == 1 else 's'}")
        return Call(name, tuple(arguments))


def evaluated(
    expression: Expression, parameter: Callable[[str], str | None], fill: Callable[[str], str] = lambda text: text
) -> str:
    """The text that an expression gives. Raises NotInterpreted, also if that is true or false.

    `parameter` gives the value of a pipeline parameter; for an unknown one it raises NotInterpreted. `fill` replaces placeholders.
    """
    value = _value(expression.term, parameter, fill)
    if isinstance(value, bool):
        raise NotInterpreted(f"its value is {'true' if value else 'false'}, not a string")
    return _text(value)


def _value(term: Term, parameter: Callable[[str], str | None], fill: Callable[[str], str]) -> Json:
    match term:
        case Literal(value=value):
            return fill(value) if isinstance(value, str) else value
        case Parameter(name=name):
            return parameter(name)
        case Call(function=name, arguments=arguments):
            values = [_value(argument, parameter, fill) for argument in arguments]
            return FUNCTIONS[name][2](*values)


def _text(value: Json) -> str:
    return "" if value is None else value if isinstance(value, str) else encode(value).decode()


def _condition(value: Json, function: str) -> bool:
    if not isinstance(value, bool):
        raise NotInterpreted(f"'{function}' needs true or false")
    return value


def _if(condition: Json, then: Json, otherwise: Json) -> Json:
    return then if _condition(condition, "if") else otherwise


def _not(value: Json) -> Json:
    return not _condition(value, "not")


def _empty(value: Json) -> Json:
    if value is not None and not isinstance(value, str):
        raise NotInterpreted("'empty' needs a string")
    return not value


def _coalesce(*values: Json) -> Json:
    return next((value for value in values if value is not None), None)


def _equals(first: Json, second: Json) -> Json:
    return type(first) is type(second) and first == second


def _concat(*values: Json) -> Json:
    if any(isinstance(value, bool) for value in values):
        raise NotInterpreted("'concat' needs strings")
    return "".join(_text(value) for value in values)


_MANY: Final = 100
FUNCTIONS: Final[dict[str, tuple[int, int, Callable[..., Json]]]] = {
    "if": (3, 3, _if),
    "empty": (1, 1, _empty),
    "coalesce": (1, _MANY, _coalesce),
    "equals": (2, 2, _equals),
    "concat": (1, _MANY, _concat),
    "not": (1, 1, _not),
}
"""The functions by name, with the least and the most number of arguments."""
