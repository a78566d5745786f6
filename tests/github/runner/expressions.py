"""Expressions, worked out against contexts: alone, between `${{` and `}}` in a text, in a whole structure, and as a condition.

As GitHub does before it runs anything, names are looked at first: a context or function that is not known at that place is an
`InvalidExpression` even where it would not be reached. A property that is not there is null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.github.runner.functions import FUNCTIONS, EvaluationError
from tests.github.runner.syntax import Call, InvalidExpression, Item, Literal, Name, Node, Operation, parse, walk
from tests.github.runner.values import all_items, equal, item, ordered, to_text, truthy

__all__ = [
    "EvaluationError",
    "InvalidExpression",
    "Scope",
    "check",
    "check_condition",
    "condition",
    "evaluate",
    "expand",
    "interpolate",
    "text",
]

STATUS_FUNCTIONS = ("success", "failure", "always", "cancelled")


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: contexts, and the functions that ask for the status, where they may be asked for."""

    contexts: Mapping[str, Any]
    status: Mapping[str, Callable[[], bool]] = field(default_factory=dict)

    def only(self, *names: str) -> Scope:
        """The same with these contexts alone, and without the status."""
        return Scope({name: value for name, value in self.contexts.items() if name in names})

    def also(self, **contexts: Any) -> Scope:
        return replace(self, contexts={**self.contexts, **contexts})


def evaluate(expression: str, scope: Scope) -> Any:
    """The value of an expression, written without `${{ }}`. Raises `InvalidExpression`, `EvaluationError`."""
    node = parse(expression)
    _check(node, scope)
    return _value(node, scope)


def interpolate(source: str, scope: Scope) -> Any:
    """A scalar with expressions in it: the value itself if it is but one, else a text."""
    parts = _parts(source)
    if len(parts) == 1 and isinstance(parts[0], _Expression):
        return evaluate(parts[0].source, scope)
    return "".join(part if isinstance(part, str) else to_text(evaluate(part.source, scope)) for part in parts)


def text(source: Any, scope: Scope) -> str:
    """A scalar of a workflow as text, its expressions worked out."""
    return to_text(expand(source, scope))


def expand(source: Any, scope: Scope) -> Any:
    """A structure of a workflow with the expressions in its keys and values worked out."""
    if isinstance(source, str):
        return interpolate(source, scope)
    if isinstance(source, Mapping):
        return {text(name, scope): expand(value, scope) for name, value in source.items()}
    if isinstance(source, list):
        return [expand(value, scope) for value in source]
    return source


def condition(source: Any, scope: Scope) -> bool:
    """An `if:`. Without a status function in it, `success()` must hold too; a missing one is `success()`."""
    expression = "success()" if source is None else _as_expression(to_text(source))
    node = parse(expression)
    _check(node, scope)
    if not any(isinstance(one, Call) and one.name.lower() in STATUS_FUNCTIONS for one in walk(node)):
        return scope.status["success"]() and truthy(_value(node, scope))
    return truthy(_value(node, scope))


def check(source: Any, scope: Scope) -> None:
    """Every expression of a text, or of a mapping's names and values, is valid there. Raises `InvalidExpression`."""
    if isinstance(source, str):
        for part in _parts(source):
            if isinstance(part, _Expression):
                _check(parse(part.source), scope)
    elif isinstance(source, Mapping):
        for name, value in source.items():
            check(name, scope)
            check(value, scope)


def check_condition(source: Any, scope: Scope) -> None:
    """An `if:` is valid there. Raises `InvalidExpression`."""
    if source is not None:
        _check(parse(_as_expression(to_text(source))), scope)


@dataclass(frozen=True, slots=True)
class _Expression:
    source: str


def _as_expression(source: str) -> str:
    """The expression that an `if:` is. Text around `${{ }}` makes it a text, which is true, as many a workflow had to learn."""
    parts = _parts(source)
    if all(isinstance(part, str) for part in parts):
        return source.strip() or "false"
    if len(parts) == 1 and isinstance(parts[0], _Expression):
        return parts[0].source
    pattern = "".join(
        f"{{{index}}}" if isinstance(part, _Expression) else part.replace("{", "{{").replace("}", "}}")
        for index, part in enumerate(parts)
    )
    values = ", ".join(part.source if isinstance(part, _Expression) else "''" for part in parts)
    return f"format('{pattern.replace(chr(39), chr(39) * 2)}', {values})"


def _parts(source: str) -> list[str | _Expression]:
    """The text cut into what stands outside and inside of `${{ }}`; `}}` in a quoted string ends nothing."""
    parts: list[str | _Expression] = []
    at = 0
    while (start := source.find("${{", at)) >= 0:
        end = _end(source, start + 3)
        parts += [source[at:start]] * (start > at)
        parts.append(_Expression(source[start + 3 : end]))
        at = end + 2
    if at < len(source) or not parts:
        parts.append(source[at:])
    return parts


def _end(source: str, at: int) -> int:
    quoted = False
    for index in range(at, len(source)):
        if source[index] == "'":
            quoted = not quoted
        elif not quoted and source.startswith("}}", index):
            return index
    raise InvalidExpression(f"no }}}} for the ${{{{ in: {source}")


def _check(node: Node, scope: Scope) -> None:
    contexts = {name.lower() for name in scope.contexts}
    for one in walk(node):
        match one:
            case Name(name) if name.lower() not in contexts:
                raise InvalidExpression(f"Unrecognized named-value: '{name}'")
            case Call(name, arguments):
                _check_call(name, len(arguments), scope)


def _check_call(name: str, arguments: int, scope: Scope) -> None:
    if name.lower() in scope.status:
        fewest, most = 0, 0
    elif name.lower() in FUNCTIONS:
        _, fewest, most = FUNCTIONS[name.lower()]
    else:
        raise InvalidExpression(f"Unrecognized function: '{name}'")
    if not fewest <= arguments <= most:
        raise InvalidExpression(f"{name} takes {fewest} to {most} arguments, not {arguments}")


def _value(node: Node, scope: Scope) -> Any:
    match node:
        case Literal(value):
            return value
        case Name(name):
            return item(scope.contexts, name)
        case Item(of, key):
            value = _value(of, scope)
            return all_items(value) if key is None else item(value, _value(key, scope))
        case Call(name, arguments):
            return _call(name.lower(), [_value(one, scope) for one in arguments], scope)
        case Operation(sign, operands):
            return _operate(sign, operands, scope)


def _call(name: str, arguments: list[Any], scope: Scope) -> Any:
    function = scope.status[name] if name in scope.status else FUNCTIONS[name][0]
    return function(*arguments)


def _operate(sign: str, operands: tuple[Node, ...], scope: Scope) -> Any:
    """`&&` and `||` give the operand that decided."""
    left = _value(operands[0], scope)
    if sign == "!":
        return not truthy(left)
    if sign in ("&&", "||"):
        return left if truthy(left) == (sign == "||") else _value(operands[1], scope)
    right = _value(operands[1], scope)
    if sign in ("==", "!="):
        return equal(left, right) == (sign == "==")
    return ordered(sign, left, right)
