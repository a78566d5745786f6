"""Find the secrets written into a body: to report them, and to keep them out of reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final, NamedTuple

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, Json, encode
from reconciler.documents.pointer import Segments
from reconciler.lint.body.schema_walk import Declared, declarations
from reconciler.lint.secrets.token_forms import is_placeholder, that_may_hold_token, token_in
from reconciler.lint.subject import entries_of, nodes, texts, value_at
from reconciler.sdk.source_spec import ATTRIBUTES, PARAMETERS

_SECRET_NAME: Final = re.compile(
    r"(?:pass(?:word|phrase|wd)|secret|token|(?:private|api|access|secret|shared)[ _-]?key$|credential|authorization)",
    re.IGNORECASE,
)
_AUTH_KEY: Final = re.compile(r"auth[ _-]?key[0-9]*$", re.IGNORECASE)
_NO_SECRET: Final = re.compile(
    r"(?:ur[il]|id|name|field|path|type|date|expiry|expires?(?:in)?|method|hint|label|access[ _-]?key)$", re.IGNORECASE
)
_SENT: Final = (*PARAMETERS, (*ATTRIBUTES, "queryParams"))
_ENTERED: Final = (("auth", "params"), ("params",))
"""Where the bodies of connections, which may be mistaken for specs, have the values that a user entered."""
_ADDRESSES: Final = frozenset({"host", "hostname", "hostName", "path", "urlPath", "url"})
_USER: Final = re.compile(r"(?:https?://)?[^/?#@:]*:(?P<password>[^/?#@]*)@", re.IGNORECASE)
_SECRET_PARAMETER: Final = re.compile(
    r"(?:x-|proxy-)?(?:authorization|cookie|api[_-]?key|auth[_-]?key|access[_-]?token|auth[_-]?token|token|secret|client[_-]?secret|password)"
    r"|(?!(?:x-)?(?:idempotency|cache|sort|order|group|partition|primary|foreign|row|public|surrogate|translation)-key$)"
    r"[a-z0-9-]+-(?:subscription-|api-|auth-)?key",
    re.IGNORECASE,
)
_RANDOM: Final = re.compile(r"(?=[A-Za-z+/_-]*[0-9])[A-Za-z0-9+/_-]{8}")
"""The start of random letters and digits; words do not match."""
_PLACEHOLDER: Final = re.compile(r"[$@]?\{[^{}]*\}?")
_VALUES: Final = ("default", "const", "enum", "examples", "example")
_CLEAN: Final[set[bytes]] = set()
"""Digests of bodies without a secret."""
_MOST_CLEAN: Final = 20_000
_VALUE_KEYS: Final = frozenset(_VALUES)
_CONTAINERS: Final = (dict, list)
_IN_ADDRESSES: Final = ("@", "?", "&")
"""Signs, one of which is in every address with a password or a parameter."""
_LEAST: Final = 8
"""Minimum length of a secret."""


class LiteralSecret(NamedTuple):
    """A string of a body that is probably a secret, and the message."""

    path: Segments
    text: str
    what: str


def is_secret_name(name: str) -> bool:
    """Whether a field with this name holds a secret."""
    return bool(_SECRET_NAME.search(name) or _AUTH_KEY.search(name)) and not _NO_SECRET.search(name)


def literal_secrets(body: Document) -> Iterator[LiteralSecret]:
    """Each secret written into a body of any shape; a string may be found for several reasons."""
    strings, has_values = _written(body)
    joined = "\0".join(strings)
    has_tokens = any(token_in(text) for text in that_may_hold_token(joined))
    has_addresses = any(sign in joined for sign in _IN_ADDRESSES)
    placed = list(texts(body)) if has_tokens or has_addresses else []
    tokens: set[Segments] = set()
    for path, text in placed if has_tokens else ():
        if found := token_in(text):
            tokens.add(path)
            yield LiteralSecret(path, text, f"this looks like {found}")
    if has_values:
        yield from _defaults(body)
    for block in _SENT:
        yield from _parameters(body, block)
    for place in _ENTERED:
        yield from _entered(body, place)
    for path, text in placed if has_addresses else ():
        if path[-1] in _ADDRESSES and path not in tokens:
            yield from _in_address(path, text)


def _written(body: Document) -> tuple[list[str], bool]:
    """All strings of a body, in any order, and whether it has a key of default or example values."""
    strings: list[str] = []
    has_values = False
    due: list[Json] = [body]
    while due:
        container = due.pop()
        if isinstance(container, dict):
            has_values = has_values or not _VALUE_KEYS.isdisjoint(container)
            container = container.values()
        for item in container:
            if isinstance(item, str):
                strings.append(item)
            elif isinstance(item, _CONTAINERS):
                due.append(item)
    return strings, has_values


def secrets_of(spec: DesiredSpec) -> tuple[LiteralSecret, ...]:
    """The secrets written into the body of a spec."""
    content = blake2b(spec.body_json).digest()
    return () if content in _CLEAN else _secrets_in(content, spec.body)


def secret_texts(*bodies: Document | None) -> frozenset[str]:
    """The strings of these bodies that no report may show."""
    contents = ((blake2b(encode(body)).digest(), body) for body in bodies if body is not None)
    return frozenset(found.text for content, body in contents for found in _secrets_in(content, body))


def _secrets_in(content: bytes, body: Document) -> tuple[LiteralSecret, ...]:
    """The secrets in a body with this digest. That there are none is remembered, because a plan asks more than once."""
    if content in _CLEAN:
        return ()
    found = tuple(literal_secrets(body))
    if not found:
        if len(_CLEAN) >= _MOST_CLEAN:
            _CLEAN.clear()
        _CLEAN.add(content)
    return found


def _defaults(body: Document) -> Iterator[LiteralSecret]:
    """Default and example values of secret form fields."""
    seen: set[Segments] = set()
    for index, entry in entries_of(body.get("authSpec")):
        schema = entry.get("spec") if isinstance(entry, dict) else None
        for found in declarations(schema, ("authSpec", index, "spec")):
            if is_secret_name(found.name) or found.schema.get("format") == "password":
                yield from _values_of(body, found, seen)
    for found in declarations(value_at(body, ("sourceSpec", "spec")), ("sourceSpec", "spec")):
        if found.schema.get("format") == "password":
            yield from _values_of(body, found, seen)


def _values_of(body: Document, found: Declared, seen: set[Segments]) -> Iterator[LiteralSecret]:
    for keyword in _VALUES:
        at = (*found.path, keyword)
        place = at if value_at(body, at) is not None else (*found.behind, keyword)
        for path, text in texts(value_at(body, place), place):
            if path not in seen and _may_be_secret(text) and " " not in text:
                seen.add(path)
                yield LiteralSecret(path, text, f"a value for `{found.name[:80]}` looks like a secret")


def _parameters(body: Document, block: Segments) -> Iterator[LiteralSecret]:
    """Values sent in parameters whose name is that of a secret."""
    written = value_at(body, block)
    if isinstance(written, str):
        yield from _in_text(block, written)
        return
    for path, value in nodes(written, block):
        if isinstance(value, str) and _SECRET_PARAMETER.fullmatch(path[-1]) and _may_be_secret(value):
            yield LiteralSecret(path, value, f"the value of `{path[-1]}` looks like a secret")


def _in_text(path: Segments, text: str) -> Iterator[LiteralSecret]:
    """Parameters in one string, as `a=1&b=2` or `a=1,b=2`."""
    named = (part.partition("=") for part in re.split("[?&,]", text))
    name = next((name for name, _, value in named if _SECRET_PARAMETER.fullmatch(name.strip()) and _may_be_secret(value)), None)
    if name:
        yield LiteralSecret(path, text, f"the value of `{name.strip()}` looks like a secret")


def _entered(body: Document, block: Segments) -> Iterator[LiteralSecret]:
    for path, value in nodes(value_at(body, block), block):
        name = path[-1]
        if isinstance(value, str) and (is_secret_name(name) or _SECRET_PARAMETER.fullmatch(name)) and _may_be_secret(value, 1):
            yield LiteralSecret(path, value, f"the value of `{name[:80]}` looks like a secret")


def _in_address(path: Segments, text: str) -> Iterator[LiteralSecret]:
    """A password before the host, or a parameter after the path."""
    user = _USER.match(text)
    if user and _may_be_secret(user["password"], least=1):
        yield LiteralSecret(path, text, "the password in this address looks like a secret")
        return
    named = (found.partition("=") for found in re.split("[?&]", text)[1:])
    name = next((name for name, _, value in named if _SECRET_PARAMETER.fullmatch(name) and _may_be_secret(value)), None)
    if name:
        yield LiteralSecret(path, text, f"the value of `{name}` looks like a secret")


def _may_be_secret(value: Json, least: int = _LEAST) -> bool:
    """Whether this string, without its placeholders, may be a secret; those recognized by their form are already reported."""
    if not isinstance(value, str) or is_placeholder(value):
        return False
    rest = _PLACEHOLDER.sub("", value).strip("* \t")
    if rest != value.strip("* \t") and not _RANDOM.search(rest):
        return False  # words around a placeholder, as in `Klaviyo-API-Key ${apiKey}`
    return len(rest) >= least and not token_in(value)
