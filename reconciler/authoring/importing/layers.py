"""Write a change of the body into the right layer of an envelope: `spec`, or the overlay of the target where it was seen.

A place that the target's overlay sets is changed in the overlay. Other places are changed in `spec` if only this target uses its value; if
other targets use it too, the change goes into this target's overlay, because the other targets were not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.documents.merge import overlay
from reconciler.documents.places import MISSING, Missing
from reconciler.documents.pointer import Segments
from reconciler.documents.variables import as_written, holds_variables, is_literal, is_variable

_ENVELOPE_ORDER: Final = ("kind", "key", "formerly", "flowSpecs", "ids", "adopt", "ignore", "overlays", "spec")


class CannotSay(ValueError):
    """An overlay cannot express the value: a null in an overlay removes a key."""


@dataclass(frozen=True, slots=True)
class Layered:
    """The changed envelope. `overlaid` are the places that went into the overlay because other targets use the value in `spec`."""

    document: Document
    overlaid: tuple[Segments, ...] = ()


def with_body(
    document: Document, target: str, others: Iterable[str], before: Document, after: Document, general: Iterable[str] = ()
) -> Layered:
    """The envelope, changed so that the body for this target is `after` instead of `before`.

    `general` names the overlays that apply before the target's own, in order. Lists are replaced as a whole, as in overlays. Raises
    CannotSay.
    """
    base: Document = document["spec"]
    overlays: Document = document.get("overlays", {})
    patch: Document = overlays.get(target, {})
    between: list[Document] = [overlays[name] for name in general if overlays.get(name)]
    full_after, overlaid = overlay(_below(base, between), patch), []
    for path, changed in _differences(before, after):
        value = changed if changed is MISSING else as_written(changed)
        if any(_has_variable_at(layer, path) for layer in (base, *overlays.values())):
            raise CannotSay("a variable or a literal stands there; change its value in reconciler.yaml or the file by hand")
        full_after = _with(full_after, path, value)
        shared = any(not _covers(overlays.get(other, {}), path) for other in others) or any(_says(one, path) for one in between)
        if not _says(patch, path) and not shared:
            base = _with(base, path, value)
            continue
        if not _says(patch, path):
            overlaid.append(path)
        patch = _patched(patch, path, value, _below(base, between))
    if encode_sorted(_without_removals(overlay(_below(base, between), patch))) != encode_sorted(_without_removals(full_after)):
        raise CannotSay("an overlay cannot express it, because a null in an overlay removes the value")
    return Layered(_with_layers(document, target, base, patch), tuple(overlaid))


def _below(base: Document, between: Iterable[Document]) -> Document:
    """The body to which the target's own overlay applies."""
    for patch in between:
        base = overlay(base, patch)
    return base


def with_key(document: Document, key: str, value: Json) -> Document:
    """The envelope with this key; a new key goes to its usual position."""
    if key in document:
        return document | {key: value}
    rank = _ENVELOPE_ORDER.index(key)
    before = [name for name in document if name in _ENVELOPE_ORDER and _ENVELOPE_ORDER.index(name) < rank]
    last = before[-1] if before else None
    result: Document = {} if last is not None else {key: value}
    for name, item in document.items():
        result[name] = item
        if name == last:
            result[key] = value
    return result


def _without_removals(body: Document) -> Document:
    """The body without top-level nulls: if live lacks a section, a null and a missing section mean the same."""
    return {section: value for section, value in body.items() if value is not None}


def _with_layers(document: Document, target: str, base: Document, patch: Document) -> Document:
    document = document | {"spec": base}
    overlays = {name: item for name, item in document.get("overlays", {}).items() if name != target or patch}
    if patch:
        overlays[target] = patch
    if overlays:
        return with_key(document, "overlays", overlays)
    return {name: item for name, item in document.items() if name != "overlays"}


def _differences(before: Document, after: Document, path: Segments = ()) -> Iterator[tuple[Segments, Json | Missing]]:
    """Each place, at any depth of mappings, at which the two differ, with its new value."""
    for key in {**before, **after}:
        old, new = before.get(key, MISSING), after.get(key, MISSING)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(old, new, (*path, key))
        elif old is MISSING or new is MISSING or encode_sorted(old) != encode_sorted(new):
            yield (*path, key), new


def _says(patch: Json, path: Segments) -> bool:
    """Whether a patch sets this place, one above it, or one below it."""
    for segment in path:
        if not isinstance(patch, dict):
            return True
        if segment not in patch:
            return False
        patch = patch[segment]
    return True


def _has_variable_at(layer: Json, path: Segments) -> bool:
    """Whether a variable or a literal is at this place, above it, or below it."""
    for segment in path:
        if is_variable(layer) or is_literal(layer):
            return True
        if not isinstance(layer, dict) or segment not in layer:
            return False
        layer = layer[segment]
    return holds_variables(layer)


def _covers(patch: Json, path: Segments) -> bool:
    """Whether the patch fully determines the value at this place; a mapping in a patch does not."""
    return _says(patch, path) and not isinstance(_at(patch, path), dict)


def _with(container: Json, path: Segments, value: Json | Missing) -> Document:
    """A copy with this value at the path, or without it for MISSING. Values on the way that are not mappings become mappings."""
    key, rest = path[0], path[1:]
    held: Document = container if isinstance(container, dict) else {}
    if rest:
        return held | {key: _with(held.get(key), rest, value)}
    if value is MISSING:
        return {name: item for name, item in held.items() if name != key}
    return held | {key: value}


def _at(container: Json, path: Segments) -> Json | Missing:
    for segment in path:
        container = container.get(segment, MISSING) if isinstance(container, dict) else MISSING
    return container


def _patched(patch: Document, path: Segments, value: Json | Missing, base: Json) -> Document:
    """The patch with this value; a patch that is no longer needed is removed."""
    held = _at(base, path)
    said: Json | Missing = MISSING if held is MISSING else None
    if value is not MISSING:
        said = _patch_from(held, value)
    return _pruned(_with(patch, path, said), path[:-1], base)


def _patch_from(held: Json | Missing, wanted: Json) -> Json:
    """The patch that turns the value in the base into the wanted one."""
    if not isinstance(held, dict) or not isinstance(wanted, dict):
        return wanted
    patch: Document = {key: None for key in held if key not in wanted}
    for key, value in wanted.items():
        if key not in held or encode_sorted(held[key]) != encode_sorted(value):
            patch[key] = _patch_from(held.get(key, MISSING), value)
    return patch


def _pruned(patch: Document, path: Segments, base: Document) -> Document:
    """The patch without empty mappings along this path where the base has mappings."""
    for length in range(len(path), 0, -1):
        if _at(patch, path[:length]) != {} or not isinstance(_at(base, path[:length]), dict):
            break
        patch = _with(patch, path[:length], MISSING)
    return patch
