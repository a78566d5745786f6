"""The schemas that ship with the package. A repository keeps copies beside its spec files, so editors need no network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from reconciler.documents.kinds import Kind

SCHEMAS: Final[Mapping[str, str]] = {
    "connection-spec": "sources/<key>/connection-spec.yaml",
    "flow-spec": "flow-specs/<key>.yaml",
    "settings": "reconciler.yaml",
    "provider": "proofs/<key>/provider.yaml",
    "artifact": "sources/**/<source>-connectionSpec.json",
    "proof": "proofs/<key>/proof.yaml",
}
"""Each schema and the files that it applies to, relative to the specs folder."""

SCHEMA_OF: Final[Mapping[Kind, str]] = {Kind.CONNECTION_SPEC: "connection-spec", Kind.FLOW_SPEC: "flow-spec"}
"""The spec file schema of each kind."""

FOLDER: Final = ".schemas"
"""The folder of the copies, relative to the specs folder. It is hidden, so nothing in it is read as a spec."""


def file_name(schema: str) -> str:
    """The file name of this schema, in the package and in the folder of the copies."""
    return f"{schema}.schema.json"


def schema_text(schema: str) -> str:
    """The schema as JSON; the output is deterministic."""
    return Path(__file__).with_name(file_name(schema)).read_text(encoding="utf-8")


def schema_line(schema: str, path: str) -> str:
    """The comment that names the schema of this file (relative to the specs folder) for a YAML language server."""
    up = "../" * (len(PurePosixPath(path).parts) - 1)
    return f"# yaml-language-server: $schema={up}{FOLDER}/{file_name(schema)}"
