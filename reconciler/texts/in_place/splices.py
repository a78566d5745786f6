"""Changes to a text, collected and made at once, so that positions stay valid."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Splices:
    """Replacements of ranges of a text. Only removals may overlap; insertions at one place keep their order."""

    text: str
    _made: list[tuple[int, int, str]] = field(default_factory=list)

    def replace(self, start: int, end: int, new: str) -> None:
        self._made.append((start, end, new))

    def insert(self, position: int, new: str) -> None:
        self._made.append((position, position, new))

    def remove(self, start: int, end: int) -> None:
        self._made.append((start, end, ""))

    def result(self) -> str:
        """The changed text. Raises ValueError if replacements overlap."""
        parts: list[str] = []
        position = 0
        for start, end, new in sorted(self._made, key=lambda made: (made[0], made[1])):
            if start < position and new:
                raise ValueError("two changes of one place")
            parts += [self.text[position:start], new]
            position = max(position, end)
        return "".join([*parts, self.text[position:]])
