"""One seed: a git repository with spec files and settings, what is live in each sandbox, and the commands to run there."""

from __future__ import annotations

import json
import os
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.identity.files import File, Files
from tests.identity.live import Sandbox, draw_sandbox

REPOSITORY: Final = "acme/identity"
ORG: Final = "IDENTITY@AdobeOrg"
NOW: Final = 1_700_100_000
"""The time at which all commands run, in seconds since the epoch; commits are an hour and two days before."""
_COMMITTED: Final = (NOW - 2 * 86_400, NOW - 3_600)
_FLEET: Final = ("emea", "apac", "latam")
_GIT: Final = {
    **{f"GIT_{who}_{what}": "anna@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True, slots=True)
class World:
    """A repository in a folder, with its live state by sandbox, and the arguments of each command."""

    seed: int
    folder: Path
    targets: tuple[str, ...]
    sandboxes: dict[str, Sandbox]
    commands: tuple[tuple[str, ...], ...]
    first: str = ""
    """The first commit."""


def draw_world(seed: int, folder: Path) -> World:
    """The world of a seed, with its files written. The same seed gives the same bytes, wherever it is."""
    rng = random.Random(seed)  # noqa: S311 - the same worlds in every run are what is wanted
    is_fleet = rng.random() < 0.35
    settings = _settings(rng, is_fleet=is_fleet)
    targets = _targets(settings)
    files = Files(rng, tuple(targets), has_layers=is_fleet)
    _write(folder, files.drawn(), settings)
    _git(folder, "init", "--quiet", "--template=", "--initial-branch=main")
    first = _commit(folder, 0)
    live = {sandbox: draw_sandbox(rng, folder, name, sandbox, first) for name, sandbox in targets.items()}
    files.change()
    _write(folder, files.drawn(), settings)
    if rng.random() < 0.85:
        _commit(folder, 1)
    if rng.random() < 0.1:
        files.change()
        _write(folder, files.drawn(), settings)
    return World(
        seed, folder, tuple(targets), live, _commands(rng, [file.key for file in files.drawn()], is_fleet=is_fleet), first
    )


def _settings(rng: random.Random, *, is_fleet: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": 1,
        "repository": REPOSITORY,
        "default_target": "dev",
        "targets": {"dev": {"org_id": ORG, "sandbox": "dev", "vars": _variables(rng)}},
        "network": {"retries": 0, "concurrency": rng.choice((1, 4)), "consistency_window": 0, "settle": 0},
        "safety": {
            "max_creates": rng.choice((1, 50, 50)),
            "max_updates": rng.choice((1, 50, 50)),
            "max_detaches": rng.choice((0, 50)),
        },
    }
    if is_fleet:
        found["groups"] = ["all-dev", "external"]
        found["targets"]["dev"]["groups"] = ["all-dev"]
        after = {"after": ["dev"], "soak": rng.choice(("0m", "1h", "30d"))} if rng.random() < 0.5 else {}
        found["targets"]["prod"] = {"org_id": ORG, "sandbox": "prod", "vars": _variables(rng), **after}
        few = list(_FLEET[: rng.randint(1, 3)])
        own = {"except": {few[0]: {"vars": _variables(rng)}}} if rng.random() < 0.5 else {}
        found["fleets"] = {"all": {"org_id": ORG, "sandboxes": few, "groups": ["external"], "vars": _variables(rng), **own}}
    if rng.random() < 0.6:
        found["safety"] |= {"rules": "warn", "breaking": "allow"}
    if rng.random() < 0.8:  # what drawn bodies have without an end
        found["rules"] = {
            "unknown-section": "off",
            "undeclared-placeholder": "info",
            "json-schema": rng.choice(("warning", "error")),
            "flow-spec-of-type": "warning",
        }
    if rng.random() < 0.2:
        found["retired"] = [{"key": "gone-1", "reason": "The vendor ended it."}]
    return found


def _variables(rng: random.Random) -> dict[str, Any]:
    """Values of variables; now and then one lacks."""
    found: dict[str, Any] = {
        "host": rng.choice(("https://a.acme.example", "https://b.acme.example")),
        "limit": rng.choice((1, "1", 1.0)),
    }
    return {name: value for name, value in found.items() if rng.random() < 0.95}


def _targets(settings: dict[str, Any]) -> dict[str, str]:
    """The sandbox of each target."""
    found = {name: target["sandbox"] for name, target in settings["targets"].items()}
    for fleet, member in settings.get("fleets", {}).items():
        found |= {f"{fleet}-{sandbox}": sandbox for sandbox in member["sandboxes"]}
    return found


def _commands(rng: random.Random, keys: list[str], *, is_fleet: bool) -> tuple[tuple[str, ...], ...]:
    """Each report as JSON, and one of the others."""
    several = rng.choice((("--all",), ("--all", "--except", "prod"), ("--group", "all"))) if is_fleet else ()
    options = rng.choice(((), (), ("--prune",), ("--allow-breaking", "--allow-dirty", "--allow-in-use"), ("--max-creates", "0")))
    key = rng.choice(keys or ["none"])
    reports: tuple[tuple[str, ...], ...] = (
        ("plan", "--detailed-exitcode", *options),
        ("plan", "-v", *options),
        ("plan", "--format", "markdown"),
        ("plan", key, "--format", "json"),
        ("drift",),
        ("drift", "--format", "markdown"),
        ("status",),
        ("validate",),
        ("diff", "HEAD", "--format", "json"),
        ("breaking", "HEAD", "--format", "json"),
        *((("gates", "--format", "json"), ("plan", "--format", "html"), ("validate", "--target", "dev")) if is_fleet else ()),
        *(() if is_fleet else (("validate", "--format", "sarif"), ("plan", "--format", "html"))),
    )
    extra = rng.choice(reports)
    everywhere = () if "--target" in extra else several
    return (
        (*several, "validate", "--format", "json"),
        (*several, "plan", "--format", "json", "--detailed-exitcode", *options),
        (*several, "status", "--format", "json"),
        (*several, "drift", "--format", "json"),
        (*everywhere, *extra),
    )


def _write(folder: Path, files: list[File], settings: dict[str, Any]) -> None:
    """These files and no other."""
    specs = folder / "specs"
    for old in (*specs.glob("sources/**/*"), *specs.glob("flow-specs/**/*"), *specs.glob("*.yaml")):
        if old.is_file() or old.is_symlink():
            old.unlink()
    for file in files:
        path = specs / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.link is None:
            path.write_bytes(file.data)
        else:
            path.symlink_to(file.link)
    specs.mkdir(parents=True, exist_ok=True)
    (specs / "reconciler.yaml").write_text(json.dumps(settings, indent=1) + "\n")


def _commit(folder: Path, number: int) -> str:
    _git(folder, "add", "--all", number=number)
    _git(folder, "commit", "--quiet", "--allow-empty", "--message", f"Change {number}", number=number)
    return _git(folder, "rev-parse", "HEAD").strip()


def _git(folder: Path, *arguments: str, number: int = 0) -> str:
    dates = {f"GIT_{who}_DATE": f"@{_COMMITTED[number]} +0000" for who in ("AUTHOR", "COMMITTER")}
    options = ("-c", "gc.auto=0", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false")
    command = ("git", "-C", str(folder), *options, *arguments)
    environ = {**os.environ, **_GIT, **dates}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environ).stdout  # noqa: S603 - our own arguments
