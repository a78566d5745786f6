"""Calls third parties for previews, tests of credentials and runs: the providers that the emulator serves, and this machine.

The address of a spec is that of a real service. Its host is not called: a provider whose path fits answers in its place. Everything else
but a loopback address is refused, unless its host was opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from reconciler.errors import ReconcilerError
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request

TIMEOUT_SECONDS: Final = 100.0
"""How long the service waits for an answer (Azure Data Factory, REST connector)."""
_SHOWN: Final = 100
_FAILED: Final = "A connection attempt failed"


@dataclass(slots=True)
class Fetching:
    """The fetch of an emulator. `providers` is called once, at the first request. `reach` has names of hosts, or `*.example.com`."""

    providers: Callable[[], Sequence[Stub]]
    reach: Sequence[str] = ()
    network: Fetch | None = None
    """Sends a request over the network; None for the real one."""
    _stubs: Sequence[Stub] | None = field(default=None, init=False)

    def __call__(self, request: Request) -> Answer | NoAnswer:
        """The answer of a provider or of a host within reach; or why there is none, in the words of the service."""
        try:
            parts = urlsplit(request.url)
            host, path = (parts.hostname or "").lower(), unquote(parts.path)
            stub = next((one for one in self._served() if one.serves(path)), None)
        except ReconcilerError as error:
            return _none(f"a provider file cannot be used: {error.message}", error.hint)
        except ValueError:
            return _none("the address is not valid")
        if stub is not None:
            return _in_time(stub.answer(request))
        if parts.scheme not in ("http", "https") or not host:
            return _none("the address is not valid")
        if is_loopback(host) or any(_covers(pattern.lower(), host) for pattern in self.reach):
            return (self.network or _over_network)(request)
        hint = f"serve a provider with this path, or allow the host: reconciler emulator --reach {host[:_SHOWN]}"
        return NoAnswer("host-refused", f"{_FAILED}: the emulator calls no other host, and {host[:_SHOWN]} is one", hint)

    def begin(self) -> None:
        """Let the next request be the first one that the providers have seen: faults and tokens count from there."""
        for stub in self._stubs or ():
            stub.forget()

    def _served(self) -> Sequence[Stub]:
        if self._stubs is None:
            self._stubs = self.providers()
        return self._stubs


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _covers(pattern: str, host: str) -> bool:
    return host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def _in_time(answer: Answer | NoAnswer) -> Answer | NoAnswer:
    """The answer of a provider, which nobody waited for; None of it after the time limit of the service."""
    if answer.milliseconds >= TIMEOUT_SECONDS * 1000:
        return NoAnswer(
            "no-answer", f"{_FAILED}: no answer within {TIMEOUT_SECONDS:g} seconds", None, int(TIMEOUT_SECONDS * 1000)
        )
    return answer if isinstance(answer, Answer) else NoAnswer(answer.code, f"{_FAILED}: {answer.reason}", answer.hint)


def _none(reason: str, hint: str | None = None) -> NoAnswer:
    return NoAnswer("no-answer", f"{_FAILED}: {reason}", hint)


def _over_network(request: Request) -> Answer | NoAnswer:
    from reconciler.emulator.dataplane.network import send  # noqa: PLC0415  most emulators call nobody

    host = (urlsplit(request.url).hostname or "").lower()
    return send(request, TIMEOUT_SECONDS, by_proxy=not is_loopback(host))
