"""The values that fill a spec in: what a user of the source enters for a connection and for a source connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.documents.json_text import Json
from reconciler.secret import Secret


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one entry of `authSpec`, and of the properties of `sourceSpec.spec`, by name."""

    auth_name: str | None = None
    """The `name` of the entry of `authSpec`; None for the only one."""
    auth: Mapping[str, Json | Secret] = field(default_factory=dict)
    source: Mapping[str, Json | Secret] = field(default_factory=dict)
