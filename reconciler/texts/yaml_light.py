"""Light events: what the C parser makes instead of the events of ruamel.yaml, in a process of our own.

An event of ruamel.yaml is made by three calls in Python, which takes a quarter of the time of reading a file.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

import msgspec
from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)


class Start(msgspec.Struct, gc=False):
    """The start of a mapping or sequence; the fields are those of ruamel.yaml, in the order in which the parser gives them."""

    anchor: Any
    ctag: Any
    implicit: Any
    start_mark: Any
    end_mark: Any
    flow_style: Any


class MappingStart(Start, gc=False):
    """The start of a mapping."""


class SequenceStart(Start, gc=False):
    """The start of a sequence."""


class MappingEnd(msgspec.Struct, gc=False):
    """The end of a mapping."""

    start_mark: Any
    end_mark: Any


class SequenceEnd(msgspec.Struct, gc=False):
    """The end of a sequence."""

    start_mark: Any
    end_mark: Any


class Scalar(msgspec.Struct, gc=False):
    """A scalar."""

    anchor: Any
    ctag: Any
    implicit: Any
    value: Any
    start_mark: Any
    end_mark: Any
    style: Any


REPLACED: Final[dict[str, type[msgspec.Struct]]] = {
    "MappingStartEvent": MappingStart,
    "MappingEndEvent": MappingEnd,
    "SequenceStartEvent": SequenceStart,
    "SequenceEndEvent": SequenceEnd,
    "ScalarEvent": Scalar,
}
"""By the name of what they replace; the other events are few."""
SCALARS: Final = frozenset({ScalarEvent, Scalar})
"""The types of a scalar, usual and light; so for the others."""
MAPPING_STARTS: Final = frozenset({MappingStartEvent, MappingStart})
SEQUENCE_STARTS: Final = frozenset({SequenceStartEvent, SequenceStart})
ENDS: Final = frozenset({MappingEndEvent, MappingEnd, SequenceEndEvent, SequenceEnd})
_SAMPLE: Final = b"&a !m\nb: &c !!str '1'\nc: !s [*c, \"d\", {~: 2}]\ne: |-\n  f\n"
_MARKS: Final = ("start_mark", "end_mark")


def use_light_events(parser: ModuleType) -> bool:
    """Have this module, `_ruamel_yaml`, make light events from now on, in the whole process.

    Returns False, and changes nothing, if they would not say what the module's own events say.
    """
    usual = {name: vars(parser).get(name) for name in REPLACED}
    try:
        expected = _told(parser)
        vars(parser).update(REPLACED)
        if _told(parser) == expected:
            return True
    except Exception:  # noqa: BLE001, S110 - whatever another version of the module does with other events
        pass
    vars(parser).update({name: kind for name, kind in usual.items() if kind is not None})
    return False


def _told(parser: ModuleType) -> list[tuple[object, ...]]:
    """What the events of the sample say."""
    get_event = parser.CParser(_SAMPLE).get_event
    told = []
    while type(event := get_event()) is not StreamEndEvent:
        fields = (_field(event, name) for name in (*Scalar.__struct_fields__, "flow_style"))
        told.append((type(event).__name__.removesuffix("Event"), *fields))
    return told


def _field(event: object, name: str) -> object:
    value: Any = getattr(event, name, None)
    if name in _MARKS:
        return value.line, value.column, value.index
    return value if value is None or isinstance(value, tuple | bool) else str(value)
