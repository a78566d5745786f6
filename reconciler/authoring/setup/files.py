"""The content of the files that `init` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.schemas.published import schema_line

SETTINGS: Final = "reconciler.yaml"
IGNORED: Final = ".reconciler/"
"""Journals, the state of emulators, and files with secrets."""
GITHUB_WORKFLOWS: Final = ("plan", "apply", "drift")
PROMOTING_WORKFLOWS: Final = ("plan", "promote", "drift")
"""Where targets come after others, or are in fleets: one workflow applies, in waves."""

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_OWNER: Final = "OWNER/reconciler"
_PLAIN: Final = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RealTarget:
    """A sandbox of an organization, and the name of the target for it."""

    name: str
    org_id: str
    sandbox: str


@dataclass(frozen=True, slots=True)
class Actions:
    """The repository and the commit that workflows use actions of."""

    repository: str
    commit: str


def settings_text(repository: str, target: RealTarget | None) -> str:
    """The settings: an emulator, and the target, which is then the default one."""
    emulator = "emulator" if target is not None and target.name == "local" else "local"
    lines = [
        schema_line("settings", SETTINGS),
        "version: 1",
        f"repository: {repository}",
        f"default_target: {_scalar(target.name if target else emulator)}",
        "targets:",
        f"  {emulator}:",
        "    emulator: .reconciler/local.db",
    ]
    if target is not None:
        lines += [
            f"  {_scalar(target.name)}:",
            f"    org_id: {_scalar(target.org_id)}",
            f"    sandbox: {_scalar(target.sandbox)}",
        ]
    return "\n".join(lines) + "\n"


def github_files(specs: str, branch: str, actions: Actions | None, *, promotes: bool = False) -> Mapping[str, str]:
    """The workflows for GitHub and the settings of Dependabot, by path from the root of the repository.

    `specs` is the path of the specs folder from there. Without `actions`, placeholders are left in them. `promotes`: promote.yml is in
    place of apply.yml.
    """
    folder = _TEMPLATES / "github"
    names = PROMOTING_WORKFLOWS if promotes else GITHUB_WORKFLOWS
    texts = {f".github/workflows/{name}.yml": (folder / f"{name}.yml").read_text(encoding="utf-8") for name in names}
    filled = {path: _filled(text, specs, branch, actions) for path, text in texts.items()}
    return filled | {".github/dependabot.yml": (folder / "dependabot.yml").read_text(encoding="utf-8")}


def gitlab_files() -> Mapping[str, str]:
    """The pipeline for GitLab."""
    return {".gitlab-ci.yml": (_TEMPLATES / "gitlab-ci.yml").read_text(encoding="utf-8")}


def placeholders_in(text: str) -> Iterator[str]:
    """The placeholders that somebody has to replace in a workflow."""
    return (word for word in ("OWNER", "COMMIT", "VERSION") if re.search(rf"\b{word}\b", text))


def with_ignored(before: str) -> str:
    """The text of `.gitignore`, with the line that is missing."""
    if IGNORED in before.split() or IGNORED.rstrip("/") in before.split():
        return before
    end = "" if before.endswith("\n") or not before else "\n"
    return f"{before}{end}{IGNORED}\n"


def _filled(text: str, specs: str, branch: str, actions: Actions | None) -> str:
    if branch != "main":
        text = text.replace("branches: [main]", f"branches: [{json.dumps(branch)}]")
    if specs != "specs":
        text = text.replace("paths: [specs/**]", f"paths: [{json.dumps(f'{specs}/**')}]")
    if actions is not None:
        text = text.replace("@COMMIT # VERSION", f"@{actions.commit}").replace(_OWNER, actions.repository)
    return text


def _scalar(text: str) -> str:
    """The text in YAML: plain, or in quotes where YAML would take it for something else."""
    return (
        text
        if _PLAIN.fullmatch(text) or re.fullmatch(r"[0-9A-Za-z._-]*[A-Za-z_-][0-9A-Za-z._-]*@[A-Za-z0-9.]+", text)
        else json.dumps(text)
    )
