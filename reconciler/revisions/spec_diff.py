"""The difference between two versions of the spec files, without live state.

A section that a file no longer writes is not removed from live; it stays as it is. It is therefore shown as a removal from the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from reconciler.desired.specs import NO_SPECS, DesiredSet, DesiredSpec
from reconciler.documents.comparison import Change, Op, compare_section
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import format_pointer
from reconciler.documents.semantics import field_of, sections
from reconciler.documents.withholding import placeholders, without_secrets
from reconciler.errors import Problem
from reconciler.lint.secrets.texts import secret_texts


class SpecState(StrEnum):
    """How a spec file changed."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SpecChange:
    """One changed spec. Paths that are JSON Pointers are in the body; paths without a slash are in the envelope around it.

    `former_key` is the previous key, if it was another one. `file` and `line` are current, or from the base version for a removed spec.
    """

    kind: Kind
    key: str
    name: str
    state: SpecState
    changes: tuple[Change, ...]
    former_key: str | None = None
    file: str | None = None
    line: int | None = None
    targets: tuple[str, ...] = ()
    """The targets where it is the same, in a difference for several."""


@dataclass(frozen=True, slots=True)
class SpecDiff:
    """The difference between two versions of a specs folder for one target (an empty name: without overlays), and current problems."""

    target: str
    base: str
    specs: tuple[SpecChange, ...]
    problems: tuple[Problem, ...] = ()
    targets: tuple[str, ...] = ()
    """Those of a difference for several targets; `target` is empty then."""


def spec_changes(base: DesiredSet, now: DesiredSet) -> tuple[SpecChange, ...]:
    """Every changed spec, by kind and key. A file with an error is not compared, and not reported as removed."""
    found = [_without_secrets(_change_of(old, new), old, new) for old, new in pairs(base, now)]
    return tuple(sorted((change for change in found if change), key=lambda change: (change.kind, change.key)))


def pairs(base: DesiredSet, now: DesiredSet) -> Iterator[tuple[DesiredSpec | None, DesiredSpec | None]]:
    """Each spec before and after, matched by its key or a former one; None if it did not exist or is removed.

    A spec is not removed if its file is there and has an error, or its folder cannot be read: what they hold is unknown.
    """
    before = {(spec.kind, spec.key): spec for spec in base.specs}
    for spec in now.specs:
        keys = (spec.key, *spec.former_keys)
        yield next((before.pop((spec.kind, key)) for key in keys if (spec.kind, key) in before), None), spec
    errors = (problem for problem in now.problems if problem.is_error and problem.code != NO_SPECS)
    unknown = tuple(f"{problem.file}/" for problem in errors if problem.file)
    for claim, spec in before.items():
        if claim not in now.broken and not f"{spec.file}/".startswith(unknown):
            yield spec, None


def _change_of(old: DesiredSpec | None, new: DesiredSpec | None) -> SpecChange | None:
    if new is None:
        return SpecChange(old.kind, old.key, old.name, SpecState.REMOVED, (), file=old.file) if old else None
    if old is None:
        body = new.body
        added = tuple(_change("add", field, MISSING, body[field]) for _, field in sections(body))
        return SpecChange(new.kind, new.key, new.name, SpecState.ADDED, added, file=new.file, line=1)
    changes = (*_envelope(old, new), *_body(old, new))
    if not changes:
        return None
    former = old.key if old.key != new.key else None
    state = SpecState.RENAMED if former else SpecState.CHANGED
    first = next((change for change in changes if change.path.startswith("/")), None)
    line = (new.line(first.place) if first else None) or 1
    return SpecChange(new.kind, new.key, new.name, state, changes, former, new.file, line)


def _without_secrets(change: SpecChange | None, old: DesiredSpec | None, new: DesiredSpec | None) -> SpecChange | None:
    """The change without secrets, because a diff is posted publicly."""
    shown = placeholders(secret_texts(*(spec.body for spec in (old, new) if spec))) if change else {}
    if change is None or not shown:
        return change
    values = tuple(
        replace(item, old=without_secrets(item.old, shown), written=without_secrets(item.new, shown)) for item in change.changes
    )
    return replace(change, changes=values, name=shown.get(change.name, change.name))


def _envelope(old: DesiredSpec, new: DesiredSpec) -> Iterator[Change]:
    pairs: tuple[tuple[str, Json, Json], ...] = (
        ("key", old.key, new.key),
        ("flowSpecs", list(old.flow_specs), list(new.flow_specs)),
        ("ids", old.pinned_id, new.pinned_id),
        ("adopt", old.adopt, new.adopt),
        ("ignore", list(old.ignore), list(new.ignore)),
    )
    for name, before, after in pairs:
        if before != after:
            yield Change("replace", name, before, after, (name,))


def _body(old: DesiredSpec, new: DesiredSpec) -> Iterator[Change]:
    before, after = old.body, new.body
    for section, field in sections(after):
        was = field_of(before, section)
        if was is None:
            yield _change("add", field, MISSING, after[field])
        elif before[was] is None or after[field] is None:
            if before[was] is not after[field]:
                yield _change("replace", field, before[was], after[field])
        else:
            yield from compare_section({field: before[was]}, {field: after[field]}, field)
    for section, field in sections(before):
        if field_of(after, section) is None:
            yield _change("remove", field, before[field], MISSING)


def _change(op: Op, field: str, old: Json | Missing, new: Json | Missing) -> Change:
    return Change(op, format_pointer((field,)), old, new, (field,))
