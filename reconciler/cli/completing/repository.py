"""The names in the specs folder and its repository, read fast: no file is followed out of it, and nothing is run."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.desired.files import SOURCES, SPEC_FOLDERS, Form, default_key, form_of
from reconciler.disk import open_regular
from reconciler.sdk.patterns import KEY

if TYPE_CHECKING:
    from reconciler.documents.json_text import Document

_MOST_FILES: Final = 5_000
"""More are not read: an answer should come at once."""
_HEAD: Final = 4_096
"""The key of a spec file is in its first bytes, if it is written at all."""
_WRITTEN_KEY: Final = re.compile(rb"^key:[ \t]+(['\"]?)(" + KEY.encode() + rb")\1[ \t\r]*(?:#.*)?$", re.MULTILINE)
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Only names that no shell takes for anything else are offered."""
_SAFE_REVISION: Final = re.compile(rf"{_SAFE.pattern}(?:/[A-Za-z0-9._-]+)*")
_SETTINGS: Final = "reconciler.yaml"
_JOURNALS: Final = Path(".reconciler/journal")


def spec_keys(specs: Path, folders: frozenset[str] = SPEC_FOLDERS) -> list[str]:
    """The keys of the spec files, sorted."""
    keys = {key for path in _spec_files(specs, folders) if (key := _key_of(specs, path)) is not None and is_safe(key)}
    return sorted(keys)


def source_keys(specs: Path) -> list[str]:
    """The keys of the connection specs, sorted."""
    return spec_keys(specs, frozenset({SOURCES}))


def target_names(specs: Path) -> list[str]:
    """The names of the targets in the settings, in their order; none if the file is not valid YAML."""
    settings = _settings(specs)
    fleets = ((fleet, entry) for fleet, entry in _mapping(settings, "fleets").items() if isinstance(entry, dict))
    members = [f"{fleet}-{sandbox}" for fleet, entry in fleets for sandbox in _texts(entry, "sandboxes")]
    return [name for name in (*_mapping(settings, "targets"), *members) if is_safe(name)]


def group_names(specs: Path) -> list[str]:
    """The names of the groups and fleets in the settings, in their order; none if the file is not valid YAML."""
    settings = _settings(specs)
    return [name for name in (*_texts(settings, "groups"), *_mapping(settings, "fleets")) if is_safe(name)]


def _settings(specs: Path) -> Document:
    return _document(specs / _SETTINGS)


def _document(file: Path) -> Document:
    from reconciler.texts.reading import MAX_BYTES
    from reconciler.texts.yaml import read_yaml

    with open_regular(file, MAX_BYTES, follow=False) as opened:
        document = read_yaml(opened.read()).value
    return document if isinstance(document, dict) else {}


def _mapping(document: Document, key: str) -> Document:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _texts(document: Document, key: str) -> list[str]:
    value = document.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def revisions(specs: Path) -> list[str]:
    """HEAD, the branches and the tags of the repository that holds the folder. Raises NoCheckout if there is none."""
    from reconciler.desired.git.checkout import find_checkout
    from reconciler.desired.git.refs import Refs

    refs = Refs(find_checkout(specs))
    return ["HEAD", *(name for name in (*refs.branches(), *refs.tags()) if _SAFE_REVISION.fullmatch(name))]


def auth_names(specs: Path, keys: Collection[str]) -> list[str]:
    """The names in authSpec of the connection specs with these keys, or of all without keys, sorted."""
    names = {
        name
        for path in _spec_files(specs, frozenset({SOURCES}))
        if not keys or _key_of(specs, path) in keys
        for name in _names_of_auth(specs / path)
    }
    return sorted(filter(is_safe, names))


def _names_of_auth(file: Path) -> Iterator[str]:
    try:
        document = _document(file)
    except OSError:
        return
    body = document.get("spec", document)
    entries = body.get("authSpec") if isinstance(body, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield entry["name"]


def journals(specs: Path) -> list[str]:
    """The journals of the repository, latest first."""
    folder = specs.parent / _JOURNALS
    names = [name for name in os.listdir(folder) if name.endswith(".jsonl") and is_safe(name)]  # noqa: PTH208 - names are enough
    return [(folder / name).as_posix() for name in sorted(names, reverse=True)]


def is_safe(name: str) -> bool:
    """Whether a name means the same to every shell."""
    return _SAFE.fullmatch(name) is not None


def _key_of(specs: Path, path: str) -> str | None:
    if form_of(path) is Form.ENVELOPE:
        try:
            with open_regular(specs / path, None, follow=False) as file:
                found = _WRITTEN_KEY.search(file.read(_HEAD))
        except OSError:
            return None
        if found is not None:
            return found[2].decode()
    return default_key(path)


def _spec_files(specs: Path, folders: frozenset[str]) -> Iterator[str]:
    left = _MOST_FILES
    for folder in sorted(folders):
        for above, _, names in os.walk(specs / folder):
            for name in names:
                path = Path(above, name).relative_to(specs).as_posix()
                if form_of(path) in {Form.ENVELOPE, Form.ARTIFACT}:
                    yield path
                    left -= 1
                if not left:
                    return
