"""The entry of `authSpec` that a trial signs in with."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.documents.json_text import Document
from reconciler.documents.shapes import Misfit
from reconciler.sources.source import Source
from reconciler.wording.guesses import did_you_mean


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of `authSpec`: its name, if it has one, and its content. A spec without authSpec has an empty one."""

    name: str | None
    content: Document

    @property
    def title(self) -> str:
        """The entry in a sentence."""
        return f"the authSpec entry {self.name[:80]!r}" if self.name else "authSpec"


def chosen_entry(source: Source, name: str | None) -> Entry:
    """The entry with this name, or the only one if no name is given. Raises Misfit."""
    entries = [entry for _, entry in source.auth_specs]
    names = [entry["name"] for entry in entries if isinstance(entry.get("name"), str)]
    if name is not None:
        found = next((entry for entry in entries if entry.get("name") == name), None)
        if found is None:
            hint = did_you_mean(name[:80], names) if names else "remove the name"
            raise Misfit(f"authSpec has no entry with the name {name[:80]!r}", hint)
        return Entry(name, found)
    if len(entries) > 1:
        listed = " or ".join(repr(item[:80]) for item in names[:10])
        raise Misfit(f"authSpec has {len(entries)} entries, and none is chosen", f"choose {listed}: auth.name, or --auth")
    written = entries[0].get("name") if entries else None
    return Entry(written if isinstance(written, str) else None, entries[0] if entries else {})
