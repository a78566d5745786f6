"""Which specs folder a command works on when nobody names one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.options.specs_folder import find_specs, seen_from
from reconciler.cli.shell import Shell
from reconciler.settings.loading import MINIMAL
from tests.cli.fakes import CommandLine


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    sources = tmp_path / "specs" / "sources" / "a"
    sources.mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "specs" / "reconciler.yaml").write_text(MINIMAL)
    return tmp_path


@pytest.mark.parametrize(
    ("here", "found"),
    [
        (".", "specs"),
        ("specs", "../specs"),
        ("specs/sources", "../../specs"),
        ("specs/sources/a", "../../../specs"),
        ("docs", "../specs"),
    ],
)
def test_it_is_found_from_each_folder_of_the_repository(repository: Path, here: str, found: str) -> None:
    assert find_specs(repository / here) == Path(found)


@pytest.mark.parametrize("here", ["specs", "specs/sources", "docs"])
def test_one_without_settings_is_found_too(repository: Path, here: str) -> None:
    (repository / "specs" / "reconciler.yaml").unlink()
    assert (repository / here / find_specs(repository / here)).resolve() == repository / "specs"


def test_above_the_repository_nothing_is_looked_for(repository: Path) -> None:
    inner = repository / "docs" / "other"
    (inner / ".git").mkdir(parents=True)
    assert find_specs(inner) == Path("specs")


def test_a_folder_that_is_here_is_seen_by_its_name(repository: Path) -> None:
    assert seen_from(repository / "specs", Path()) == Path("../specs")


@pytest.mark.parametrize("words", [[], ["--specs", "."]])
def test_a_new_source_from_inside_the_folder_makes_no_folder_in_it(
    repository: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(repository / "specs")
    assert run([*words, "new", "orders"], Shell({}, open_sessions)) == 0
    assert (repository / "specs/sources/orders/connection-spec.yaml").is_file()
    assert not (repository / "specs/specs").exists()
    assert run([*words, "plan"], Shell({}, open_sessions)) in (0, 3)
    assert (repository / ".reconciler").is_dir()
    assert not (repository / "specs/.reconciler").exists()


def test_where_there_is_none_it_says_where_it_looked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    code = run(["plan"], Shell({}, open_sessions))
    assert (code, "here or in a folder above" in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--target", "a", "--target", "b", "doctor"],
            "doctor works on one target, not on --target a and --target b\nhint: choose one with --target NAME\n",
        ),
        (["doctor", "--target", "a", "--target", "b"], "doctor works on one target, not on --target a and --target b"),
        (["--target", "a", "doctor", "--target", "b"], "doctor works on one target, not on --target a and --target b"),
        (["--specs", "a", "plan", "--specs", "b"], "--specs was given twice: a and b"),
        (["apply", "--expect", "1", "--expect", "2"], "--expect was given 2 times; it accepts one value"),
        (["plan", "--format", "json", "--format", "text"], "--format was given 2 times; it accepts one value"),
        (["github", "gate", "--target=a", "--target=b"], "gate works on one target, not on --target a and --target b"),
    ],
)
def test_an_option_for_one_value_that_is_given_twice_is_an_error(reconciler: CommandLine, words: list[str], said: str) -> None:
    ran = reconciler(*words)
    assert (ran.code, said in ran.err) == (1, True), ran.err


def test_options_for_many_values_and_flags_may_be_repeated(
    reconciler: CommandLine, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    assert reconciler("-v", "targets", "-v", "--emulators", "--emulators", "--target", "local").code == 0
    assert "given" not in reconciler("plan", "--allow-create", "a", "--allow-create", "b").err


def test_above_the_home_folder_nothing_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "reconciler.yaml").write_text(MINIMAL)
    inner = tmp_path / "home" / "work"
    inner.mkdir(parents=True)
    assert find_specs(inner, str(tmp_path / "home")) == Path("specs")
    assert find_specs(inner, str(tmp_path / "elsewhere")) == Path("../../specs")


@pytest.mark.parametrize(("words", "listed"), [([], "other"), (["--specs", "specs"], "local")])
def test_the_environment_names_the_folder_unless_the_command_line_does(
    repository: Path, reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch, words: list[str], listed: str
) -> None:
    (repository / "data").mkdir()
    (repository / "data" / "reconciler.yaml").write_text(
        MINIMAL.replace("local:", "other:").replace("target: local", "target: other")
    )
    monkeypatch.chdir(repository)
    ran = reconciler(*words, "targets", "--emulators", "--format", "names", environ={"RECONCILER_SPECS": "data"})
    assert ran.out == f"{listed}\n"


def test_from_inside_the_folder_the_environment_may_name_it_by_a_dot(
    repository: Path, reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "specs")
    ran = reconciler("targets", "--emulators", "--format", "names", environ={"RECONCILER_SPECS": "."})
    assert ran.out == "local\n"
