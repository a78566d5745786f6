"""Where the client reaches the emulator, and the address of an inlet, which a flow shows as `options.inletUrl`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.emulator.model import INLETS

ADDRESS: Final = ContextVar("reconciler.emulator.address", default="https://dcs.adobedc.net")
"""Where the client of the current request reached the emulator: scheme, host and port."""


def inlet_of(_service: object, flow: Mapping[str, Json]) -> str:
    """The address for the events of a flow, at the host at which the client reached the emulator."""
    return f"{ADDRESS.get()}{INLETS}/{inlet_id(str(flow['id']))}"


def inlet_id(flow_id: str) -> str:
    """The id of the inlet of a flow, 64 hexadecimal digits, the same in every run."""
    return hashlib.sha256(f"inlet of {flow_id.lower()}".encode()).hexdigest()
