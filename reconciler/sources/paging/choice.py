"""The type of pagination of a spec, and a run with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.sources.evidence import Assumptions
from reconciler.sources.paging.nothing import Nothing
from reconciler.sources.paging.offset import offset_of
from reconciler.sources.paging.page import pages_of
from reconciler.sources.paging.pointer import pointer_of
from reconciler.sources.paging.settings import Settings, settings_of
from reconciler.sources.paging.token import token_of
from reconciler.sources.paging.turn import Pagination
from reconciler.sources.source import PAGINATION, Source
from reconciler.sources.values import Values

_Make: TypeAlias = Callable[[Settings, Assumptions], Pagination]
_TYPES: Final[Mapping[str, _Make]] = {
    "NONE": lambda _settings, assumed: Nothing(assumed),
    "OFFSET": offset_of,
    "PAGE": pages_of,
    "POINTER": pointer_of,
    "CONTINUATION_TOKEN": token_of,
}


def pagination_of(source: Source, values: Values, assumed: Assumptions) -> tuple[Pagination | None, Settings]:
    """The pagination of a body, or None if it cannot run; the settings have the findings."""
    settings = settings_of(source, values, assumed)
    if source.at(PAGINATION) is None and assumed.of("pagination.none") == "one-request":
        return Nothing(assumed), settings
    kind = settings.text("type")
    make = _TYPES.get(kind or "")
    if make is None:
        code, message = (
            ("1316", "the pagination has no `type`") if kind is None else ("1312", f"{kind[:80]!r} is not a type of pagination")
        )
        settings.refuse(code, message, f"write type: {', '.join(sorted(_TYPES))}", "type")
        return None, settings
    pagination = make(settings, assumed)
    return (None if settings.refused else pagination), settings


def delay_of(source: Source, values: Values, assumed: Assumptions) -> int:
    """Milliseconds that the service waits between two requests, as `delayRequestMillis` says; 0 without it."""
    delay = settings_of(source, values, assumed).delay
    if delay:
        assumed.of("token.delay")
    return delay
