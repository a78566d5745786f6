"""The layers of a spec file for one target, and which of them a value of its body comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from reconciler.desired.layers import Layers
from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import index_of
from reconciler.documents.pointer import Segments
from reconciler.documents.variables import VARIABLE, is_literal, is_variable, with_values


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a file: `written` is as the file has it, `valued` has the values of variables. `path` is where it is in the file."""

    name: str | None
    """The group, fleet or target whose overlay it is; None for the spec itself."""
    path: Segments
    written: Document
    valued: Document


@dataclass(frozen=True, slots=True)
class Contribution:
    """A layer that decides about a place, and where in the file it does so."""

    layer: Layer
    path: Segments
    """In the file: the entry at the place, or the one above it that decides, such as a null or a variable."""
    variables: tuple[str, ...] = ()
    """The variables that the value consists of, or that it contains."""


class _End(Enum):
    """How the way to a place ended in a layer."""

    THERE = auto()
    """The layer has a value there."""
    NOT_WRITTEN = auto()
    """A mapping above the place does not have it, so the layer below decides."""
    COVERED = auto()
    """Something other than a mapping is above it."""


@dataclass(frozen=True, slots=True)
class _Walk:
    end: _End
    depth: int
    value: Json
    found: Contribution


def layers_of(document: Document, layers: Layers, *, is_artifact: bool) -> tuple[Layer, ...]:
    """The layers of a file that apply to a target, in the order in which they are applied: the spec first."""
    if is_artifact:
        return (_layer(None, (), document, layers),)
    overlays = document.get("overlays") or {}
    applied = ((name, overlays[name]) for name in layers.order if overlays.get(name))
    return (
        _layer(None, ("spec",), document["spec"], layers),
        *(_layer(name, ("overlays", name), written, layers) for name, written in applied),
    )


def _layer(name: str | None, path: Segments, written: Document, layers: Layers) -> Layer:
    return Layer(name, path, written, with_values(written, layers.variables, lambda _path, _name: None))


def contributions(layers: Sequence[Layer], place: Segments) -> tuple[Contribution, ...]:
    """The layers that decide what is at this place of the body, in the order in which they are applied.

    A mapping may come from several. Of a place that the body lacks, it is the layer that removes or replaces it; none if no layer
    writes it.
    """
    return tuple(reversed(list(_deciding(layers, place))))


def _deciding(layers: Sequence[Layer], place: Segments) -> Iterator[Contribution]:
    """From the last layer down. `merged` is the depth to which a later layer has mappings, which cover anything else below them."""
    merged = 0
    for layer in reversed(layers):
        walk = _walk(layer, place)
        if walk.end is _End.NOT_WRITTEN:
            merged = max(merged, walk.depth)
        elif walk.end is _End.THERE and isinstance(walk.value, dict):
            yield walk.found
            merged = walk.depth
        else:
            if walk.depth > merged:
                yield walk.found
            return


def _walk(layer: Layer, place: Segments) -> _Walk:
    written: Json = layer.written
    value: Json = layer.valued
    path, variable = layer.path, None
    for depth, segment in enumerate(place):
        key = _key(value, segment, place[:depth])
        if key is None:
            end = _End.NOT_WRITTEN if isinstance(value, dict) else _End.COVERED
            return _Walk(end, depth, value, Contribution(layer, path, _used(variable, written)))
        value = value[key]
        if variable is None and not is_literal(written):
            written = written[key]
            path = (*path, str(key))
            variable = written[VARIABLE] if is_variable(written) else None
    return _Walk(_End.THERE, len(place), value, Contribution(layer, path, _used(variable, written)))


def _key(value: Json, segment: str, place: Segments) -> str | int | None:
    """The key or index of a segment in this value; None if it has none."""
    if isinstance(value, dict):
        return segment if segment in value else None
    return index_of(value, segment, place) if isinstance(value, list) else None


def _used(variable: str | None, written: Json) -> tuple[str, ...]:
    return (variable,) if variable is not None else tuple(dict.fromkeys(_names(written)))


def _names(written: Json) -> Iterator[str]:
    if is_variable(written):
        yield written[VARIABLE]
    elif isinstance(written, dict) and not is_literal(written):
        for item in written.values():
            yield from _names(item)
    elif isinstance(written, list):
        for item in written:
            yield from _names(item)
