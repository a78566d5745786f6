"""Characters that a name cannot have: those that are not seen, and those that end a line or turn its direction.

A name is compared character by character, and what nobody sees in it makes it another name than the one that is meant.
"""

from __future__ import annotations

import unicodedata
from typing import Final, Protocol

from reconciler.documents.kinds import Kind

_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories: controls (C0, C1, delete), halves of surrogate pairs, the separators of lines and paragraphs."""
_FORMAT: Final = "Cf"
"""The category of zero width characters, the marks of direction, the soft hyphen, the byte order mark and tags."""
_SEEN_FORMATS: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Marks of that category that are drawn: signs around numbers in Arabic, Syriac and Kaithi."""
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Fillers that other categories have: nothing is drawn for them."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""Persian and the scripts of India spell with them, and emoji are joined by them; between Latin letters they do nothing."""
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
"""Controls have no names of their own in Unicode."""


def name_faults(name: str) -> tuple[str, ...]:
    """Each character that a name cannot have, as "U+0009 (tab) at character 5", in order; characters count from 1."""
    return tuple(f"{called(name[index])} at character {index + 1}" for index in _places(name))


def without_faults_at_ends(name: str) -> str:
    """The name without what is not seen before its first and after its last character: spaces, and what no name can have."""
    faulty = frozenset(_places(name))
    kept = [index for index, character in enumerate(name) if index not in faulty and not character.isspace()]
    return name[kept[0] : kept[-1] + 1] if kept else ""


def name_without_faults(name: str) -> str:
    """What the name reads like: what is not seen is left out, and a space stands for tabs, ends of lines, and spaces in a row.

    Empty where nothing is left.
    """
    faulty = frozenset(_places(name))
    seen = (" " if character.isspace() else "" if index in faulty else character for index, character in enumerate(name))
    return " ".join("".join(seen).split())


class Named(Protocol):
    """What has a kind, a name and a provider: a spec file's spec, or a live one."""

    @property
    def kind(self) -> Kind: ...

    @property
    def name(self) -> str: ...

    @property
    def provider_id(self) -> str: ...


def name_claim(spec: Named) -> tuple[Kind, str, str]:
    """What a spec takes up among its kind: its folded name, and its provider. Two specs of one claim cannot be told apart."""
    return spec.kind, folded_name(spec.name), spec.provider_id.lower()


def folded_name(name: str) -> str:
    """The name as people tell names apart: NFKC, without case and without what is not seen, its words one space apart."""
    if name.isascii() and name.isprintable():
        return " ".join(name.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return name_without_faults(folded)


def called(character: str) -> str:
    """A character by its number and its name."""
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
    """Whether there is something to join before and behind this character, or to keep apart."""
    around = name[max(index - 1, 0) : index] + name[index + 1 : index + 2]
    return len(around) == 2 and all(not neighbour.isascii() and not _is_unseen(neighbour) for neighbour in around)  # noqa: PLR2004


def _is_unseen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in _CONTROL | {_FORMAT}
