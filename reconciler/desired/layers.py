"""The overlays that apply to a target, and where a spec belongs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from reconciler.documents.json_text import Document
from reconciler.documents.merge import overlay
from reconciler.settings.targets import Settings


@dataclass(frozen=True, slots=True)
class Layers:
    """The names that stand for one target in spec files.

    `order` are its groups, its fleet and itself, general ones first: the order of overlays. `names` are all names that a file may use in
    `overlays` and `only`; if empty, names are not checked.
    """

    order: tuple[str, ...]
    names: Collection[str] = ()

    @classmethod
    def in_settings(cls, settings: Settings, target: str) -> Layers:
        """Those of a target of the settings."""
        return cls(settings.layers(target), settings.overlay_names)

    @classmethod
    def of_target(cls, name: str, targets: Collection[str] = ()) -> Layers:
        """A target without groups or fleet."""
        return cls((name,), targets)

    def includes(self, only: Collection[str]) -> bool:
        """Whether a spec with this `only` belongs to the target."""
        return not only or not frozenset(only).isdisjoint(self.order)

    def applied(self, body: Document, overlays: Mapping[str, Document]) -> Document:
        """The body with each overlay of the target, in order."""
        for patch in self._patches(overlays):
            body = overlay(body, patch)
        return body

    def _patches(self, overlays: Mapping[str, Document]) -> Iterator[Document]:
        return (overlays[name] for name in self.order if overlays.get(name))
