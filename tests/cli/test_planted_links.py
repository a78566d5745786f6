"""Links, pipes and devices that a repository has committed: nothing is written through one, and none is waited for."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.json_text import encode
from tests.cli.fakes import Ran
from tests.cli.test_validate import SETTINGS, SPEC

Run: TypeAlias = Callable[..., Ran]
SPEC_FILE = "specs/sources/orders/connection-spec.yaml"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    (root / SPEC_FILE).parent.mkdir(parents=True)
    (root / SPEC_FILE).write_text(SPEC)
    (root / "specs/reconciler.yaml").write_text(
        SETTINGS + "safety: {rules: warn}\nnetwork: {consistency_window: 0s, settle: 0s}\n"
    )
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def reconciler(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    def ran(*arguments: str, **environ: str) -> Ran:
        code = run(list(arguments), Shell(environ, open_sessions))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    previous = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it hangs"))
    signal.alarm(60)  # a pipe that is waited for would hold up the whole suite
    yield ran
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)


WRITES = {
    "schema": (["specs/.schemas"], ["schema", "--write"]),
    "schema file": (["specs/.schemas/connection-spec.schema.json"], ["schema", "--write"]),
    "plan": (["out"], ["plan", "--out", "out/plan.json"]),
    "plan file": (["plan.json"], ["plan", "--out", "plan.json"]),
    "report": (["reports"], ["plan", "--report", "reports/report.json"]),
    "journal folder": ([".reconciler/journal"], ["apply", "--yes"]),
    "journal": (["journals"], ["apply", "--yes", "--journal", "journals/new"]),
    "database folder": ([".reconciler"], ["plan"]),
    "database": ([".reconciler/local.db"], ["plan"]),
    "database log": ([".reconciler/local.db-wal"], ["plan"]),
    "database memory": ([".reconciler/local.db-shm"], ["plan"]),
    "database journal": ([".reconciler/local.db-journal"], ["plan"]),
    "emulator": (["db"], ["emulator", "--port", "0", "--db", "db/file"]),
    "new": (["specs/sources/acme"], ["new", "acme"]),
    "convert": (["converted"], ["convert", SPEC_FILE, "--out", "converted/orders-connectionSpec.json"]),
    "fix": ([SPEC_FILE], ["validate", "--fix"]),
    "fix folder": (["specs/sources/orders"], ["validate", "--fix"]),
    "import": (["specs/flow-specs"], ["import", "--kind", "FlowSpec", "--name", "RestStorageToAEP"]),
}


@pytest.mark.parametrize(("links", "words"), WRITES.values(), ids=WRITES.keys())
def test_nothing_is_written_outside_of_the_repository(
    repository: Path, reconciler: Run, links: list[str], words: list[str]
) -> None:
    outside = repository.parent / "outside"
    for link in links:
        (repository / link).parent.mkdir(parents=True, exist_ok=True)
        is_file = re.search(r"\.(?:json|yaml|db.*)$", link)
        if (repository / link).exists():
            (repository / link).rename(outside / "there")
        (repository / link).symlink_to(outside / ("there" if (outside / "there").exists() else "secret" if is_file else ""))
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    ran = reconciler(*words)
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before
    assert all((repository / link).is_symlink() for link in links)
    if "--fix" not in words:
        assert (ran.code, "link" in ran.err) == (1, True), ran
    if "import" not in words and "--fix" not in words:
        assert "is a link; links in a repository are not followed\nhint: " in ran.err or "new" in words


def test_a_linked_ignore_file_is_left_alone(repository: Path, reconciler: Run) -> None:
    (repository / ".reconciler").mkdir()
    (repository / ".reconciler/.gitignore").symlink_to(repository.parent / "outside" / "new")
    assert reconciler("apply", "--yes", "--max-creates", "5").code == 0
    assert [path.name for path in (repository.parent / "outside").iterdir()] == ["secret"]


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10_000_000_000)


NO_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a pipe": (os.mkfifo, "pipe"),
    "an endless device": (lambda path: path.symlink_to("/dev/zero"), "device"),
    "a folder": (lambda path: path.mkdir(), "folder"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "[Tt]oo many levels of symbolic links"),
    "10 GB": (huge, "10,000,000,000 bytes"),
}
READS = {
    "show": ["show", "odd.json"],
    "apply": ["apply", "--yes", "odd.json"],
    "restore": ["restore", "odd.json"],
    "comment": ["github", "comment", "odd.json"],
    "summary": ["github", "summary", "odd.json"],
    "faults": ["emulator", "--port", "0", "--faults", "odd.json"],
    "convert": ["convert", "odd.json"],
}


@pytest.mark.parametrize(("make", "what"), NO_FILES.values(), ids=NO_FILES.keys())
@pytest.mark.parametrize("words", READS.values(), ids=READS.keys())
def test_what_is_no_file_is_named_and_not_waited_for(
    repository: Path, reconciler: Run, make: Callable[[Path], None], what: str, words: list[str]
) -> None:
    make(repository / "odd.json")
    event = repository.parent / "event.json"
    event.write_bytes(encode({"pull_request": {"number": 1, "head": {"sha": "a" * 40}, "base": {"sha": "b" * 40}}}))
    github = {"GITHUB_EVENT_PATH": str(event), "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "a" * 40, "GITHUB_TOKEN": "t"}
    run = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF_NAME": "1/merge"}
    summary = {"GITHUB_STEP_SUMMARY": str(repository.parent / "summary")} | run
    ran = reconciler(*words, **github, **summary)
    assert (ran.code, "odd.json" in ran.err) == (1, True), ran
    if ("convert" not in words and "--faults" not in words) or "GB" not in what:
        assert re.search(what if "bytes" not in what else r"10,000,000,000 bytes|5,000,001 bytes|too large|most that", ran.err), (
            ran
        )


@pytest.mark.parametrize(("make", "what"), NO_FILES.values(), ids=NO_FILES.keys())
@pytest.mark.parametrize("name", ["journal", "spec", "settings", "event"])
def test_what_is_no_file_in_a_place_where_files_are_looked_for_stops_nothing(
    repository: Path, reconciler: Run, make: Callable[[Path], None], what: str, name: str
) -> None:
    paths = {
        "journal": repository / ".reconciler/journal/20991231T000000.000000Z-local.jsonl",
        "spec": repository / "specs/sources/odd.yaml",
        "settings": repository / "specs/reconciler.yaml",
        "event": repository / "event.json",
    }
    path = paths[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)
    for words in (["plan"], ["status"], ["validate"], ["github", "gate"]):
        ran = reconciler(*words, GITHUB_EVENT_PATH=str(path) if name == "event" else "")
        assert ran.code in (0, 1), (what, ran)
        assert "internal error" not in ran.err
