"""`make hooks`: the hook of this checkout in a scratch repository, with pre-commit and prek, as a team has it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
LEFT_OUT: Final = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", ".reconciler", "__pycache__", ".*_cache", "build", "dist", "site"
)
SETTINGS: Final = "version: 1\nrepository: acme/s\ntargets: {local: {emulator: a.db}}\n"
SPEC: Final = """\
kind: ConnectionSpec
spec:
  name: Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  sourceSpec: {attributes: {urlParams: {host: "https://acme.example", path: /orders, method: GET}}}
"""
PLACE: Final = "specs/sources/orders/connection-spec.yaml"


def main(folder: Path) -> None:
    """Try both programs in this folder. Raises AssertionError, with what was printed."""
    hooks, rev = _hook_repository(folder / "hooks")
    for program in ("pre-commit", "prek"):
        print(f"{program}:", flush=True)  # noqa: T201
        _try(program, folder / program, hooks, rev)


def _try(program: str, team: Path, hooks: Path, rev: str) -> None:
    environ = {"PRE_COMMIT_HOME": str(team.with_name("cache")), "PREK_HOME": str(team.with_name("prek-cache"))}
    _write(team, "specs/reconciler.yaml", SETTINGS)
    _write(team, PLACE, SPEC)
    config = f"repos:\n  - repo: {hooks}\n    rev: {rev}\n    hooks:\n      - id: reconciler-validate\n"
    _write(team, ".pre-commit-config.yaml", config)
    _git(team, "init", "-q")
    _run(team, environ, str(Path(sys.executable).with_name(program)), "install")

    _said("a valid file is committed", _commit(team, environ), 0, "Passed")
    _write(team, "README.md", "Sources.\n")
    _said("no file of the specs folder: nothing is checked", _commit(team, environ), 0, "Skipped")
    _write(team, PLACE, SPEC.replace("method: GET", "method: get"))
    _said("an error refuses the commit, and is shown", _commit(team, environ), 1, "[request-method]")
    _write(team, PLACE, SPEC)
    _write(team, "specs/reconciler.yaml", SETTINGS.replace("version: 1", "version: 2"))
    _said("the settings are checked, too", _commit(team, environ), 1, "the only supported version is 1")
    _write(team, "specs/reconciler.yaml", SETTINGS)
    (team / "specs").rename(team / "aep-specs")
    elsewhere = "        files: ^aep-specs/\n        args: [--specs, aep-specs]\n"
    _write(team, ".pre-commit-config.yaml", config + elsewhere)
    _said("another folder is named by files and args", _commit(team, environ), 0, "Passed")


def _hook_repository(folder: Path) -> tuple[Path, str]:
    """A repository with the files of this checkout, committed or not, and its commit."""
    shutil.copytree(PROJECT, folder, ignore=LEFT_OUT)
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "hooks")
    return folder, _git(folder, "rev-parse", "HEAD").stdout.strip()


def _commit(team: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    _git(team, "add", "-A")
    return _git(team, "commit", "-m", "change", **environ)


def _said(what: str, ran: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    printed = ran.stdout + ran.stderr
    assert (ran.returncode, words in printed) == (code, True), f"{what}: exit {ran.returncode}\n{printed}"
    print(f"  {what}", flush=True)  # noqa: T201


def _write(team: Path, path: str, text: str) -> None:
    (team / path).parent.mkdir(parents=True, exist_ok=True)
    (team / path).write_text(text)


def _git(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return _run(folder, environ, "git", "-c", "user.name=Team", "-c", "user.email=team@acme.example", *words)


def _run(folder: Path, environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    around = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "RECONCILER_"))}
    return subprocess.run(  # noqa: S603
        words, cwd=folder, env=around | environ, capture_output=True, text=True, check=words[-1] != "change"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(scratch))
