from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from reconciler.wording.installed import EXTRAS, NAME, Copy, Installer, Origin, command_for, install_command, origin_of, this_copy

ROOT = Path(__file__).parents[2]
INDEX = Origin()
WHEEL = Origin("file:///dist/aep_spec_reconciler-0.1.0-py3-none-any.whl")
CHECKOUT = Origin("./reconciler", is_editable=True)
WANTED_WHEEL = f"'{NAME}[emulator] @ {WHEEL.url}'"


@pytest.mark.parametrize(
    ("installer", "origin", "command"),
    [
        ("pip", INDEX, "venv/bin/python -m pip install 'aep-spec-reconciler[emulator]'"),
        ("pip", WHEEL, f"venv/bin/python -m pip install {WANTED_WHEEL}"),
        ("pip", CHECKOUT, "venv/bin/python -m pip install -e './reconciler[emulator]'"),
        ("pip", None, "venv/bin/python -m pip install 'starlette>=1.0' 'uvicorn>=0.40'"),
        ("uv pip", INDEX, "uv pip install --python venv/bin/python 'aep-spec-reconciler[emulator]'"),
        ("uv pip", CHECKOUT, "uv pip install --python venv/bin/python -e './reconciler[emulator]'"),
        ("uv pip", None, "uv pip install --python venv/bin/python 'starlette>=1.0' 'uvicorn>=0.40'"),
        ("uv tool", INDEX, "uv tool install 'aep-spec-reconciler[emulator]'"),
        ("uv tool", WHEEL, f"uv tool install {WANTED_WHEEL}"),
        ("uv tool", CHECKOUT, "uv tool install -e './reconciler[emulator]'"),
        ("uv tool", None, "uv pip install --python venv/bin/python 'starlette>=1.0' 'uvicorn>=0.40'"),
        ("uvx", INDEX, "uvx --from 'aep-spec-reconciler[emulator]' reconciler …"),
        ("uvx", WHEEL, f"uvx --from {WANTED_WHEEL} reconciler …"),
        ("pipx", INDEX, "pipx install --force 'aep-spec-reconciler[emulator]'"),
        ("pipx", WHEEL, f"pipx install --force {WANTED_WHEEL}"),
        ("pipx", None, "pipx inject aep-spec-reconciler 'starlette>=1.0' 'uvicorn>=0.40'"),
    ],
)
def test_an_extra_is_added_the_way_this_copy_was_installed(installer: Installer, origin: Origin | None, command: str) -> None:
    assert command_for(Copy(installer, "venv/bin/python", origin), "emulator") == command


def test_on_windows_the_words_have_double_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.wording.installed.os.name", "nt")
    command = command_for(Copy("pip", r"venv\Scripts\python.exe", None), "emulator")
    assert command == r'venv\Scripts\python.exe -m pip install "starlette>=1.0" "uvicorn>=0.40"'


def test_the_packages_of_each_extra_are_those_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {name: list(packages) for name, packages in EXTRAS.items()} == project["optional-dependencies"]
    assert project["name"] == NAME


def test_a_commit_is_installed_again_from_the_same_commit() -> None:
    recorded = {"url": "https://git.example/reconciler", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}
    assert origin_of(json.dumps(recorded)) == Origin("git+https://git.example/reconciler@c0ffee")


def test_a_wheel_is_installed_again_while_it_exists(tmp_path: Path) -> None:
    wheel = tmp_path / "a b.whl"
    wheel.touch()
    recorded = json.dumps({"url": wheel.as_uri(), "archive_info": {}})
    assert origin_of(recorded) == Origin(wheel.as_uri())
    wheel.unlink()
    assert origin_of(recorded) is None


def test_a_folder_below_the_working_folder_is_named_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tool").mkdir()
    recorded = json.dumps({"url": (tmp_path / "tool").as_uri(), "dir_info": {"editable": True}})
    assert origin_of(recorded) == Origin(str(tmp_path / "tool"), is_editable=True)
    monkeypatch.chdir(tmp_path)
    assert origin_of(recorded) == Origin(os.path.join(".", "tool"), is_editable=True)  # noqa: PTH118 - pathlib drops "./"
    monkeypatch.chdir(tmp_path / "tool")
    assert origin_of(recorded) == Origin(".", is_editable=True)


def test_a_url_with_a_password_is_not_shown() -> None:
    assert origin_of('{"url": "https://jane:hunter2@git.example/reconciler.whl", "archive_info": {}}') is None


@pytest.mark.parametrize(
    "recorded",
    [
        "",
        "{",
        "[]",
        "null",
        '{"url": 1}',
        '{"url": "file:///\\u0000"}',
        '{"url": "https://x", "vcs_info": {"vcs": "git"}}',
        "[" * 99_999,
    ],
)
def test_a_record_that_cannot_be_read_leaves_the_origin_unknown(recorded: str) -> None:
    assert origin_of(recorded) is None


@pytest.mark.parametrize(
    ("file", "installer"), [("uv-receipt.toml", "uv tool"), ("pipx_metadata.json", "pipx"), ("pyvenv.cfg", "pip")]
)
def test_the_installer_is_known_by_the_file_that_it_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, installer: str
) -> None:
    (tmp_path / file).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr("reconciler.wording.installed.util.find_spec", lambda _: object())
    assert this_copy().installer == installer


def test_an_environment_without_pip_is_one_of_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.wording.installed.util.find_spec", lambda _: None)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert this_copy().installer == "uv pip"
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "archive-v0" / "Xy7"))
    assert this_copy().installer == "uvx"


def test_a_copy_that_was_never_installed_has_no_origin(tmp_path: Path) -> None:
    (tmp_path / "reconciler").symlink_to(ROOT / "reconciler")
    said = "from reconciler.wording.installed import this_copy; print(this_copy().origin)"
    found = subprocess.run([sys.executable, "-S", "-c", said], cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout == "None\n"


def test_this_checkout_is_installed_again_from_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert install_command("emulator").endswith(" -m pip install -e '.[emulator]'")
