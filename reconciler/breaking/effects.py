"""The effects of a change of a spec: desired against live, or one version of a file against another."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.breaking.effect import Effect, Level, by_weight
from reconciler.breaking.parts import SpecPart
from reconciler.breaking.rules import rule_of
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.patch import apply_operations
from reconciler.documents.places import MISSING
from reconciler.documents.semantics import ID_LISTS, field_of, sections
from reconciler.documents.withholding import body_without_secrets, placeholders


def effects_of(kind: Kind, before: Document, after: Document) -> tuple[Effect, ...]:
    """The effects of a change on the connections and flows that use a spec, breaking ones first, safe ones included.

    Both are whole bodies without server-managed fields and the marker. A null section counts as absent.
    """
    from reconciler.lint.secrets.texts import secret_texts  # noqa: PLC0415 - only a change needs it

    shown = placeholders(secret_texts(before, after))  # reasons quote what changes
    before, after = body_without_secrets(before, shown), body_without_secrets(after, shown)
    names = dict.fromkeys(section for body in (before, after) for section, _ in sections(body))
    parts = (_section(before, after, name) for name in names)
    return by_weight(effect for part in parts if part.differs for effect in rule_of(kind, part.place[0])(part))


def effects_of_changes(kind: Kind, live: Document, changes: Iterable[Change]) -> tuple[Effect, ...]:
    """The risky and breaking effects of these changes of a live body."""
    return weighty(effects_of(kind, live, body_after(live, changes)))


def weighty(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The effects that are not safe."""
    return tuple(effect for effect in effects if effect.level is not Level.SAFE)


def body_after(live: Document, changes: Iterable[Change]) -> Document:
    """The live body with these changes applied, ordered within each section so that they can be."""
    operations: list[tuple[str, str, object]] = []
    lists: Document = {}
    for change in changes:
        name = change.place[0]
        if name not in ID_LISTS:
            operations.append((change.op, change.path, change.new))
            continue
        held = lists.setdefault(name, list(live[name]) if isinstance(live.get(name), list) else [])
        lists[name] = [item for item in held if item != change.old] if change.op == "remove" else [*held, change.new]
    return apply_operations(live, operations) | lists


def _section(before: Document, after: Document, section: str) -> SpecPart:
    fields = (field_of(body, section) for body in (before, after))
    values = [
        MISSING if field is None or body[field] is None else body[field]
        for body, field in zip((before, after), fields, strict=True)
    ]
    return SpecPart(before, after, (section,), *values)
