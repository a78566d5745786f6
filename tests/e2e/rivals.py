"""Ten repositories that apply at once to one shared flow spec, round after round: `python -m tests.e2e.rivals [ROUNDS] [--etags]`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import Receive, Scope, Send

from reconciler.documents.json_text import decode
from reconciler.emulator import Behaviour, Emulator, build
from reconciler.emulator.http.server import serving
from reconciler.emulator.model import Place
from tests.e2e.force import command, held_ids, in_flow_spec, what_is_left_to_do
from tests.e2e.workplace import ORG, PATIENCE, SANDBOX, Ran, Workplace

TEAMS, SOURCES = 10, 10


@dataclass
class Watch:
    """The service's ASGI application, with an eye on the PUTs to the shared flow spec.

    `undone` counts the ids that a PUT took out, because its body was from before they were attached; `late` the PUTs that arrived more
    than `settle` seconds after the GET that they were made from, which no client can notice that waits for so long.
    """

    emulator: Emulator
    settle: float
    requests: int = 0
    undone: int = 0
    late: int = 0
    read_at: dict[bytes, float] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        call = f"{scope.get('method')} {scope.get('path', '').rpartition('/flowservice')[2]}"
        client = dict(scope.get("headers", ())).get(b"x-api-key", b"")
        if call == f"GET {in_flow_spec()}":
            self.read_at[client] = time.monotonic()
        if call != f"PUT {in_flow_spec()}":
            await self.emulator.app(scope, receive, send)
            return
        self.late += time.monotonic() - self.read_at[client] > self.settle
        before = self._held()
        await self.emulator.app(scope, receive, send)
        self.undone += len(before - self._held())

    def _held(self) -> set[str]:
        row = self.emulator.store.find("flowSpecs", _PLACE, in_flow_spec().rpartition("/")[2])
        assert row is not None
        return {*decode(row.body)["sourceConnectionSpecIds"]}


@dataclass(frozen=True)
class Round:
    """How one round ended. `lost` are ids that are missing though their team was told that it converged, or that others had before.

    `unfinished` counts the teams that were told to run again, and `finished` is whether they all were after that.
    """

    attached: int
    lost: tuple[str, ...]
    twins: int
    unfinished: int
    finished: bool
    trouble: tuple[str, ...]
    requests: int
    undone: int
    late: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.attached} ids attached, {len(self.lost)} lost, {self.twins} twins, {self.unfinished} teams told to run again, "
            f"{self.undone} ids undone by rivals and attached again, {self.late} late PUTs, {self.requests} requests, "
            f"{self.seconds:.0f} s{''.join(f'; {word}' for word in self.trouble)}"
        )


def play(folder: Path, settle: float, *, etags: bool, teams: int = TEAMS, sources: int = SOURCES) -> Round:
    """One round against a new service: all teams at once, then those that were told to run again, one by one."""
    began = time.monotonic()
    with rivalry(folder, settle, etags=etags, teams=teams, sources=sources) as (works, watch):
        before = {*held_ids(works[0])}
        with ThreadPoolExecutor(teams) as hands:
            ran = list(hands.map(_apply, works))
        told = [index for index, one in enumerate(ran) if one.code != 0]
        expected = before | {spec_id for index, work in enumerate(works) if index not in told for spec_id in _ids(work, sources)}
        lost = expected - {*held_ids(works[0])}
        trouble = [_said(one) for one in ran if one.code not in (0, 4) or "Traceback" in one.err]
        again = [_apply(works[index]) for index in told]
        left = [word for work in works for word in what_is_left_to_do(work)]
        lost |= before - {*held_ids(works[0])}
        return Round(
            attached=len({*held_ids(works[0])} - before),
            lost=tuple(sorted(lost)),
            twins=sum(len(found) - 1 for name, found in works[0].live().items() if name.startswith("team-")),
            unfinished=len(told),
            finished=not left and all(one.code == 0 for one in again),
            trouble=(*trouble, *left, *(_said(one) for one in again if one.code)),
            requests=watch.requests,
            undone=watch.undone,
            late=watch.late,
            seconds=time.monotonic() - began,
        )


@contextmanager
def rivalry(folder: Path, settle: float, *, etags: bool, teams: int, sources: int) -> Iterator[tuple[Sequence[Workplace], Watch]]:
    """A service, and a checkout for each team with sources that are not live yet."""
    with ExitStack() as stack:
        emulator = stack.enter_context(build(":memory:", Behaviour(etags=etags)))
        watch = Watch(emulator, settle)
        url = stack.enter_context(serving(watch))
        works = [_team(folder / f"team-{number}", f"team-{number}", url, emulator, settle) for number in range(teams)]
        for work in works:
            for key in _keys(work, sources):
                work.source(key)
        works[0].live()
        yield works, watch


_PLACE = Place(ORG, SANDBOX)


def _team(folder: Path, name: str, url: str, emulator: Emulator, settle: float) -> Workplace:
    work = Workplace(folder, url, emulator, {"RECONCILER_CLIENT_ID": name})
    network = f"{{consistency_window: 0s, settle: {settle}s, timeout: 30s, deadline: 60s}}"
    work.settings(
        f"version: 1\nrepository: acme/{name}\ndefault_target: stage\n"
        f"targets: {{stage: {{org_id: {ORG}, sandbox: {SANDBOX}}}}}\nnetwork: {network}\n"
    )
    return work


def _keys(work: Workplace, sources: int) -> list[str]:
    return [f"{work.folder.name}-{number}" for number in range(sources)]


def _ids(work: Workplace, sources: int) -> list[str]:
    live = work.live()
    return [str(spec["id"]) for key in _keys(work, sources) for spec in live.get(key, ())]


def _apply(work: Workplace) -> Ran:
    with command(work, "apply", "--yes") as process:
        out, err = process.communicate(timeout=10 * PATIENCE)
    return Ran(process.returncode, out, err)


def _said(ran: Ran) -> str:
    return f"exit {ran.code}: {ran.out[-2000:]}{ran.err[-2000:]}"


def main() -> int:
    """Play the rounds, say how each ended, and exit with 1 if any id was lost, any twin made, or anything left undone."""
    options = argparse.ArgumentParser(prog="tests.e2e.rivals", description=__doc__)
    options.add_argument("rounds", nargs="?", type=int, default=20)
    options.add_argument("--etags", action="store_true", help="against a service whose specs have etags")
    options.add_argument("--settle", type=float, default=1.0, help="seconds [default: 1]")
    asked = options.parse_args()
    bad = 0
    for number in range(1, asked.rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            played = play(Path(folder), asked.settle, etags=asked.etags)
        sys.stdout.write(f"round {number}: {played}\n")
        sys.stdout.flush()
        bad += bool(played.lost or played.twins or not played.finished or played.trouble)
    return min(bad, 1)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyboardInterrupt, subprocess.TimeoutExpired) as error:
        sys.exit(f"{type(error).__name__}")
