"""`new` and `schema`: files to start from."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.disk import write_whole
from reconciler.schemas.published import FOLDER, SCHEMAS, file_name, schema_text
from tests.cli.fakes import Ran, Terminal
from tests.sessions.test_service import SETTINGS, Run

KEY = "acme-orders"


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "specs"
    folder.mkdir()
    (folder / "reconciler.yaml").write_text(SETTINGS)
    return folder


@pytest.fixture
def reconciler(specs: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> Ran:
        code = run(list(arguments), Shell({}, open_sessions))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    assert specs.is_dir()
    return ran


def files_in(specs: Path) -> list[str]:
    return sorted(file.relative_to(specs).as_posix() for file in specs.rglob("*") if file.is_file())


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> Terminal:
    """A terminal on which these lines are typed."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{answer}\n" for answer in answers)))
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def test_a_new_source_is_written_with_its_artifacts_and_the_schemas(specs: Path, reconciler: Run) -> None:
    ran = reconciler("new", KEY)
    folder = f"sources/{KEY}"
    beside = [f"{folder}/{KEY}-{name}" for name in ("category.txt", "description.txt", "icon.svg", "label.txt")]
    schemas = [f"{FOLDER}/{file_name(schema)}" for schema in SCHEMAS]
    assert ran.code == 0
    assert files_in(specs) == sorted(
        [
            *schemas,
            *beside,
            f"{folder}/README.md",
            f"{folder}/connection-spec.yaml",
            f"proofs/{KEY}/proof.yaml",
            "reconciler.yaml",
        ]
    )
    assert ran.out.startswith(f"wrote specs/{folder}/connection-spec.yaml\n")
    assert ran.out.endswith(f"then run `reconciler validate`, `reconciler try {KEY}` and `reconciler plan {KEY}`\n")
    assert f"fill in specs/proofs/{KEY}/proof.yaml" in ran.out


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--auth", "basic", "--auth", "oauth2-refresh-code", "--host", "https://${t}.acme.example/", "--path", "/v1/${list}"),
        ("--auth", "key-based", "--host", "https://${t}.acme.example"),
        ("--pagination", "offset", "--schedule", "on"),
        ("--pagination", "page", "--category", "crm"),
        ("--pagination", "pointer"),
        ("--pagination", "continuation-token"),
        ("--template", "streaming"),
        ("--template", "streaming", "--category", "analytics"),
    ],
)
def test_validate_finds_nothing_in_a_new_source(reconciler: Run, options: tuple[str, ...]) -> None:
    host = () if "--host" in options or "streaming" in options else ("--host", "https://api.acme.example")
    assert reconciler("new", KEY, *host, *options).code == 0
    assert reconciler("validate").out == "no problems\n"


@pytest.mark.parametrize(("template", "flow_spec"), [("batch", "RestStorageToAEP"), ("streaming", "GenericStreamingAEP")])
def test_a_new_source_is_one_create_and_applies(reconciler: Run, template: str, flow_spec: str) -> None:
    host = ("--host", "https://api.acme.example") if template == "batch" else ()
    assert reconciler("new", KEY, "--template", template, *host).code == 0
    planned = reconciler("plan", "--format", "json").json
    assert [(action["action"], action["key"] or action["name"]) for action in planned["actions"]] == [
        ("create", KEY),
        ("attach", flow_spec),
    ]
    assert reconciler("apply", "--yes").code == 0
    assert reconciler("plan", "--detailed-exitcode").code == 0


def test_a_new_source_that_still_has_the_host_for_examples_is_not_created(reconciler: Run) -> None:
    assert reconciler("new", KEY).code == 0
    (problem,) = reconciler("validate", "--format", "json").json["problems"]
    refused = reconciler("apply", "--yes")
    assert (problem["code"], problem["hint"]) == ("example-host", "write the host of your source")
    assert (refused.code, "[example-host]" in refused.err) == (3, True)


def test_texts_stay_what_they_are(specs: Path, reconciler: Run) -> None:
    name = '--- "a": {b} # c ::error::d'
    assert reconciler("new", KEY, "--name", name).code == 0
    assert (specs / f"sources/{KEY}/{KEY}-label.txt").read_text() == f"{name}\n"
    assert reconciler("plan", "--format", "json").json["actions"][0]["name"] == name


def test_nothing_is_overwritten(specs: Path, reconciler: Run) -> None:
    icon = specs / f"sources/{KEY}/{KEY}-icon.svg"
    icon.parent.mkdir(parents=True)
    icon.write_text("ours")
    ran = reconciler("new", KEY)
    assert ran.code == 1
    assert ran.err.startswith(f"error: nothing was written: specs/sources/{KEY}/{KEY}-icon.svg already exists\n")
    assert files_in(specs) == ["reconciler.yaml", f"sources/{KEY}/{KEY}-icon.svg"]


def test_the_key_of_another_file_is_taken(specs: Path, reconciler: Run) -> None:
    assert reconciler("new", KEY).code == 0
    (specs / "sources" / KEY).rename(specs / "sources/elsewhere")
    ran = reconciler("new", KEY)
    assert (ran.code, ran.out) == (1, "")
    assert "is the key of specs/sources/elsewhere/connection-spec.yaml" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a b",), "'a b' is not a valid key"),
        ((KEY, "--host", "http://acme.example"), "does not start with https://"),
        ((KEY, "--host", "https://"), "--host: "),
        ((KEY, "--path", "v1"), "does not start with one slash"),
        ((KEY, "--path", "/${}"), "`${}` has no name"),
        ((KEY, "--name", " "), "--name is empty"),
        ((KEY, "--name", "a\tb"), "--name has U+0009 (tab) at character 2"),
        ((KEY, "--description", "a\nb"), "--description has U+000A (line feed) at character 2"),
        ((KEY, "--name", "A" * 300), "--name has 300 characters"),
        ((KEY, "--name", "Acme  Orders"), "two spaces in a row"),
        ((KEY, "--name", "\u0410cme"), "U+0410"),
        ((KEY, "--host", "https://user:pass@acme.example"), "a user or a password"),
        ((KEY, "--host", "https://acme.example?a=b"), "is not a valid host"),
        ((KEY, "--host", "https://acme .example"), "is not a valid host"),
        ((KEY, "--host", "https://${a b}.example"), "'a b' is not a valid parameter name"),
        ((KEY, "--host", "https://${password}.example"), "${password} is a secret"),
        ((KEY, "--path", "/a/${accessToken}"), "${accessToken} is a secret"),
        ((KEY, "--path", "/a b"), "' ' is not valid in an address"),
        ((KEY, "--path", "/a/{b}"), "{b} would be sent unchanged"),
        ((KEY, "--path", "/a?q={SCHEDULE_QUERY}", "--schedule", "on"), "a schedule of type ADVANCE"),
        ((KEY, "--path", "/a?api_key=0123456789abcdef"), "[literal-secret]"),
        ((KEY, "--name", "\udcff"), "--name is not valid UTF-8"),
        ((KEY, "--template", "streaming", "--pagination", "page"), "--pagination is for batch sources"),
        ((KEY, "--template", "streaming", "--auth", "basic"), "--auth is for batch sources"),
        ((KEY, "--template", "streaming", "--host", ""), "--host is for batch sources"),
        ((KEY, "--specs", "no where"), "folder not found: no where\nhint: run `reconciler --specs 'no where' init`, or pass"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(
    specs: Path, reconciler: Run, arguments: tuple[str, ...], message: str
) -> None:
    ran = reconciler("new", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert message in ran.err
    assert files_in(specs) == ["reconciler.yaml"]


def test_a_folder_that_cannot_be_written_is_told(specs: Path, reconciler: Run) -> None:
    (specs / "sources").write_text("")
    ran = reconciler("new", KEY)
    assert ran.code == 1
    assert f"cannot write specs/sources/{KEY}/connection-spec.yaml: " in ran.err
    assert "no file was written" in ran.err


def test_where_one_file_cannot_be_written_none_is_left(specs: Path, reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes, **how: Any) -> None:
        if path.name.endswith("-icon.svg"):
            raise OSError(errno.ENOSPC, "No space left on device")
        write_whole(path, data, **how)

    monkeypatch.setattr("reconciler.cli.files.write_whole", full)
    ran = reconciler("new", KEY)
    assert (ran.code, f"cannot write specs/sources/{KEY}/{KEY}-icon.svg: " in ran.err) == (1, True)
    assert files_in(specs) == ["reconciler.yaml"]


@pytest.mark.parametrize("link", ["sources", f"sources/{KEY}"])
def test_nothing_is_written_behind_a_link(specs: Path, reconciler: Run, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (specs / link).parent.mkdir(exist_ok=True)
    (specs / link).symlink_to(outside)
    ran = reconciler("new", KEY)
    assert (ran.code, f"specs/{link} is a symbolic link" in ran.err, "hint: " in ran.err) == (1, True, True)
    assert list(outside.iterdir()) == []


def test_nothing_is_written_behind_a_link_to_itself(specs: Path, reconciler: Run) -> None:
    (specs / "sources").mkdir()
    (specs / "sources" / KEY).symlink_to(KEY)
    ran = reconciler("new", KEY)
    assert (ran.code, f"specs/sources/{KEY} is a symbolic link" in ran.err, "hint: " in ran.err) == (1, True, True)


def test_nothing_is_written_behind_a_link_for_proofs(specs: Path, tmp_path: Path, reconciler: Run) -> None:
    (tmp_path / "elsewhere").mkdir()
    (specs / "proofs").symlink_to(tmp_path / "elsewhere")
    ran = reconciler("new", KEY)
    assert (ran.code, "specs/proofs is a symbolic link" in ran.err) == (1, True)
    assert files_in(specs) == ["reconciler.yaml"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_first_proof_of_an_existing_spec_is_written(specs: Path, reconciler: Run) -> None:
    assert reconciler("new", KEY).code == 0
    proof = specs / "proofs" / KEY / "proof.yaml"
    first = proof.read_text()
    proof.unlink()
    ran = reconciler("new", KEY, "--proof")
    assert (ran.code, ran.out) == (
        0,
        f"wrote specs/proofs/{KEY}/proof.yaml\nnext: fill it in, then run `reconciler try {KEY}`\n",
    )
    assert proof.read_text() == first
    again = reconciler("new", KEY, "--proof")
    assert (again.code, f"specs/proofs/{KEY}/proof.yaml already exists" in again.err) == (1, True)
    assert proof.read_text() == first


def test_the_first_proof_of_a_renamed_spec_is_in_the_folder_that_it_has(specs: Path, reconciler: Run) -> None:
    assert reconciler("new", KEY).code == 0
    file = specs / "sources" / KEY / "connection-spec.yaml"
    file.write_text(file.read_text().replace(f"key: {KEY}", "key: renamed\nformerly: [acme-orders]"))
    (specs / "proofs" / KEY / "proof.yaml").rename(specs / "proofs" / KEY / "provider.yaml")
    assert reconciler("new", "renamed", "--proof").out.startswith(f"wrote specs/proofs/{KEY}/proof.yaml\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "acme-order", "--proof"), "did you mean 'acme-orders'?"),
        (("new", KEY, "--proof", "--auth", "basic"), "leave out --auth"),
        (("new", KEY, "--proof", "--name", "x"), "leave out --name"),
    ],
)
def test_a_first_proof_is_for_a_spec_that_there_is(specs: Path, reconciler: Run, arguments: tuple[str, ...], said: str) -> None:
    assert reconciler("new", KEY).code == 0
    before = files_in(specs)
    ran = reconciler(*arguments)
    assert (ran.code, said in ran.err, files_in(specs)) == (1, True, before)


@pytest.mark.usefixtures("specs")
def test_a_streaming_source_is_not_tried(reconciler: Run) -> None:
    ran = reconciler("new", KEY, "--template", "streaming")
    assert ran.out.endswith(f"connection-spec.yaml, then run `reconciler validate` and `reconciler plan {KEY}`\n")


def test_a_second_spec_of_one_name_is_refused(specs: Path, reconciler: Run) -> None:
    assert reconciler("new", KEY).code == 0
    before = files_in(specs)
    ran = reconciler("new", "acme.orders")
    assert (ran.code, ran.out) == (1, "")
    assert f"--name: 'Acme Orders' is already the name of specs/sources/{KEY}/connection-spec.yaml" in ran.err
    assert files_in(specs) == before


def test_the_next_commands_are_about_the_folder_that_was_written_to(tmp_path: Path, reconciler: Run) -> None:
    (tmp_path / "my specs").mkdir()
    ran = reconciler("--specs", "my specs", "new", KEY)
    assert ran.out.endswith(f"`reconciler --specs 'my specs' try {KEY}` and `reconciler --specs 'my specs' plan {KEY}`\n")


def test_on_a_terminal_what_is_left_out_is_asked_for(specs: Path, reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ("batch", "Orders!", "", "payments", "all", "https://api.acme.example", "/orders", "page", "on")
    screen = typed(monkeypatch, *answers)
    assert reconciler("new", KEY).code == 0
    text = (specs / f"sources/{KEY}/connection-spec.yaml").read_text()
    for written in (
        "name: Orders!",
        "description: Records of Orders!",
        "{key: payments}",
        "host: https://api.acme.example",
        "type: PAGE",
    ):
        assert written in text
    assert "scheduleParams:" in text
    assert "Template (batch, streaming) [batch]: " in screen.getvalue()


def test_an_answer_that_will_not_do_is_asked_for_again(specs: Path, reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = ("http://acme.example", "https://u:p@acme.example", "https://${tenant}.acme.example/")
    screen = typed(monkeypatch, "", " ", " Orders ", "", "", "", *hosts, "/{id}", "/${id}", "", "")
    assert reconciler("new", KEY).code == 0
    text = (specs / f"sources/{KEY}/connection-spec.yaml").read_text()
    assert ("name: Orders\n" in text, "host: https://${tenant}.acme.example\n" in text, "path: /${id}\n" in text) == (True,) * 3
    assert "credentials are sent to it" in screen.getvalue()
    assert screen.getvalue().count("Host (") == 3


def test_a_name_that_is_taken_is_asked_for_again_at_once(reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reconciler("new", KEY, "--template", "streaming").code == 0
    screen = typed(monkeypatch, "Acme Orders", "Acme Clicks", "")
    assert reconciler("new", "acme-clicks", "--template", "streaming").code == 0
    assert screen.getvalue().count("Name [Acme Clicks]: ") == 2
    assert "--name: 'Acme Orders' is already the name of" in screen.getvalue()


def test_what_is_given_is_not_asked_for(reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = typed(monkeypatch, "", "")
    assert reconciler("new", KEY, "--template", "streaming", "--name", "Orders").code == 0
    assert screen.getvalue() == "Description [Records of Orders]: "


def test_an_answer_that_is_none_of_the_choices_is_asked_for_again(reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = typed(monkeypatch, "stream", "streaming", "", "")
    assert reconciler("new", KEY).code == 0
    assert screen.getvalue().count("Template (batch, streaming)") == 2
    assert "\x1b[31merror\x1b[0m: 'stream' is not one of the choices\nhint: did you mean 'streaming'?\n" in screen.getvalue()


def test_questions_that_end_unanswered_write_nothing(specs: Path, reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = typed(monkeypatch, "batch")
    assert reconciler("new", KEY).code == 1
    assert "[Acme Orders]: \n\x1b[31merror\x1b[0m: nothing was written: the prompts were not answered\n" in screen.getvalue()
    assert files_in(specs) == ["reconciler.yaml"]


def test_a_schema_that_is_there_is_left_to_the_command_that_renews_it(specs: Path, reconciler: Run) -> None:
    (specs / FOLDER).mkdir()
    file = specs / FOLDER / file_name("settings")
    file.write_text("{}")
    assert reconciler("new", KEY).code == 0
    assert file.read_text() == "{}"
    assert reconciler("schema", "settings", "--write").out == f"wrote specs/{FOLDER}/settings.schema.json\n"
    assert file.read_text() == schema_text("settings")


def test_the_schemas_are_listed_with_their_files(reconciler: Run) -> None:
    assert "  settings         reconciler.yaml\n" in reconciler("schema").out


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_is_printed(reconciler: Run, schema: str) -> None:
    assert reconciler("schema", schema).out == schema_text(schema)


def test_all_schemas_are_written(specs: Path, reconciler: Run) -> None:
    assert reconciler("schema", "--write").code == 0
    assert {file.name for file in (specs / FOLDER).iterdir()} == {file_name(schema) for schema in SCHEMAS}


def test_schemas_are_written_to_a_specs_folder_and_nowhere_else(reconciler: Run) -> None:
    ran = reconciler("schema", "--write", "--specs", "nowhere")
    assert (ran.code, ran.err.splitlines()) == (
        1,
        [
            "error: folder not found: nowhere",
            "hint: run `reconciler --specs nowhere init`, or pass the specs folder with --specs",
        ],
    )


def test_a_file_in_the_place_of_the_folder_for_schemas_is_told(specs: Path, reconciler: Run) -> None:
    (specs / FOLDER).write_text("")
    assert "cannot create specs/.schemas" in reconciler("schema", "--write").err
