"""The headers that authenticate a request, by the type of the entry of `authSpec`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, encode, value_at
from reconciler.documents.pointer import Segments
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.source import BODY_PARAMS, HEADER_PARAMS, URL_PARAMS, Source
from reconciler.sources.values import PLACEHOLDER, Values, as_text

AUTHORIZATION: Final = "Authorization"
_ABOVE: Final = 50
"""Maximum number of subschemas in which the properties of an entry are looked for."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Headers, each with the part of the body that it comes from."""

    headers: tuple[tuple[str, str, Segments], ...] = ()
    findings: tuple[Finding, ...] = ()


def chosen(source: Source, values: Values) -> tuple[Segments, Document] | Finding | None:
    """The entry of `authSpec` that the values are for; None if the spec has no entry."""
    entries = source.auth_specs
    named = [item for item in entries if values.auth_name is None or item[1].get("name") == values.auth_name]
    if len(named) == 1:
        return named[0]
    names = ", ".join(repr(entry["name"])[:60] for _, entry in entries[:9] if isinstance(entry.get("name"), str))
    if values.auth_name is not None:
        message = f"no single entry of `authSpec` is named {values.auth_name[:80]!r}"
        return found("auth-type", message, f"use one of: {names}" if names else "give it a name", ("authSpec",))
    if not entries:
        return None
    return found("auth-type", f"`authSpec` has {len(entries)} entries", f"choose one with --auth: {names}", ("authSpec",))


def credentials(source: Source, values: Values, assumed: Assumptions) -> Credentials:
    """The headers of the chosen entry."""
    entry = chosen(source, values)
    if entry is None:
        return Credentials()
    if isinstance(entry, Finding):
        return Credentials(findings=(entry,))
    path, block = entry
    kind = block.get("type")
    send = _TYPES.get(kind) if isinstance(kind, str) else None
    if send is None:
        message = f"authentication of type {repr(kind)[:60]} cannot be tried"
        return Credentials(findings=(found("auth-type", message, f"use one of: {', '.join(_TYPES)}", (*path, "type")),))
    signed = send(path, block, values, assumed)
    if kind != "KeyBased" or signed.headers or signed.findings or _is_in_request(source, (*path, "spec"), block):
        return signed
    message = "no key is sent: no property has a value and a `restAttributes.headerParamName`"
    return Credentials(
        findings=(
            found(
                "missing-value",
                message,
                "add `restAttributes.headerParamName` to the property with the key, and write its value below auth.params in proof.yaml",
                path,
            ),
        )
    )


def _is_in_request(source: Source, path: Segments, block: Document) -> bool:
    """Whether the request itself has `${name}` of a property, in its address, headers or body."""
    parts = [source.at(place) for place in (URL_PARAMS, HEADER_PARAMS, BODY_PARAMS)]
    names = {placeholder[1] for placeholder in PLACEHOLDER.finditer(encode(parts).decode())}
    return any(name in names for name, _, _ in properties(path, block.get("spec")))


def _value(values: Values, name: str) -> str | None:
    value = values.auth.get(name)
    return None if value is None else as_text(value)


def no_credential(name: str, path: Segments) -> Finding:
    """The finding for a credential without a value."""
    hint = f"write {name[:80]}: {{env: NAME}} below auth.params in proof.yaml"
    return found("missing-value", f"`{name[:80]}` has no value", hint, path)


def _basic(path: Segments, _block: Document, values: Values, assumed: Assumptions) -> Credentials:
    assumed.of("auth.basic")
    pair = {name: _value(values, name) for name in ("username", "password")}
    missing = tuple(no_credential(name, path) for name, value in pair.items() if value is None)
    if missing:
        return Credentials(findings=missing)
    joined = ":".join(str(value) for value in pair.values()).encode("utf-8", "surrogatepass")
    return Credentials(((AUTHORIZATION, f"Basic {base64.b64encode(joined).decode()}", path),))


def _bearer(path: Segments, _block: Document, values: Values, assumed: Assumptions) -> Credentials:
    token = _value(values, "accessToken")
    if token is None:
        return Credentials(findings=(no_credential("accessToken", path),))
    if assumed.of("auth.oauth") == "none":
        return Credentials()
    return Credentials(((AUTHORIZATION, f"Bearer {token}", path),))


def _keys(path: Segments, block: Document, values: Values, assumed: Assumptions) -> Credentials:
    headers, findings = [], []
    assumed.of("auth.key")
    required = value_at(block, "spec", "required")
    for name, schema, place in properties((*path, "spec"), block.get("spec")):
        header = value_at(schema, "restAttributes", "headerParamName")
        value = _value(values, name)
        if isinstance(header, str) and value is not None:
            headers.append((header, value, (*place, "restAttributes", "headerParamName")))
        elif isinstance(header, str) and isinstance(required, list) and name in required:
            findings.append(no_credential(name, place))
        elif value is not None and "restAttributes" in schema:
            message = f"`restAttributes` of `{name[:80]}` has no `headerParamName`, so it is not known where the key is sent"
            findings.append(found("auth-type", message, "write headerParamName", (*place, "restAttributes")))
    return Credentials(tuple(headers), tuple(findings))


def properties(path: Segments, schema: object) -> Iterator[tuple[str, Document, Segments]]:
    """The properties that a JSON Schema declares, also in `allOf`, `anyOf` and `oneOf`: name, schema and path."""
    due, seen = [(path, schema)], 0
    while due and seen < _ABOVE:
        place, item = due.pop(0)
        seen += 1
        if not isinstance(item, dict):
            continue
        own = item.get("properties")
        for name, part in own.items() if isinstance(own, dict) else ():
            yield name, part if isinstance(part, dict) else {}, (*place, "properties", name)
        for keyword in ("allOf", "anyOf", "oneOf"):
            listed = item.get(keyword)
            due += [((*place, keyword, str(n)), part) for n, part in enumerate(listed if isinstance(listed, list) else ())]


_TYPES: Final[dict[str, Callable[[Segments, Document, Values, Assumptions], Credentials]]] = {
    "BasicAuthentication": _basic,
    "OAuth2RefreshCode": _bearer,
    "KeyBased": _keys,
}
