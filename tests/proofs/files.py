"""A spec with one secret, and proof files for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.desired.tree import GivenFiles, SpecTree
from reconciler.documents.json_text import Document
from reconciler.errors import Problem
from reconciler.proofs.filling import NOTHING_ASKED, Asked, Filled, values_for
from reconciler.proofs.folder import folder_of
from reconciler.proofs.proof import ReadProof, proof_in

KEY: Final = "acme-orders"
SECRET: Final = "hunter2-is-it"
BASIC: Final[Document] = {
    "name": "Basic",
    "type": "BasicAuthentication",
    "spec": {
        "type": "object",
        "properties": {
            "domain": {"type": "string"},
            "username": {"type": "string"},
            "password": {"type": "string", "format": "password"},
        },
        "required": ["domain", "password"],
    },
}
TOKEN: Final[Document] = {
    "name": "Token",
    "spec": {"properties": {"token": {"type": "string", "format": "password"}}, "required": ["token"]},
}
FORM: Final[Document] = {
    "type": "object",
    "properties": {"store": {"type": "string", "enum": ["eu", "us"]}, "size": {"type": "integer"}},
}
BODY: Final[Document] = {"name": "Acme", "authSpec": [BASIC, TOKEN], "sourceSpec": {"spec": FORM}}
GOOD: Final = """\
kind: Proof
auth:
  name: Basic
  params:
    domain: us6
    password: {env: ACME_PASSWORD}
source: {store: eu}
"""


def read(text: str | None, key: str = KEY, former: tuple[str, ...] = (), folder: str = KEY) -> ReadProof:
    """The proof.yaml with this text."""
    files = {} if text is None else {f"proofs/{folder}/proof.yaml": text.encode()}
    return read_proof(GivenFiles(files), key, former)


def fill(
    text: str | None, asked: Asked = NOTHING_ASKED, environ: Mapping[str, str] | None = None, body: Document = BODY
) -> Filled:
    """The values for this text."""
    return values_for(read(text), body, asked, environ)


def shown(problems: tuple[Problem, ...]) -> list[str]:
    """Each problem as line:column, code and message."""
    return [f"{problem.line}:{problem.column} {problem.code} {problem.message}" for problem in problems]


def read_proof(tree: SpecTree, key: str, former_keys: tuple[str, ...] = ()) -> ReadProof:
    """The proof.yaml of the spec with this key."""
    return proof_in(folder_of(tree, key, former_keys), key, former_keys)
