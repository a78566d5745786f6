"""The sections of a body in the order in which new files have them, with a line about each and where Adobe documents it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import section_of

_GUIDE: Final = "https://experienceleague.adobe.com/en/docs/experience-platform/sources/sdk"


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level field; `about` is the comment above it, and `page` the end of the page that documents it."""

    field: str
    about: str | None = None
    page: str | None = None

    @property
    def comment(self) -> tuple[str, ...]:
        """The lines above the section, without the `#`; the address stands alone in one, so that no line breaks it."""
        lines = (self.about, f"{_GUIDE}/{self.page}" if self.page else None)
        return tuple(line for line in lines if line)


_HEAD: Final = (Section("name"), Section("description"), Section("type"), Section("providerId"), Section("version"))
_FLOW_PAGE: Final = "self-serve-api/update-flow-specs"
SECTIONS: Final = {
    Kind.CONNECTION_SPEC: (
        *_HEAD,
        Section("attributes", "What the catalogue and the service are told about the source."),
        Section("authSpec", "How users sign in: one entry for each way.", "config/authspec"),
        Section(
            "sourceSpec", "Where the data is and how it is fetched: URL, paging, schedule, what users enter.", "config/sourcespec"
        ),
        Section("exploreSpec", "How the source is looked into before a flow exists.", "config/explorespec"),
        Section("targetSpec", "What a target of this kind is given."),
        Section("permissionsInfo", "Who may see and manage the source."),
    ),
    Kind.FLOW_SPEC: (
        *_HEAD,
        Section(
            "sourceConnectionSpecIds",
            "Owned whole, because it is written here: any other id that is live is planned as a detach.",
            _FLOW_PAGE,
        ),
        Section("targetConnectionSpecIds", "Where the data may go. Owned whole, too."),
        Section("optionSpec", "What users choose for a flow besides its schedule."),
        Section("transformationSpecs", "What may be done to the data on its way."),
        Section("scheduleSpec", "How often a flow may run."),
        Section("runSpec", "What a single run of a flow is given."),
        Section("attributes", "What the service is told about its flows."),
        Section("permissionsInfo", "Who may see and manage its flows."),
    ),
}


def in_canonical_order(kind: Kind, body: Document) -> Document:
    """The body with its sections in the order of the table, and behind them those that the table does not know, by name."""
    ranks = {section.field: rank for rank, section in enumerate(SECTIONS[kind])}
    fields = sorted(body, key=lambda field: (ranks.get(section_of(field), len(ranks)), field))
    return {field: body[field] for field in fields}


def comments_of(kind: Kind) -> dict[str, tuple[str, ...]]:
    """The comment lines above each section, by its field."""
    return {section.field: section.comment for section in SECTIONS[kind]}
