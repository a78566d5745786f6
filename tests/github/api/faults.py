"""Faults on demand: what goes wrong with the next requests that fit."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.github.api.refusals import Refusal

When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    `answer` takes the place of what the API would do, or, where `done` is set, of the answer to what it did; `text` is sent for its
    JSON. `lost` breaks the connection off, before or after the request was carried out. `truncated` sends half of the body, under a
    `content-length` that fits the half.
    """

    answer: Refusal | None = None
    done: bool = False
    lost: When | None = None
    truncated: bool = False
    text: str | None = None


def primary_limit(reset: int = 4_102_444_800) -> Fault:
    """The hourly limit is used up until `reset`, in seconds since 1970."""
    headers = {
        "x-ratelimit-limit": "1000",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(reset),
        "x-ratelimit-used": "1000",
    }
    return Fault(Refusal(403, "API rate limit exceeded for installation ID 1.", headers))


def secondary_limit(status: int = 403, retry_after: int | None = 60) -> Fault:
    """Too much at once: 403 or 429, with the seconds to wait, or without."""
    headers: Mapping[str, str] = {} if retry_after is None else {"retry-after": str(retry_after)}
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return Fault(Refusal(status, message, headers))


def server_error(status: int = 502, *, done: bool = False) -> Fault:
    """A 5xx; with `done` the request was carried out all the same. 502 and above come as HTML, as from GitHub's front."""
    page = "<html><head><title>Unicorn!</title></head><body>We had issues producing the response to your request.</body></html>"
    return Fault(Refusal(status, "Server Error"), done=done, text=page if status > 500 else None)


def lost_answer() -> Fault:
    """The request is carried out, and the connection closes in place of the answer."""
    return Fault(lost="after")


def lost_request() -> Fault:
    """The connection closes before anything was done."""
    return Fault(lost="before")


def saying(answer: Any, *, done: bool = False) -> Fault:
    """A successful answer with this JSON; with `done`, the request was carried out."""
    return Fault(Refusal(200, ""), done=done, text=json.dumps(answer))


def truncated_json() -> Fault:
    """The request is carried out, and half of the answer's JSON arrives."""
    return Fault(truncated=True)


@dataclass
class Faults:
    """Faults that wait for their requests. They are taken in the order in which they were put, each as often as it was counted for."""

    _waiting: list[tuple[Fault, str | None, str | None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, fault: Fault, times: int, method: str | None, path: str | None) -> None:
        with self._lock:
            self._waiting += [(fault, method, path)] * times

    def take(self, method: str, path: str) -> Fault | None:
        """The first one that fits: the method if it names one, and a path that holds its text."""
        with self._lock:
            for index, (fault, wanted, part) in enumerate(self._waiting):
                if wanted in (None, method) and (part is None or part in path):
                    del self._waiting[index]
                    return fault
        return None

    def left(self) -> int:
        return len(self._waiting)
