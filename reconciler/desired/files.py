"""Which files of a tree are spec files, and the key that a file's name implies."""

from __future__ import annotations

import posixpath
from enum import Enum, auto
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from reconciler.documents.kinds import Kind

SOURCES: Final = "sources"
FLOW_SPECS: Final = "flow-specs"
SPEC_FOLDERS: Final = frozenset({SOURCES, FLOW_SPECS})
PROOFS: Final = "proofs"
"""The folder of the proofs of specs. None of its files is a spec, and they do not change a plan."""
SETTINGS_FILES: Final = frozenset({"reconciler.yaml", "reconciler.yml"})

ARTIFACT_SUFFIX: Final = "-connectionSpec.json"
"""The submission artifact of Adobe's Self-Serve Sources: `<source>-connectionSpec.json`, a bare body."""
_YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})
_SUFFIXES: Final = _YAML_SUFFIXES | {".json"}
_GENERIC_STEMS: Final = frozenset({"connection-spec", "flow-spec"})
"""File names whose key comes from their folder."""


class Form(Enum):
    """What kind of file a path denotes."""

    ENVELOPE = auto()
    """A YAML spec file with an envelope."""
    ARTIFACT = auto()
    """A JSON file with a bare connection spec body."""
    OTHER_JSON = auto()
    """A JSON file in a folder of spec files that is not a submission artifact."""
    MISPLACED = auto()
    """A file that would be a spec file in another folder."""
    OTHER = auto()
    """Any other file, such as an image, a text file or a file of a proof."""


@lru_cache(maxsize=16_384)
def form_of(path: str) -> Form:
    """The form of the file at this path, relative to the specs folder."""
    folder, _, below = path.partition("/")
    suffix = posixpath.splitext(path)[1].lower()
    if suffix not in _SUFFIXES or path.startswith(".") or "/." in path or path in SETTINGS_FILES:
        return Form.OTHER
    if is_of_proof(path):
        return Form.OTHER
    if not below or folder not in SPEC_FOLDERS:
        return Form.MISPLACED
    if suffix in _YAML_SUFFIXES:
        return Form.ENVELOPE
    is_artifact = folder == SOURCES and path.endswith(ARTIFACT_SUFFIX)
    return Form.ARTIFACT if is_artifact else Form.OTHER_JSON


def is_of_proof(path: str) -> bool:
    """Whether the file or folder at this path belongs to the proofs of specs."""
    return path == PROOFS or path.startswith(f"{PROOFS}/")


def default_key(path: str) -> str | None:
    """The default key of a file: the folder's name for `connection-spec.yaml`, the prefix of an artifact, else the file's stem.

    None for a `connection-spec.yaml` that is not in a folder of its own.
    """
    file = PurePosixPath(path)
    if file.name.endswith(ARTIFACT_SUFFIX):
        return file.name.removesuffix(ARTIFACT_SUFFIX)
    if file.stem not in _GENERIC_STEMS:
        return file.stem
    return file.parent.name if len(file.parts) > 2 else None  # noqa: PLR2004 — the collection's folder, the spec's own, and the file


def default_kind(path: str) -> Kind:
    """The default kind of files in this folder."""
    return Kind.FLOW_SPEC if path.startswith(f"{FLOW_SPECS}/") else Kind.CONNECTION_SPEC
