"""JSON that is sent back to the service unchanged: numbers that keep their spelling, and text that no Python value can hold.

`json_text.encode` writes both byte for byte. In comparisons, a `SpelledNumber` is an ordinary number, and a `Verbatim` equals only the same
text.
"""

from __future__ import annotations

from typing import Self


class SpelledNumber(float):
    """A finite number in a spelling other than ours: `1E5`, `1.10`, `-0`."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # copies are built from the text, not from the number
        return (self.text,)


class Verbatim:
    """One JSON value as text: a number outside the range of a double, an object with a duplicate key, or a value that is nested too deep.

    Not a dataclass, because msgspec would write one as an object.
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
