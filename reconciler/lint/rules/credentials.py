"""Rules for `authSpec`, the credentials that users enter, and for secrets in a spec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.body.schema_walk import Declared, declarations
from reconciler.lint.rule import Add, Finding, Mark, Replace, Rule
from reconciler.lint.secrets.texts import is_secret_name, secrets_of
from reconciler.lint.subject import Subject, shown
from reconciler.sdk.authentication import AUTH_TYPES, REST_ATTRIBUTES

LITERAL_SECRET: Final = "literal-secret"  # noqa: S105 - the code of a rule
_ALL_TYPES: Final = f"{', '.join([*AUTH_TYPES][:-1])} or {[*AUTH_TYPES][-1]}"


def _properties(subject: Subject) -> Iterator[Declared]:
    """Each property that users fill in to authenticate."""
    for path, entry in subject.auth_specs():
        yield from declarations(entry.get("spec"), (*path, "spec"))


def _not_password(subject: Subject) -> Iterable[Finding]:
    seen: set[Segments] = set()
    for path, name, schema, behind in _properties(subject):
        is_secret = is_secret_name(name) or (path[-2] == "properties" and _is_sent_as_key(schema))
        if is_secret and behind not in seen and _may_be_typed(schema) and schema.get("format") != "password":
            seen.add(behind)
            message = f"`{name[:80]}` has no `format: password`, so the form shows its value"
            plain = behind == path and schema.get("type") == "string" and "format" not in schema
            yield Finding(path, message, mark=Mark.KEY, fix=Add("type", "format", "password") if plain else None)


def _is_sent_as_key(schema: Document) -> bool:
    """Whether the value is sent in a header of its own, like the keys of `KeyBased`."""
    return isinstance(schema.get(REST_ATTRIBUTES), dict)


def _may_be_typed(schema: Document) -> bool:
    """Whether the value may be a string; False if `type` is missing beside a `$ref`, whose target is unknown."""
    types = schema.get("type", "string" if "$ref" not in schema else ())
    return "string" in types if isinstance(types, str | list) else False


def _literal(subject: Subject) -> Iterable[Finding]:
    for path, _, what in secrets_of(subject.spec):
        yield Finding(path, f"{what}; anyone who can read the spec or this repository can read it")


def _twice(subject: Subject) -> Iterable[Finding]:
    seen: set[str] = set()
    for path, entry in subject.auth_specs():
        name = entry.get("name")
        if isinstance(name, str) and name in seen:
            yield Finding(
                (*path, "name"),
                f"two entries of `authSpec` have the name {shown(name)}; a connection selects an entry by its name",
            )
        elif isinstance(name, str):
            seen.add(name)


def _unnamed(subject: Subject) -> Iterable[Finding]:
    for path, entry in subject.auth_specs():
        if not isinstance(entry.get("name"), str):
            yield Finding(
                path, "this entry of `authSpec` has no name; a connection selects an entry by its name", "write name: …"
            )


def _type(subject: Subject) -> Iterable[Finding]:
    if not subject.is_batch:
        return
    for path, entry in subject.auth_specs():
        written = entry.get("type")
        if written is None or written in AUTH_TYPES or _plain(written) == "apikey":
            continue  # another rule reports the old name of keys
        meant = next((name for name in AUTH_TYPES if name.lower() == _plain(written)), None)
        hint = f"write {meant}" if meant else f"write {_ALL_TYPES}"
        fix = Replace(meant) if meant else None
        yield Finding(
            (*path, "type"), f"{shown(written)} is not a valid type of authentication for a batch source", hint, fix=fix
        )


def _plain(written: Json) -> str:
    return re.sub(r"[\W_]", "", written).lower() if isinstance(written, str) else ""


_BASIC: Final = "  - name: Basic Authentication\n    type: BasicAuthentication\n"

RULES: Final = (
    Rule(
        code="credential-format",
        severity=Severity.WARNING,
        title="Credentials have `format: password`",
        why="The format hides the value in the form, and the service stores it as a secret.",
        instead="Write format: password next to type: string.",
        bad="authSpec:\n" + _BASIC + "    spec: {properties: {password: {type: string}}}\n",
        good="authSpec:\n" + _BASIC + "    spec: {properties: {password: {type: string, format: password}}}\n",
        check=_not_password,
        fixable=True,
    ),
    Rule(
        code=LITERAL_SECRET,
        severity=Severity.ERROR,
        title="No secret is written into a spec",
        why=(
            "Everyone who can list sources can read a spec, and everyone with access to the repository can read this file "
            "and its history."
        ),
        instead=(
            "Ask users for the value: declare a property in authSpec with format: password and use it as ${name}. Revoke "
            "the secret that is in the file."
        ),
        bad="sourceSpec:\n  attributes:\n    headerParams: {x-api-key: 5e8f2a91c07d4b36}\n",
        good='sourceSpec:\n  attributes:\n    headerParams: {x-api-key: "${apiKey}"}\n',
        check=_literal,
    ),
    Rule(
        code="duplicate-auth-name",
        severity=Severity.ERROR,
        title="Names in `authSpec` are unique",
        why="A connection selects an entry by its `specName`. Of two entries with one name, only one can be used.",
        instead="Rename one of the entries.",
        bad="authSpec:\n" + _BASIC + _BASIC,
        good="authSpec:\n" + _BASIC + "  - name: OAuth2 Refresh Code\n    type: OAuth2RefreshCode\n",
        check=_twice,
    ),
    Rule(
        code="auth-without-name",
        severity=Severity.ERROR,
        title="Every entry of `authSpec` has a name",
        why="A connection selects an entry by its `specName`. An entry without a name cannot be used.",
        instead="Write name: …, such as Basic Authentication.",
        bad="authSpec:\n  - type: BasicAuthentication\n",
        good="authSpec:\n" + _BASIC,
        check=_unnamed,
    ),
    Rule(
        code="auth-type",
        severity=Severity.WARNING,
        title=f"A batch source authenticates by {_ALL_TYPES}",
        why=(
            "The batch SDK supports only these types. Some of Adobe's tables spell them differently; bodies spell them like this."
        ),
        instead=f"Write {_ALL_TYPES}.",
        bad="type: generic-rest\nauthSpec:\n  - {name: OAuth2 Refresh Code, type: oAuth2-refresh-code}\n",
        good="type: generic-rest\nauthSpec:\n  - {name: OAuth2 Refresh Code, type: OAuth2RefreshCode}\n",
        check=_type,
        fixable=True,
    ),
)
