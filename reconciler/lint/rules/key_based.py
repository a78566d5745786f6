"""Rules for `KeyBased`: keys entered by a user, each sent in a header of its own.

Source: Self-Serve Sources, "Configure authentication specification", API key. The header is `restAttributes.headerParamName` of the
property; it may differ from the name of the property, and no `${…}` is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.body.schema_walk import Declared, declarations
from reconciler.lint.rule import Finding, Mark, Rename, Rule
from reconciler.lint.subject import Subject, shown
from reconciler.sdk.authentication import HEADER_NAME, KEY_BASED, REST_ATTRIBUTES

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A valid header name (RFC 9110, 5.6.2)."""


def _entries(subject: Subject) -> Iterator[tuple[Segments, list[Declared]]]:
    """Each `KeyBased` entry of `authSpec`, with its properties that have `restAttributes`."""
    for path, entry in subject.auth_specs():
        if subject.is_connection_spec and entry.get("type") == KEY_BASED:
            found = declarations(entry.get("spec"), (*path, "spec"))
            yield path, [item for item in found if REST_ATTRIBUTES in item.schema]


def _headers(subject: Subject) -> Iterable[Finding]:
    for path, keys in _entries(subject):
        if not keys:
            message = f"no property of this {KEY_BASED} entry names a header, so no key is sent"
            yield Finding(
                (*path, "type"), message, f"write {REST_ATTRIBUTES}: {{{HEADER_NAME}: X-Auth-Key}} in the key's property"
            )
        seen: dict[str, str] = {}
        for key in keys:
            yield from _header(key, seen)


def _header(key: Declared, seen: dict[str, str]) -> Iterator[Finding]:
    block = key.schema[REST_ATTRIBUTES]
    place = (*key.path, REST_ATTRIBUTES)
    name = block.get(HEADER_NAME) if isinstance(block, dict) else None
    if name is None:
        yield _unnamed(place, block if isinstance(block, dict) else {})
    elif not isinstance(name, str) or not _TOKEN.fullmatch(name):
        message = f"{shown(name)} is not a valid header name: letters, digits and hyphens"
        yield Finding((*place, HEADER_NAME), message, f"write {HEADER_NAME}: X-Auth-Key, or the header of your source")
    elif seen.setdefault(name.lower(), key.name) != key.name:
        message = f"`{name}` is also the header of `{seen[name.lower()][:80]}`; a request has each header once"
        yield Finding((*place, HEADER_NAME), message, "use another header, or remove one of the keys")


def _unnamed(place: Segments, block: Document) -> Finding:
    like = next((field for field in block if field.replace("_", "").lower() == HEADER_NAME.lower()), None)
    message = f"this key has no `{HEADER_NAME}`, so it is not sent"
    if like is None:
        return Finding(place, message, f"write {HEADER_NAME}: X-Auth-Key, or the header of your source", Mark.KEY)
    return Finding((*place, like), message, f"write {HEADER_NAME}", Mark.KEY, Rename(HEADER_NAME))


def _example(attributes: str) -> str:
    return (
        "type: generic-rest\nauthSpec:\n  - name: API Key Authentication\n    type: KeyBased\n    spec:\n      type: object\n"
        f"      properties:\n        authKey1: {{type: string, format: password{attributes}}}\n      required: [authKey1]\n"
    )


RULES: Final = (
    Rule(
        code="key-header",
        severity=Severity.WARNING,
        title="A key of a KeyBased entry has a header",
        why=(
            "The value is sent in the header that `restAttributes.headerParamName` names. Without it the key is requested "
            "from users and never sent."
        ),
        instead="Write restAttributes: {headerParamName: X-Auth-Key} in the property of the key.",
        bad=_example(", restAttributes: {headerparamname: X-Auth-Key1}"),
        good=_example(", restAttributes: {headerParamName: X-Auth-Key1}"),
        check=_headers,
        fixable=True,
    ),
)
