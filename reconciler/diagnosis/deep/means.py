"""What `--deep` works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.drafting import DraftMaker
from reconciler.documents.json_text import Document, value_at
from reconciler.documents.kinds import Kind
from reconciler.flowservice.specs import LiveSpec
from reconciler.http.clock import Clock, Stop

_BY_NAME: Final = "isDraftModeSupported"
Agree: TypeAlias = Callable[[tuple[str, ...]], bool]
"""Whether somebody agrees to what these lines say: what is made, and what stays."""


@dataclass(frozen=True, slots=True)
class Deep:
    """What `--deep` was asked for: a target that no proof file lists, and who agrees."""

    agree: Agree
    allow_target: str | None = None


@dataclass(frozen=True, slots=True)
class DeepMeans:
    """The clients, and the name and description by which the resource is found again. `window` is `network.consistency_window`."""

    maker: DraftMaker
    cleaner: ProofCleaner
    clock: Clock
    stop: Stop
    spec: LiveSpec
    name: str
    description: str
    window: float
    target: str

    @property
    def body(self) -> Document:
        """The draft that is made: no credentials."""
        return {
            "name": self.name,
            "description": self.description,
            "connectionSpec": {"id": self.spec.id, "version": "1.0"},
        }


def lines_of(spec: LiveSpec, name: str) -> tuple[str, ...]:
    """What is made, what becomes of it, and what stays."""
    return (
        f"makes 1 draft of a base connection of {spec.name[:64]!r}, without credentials: {name}",
        "changes its description, then deletes it and waits until it is gone",
        "cannot be removed: nothing, as far as Adobe documents it",
    )


def spec_for_drafts(specs: tuple[LiveSpec, ...]) -> LiveSpec | None:
    """A live connection spec that says that it supports drafts."""
    return next((spec for spec in specs if spec.kind is Kind.CONNECTION_SPEC and _supports(spec)), None)


def _supports(spec: LiveSpec) -> bool:
    attributes = spec.attributes
    return isinstance(attributes, dict) and value_at(attributes, _BY_NAME) is True
