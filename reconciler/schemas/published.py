"""The schemas as the package ships them, and where a repository keeps its copies: beside the files, so that editors need no network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from reconciler.documents.kinds import Kind

SCHEMAS: Final[Mapping[str, str]] = {
    "connection-spec": "sources/<key>/connection-spec.yaml",
    "flow-spec": "flow-specs/<key>.yaml",
    "settings": "reconciler.yaml",
    "artifact": "sources/**/<source>-connectionSpec.json",
}
"""Each schema and the files, below the specs folder, that it is for."""

SCHEMA_OF: Final[Mapping[Kind, str]] = {Kind.CONNECTION_SPEC: "connection-spec", Kind.FLOW_SPEC: "flow-spec"}
"""The schema of a spec file of each kind."""

FOLDER: Final = ".schemas"
"""The folder of the copies, below the specs folder. It is hidden, so nothing in it is read as a spec."""


def file_name(schema: str) -> str:
    """The file of this schema, in the package and in the folder of the copies."""
    return f"{schema}.schema.json"


def schema_text(schema: str) -> str:
    """The schema as JSON, the same bytes in every run."""
    return Path(__file__).with_name(file_name(schema)).read_text(encoding="utf-8")


def schema_line(schema: str, path: str) -> str:
    """The comment by which the file at this path, below the specs folder, names its schema to a YAML language server."""
    up = "../" * (len(PurePosixPath(path).parts) - 1)
    return f"# yaml-language-server: $schema={up}{FOLDER}/{file_name(schema)}"
