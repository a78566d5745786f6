"""What each run was shown of each object: the measure of what it may build on."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.documents.json_text import Document


@dataclass
class Known:
    """The newest state of one object that one run was shown, in whatever answer, with all that was shown of it.

    `version` counts the object's states from 0; `own` is the newest one that this run wrote, `read` the one that its last GET by id showed,
    `read_at` until when that was true.
    """

    version: int = -1
    fields: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    own: int = -1
    read: int = -1
    read_at: float = 0.0


@dataclass
class Knowledge:
    """By run and id."""

    _known: dict[tuple[str, str], Known] = field(default_factory=dict)

    def of(self, run: str, spec_id: str) -> Known:
        return self._known.setdefault((run, spec_id), Known())

    def read(self, run: str, spec_id: str, version: int, body: Document, at: float) -> None:
        """A GET by id showed this much of that version."""
        known = self._show(run, spec_id, version, body)
        known.read, known.read_at = version, at

    def list(self, run: str, spec_id: str, version: int, body: Document) -> None:
        """A list showed this much of that version."""
        self._show(run, spec_id, version, body)

    def wrote(self, run: str, spec_id: str, version: int, body: Document) -> None:
        """The answer to a write of this run showed this much of what it had made."""
        known = self._show(run, spec_id, version, body)
        known.own = max(known.own, version)

    def _show(self, run: str, spec_id: str, version: int, body: Document) -> Known:
        known, ids = self.of(run, spec_id), body.get("sourceConnectionSpecIds") or ()
        if version > known.version:
            known.version, known.fields, known.ids = version, frozenset(body), frozenset(ids)
        elif version == known.version:
            known.fields |= frozenset(body)
            known.ids |= frozenset(ids)
        return known
