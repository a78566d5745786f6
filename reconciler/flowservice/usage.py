"""Whether an item of a filtered list really uses a connection spec.

The filter is the service's; its answer is checked here, so that a filter that is not understood does not count everything. An item that
does not say which spec it uses counts: whoever asks wants to be sure that nothing does.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reconciler.documents.json_text import Document, Json, NotJson
from reconciler.http.bodies import WrongShape, decode_as


def source_connection_uses(item: msgspec.Raw, connection_spec_id: str) -> bool:
    """Whether a source connection is made from this spec (its `connectionSpec.id`)."""
    connection = _object(item)
    return _spec_id(connection) in {connection_spec_id, None}


def flow_uses(item: msgspec.Raw, connection_spec_id: str) -> bool:
    """Whether a flow reads from this spec (its `inheritedAttributes.sourceConnections[].connectionSpec.id`)."""
    inherited = _object(item).get("inheritedAttributes")
    connections = inherited.get("sourceConnections") if isinstance(inherited, dict) else None
    if not isinstance(connections, list) or not connections:
        return True
    used = {_spec_id(connection) for connection in connections}
    return connection_spec_id in used or None in used


def _object(item: msgspec.Raw) -> Document:
    try:
        return decode_as(item, dict[str, Any])
    except (NotJson, WrongShape):
        return {}


def _spec_id(connection: Json) -> str | None:
    spec = connection.get("connectionSpec") if isinstance(connection, dict) else None
    spec_id = spec.get("id") if isinstance(spec, dict) else None
    return spec_id if isinstance(spec_id, str) and spec_id else None
