"""Generates all schemas from the models."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import encode_readable
from reconciler.schemas.proof_file import proof_file
from reconciler.schemas.provider_file import provider_file
from reconciler.schemas.settings_file import settings_file
from reconciler.schemas.spec_files import artifact_file, connection_spec_file, flow_spec_file

_MAKERS: Final = {
    "connection-spec": connection_spec_file,
    "flow-spec": flow_spec_file,
    "settings": settings_file,
    "provider": provider_file,
    "artifact": artifact_file,
    "proof": proof_file,
}


def made(schema: str) -> str:
    """The content of this schema's file."""
    return encode_readable(_MAKERS[schema]()) + "\n"
