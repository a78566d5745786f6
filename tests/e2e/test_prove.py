"""A proof as people run it: the installed command, a service over HTTP that calls a provider, real secrets, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.documents.json_text import Document, decode
from tests.e2e.workplace import COMMAND, PATIENCE
from tests.sessions.proofs.laptop import KEY, PROOF, PROVIDER, SPEC
from tests.sessions.proofs.streaming import EVENTS
from tests.sessions.proofs.streaming import SPEC as EVENTS_SPEC

SECRET = "p8e-very-secret"
SETTINGS = """\
version: 1
repository: acme/aep-sources
default_target: dev
targets: {dev: {org_id: 123@AdobeOrg, sandbox: dev}}
git: {required: false}
network: {consistency_window: 200ms, settle: 0s, poll: 200ms}
"""


@dataclass
class Place:
    folder: Path
    env: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the command under test
            [COMMAND, *words], cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def prove(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("prove", KEY, "--yes", "--no-try", *words)

    def journals(self) -> str:
        return "".join(path.read_text() for path in sorted((self.folder / ".reconciler/proofs").glob("*.jsonl")))

    def leftovers(self) -> Document:
        """What a clean-up of all runs deletes, and leaves."""
        ran = self.run("prove", "--cleanup", "all", "--older-than", "0s", "--format", "json")
        assert ran.returncode == 0, ran.stderr
        found: Document = decode(ran.stdout.encode())
        return found


@contextmanager
def served(
    folder: Path, speed: str, *switches: str, spec: str = SPEC, proof: str = PROOF, events: str | None = None
) -> Iterator[Place]:
    for path, text in {
        "reconciler.yaml": SETTINGS,
        f"sources/{KEY}/connection-spec.yaml": spec,
        f"proofs/{KEY}/proof.yaml": proof.replace("targets: [local]", "targets: [dev]"),
        f"proofs/{KEY}/provider.yaml": PROVIDER,
        **({} if events is None else {f"proofs/{KEY}/events.jsonl": events}),
    }.items():
        file = folder / "specs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    provider = folder / f"specs/proofs/{KEY}/provider.yaml"
    words = [
        str(COMMAND),
        "emulator",
        "--port",
        "0",
        "--db",
        str(folder / "flow.db"),
        "--provider",
        str(provider),
        "--speed",
        speed,
        *(word for switch in switches for word in ("--set", switch)),
    ]
    plain = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=plain) as server:  # noqa: S603
        assert server.stdout is not None
        line = next(line for line in server.stdout if "http://" in line and "/data" in line)
        url = next(word for word in line.replace("=", " ").split() if word.startswith("http://")).partition("/data")[0]
        env = plain | {
            "RECONCILER_DEV_BASE_URL": f"{url}/data/foundation/flowservice",
            "RECONCILER_DEV_TOKEN_URL": f"{url}/ims/token/v3",
            "RECONCILER_CLIENT_ID": "reconciler",
            "RECONCILER_CLIENT_SECRET": "reconciler",
            "RECONCILER_PROOF_USER": "someone-else",
            "RECONCILER_PROOF_PASSWORD": SECRET,
            "RECONCILER_PROOF_SECRET": SECRET,
            "RECONCILER_PROOF_HOSTS": "api.acme.example",
        }
        place = Place(folder, env)
        try:
            applied = place.run("apply", "--yes")
            assert applied.returncode == 0, applied.stdout + applied.stderr
            yield place
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=PATIENCE)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with served(tmp_path, "100") as found:
        yield found


def test_a_source_is_proved_over_http_and_nothing_is_left(place: Place) -> None:
    ran = place.prove("--keep", "--format", "json", "--report", "proof.json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = decode(ran.stdout.encode())
    assert (report["outcome"], report["counts"]["input"], report["left"]) == ("proved", 237, [])
    assert (place.folder / f"specs/proofs/{KEY}/proved-dev.json").exists()
    found = place.leftovers()
    assert (found["deleted"], found["left"]) == ([], [])
    written = [path for path in place.folder.rglob("*") if path.is_file() and path.name != "flow.db"]
    texts = [
        ran.stdout,
        ran.stderr,
        *(path.read_text(errors="replace") for path in written if not path.name.startswith("flow.db")),
    ]
    assert not any(SECRET in text for text in texts)


def test_what_is_missing_is_named_before_anything_is_made(place: Place) -> None:
    for name in ("RECONCILER_PROOF_PASSWORD", "RECONCILER_CLIENT_SECRET"):
        del place.env[name]
    ran = place.prove()
    assert ran.returncode == 1
    assert "RECONCILER_PROOF_PASSWORD is not set" in ran.stderr
    assert "RECONCILER_CLIENT_SECRET" in ran.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cleans_up_and_says_what_is_left(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with served(tmp_path, "1") as place:
        words = [str(COMMAND), "prove", KEY, "--yes", "--no-try", "--format", "json"]
        with subprocess.Popen(  # noqa: S603 - the command under test
            words, cwd=place.folder, env=place.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            assert any("waiting for the run" in line for line in iter(process.stderr.readline, ""))
            process.send_signal(number)
            out, _ = process.communicate(timeout=PATIENCE)
        report = decode(out.encode())
        assert (process.returncode, report["interrupted"], report["left"]) == (code, True, [])
        assert place.leftovers()["deleted"] == []


def test_what_a_killed_proof_left_is_found_by_name_without_its_journal(tmp_path: Path) -> None:
    with served(tmp_path, "1") as place:
        words = [str(COMMAND), "prove", KEY, "--yes", "--no-try"]
        with subprocess.Popen(  # noqa: S603 - the command under test
            words, cwd=place.folder, env=place.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            assert any("waiting for the run" in line for line in iter(process.stderr.readline, ""))
            process.kill()
            process.communicate(timeout=PATIENCE)
        for journal in (place.folder / ".reconciler/proofs").glob("*.jsonl"):
            journal.unlink()
        refused = place.prove()
        assert refused.returncode == 3
        assert "has not ended" in refused.stderr
        found = place.leftovers()
        assert sorted(one["type"] for one in found["deleted"]) == [
            *("connection", "dataset", "fieldgroup", "flow", "schema", "sourceConnection", "targetConnection")
        ]
        assert place.leftovers()["deleted"] == []


STREAMING = """\
kind: Proof
streaming: {mechanism: hmac, secret: {env: SECRET}, encoding: hex, wait: 1s}
targets: [local]
"""


def test_a_streaming_source_is_proved_over_http_and_its_secret_stays_here(tmp_path: Path) -> None:
    switches = (f'inlet_secrets=["{SECRET}"]', "hmac_encoding=hex", "land_delay=100", "inlet_delay=50")
    with served(tmp_path, "100", *switches, spec=EVENTS_SPEC, proof=STREAMING, events=EVENTS) as place:
        ran = place.run("prove", KEY, "--yes", "--keep", "--format", "json")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        report = decode(ran.stdout.encode())
        assert (report["outcome"], report["counts"]["output"], report["left"]) == ("proved", 3, [])
        sent = {case["case"]: case["status"] for case in report["authentication"]["cases"] if case["sent"]}
        assert sent == {"valid": 200, "missing": 401, "invalid": 401, "wrong-secret": 401, "modified": 401}
        folder = tmp_path / "specs/proofs" / KEY
        texts = [ran.stdout, ran.stderr, place.journals(), *(path.read_text() for path in folder.iterdir())]
        assert {path.name for path in folder.iterdir()} >= {"proved-dev.json", "authentication-tests.yaml"}
        assert not [text for text in texts if SECRET in text]
        assert place.leftovers()["deleted"] == []
