"""The embedded Flow Service of a target: its wire, and the clock that it shares with its client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from reconciler.disk import make_folder, write_whole
from reconciler.errors import SettingsError, UsageError
from reconciler.http.clock import Clock, SystemClock
from reconciler.http.transport import Wire
from reconciler.settings.values import Target

if TYPE_CHECKING:
    from reconciler.emulator import Behaviour
    from reconciler.proofs.proof import ReadProof
    from reconciler.providers.stub import Stub

_FILES: Final = "*/provider.yaml"
_PROOFS: Final = "*/proof.yaml"
_PREVIOUS: Final = "previous-secret"
"""The case of a secret that is still accepted after a rotation."""
_FOLDER: Final = ".reconciler"


class Embedded(msgspec.Struct, frozen=True):
    """How a target is reached. `wire` is None for a service over the network; `clock` is the one for all waits of the session."""

    wire: Wire | None
    clock: Clock


@contextmanager
def embedded_service(target: Target, clock: Clock | None = None) -> Iterator[Embedded]:
    """The embedded service of a target while the context is open; for any other target only the clock.

    With `provider: true`, the service reads from the provider files of the specs folder, and waits take no time: its own clock, which is
    yielded instead of `clock`, jumps. The provider files are read when a preview or a run first needs one. Its inlets accept the secrets
    that the proof files name, each of which is `${NAME}` there.
    """
    clock = clock or SystemClock()
    if target.emulator is None:
        yield Embedded(None, clock)
        return
    from reconciler.emulator import Behaviour, build

    _keep_out_of_git(target.emulator)
    if target.proofs is None:
        with build(target.emulator, _with_sandboxes(Behaviour(), target)) as emulator:
            yield Embedded(emulator.transport(), clock)
        return
    from reconciler.emulator.clocks import JumpingClock
    from reconciler.emulator.dataplane.fetching import Fetching

    fetch = Fetching(partial(providers_in, target.proofs))
    behaviour = _with_sandboxes(inlets_in(target.proofs), target)
    with build(target.emulator, behaviour, fetch=fetch, clock=clock.now) as emulator:
        yield Embedded(emulator.transport(), JumpingClock(emulator.service))


def _with_sandboxes(behaviour: Behaviour, target: Target) -> Behaviour:
    """The same behavior for a service that also has the sandboxes of the settings, so that a fleet of them works."""
    return replace(behaviour, sandboxes=tuple(dict.fromkeys((*behaviour.sandboxes, *target.sandboxes))))


def inlets_in(proofs: Path) -> Behaviour:
    """Inlets that agree with all proof files: their secrets, current ones first, and the encoding of their signatures.

    A file with problems is skipped: whatever reads it shows them.
    """
    from reconciler.emulator import Behaviour
    from reconciler.proofs.streaming.settings import streaming_secrets

    current, previous, encodings = [], [], set()
    for file in sorted(proofs.glob(_PROOFS)):
        read = _proof_in(file)
        streaming = read.proof.streaming if read is not None and read.proof is not None else None
        if read is None or streaming is None or streaming.mechanism != "hmac":
            continue
        secrets, _ = streaming_secrets(read, None)
        current += [secrets.secret.reveal()] if secrets.secret else []
        previous += [secrets.tests[_PREVIOUS].reveal()] if _PREVIOUS in secrets.tests else []
        encodings.add(streaming.encoding)
    return Behaviour(
        inlet_secrets=tuple(dict.fromkeys((*current, *previous))), hmac_encoding="hex" if encodings == {"hex"} else "base64"
    )


def _proof_in(file: Path) -> ReadProof | None:
    from reconciler.proofs.proof import read_proof_file

    try:
        return read_proof_file(file, file.parent.name)
    except SettingsError:
        return None


def _keep_out_of_git(store: Path) -> None:
    """Keep a store in a new folder `.reconciler` out of the repository: it has the credentials that connections were made with."""
    folder = store.parent
    if folder.name != _FOLDER or folder.exists():
        return
    with suppress(OSError):  # occurs again, and is reported, when the store is opened
        make_folder(folder)
        write_whole(folder / ".gitignore", b"*\n", mode=0o666, is_new=True)


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
