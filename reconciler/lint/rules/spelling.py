"""Rules for misspelled keys: the service stores unknown keys and ignores them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.body.schema_walk import schemas_of
from reconciler.lint.rule import Finding, Mark, Rename, Rule
from reconciler.lint.subject import Subject
from reconciler.sdk.authentication import REST_ATTRIBUTES
from reconciler.sdk.fields import blocks
from reconciler.sdk.sections import SECTIONS
from reconciler.sdk.source_spec import ATTRIBUTES
from reconciler.wording.guesses import suggestion

_TYPED: Final = frozenset({(*ATTRIBUTES, "paginationParams"), (*ATTRIBUTES, "scheduleParams")})
_KNOWN: Final = {
    kind: {
        path: frozenset(name for item in block.fields for name in item.names)
        for path, block in blocks(sections).items()
        if path not in _TYPED
    }
    for kind, sections in SECTIONS.items()
}
"""Keys of each mapping, by kind; keys of other mappings are arbitrary. Blocks with a `type` have their own rules."""
_KEYWORDS: Final = frozenset(
    {
        REST_ATTRIBUTES,
        "type",
        "title",
        "description",
        "properties",
        "required",
        "format",
        "enum",
        "const",
        "default",
        "examples",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "items",
        "additionalItems",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "dependencies",
        "definitions",
        "contains",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
    }
)
_ALSO: Final = frozenset({"example", "$defs", "uiAttributes"})
"""Keywords that are not in draft-07, but in published specs."""
_LEAST: Final = 4
"""Minimum length of a key that is compared."""
_LIKE: Final = 0.82
"""Similarity from which one key is a misspelling of the other. `fromat` and `format` have 0.83."""
_ASTRAY: Final = 2
"""Maximum difference in length of a misspelled key."""
_MOST: Final = 200
"""Maximum number of keys checked in one mapping."""
_KEPT: Final = 4_096
"""Pairs of keys whose likeness is kept: the specs of a repository have most of their keys in common."""


def _misspelled(subject: Subject) -> Iterable[Finding]:
    for path, known in _KNOWN[subject.spec.kind].items():
        yield from _among(subject.mapping(path), path, known)
    for path, schema, *_ in schemas_of(subject):
        yield from _among(schema, path, _KEYWORDS, _ALSO)


def _among(block: Document, path: Segments, known: frozenset[str], also: frozenset[str] = frozenset()) -> Iterator[Finding]:
    if known.issuperset(block):
        return
    for key in [key for key in block if key not in known and key not in also][:_MOST]:
        meant = _meant(key, [name for name in known if name not in block])
        if meant:
            message = f"unknown key `{key}`; the service ignores it"
            fix = Rename(meant) if meant.lower() == key.strip().lower() else None
            yield Finding((*path, key), message, f"write {meant}" if fix else suggestion(meant), Mark.KEY, fix)


def _meant(key: str, names: Iterable[str]) -> str | None:
    """The name that this key misspells; None if it is another word."""
    plain = key.strip().lower()
    if len(plain) < _LEAST:
        return None
    near = (name for name in names if abs(len(name) - len(plain)) <= _ASTRAY)
    found = ((_likeness(plain, name.lower()), name) for name in near)
    likeness, name = max(found, default=(0.0, ""))
    return name if likeness >= _LIKE else None


@lru_cache(maxsize=_KEPT)
def _likeness(one: str, other: str) -> float:
    """The similarity of two keys; 0 if a quick upper bound shows that they differ."""
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() >= _LIKE else 0.0


RULES: Final = (
    Rule(
        code="misspelled-key",
        severity=Severity.WARNING,
        title="Keys are spelled correctly",
        why=(
            "The service keeps unknown keys and ignores them: with `paginationParam` a source fetches only the first page. "
            "Case matters."
        ),
        instead="Write the key as Adobe's pages spell it. `--fix` does this if only the case differs.",
        bad="sourceSpec:\n  attributes:\n    paginationparams: {type: NONE}\n",
        good="sourceSpec:\n  attributes:\n    paginationParams: {type: NONE}\n",
        check=_misspelled,
        fixable=True,
    ),
)
