"""What an unusable response of a code host means for the call: a read or an idempotent write is repeated, a POST never.

A response without what decides is unusable, too: what it does not say is not known, and is never taken for "no" or for "done".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from reconciler.documents.json_text import Json, value_at
from reconciler.errors import AnswerLost, ServiceError
from reconciler.http.messages import Method
from reconciler.http.retrying import PASSING, Again
from reconciler.http.secrets.disclosure import shown_words

_UNSURE = "so the write may or may not have happened"
_LONGEST = 100
_AGAIN = "run again: it does no harm if the write happened"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


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
    """An answer, or an item of it, whose fields must be there. `request` names the host and the request in the error of class `error`.

    An item whose field is missing may be the one that is looked for, so it is an error. One that has `null` there is another.
    """

    answer: Json
    request: str
    error: type[ServiceError]
    hint: str

    def text(self, *keys: str) -> str:
        """The string at these nested keys. Raises ServiceError without one."""
        found = value_at(self.answer, *keys)
        if not isinstance(found, str):
            raise self.without(*keys)
        return found

    def text_or_null(self, *keys: str) -> str | None:
        """The string at these nested keys; None only where the host says `null`, also above. Raises ServiceError without either."""
        return None if self._is_null(keys) else self.text(*keys)

    def one_of(self, key: str, *known: str) -> str:
        """The string at this key, which is one of these. Raises ServiceError without one, and for another: what it means is not known."""
        found = self.text(key)
        if found not in known:
            raise self.error(f"{self.request} returned an unknown {key}: {shown_words(found)[:_LONGEST]}", hint=self.hint)
        return found

    def texts(self, key: str) -> list[str]:
        """The strings of the list at this key. Raises ServiceError without it, and for anything else in it."""
        found = value_at(self.answer, key)
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise self.without(key)
        return found

    def items(self, key: str) -> list[Fields]:
        """The items of the list at this key. Raises ServiceError without one."""
        found = value_at(self.answer, key)
        if not isinstance(found, list):
            raise self.without(key)
        return self.listed(found)

    def listed(self, items: list[Json]) -> list[Fields]:
        """These items of the answer."""
        return [replace(self, answer=item) for item in items]

    def number(self, *keys: str) -> int:
        """The number at these nested keys. Raises ServiceError without one."""
        found = value_at(self.answer, *keys)
        if not isinstance(found, int) or isinstance(found, bool):
            raise self.without(*keys)
        return found

    def number_or_null(self, *keys: str) -> int | None:
        """The number at these nested keys; None only where the host says `null`, also above. Raises ServiceError without either."""
        return None if self._is_null(keys) else self.number(*keys)

    def _is_null(self, keys: tuple[str, ...]) -> bool:
        found = self.answer
        for key in keys:
            if not isinstance(found, dict) or key not in found:
                return False
            found = found[key]
            if found is None:
                return True
        return False

    def without(self, *keys: str) -> ServiceError:
        """The error for an answer that has nothing usable at these nested keys."""
        return self.error(f"{self.request} returned no {'.'.join(keys)}", hint=self.hint)


def without_answer(name: str, method: Method, lost: Lost, error: ServiceError) -> Again:
    """A retry with this error. Raises AnswerLost for a POST that may have arrived, and `error` if another try cannot help."""
    if lost.sent and method == "POST":
        raise AnswerLost(f"{name}: {lost.reason}, {_UNSURE}", hint=_AGAIN)
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
        raise AnswerLost(f"{error.message}, {_UNSURE}", status=error.status, hint=_AGAIN)
    return Again(error)


def refusal(name: str, status: int, message: str) -> str:
    """What is said of a response with this status, and with this message of the host, which may be empty."""
    return f"{name} returned {status}" + (f": {message}" if message else " without a message")


def refusal_hint(host: str, method: Method, status: int, known: Mapping[int, str]) -> str:
    """The next step after a response with this status; `known` has those of this host, among them that for 404."""
    if status == HTTPStatus.NOT_FOUND and method in ("PATCH", "PUT"):
        return f"it may have been deleted since it was read: run again; if this stays, {known[status]}"
    if status in known:
        return known[status]
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"see the message; without one, check the proxy before {host}"
    return f"{host} failed: run again later"


def may_have_token(url: str) -> bool:
    """Whether the token may be sent to an API at this address: over https, or to the local host, and with nothing but a path."""
    try:
        parts = urlsplit(url)
        is_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
        is_plain = parts.username is None and "?" not in url and "#" not in url and bool(parts.hostname)
    except ValueError:
        return False
    return is_plain and (is_loopback or url.startswith("https://"))
