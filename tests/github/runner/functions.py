"""The functions of expressions, but for those that ask how a job stands (`success()` and its like), which whoever evaluates hands in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.github.runner.values import equal, is_array, is_object, to_text

Function = Callable[..., Any]


class EvaluationError(Exception):
    """An expression that is valid and fails when it is worked out, such as fromJSON of something else: the step fails."""


def _contains(search: Any, wanted: Any) -> bool:
    if is_array(search):
        return any(equal(one, wanted) for one in search)
    return not (_whole(search) or _whole(wanted)) and to_text(wanted).lower() in to_text(search).lower()


def _starts_with(text: Any, start: Any) -> bool:
    return not (_whole(text) or _whole(start)) and to_text(text).lower().startswith(to_text(start).lower())


def _ends_with(text: Any, end: Any) -> bool:
    return not (_whole(text) or _whole(end)) and to_text(text).lower().endswith(to_text(end).lower())


def _whole(value: Any) -> bool:
    return is_array(value) or is_object(value)


def _format(pattern: Any, *values: Any) -> str:
    """`{0}` is a value, `{{` and `}}` are braces."""

    def fill(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        if match[1] is None or int(match[1]) >= len(values):
            raise EvaluationError(f"The following format string is invalid: {pattern}")
        return to_text(values[int(match[1])])

    return re.sub(r"\{\{|\}\}|\{(\d+)\}|[{}]", fill, to_text(pattern))


def _join(values: Any, separator: Any = ",") -> str:
    if not is_array(values):
        return "" if is_object(values) else to_text(values)
    return to_text(separator).join(to_text(one) for one in values)


def _to_json(value: Any) -> str:
    return json.dumps(_plain(value), indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if is_object(value):
        return {str(name): _plain(one) for name, one in value.items()}
    if is_array(value):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _from_json(text: Any) -> Any:
    try:
        return json.loads(to_text(text), parse_int=float)
    except ValueError as error:
        raise EvaluationError(f"Error parsing fromJson: {error}") from error


def _hash_files(*_patterns: Any) -> str:
    return ""


FUNCTIONS: Mapping[str, tuple[Function, int, int]] = {
    "contains": (_contains, 2, 2),
    "startswith": (_starts_with, 2, 2),
    "endswith": (_ends_with, 2, 2),
    "format": (_format, 1, 255),
    "join": (_join, 1, 2),
    "tojson": (_to_json, 1, 1),
    "fromjson": (_from_json, 1, 1),
    "hashfiles": (_hash_files, 1, 255),
}
"""By their names in lower case: the function, and how many arguments it takes at least and at most."""
