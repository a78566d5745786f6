"""`paginationParams`, read from a body of any shape: strings, numbers, placeholders, old names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.source import PAGINATION, Source
from reconciler.sources.values import PLACEHOLDER, NoValue, Values, filled

OLD_NAMES: Final[Mapping[str, str]] = {"offsetName": "offSetName", "paginationType": "type", "pointerValue": "pointerPath"}
"""Names of Adobe's first pages, with the current name of the same value."""
_NUMBER: Final = re.compile(r"\s*[0-9]{1,18}\s*")
_MOST: Final = 10**18


@dataclass(slots=True)
class Settings:
    """The block with current names and filled-in placeholders, and what is wrong with it."""

    block: Document
    findings: list[Finding] = field(default_factory=list)
    refused: bool = False

    def text(self, name: str) -> str | None:
        """The string of a field, or the text of a number; None if it is missing, empty or of another type."""
        value = self.block.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) and value.strip() else None

    def required(self, name: str) -> str:
        """The string of a field. A missing one refuses the run, as Flow Service does."""
        value = self.text(name)
        if value is None:
            self.refuse("1316", f"`{name}` of the pagination is missing or empty", f"write {name}", name)
        return value or ""

    def number(self, name: str, least: int) -> int | None:
        """The integer of a field, which may be written as a string; None if it is missing. One that is not valid refuses the run."""
        written = self.block.get(name)
        if written is None:
            return None
        value = number_of(written)
        if value is None or value < least:
            self.refuse("1312", f"`{name}` must be an integer of at least {least}", f"write {name}: {max(least, 1)}", name)
            return None
        return value

    def limit(self) -> int:
        """`limitValue`, which is required; 1 if it is refused."""
        if self.block.get("limitValue") is None:
            self.required("limitValue")
        return self.number("limitValue", least=1) or 1

    @property
    def delay(self) -> int:
        """Milliseconds between two requests; 0 without `delayRequestMillis`, or if it is not a number."""
        return number_of(self.block.get("delayRequestMillis")) or 0

    def refuse(self, code: str, message: str, hint: str, name: str) -> None:
        """Record that the run cannot start, because of the field of this name."""
        path = (*PAGINATION, name) if name in self.block else PAGINATION
        self.findings.append(found(code, message, hint, path))
        self.refused = True


def number_of(value: Json) -> int | None:
    """The number of an integer or of its text, from 0 to 10^18; None for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        return None
    return value


def settings_of(source: Source, values: Values, assumed: Assumptions) -> Settings:
    """The pagination of a body, as the service reads it."""
    settings = Settings({})
    for name, value in source.mapping(PAGINATION).items():
        current = OLD_NAMES.get(name, name)
        if current != name and not _reads_old(settings, source, name, current, assumed):
            continue
        settings.block[current] = _filled(settings, name, value, values, assumed)
        if name == "paginationType" and isinstance(value, str):
            settings.block[current] = value.upper()
    return settings


def _reads_old(settings: Settings, source: Source, name: str, current: str, assumed: Assumptions) -> bool:
    if current in source.mapping(PAGINATION):
        return False
    message = f"`{name}` is the old name of `{current}`; it is not known whether the service still reads it"
    settings.findings.append(found("old-name", message, f"write {current}", (*PAGINATION, name)))
    return assumed.of("pagination.old-names") == "read"


def _filled(settings: Settings, name: str, value: Json, values: Values, assumed: Assumptions) -> Json:
    if not isinstance(value, str) or not PLACEHOLDER.search(value) or assumed.of("pagination.placeholders") == "literal":
        return value
    try:
        return filled(value, values.of)
    except NoValue as error:
        settings.findings.append(found("missing-value", f"`${{{error}}}` of `{name}` has no value", None, (*PAGINATION, name)))
        settings.refused = True
        return value
