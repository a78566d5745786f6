"""Breaking changes as Markdown: each spec with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.breaking.effect import Level
from reconciler.errors import count
from reconciler.reports.plan.effects import JudgedSpec, first_effects
from reconciler.reports.plan.view import EffectView
from reconciler.reports.sinks.markdown import (
    MESSAGE,
    POINTER,
    FileLinks,
    bullet,
    code,
    file_link,
    listed,
    names_words,
    section,
    size,
    specs_left_out,
)
from reconciler.reports.sinks.prose import prose

_REASONS: Final = 5
"""Maximum number of reasons for one spec."""
TITLE: Final = "Breaking changes"


def breaking_section(specs: Sequence[JudgedSpec], links: FileLinks, room: int) -> str:
    """Breaking specs with reasons, and the number of risky ones, within this many bytes; empty if there are neither."""
    breaking = [spec for spec in specs if spec.level is Level.BREAKING]
    risky = _risky([spec for spec in specs if spec.level is Level.RISKY], room // 4)
    shown = section(
        TITLE, breaking, lambda spec: spec_item(spec, links, Level.BREAKING), specs_left_out(), room - size(risky) - 2
    )
    return "\n\n".join(part for part in (shown, risky) if part)


def effect_words(effect: EffectView, limit: int = MESSAGE) -> str:
    """One effect on a line: its level, reason, and place."""
    weight = f"**{effect.level}**" if effect.level is Level.BREAKING else effect.level
    return " ".join([weight, prose(effect.reason, limit), *([code(effect.path, POINTER)] if effect.path else [])])


def spec_item(spec: JudgedSpec, links: FileLinks, *levels: Level) -> str:
    """One spec with its effects of these levels, as a list item."""
    place = file_link(spec.file, spec.line, links)
    where = f" (in {names_words(spec.targets)})" if spec.targets else ""
    head = f"{spec.kind.words} {code(spec.key or spec.name)}{where}{' ' if place else ''}{place}"
    shown, more = first_effects([effect for level in levels for effect in spec.having(level)], _REASONS)
    items = [*(bullet(effect_words(effect)) for effect in shown), *([bullet(more)] if more else [])]
    hints = [bullet(f"hint: {prose(hint)}") for hint in spec.hints[:_REASONS]]
    return bullet(head, "\n".join([*items, *hints]))


def _risky(specs: Sequence[JudgedSpec], room: int) -> str:
    if not specs:
        return ""
    head = f"**Risky** ({count(len(specs), 'spec')}): "
    return head + listed([spec.key or spec.name for spec in specs], room - size(head))
