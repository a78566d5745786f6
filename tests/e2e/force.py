"""Force: a toll before the service that strikes its client at the nth request, and the laws that hold whatever was struck."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reconciler.applying.stopping import Stop
from reconciler.documents.json_text import Document, NotJson, decode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour, build
from reconciler.emulator.http.lines import LINE
from reconciler.emulator.http.server import serving
from reconciler.emulator.model import ADMIN
from reconciler.planning.plan import Action, Options
from reconciler.sessions.service import ServiceSessions
from reconciler.settings.scope import Scope as SpecsScope
from tests.e2e.workplace import BATCH, COMMAND, PATIENCE, Ran, Workplace


class Moment(StrEnum):
    """When a client is struck: its nth request has come and is not handled yet, or its nth write is handled and not answered yet.

    After a read nothing is different from before it, so only writes are counted there.
    """

    BEFORE = "before request"
    AFTER = "after write"

    def counts(self, call: str) -> bool:
        """Whether a request, such as `GET /flowSpecs`, is one of those that are counted."""
        return self is Moment.BEFORE or (call.startswith(("POST ", "PUT ")) and "/ims/" not in call)


@dataclass(frozen=True)
class Strike:
    """What happens at the nth of the requests that its moment counts. `act` is called in the service's thread.

    A `deadly` one leaves nobody to serve.
    """

    at: int
    moment: Moment
    act: Callable[[], object]
    deadly: bool = False


class Toll:
    """The service's ASGI application behind a gate that counts requests (not those of administration)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._strike: Strike | None = None
        self.passed: list[str] = []

    def arm(self, strike: Strike | None = None) -> None:
        """Count from the start again, and strike as told, once."""
        self.passed, self._strike = [], strike

    def counted(self, moment: Moment) -> int:
        """How many requests came that this moment counts."""
        return sum(map(moment.counts, self.passed))

    def _is_due(self, strike: Strike) -> bool:
        return strike.moment.counts(self.passed[-1]) and self.counted(strike.moment) == strike.at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ADMIN):
            await self._app(scope, receive, send)
            return
        self.passed.append(f"{scope['method']} {scope['path'].rpartition('/flowservice')[2]}")
        strike = self._strike
        if strike is None or not self._is_due(strike):
            await self._app(scope, receive, send)
        elif strike.moment is Moment.BEFORE:
            strike.act()
            await (scope["extensions"][LINE].break_off() if strike.deadly else self._app(scope, receive, send))
        else:
            await self._answer_after(strike, scope, receive, send)

    async def _answer_after(self, strike: Strike, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        strike.act()
        for message in answer:
            await send(message)


@dataclass(frozen=True)
class Scene:
    """A checkout and a service, kept as they are before an apply, so that every run begins with the same."""

    kept: Path
    behaviour: Behaviour
    settings: str | None = None

    @classmethod
    def made(cls, kept: Path, prepare: Callable[[Workplace], None], settings: str | None = None, **switches: Any) -> Scene:
        """A scene that `prepare` brings about, with the switches of the service on."""
        scene = cls(kept, Behaviour(**switches), settings)
        with scene._open(kept) as (work, _):
            work.live()
            prepare(work)
        return scene

    @contextmanager
    def played(self, folder: Path) -> Iterator[tuple[Workplace, Toll]]:
        """A fresh copy, served over HTTP."""
        shutil.copytree(self.kept, folder)
        with self._open(folder) as opened:
            yield opened

    @contextmanager
    def _open(self, folder: Path) -> Iterator[tuple[Workplace, Toll]]:
        with ExitStack() as stack:
            emulator = stack.enter_context(build(folder / "flow.db", self.behaviour))
            toll = Toll(emulator.app)
            work = Workplace(folder / "checkout", stack.enter_context(serving(toll)), emulator)
            if self.settings is not None:
                work.settings(self.settings)
            yield work, toll


@dataclass(frozen=True)
class Struck:
    """How a command ended that was struck, after how many requests; `hit` says whether it came as far as that."""

    ran: Ran
    requests: int
    hit: bool


def struck(work: Workplace, toll: Toll, at: int, moment: Moment, number: signal.Signals, *words: str) -> Struck:
    """Run the installed command, and send it a signal at its nth request."""
    victim: Future[int] = Future()
    deadly = number is signal.SIGKILL

    def act() -> None:
        pid = victim.result(PATIENCE)
        os.kill(pid, number)
        (wait_for_death if deadly else wait_until_heard)(pid)

    toll.arm(Strike(at, moment, act, deadly))
    with command(work, *words) as process:
        victim.set_result(process.pid)
        out, err = process.communicate(timeout=PATIENCE)
    seen, hit = len(toll.passed), toll.counted(moment) >= at
    toll.arm()
    return Struck(Ran(process.returncode, out, err), seen, hit)


def command(
    work: Workplace, *words: str, before: Sequence[str] = (), environ: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """The installed command, begun. `before` are words that run it, such as another program's."""
    return subprocess.Popen(  # noqa: S603 - the command under test
        [*before, COMMAND, *words],
        cwd=work.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**work.env, **(environ or {})},
    )


def wait_for_death(pid: int) -> None:
    """Return when a child has ended; somebody else may reap it first."""
    with suppress(ChildProcessError):
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def wait_until_heard(pid: int) -> None:
    """Return when no signal of a process is pending any more: its handler has begun."""
    status, until = Path(f"/proc/{pid}/status"), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            pending = [line.split()[1] for line in status.read_text().splitlines() if line.startswith(("SigPnd", "ShdPnd"))]
        except (FileNotFoundError, ProcessLookupError):
            return
        if not any(int(mask, 16) for mask in pending):
            return
        time.sleep(0.001)
    raise TimeoutError(f"process {pid} did not hear its signal")


@dataclass
class Tally:
    """What was done by force, and what it broke."""

    strikes: int = 0
    requests: int = 0
    attached: int = 0
    lost: int = 0
    twins: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        for name in ("strikes", "requests", "attached", "lost", "twins"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.broken += other.broken

    def __str__(self) -> str:
        return (
            f"{self.strikes} strikes, {self.requests} requests, {self.attached} ids attached, "
            f"{self.lost} ids lost, {self.twins} twins, {len(self.broken)} laws broken"
        )


@dataclass(frozen=True)
class Expected:
    """What must be live in the end: one spec for each key, attached, and every id that was attached before."""

    keys: tuple[str, ...]
    before: tuple[str, ...]

    def judge(self, work: Workplace, what: str) -> Tally:
        """Look at the service and the checkout as they are."""
        live, held = work.live(), held_ids(work)
        counts = {key: len(live.get(key, ())) for key in self.keys}
        ours = {found[0]["id"] for key in self.keys if (found := live.get(key))}
        lost = ({*self.before} | ours) - {*held}
        broken = [f"{count} live specs {key}" for key, count in counts.items() if count != 1]
        broken += [f"lost id {item}" for item in sorted(lost)]
        broken += [f"id {item} attached {count} times" for item, count in Counter(held).items() if count > 1]
        broken += [f"left behind: {name}" for name in left_behind(work.folder)]
        broken += [f"not quiet: {word}" for word in what_is_left_to_do(work)]
        twins = sum(max(count - 1, 0) for count in counts.values())
        attached = len({*held} - {*self.before})
        return Tally(attached=attached, lost=len(lost), twins=twins, broken=[f"{what}: {word}" for word in broken])


def held_ids(work: Workplace) -> list[str]:
    """The ids that the shared flow spec holds."""
    ids: list[str] = work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    return ids


def left_behind(folder: Path) -> list[str]:
    """Files of a checkout that nobody asked for."""
    names = [file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if file.is_file()]
    return [name for name in names if not name.startswith(("specs/", ".git/")) and not is_kept(name)]


def is_kept(name: str) -> bool:
    """Whether a file, by its path, is one that applies keep on purpose."""
    return name == ".reconciler/.gitignore" or (name.startswith(".reconciler/journal/") and name.endswith(".jsonl"))


class _Silence:
    """Progress that nobody listens to."""

    def step(self, message: str) -> None:
        """Nothing is said."""

    def wrote(self, action: Action, done: int, total: int) -> None:
        """Nothing is said."""


def what_is_left_to_do(work: Workplace) -> list[str]:
    """What a plan made now would do or object to, made in this process to be quick."""
    with ServiceSessions(work.env).reading(SpecsScope(work.folder / "specs"), _Silence(), Stop()) as session:
        plan = session.prepare(Options())
    return [f"{action.action} {action.name}" for action in plan.actions] + [problem.message for problem in plan.errors]


def journals(folder: Path) -> list[list[Document]]:
    """The lines of each journal, oldest first; a last line that a kill tore apart is left out."""
    return [_lines(file) for file in sorted((folder / ".reconciler" / "journal").glob("*.jsonl"))]


def _lines(file: Path) -> list[Document]:
    lines = file.read_bytes().splitlines()
    with suppress(NotJson):
        return [decode(line) for line in lines]
    return [decode(line) for line in lines[:-1]]


def unannounced(work: Workplace, entries: Sequence[Document]) -> list[str]:
    """The writes that the service carried out, and that no journal had announced before."""
    intents = Counter(f"{entry['method']} {entry['path']}" for entry in entries if entry["event"] == "intent")
    done = Counter(f"{method} {path}" for method, path in work.writes())
    return [f"{write} is not in the journal" for write in done - intents]


def in_flow_spec() -> str:
    """The path of the flow spec that everybody shares."""
    return f"/flowSpecs/{BATCH}"
