"""A second look at a text for the positions of its keys and values: only when somebody asks, since it costs as much as reading it."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum, auto

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from reconciler.texts.json_scan import scan_json
from reconciler.texts.positions import Positions
from reconciler.texts.reading import MAX_LEVELS, Mistake, Position, text_of
from reconciler.texts.yaml import NextEvent, TooMany, events, position_of


class Syntax(Enum):
    """How a text is written."""

    YAML = auto()
    JSON = auto()


def locate(data: bytes, syntax: Syntax) -> Positions:
    """The positions in this text, as far as it can be read. Never raises."""
    text = text_of(data)
    if isinstance(text, Mistake):
        return Positions()
    if syntax is Syntax.JSON:
        return scan_json(text).positions
    walk = _Walk()
    with suppress(
        YAMLError, TooMany, ValueError, OverflowError
    ):  # the reader says what is wrong; up to there the positions are known
        walk.run(events(data))
    return walk.positions


class _Walk:
    """Follows the events of one YAML document. An index of None stands for a mapping; `_key_due` says that its next scalar is a key."""

    __slots__ = ("_indexes", "_key_due", "positions")

    def __init__(self) -> None:
        self.positions = Positions()
        self._indexes: list[int | None] = []
        self._key_due = False

    def run(self, next_event: NextEvent) -> None:
        while True:
            event = next_event()
            kind = type(event)
            if kind is StreamEndEvent or len(self._indexes) > MAX_LEVELS:
                return
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                self._enter(position_of(event), is_mapping=kind is MappingStartEvent)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._leave()
            elif kind is ScalarEvent and self._key_due:
                self.positions.key(event.value, position_of(event))
                self._key_due = False
            elif kind is ScalarEvent or kind is AliasEvent:
                self._value(position_of(event))
                self._after_value()

    def _value(self, position: Position) -> None:
        index = self._indexes[-1] if self._indexes else None
        if index is not None:
            self.positions.item(index, position)
            self._indexes[-1] = index + 1
        self.positions.value(position)

    def _after_value(self) -> None:
        self._key_due = bool(self._indexes) and self._indexes[-1] is None

    def _enter(self, position: Position, *, is_mapping: bool) -> None:
        self._value(position)
        self.positions.enter()
        self._indexes.append(None if is_mapping else 0)
        self._key_due = is_mapping

    def _leave(self) -> None:
        self._indexes.pop()
        self.positions.leave()
        self._after_value()
