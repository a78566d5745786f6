"""Read YAML 1.2 strictly, as JSON values: bytes in, a Reading out.

Built on the events of libyaml (through ruamel.yaml.clib; ruamel.yaml's own parser gives the same events if that is not installed), so that
deep nesting cannot overflow the stack: containers are kept in a list, and limits are checked with each event.

What JSON lacks is an error with a position: tags other than the core ones, merge keys, a second document, NaN, very long integers. Anchors
are allowed unless their aliases make the value much larger than the text. The keys of a mapping are strings: a plain `1:` is "1".
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final, NoReturn, TypeAlias

import msgspec
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, DocumentEndEvent, DocumentStartEvent, StreamEndEvent, StreamStartEvent

from reconciler.documents.json_text import Json
from reconciler.texts import own_process
from reconciler.texts.reading import (
    LINE_BREAK,
    MAX_LEVELS,
    MAX_MISTAKES,
    MAX_PARTS,
    Mistake,
    Position,
    Reading,
    position_after,
    text_of,
    too_many_parts,
    unprintable,
)
from reconciler.texts.yaml_light import ENDS, MAPPING_STARTS, SCALARS, SEQUENCE_STARTS, use_light_events
from reconciler.texts.yaml_quotes import unclosed_quote
from reconciler.texts.yaml_scalars import TAG_PREFIX, BadScalar, plain, tagged

MAX_EXPANSION: Final = 100_000
"""Maximum number of nodes that aliases may add; a long scalar counts as one for each `_NODE_CHARACTERS`."""
_NODE_CHARACTERS: Final = 50

_DIRECTIVE: Final = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?+(?:\r\n|\n|\r))*+%(?P<text>[^\r\n#]*)")
"""The first line that is neither blank nor a comment, if it is a directive. The quantifiers are possessive: CR LF matches in two ways, so
backtracking would double the time with each line."""
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_QUOTE_HINT: Final = "close the quote at the end of the value; inside a quoted string, escape the quote or use the other kind"
_SYNTAX_HINT: Final = "quote a value that starts with a special character or contains ': ' or ' #'"
_EXOTIC_BREAK: Final = re.compile("[\x85\u2028\u2029]")
_EXOTIC_BREAK_BYTES: Final = tuple(character.encode() for character in "\x85\u2028\u2029")

Event: TypeAlias = Any
"""An event of ruamel.yaml, which has no type annotations."""
NextEvent: TypeAlias = Callable[[], Event]


class _Stop(Exception):
    """Reading cannot continue; its mistake is already recorded."""


class TooMany(Exception):
    """The document has too many events; `position` is that of the first one too many."""

    def __init__(self, position: Position) -> None:
        super().__init__()
        self.position = position


def read_yaml(data: bytes) -> Reading:
    """The value of this document and every mistake in it. Never raises."""
    text = text_of(data)
    if isinstance(text, Mistake):
        return Reading(None, (text,))
    refused = _refused_before_parsing(data, text)
    if refused:
        return Reading(None, refused)
    return build(events(data), text)


def events(data: bytes) -> NextEvent:
    """A function that returns the next event of this document; it raises YAMLError for invalid YAML, and TooMany."""
    parser = _c_parser()
    if parser is None:  # pragma: no cover — the C parser is a dependency; tests pass the pure one in
        return pure_events(data)
    get_event: NextEvent = parser(data).get_event
    return get_event if len(data) <= MAX_PARTS else _limited(get_event)


@functools.cache
def _c_parser() -> Callable[[bytes], Any] | None:
    """The parser of libyaml, with light events in a process of our own; None if it is not installed."""
    try:
        module = importlib.import_module("_ruamel_yaml")
    except ImportError:  # pragma: no cover — as above
        return None
    if own_process.is_ours():
        use_light_events(module)
    parser: Callable[[bytes], Any] = module.CParser
    return parser


def pure_events(data: bytes) -> NextEvent:
    """The same, by ruamel.yaml's own parser: about twenty times slower."""
    from ruamel.yaml import YAML  # noqa: PLC0415 — a slow import that is rarely needed

    stream = YAML(typ="safe", pure=True).parse(data.decode("utf-8"))
    next_event: NextEvent = iter(stream).__next__
    return next_event


def _limited(next_event: NextEvent) -> NextEvent:
    """The same events; raises TooMany beyond `MAX_PARTS`."""
    numbers = count(1)

    def next_of_limited() -> Event:
        event = next_event()
        if next(numbers) > MAX_PARTS:
            raise TooMany(position_of(event))
        return event

    return next_of_limited


def build(next_event: NextEvent, text: str) -> Reading:
    """The Reading of these events; `text` is their source."""
    builder = _Builder()
    mistakes = builder.mistakes
    try:
        builder.run(next_event)
    except _Stop:
        pass
    except TooMany as many:
        mistakes.append(too_many_parts(many.position))
    except MarkedYAMLError as error:
        mistakes.append(_syntax_mistake(error, text))
    except (YAMLError, ValueError, OverflowError) as error:
        found = unprintable(text, _UNPRINTABLE, "encoding", 'in double quotes, write it as an escape such as "\\x07"')
        mistakes.extend(found or (Mistake("syntax", f"not valid YAML: {error}", *builder.position, hint=_SYNTAX_HINT),))
    return Reading(builder.result, tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column))), builder.top)


def _refused_before_parsing(data: bytes, text: str) -> tuple[Mistake, ...]:
    """Mistakes for what the parser would read as YAML 1.1, or not at all: directives and exotic line breaks."""
    directive = _DIRECTIVE.match(text)
    if directive and directive["text"].split() != ["YAML", "1.2"]:
        position = position_after(text[: directive.start("text") - 1])
        message = f"the directive %{directive['text'].strip()[:40]} is not supported"
        return (Mistake("directive", message, *position, "files are YAML 1.2: remove it"),)
    if any(sequence in data for sequence in _EXOTIC_BREAK_BYTES):
        return unprintable(text, _EXOTIC_BREAK, "encoding", 'in double quotes, write it as an escape: "\\N", "\\L" or "\\P"')
    return ()


def _syntax_mistake(error: MarkedYAMLError, text: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    sentence = ", ".join(part for part in (error.problem, error.context) if part)
    lines = LINE_BREAK.split(text, maxsplit=line + 1)
    if line < len(lines) and lines[line][: column + 1].strip(" ").startswith("\t"):
        return Mistake("tab", "a tab is used for indentation", line + 1, column + 1, hint="indent YAML with spaces")
    if ("quoted scalar" in sentence or "expected" in sentence) and (opened := unclosed_quote(text, line)):
        message = f"this quote is not closed on its line; the string goes on to line {min(line + 1, len(lines))}"
        return Mistake("syntax", f"not valid YAML: {message}", *opened, hint=_QUOTE_HINT)
    hint = _SYNTAX_HINT
    if "unexpected ':'" in sentence:
        hint = "quote the value: between { } or [ ], a plain value cannot contain `:`, as in https://…"
    if "did not find expected ','" in sentence:
        hint = "close the { or [ opened above, or add a comma between its entries"
    if "escape" in sentence:
        hint = "write the character itself; YAML has no surrogate pairs, and a backslash in double quotes must be doubled"
    return Mistake("syntax", f"not valid YAML: {sentence}", line + 1, column + 1, hint=hint)


class _Builder:
    """Builds a value from events. `_key` is the key whose value is next, or None if the next event is a key."""

    __slots__ = ("_anchors", "_container", "_expansion", "_frames", "_key", "_measures", "_root", "mistakes", "position", "top")

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.top: dict[str, Position] = {}
        self.position: Position = (1, 1)
        self._root: list[Json] = []
        self._container: Json = self._root
        self._key: str | None = None
        self._frames: list[tuple[Json, str | None, str | None]] = []
        """For each open container: its parent, its key, and its anchor."""
        self._anchors: dict[str, Json] = {}
        self._measures: dict[int, _Measure] = {}
        self._expansion = 0

    @property
    def result(self) -> Json:
        return self._root[0] if self._root else None

    def run(self, next_event: NextEvent) -> None:
        """Process all events to the end of the stream. Raises _Stop if reading cannot continue, and the errors of the parser."""
        handlers: dict[type[Event], Callable[[Event], None]] = {
            **dict.fromkeys(SCALARS, self._scalar),
            **dict.fromkeys(MAPPING_STARTS | SEQUENCE_STARTS, self._start),
            **dict.fromkeys(ENDS, self._end),
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
            DocumentEndEvent: lambda _event: None,
            StreamStartEvent: lambda _event: None,
        }
        while True:
            event = next_event()
            kind = type(event)
            if kind is StreamEndEvent:
                break
            handlers[kind](event)
        if not self._root:
            self._stop("empty", "the file is empty", event, hint="add content, or remove the file")

    def _scalar(self, event: Event) -> None:
        if self._key is None and type(self._container) is dict:
            self._take_key(event)
            return
        value = text = event.value
        tag = event.ctag
        try:
            if tag is not None:
                value = tagged(text, str(tag), is_plain=not event.implicit[1] and not event.style)
            elif event.implicit[0]:
                value = plain(text)
        except BadScalar as error:
            self._note(error.code, str(error), event, hint=error.hint)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        self._put(value)

    def _take_key(self, event: Event) -> None:
        key: str = event.value
        mapping = self._container
        if key in mapping:
            self._note("duplicate-key", f"duplicate key {key[:80]!r} in this mapping", event, hint="remove one of them")
        elif key == "<<" and event.implicit[0]:
            self._note("merge-key", "merge keys (<<) are not part of YAML 1.2", event, hint="write out the keys")
        if event.ctag is not None and str(event.ctag) not in {"!", TAG_PREFIX + "str"}:
            message = f"a key must be a string; the tag {str(event.ctag)[:80]} is not allowed here"
            self._note("tag", message, event, hint="remove the tag")
        if event.anchor is not None:
            self._anchors[event.anchor] = key
        if len(self._frames) == 1:
            self.top.setdefault(key, position_of(event))
        self._key = key

    def _put(self, value: Json) -> None:
        container = self._container
        if type(container) is list:
            container.append(value)
        else:
            container[self._key] = value
            self._key = None

    def _start(self, event: Event) -> None:
        mapping = type(event) in MAPPING_STARTS
        if len(self._frames) >= MAX_LEVELS:
            message = f"nesting is deeper than {MAX_LEVELS} levels"
            self._stop("too-deep", message, event, hint="no spec is that deep: look for stray brackets")
        if self._key is None and type(self._container) is dict:
            message = "a key must be a string, not a list or mapping"
            self._stop("key", message, event, hint="quote a value that contains curly braces")
        if event.ctag is not None and str(event.ctag) not in {"!", TAG_PREFIX + ("map" if mapping else "seq")}:
            self._note("tag", f"the tag {str(event.ctag)[:80]} has no JSON equivalent", event, hint="remove the tag")
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        self._frames.append((self._container, self._key, event.anchor))
        self._container = {} if mapping else []
        self._key = None

    def _end(self, _event: Event) -> None:
        value = self._container
        self._container, self._key, anchor = self._frames.pop()
        if anchor is not None:
            self._anchors[anchor] = value
            self._measures[id(value)] = _measure(value, self._measures)
        self._put(value)

    def _alias(self, event: Event) -> None:
        name = event.anchor
        if self._key is None and type(self._container) is dict:
            self._stop("alias", f"a key cannot be the alias *{name[:80]}", event, hint="write the key")
        if name not in self._anchors:
            recursive = any(anchor == name for _, _, anchor in self._frames)
            reason = "would contain itself" if recursive else "refers to no anchor above it"
            self._note("alias", f"the alias *{name[:80]} {reason}", event, hint="write out the value")
            self._put(None)
            return
        value = self._anchors[name]
        measure = self._measures.get(id(value)) or _measure(value, self._measures)
        self._expansion += measure.weight
        if self._expansion > MAX_EXPANSION:
            self._stop("alias", f"aliases expand this file by more than {MAX_EXPANSION:,} nodes", event, hint="use fewer aliases")
        if len(self._frames) + measure.levels > MAX_LEVELS:
            message = f"with *{name[:80]}, nesting is deeper than {MAX_LEVELS} levels"
            self._stop("too-deep", message, event, hint="use fewer aliases")
        self._put(value)

    def _document(self, event: Event) -> None:
        if self._root:
            hint = "a file may hold one document: move it to its own file"
            self._stop("documents", "a second document starts here", event, hint=hint)

    def _note(self, code: str, message: str, event: Event, *, hint: str) -> None:
        self.position = position_of(event)
        self.mistakes.append(Mistake(code, message, *self.position, hint=hint))
        if len(self.mistakes) >= MAX_MISTAKES:
            raise _Stop

    def _stop(self, code: str, message: str, event: Event, *, hint: str) -> NoReturn:
        self._note(code, message, event, hint=hint)
        raise _Stop


class _Measure(msgspec.Struct, frozen=True):
    """The size of an anchored value; it keeps a reference to the value, so that its `id()` is not reused."""

    value: Json
    weight: int
    levels: int


def _measure(value: Json, known: Mapping[int, _Measure]) -> _Measure:
    """The nodes and levels of a value; anchored values that are already measured are not walked again."""
    weight, levels, depth = 0, 0, 0
    level = [value]
    while level:
        depth += 1
        following: list[Json] = []
        for item in level:
            before = known.get(id(item)) if isinstance(item, list | dict) else None
            if before is not None:
                weight += before.weight
                levels = max(levels, depth - 1 + before.levels)
            elif isinstance(item, list | dict):
                weight += 1
                levels = max(levels, depth)
                following.extend(item.values() if isinstance(item, dict) else item)
                following.extend(item if isinstance(item, dict) else ())
            else:
                weight += 1 + len(str(item)) // _NODE_CHARACTERS
        level = following
    return _Measure(value, weight, levels)


def position_of(event: Event) -> Position:
    """The position at which an event begins."""
    mark = event.start_mark
    return mark.line + 1, mark.column + 1
