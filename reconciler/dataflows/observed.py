"""What is seen of connections, batches and mapping sets, as values. Records in them may be personal data: they are never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.documents.json_text import Json


@dataclass(frozen=True, slots=True)
class Tested:
    """What the test of a connection came to; `said` is the reason if it did not pass, as far as it was given."""

    passed: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Explored:
    """The rows of a preview. `format` is what the service calls their form, such as `hierarchical`; None if it does not say."""

    rows: tuple[Json, ...] = field(repr=False)
    format: str | None = None


@dataclass(frozen=True, slots=True)
class BatchState:
    """One batch of a dataset. `status` is in lower case; an unknown one has not ended. Counts are None where none were given."""

    id: str
    status: str
    ended: bool
    succeeded: bool
    read: int | None = None
    written: int | None = None
    failed: int | None = None
    errors: tuple[tuple[str, str], ...] = ()
    """Code and message."""


@dataclass(frozen=True, slots=True)
class MappingCheck:
    """What the service says about one mapping of a set, in the order of the set."""

    passed: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class MappingPreview:
    """One record as a mapping set would write it; `errors` are destination and reason of each mapping that failed."""

    data: Mapping[str, Json] = field(repr=False)
    errors: tuple[tuple[str, str], ...] = ()
