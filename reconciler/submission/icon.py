"""Whether a file is an icon that a catalog can show: an SVG image that runs nothing, loads nothing, and is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MOST_BYTES: Final = 1_000_000
_SVG: Final = "http://www.w3.org/2000/svg"
_MOST_ELEMENTS: Final = 20_000
_DEEPEST: Final = 200
_ACTIVE: Final = {
    "script": "a script",
    "foreignobject": "a foreignObject",
    "iframe": "a frame",
    "handler": "a script",
    "listener": "a script",
}
_RASTER: Final = frozenset({"image", "feimage"})
_DRAWN: Final = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use"})
_URL: Final = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)[^)\s]|@import|\b(?:image-set|image|src)\s*\(", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(
    r"\s*(?:placeholder|untitled|title|icon|logo|test|sample|example|todo|lorem ipsum|layer \d+)\b.*", re.IGNORECASE
)
_NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_VIEW_BOX: Final = re.compile(rf"\s*({_NUMBER})(?:\s+|\s*,\s*)({_NUMBER})(?:\s+|\s*,\s*)({_NUMBER})(?:\s+|\s*,\s*)({_NUMBER})\s*")


class _Stop(Exception):
    """Reading ends here: the rest would only repeat it, or cost too much."""


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    found: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    elements: int = 0
    drawn: bool = False
    text: list[str] = field(default_factory=list)

    def say(self, said: str) -> None:
        if said not in self.found:
            self.found.append(said)

    def doctype(self, *_: object) -> None:
        self.say("it has a DOCTYPE, which can define entities")
        raise _Stop

    def instruction(self, target: str, _: str) -> None:
        self.say(f"it has the processing instruction `{target[:40]}`")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self.elements += 1
        if self.elements > _MOST_ELEMENTS or len(self.open) >= _DEEPEST:
            self.say(f"it has more than {_MOST_ELEMENTS:,} elements, or more than {_DEEPEST} levels")
            raise _Stop
        if not self.open:
            self._root(space, local, attributes)
        self.open.append(local)
        lower = local.lower()
        self.drawn = self.drawn or (space == _SVG and local in _DRAWN)
        if lower in _ACTIVE:
            self.say(f"it contains {_ACTIVE[lower]}")
        if lower in _RASTER:
            self.say(f"it contains a raster image (`{local[:40]}`)")
        for written, value in attributes.items():
            self._attribute(written.rpartition(" ")[2], value)
        self.text.clear()

    def _root(self, space: str, local: str, attributes: dict[str, str]) -> None:
        if (space, local) != (_SVG, "svg"):
            self.say(f"its first element is not `svg` in the namespace {_SVG}")
            raise _Stop
        box = _VIEW_BOX.fullmatch(attributes.get("viewBox", ""))
        if "viewBox" not in attributes:
            self.say("it has no `viewBox`")
        elif box is None or float(box[3]) <= 0 or float(box[4]) <= 0:
            self.say("its `viewBox` is not four numbers with a width and a height")

    def _attribute(self, name: str, value: str) -> None:
        lower = name.lower()
        if lower.startswith("on"):
            self.say(f"it has the event handler `{name[:40]}`")
        if (lower in {"href", "src"} and not value.strip().startswith("#")) or lower == "base":
            self.say("it refers to another file or address (`href`)")
        elif lower == "attributename" and value.strip().lower().rpartition(":")[2] in {"href", "src"}:
            self.say("it refers to another file or address (animation)")
        else:
            self._style(value)

    def _style(self, text: str) -> None:
        if _URL.search(text):
            self.say("it refers to another file or address (`url(…)` or `@import`)")
        if "\\" in text:
            self.say("its styles have escapes, which can hide an address")

    def characters(self, text: str) -> None:
        if self.open and self.open[-1].lower() in {"title", "style"}:
            self.text.append(text)

    def end(self, _: str) -> None:
        name = self.open.pop().lower()
        if name == "style":
            self._style("".join(self.text))
        if name == "title" and _PLACEHOLDER.fullmatch("".join(self.text)):
            self.say("its `title` is a placeholder")
        self.text.clear()


def mistakes_of_icon(data: bytes) -> tuple[str, ...]:
    """Why this file cannot be the icon, each as a sentence without a subject's name; empty for one that can. Never raises."""
    if len(data) > MOST_BYTES:
        return (f"it has {len(data):,} bytes; the limit is {MOST_BYTES:,}",)
    return tuple(_mistakes(data))


def _mistakes(data: bytes) -> Iterator[str]:
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.ProcessingInstructionHandler = reading.instruction
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.characters
    try:
        parser.Parse(data, True)
    except _Stop:
        yield from reading.found
        return
    except expat.ExpatError as error:
        yield f"it is not well-formed XML: line {error.lineno}: {expat.ErrorString(error.code)}"
    except (ValueError, LookupError):
        yield "it is in an encoding that cannot be read"
    else:
        if not reading.drawn:
            yield "it draws nothing"
    yield from reading.found
