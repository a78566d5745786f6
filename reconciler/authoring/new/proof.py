"""A first proof.yaml for a spec: every property to fill in, all of it commented until somebody does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.documents.json_text import Document, Json, string_at
from reconciler.proofs.environment import name_for
from reconciler.proofs.filling import NOT_FILLED_IN
from reconciler.proofs.folder import proof_path
from reconciler.proofs.properties import declared, is_secret, required
from reconciler.proofs.values import PREFIX
from reconciler.schemas.published import schema_line
from reconciler.sdk.sources import STREAMING
from reconciler.sources.source import FORM, Source
from reconciler.texts.yaml_writing import flow_text, key_head, text_scalar

_HEAD: Final = """\
# Values for a trial of {key}, and what it must find. Nothing is read from this file while it has only comments:
# remove the first "# " of each line from "kind: Proof" on, replace each {empty}, then run: reconciler {command}
# {{env: NAME}} is the value of the environment variable {prefix}NAME; secrets are never written here.
"""
_EXPECTED: Final = (
    "expect:",
    "  records: {min: 1} # or the exact number, such as 237",
    "  # unique: id # a field of which no two records have the same value",
    "  # fields: [id] # fields that every record has",
)
_ACCOUNTS: Final = frozenset({"username", "user", "email"})
"""Properties that are not secret, but belong to a person."""


def first_proof(key: str, body: Document) -> Mapping[str, str]:
    """The path of proof.yaml below the specs folder, and its content, for the spec with this key."""
    return {proof_path(key): _proof_text(key, body)}


def _proof_text(key: str, body: Document) -> str:
    is_streaming = body.get("type") == STREAMING
    lines = _streaming(key) if is_streaming else _batch(key, Source(body))
    head = _HEAD.format(key=key, empty=NOT_FILLED_IN, prefix=PREFIX, command="validate" if is_streaming else f"try {key}")
    return f"{schema_line('proof', proof_path(key))}\n{head}\n" + "".join(f"# {line}\n" for line in ("kind: Proof", *lines))


def _streaming(key: str) -> Iterator[str]:
    yield "streaming:"
    yield "  mechanism: hmac # or oauth"
    yield f"  secret: {_variable(key, 'secret')} # {PREFIX}{name_for(key, 'secret')}"
    yield "  encoding: base64 # of the signature; or hex"


def _batch(key: str, source: Source) -> Iterator[str]:
    entries = [entry for _, entry in source.auth_specs]
    if entries:
        yield "auth:"
        yield from _entry(key, entries[0], "")
    for entry in entries[1:]:
        yield "  # or, in the place of name and params:"
        yield from _entry(key, entry, "# ")
    parameters = list(_properties(key, source.at(FORM), ""))
    if parameters:
        yield "source: # the parameters of sourceSpec.spec"
        yield from (f"  {line}" for line in parameters)
    yield from _EXPECTED


def _entry(key: str, entry: Document, mark: str) -> Iterator[str]:
    """The name and the properties of an entry of `authSpec`; `mark` precedes each line."""
    name = string_at(entry, "name")
    if name is not None:
        yield f"  {mark}name: {text_scalar(name)}"
    yield f"  {mark}params:"
    yield from (f"  {mark}  {line}" for line in _properties(key, entry.get("spec"), mark))


def _properties(key: str, schema: Json, mark: str) -> Iterator[str]:
    """A line for each property: required ones first, the others as comments."""
    needed = required(schema)
    found = declared(schema)
    for name in (*(name for name in needed if name in found), *(name for name in found if name not in needed)):
        is_from_environment = is_secret(found[name], schema) or name.lower() in _ACCOUNTS
        value = _variable(key, name) if is_from_environment else NOT_FILLED_IN
        about = ["optional"] if name not in needed else []
        about += [PREFIX + name_for(key, name)] if is_from_environment else []
        begin = "" if name in needed or mark else "# "
        yield f"{begin}{key_head(name)} {value}{' # ' + ', '.join(about) if about else ''}"


def _variable(key: str, name: str) -> str:
    return flow_text({"env": name_for(key, name)})
