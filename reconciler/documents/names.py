"""Characters that are not allowed in names: invisible ones, line breaks, and marks that change the text direction.

Names are compared character by character, so an invisible character makes a different name.
"""

from __future__ import annotations

import unicodedata
from typing import Final, Protocol

from reconciler.documents.kinds import Kind

_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories: controls (C0, C1, delete), halves of surrogate pairs, the separators of lines and paragraphs."""
_FORMAT: Final = "Cf"
"""The Unicode category of zero-width characters, direction marks, the soft hyphen, the byte order mark and tags."""
_SEEN_FORMATS: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Visible characters of that category: number signs in Arabic, Syriac and Kaithi."""
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Invisible fillers in other categories."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""Persian, Indic scripts and emoji need them; between Latin letters they have no effect."""
_CALLED: Final = {
    "\0": "null",
    "\b": "backspace",
    "\t": "tab",
    "\n": "line feed",
    "\v": "line tabulation",
    "\f": "form feed",
    "\r": "carriage return",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
}
"""Names of control characters, which have none in Unicode."""


def name_faults(name: str) -> tuple[str, ...]:
    """Each character that is not allowed in a name, as "U+0009 (tab) at character 5", in order; characters count from 1."""
    return tuple(f"{called(name[index])} at character {index + 1}" for index in _places(name))


def without_faults_at_ends(name: str) -> str:
    """The name without spaces and invalid characters at its start and end."""
    faulty = frozenset(_places(name))
    kept = [index for index, character in enumerate(name) if index not in faulty and not character.isspace()]
    return name[kept[0] : kept[-1] + 1] if kept else ""


def name_without_faults(name: str) -> str:
    """The name as it looks: without invalid characters, and with one space for any run of white space.

    Empty if nothing remains.
    """
    faulty = frozenset(_places(name))
    seen = (" " if character.isspace() else "" if index in faulty else character for index, character in enumerate(name))
    return " ".join("".join(seen).split())


class Named(Protocol):
    """A spec with a kind, a name and a provider: desired or live."""

    @property
    def kind(self) -> Kind: ...

    @property
    def name(self) -> str: ...

    @property
    def provider_id(self) -> str: ...


def name_claim(spec: Named) -> tuple[Kind, str, str]:
    """The kind, folded name and provider of a spec. Two specs with the same claim cannot be told apart."""
    return spec.kind, folded_name(spec.name), spec.provider_id.lower()


def folded_name(name: str) -> str:
    """The name for comparison: NFKC, case-folded, without invalid characters, its words separated by one space."""
    if name.isascii() and name.isprintable():
        return " ".join(name.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return name_without_faults(folded)


def called(character: str) -> str:
    """The code point and the name of a character."""
    name = _CALLED.get(character) or unicodedata.name(character, "a control character").lower()
    return f"U+{ord(character):04X} ({name})"


def _places(name: str) -> list[int]:
    if name.isascii() and name.isprintable():
        return []
    return [index for index, character in enumerate(name) if _cannot_stand(name, index, character)]


def _cannot_stand(name: str, index: int, character: str) -> bool:
    category = unicodedata.category(character)
    if category in _CONTROL or character in _BLANK:
        return True
    if category != _FORMAT or character in _SEEN_FORMATS:
        return False
    return character not in _JOINERS or not _joins(name, index)


def _joins(name: str, index: int) -> bool:
    """Whether the characters before and after this joiner are visible and not ASCII."""
    around = name[max(index - 1, 0) : index] + name[index + 1 : index + 2]
    return len(around) == 2 and all(not neighbour.isascii() and not _is_unseen(neighbour) for neighbour in around)  # noqa: PLR2004


def _is_unseen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in _CONTROL | {_FORMAT}
