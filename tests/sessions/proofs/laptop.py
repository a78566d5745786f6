"""A specs folder with one source, the embedded service, and the third party that it calls: all in this process, on one clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from reconciler.applying.stopping import Stop
from reconciler.desired.tree import WorkingTree
from reconciler.documents.json_text import decode, encode
from reconciler.emulator import Behaviour, Emulator, build
from reconciler.emulator.model import (
    CONNECTIONS,
    DATASETS,
    FIELDGROUPS,
    FLOWS,
    MAPPING_SETS,
    SCHEMAS,
    SOURCE_CONNECTIONS,
    TARGET_CONNECTIONS,
)
from reconciler.planning.plan import Options
from reconciler.proofs.folder import folder_of
from reconciler.proofs.provider import read_provider
from reconciler.providers.stub import Stub
from reconciler.proving.options import CleanupRequest, ProveOptions, ProveRequest
from reconciler.proving.outcome import CleanupReport, Proven
from reconciler.proving.planned import PlannedProof
from reconciler.proving.report import ProveReport
from reconciler.sessions.opening import open_writing
from reconciler.sessions.proofs.cleaning import clean_proofs
from reconciler.sessions.proofs.proving import plan_proofs, prove_sources
from reconciler.sessions.prove_means import ProveMeans
from reconciler.settings.scope import Scope

KEY = "acme-members"
ONLY_MAPPING = {"mappingSets": 1}
"""What a proof leaves."""
SETTINGS = """\
version: 1
repository: acme/aep-sources
default_target: local
targets: {local: {emulator: .reconciler/local.db}}
network: {consistency_window: 0s, settle: 0s, poll: 4s}
"""
SPEC = """\
kind: ConnectionSpec
spec:
  name: Acme members
  type: generic-rest
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  attributes:
    isSource: true
    uiAttributes: {apiFeatures: {explorePaginationSupported: false}}
  authSpec:
    - name: Basic Authentication
      type: BasicAuthentication
      spec:
        type: object
        properties:
          username: {type: string}
          password: {type: string, format: password}
        required: [username, password]
  sourceSpec:
    attributes:
      urlParams: {host: "https://api.acme.example", path: "/lists/${listId}/members", method: GET}
      contentPath: {path: "$.members"}
      paginationParams:
        type: OFFSET
        limitName: count
        limitValue: "100"
        offSetName: offset
        endConditionName: "$.hasMore"
        endConditionValue: "Const:false"
      scheduleParams:
        scheduleStartParamName: since
        scheduleEndParamName: before
        scheduleStartParamFormat: "yyyy-MM-ddTHH:mm:ssK"
        scheduleEndParamFormat: "yyyy-MM-ddTHH:mm:ssK"
    spec:
      type: object
      properties: {listId: {type: string}}
      required: [listId]
  exploreSpec:
    name: Resource
    type: Resource
    requestSpec: {type: object}
    responseSpec: {type: object}
"""
PROOF = """\
kind: Proof
auth: {params: {username: {env: USER}, password: {env: PASSWORD}}}
source: {listId: "77"}
expect:
  records: 237
  unique: id
  windows: [{from: "2024-01-05T00:00:00Z", to: "2024-01-06T00:00:00Z", records: {min: 1, max: 20}}]
targets: [local]
"""
PROVIDER = """\
kind: Provider
path: /lists/{listId}/members
auth: {basic: {username: "*", password: "*"}}
records:
  count: 237
  each: {id: "{n:05}", email: "m{n}@example.com", changed: "{date}"}
  dates: {from: "2024-01-01T00:00:00Z", to: "2024-02-01T00:00:00Z"}
answer: {records: members, more: hasMore}
paging: {style: offset, limit: {name: count, default: 10, max: 100}, offset: offset}
window: {from: since, to: before, field: changed, format: iso}
"""
START = 1_900_000_000.0
MADE = (FLOWS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS, CONNECTIONS, DATASETS, SCHEMAS, FIELDGROUPS, MAPPING_SETS)


@dataclass
class JumpingClock:
    """One clock for the proof and the service, moved by sleeping."""

    time: float = START

    def now(self) -> float:
        self.time += 0.001  # no two journals begin at the same moment
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass
class Progress:
    """Progress, and what happens at a step."""

    steps: list[str] = field(default_factory=list)
    on_step: Callable[[str], None] = lambda _message: None

    def step(self, message: str) -> None:
        self.steps.append(message)
        self.on_step(message)

    def wrote(self, *_: object) -> None:
        return


def outcomes(report: ProveReport) -> dict[str, str]:
    return {step.id: step.outcome for step in report.steps}


def why(report: ProveReport, step: str) -> str:
    return next(one.why for one in report.steps if one.id == step)


class Killed(BaseException):
    """The process ended here."""


class Wire(httpx.BaseTransport):
    """The way to the service. `on_request` sees each request, with its number, before it is sent."""

    def __init__(self, emulator: Emulator, on_request: Callable[[int, httpx.Request], None] = lambda _n, _r: None) -> None:
        self._inner = emulator.transport()
        self._on_request = on_request
        self.sent: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((request.method, request.url.path))
        self._on_request(len(self.sent), request)
        return self._inner.handle_request(request)


@dataclass
class Laptop:
    """The folder and the running service."""

    specs: Path
    emulator: Emulator
    clock: JumpingClock
    progress: Progress = field(default_factory=Progress)
    stop: Stop = field(default_factory=Stop)
    asked: list[PlannedProof] = field(default_factory=list)
    wire: Wire | None = None
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return Scope(self.specs, "local")

    def means(self) -> ProveMeans:
        rng = random.Random(7)  # noqa: S311
        return ProveMeans(self.environ, self.progress, self.stop, self.asked.extend, nullcontext, None, self.clock, rng)

    def proven(self, *keys: str, **options: Any) -> Proven:
        wire = self.wire or Wire(self.emulator)
        return prove_sources(self.means(), ProveRequest(self.scope, keys or (KEY,), ProveOptions(**options)), wire)

    def prove(self, **options: Any) -> ProveReport:
        report = self.proven(**options).report
        assert isinstance(report, ProveReport)
        return report

    def planned(self, **options: Any) -> PlannedProof:
        (plan,) = plan_proofs(self.means(), ProveRequest(self.scope, (KEY,), ProveOptions(**options)))
        return plan

    def clean_up(
        self, runs: str = "all", older_than: float = 0.0, keys: tuple[str, ...] = (), wire: Wire | None = None, **more: Any
    ) -> CleanupReport:
        request = CleanupRequest(self.scope, keys, runs, older_than, **more)
        return clean_proofs(self.environ, request, self.progress, Stop(), self.clock, wire or Wire(self.emulator))

    def left(self) -> dict[str, int]:
        """How many resources of each type there are, without types that have none."""
        counts = {kind: len(self.emulator.store.everywhere(kind)) for kind in MADE}
        return {kind: number for kind, number in counts.items() if number}

    def mapping_sets(self) -> dict[str, dict[str, Any]]:
        """The mapping sets, by id."""
        return {row.id: decode(row.body) for _, row in self.emulator.store.everywhere(MAPPING_SETS)}

    def change_mapping_sets(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Somebody, or the service itself, changes every mapping set."""
        for place, row in self.emulator.store.everywhere(MAPPING_SETS):
            self.emulator.store.replace(MAPPING_SETS, place, row.id, lambda found: change(decode(found.body)))

    def give_mapping_set(self, repository: str) -> str:
        """The only mapping set now belongs to this repository; returns its id."""
        self.change_mapping_sets(lambda body: decode(encode(body).replace(b"acme/aep-sources", repository.encode())))
        (found,) = self.mapping_sets()
        return found

    def journals(self) -> list[Path]:
        return sorted((self.specs.parent / ".reconciler" / "proofs").glob("*.jsonl"))


@cache
def _applied(spec: str) -> bytes:
    """The file of a service to which this spec was applied."""
    with TemporaryDirectory() as folder:
        specs = Path(folder) / "specs"
        (specs / "sources" / KEY).mkdir(parents=True)
        (specs / "reconciler.yaml").write_text(SETTINGS)
        (specs / "sources" / KEY / "connection-spec.yaml").write_text(spec)
        with open_writing({}, Scope(specs, "local"), Progress(), Stop()) as session:
            plan = session.prepare(Options())
            assert not plan.errors, plan.errors
            session.apply(plan, None, Stop())
        return (specs.parent / ".reconciler" / "local.db").read_bytes()


@contextmanager
def laptop(
    root: Path,
    spec: str = SPEC,
    proof: str = PROOF,
    provider: str = PROVIDER,
    behaviour: Behaviour | None = None,
    events: str | None = None,
) -> Iterator[Laptop]:
    """A laptop on which the source is applied. `behaviour` is that of the service; `events` are those of a streaming source."""
    specs = root / "specs"
    for path, text in {
        "reconciler.yaml": SETTINGS,
        f"sources/{KEY}/connection-spec.yaml": spec,
        f"proofs/{KEY}/proof.yaml": proof,
        f"proofs/{KEY}/provider.yaml": provider,
        **({} if events is None else {f"proofs/{KEY}/events.jsonl": events}),
    }.items():
        file = specs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    database = specs.parent / ".reconciler" / "local.db"
    database.parent.mkdir()
    database.write_bytes(_applied(spec))
    clock = JumpingClock()
    read = read_provider(folder_of(WorkingTree(specs), KEY), KEY, "specs")
    assert read.provider is not None, read.problems
    stub = Stub(read.provider, read.rows, placeholders=True)
    with build(database, behaviour, providers=[stub], clock=clock.now, sleep=clock.sleep) as emulator:
        yield Laptop(specs, emulator, clock)


def kill_at(here: Laptop, method: str, ending: str) -> None:
    """From this request on, nothing is sent any more: the process was killed."""
    dead = [False]

    def on_request(_number: int, request: httpx.Request) -> None:
        dead[0] = dead[0] or (request.method == method and request.url.path.endswith(ending))
        if dead[0]:
            raise Killed

    here.wire = Wire(here.emulator, on_request)
    with pytest.raises(Killed):
        here.prove()
    here.wire = None
