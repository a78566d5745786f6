"""One command as a process of its own: on one machine, with its journals, over its own wire, and how it ended."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.applying.stopping import Stop
from reconciler.documents.json_text import Document, NotJson, decode
from reconciler.errors import ExitCode, ReconcilerError
from reconciler.proving.options import CleanupRequest, ProveOptions, ProveRequest
from reconciler.proving.outcome import CleanupReport, Proven
from reconciler.proving.report import ProveReport
from reconciler.reports.proving.cleaned import cleaned_json, cleaned_text
from reconciler.reports.proving.html import prove_html
from reconciler.reports.proving.json import prove_json
from reconciler.reports.proving.markdown import prove_markdown
from reconciler.reports.proving.planned import made_text
from reconciler.reports.proving.text import prove_text
from reconciler.sessions.proofs.cleaning import clean_proofs
from reconciler.sessions.proofs.proving import prove_sources
from reconciler.sessions.prove_means import ProveMeans
from reconciler.settings.scope import Scope
from tests.simulation.clock import VirtualClock
from tests.simulation.proofs.network import Death, Killed, Made, Wire
from tests.simulation.proofs.sources import CLIENT_SECRET, KEY, PASSWORD, TARGET, USER

if TYPE_CHECKING:
    from tests.simulation.proofs.world import World

ENVIRON = {
    "RECONCILER_CLIENT_ID": "client-1",
    "RECONCILER_CLIENT_SECRET": CLIENT_SECRET,
    "RECONCILER_PROOF_USER": USER,
    "RECONCILER_PROOF_PASSWORD": PASSWORD,
    "RECONCILER_PROOF_HOSTS": "api.acme.example",
}


@dataclass(frozen=True)
class Order:
    """What a command is told to do, and what befalls it."""

    name: str
    machine: str = "laptop"
    options: ProveOptions | None = None
    """None for a clean-up."""
    runs: str = "all"
    older_than: float = 0.0
    keys: tuple[str, ...] = ()
    chance: float = 0.0
    death: tuple[str, int] = ("", 0)
    stop_at: int = 0
    """The request at which somebody interrupts it; 0 for never."""


@dataclass
class Ended:
    """One command: how it ended, and what the service saw of it."""

    order: Order
    proven: Proven | None = None
    cleaned: CleanupReport | None = None
    error: ReconcilerError | None = None
    killed: bool = False
    stopped: bool = False
    began: float = 0.0
    ended: float = 0.0
    made: list[Made] = field(default_factory=list)
    unannounced: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Everything that it showed."""
    faults: int = 0
    requests: int = 0
    alone: bool = True
    before: dict[str, list[str]] = field(default_factory=dict)
    """What was in the service when it began: the names of our resources, by run."""
    over: frozenset[str] = frozenset()
    """The runs that had ended when it began, as the journals of its machine have it."""
    there: dict[str, list[str]] = field(default_factory=dict)
    """What was in the service when it ended: the names of our resources, by run."""

    @property
    def report(self) -> ProveReport | None:
        """The report of the proof, if there is one."""
        found = self.proven.report if self.proven else None
        return found if isinstance(found, ProveReport) else None

    @property
    def code(self) -> int | None:
        """The exit code of the command; None if it was killed."""
        if self.killed:
            return None
        if self.error is not None:
            return int(self.error.exit_code)
        report = self.proven.report if self.proven else self.cleaned
        assert report is not None
        return int(ExitCode.SIGINT if self.stopped else report.exit_code)


class ProcessClock:
    """The clock of one machine, `skew` seconds off; a process that is dead does not come back from a sleep."""

    def __init__(self, clock: VirtualClock, death: Death, skew: float) -> None:
        self._clock = clock
        self._death = death
        self._skew = skew
        self._ticks = 0

    def now(self) -> float:
        self._ticks += 1
        return self._clock.now() + self._skew + self._ticks / 100_000

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._death.reach("sleep")
        self._clock.sleep(seconds)
        if self._death.dead:
            raise Killed


class Shown:
    """Progress, which is kept."""

    def __init__(self, texts: list[str], death: Death) -> None:
        self._texts = texts
        self._death = death

    def step(self, message: str) -> None:
        self._death.reach("step")
        self._texts.append(message)

    def wrote(self, *_: object) -> None: ...


@dataclass
class Disk:
    """The journals of one machine, as they were when its process died."""

    folder: Path
    rng: random.Random
    kept: dict[Path, bytes] | None = None

    def freeze(self) -> None:
        """The moment of death: the last line may be cut off."""
        self.kept = {path: path.read_bytes() for path in self.folder.glob("*.jsonl")}
        newest = max(self.kept, default=None, key=lambda path: path.stat().st_mtime_ns)
        if newest is not None and self.rng.random() < 0.2:
            self.kept[newest] = self.kept[newest][: -self.rng.randint(1, 30)]

    def thaw(self) -> None:
        """What the dead process wrote afterwards was never written."""
        if self.kept is None:
            return
        for path in self.folder.glob("*.jsonl"):
            if path not in self.kept:
                path.unlink()
        for path, data in self.kept.items():
            path.write_bytes(data)


@dataclass
class Process:
    """One process of a world."""

    world: World
    order: Order

    def run(self) -> Ended:
        """Do what the order says, until it is done, or dead."""
        world, order = self.world, self.order
        ended, rng = Ended(order), random.Random(f"{world.seed} {order.name}")  # noqa: S311 - a simulation
        death = Death(*order.death)
        wire = Wire(world.emulator, world.clock, rng, order.name, death, order.chance)
        stop, folder = Stop(), world.machine(order.machine)
        disk = Disk(folder / ".reconciler" / "proofs", rng)
        death.last_words = disk.freeze
        wire.before_write = lambda method, path, name: self._announced(ended, disk.folder, method, path, name)
        wire.after_write = world.wrote
        wire.before_delete = world.remember
        if "late" in world.has:
            wire.only("late", "lost before")
        if "lost" in world.has:
            wire.only("lost after")
        wire.lies, wire.late_gets = world.lies, world.late_gets

        def interrupt(number: int) -> None:
            if number == order.stop_at:
                stop.request(ExitCode.SIGINT)

        wire.on_request = interrupt
        clock = ProcessClock(world.clock, death, world.skew[order.machine])
        shown = Shown(ended.texts, death)
        ended.began, ended.before, ended.over = world.clock.now(), world.ours(), ended_runs(disk.folder)
        try:
            with world.alive(death):
                self._command(ended, Scope(folder / "specs", TARGET), (shown, stop, clock, rng), wire)
        except ReconcilerError as error:
            ended.error = error
            ended.texts.append(f"{error} {error.hint} {getattr(error, 'problems', '')!r}")
        except Killed:
            ended.killed = True
            disk.thaw()
        ended.stopped = stop.is_set()
        ended.made, ended.requests, ended.faults = wire.made, wire.requests, sum(wire.faults.values())
        world.faults += wire.faults
        ended.ended = world.clock.now()
        ended.there = world.ours()
        return ended

    def _command(self, ended: Ended, scope: Scope, means: tuple[Shown, Stop, ProcessClock, random.Random], wire: Wire) -> None:
        shown, stop, clock, rng = means
        order = self.order
        if order.options is None:
            request = CleanupRequest(scope, order.keys, order.runs, order.older_than)
            ended.cleaned = clean_proofs(ENVIRON, request, shown, stop, clock, wire)
            ended.texts += [cleaned_text(ended.cleaned), cleaned_json(ended.cleaned)]
            return

        def confirm(plans: Any) -> None:
            ended.texts.append(made_text(plans))

        prove = ProveMeans(ENVIRON, shown, stop, confirm, nullcontext, None, clock, rng)
        ended.proven = prove_sources(prove, ProveRequest(scope, (KEY,), order.options), wire)
        if ended.report is not None:
            texts = [render(ended.report) for render in (prove_text, prove_json, prove_markdown, prove_html)]
            ended.proven.check(texts)
            ended.texts += texts
        ended.texts += [data.decode() for _, data in ended.proven.files]

    def _announced(self, ended: Ended, folder: Path, method: str, path: str, name: str) -> None:
        """Note a write that no journal had announced when it was sent."""
        kind = path.rpartition("/")[2]
        intents = [line for line in lines_of(folder) if line.get("event") == "intent" and line.get("method") == method]
        if not any(line.get("name") == name or (kind == "runs" and line.get("path") == "run") for line in intents):
            ended.unannounced.append(f"{method} {path} {name}")


def lines_of(folder: Path) -> Iterator[Document]:
    """The lines of all journals of a machine, without those that a kill cut off."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from _lines_in(path)


def ended_runs(folder: Path) -> frozenset[str]:
    """The runs whose journal on this machine has an end."""
    journals = [list(_lines_in(path)) for path in folder.glob("*.jsonl")]
    return frozenset(str(lines[0]["run"]) for lines in journals if any(line.get("event") == "end" for line in lines))


def _lines_in(path: Path) -> Iterator[Document]:
    for line in path.read_bytes().splitlines():
        try:
            yield decode(line)
        except NotJson:
            continue
