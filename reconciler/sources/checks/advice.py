"""Next steps that name what is in the spec and in the answer."""

from __future__ import annotations

import re
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.sources.paging.settings import Settings
from reconciler.sources.source import PAGINATION

_TURNS: Final = {"OFFSET": "offSetName", "PAGE": "pageParamName", "CONTINUATION_TOKEN": "parameterName"}
"""The field with the name of the parameter that turns the page."""
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}", re.ASCII)
"""A name of the third party that may be part of a path in a hint."""
_SHOWN: Final = 60


def turning_the_page(settings: Settings) -> tuple[Segments, str | None]:
    """Where in the spec the parameter is that turns the page, and what to do if the API ignores it; None for the general hint."""
    kind = settings.text("type") or ""
    field = _TURNS.get(kind)
    written = settings.text(field) if field else None
    if field is None or written is None:
        return PAGINATION, None
    hint = f"`{field}` is {written[:_SHOWN]!r}: write the parameter as the documentation of the API names it"
    if kind == "PAGE" and not settings.number("initialPageIndex", least=0):
        hint = f"if the API counts pages from 1, write initialPageIndex: 1; else {hint}"
    return (*PAGINATION, field), hint


def path_of_the_only_list(body: Json) -> str | None:
    """The path of the one array of objects in an answer, or in an object of it; None if there is none, or more than one."""
    if not isinstance(body, dict):
        return None
    nested = (
        (f"{name}.{inner}", value) for name, item in body.items() if isinstance(item, dict) for inner, value in item.items()
    )
    found = [path for path, value in (*body.items(), *nested) if _is_list_of_objects(value)]
    return f"$.{found[0]}" if len(found) == 1 and all(map(_PLAIN.fullmatch, found[0].split("."))) else None


def _is_list_of_objects(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
