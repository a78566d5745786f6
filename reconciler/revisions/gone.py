"""A spec whose file is gone: what becomes of the live spec, and which new file was meant to go on with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.breaking.effect import Effect, Level, quoted
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.names import name_claim
from reconciler.planning.comparing.likeness import is_nearly

_CANDIDATES: Final = 50
"""New files whose bodies are looked at."""


def without_a_file(spec: DesiredSpec, heir: DesiredSpec | None) -> Effect:
    """What it means that the spec has no file any more: nothing as long as nobody prunes, and then no flow can use it."""
    what = f"the file of {quoted(spec.key)} is removed, and the live spec stays as an orphan"
    harm = "retiring it detaches it from its flow specs, and flows that use it may fail at their next run"
    if spec.kind is Kind.FLOW_SPEC:
        harm = "nobody keeps it as the repository has it any more, and flows that use it run by what is live"
    if heir is None:
        hint = "keep the file as long as a connection or a flow uses the spec"
        return Effect(Level.RISKY, "file-removed", "", f"{what}: {harm}", hint)
    made = (
        f"{quoted(heir.key)} ({heir.file}), which looks like it, is a spec of its own, for which a second live one would be made"
    )
    hint = f"if it is the same spec under another key, write `formerly: [{spec.key}]` in {heir.file}"
    return Effect(Level.RISKY, "key-changed", "", f"{what}: {harm}; {made}", hint)


def heir_of(old: DesiredSpec, added: Sequence[DesiredSpec]) -> DesiredSpec | None:
    """The new file that goes on with a spec, as far as can be seen: by its pinned id, its name, or nearly all of its body."""
    alike = [spec for spec in added if spec.kind is old.kind]
    for is_heir in (is_pinned_alike, _is_namesake):
        found = next((spec for spec in alike if is_heir(old, spec)), None)
        if found is not None:
            return found
    return next((spec for spec in alike[:_CANDIDATES] if is_nearly(old.body, spec.body)), None)


def is_pinned_alike(old: DesiredSpec, new: DesiredSpec) -> bool:
    """Whether both pin the same live spec, which makes them one whatever their keys are."""
    return old.pinned_id is not None and old.pinned_id == new.pinned_id


def _is_namesake(old: DesiredSpec, new: DesiredSpec) -> bool:
    return name_claim(old) == name_claim(new)
