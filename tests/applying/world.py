"""A whole world in memory: the emulated service, files, history and a clock that moves only when somebody waits."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from reconciler.applying.engine import apply_plan
from reconciler.applying.outcome import ApplyReport, OutcomeName
from reconciler.applying.stopping import Stop
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.documents.json_text import Document, decode, encode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour, Emulator, Fault, build
from reconciler.emulator.model import Author, Place
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.connecting import connect
from reconciler.observing.prepare import prepare
from reconciler.observing.workspace import Workspace
from reconciler.planning.comparing.ownership import Owner, marker_of
from reconciler.planning.plan import Action, Options, Plan, PlanTarget
from reconciler.secret import Secret
from reconciler.settings.values import Network, OAuthCredentials, Target
from tests.closing import close_later
from tests.planning.situations import OURS, SANDBOX, KnownHistory

ORG = "1234567890@AdobeOrg"
CLIENT = "our-client"
BATCH = "6499120c-0b15-42dc-936e-847ea3c24d72"
JANE = Author("jane@acme.example", "postman")
WRITES = ("POST", "PUT")


class Clock:
    """Seconds since the epoch that pass only when somebody sleeps; `at` runs something at a moment of its own."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0
        self.slept: list[float] = []
        self._due: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.time + max(seconds, 0.0)
        for due, run in sorted((item for item in self._due if item[0] <= until), key=lambda item: item[0]):
            self._due.remove((due, run))
            self.time = max(self.time, due)
            run()
        self.time = until

    def at(self, seconds_from_now: float, run: Callable[[], object]) -> None:
        self._due.append((self.time + seconds_from_now, run))


class Quiet:
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.done: list[tuple[int, int]] = []

    def step(self, message: str) -> None:
        self.steps.append(message)

    def wrote(self, action: Action, done: int, total: int) -> None:
        assert action
        self.done.append((done, total))


class Tap(httpx.BaseTransport):
    """The wire to the emulator, with a hook before and after each request."""

    def __init__(self, emulator: Emulator) -> None:
        self._wire = emulator.transport()
        self.before: Callable[[httpx.Request], None] = lambda _: None
        self.after: Callable[[httpx.Request, httpx.Response], None] = lambda *_: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.before(request)
        response = self._wire.handle_request(request)
        self.after(request, response)
        return response


@dataclass
class World:
    """One target and one repository. Change `files`, then `plan` and `apply`."""

    path: Path
    files: list[DesiredSpec] = field(default_factory=list)
    behaviour: Behaviour = field(default_factory=Behaviour)
    faults: Sequence[Fault] = ()
    history: KnownHistory = field(default_factory=KnownHistory)
    network: Network = field(default_factory=lambda: Network(concurrency=1))
    owner: Owner = field(default_factory=lambda: Owner(OURS, SANDBOX))
    ownership: str = "marker"
    commit: str | None = "a" * 40
    clock: Clock = field(default_factory=Clock)
    stop: Stop = field(default_factory=Stop)
    progress: Quiet = field(default_factory=Quiet)

    def __post_init__(self) -> None:
        numbers = itertools.count(1)
        self.emulator = build(
            ":memory:",
            self.behaviour,
            self.faults,
            clock=self.clock.now,
            sleep=self.clock.sleep,
            new_id=lambda: UUID(int=next(numbers) + (4 << 76) + (8 << 60)),
        )
        close_later(self.emulator.close)
        self.tap = Tap(self.emulator)
        self.service = self.connect()
        self.runs = itertools.count(1)
        self.live()  # the stock specs of a sandbox are there from its first use

    def connect(self) -> SpecWriter:
        target = self.target
        credentials = OAuthCredentials(CLIENT, Secret("hush"))
        return connect(SpecWriter, target, credentials, self.network, clock=self.clock, rng=random.Random(1), wire=self.tap)  # noqa: S311

    @property
    def target(self) -> Target:
        return Target(
            name="stage",
            base_url="https://platform.adobe.io/data/foundation/flowservice",
            token_url="https://ims-na1.adobelogin.com/ims/token/v3",
            org_id=ORG,
            sandbox=SANDBOX,
            scopes=("openid",),
            ownership="none" if self.ownership == "none" else "marker",
            emulator=None,
            host="platform.adobe.io",
        )

    @property
    def workspace(self) -> Workspace:
        return Workspace(
            desired=DesiredSet(tuple(self.files), ()),
            target=self.target,
            plan_target=PlanTarget("stage", "platform.adobe.io", ORG, SANDBOX),
            owner=self.owner,
            history=self.history,
            commit=self.commit,
            network=self.network,
            root=self.path,
        )

    def plan(self, **options: Any) -> Plan:
        return prepare(self.workspace, self.service, Options(**options), self.progress, now=self.clock.now())

    def apply(self, plan: Plan | None = None, **options: Any) -> ApplyReport:
        made = plan or self.plan(**options)
        journal = self.path / f"journal-{next(self.runs)}.jsonl"
        return apply_plan(
            made,
            self.workspace,
            self.service,
            journal=journal,
            clock=self.clock,
            rng=random.Random(1),  # noqa: S311 - jitter
            stop=self.stop,
            progress=self.progress,
        )

    def journal(self, number: int = 1) -> list[Document]:
        lines = (self.path / f"journal-{number}.jsonl").read_bytes().splitlines()
        return [decode(line) for line in lines]

    def writes(self) -> list[tuple[str, str]]:
        """The POSTs and PUTs that the service has seen, in order."""
        requests = self.emulator.store.requests()
        marker = "/flowservice"
        return [
            (item.method, item.path.partition(marker)[2]) for item in requests if item.method in WRITES and marker in item.path
        ]

    def forget_requests(self) -> None:
        self.emulator.store.clear_requests()

    def live(self, kind: Kind = Kind.CONNECTION_SPEC) -> list[Document]:
        """All specs as the service holds them, whatever its lists show."""
        collection = "connectionSpecs" if kind is Kind.CONNECTION_SPEC else "flowSpecs"
        return [decode(row.body) for row in self.emulator.store.rows(collection, Place(ORG, SANDBOX))]

    def ours(self) -> dict[str, list[str]]:
        """The ids of live connection specs with our marker, by key."""
        found: dict[str, list[str]] = {}
        for body in self.live():
            marker = marker_of(body)
            if self.owner.owns(marker) and marker:
                found.setdefault(marker.key, []).append(body["id"])
        return found

    def flow(self, flow_id: str = BATCH) -> Document:
        (found,) = (body for body in self.live(Kind.FLOW_SPEC) if body["id"] == flow_id)
        return found

    def held(self, flow_id: str = BATCH) -> list[str]:
        return list(self.flow(flow_id)["sourceConnectionSpecIds"])

    def edit(self, spec_id: str, make: Callable[[dict[str, Any]], dict[str, Any]], author: Author = JANE) -> None:
        """An edit behind the repository's back."""
        self.emulator.service.edit(spec_id, make, author)

    def post(self, body: Document, kind: Kind = Kind.CONNECTION_SPEC) -> str:
        """A spec that somebody else makes."""
        collection = "connectionSpecs" if kind is Kind.CONNECTION_SPEC else "flowSpecs"
        row = self.emulator.service.create_spec(collection, Place(ORG, SANDBOX), body, JANE)
        return str(row.id)

    def attach(self, spec_id: str, flow_id: str = BATCH) -> None:
        """A rival's attachment, made properly."""
        self.edit(flow_id, lambda body: body | {"sourceConnectionSpecIds": [*body["sourceConnectionSpecIds"], spec_id]})


def outcomes(report: ApplyReport) -> dict[str, OutcomeName]:
    """How each spec ended, by key or name."""
    return {result.key or result.name: result.outcome for result in report.results}


def errors(report: ApplyReport) -> dict[str, str]:
    """The code of each failure, by key or name."""
    return {result.key or result.name: result.error.code for result in report.results if result.error}


def changed(desired: DesiredSpec, **body: Any) -> DesiredSpec:
    """The file with these sections written otherwise."""
    return replace(desired, body_json=encode(desired.body | body), name=body.get("name", desired.name))
