"""`reconciler import` on a folder of spec files and the embedded Flow Service."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.authoring.importing.specs import Import, ImportedSpec
from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.importing import write_files
from reconciler.cli.shell import Shell
from reconciler.documents.kinds import Kind
from reconciler.emulator import build
from reconciler.emulator.model import Author, Place
from reconciler.errors import UsageError
from reconciler.planning.plan import PlanTarget
from reconciler.reports.importing.diff import diff_lines
from tests.cli.fakes import CommandLine, FakeSessions, Ran
from tests.desired.git.repositories import Repository as GitRepository
from tests.planning.situations import spec_id as id_of

SETTINGS = """\
version: 1
repository: acme/aep-sources
default_target: local
targets:
  local: {emulator: .reconciler/local.db}
network: {consistency_window: 0s, settle: 0s, retries: 0}
"""
REST = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
JANE = Author("jane@acme.example", "postman")
HERE = Place("0000000000@AdobeOrg", "dev")
ORDERS = "sources/acme-orders/connection-spec.yaml"


class Repository:
    """A specs folder with its own embedded Flow Service, and the command line in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.specs = root / "specs"
        self.specs.mkdir()
        (self.specs / "reconciler.yaml").write_text(SETTINGS)
        self._db = root / ".reconciler" / "local.db"
        self._capsys = capsys

    def run(self, *arguments: str) -> Ran:
        code = run(list(arguments), Shell({}, open_sessions))
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    def post(self, **body: Any) -> str:
        with build(self._db) as emulator:
            made = {"name": "Acme Orders", "providerId": REST, "version": "1.0"} | body
            return str(emulator.service.create_spec("connectionSpecs", HERE, made, JANE).id)

    def edit(self, spec_id: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        with build(self._db) as emulator:
            emulator.service.edit(spec_id, change, JANE)

    def writes(self) -> int:
        """How many POST and PUT of specs the service has seen."""
        with closing(sqlite3.connect(self._db)) as db:
            return int(db.execute("SELECT count(*) FROM requests WHERE method <> 'GET' AND path LIKE '%Specs%'").fetchone()[0])


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path, capsys)


def test_an_import_tells_what_it_wrote_and_the_next_command_has_nothing_to_do(work: Repository) -> None:
    spec_id = work.post(sourceSpec={"a": 1})
    ran = work.run("import", "--name", "Acme*")
    assert ran.code == 0
    assert ran.out == (
        "target local · emulator · org 0000000000@AdobeOrg · sandbox dev\n1 file written\n\n"
        f'+ connection spec acme-orders "Acme Orders"  specs/{ORDERS}  {spec_id}\n\n'
        "next: reconciler --target local plan\n"
    )
    assert "nothing to do: 1 in sync" in work.run("plan").out
    assert work.run("validate").code == 0


def test_a_second_import_changes_no_byte_and_an_apply_writes_nothing(work: Repository) -> None:
    work.post(sourceSpec={"a": 1})
    work.run("import", "--all")
    files = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in work.specs.rglob("*.yaml")}
    assert "unchanged" in work.run("import", "--all").out
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in work.specs.rglob("*.yaml")} == files
    assert work.run("apply", "--yes").code == 0
    assert work.writes() == 0


def test_what_adobe_ships_can_be_imported_by_name(work: Repository) -> None:
    assert work.run("import", "--name", "*", "--kind", "ConnectionSpec").code == 0
    assert "nothing to do: 5 in sync" in work.run("plan").out


def test_a_dry_run_shows_the_difference_and_writes_nothing(work: Repository) -> None:
    spec_id = work.post()
    ran = work.run("import", "--id", spec_id, "--dry-run")
    schema = "# yaml-language-server: $schema=../../.schemas/connection-spec.schema.json"
    assert f"--- /dev/null\n+++ b/specs/{ORDERS}\n@@ -0,0 +1,9 @@\n+{schema}\n+kind: ConnectionSpec\n" in ran.out
    assert "1 file to write" in ran.out
    assert not (work.specs / "sources").exists()
    document = work.run("import", "--id", spec_id, "--dry-run", "--format", "json").json
    assert document["specs"][0]["diff"].endswith('+  version: "1.0"\n')


def test_json_names_every_file_and_every_change(work: Repository) -> None:
    spec_id = work.post(sourceSpec={"a": 1})
    work.run("import", "--all", "--kind", "ConnectionSpec")
    work.edit(spec_id, lambda body: body | {"sourceSpec": {"a": 2}})
    document = work.run("import", "--id", spec_id, "--format", "json").json
    assert document["specs"] == [
        {
            "kind": "ConnectionSpec",
            "key": "acme-orders",
            "name": "Acme Orders",
            "id": spec_id,
            "file": f"specs/{ORDERS}",
            "state": "changed",
            "changes": [{"path": "/sourceSpec/a", "old": 1, "new": 2}],
            "overlaid": [],
        }
    ]
    assert document["target"]["name"] == "local"


def test_drift_is_taken_over_into_the_file_and_shown(work: Repository, tmp_path: Path) -> None:
    spec_id = work.post(sourceSpec={"a": 1})
    work.run("import", "--id", spec_id)
    GitRepository(tmp_path).git("init", "--quiet")
    GitRepository(tmp_path).commit({}, at=1_700_000_000)
    work.edit(spec_id, lambda body: body | {"sourceSpec": {"a": 2}})
    ran = work.run("import", "--drift", "acme-orders")
    assert "1 file changed" in ran.out
    assert "/sourceSpec/a\n      1 -> 2" in ran.out
    assert work.run("drift").code == 0
    assert work.run("import", "--drift").out.endswith("nothing to import\n")


def test_what_the_files_may_have_changed_is_left_to_them_and_told(work: Repository) -> None:
    spec_id = work.post(sourceSpec={"a": 1})
    work.run("import", "--id", spec_id)
    work.edit(spec_id, lambda body: body | {"sourceSpec": {"a": 2}})
    before = (work.specs / ORDERS).read_bytes()
    ran = work.run("import", "--drift")
    assert ran.code == 0
    assert (work.specs / ORDERS).read_bytes() == before
    assert "/sourceSpec/a: kept as in the file, because the repository may have changed it too [both-changed]" in ran.out
    assert f"`import --id {spec_id}` writes everything live to the file" in ran.out
    assert "1 -> 2" in work.run("import", "--id", spec_id).out


def test_a_key_of_ones_own_is_used(work: Repository) -> None:
    spec_id = work.post()
    work.run("import", "--id", spec_id, "--as", "orders")
    assert (work.specs / "sources/orders/connection-spec.yaml").exists()


def test_a_spec_that_the_list_does_not_show_is_asked_for(work: Repository) -> None:
    ran = work.run("import", "--id", "f6c0de0c-0a42-4cd9-9139-8768bf2f1b55")
    assert (ran.code, "f6c0de0c" in ran.err) == (1, True)
    assert "`import --name '*' --dry-run` lists the live specs" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--drift", "--all"),
        ("orders", "--all"),
        ("--all", "--as", "no key"),
        ("--all", "--as", "orders"),
        ("--id", "no id"),
        ("--name", "Nobody"),
        ("--drift", "nobody"),
    ],
    ids=" ".join,
)
def test_a_choice_that_makes_no_sense_is_told_with_the_way_out(work: Repository, arguments: tuple[str, ...]) -> None:
    work.post()
    ran = work.run("import", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert "hint: " in ran.err


def test_an_id_that_can_be_none_is_told_before_anything_is_asked(reconciler: CommandLine) -> None:
    ran = reconciler("import", "--id", "nope")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "error: --id: 'nope' is not a valid id")
    assert "--name 'MailChimp*' selects by name" in ran.err
    assert "--name '*' --dry-run lists the live specs" in ran.err


def test_files_in_error_are_told_and_nothing_is_written(work: Repository) -> None:
    work.post()
    (work.specs / "sources").mkdir()
    (work.specs / "sources" / "x.yaml").write_text("kind: ConnectionSpec\n")
    ran = work.run("import", "--all")
    assert (ran.code, "x.yaml:1" in ran.err) == (1, True)
    assert not (work.specs / "sources" / "acme-orders").exists()


def test_a_folder_that_leads_out_of_the_specs_is_not_written_to(work: Repository, tmp_path: Path) -> None:
    work.post()
    outside = tmp_path / "outside"
    outside.mkdir()
    (work.specs / "sources").symlink_to(outside)
    ran = work.run("import", "--name", "Acme*")
    assert ran.code == 1
    assert list(outside.iterdir()) == []


def test_a_file_that_is_no_spec_is_not_overwritten(work: Repository) -> None:
    work.post()
    (work.specs / "sources" / "acme-orders").mkdir(parents=True)
    (work.specs / ORDERS).mkdir()
    ran = work.run("import", "--name", "Acme*")
    assert (ran.code, "hint:" in ran.err) == (1, True)
    assert [path.name for path in (work.specs / "sources/acme-orders").iterdir()] == ["connection-spec.yaml"]


def test_a_file_keeps_its_mode_and_no_draft_is_left(work: Repository) -> None:
    spec_id = work.post(sourceSpec={"a": 1})
    work.run("import", "--id", spec_id)
    file = work.specs / ORDERS
    file.chmod(0o640)
    work.edit(spec_id, lambda body: body | {"sourceSpec": {"a": 2}})
    work.run("import", "--drift")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["connection-spec.yaml"]


def one_file(before: bytes | None) -> Import:
    """An import of one file, which held `before` when it was read."""
    spec = ImportedSpec(Kind.CONNECTION_SPEC, "orders", "Orders", "1", ORDERS, f"specs/{ORDERS}", before, b"new\n")
    return Import(PlanTarget("stage", "h", "o", "s"), (spec,))


@pytest.mark.parametrize("before", [b"old\n", None], ids=["changed meanwhile", "came to be there"])
def test_a_file_that_is_not_as_it_was_read_is_not_overwritten(work: Repository, before: bytes | None) -> None:
    file = work.specs / ORDERS
    file.parent.mkdir(parents=True)
    file.write_text("an edit\n")
    with pytest.raises(UsageError) as caught:
        write_files(work.specs, one_file(before))
    assert caught.value.hint
    assert file.read_text() == "an edit\n"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_choice_is_handed_on(reconciler: CommandLine) -> None:
    sessions = FakeSessions(imports=Import(PlanTarget("stage", "h", "o", "s"), ()))
    one, two = id_of(1), id_of(2)
    ran = reconciler("import", "--id", one, "--id", two, "--name", "a*", "--kind", "FlowSpec", "--own-ids", sessions=sessions)
    assert (ran.code, ran.out) == (0, "target stage · h · org o · sandbox s\nnothing to import\n")
    (choice,) = sessions.choices
    assert (choice.ids, choice.names, choice.kind, choice.own_ids) == ((one, two), ("a*",), Kind.FLOW_SPEC, True)
    assert [name for name, _ in sessions.opened] == ["reading"]


def test_a_file_behind_a_link_that_leads_out_is_not_written(work: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (work.specs / "sources").symlink_to(tmp_path / "outside")
    with pytest.raises(UsageError, match="outside the specs folder"):
        write_files(work.specs, one_file(None))
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_file_behind_a_link_to_itself_is_not_written(work: Repository) -> None:
    (work.specs / "sources").symlink_to("sources")
    with pytest.raises(UsageError, match="link"):
        write_files(work.specs, one_file(None))


def test_the_difference_says_where_a_file_ends_without_a_line_break() -> None:
    spec = ImportedSpec(Kind.CONNECTION_SPEC, "orders", "Orders", "1", ORDERS, "orders.json", b'{"a": 1}', b'{"a": 2}')
    ends = "\\ No newline at end of file"
    assert diff_lines(spec)[3:] == ['-{"a": 1}', ends, '+{"a": 2}', ends]
    assert diff_lines(replace(spec, after=b'{"a": 1}')) == []
