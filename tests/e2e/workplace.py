"""A team's repository in a folder, Flow Service over HTTP, and the installed command between them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from reconciler.documents.json_text import Document, decode, encode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Emulator
from reconciler.emulator.model import Author, Place
from tests.reports.schemas.conforming import check_output

COMMAND = Path(sys.executable).with_name("reconciler")
ORG, SANDBOX = "1234567890@AdobeOrg", "dev"
BATCH = "6499120c-0b15-42dc-936e-847ea3c24d72"
REST = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
JANE = Author("jane@acme.example", "postman")
PATIENCE = 600.0
"""Seconds after which something that was to happen is given up, however slow the machine; nothing waits for so long unless it hangs."""
SETTINGS = f"""\
version: 1
repository: acme/aep-sources
default_target: stage
targets:
  stage:
    org_id: {ORG}
    sandbox: {SANDBOX}
network: {{consistency_window: 0s, settle: 0s, timeout: 60s, deadline: 120s, retries: 2}}
"""


NEEDS_GIT = SETTINGS
SETTINGS += "git: {required: false}\n"
"""Most stories are told without commits; those about checkouts have the settings that need git."""


@dataclass(frozen=True)
class Ran:
    """What one run of the command printed and ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Document:
        document: Document = decode(self.out)
        return document


@dataclass
class Workplace:
    """One checkout. `url` is where Flow Service listens; the emulator behind it is at hand for looking and for outside edits."""

    folder: Path
    url: str
    emulator: Emulator
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "specs" / "sources").mkdir(parents=True, exist_ok=True)
        self.settings(SETTINGS)

    def settings(self, text: str) -> None:
        (self.folder / "specs" / "reconciler.yaml").write_text(text)

    def source(self, key: str, *, envelope: Mapping[str, Any] | None = None, **body: Any) -> Path:
        """A connection spec file. It is JSON, which is YAML too."""
        spec = {
            "name": key,
            "type": "generic-rest",
            "providerId": REST,
            "version": "1.0",
            "sourceSpec": {"attributes": {"x": 1}},
        } | body
        return self.file(f"sources/{key}/connection-spec.yaml", {"kind": "ConnectionSpec", **(envelope or {}), "spec": spec})

    def file(self, path: str, content: Document | str) -> Path:
        file = self.folder / "specs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else encode(content))
        return file

    def git(self, *words: str, at: str = "") -> str:
        identity = ["-c", "user.name=Team", "-c", "user.email=team@acme.example", "-c", "init.defaultBranch=main"]
        ran = subprocess.run(  # noqa: S603 - git, with words from this file
            ["git", *identity, *words],  # noqa: S607
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
            | ({"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}),
        )
        return ran.stdout.strip()

    def commit(self, message: str = "change", *, hours_ago: int = 0) -> str:
        """A commit of all files, made now or some hours ago; its name."""
        at = f"@{int(time.time()) - hours_ago * 3600} +0000"
        if not (self.folder / ".git").exists():
            self.git("init", "-q")
            (self.folder / ".gitignore").write_text(".reconciler/\n")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, at=at)
        return self.git("rev-parse", "HEAD")

    def run(self, *words: str, stdin: str = "", **environ: str) -> Ran:
        """The installed command, as the team's shell runs it."""
        ran = subprocess.run(  # noqa: S603 - the command under test
            [COMMAND, *words],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            env=self.env | environ,
        )
        check_output(words, ran.stdout)
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    @property
    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG") or name.startswith("COV")}
        return kept | {
            "RECONCILER_STAGE_BASE_URL": f"{self.url}/data/foundation/flowservice",
            "RECONCILER_STAGE_TOKEN_URL": f"{self.url}/ims/token/v3",
            "RECONCILER_CLIENT_ID": "our-client",
            "RECONCILER_CLIENT_SECRET": "p8e-very-secret",
            **self.environ,
        }

    def apply(self, *words: str) -> Document:
        """An apply that converges, as JSON."""
        ran = self.run("apply", "--yes", "--format", "json", *words)
        assert ran.code == 0, ran.out + ran.err
        return ran.json

    def plan(self, *words: str) -> Document:
        return self.run("plan", "--format", "json", *words).json

    def requests(self) -> list[tuple[str, str]]:
        """What the service has seen since it was last asked, as (method, path below the service or whole)."""
        seen = [(item.method, item.path.rpartition("/flowservice")[2]) for item in self.emulator.store.requests()]
        self.emulator.store.clear_requests()
        return seen

    def writes(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.requests() if method in ("POST", "PUT") and not path.startswith("/ims")]

    def live(self, kind: Kind = Kind.CONNECTION_SPEC) -> dict[str, list[Document]]:
        """All specs that the service holds, by name."""
        found: dict[str, list[Document]] = {}
        collection = "connectionSpecs" if kind is Kind.CONNECTION_SPEC else "flowSpecs"
        for row in self.emulator.store.rows(collection, Place(ORG, SANDBOX)):
            body = decode(row.body)
            found.setdefault(body["name"], []).append(body)
        return found

    def the(self, name: str, kind: Kind = Kind.CONNECTION_SPEC) -> Document:
        (body,) = self.live(kind)[name]
        return body

    def edit(self, name: str, kind: Kind = Kind.CONNECTION_SPEC, author: Author = JANE, **sections: Any) -> None:
        """A change that somebody makes behind the repository's back."""
        self.emulator.service.edit(self.the(name, kind)["id"], lambda body: body | sections, author)

    def post(self, body: Document) -> str:
        """A spec that somebody else makes."""
        row = self.emulator.service.create_spec("connectionSpecs", Place(ORG, SANDBOX), body, JANE)
        return str(row.id)

    def behave(self, **switches: Any) -> None:
        httpx.put(f"{self.url}/_emulator/behaviour", json=switches, trust_env=False).raise_for_status()
