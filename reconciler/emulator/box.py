"""`build` creates an emulator from its parts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self
from uuid import UUID, uuid4

from reconciler.emulator.dataplane.fetching import Fetching
from reconciler.emulator.dataplane.runs.scheduling import consider, resume
from reconciler.emulator.service import Service
from reconciler.emulator.store import Store
from reconciler.emulator.switches.behaviour import Behaviour
from reconciler.emulator.switches.faults import Fault, Faults
from reconciler.emulator.timeline import Timeline
from reconciler.errors import UsageError
from reconciler.sources.messages import Fetch
from reconciler.wording.installed import install_command

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from reconciler.emulator.http.transport import EmulatorTransport
    from reconciler.providers.stub import Stub


@dataclass(frozen=True, slots=True)
class Emulator:
    """A Flow Service emulator: `app` for a server, `transport()` for a client in the same process.

    Close it, or use it as a context manager, to release its file.
    """

    app: ASGIApp
    service: Service

    @property
    def store(self) -> Store:
        return self.service.store

    def transport(self) -> EmulatorTransport:
        """A new httpx transport to this emulator. Closing the transport does not close the emulator."""
        from reconciler.emulator.http.transport import EmulatorTransport  # noqa: PLC0415  the extra may not be installed

        return EmulatorTransport(self.app)

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def build(
    db: Path | Literal[":memory:"],
    behaviour: Behaviour | None = None,
    faults: Sequence[Fault] = (),
    *,
    providers: Sequence[Stub] = (),
    fetch: Fetch | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    new_id: Callable[[], UUID] = uuid4,
) -> Emulator:
    """An emulator on a SQLite file, which is created with its parent folders if missing, or in memory.

    `providers` are third-party APIs that are served beside Flow Service. `fetch` calls third parties for previews and runs; None calls
    `providers` and this machine. `clock` returns epoch seconds, `sleep` implements the waits of faults, and `new_id` creates the ids of new
    objects. Raises `UsageError` if the extra `emulator` is not installed or the file cannot be used.
    """
    try:
        from reconciler.emulator.http.app import create_app  # noqa: PLC0415  the extra may not be installed
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the emulator needs {error.name}, which is not installed",
            hint=install_command("emulator"),
        ) from error
    timeline = Timeline(clock)
    store = Store(db, clock=timeline.now, new_id=new_id)
    fetch = fetch or Fetching(lambda: providers)
    service = Service(store, behaviour or Behaviour(), Faults(faults), timeline, sleep, fetch=fetch)
    if isinstance(fetch, Fetching):
        service.begin = fetch.begin
    store.skew = lambda: service.behaviour.clock_skew
    service.on_flow = lambda place, flow: consider(service, place, flow.id)
    resume(service)
    app = create_app(service)
    if not providers:
        return Emulator(app, service)
    from reconciler.emulator.http.providers import Providers  # noqa: PLC0415  few emulators serve third parties

    return Emulator(Providers(providers, app, sleep, timeline.now), service)
