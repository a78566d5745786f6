"""Effects of a change on the connections and flows that use a spec, for every report format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from reconciler.breaking.effect import Level, by_weight, worst
from reconciler.documents.kinds import Kind
from reconciler.reports.plan.view import ActionView, EffectView, effect_view

if TYPE_CHECKING:  # a plan has no changes of files
    from reconciler.revisions.file_effects import FileEffects


class JudgedSpec(msgspec.Struct, frozen=True):
    """One spec and the effects of its changes, breaking ones first."""

    kind: Kind
    key: str | None
    name: str
    file: str | None
    line: int | None
    effects: tuple[EffectView, ...]
    hints: tuple[str, ...] = ()
    """The distinct hints of effects that are not safe. A plan shows them with its problems."""
    targets: tuple[str, ...] = ()
    """The targets where they are the same, in a report for several."""

    @property
    def level(self) -> Level:
        return worst(self.effects)

    def having(self, level: Level) -> tuple[EffectView, ...]:
        """The effects of this level."""
        return tuple(effect for effect in self.effects if effect.level is level)


def judged(actions: Iterable[ActionView]) -> tuple[JudgedSpec, ...]:
    """The specs of a plan with effects, breaking ones first, each group in the plan's order."""
    found = (JudgedSpec(action.kind, action.key, action.name, action.file, action.line, action.effects) for action in actions)
    return by_weight(spec for spec in found if spec.effects)


def judged_files(found: FileEffects) -> tuple[JudgedSpec, ...]:
    """The changed specs of two versions of the files: breaking first, safe last."""
    return by_weight(
        JudgedSpec(
            *(spec.kind, spec.key, spec.name, spec.file, spec.line),
            effects=tuple(effect_view(effect) for effect in spec.effects),
            hints=tuple(dict.fromkeys(effect.hint for effect in spec.effects if effect.hint)),
            targets=spec.targets,
        )
        for spec in found.specs
    )


def first_effects(effects: Sequence[EffectView], limit: int) -> tuple[tuple[EffectView, ...], str]:
    """The first effects up to this number, and a phrase that counts the others; empty if there are none."""
    more = len(effects) - limit
    return tuple(effects[:limit]), f"… {more} more (the JSON report has all)" if more > 0 else ""
