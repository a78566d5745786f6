"""Rules for names, and for invisible or misleading characters in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from reconciler.documents.names import called, name_faults, name_without_faults, without_faults_at_ends
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.rule import Finding, Mark, Replace, Rule
from reconciler.lint.subject import Subject, nodes, shown
from reconciler.sdk.fields import Shape, paths
from reconciler.sdk.sections import SECTIONS

_FIELDS: Final = tuple(field for sections in SECTIONS.values() for _, field in paths(sections))
_NAMED: Final = frozenset(name for field in _FIELDS if field.shape is Shape.NAME or field.values for name in field.names)
"""Fields whose string is a name: it is compared, or sent unchanged."""
_LISTS: Final = frozenset({"required", *(field.name for field in _FIELDS if field.shape in {Shape.NAMES, Shape.IDS})})
_DATA: Final = frozenset({"enum", "default", "const", "examples", "example"})
"""Fields that hold arbitrary data."""
_LOOK_ALIKE: Final = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "FULLWIDTH", "MATHEMATICAL")
_SPACES: Final = "Zs"
_AT_ENDS_OR_TWICE: Final = (b'" ', b' "', b"  ")
"""One of these is in the JSON of a body without control characters in which a string has a leading, trailing or double space."""
_MAX_TOLD: Final = 3
"""Faults of one name in one message."""


@lru_cache(maxsize=1)
def _names(subject: Subject) -> tuple[tuple[Segments, str, Mark], ...]:
    """Each name in a body: the keys, and the strings of fields that hold names. Cached, because three rules use it in turn."""
    return tuple(_names_in(subject))


def _names_in(subject: Subject) -> Iterator[tuple[Segments, str, Mark]]:
    for path, value in nodes(subject.body):
        if not path or not _DATA.isdisjoint(path[:-1]):
            continue
        if not path[-1].isdecimal():
            yield path, path[-1], Mark.KEY
        if isinstance(value, str) and (path[-1] in _NAMED or (len(path) > 1 and path[-2] in _LISTS)):
            yield path, value, Mark.VALUE


def _space(subject: Subject) -> Iterable[Finding]:
    if subject.is_plain and not any(subject.may_hold(spaces) for spaces in _AT_ENDS_OR_TWICE):
        return
    for path, name, mark in _names(subject):
        plain = name.strip()
        if plain == name and "  " not in name:
            continue
        if name_faults(name):
            continue
        if plain != name and plain:
            where = "trailing" if name.startswith(plain[0]) else "leading"
            safe = _safe(path, plain)
            message = f"{shown(name)} has a {where} space, which makes it a different name than {shown(plain)}"
            yield Finding(path, message, f"write {' '.join(plain.split())[:80]}", mark, safe)
        elif "  " in plain and path[-1] == "name":
            message = f"{shown(name)} has two spaces in a row"
            yield Finding(path, message, f"write {' '.join(plain.split())[:80]}", mark)


def _safe(path: Segments, name: str) -> Replace | None:
    """The replacement for the name of the spec, if printable. Other names are not replaced: connections may refer to them."""
    return Replace(name) if path == ("name",) and name.isprintable() else None


def _control(subject: Subject) -> Iterable[Finding]:
    for path, name, mark in () if subject.is_plain else _names(subject):
        faults = name_faults(name)
        if not faults:
            continue
        more = f" and {len(faults) - _MAX_TOLD} more" if len(faults) > _MAX_TOLD else ""
        message = f"{shown(name)} has {', '.join(faults[:_MAX_TOLD])}{more}; a name must be one line of visible characters"
        plain, trimmed = name_without_faults(name), without_faults_at_ends(name)
        safe = _safe(path, trimmed) if trimmed not in ("", name) else None
        yield Finding(path, message, f"write {plain[:80]}" if plain else "write a visible name", mark, safe)


def _look_alike(subject: Subject) -> Iterable[Finding]:
    for path, name, mark in () if subject.is_plain else _names(subject):
        odd = None if name.isascii() else _odd_character(name)
        if odd:
            hint = f"write {name_without_faults(name)[:80]}" if odd.isspace() else None
            yield Finding(path, f"{shown(name)} has {called(odd)}, which looks like another character", hint, mark)


def _odd_character(name: str) -> str | None:
    """The first misleading character: another kind of space, or a letter of another alphabet in a Latin word."""
    for character in name:
        if character != " " and unicodedata.category(character) == _SPACES:
            return character
    for word in name.split():
        if any(letter.isascii() and letter.isalpha() for letter in word):
            odd = next((letter for letter in word if unicodedata.name(letter, "").startswith(_LOOK_ALIKE)), None)
            if odd:
                return odd
    return None


RULES: Final = (
    Rule(
        code="space-in-name",
        severity=Severity.WARNING,
        title="Names have no invisible spaces",
        why=(
            "A leading, trailing or double space is invisible, but names are compared character by character: the spec, "
            "parameter or credential is not the one that was meant."
        ),
        instead="Remove the space. `--fix` does this only in the name of the spec: connections may refer to other names.",
        bad='name: "MailChimp Members "\n',
        good='name: "MailChimp Members"\n',
        check=_space,
        fixable=True,
    ),
    Rule(
        code="control-character",
        severity=Severity.ERROR,
        title="Names have no control characters and no invisible characters",
        why=(
            "A tab, a line break, a zero-width character or a bidirectional mark comes from the clipboard or from YAML (`|`"
            " keeps the line break). It is sent unchanged and makes a different name that looks the same; and a spec with "
            "that name cannot be deleted."
        ),
        instead=("Write the name in one line of visible characters. `--fix` removes them from the ends of the spec's name only."),
        bad='name: "MailChimp Members\\n"\n',
        good='name: "MailChimp Members"\n',
        check=_control,
        fixable=True,
    ),
    Rule(
        code="look-alike",
        severity=Severity.WARNING,
        title="Names have no look-alike characters",
        why=(
            "A Cyrillic letter in a Latin word or a no-break space looks the same but makes a different name. A create "
            "cannot be undone."
        ),
        instead="Retype the name.",
        bad="name: M\u0430ilChimp Members\n",
        good="name: MailChimp Members\n",
        check=_look_alike,
    ),
)
