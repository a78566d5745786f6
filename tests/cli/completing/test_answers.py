"""What a shell is answered: commands, options, values, keys, targets and files, and nothing else whatever is in the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from reconciler.cli.completing.answer import VARIABLE, answer
from reconciler.cli.completing.values import values_for
from reconciler.cli.root import root

Ask = Callable[..., list[str]]

SETTINGS = "version: 1\nrepository: acme/s\ndefault_target: local\ntargets: {local: {emulator: a.db}, stage: {sandbox: dev}}\n"
FREE = {
    *(
        "ids",
        "expect",
        "max_creates",
        "max_updates",
        "max_detaches",
        "reason",
        "wave",
        "sets",
        "pages",
        "records",
        "window",
        "assume",
        "wait",
    ),
    *(
        "resume",
        "cleanup",
        "older_than",
        "branch",
        "new name",
        "description",
        "host",
        "path",
        "number",
        "port",
        "reach",
    ),
    *("speed", "new key", "import key", "import names", "submit keys"),
    *("repository", "org_id", "sandbox", "actions"),
}
"""Parameters for which anything can be written."""


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in {
        "reconciler.yaml": SETTINGS,
        "sources/crm/connection-spec.yaml": "kind: ConnectionSpec\nspec: {name: A}\n",
        "sources/folder/connection-spec.yaml": "# a comment\nkey: mail-members # since 2024\nspec: {key: other}\n",
        "sources/shop-connectionSpec.json": "{}",
        "flow-specs/storage.yaml": "kind: FlowSpec\n",
        "sources/readme.md": "",
    }.items():
        (tmp_path / "specs" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "specs" / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "specs"


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """The values that a shell is answered for these words; types other than plain stand before their value."""

    def asked(*words: str, of: str = "zsh") -> list[str]:
        assert answer({VARIABLE: of}, words) == 0
        out, err = capsys.readouterr()
        assert err == ""
        answers = [line.split("\t") for line in out.splitlines()]
        return [value if kind == "plain" else f"{kind}:{value}" for kind, value, _ in answers]

    return asked


def parameters() -> Iterator[tuple[click.Context, click.Parameter]]:
    contexts = [click.Context(root, info_name="reconciler")]
    for context in contexts:
        if isinstance(context.command, click.Group):
            found = ((name, context.command.get_command(context, name)) for name in context.command.list_commands(context))
            contexts += [click.Context(command, context, name) for name, command in found if command is not None]
        yield from ((context, parameter) for parameter in context.command.params)


def test_every_parameter_is_completed_or_free() -> None:
    for context, parameter in parameters():
        flag = isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count)
        known = flag or isinstance(parameter.type, click.Choice | click.Path) or values_for(context, parameter) is not None
        names = {parameter.name, f"{context.info_name} {parameter.name}"}
        assert known != bool(names & FREE), f"{context.command_path}: {parameter.name}"


@pytest.mark.usefixtures("specs")
def test_commands_and_their_options_are_offered(ask: Ask) -> None:
    assert ask("pl") == ["plan"]
    assert ask("plan", "--allow-b") == ["--allow-breaking"]
    assert ask("github", "dr") == ["drift-issue"]
    assert ask("restore", "--kind", "") == ["ConnectionSpec", "FlowSpec"]


@pytest.mark.usefixtures("specs")
def test_keys_are_those_written_or_those_of_the_file_names(ask: Ask) -> None:
    assert ask("plan", "") == ["crm", "mail-members", "shop", "storage"]
    assert ask("try", "") == ["crm", "mail-members", "shop"]
    assert ask("plan", "--allow-create", "m") == ["mail-members"]


@pytest.mark.usefixtures("specs")
def test_a_key_that_is_given_is_not_offered_again(ask: Ask) -> None:
    assert ask("drift", "crm", "") == ["mail-members", "shop", "storage"]


@pytest.mark.usefixtures("specs")
def test_targets_are_those_of_the_settings(ask: Ask) -> None:
    assert ask("--target", "") == ask("plan", "--target", "") == ["local", "stage"]
    assert ask("plan", "--target=s") == ["--target=stage"]


def test_keys_and_targets_are_those_of_the_folder_that_is_named(ask: Ask, specs: Path) -> None:
    specs.rename(specs.with_name("elsewhere"))
    assert ask("plan", "") == []
    assert ask("plan", "--specs", "elsewhere", "c") == ask("--specs", "elsewhere", "plan", "c") == ["crm"]
    assert ask("--specs=elsewhere", "--target", "") == ["local", "stage"]


def test_keys_are_found_from_a_folder_below(ask: Ask, specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(specs / "sources/crm")
    assert ask("plan", "c") == ["crm"]


def test_the_latest_journal_is_first(ask: Ask, specs: Path) -> None:
    folder = specs.parent / ".reconciler/journal"
    folder.mkdir(parents=True)
    for name in ("20260101T000000Z-local.jsonl", "20260102T000000Z-local.jsonl", "notes.txt"):
        (folder / name).touch()
    latest, first = ask("restore", "")
    assert latest == ".reconciler/journal/20260102T000000Z-local.jsonl" > first
    assert ask("restore", "other") == ["file:.jsonl"]


@pytest.mark.usefixtures("specs")
def test_files_and_folders_are_left_to_the_shell(ask: Ask) -> None:
    assert ask("show", "") == ask("apply", "--plan", "") == ["file:.json"]
    assert ask("--specs", "") == ["dir:"]
    assert ask("convert", "x") == ["file:"]
    assert ask("apply", "c") == ["crm", "file:.json"]
    assert ask("validate", "c") == ["crm", "file:"]


@pytest.mark.usefixtures("specs")
def test_codes_are_offered_with_their_titles(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert "example-host" in ask("validate", "--explain", "exa")
    answer({VARIABLE: "fish"}, ("validate", "--explain", "example-h"))
    assert capsys.readouterr().out == "plain\texample-host\tThe host is a real one\n"


@pytest.mark.usefixtures("specs")
def test_a_code_is_offered_once_even_if_several_commands_report_it(ask: Ask) -> None:
    assert ask("explain", "namesak") == ["namesake"]
    assert {"request-method", "same-page", "namesake"} <= set(ask("explain", ""))


def test_auth_names_are_those_of_the_named_sources(ask: Ask, specs: Path) -> None:
    (specs / "sources/crm/connection-spec.yaml").write_text(
        "kind: ConnectionSpec\nspec: {authSpec: [{name: OAuth2}, {name: a b}, {name: 3}, 4]}\n"
    )
    (specs / "sources/shop-connectionSpec.json").write_text('{"authSpec": [{"name": "BasicAuth"}]}')
    (specs / "sources/broken.yaml").write_text("spec: [")
    (specs.parent / "outside.json").write_text('{"authSpec": [{"name": "Outside"}]}')
    (specs / "sources/link-connectionSpec.json").symlink_to(specs.parent / "outside.json")
    assert ask("try", "crm", "--auth", "") == ["OAuth2"]
    assert ask("try", "crm", "shop", "--auth", "B") == ["BasicAuth"]
    assert ask("try", "crm", "--auth=O") == ["--auth=OAuth2"]
    assert ask("try", "--auth", "") == ["BasicAuth", "OAuth2"]


def test_revisions_are_the_branches_and_tags_of_the_repository(ask: Ask, specs: Path) -> None:
    assert ask("diff", "--against", "") == []
    commit = "0" * 40
    git = specs.parent / ".git"
    for name in ("heads/main", "heads/feature/mail", "heads/$(id)", "remotes/origin/HEAD", "remotes/origin/main", "tags/v1.2"):
        (git / "refs" / name).parent.mkdir(parents=True, exist_ok=True)
        (git / "refs" / name).write_text(f"{commit}\n")
    (git / "objects").mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert ask("diff", "--against", "") == ["HEAD", "feature/mail", "main", "origin/main", "v1.2"]
    assert ask("breaking", "--against", "o") == ["origin/main"]


@pytest.mark.usefixtures("specs")
def test_switches_of_the_emulator_end_with_an_equals_sign(ask: Ask) -> None:
    assert ask("emulator", "--set", "pag") == ["page_by_offset=", "pages="]


@pytest.mark.usefixtures("specs")
def test_bash_splits_a_word_at_its_equals_sign_and_keeps_quotes(ask: Ask) -> None:
    assert ask("plan", "--format", "=", of="bash") == ["text", "json", "markdown", "html"]
    assert ask("plan", "--format", "=", "j", of="bash") == ["json"]
    assert ask("plan", "--specs", "'spe'cs", "c", of="bash") == ["crm"]
    assert ask("plan", "'c", of="bash") == ["crm"]


def test_a_name_that_a_shell_would_run_is_not_offered(ask: Ask, specs: Path) -> None:
    for name in ("$(reboot)", "a b", "-rf", "a;b", "`id`", "a\nplain\tevil\t"):
        (specs / "sources" / name).mkdir()
        (specs / "sources" / name / "connection-spec.yaml").touch()
    (specs / "reconciler.yaml").write_text('targets: {"$(id)": {}, "a\\nplain\\tb\\t": {}, good: {}}\n')
    assert ask("plan", "") == ["crm", "mail-members", "shop", "storage"]
    assert ask("--target", "") == ["good"]


@pytest.mark.parametrize("text", ["", "[", "targets: []", "- a", "\0", "targets: {a: " + "[" * 5000])
def test_settings_that_cannot_be_used_offer_nothing(ask: Ask, specs: Path, text: str) -> None:
    (specs / "reconciler.yaml").write_text(text)
    assert ask("--target", "") == []


def test_pipes_links_and_folders_in_the_place_of_files_are_passed_over(ask: Ask, specs: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key: from-outside\n")
    os.mkfifo(specs / "sources/pipe.yaml")
    (specs / "sources/link.yaml").symlink_to(tmp_path / "secret")
    (specs / "sources/loop").symlink_to(specs / "sources")
    (specs / "reconciler.yaml").unlink()
    os.mkfifo(specs / "reconciler.yaml")
    assert "from-outside" not in ask("plan", "")
    assert ask("--target", "") == []


@pytest.mark.usefixtures("specs")
@pytest.mark.parametrize(
    "words", [("nosuch", ""), ("plan", "--target", "a", "--target", "b", ""), ("--", "--", ""), (), ("\udcff",)]
)
def test_words_that_make_no_command_are_answered_without_an_error(ask: Ask, words: tuple[str, ...]) -> None:
    assert set(ask(*words)) <= {*root.list_commands(click.Context(root)), "crm", "mail-members", "shop", "storage"}


def test_an_unknown_shell_gets_no_answer(ask: Ask) -> None:
    assert ask("pl", of="bash_source") == []
