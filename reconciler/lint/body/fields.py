"""Blocks of the request whose `type` says which fields they have: pagination and schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.lint.body.guesses import did_you_mean_one_of
from reconciler.lint.rule import Finding, Mark

EXAMPLES: Final = {
    "limitName": "limit",
    "limitValue": "100",
    "offSetName": "offset",
    "pointerPath": "$.paging.next",
    "continuationTokenPath": "$.meta.after_cursor",
    "parameterType": "QUERYPARAM",
    "parameterName": "cursor",
    "pageParamName": "page",
    "scheduleStartParamName": "since",
    "scheduleEndParamName": "before",
    "paramFormat": "yyyy-MM-ddTHH:mm:ssK",
    "incremental": "updated_at>{START_TIME} updated_at<{END_TIME}",
    "backfill": "updated_at<{END_TIME}",
}
"""What each required field may look like."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that a block of one type has, besides `type`."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


def missing_fields(path: Segments, block: Document, fields: Fields, what: str) -> Iterator[Finding]:
    """A finding at the block for each required field that it has not."""
    for field in fields.required:
        if block.get(field) is None:
            hint = f"write {field}: {EXAMPLES[field]}, or the source's own"
            yield Finding(path, f"{what} has no `{field}`, and does not work without it", hint)


def foreign_fields(path: Segments, block: Document, name: str, every: Mapping[str, Fields], what: str) -> Iterator[Finding]:
    """A finding at each field that this type has not, with what it belongs to or what was meant; `every` has the fields of each type."""
    known = every[name].all
    for field in block:
        if field == "type" or field in known:
            continue
        owners = [other for other, fields in every.items() if field in fields.all]
        if owners:
            message, hint = (
                f"`{field}` belongs to {' and '.join(owners)}, and {what} does not read it",
                f"remove {field}, or change the type",
            )
        else:
            message = f"`{field[:80]}` is no field of {what}, and is not read"
            hint = did_you_mean_one_of(field, known) or "remove it"
        yield Finding((*path, field), message, hint, Mark.KEY)
