"""Removed spec files: what happens to the live spec, and which new file may replace it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

from reconciler.breaking.effect import Effect, Level, quoted
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.names import name_claim
from reconciler.planning.comparing.likeness import is_nearly

_CANDIDATES: Final = 50
"""Maximum number of new files whose bodies are compared."""


def without_a_file(spec: DesiredSpec, successor: DesiredSpec | None) -> Effect:
    """The effect of a removed file: none until the spec is retired; after that, no flow can use it."""
    what = f"the file of {quoted(spec.key)} is removed, so the live spec becomes an orphan"
    consequence = "retiring it detaches it from its flow specs, and flows that use it may fail at their next run"
    if spec.kind is Kind.FLOW_SPEC:
        consequence = "drift in it is no longer reported, and flows that use it depend on the live spec"
    if successor is None:
        hint = "keep the file while a connection or a flow uses the spec"
        return Effect(Level.RISKY, "file-removed", "", f"{what}: {consequence}", hint)
    made = f"{quoted(successor.key)} ({successor.file}) looks like the same spec, but would create a second live one"
    hint = f"if it is the same spec under another key, write `formerly: [{spec.key}]` in {successor.file}"
    return Effect(Level.RISKY, "key-changed", "", f"{what}: {consequence}; {made}", hint)


def successor_of(old: DesiredSpec, added: Sequence[DesiredSpec]) -> DesiredSpec | None:
    """The new file that probably replaces a removed one: same pinned id, same name, or nearly the same body."""
    alike = [spec for spec in added if spec.kind is old.kind]
    pinned = (spec for spec in alike if is_pinned_alike(old, spec))
    namesakes = (spec for spec in alike if name_claim(old) == name_claim(spec))
    similar = (spec for spec in alike[:_CANDIDATES] if is_nearly(old.body, spec.body))
    return next(chain(pinned, namesakes, similar), None)


def is_pinned_alike(old: DesiredSpec, new: DesiredSpec) -> bool:
    """Whether both pin the same live spec; they are the same spec then, even with different keys."""
    return old.pinned_id is not None and old.pinned_id == new.pinned_id
