"""The source of a world: its spec, right or wrong, its proof file, and the third party that has the records."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.applying.stopping import Stop
from reconciler.planning.plan import Options
from reconciler.proofs.provider_file import stub_of
from reconciler.providers.stub import Stub
from reconciler.sessions.opening import open_writing
from reconciler.settings.scope import Scope
from tests.sessions.proofs import laptop

KEY, TARGET, SANDBOX = laptop.KEY, "dev", "dev"
ORG = "1234567890@AdobeOrg"
REPOSITORY = "acme/aep-sources"
USER, PASSWORD = "alice-unspeakable", "s3cret-unspeakable"
CLIENT_SECRET = "cl1ent-unspeakable"
FROM, TO = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)

RIGHT = laptop.SPEC.replace('limitValue: "100"', 'limitValue: "4"')
_END = '        endConditionName: "$.hasMore"\n        endConditionValue: "Const:false"\n'
WITHOUT_END = RIGHT.replace(_END, "")
"""How a run of it ends is documented nowhere: it depends on the engine."""
WRONG = {
    "limit name": RIGHT.replace("limitName: count", "limitName: limit"),
    "end inverted": RIGHT.replace("Const:false", "Const:true"),
    "limit above the cap": RIGHT.replace('limitValue: "4"', 'limitValue: "9"'),
    "no pages": RIGHT.replace("type: OFFSET", "type: NONE"),
    "window ignored": RIGHT.replace("StartParamName: since", "StartParamName: sinec"),
    "window swapped": RIGHT.replace("StartParamName: since", "StartParamName: before").replace(
        "EndParamName: before", "EndParamName: since"
    ),
    "content path": RIGHT.replace("$.members", "$.people"),
}
SETTINGS = """\
version: 1
repository: acme/aep-sources
default_target: dev
targets: {dev: {%sorg_id: 1234567890@AdobeOrg, sandbox: dev}}
git: {required: false}
network: {consistency_window: 5s, settle: 1s, poll: 5s, timeout: 10s, deadline: 60s, retries: 2}
"""
AT_ONCE = SETTINGS.replace("consistency_window: 5s, settle: 1s", "consistency_window: 0s, settle: 0s")
"""For the apply before a world, which has the real time."""


@dataclass(frozen=True)
class Drawn:
    """A source as its files and its third party are; `is_right` is whether the spec reads all records, whatever the engine does."""

    spec: str
    proof: str
    provider: str
    records: int
    windows: tuple[tuple[datetime, datetime], ...]
    is_right: bool
    says_how_many: bool
    keeps: tuple[str, ...]

    def stub(self, folder: Path) -> Stub:
        """The third party, which knows one user; its file is written to this folder."""
        file = folder / "provider.yaml"
        file.write_text(self.provider)
        return stub_of(file)


def drawn(rng: random.Random) -> Drawn:
    """A source: right, wrong, or right for one kind of engine."""
    kind = rng.choice(["right"] * 20 + ["without end"] * 2 + [*WRONG])
    spec = {"right": RIGHT, "without end": WITHOUT_END, **WRONG}[kind]
    records = rng.choice([5, 7, 8, 11])
    says = rng.random() < 0.8
    windows = tuple(_window(rng) for _ in range(rng.choice([0, 0, 1, 1, 2])))
    keeps: tuple[str, ...] = rng.choice([(), (), (), ("schema",), ("schema", "dataset")])
    return Drawn(
        spec,
        _proof(records if says else None, windows, keeps),
        _provider(records),
        records,
        windows,
        kind == "right",
        says,
        keeps,
    )


def drawn_right() -> Drawn:
    """A right source of eight records, without a time range."""
    return Drawn(RIGHT, _proof(8, (), ()), _provider(8), 8, (), is_right=True, says_how_many=True, keeps=())


def _window(rng: random.Random) -> tuple[datetime, datetime]:
    start = FROM + timedelta(days=rng.randint(0, 25), minutes=7)
    return start, start + timedelta(days=rng.randint(1, 9))


def _proof(records: int | None, windows: tuple[tuple[datetime, datetime], ...], keeps: tuple[str, ...]) -> str:
    shown = ", ".join(f'{{from: "{_iso(start)}", to: "{_iso(end)}"}}' for start, end in windows)
    lines = [
        "kind: Proof",
        "auth: {params: {username: {env: USER}, password: {env: PASSWORD}}}",
        'source: {listId: "77"}',
        "expect:",
        *([f"  records: {records}"] if records is not None else ()),
        "  unique: id",
        *([f"  windows: [{shown}]"] if windows else ()),
        "targets: [dev]",
        *([f"cleanup: {{keep: [{', '.join(keeps)}]}}"] if keeps else ()),
    ]
    return "\n".join(lines) + "\n"


def _provider(records: int) -> str:
    return (
        laptop.PROVIDER.replace("count: 237", f"count: {records}")
        .replace("default: 10, max: 100", "default: 2, max: 4")
        .replace('username: "*", password: "*"', f"username: {USER}, password: {PASSWORD}")
    )


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def records_in(rows: list[dict[str, str]], window: tuple[datetime, datetime]) -> int:
    """How many records a time range has, counted here and not by the code under test."""
    return sum(window[0] <= datetime.fromisoformat(row["changed"]) < window[1] for row in rows)


class _Silence:
    def step(self, message: str) -> None: ...

    def wrote(self, *_: object) -> None: ...


@cache
def applied(spec: str) -> bytes:
    """The database of a service to which this spec was applied."""
    with TemporaryDirectory() as folder:
        specs = Path(folder) / "specs"
        write_files(
            specs, {"reconciler.yaml": AT_ONCE % "emulator: .reconciler/flow.db, ", f"sources/{KEY}/connection-spec.yaml": spec}
        )
        with open_writing({}, Scope(specs, TARGET), _Silence(), Stop()) as session:
            plan = session.prepare(Options())
            assert not plan.errors, plan.errors
            session.apply(plan, None, Stop())
        return (Path(folder) / ".reconciler" / "flow.db").read_bytes()


def write_files(specs: Path, files: dict[str, str]) -> None:
    """Write these files of a specs folder."""
    for path, text in files.items():
        file = specs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
