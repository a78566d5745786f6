"""The key and the files with which an editor finds the schema of a file: understood, kept, never sent; stale copies are reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.cli.fakes import Ran

Run: TypeAlias = Callable[..., Ran]

SETTINGS = """\
version: 1
repository: acme/aep-sources
targets: {local: {emulator: .reconciler/local.db}}
default_target: local
network: {consistency_window: 0s, settle: 0s}
git: {required: false}
"""
PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
MINE = "../../.schemas/the-one-of-my-editor.json"
ARTIFACT = f"""\
{{
  "$schema": "{MINE}",
  "name": "Orders",
  "providerId": "{PROVIDER}",
  "version": "1.0",
  "type": "generic-rest",
  "sourceSpec": {{"attributes": {{"urlParams": {{"host": "https://acme.example", "path": "/orders", "method": "get"}}}}}}
}}
"""
SPEC = f"""\
$schema: {MINE}
kind: ConnectionSpec
spec: {{name: Members, providerId: {PROVIDER}, version: "1.0", type: custom}}
"""


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs/sources/members").mkdir(parents=True)
    (tmp_path / "specs/reconciler.yaml").write_text(SETTINGS)
    (tmp_path / "specs/sources/orders-connectionSpec.json").write_text(ARTIFACT)
    (tmp_path / "specs/sources/members/connection-spec.yaml").write_text(SPEC)
    return tmp_path / "specs"


@pytest.fixture
def reconciler(specs: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> Ran:
        code = run(list(arguments), Shell({}, open_sessions))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    assert specs.exists()
    return ran


def test_the_key_of_the_editor_is_never_sent(reconciler: Run, specs: Path) -> None:
    assert reconciler("validate", "--fix").code == 0  # the method
    assert reconciler("apply", "--yes").code == 0
    live = (specs.parent / ".reconciler/local.db").read_bytes()
    assert b"acme.example" in live
    assert b"the-one-of-my-editor" not in live
    for journal in (specs.parent / ".reconciler/journal").iterdir():
        assert "the-one-of-my-editor" not in journal.read_text()
    assert reconciler("plan", "--detailed-exitcode").code == 0


def test_a_change_of_the_key_is_no_change_of_the_spec(reconciler: Run, specs: Path) -> None:
    reconciler("validate", "--fix")
    reconciler("apply", "--yes")
    for file in (specs / "sources/orders-connectionSpec.json", specs / "sources/members/connection-spec.yaml"):
        file.write_text(file.read_text().replace(MINE, "https://acme.example/another.json"))
    assert reconciler("plan", "--detailed-exitcode").code == 0


def test_a_fix_keeps_the_key_in_the_file(reconciler: Run, specs: Path) -> None:
    assert reconciler("validate", "--fix").code == 0
    assert (specs / "sources/orders-connectionSpec.json").read_text() == ARTIFACT.replace('"get"', '"GET"')


def test_a_converted_file_has_the_schema_of_its_own_form(reconciler: Run, specs: Path) -> None:
    spec = reconciler("convert", "specs/sources/orders-connectionSpec.json", "--to", "yaml").out
    assert MINE not in spec
    assert spec.startswith("# yaml-language-server: $schema=")
    artifact = reconciler("convert", "specs/sources/members/connection-spec.yaml", "--to", "json").out
    assert "$schema" not in json.loads(artifact)
    assert MINE in (specs / "sources/members/connection-spec.yaml").read_text()


def test_the_key_inside_the_body_is_an_unknown_section(reconciler: Run, specs: Path) -> None:
    file = specs / "sources/members/connection-spec.yaml"
    file.write_text(SPEC.replace("spec: {", "spec: {$schema: a.json, "))
    assert "`$schema` is not a section" in reconciler("validate", "specs/sources/members").out


def test_a_copy_of_another_version_is_reported_with_the_command_that_renews_it(reconciler: Run, specs: Path) -> None:
    reconciler("validate", "--fix")
    reconciler("schema", "--write")
    assert reconciler("validate").out == "no problems\n"
    copy = specs / ".schemas/connection-spec.schema.json"
    copy.write_bytes(copy.read_bytes().replace(b"\n", b"\r\n"))
    assert reconciler("validate").out == "no problems\n"
    copy.write_text("{}")
    ran = reconciler("validate")
    assert ran.code == 0
    assert ran.out == (
        "specs/.schemas/connection-spec.schema.json:1:1: warning: this schema is from another version of reconciler, so editors and "
        "`validate` may disagree [stale-schema]\n  hint: run `reconciler schema --write`\n\n1 warning\n"
    )
    reconciler("schema", "--write")
    assert reconciler("validate").out == "no problems\n"


def test_the_command_names_the_folder_where_it_is_another(reconciler: Run, specs: Path) -> None:
    specs = specs.rename(specs.with_name("my specs"))
    (specs / ".schemas").mkdir()
    (specs / ".schemas/artifact.schema.json").mkdir()
    assert "run `reconciler --specs 'my specs' schema --write`" in reconciler("--specs", "my specs", "validate").out


def test_copies_that_were_not_written_are_not_missed(reconciler: Run) -> None:
    reconciler("validate", "--fix")
    reconciler("schema", "artifact", "--write")
    assert reconciler("validate").out == "no problems\n"


def test_an_unknown_name_lists_the_names_once(reconciler: Run) -> None:
    ran = reconciler("schema", "nope")
    assert ran.err.startswith("error: Invalid value for '[NAME]': 'nope' is not one of ")
    assert ran.err.count("flow-spec") == 1
