"""Deletes what a proof made. It can only read and delete, and it deletes nothing but flows, connections, datasets and schemas."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar, Final

from reconciler.dataflows.calling import Permit
from reconciler.dataflows.places import PLACES, one_call
from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import DELETED_IN_ORDER, ResourceType
from reconciler.errors import ServiceError
from reconciler.flowservice.messages import Call
from reconciler.http.messages import Answer

_ID: Final = r"[0-9A-Za-z_][0-9A-Za-z_.-]*"
_PATH_IS_WRONG: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


class ProofCleaner(ProofReader):
    """Reads and deletes in one sandbox with one credential. It sends nothing but GETs and DELETEs of these types. Thread-safe."""

    PERMITS: ClassVar[tuple[Permit, ...]] = tuple(
        Permit("DELETE", PLACES[kind].service, rf"{PLACES[kind].path}/{_ID}/?") for kind in DELETED_IN_ORDER
    )

    def delete(self, kind: ResourceType, resource_id: str) -> None:
        """Delete one resource. Only a GET that does not find it proves that it is gone.

        Raises SpecNotFound if the service says that it does not exist, AnswerLost if it may have been deleted, RefusedForNow if it may be
        sent again, and ServiceError if it was refused.
        """
        found = one_call(kind, resource_id)
        try:
            self._delete(Call("DELETE", found.path, one_spec=True, service=found.service))
        except ServiceError as error:
            if kind != "connection" or type(error) is not ServiceError or error.status not in _PATH_IS_WRONG:
                raise
            self._delete(Call("DELETE", f"{found.path}/", one_spec=True))  # the OpenAPI has this path with a slash

    def _delete(self, call: Call) -> None:
        self._calls.write(call, _nothing)


def _nothing(_answer: Answer) -> None:
    """The answer to a DELETE proves nothing, so it is not read."""
