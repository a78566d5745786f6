"""The value of an expression on a record, and what is wrong with an expression on any record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from reconciler.documents.json_text import Json
from reconciler.emulator.dataplane.expressions.functions import FUNCTIONS, CannotCompute, truth
from reconciler.emulator.dataplane.expressions.parsing import Attribute, Call, Literal, Node, NotInterpreted, NotValid, parse
from reconciler.emulator.dataplane.expressions.paths import NoPath, steps_of, value_of

_CONDITIONAL = "iif"
_OPERATORS = ("!", "==", "!=", "&&", "||")


@lru_cache(maxsize=1024)
def checked(text: str) -> Node:
    """The tree of an expression that can be computed. Raises NotValid, or NotInterpreted for what is outside the subset."""
    tree = parse(text)
    for node in _nodes(tree):
        if isinstance(node, Call):
            _check_call(node)
        if isinstance(node, Attribute):
            _check_path(node.path)
    return tree


def computed(node: Node, record: Mapping[str, Json]) -> Json:
    """The value of a checked expression. Raises CannotCompute."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Attribute):
        return value_of(record, node.path)
    if node.function == _CONDITIONAL:
        condition, yes, no = node.arguments
        return computed(yes if truth(computed(condition, record)) else no, record)
    values = [computed(argument, record) for argument in node.arguments]
    return _operated(node.function, values) if node.function in _OPERATORS else FUNCTIONS[node.function][0](*values)


def _operated(sign: str, values: list[Json]) -> Json:
    if sign == "!":
        return not truth(values[0])
    left, right = values
    if sign in ("==", "!="):
        equal = left == right and isinstance(left, bool) == isinstance(right, bool)
        return equal == (sign == "==")
    return truth(left) and truth(right) if sign == "&&" else truth(left) or truth(right)


def _nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for argument in tree.arguments if isinstance(tree, Call) else ():
        yield from _nodes(argument)


def _check_call(call: Call) -> None:
    name, given = call.function, len(call.arguments)
    if name in _OPERATORS:
        return
    if name == _CONDITIONAL:
        least, most = 3, 3
    elif name in FUNCTIONS:
        least, most = FUNCTIONS[name][1], FUNCTIONS[name][2] or given
    else:
        raise NotInterpreted(f"the function {name} is not interpreted here")
    if not least <= given <= max(most, least):
        raise NotValid(f"{name} does not accept {given} argument{'' if given == 1 else 's'}")


def _check_path(path: str) -> None:
    try:
        steps_of(path)
    except NoPath as error:
        raise NotValid(f"{path[:80]} is not a path of an attribute") from error


__all__ = ["CannotCompute", "NotInterpreted", "NotValid", "checked", "computed"]
