"""What is imported, and when: each answer in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler import __version__
from reconciler.cli import entry, root
from reconciler.cli.__main__ import help_text
from reconciler.cli.commands import github, gitlab

_PROBE = """
import sys
sys.argv = ["reconciler", *{arguments!r}]
from reconciler.cli.entry import main
try:
    main()
except SystemExit as end:
    print("CODE", end.code or 0)
made = [
    f"dataclass:{{name}}.{{attribute}}"
    for name, module in sys.modules.items() if name.startswith("reconciler")
    for attribute, value in vars(module).items()
    if isinstance(value, type) and hasattr(value, "__dataclass_fields__") and value.__module__ == name
]
print("MODULES", *sorted(sys.modules), *made)
"""


def probe(*arguments: str, environ: Mapping[str, str] | None = None) -> tuple[str, set[str]]:
    """What a command prints, and each module, and each dataclass of ours, that is loaded when it ends."""
    code = _PROBE.format(arguments=list(arguments))
    without_width = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**without_width, **(environ or {})}
    )
    output, _, modules = ran.stdout.partition("MODULES")
    return output, set(modules.split())


def test_the_version_is_answered_before_anything_is_imported() -> None:
    output, modules = probe("--version")
    assert output == f"reconciler {__version__}\nCODE 0\n"
    assert not modules & {"httpx", "msgspec", "click", "ruamel", "starlette"}


COMMANDS = [*root.COMMANDS, *(f"github {name}" for name in github.COMMANDS), *(f"gitlab {name}" for name in gitlab.COMMANDS)]
LIBRARIES = {"httpx", "httpcore", "msgspec", "ruamel", "jinja2", "jsonschema_rs", "starlette", "ssl"}
ROOMS = {f"reconciler.{room}" for room in ("planning", "observing", "desired", "flowservice", "sessions", "lint", "reports")}


@pytest.mark.parametrize("arguments", ["--help", "-h"])
def test_help_is_printed_before_anything_is_imported(arguments: str) -> None:
    output, modules = probe(arguments)
    assert output == f"{help_text()}CODE 0\n", "`make helptext` generates reconciler/cli/help.txt from the commands"
    assert not modules & (LIBRARIES | {"click"})


def test_help_fits_a_narrow_terminal() -> None:
    output, modules = probe("--help", environ={"COLUMNS": "60"})
    assert output.startswith("Usage: reconciler")
    assert max(map(len, output.splitlines())) < 60
    assert "click" in modules


@pytest.mark.parametrize("arguments", [*(f"{name} --help" for name in COMMANDS)])
def test_help_imports_nothing_that_takes_long(arguments: str) -> None:
    output, modules = probe(*arguments.split())
    assert output.startswith("Usage: reconciler")
    choices = {"msgspec"} if arguments.startswith("new ") else set()  # comes with the vocabulary that its choices are read from
    assert not modules & (LIBRARIES | ROOMS) - choices


@pytest.mark.parametrize(
    "words", ["reconciler ", "reconciler pl", "reconciler plan --", "reconciler github ", "reconciler gitlab "]
)
def test_shell_completion_imports_nothing_that_takes_long(words: str) -> None:
    output, modules = probe(*words.split(" ")[1:], environ={"_RECONCILER_COMPLETE": "bash"})
    assert "plain\t" in output
    assert not modules & (LIBRARIES | ROOMS)


def test_the_entry_point_exits_with_the_commands_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["reconciler", "show", "gone.json"])
    limit = sys.getrecursionlimit()
    with pytest.raises(SystemExit) as ended:
        entry.main()
    sys.setrecursionlimit(limit)
    assert ended.value.code == 1
    assert "cannot read gone.json" in capsys.readouterr().err


def test_the_entry_point_answers_the_version_itself(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["reconciler", "--version"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert (ended.value.code, capsys.readouterr().out) == (0, f"reconciler {__version__}\n")


def closed(redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, with a stream closed."""
    script = f'"$@" {redirection}'
    command = ["sh", "-c", script, "sh", sys.executable, "-c", "from reconciler.cli.entry import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own code


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["plan"], ["plan", "--format", "json"]])
def test_a_closed_standard_output_is_named_before_anything_is_done(arguments: list[str]) -> None:
    ran = closed(">&-", *arguments)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "error: standard output is closed\nhint: redirect it; >/dev/null discards it\n"


@pytest.mark.parametrize("redirection", ["2>&-", "<&-", "<&- 2>&-"])
def test_other_closed_streams_stop_nothing(redirection: str) -> None:
    ran = closed(redirection, "--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Usage: reconciler")


WRITING = {"reconciler.applying.engine", "reconciler.authoring", "reconciler.revisions", "reconciler.observing.restore", "jinja2"}
JUDGING = {"reconciler.lint", "reconciler.texts.yaml_nodes", "reconciler.breaking.effects", "jsonschema_rs"}
PROVING = {"reconciler.proofs.proof", "reconciler.proofs.kept.proved"}
MOST_DATACLASSES = 40
OTHER_FORMS = {"reconciler.reports.plan.html", "reconciler.reports.plan.markdown", "reconciler.reports.apply.view"}


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A specs folder with one spec and an embedded service."""
    specs = tmp_path / "specs"
    (specs / "sources/acme").mkdir(parents=True)
    (specs / "reconciler.yaml").write_text(
        "version: 1\nrepository: acme/aep-sources\ndefault_target: local\ntargets: {local: {emulator: .reconciler/local.db}}\n"
    )
    body = "{name: Acme, providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a, description: Old}"
    (specs / "sources/acme/connection-spec.yaml").write_text(f"kind: ConnectionSpec\nkey: acme\nspec: {body}\n")
    return specs


@pytest.mark.parametrize("target", [(), ("--target", "local", "--target", "other")], ids=["one", "two"])
def test_a_plan_imports_what_it_reads_and_shows(specs: Path, target: tuple[str, ...]) -> None:
    settings = specs / "reconciler.yaml"
    settings.write_text(settings.read_text().replace("}}", "}, other: {emulator: .reconciler/local.db}}"))
    probe("--specs", str(specs), "apply", "--yes")
    output, modules = probe("--specs", str(specs), *target, "plan")
    assert "CODE 0" in output
    assert not modules & (WRITING | JUDGING | OTHER_FORMS | PROVING)


def test_a_plan_loads_few_dataclasses(specs: Path) -> None:
    """Each takes half a millisecond to make: far longer than a Struct, and longer than most files take to be read."""
    probe("--specs", str(specs), "apply", "--yes")
    _, loaded = probe("--specs", str(specs), "plan")
    made = [name for name in loaded if name.startswith(tuple(f"dataclass:{room}." for room in ROOMS))]
    assert 0 < len(made) < MOST_DATACLASSES


def test_a_plan_with_changes_imports_the_rules_too(specs: Path) -> None:
    probe("--specs", str(specs), "apply", "--yes")
    file = specs / "sources/acme/connection-spec.yaml"
    file.write_text(file.read_text().replace("Old", "New"))
    output, modules = probe("--specs", str(specs), "plan", "--detailed-exitcode")
    assert "CODE 2" in output
    assert not modules & (WRITING | OTHER_FORMS)
    assert modules >= {"reconciler.lint", "reconciler.breaking.effects"}


def test_validate_imports_nothing_of_the_network_or_of_plans(specs: Path) -> None:
    output, modules = probe("--specs", str(specs), "validate")
    assert "CODE 0" in output
    network = {"httpx", "httpcore", "ssl", "reconciler.http", "reconciler.flowservice.client"}
    assert not modules & (
        network | WRITING | OTHER_FORMS | {"reconciler.planning.plan", "reconciler.observing", "reconciler.breaking"}
    )
