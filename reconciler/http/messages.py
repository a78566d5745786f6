"""Requests and outcomes as values: one try of a call, and its response or the reason for none."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Literal, TypeAlias

import msgspec

from reconciler import __version__

USER_AGENT: Final = f"reconciler/{__version__}"

Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response.

    Header names are in lower case. `request_id` is the server's, or else the one that was sent.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | bytearray = field(repr=False)
    request_id: str

    @property
    def is_redirect(self) -> bool:
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Failure(msgspec.Struct, frozen=True):
    """Why there is no response. `sent` is whether the service may have received the request; `lasting`, whether a retry would also fail."""

    reason: str
    sent: bool
    lasting: bool = False
    hint: str | None = None


Outcome: TypeAlias = Answer | Failure


class RequestRecord(msgspec.Struct, frozen=True):
    """One try as logs and reports show it: no headers, body or query. `status` is None without a response."""

    method: str
    path: str
    status: int | None
    request_id: str
    milliseconds: int


def fresh_request_id(rng: random.Random) -> str:
    """A UUID for `x-request-id`, which identifies a try in the logs of both sides."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


@dataclass(frozen=True, slots=True)
class Request:
    """One try of a call. `headers` contain the token and `body` may contain a secret, so neither is ever shown.

    `grants` means that the response contains a credential, new or known; nothing of that response is shown.
    """

    method: Method
    url: str
    path: str
    request_id: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    grants: bool = False
    target: bytes | None = field(default=None, repr=False)
    """The path and query exactly as they are sent, in the place of those of `url`; None to send those of `url`, normalized."""
