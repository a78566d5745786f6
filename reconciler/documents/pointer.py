"""Parse and format JSON Pointers (RFC 6901)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Segments: TypeAlias = "tuple[str, ...]"


def parse_pointer(text: str) -> Segments:
    """The segments of a pointer; the empty pointer, for the whole document, has none.

    Raises ValueError, with a message, if the string is not a pointer.
    """
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(f"a JSON Pointer must start with '/': {text!r}")
    if text.count("~") != text.count("~0") + text.count("~1"):
        raise ValueError(f"in a JSON Pointer '~' is written '~0' and '/' is written '~1': {text!r}")
    return tuple(segment.replace("~1", "/").replace("~0", "~") for segment in text[1:].split("/"))


def format_pointer(segments: Iterable[str]) -> str:
    """The pointer of these segments."""
    return "".join("/" + segment.replace("~", "~0").replace("/", "~1") for segment in segments)
