"""The values that fill a spec in: what a user of the source enters for a connection and for a source connection.

A value takes the place of `${name}` in the host, the path, the query, the headers and the body; of `authSpec` first, then of
`sourceSpec.spec`. Secrets are revealed here, and only into a request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Json, encode
from reconciler.secret import Secret

PLACEHOLDER: Final = re.compile(r"\$\{([^{}]*)\}")
_SHOWN: Final = 80
"""Characters of a name in a message."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one entry of `authSpec`, and of the properties of `sourceSpec.spec`, by name."""

    auth_name: str | None = None
    """The `name` of the entry of `authSpec`; None for the only one."""
    auth: Mapping[str, Json | Secret] = field(default_factory=dict)
    source: Mapping[str, Json | Secret] = field(default_factory=dict)

    def of(self, name: str) -> Json | Secret:
        """The value of this name; None if there is none."""
        value = self.auth.get(name)
        return self.source.get(name) if value is None else value


class NoValue(ValueError):
    """A placeholder has no value; the message is its name, cut."""

    def __init__(self, name: str) -> None:
        super().__init__(name[:_SHOWN])


def as_text(value: Json | Secret) -> str:
    """A value as it is written into a string: strings and secrets as they are, other values as JSON."""
    if isinstance(value, Secret):
        return value.reveal()
    return value if isinstance(value, str) else encode(value).decode()


def filled(text: str, of: Callable[[str], Json | Secret], written: Callable[[str], str] = str) -> str:
    """A string with the values of its placeholders. `written` encodes each value for its place. Raises NoValue."""
    return PLACEHOLDER.sub(lambda found: written(as_text(_given(of, found[1]))), text)


def filled_whole(text: str, of: Callable[[str], Json | Secret]) -> Json:
    """Like `filled`; a string that consists of one placeholder becomes its value, whatever its type. Raises NoValue."""
    whole = PLACEHOLDER.fullmatch(text)
    if whole is None:
        return filled(text, of)
    value = _given(of, whole[1])
    return value.reveal() if isinstance(value, Secret) else value


def _given(of: Callable[[str], Json | Secret], name: str) -> Json | Secret:
    value = of(name)
    if value is None:
        raise NoValue(name)
    return value
