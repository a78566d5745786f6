"""Makes and changes drafts of base connections. A draft has no credentials, no flow can use it, and it can be deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from reconciler.dataflows.answers import checks
from reconciler.dataflows.calling import Permit
from reconciler.dataflows.items import created_in
from reconciler.dataflows.observed import MappingCheck
from reconciler.dataflows.places import PLACES, one_call
from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import Created
from reconciler.documents.json_text import Json, encode
from reconciler.flowservice.answers import read_anything
from reconciler.flowservice.messages import Call

_CONNECTION: Final = PLACES["connection"]


class DraftMaker(ProofReader):
    """Makes drafts of base connections in one sandbox, and changes their descriptions. Thread-safe."""

    PERMITS: ClassVar[tuple[Permit, ...]] = (
        Permit("POST", _CONNECTION.service, _CONNECTION.path),
        Permit("PATCH", _CONNECTION.service, rf"{_CONNECTION.path}/[0-9A-Za-z_][0-9A-Za-z_.-]*"),
        Permit("POST", "conversion", "/mappingSets/validate"),
    )

    def create_draft(self, body: Mapping[str, Json]) -> Created:
        """POST a draft. Raises AnswerLost if it may have been made, ServiceError if it was not."""
        call = Call("POST", _CONNECTION.path, "mode=draft", encode(dict(body)), service=_CONNECTION.service)
        return self._calls.write(call, lambda answer: created_in("connection", answer))

    def describe(self, connection_id: str, description: str, if_match: str | None) -> None:
        """PATCH the description. Raises VersionMismatch for another etag, AnswerLost if it may have changed, ServiceError otherwise."""
        change = [{"op": "replace", "path": "/description", "value": description}]
        path = one_call("connection", connection_id).path
        self._calls.write(Call("PATCH", path, body=encode(change), if_match=if_match, one_spec=True), read_anything)

    def validate_mapping(self, mapping_set: Mapping[str, Json]) -> tuple[MappingCheck, ...]:
        """What the service says about each mapping of a set; nothing is kept. Raises ServiceError."""
        call = Call("POST", "/mappingSets/validate", body=encode(dict(mapping_set)), service="conversion")
        return self._calls.ask(call, lambda answer: checks(answer, self._calls.said))
