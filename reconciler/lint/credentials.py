"""`authSpec`: what users enter to authenticate; and secrets that were written into a spec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.rule import Add, Finding, Mark, Replace, Rule
from reconciler.lint.subject import ATTRIBUTES, URL_PARAMS, Subject, entries_of, nodes, properties_of, shown, texts
from reconciler.lint.token_forms import is_placeholder, token_in

_SECRET_NAME: Final = re.compile(
    r"(?:pass(?:word|phrase|wd)|secret|token|(?:private|api|access|secret|shared)[ _-]?key$|credential|authorization)",
    re.IGNORECASE,
)
_NO_SECRET: Final = re.compile(
    r"(?:ur[il]|id|name|field|path|type|date|expiry|expires?(?:in)?|method|hint|label|access[ _-]?key)$", re.IGNORECASE
)
_AUTH_TYPES: Final = ("OAuth2RefreshCode", "BasicAuthentication")
"""What the batch SDK supports (docs: "Configure authentication specification")."""
_SENT: Final = ((*URL_PARAMS, "queryParams"), (*ATTRIBUTES, "headerParams"), (*ATTRIBUTES, "bodyParams"))
_ADDRESSES: Final = frozenset({"host", "path", "urlPath", "url"})
_USER: Final = re.compile(r"(?:https?://)?[^/?#@:]*:(?P<password>[^/?#@]*)@", re.IGNORECASE)
_SECRET_PARAMETER: Final = re.compile(
    r"(?:x-|proxy-)?(?:authorization|cookie|api[_-]?key|auth[_-]?key|access[_-]?token|auth[_-]?token|token|secret|client[_-]?secret|password)"
    r"|[a-z0-9-]+-(?:subscription-|api-|auth-)?key",
    re.IGNORECASE,
)
_PLACEHOLDER: Final = re.compile(r"[$@]?\{[^{}]*\}?")
_VALUES: Final = ("default", "const", "enum", "examples", "example")
_LEAST: Final = 8
"""Characters of what may be a secret."""


def _properties(subject: Subject) -> Iterator[tuple[Segments, str, Document]]:
    """Each property that users fill in to authenticate."""
    for path, entry in subject.auth_specs():
        for name, schema in properties_of(entry.get("spec")).items():
            if isinstance(schema, dict):
                yield (*path, "spec", "properties", name), name, schema


def _is_secret(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _NO_SECRET.search(name)


def _not_password(subject: Subject) -> Iterable[Finding]:
    for path, name, schema in _properties(subject):
        if _is_secret(name) and _may_be_typed(schema) and schema.get("format") != "password":
            message = f"`{name[:80]}` has no `format: password`, so it is shown as it is typed, and may be shown again"
            plain = schema.get("type") == "string" and "format" not in schema
            yield Finding(path, message, mark=Mark.KEY, fix=Add("type", "format", "password") if plain else None)


def _may_be_typed(schema: Document) -> bool:
    """Whether a user may enter a text."""
    types = schema.get("type", "string")
    return "string" in types if isinstance(types, str | list) else False


def _literal(subject: Subject) -> Iterable[Finding]:
    for section, value in entries_of(subject.body):
        yield from (_token(path, found) for path, text in texts(value, (section,)) if (found := token_in(text)))
    for path, name, schema in _properties(subject):
        if _is_secret(name) or schema.get("format") == "password":
            yield from _values_of(path, schema)
    for block in _SENT:
        for path, value in nodes(subject.at(block), block):
            if _SECRET_PARAMETER.fullmatch(path[-1]) and _may_be_secret(value):
                yield _told(path, f"the value of `{path[-1]}`")
    for section, value in entries_of(subject.body):
        for path, text in texts(value, (section,)):
            if path[-1] in _ADDRESSES and not token_in(text):
                yield from _in_address(path, text)


def _in_address(path: Segments, text: str) -> Iterator[Finding]:
    """A password before the host, or a parameter behind the path."""
    user = _USER.match(text)
    if user and _may_be_secret(user["password"], least=1):
        yield _told(path, "the password in this address")
        return
    named = (found.partition("=") for found in re.split("[?&]", text)[1:])
    name = next((name for name, _, value in named if _SECRET_PARAMETER.fullmatch(name) and _may_be_secret(value)), None)
    if name:
        yield _told(path, f"the value of `{name}`")


def _values_of(path: Segments, schema: Document) -> Iterator[Finding]:
    for keyword in _VALUES:
        for place, text in texts(schema.get(keyword), (*path, keyword)):
            if _may_be_secret(text) and " " not in text:
                yield _told(place, f"a value for `{path[-1][:80]}`")


def _may_be_secret(value: Json, least: int = _LEAST) -> bool:
    """Whether this text stands for itself, less its placeholders; texts that were recognised by their form are told already."""
    if not isinstance(value, str) or is_placeholder(value):
        return False
    return len(_PLACEHOLDER.sub("", value).strip("* \t")) >= least and not token_in(value)


def _told(path: Segments, what: str) -> Finding:
    return Finding(path, f"{what} looks like a secret, and whoever may read the spec or this repository reads it")


def _token(path: Segments, what: str) -> Finding:
    return Finding(path, f"this looks like {what}, and whoever may read the spec or this repository reads it")


def _twice(subject: Subject) -> Iterable[Finding]:
    seen: set[str] = set()
    for path, entry in subject.auth_specs():
        name = entry.get("name")
        if isinstance(name, str) and name in seen:
            yield Finding(
                (*path, "name"),
                f"two entries of `authSpec` are called {shown(name)}, and a connection names the one that it uses",
            )
        elif isinstance(name, str):
            seen.add(name)


def _unnamed(subject: Subject) -> Iterable[Finding]:
    for path, entry in subject.auth_specs():
        if not isinstance(entry.get("name"), str):
            yield Finding(
                path, "this entry of `authSpec` has no name, and a connection names the one that it uses", "write name: …"
            )


def _type(subject: Subject) -> Iterable[Finding]:
    if not subject.is_batch:
        return
    for path, entry in subject.auth_specs():
        written = entry.get("type")
        if written is None or written in _AUTH_TYPES:
            continue
        meant = next((name for name in _AUTH_TYPES if name.lower() == _plain(written)), None)
        hint = f"write {meant}" if meant else f"write {' or '.join(_AUTH_TYPES)}"
        fix = Replace(meant) if meant else None
        yield Finding((*path, "type"), f"{shown(written)} is no type of authentication of a batch source", hint, fix=fix)


def _plain(written: Json) -> str:
    return re.sub(r"[\W_]", "", written).lower() if isinstance(written, str) else ""


_BASIC: Final = "  - name: Basic Authentication\n    type: BasicAuthentication\n"

RULES: Final = (
    Rule(
        code="credential-format",
        severity=Severity.WARNING,
        title="Credentials have `format: password`",
        why="The format makes the form hide what is typed, and the service keep it as a secret.",
        instead="Write format: password beside type: string.",
        bad="authSpec:\n" + _BASIC + "    spec: {properties: {password: {type: string}}}\n",
        good="authSpec:\n" + _BASIC + "    spec: {properties: {password: {type: string, format: password}}}\n",
        check=_not_password,
        fixable=True,
    ),
    Rule(
        code="literal-secret",
        severity=Severity.ERROR,
        title="No secret is written into a spec",
        why=(
            "A spec is read by everybody who may list sources, and this file by everybody who may read the repository; "
            "neither forgets."
        ),
        instead=(
            "Ask users for it: a property of authSpec with format: password, used as ${name}. Revoke the one that was written "
            "here."
        ),
        bad="sourceSpec:\n  attributes:\n    headerParams: {x-api-key: 5e8f2a91c07d4b36}\n",
        good='sourceSpec:\n  attributes:\n    headerParams: {x-api-key: "${apiKey}"}\n',
        check=_literal,
    ),
    Rule(
        code="duplicate-auth-name",
        severity=Severity.ERROR,
        title="Names in `authSpec` are unique",
        why="A connection says by `specName` which entry it uses. Of two with one name only one can ever be used.",
        instead="Give one of the two another name.",
        bad="authSpec:\n" + _BASIC + _BASIC,
        good="authSpec:\n" + _BASIC + "  - name: OAuth2 Refresh Code\n    type: OAuth2RefreshCode\n",
        check=_twice,
    ),
    Rule(
        code="auth-without-name",
        severity=Severity.ERROR,
        title="Every entry of `authSpec` has a name",
        why="A connection says by `specName` which entry it uses; one without a name cannot be used.",
        instead="Write name: …, such as Basic Authentication.",
        bad="authSpec:\n  - type: BasicAuthentication\n",
        good="authSpec:\n" + _BASIC,
        check=_unnamed,
    ),
    Rule(
        code="auth-type",
        severity=Severity.WARNING,
        title="A batch source authenticates by OAuth2RefreshCode or BasicAuthentication",
        why=(
            "These are the types that the batch SDK has. Adobe's tables spell them otherwise in places; bodies have them like "
            "this."
        ),
        instead="Write OAuth2RefreshCode or BasicAuthentication.",
        bad="type: generic-rest\nauthSpec:\n  - {name: OAuth2 Refresh Code, type: oAuth2-refresh-code}\n",
        good="type: generic-rest\nauthSpec:\n  - {name: OAuth2 Refresh Code, type: OAuth2RefreshCode}\n",
        check=_type,
        fixable=True,
    ),
)
