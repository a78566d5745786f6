"""What somebody new to the tool gets wrong, and whether the message says what to do about it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.cli.fakes import Ran

CommandLine = Callable[..., Ran]

EMULATOR = """\
version: 1
repository: acme/aep-sources
default_target: local
targets:
  local: {emulator: .reconciler/local.db}
"""
REAL = """\
version: 1
repository: acme/aep-sources
default_target: prod
targets:
  prod: {org_id: 1234567890@AdobeOrg, sandbox: prod}
"""


@pytest.fixture
def reconciler(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line with sessions as users have them."""

    def called(*arguments: str, **environ: str) -> Ran:
        code = run(list(arguments), Shell(environ, open_sessions))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return called


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "specs"
    folder.mkdir()
    (folder / "reconciler.yaml").write_text(EMULATOR)
    return folder


def test_the_choices_of_a_missing_argument_are_on_one_line(reconciler: CommandLine) -> None:
    ran = reconciler("completion")
    assert "Choose from: bash, zsh, fish\nhint: " in ran.err


def test_no_one_is_asked_to_remove_the_folder_that_was_named_as_a_credentials_file(specs: Path, reconciler: CommandLine) -> None:
    (specs / "reconciler.yaml").write_text(REAL)
    ran = reconciler("plan", RECONCILER_CREDENTIALS=".")
    assert ran.err == "error: RECONCILER_CREDENTIALS: cannot use .: it is a folder, not a file\nhint: use the path of a file\n"


def test_schemas_can_be_read_by_whoever_can_read_the_settings(specs: Path, reconciler: CommandLine) -> None:
    assert reconciler("schema", "--write").code == 0
    (other := specs / "other").touch()
    assert {stat.S_IMODE(file.stat().st_mode) for file in (specs / ".schemas").iterdir()} == {stat.S_IMODE(other.stat().st_mode)}


@pytest.mark.usefixtures("specs")
def test_a_key_to_import_is_not_passed_over(reconciler: CommandLine) -> None:
    ran = reconciler("import", "mailchimp")
    assert ran.err.startswith("error: KEYs require --drift\nhint: use --id, --name or --all to import live specs; ")


def test_a_file_name_without_a_key_is_not_shown_as_an_empty_key(specs: Path, reconciler: CommandLine) -> None:
    file = specs / "connection-spec.json"
    file.write_text('{"name": "Bare"}')
    ran = reconciler("convert", "specs/connection-spec.json")
    assert ran.err == (
        "error: cannot derive a key from the file name specs/connection-spec.json\n"
        "hint: rename the artifact: <key>-connectionSpec.json\n"
    )


@pytest.mark.usefixtures("specs")
def test_where_every_target_is_an_emulator_an_empty_list_says_how_to_see_them(reconciler: CommandLine) -> None:
    ran = reconciler("targets")
    assert (ran.code, ran.err) == (0, "hint: use --emulators to list targets that use the embedded Flow Service\n")
    assert "--emulators" in reconciler("targets", "--by", "environment").err
    assert reconciler("targets", "--emulators").err == ""
    assert reconciler("targets", "--format", "json").err == ""
    assert "`reconciler targets --emulators` lists every target" in reconciler("--all", "plan").err


@pytest.mark.usefixtures("specs")
def test_an_unknown_group_can_be_defined(reconciler: CommandLine) -> None:
    assert reconciler("--group", "eu", "plan").err == (
        "error: unknown group 'eu'\nhint: define it under `groups:` in reconciler.yaml\n"
    )


def test_a_hint_stands_once_for_a_mistake_in_the_settings(specs: Path, reconciler: CommandLine) -> None:
    (specs / "reconciler.yaml").write_text(EMULATOR.replace("default_target", "defualt_target"))
    ran = reconciler("plan")
    assert ran.err.count("did you mean 'default_target'?") == 1
    assert ran.err.endswith("error: specs/reconciler.yaml cannot be used\n")


def test_where_there_is_no_specs_folder_nobody_is_asked_whether_they_removed_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reconciler: CommandLine
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = reconciler("validate")
    assert (ran.code, "no-specs" in ran.out, "run `reconciler init`" in ran.out) == (1, False, True)


def test_a_new_proof_file_is_valid_once_its_own_first_lines_were_followed(specs: Path, reconciler: CommandLine) -> None:
    assert reconciler("new", "acme-orders", "--host", "https://api.acme.example", "--path", "/v1/orders").code == 0
    proof = specs / "proofs/acme-orders/proof.yaml"
    told = 'remove the first "# " of each line from '
    assert told in reconciler("try", "acme-orders").err
    assert told in proof.read_text()
    head, kind, rest = proof.read_text().partition("# kind: Proof\n")
    filled = "".join(line.removeprefix("# ") for line in (kind + rest).splitlines(keepends=True))
    proof.write_text(head + filled.replace("…", "something"))
    assert reconciler("validate").out == "no problems\n"


def test_prune_is_named_with_the_commands_that_have_it(specs: Path, reconciler: CommandLine) -> None:
    (specs / "proofs").mkdir()
    (specs / "reconciler.yaml").unlink()
    assert "use --prune with plan and apply\n" in reconciler("validate").out


@pytest.mark.usefixtures("specs")
def test_a_folder_that_was_named_is_not_said_to_be_looked_for_above(reconciler: CommandLine) -> None:
    assert reconciler("--specs", "nowhere", "plan").err.startswith(
        "error: nowhere/reconciler.yaml: file not found; it defines the targets\nhint: run `reconciler --specs nowhere init`, or write one"
    )
