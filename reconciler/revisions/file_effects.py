"""Breaking changes between two versions of the spec files, as far as they are visible without live state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.breaking.effect import Effect, Level, by_weight, worst
from reconciler.breaking.effects import effects_of
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SOURCES, field_of, sections
from reconciler.errors import Problem
from reconciler.planning.comparing.difference import leave_ignored
from reconciler.revisions.gone import is_pinned_alike, successor_of, without_a_file
from reconciler.revisions.spec_diff import pairs
from reconciler.sdk.fields import Shape
from reconciler.sdk.sections import SECTIONS

_PLAIN: Final = {Shape.TEXT, Shape.NAME}
_RELIED_ON: Final = frozenset(
    section.name for sections in SECTIONS.values() for section in sections if section.shape not in _PLAIN
) - {SOURCES, "attributes"}
"""Sections that connections and flows rely on, so a first definition may change live. Attachments have their own guards."""


@dataclass(frozen=True, slots=True)
class SpecEffects:
    """One changed spec file and its effects; `line` is that of the first effect in the current file."""

    kind: Kind
    key: str
    name: str
    file: str
    line: int | None
    effects: tuple[Effect, ...]
    targets: tuple[str, ...] = ()
    """The targets where they are the same, in a report for several."""

    @property
    def level(self) -> Level:
        return worst(self.effects)


@dataclass(frozen=True, slots=True)
class FileEffects:
    """The effects of the changes between two versions of a specs folder for one target. `problems` are those of the current files.

    `allowed` is set if the settings allow breaking changes.
    """

    target: str
    base: str
    specs: tuple[SpecEffects, ...]
    problems: tuple[Problem, ...] = ()
    allowed: bool = False
    targets: tuple[str, ...] = ()
    """Those of a report for several targets; `target` is empty then."""

    def at(self, level: Level) -> tuple[SpecEffects, ...]:
        """The specs whose worst effect has this level."""
        return tuple(spec for spec in self.specs if spec.level is level)


def file_effects(base: DesiredSet, now: DesiredSet) -> tuple[SpecEffects, ...]:
    """The effects of every spec that existed before and has changed, by kind and key. A new file breaks nothing."""
    paired = list(pairs(base, now))
    added = [new for old, new in paired if old is None and new is not None]
    found = [_gone(old, added) if new is None else _judged(old, new) for old, new in paired if old is not None]
    return tuple(sorted((spec for spec in found if spec.effects), key=lambda spec: (spec.kind, spec.key)))


def _judged(old: DesiredSpec, new: DesiredSpec) -> SpecEffects:
    before, after = old.body, new.body
    unknown = {effect.place[0]: effect for effect in _newly_written(before, after)}
    wanted = leave_ignored(before, after, new.ignore)
    written = {field_of(before, section) or field: wanted[field] for section, field in sections(wanted) if section not in unknown}
    effects = by_weight((*effects_of(new.kind, before, before | written), *unknown.values()))
    return SpecEffects(new.kind, new.key, new.name, new.file, new.line(effects[0].place) if effects else None, effects)


def _gone(old: DesiredSpec, added: list[DesiredSpec]) -> SpecEffects:
    """The effect of a removed file. A new file counts as a rename only with `formerly` or with the same pinned id."""
    successor = successor_of(old, added)
    if successor is not None and is_pinned_alike(old, successor):
        return _judged(old, successor)
    return SpecEffects(old.kind, old.key, old.name, old.file, None, (without_a_file(old, successor),))


def _newly_written(before: Document, after: Document) -> Iterator[Effect]:
    """Sections that the file did not own before and writes now. Only a plan knows which live values they replace."""
    for section, field in sections(after):
        if section in _RELIED_ON and after[field] is not None and field_of(before, section) is None:
            reason = f"the file now writes {section}, which it did not before: the live value that it replaces is not known here"
            hint = "run `reconciler plan`, which compares with the live spec"
            yield Effect(Level.RISKY, "newly-written", f"/{field}", reason, hint, (section,))
