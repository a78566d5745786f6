"""Specs are named alike in every command: by key, by the path of a file or folder, or by a glob."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.options.spec_names import file_named, key_named, keys_named, paths_named
from reconciler.cli.shell import Shell
from reconciler.errors import UsageError
from reconciler.settings.loading import MINIMAL
from reconciler.settings.scope import Scope
from tests.cli.fakes import CommandLine, FakeSessions

SPEC = "kind: ConnectionSpec\nspec: {{name: {name}, providerId: 521eee4d-8cbe-4906-bb48-fb6bd4450033, type: generic-rest}}\n"


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with three sources, one of them broken and one an artifact, and a flow spec; the current folder is its root."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "specs"
    for key in ("acme-orders", "acme-users"):
        file = folder / "sources" / key / "connection-spec.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(SPEC.format(name=key))
    (folder / "sources" / "acme-users" / "connection-spec.yaml").write_text("kind: ConnectionSpec\nspec: []\n")
    (folder / "sources" / "mail-connectionSpec.json").write_text('{"name": "Mail", "providerId": "x", "type": "y"}')
    (folder / "flow-specs").mkdir()
    (folder / "flow-specs" / "acme-flow.yaml").write_text(
        "kind: FlowSpec\nspec: {name: F, providerId: x, sourceConnectionSpecIds: []}\n"
    )
    (folder / "proofs" / "acme-orders").mkdir(parents=True)
    (folder / "proofs" / "acme-orders" / "proof.yaml").write_text("version: 1\n")
    (folder / "reconciler.yaml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    return folder


def shell(specs: str = "specs") -> Shell:
    return Shell({}, lambda _environ: FakeSessions(), scope=Scope(Path(specs)))


ALL = ("acme-flow", "acme-orders", "acme-users", "mail")


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("acme-orders", ("acme-orders",)),
        ("acme-*", ("acme-flow", "acme-orders", "acme-users")),
        ("*-[ou]*r*", ("acme-orders", "acme-users")),
        ("specs/sources/acme-orders", ("acme-orders",)),
        ("./specs/sources/acme-orders/", ("acme-orders",)),
        ("specs/sources/acme-users/connection-spec.yaml", ("acme-users",)),
        ("specs/sources/mail-connectionSpec.json", ("mail",)),
        ("specs/proofs/acme-orders/proof.yaml", ("acme-orders",)),
        ("specs/flow-specs", ("acme-flow",)),
        ("removed-long-ago", ("removed-long-ago",)),
    ],
)
def test_a_key_a_path_and_a_glob_name_specs(specs: Path, name: str, keys: tuple[str, ...]) -> None:
    assert keys_named(shell(), (name,)) == keys
    assert keys_named(shell(), (str(specs.parent / name),) if "/" in name else (name, name)) == keys


def test_a_folder_names_all_its_specs(specs: Path) -> None:
    assert set(keys_named(shell(), (str(specs),))) == set(ALL)


@pytest.mark.parametrize("here", ["specs/sources", "specs/sources/acme-orders", "specs/proofs/acme-orders"])
def test_paths_are_taken_from_the_current_folder_and_from_the_root_of_the_repository(
    specs: Path, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    monkeypatch.chdir(specs.parent / here)
    given = shell(str(specs))
    assert keys_named(given, ("specs/sources/mail-connectionSpec.json",)) == ("mail",)
    assert keys_named(given, (".",)) == {"specs/sources": ("acme-orders", "acme-users", "mail")}.get(here, ("acme-orders",))


def test_a_key_wins_over_a_path(specs: Path) -> None:
    (specs.parent / "mail").mkdir()
    assert keys_named(shell(), ("mail",)) == ("mail",)


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("unlike-*", "no key matches 'unlike-*'", "lists the keys"),
        ("acme-order?", None, None),
        ("mial-*", "no key matches", "did you mean 'mail'?"),
        ("specs/sources/acme-order", "no such key, file or folder: specs/sources/acme-order", "did you mean 'acme-orders'?"),
        ("specs/sources/acme-order/connection-spec.yaml", "no such key, file or folder", "did you mean 'acme-orders'?"),
        ("specs/reconciler.yaml", "there is no spec in specs/reconciler.yaml", "name a spec file"),
        ("outside", "outside the specs folder", None),
        ("../outside", "no such key, file or folder", "lists the keys"),
        ("specs/*", "is a glob for paths", "a glob for keys"),
        ("a\0b", "no such key, file or folder", "lists the keys"),
        ("", "a KEY is empty", "a key, a path or a glob"),
    ],
)
def test_a_name_of_nothing_is_an_error_with_the_nearest_key(specs: Path, name: str, said: str | None, hint: str | None) -> None:
    (specs.parent / "outside").mkdir()
    if said is None:
        assert keys_named(shell(), (name + "*",)) == ("acme-orders",)
        return
    if name == "outside":
        assert keys_named(shell(), (name,)) == (name,)  # a command says that it is no key
        return
    with pytest.raises(UsageError) as raised:
        keys_named(shell(), (name,))
    assert said in raised.value.message
    assert hint is None or hint in (raised.value.hint or "")


def test_where_sources_are_meant_globs_and_folders_leave_out_flow_specs(specs: Path) -> None:
    assert specs
    assert keys_named(shell(), ("acme-*",), sources=True) == ("acme-orders", "acme-users")
    assert keys_named(shell(), ("specs",), sources=True) == ("acme-orders", "acme-users", "mail")


def test_where_one_source_is_meant_several_are_an_error(specs: Path) -> None:
    assert specs
    assert key_named(shell(), "mai*") == "mail"
    with pytest.raises(UsageError, match="selects 2 specs, and one is meant: acme-orders, acme-users"):
        key_named(shell(), "acme-*")


def test_a_key_names_its_file(specs: Path) -> None:
    assert specs
    assert file_named(shell(), Path("acme-users")) == Path("specs/sources/acme-users/connection-spec.yaml")
    assert file_named(shell(), Path("specs/reconciler.yaml")) == Path("specs/reconciler.yaml")
    assert file_named(shell(), Path("elsewhere.json")) == Path("elsewhere.json")
    with pytest.raises(UsageError, match="no such key"):
        file_named(shell(), Path("acme-user"))


def test_problems_are_chosen_by_key_with_those_of_the_proof(specs: Path) -> None:
    chosen = paths_named(shell(), ("acme-o*",))
    assert chosen is not None
    assert chosen(specs / "sources/acme-orders/connection-spec.yaml")
    assert chosen(specs / "proofs/acme-orders/proof.yaml")
    assert not chosen(specs / "sources/acme-users/connection-spec.yaml")
    assert paths_named(shell(), ()) is None


def test_a_link_to_a_spec_file_elsewhere_is_not_followed_out_of_the_folder(specs: Path) -> None:
    (specs.parent / "linked").symlink_to("/")
    with pytest.raises(UsageError, match="outside the specs folder"):
        keys_named(shell(), ("linked/etc",))


@pytest.mark.parametrize("command", ["plan", "drift", "status", "apply --yes"])
def test_a_command_plans_the_keys_that_are_meant(specs: Path, reconciler: CommandLine, command: str) -> None:
    assert specs
    sessions = FakeSessions()
    reconciler(*command.split(), "acme-*", "specs/sources/mail-connectionSpec.json", sessions=sessions)
    assert {options.keys for options in sessions.options} == {ALL}


def test_creates_are_allowed_by_glob_and_path(specs: Path, reconciler: CommandLine) -> None:
    assert specs
    sessions = FakeSessions()
    reconciler("plan", "--allow-create", "acme-o*", "--allow-create", "specs/sources/acme-users", sessions=sessions)
    assert [options.allow_create for options in sessions.options] == [("acme-orders", "acme-users")]


@pytest.mark.parametrize("command", ["diff", "breaking"])
def test_a_comparison_is_limited_to_the_specs_that_are_named(
    specs: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (specs / "sources/acme-users/connection-spec.yaml").write_text(SPEC.format(name="Users"))
    (specs.parent / ".git").rmdir()
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=specs.parent, check=True)  # noqa: S603, S607 - a repository of this test
    (specs / "sources/acme-orders/connection-spec.yaml").write_text(SPEC.format(name="Other"))
    (specs / "sources/mail-connectionSpec.json").unlink()

    def ran(*words: str) -> tuple[str, str]:
        run([command, *words], Shell({}, open_sessions))
        printed = capsys.readouterr()
        return printed.out, printed.err

    assert "acme-orders" in ran("acme-o*")[0]
    assert " mail " not in ran("acme-o*")[0]
    assert " mail " in ran("mail")[0]
    assert ran("acme-orderz")[1] == "error: no such key, file or folder: acme-orderz\nhint: did you mean 'acme-orders'?\n"


def test_a_path_outside_the_specs_folder_is_not_called_checked(specs: Path) -> None:
    (specs.parent / "other.json").write_text("{}")
    (specs.parent / "beside").mkdir()
    (specs.parent / "inward").symlink_to(specs)
    (specs / "outward").symlink_to(specs.parent / "beside")
    for name in ("other.json", "beside", "specs/../beside"):
        with pytest.raises(UsageError, match="is outside the specs folder"):
            paths_named(shell(), [name])
    for name in (".", "specs", "inward", "specs/outward"):
        assert paths_named(shell(), [name]) is not None


def test_a_folder_without_spec_files_is_not_one_file(specs: Path) -> None:
    (specs.parent / "empty.json").mkdir()
    with pytest.raises(UsageError, match=r"empty\.json is a folder without spec files"):
        file_named(shell(), Path("empty.json"))
