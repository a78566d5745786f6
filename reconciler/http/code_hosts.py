"""What an unusable response of a code host means for the call: a read or an idempotent write is repeated, a POST never.

A response without what decides is unusable, too: what it does not say is not known, and is never taken for "no" or for "done".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.documents.json_text import Json, value_at
from reconciler.errors import AnswerLost, ServiceError
from reconciler.http.messages import Method
from reconciler.http.retrying import PASSING, Again

_UNSURE = "so the write may or may not have happened"
_CHECK = "check whether it exists"


@dataclass(frozen=True, slots=True)
class Lost:
    """Why there is no usable response. `sent`: the request may have arrived; `lasting`: another try cannot help."""

    reason: str
    sent: bool = True
    lasting: bool = False


NOT_JSON = Lost("its response is incomplete, or not JSON")
UNNAMED = Lost("its response has no id", lasting=True)
"""Of a write, whose response names what was written."""


def is_usable(method: Method, answer: Json) -> bool:
    """Whether the answer can be one to this method: that to a write has an id."""
    found = value_at(answer, "id")
    return method == "GET" or (isinstance(found, int) and not isinstance(found, bool))


@dataclass(frozen=True, slots=True)
class Fields:
    """An answer, or an item of it, whose fields must be there. `request` names the host and the request in the error of class `error`."""

    answer: Json
    request: str
    error: type[ServiceError]
    hint: str

    def text(self, *keys: str) -> str:
        """The string at these nested keys. Raises ServiceError without one."""
        found = value_at(self.answer, *keys)
        if not isinstance(found, str):
            raise self._without(*keys)
        return found

    def text_or_null(self, key: str) -> str | None:
        """The string at this key; None only where the host says `null`. Raises ServiceError without either."""
        if isinstance(self.answer, dict) and key in self.answer and self.answer[key] is None:
            return None
        return self.text(key)

    def items(self, key: str) -> list[Fields]:
        """The items of the list at this key. Raises ServiceError without one."""
        found = value_at(self.answer, key)
        if not isinstance(found, list):
            raise self._without(key)
        return [replace(self, answer=item) for item in found]

    def number(self, key: str) -> int:
        """The number at this key. Raises ServiceError without one."""
        found = value_at(self.answer, key)
        if not isinstance(found, int) or isinstance(found, bool):
            raise self._without(key)
        return found

    def _without(self, *keys: str) -> ServiceError:
        return self.error(f"{self.request} returned no {'.'.join(keys)}", hint=self.hint)


def without_answer(name: str, method: Method, lost: Lost, error: ServiceError) -> Again:
    """A retry with this error. Raises AnswerLost for a POST that may have arrived, and `error` if another try cannot help."""
    if lost.sent and method == "POST":
        raise AnswerLost(f"{name}: {lost.reason}, {_UNSURE}", hint=_CHECK)
    if lost.lasting:
        raise error
    return Again(error)


def refused(method: Method, error: ServiceError, *, waits: bool) -> Again:
    """A retry with this error response; with `waits`, of one that the host delays. Raises AnswerLost for a POST that may have happened.

    Raises `error` if another try would not help.
    """
    if waits:
        return Again(error)
    if error.status not in PASSING:
        raise error
    if method == "POST":
        raise AnswerLost(f"{error.message}, {_UNSURE}", status=error.status, hint=_CHECK)
    return Again(error)
