"""What goes out and what comes back, as values: one try of a call, its answer, or why there is none."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Literal, TypeAlias

from reconciler import __version__

USER_AGENT: Final = f"reconciler/{__version__}"

Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: every byte of it arrived.

    Names of headers are lower case. `request_id` is the server's, or else the one that was sent.
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


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer. `sent` says whether the service may have seen the request; `lasting`, that another try will end the same."""

    reason: str
    sent: bool
    lasting: bool = False
    hint: str | None = None


Outcome: TypeAlias = Answer | Failure


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One try, as logs and reports may show it: no headers, no body, no query. `status` is None when no answer came."""

    method: str
    path: str
    status: int | None
    request_id: str
    milliseconds: int


def fresh_request_id(rng: random.Random) -> str:
    """A UUID for `x-request-id`, by which a try is found in the logs of both sides."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


@dataclass(frozen=True, slots=True)
class Request:
    """One try of a call, as it goes out. `headers` hold the token and `body` may hold a secret, so neither is ever shown.

    `grants` says that the answer is to hold a credential, which may be new or one that is known: nothing of that answer is shown.
    """

    method: Method
    url: str
    path: str
    request_id: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    grants: bool = False
