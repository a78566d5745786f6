"""Values in expressions: JSON values, numbers as `float`, with GitHub's loose comparison and its way of writing each as text."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from typing import Any

from tests.github.runner.syntax import number


class Filtered(list[Any]):
    """What `.*` gives: a list on which a property is taken of each item that has it."""


def is_array(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def truthy(value: Any) -> bool:
    """False are: false, 0, NaN, the empty string and null. Arrays and objects are true, even when empty."""
    if is_array(value) or is_object(value):
        return True
    if is_number(value) and math.isnan(value):
        return False
    return bool(value)


def to_text(value: Any) -> str:
    """As it is put into a string: null is nothing, and an array or an object but its kind."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if is_number(value):
        return _number_text(float(value))
    return "Object" if is_object(value) else "Array"


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15G}"


def to_number(value: Any) -> float:
    """NaN where it is none."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, bool | int | float):
        return float(value)
    if not isinstance(value, str):
        return math.nan
    text = value.strip()
    try:
        return number(text) if text else 0.0
    except ValueError:
        return math.nan


def equal(left: Any, right: Any) -> bool:
    """Strings without regard to case; of different kinds, as numbers; arrays and objects only with themselves."""
    left, right = _alike(left, right)
    if is_array(left) or is_object(left) or is_array(right) or is_object(right):
        return left is right
    return bool(left == right)


_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def ordered(sign: str, left: Any, right: Any) -> bool:
    """`<`, `<=`, `>` or `>=`. What is no number is in no order."""
    left, right = _alike(left, right)
    if left is None or is_array(left) or is_object(left) or is_array(right) or is_object(right):
        return False
    return bool(_ORDERS[sign](left, right))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as one kind."""
    if isinstance(left, str) and isinstance(right, str):
        return left.upper(), right.upper()
    if is_array(left) or is_object(left) or is_array(right) or is_object(right):
        return left, right
    if left is None and right is None:
        return None, None
    return to_number(left), to_number(right)


def item(value: Any, key: Any) -> Any:
    """A property, in any case of letters, or an element; null where there is none."""
    if isinstance(value, Filtered):
        found = [(_find(one, key)) for one in value]
        return Filtered(one for there, one in found if there)
    return _find(value, key)[1]


def all_items(value: Any) -> Filtered:
    """What `.*` gives of an array or an object."""
    if isinstance(value, Filtered):
        return Filtered(one for some in value for one in all_items(some))
    if is_object(value):
        return Filtered(value.values())
    return Filtered(value if is_array(value) else [])


def _find(value: Any, key: Any) -> tuple[bool, Any]:
    if is_object(value) and not (is_array(key) or is_object(key)):
        name = to_text(key)
        if name in value:
            return True, value[name]
        wanted = name.lower()
        return next(((True, one) for other, one in value.items() if str(other).lower() == wanted), (False, None))
    if is_array(value):
        index = to_number(key)
        if index >= 0 and not math.isinf(index) and int(index) < len(value):
            return True, value[int(index)]
    return False, None
