"""Adobe's keys for icon, label and description, written into the spec file in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.documents.json_text import Document, Json, value_at
from reconciler.errors import SpecFileError, UsageError
from reconciler.sdk.catalog import LABELS
from reconciler.submission.material import UI_ATTRIBUTES
from reconciler.texts.in_place.rewrite import CannotChange, rewrite
from reconciler.texts.locate import Syntax, read_text
from reconciler.wording.guesses import did_you_mean

_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class KeysWritten:
    """The spec file with the keys. `data` is None if it has them already; `kept` are the targets whose overlay keeps another value."""

    file: str
    """For display."""
    path: str
    """Relative to the specs folder."""
    before: bytes
    data: bytes | None
    keys: Mapping[str, str]
    kept: tuple[str, ...] = ()


def checked_keys(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """The keys by field. Raises UsageError for an unknown field, a repeated one, and what cannot be a key."""
    keys: dict[str, str] = {}
    for name, key in pairs:
        if name not in LABELS:
            raise UsageError(f"--keys: unknown field {name[:80]!r}", hint=did_you_mean(name[:80], LABELS))
        if name in keys:
            raise UsageError(f"--keys: {name} was given twice", hint="give each field once")
        if not _KEY.fullmatch(key):
            raise UsageError(
                f"--keys: {key[:80]!r} cannot be a key for {name}",
                hint=f"write {name}=KEY; a key begins with a letter and has letters, digits, '.', '_' and '-'",
            )
        keys[name] = key
    if not keys:
        raise UsageError("--keys has no key", hint="write --keys icon=KEY label=KEY description=KEY")
    return keys


def with_keys(tree: SpecTree, spec: DesiredSpec, keys: Mapping[str, str]) -> KeysWritten:
    """The file of this spec with the keys in place of `text`, for every target. Raises UsageError and SpecFileError."""
    path = spec.path or ""
    try:
        data = tree.read(path)
    except Unreadable as error:
        raise SpecFileError(f"cannot read {spec.file}", (error.problem.at(spec.file),)) from None
    syntax = Syntax.JSON if path.endswith(".json") else Syntax.YAML
    document: Document = read_text(data, syntax).value
    is_bare = syntax is Syntax.JSON and "spec" not in document
    body = document if is_bare else document["spec"]
    try:
        written = data
        for changed in (_renamed(body, UI_ATTRIBUTES, keys), _with(body, UI_ATTRIBUTES, keys)):
            written = rewrite(written, syntax, changed if is_bare else document | {"spec": changed})
    except CannotChange as error:
        raise UsageError(f"{spec.file} was not changed: {error}", hint="write the keys by hand, at uiAttributes") from None
    overlays = {} if is_bare else document.get("overlays", {})
    return KeysWritten(
        spec.file,
        path,
        data,
        None if written == data else written,
        dict(keys),
        tuple(name for name, patch in overlays.items() if any(value_at(patch, *UI_ATTRIBUTES, key) is not None for key in keys)),
    )


def _renamed(body: Json, path: tuple[str, ...], keys: Mapping[str, str]) -> Json:
    """The body with `key` in the place of `text`, and its words still there: so the line keeps its form when it gets its key."""
    if not isinstance(body, dict):
        return body
    if path:
        return body | ({path[0]: _renamed(body[path[0]], path[1:], keys)} if path[0] in body else {})
    return body | {name: _named(body[name]) for name in keys if name in body}


def _named(label: Json) -> Json:
    if not isinstance(label, dict) or "key" in label:
        return label
    return {"key" if name == "text" else name: value for name, value in label.items()}


def _with(body: Json, path: tuple[str, ...], keys: Mapping[str, str]) -> Document:
    held: Document = body if isinstance(body, dict) else {}
    if path:
        return held | {path[0]: _with(held.get(path[0]), path[1:], keys)}
    return held | {name: _keyed(_named(held.get(name)), key) for name, key in keys.items()}


def _keyed(label: Json, key: str) -> Document:
    held: Document = label if isinstance(label, dict) else {}
    return {name: value for name, value in held.items() if name != "text"} | {"key": key}
