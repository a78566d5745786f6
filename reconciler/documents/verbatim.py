"""JSON that goes back to the service as it came: values that remember their spelling, and text that no Python value can hold.

Both are written by `json_text.encode`, byte for byte. To everything that compares, a `SpelledNumber` is the number that it is, and a
`Verbatim` is equal only to the same text.
"""

from __future__ import annotations

from typing import Self


class SpelledNumber(float):
    """A finite number whose text is not the one that we would write: `1E5`, `1.10`, `-0`."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # what copies are made from: the text, not the number
        return (self.text,)


class Verbatim:
    """One JSON value as text: a number that no double holds, an object that has a key twice, or what is nested too deep to look into.

    No dataclass: msgspec would write one as an object.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verbatim) and other.text == self.text

    def __hash__(self) -> int:
        return hash((Verbatim, self.text))

    def __repr__(self) -> str:
        return f"Verbatim({self.text!r})"
