"""The embedded Flow Service of a target: its wire, and the clock that it shares with its client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.errors import UsageError
from reconciler.http.clock import Clock, SystemClock
from reconciler.http.transport import Wire
from reconciler.settings.values import Target

if TYPE_CHECKING:
    from reconciler.providers.stub import Stub

_FILES: Final = "*/provider.yaml"


@dataclass(frozen=True, slots=True)
class Embedded:
    """How a target is reached. `wire` is None for a service over the network; `clock` is the one for all waits of the session."""

    wire: Wire | None
    clock: Clock


@contextmanager
def embedded_service(target: Target, clock: Clock | None = None) -> Iterator[Embedded]:
    """The embedded service of a target while the context is open; for any other target only the clock.

    With `provider: true`, the service reads from the provider files of the specs folder, and waits take no time: its own clock, which is
    yielded instead of `clock`, jumps. The provider files are read when a preview or a run first needs one.
    """
    clock = clock or SystemClock()
    if target.emulator is None:
        yield Embedded(None, clock)
        return
    from reconciler.emulator import build

    if target.proofs is None:
        with build(target.emulator) as emulator:
            yield Embedded(emulator.transport(), clock)
        return
    from reconciler.emulator.clocks import JumpingClock
    from reconciler.emulator.dataplane.fetching import Fetching

    with build(target.emulator, fetch=Fetching(partial(providers_in, target.proofs)), clock=clock.now) as emulator:
        yield Embedded(emulator.transport(), JumpingClock(emulator.service))


def providers_in(proofs: Path) -> tuple[Stub, ...]:
    """The providers of all proofs, by the names of their folders.

    Raises SettingsError for a file with problems, UsageError for two files with the same path.
    """
    from reconciler.proofs.provider_file import stub_of

    taken: dict[str, Path] = {}
    stubs = []
    for file in sorted(proofs.glob(_FILES)):
        stub = stub_of(file)
        if (first := taken.setdefault(stub.pattern, file)) is not file:
            raise UsageError(f"{first} and {file} both serve {stub.provider.path}", hint="change `path` in one of them")
        stubs.append(stub)
    return tuple(stubs)
