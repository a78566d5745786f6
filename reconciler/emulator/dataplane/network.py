"""Sends one request of the emulated service over HTTP."""

from __future__ import annotations

import time
from typing import Final

import httpx

from reconciler.documents.json_text import encode
from reconciler.sources.messages import Answer, NoAnswer, Request

_MOST_BYTES: Final = 64 * 1024 * 1024


def send(request: Request, timeout: float, *, by_proxy: bool) -> Answer | NoAnswer:
    """The complete answer within `timeout` seconds, or why there is none. Redirects are not followed: they may lead elsewhere.

    With `by_proxy`, the proxy of the environment is used, if it has one.
    """
    start = time.monotonic()
    try:
        with (
            httpx.Client(timeout=timeout, trust_env=by_proxy) as client,
            client.stream(
                request.method,
                request.url,
                headers=[(name.encode(), value.encode()) for name, value in request.headers],
                content=None if request.body is None else encode(request.body),
            ) as response,
        ):
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    return _none(f"the answer has more than {_MOST_BYTES // 1024 // 1024} MB", start)
                if time.monotonic() - start > timeout:
                    return _none(f"no complete answer within {timeout:g} seconds", start)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, bytes(content), _since(start))
    except httpx.TimeoutException:
        return _none(f"no answer within {timeout:g} seconds", start)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return _none(f"the host did not answer ({type(error).__name__})", start)


def _none(reason: str, start: float) -> NoAnswer:
    return NoAnswer("no-answer", f"A connection attempt failed: {reason}", None, _since(start))


def _since(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
