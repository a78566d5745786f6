"""Blocks of the request whose fields depend on their `type`: pagination and schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.lint.rule import Finding, Mark
from reconciler.sdk.fields import Field, Form, by_name
from reconciler.wording.guesses import did_you_mean_one_of


@dataclass(frozen=True, slots=True)
class TypedBlock:
    """The block at this path, its fields besides `type`, and the fields of each type; `words` has each type as used in a sentence."""

    path: Segments
    fields: tuple[Field, ...]
    forms: Mapping[str, Form]
    words: Mapping[str, str]

    def missing(self, block: Document, name: str) -> Iterator[Finding]:
        """A finding at the block for each missing field that this type requires."""
        fields = by_name(self.fields)
        for field in self.forms[name].required:
            if block.get(field) is None:
                hint = f"write {field}: {fields[field].examples[0]}, or the value of your source"
                yield Finding(self.path, f"{self.words[name]} requires `{field}`", hint)

    def foreign(self, block: Document, name: str) -> Iterator[Finding]:
        """A finding at each field that this type does not have, with the types that have it or the nearest field."""
        known = self.forms[name].all
        for field in block:
            if field == "type" or field in known:
                continue
            owners = [self.words[other] for other, form in self.forms.items() if field in form.all]
            if owners:
                message, hint = f"`{field}` belongs to {' and '.join(owners)}", f"remove {field}, or change the type"
            else:
                message = f"unknown field `{field[:80]}`"
                hint = did_you_mean_one_of(field, known) or "remove it"
            yield Finding((*self.path, field), f"{message}; {self.words[name]} ignores it", hint, Mark.KEY)
