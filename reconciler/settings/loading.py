"""Parses `reconciler.yaml` into Settings, or into all of its problems."""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

from reconciler.disk import Unfit, read_most
from reconciler.documents.json_text import Document
from reconciler.documents.readers import read_whole
from reconciler.documents.shapes import ShapeMistake, name_of_type
from reconciler.errors import Problem, SettingsError, Severity
from reconciler.settings.fleets import Written, expanded, fleet_mistakes
from reconciler.settings.order import order_mistakes
from reconciler.settings.schema import SETTINGS
from reconciler.settings.targets import Settings, variable
from reconciler.settings.values import Network, Tombstone
from reconciler.texts.locate import Syntax, locate
from reconciler.texts.reading import MAX_BYTES
from reconciler.texts.yaml import read_yaml
from reconciler.wording.guesses import did_you_mean

FILE_NAME: Final = "reconciler.yaml"
_PROOFS: Final = "proofs"
MINIMAL: Final = """\
version: 1
repository: acme/aep-sources
default_target: local
targets:
  local:
    emulator: .reconciler/local.db
"""


def load_settings(specs_dir: Path) -> Settings:
    """The settings of this specs folder. Raises SettingsError with every problem of the file."""
    file = specs_dir / FILE_NAME
    data = _read(specs_dir, file)
    reading = read_yaml(data)
    problems = [
        _problem(file, mistake.code, mistake.message, (mistake.line, mistake.column), mistake.hint)
        for mistake in reading.mistakes
    ]
    settings: Settings | None = None
    mistakes: list[ShapeMistake] = []
    if isinstance(reading.value, dict):
        part = read_whole(SETTINGS, reading.value)
        if isinstance(part, tuple):
            mistakes.extend(part)
        else:
            mistakes.extend(_contradictions(part, reading.value))
            root = specs_dir.resolve().parent
            made = expanded(_written(part, reading.value))
            targets = {
                name: replace(
                    target,
                    name=name,
                    emulator=target.emulator and root / target.emulator,
                    proofs=specs_dir / _PROOFS if target.provider else None,
                )
                for name, target in made.items()
            }
            settings = replace(part, targets=targets)
    elif not problems:
        said = f"this file holds {name_of_type(reading.value)}; settings must be a mapping"
        mistakes.append(ShapeMistake((), "wrong-type", said, "start with version: 1"))
    if mistakes:
        at = locate(data, Syntax.YAML)
        problems += [_problem(file, mistake.code, mistake.message, at.of(mistake.path), mistake.hint) for mistake in mistakes]
    if problems or settings is None:
        problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
        raise SettingsError(f"{file} cannot be used", hint=problems[0].hint, problems=problems)
    return settings


def _read(specs_dir: Path, file: Path) -> bytes:
    try:
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(specs_dir)):
            raise _unusable(file, "this link points outside the specs folder", "replace the link with the file")
        return read_most(file, MAX_BYTES + 1)
    except Unfit:
        raise _unusable(file, "this is not a file", "remove it, and create the settings file there") from None
    except FileNotFoundError:
        other, is_named = file.with_suffix(".yml"), specs_dir != Path("specs")
        init = f"reconciler --specs {shlex.quote(specs_dir.as_posix())} init" if is_named else "reconciler init"
        hint = f"rename {other} to {FILE_NAME}" if other.exists() else f"run `{init}`, or write one, at least:\n{MINIMAL}"
        said = f"file not found{'' if is_named else ', here or in a folder above'}; it defines the targets"
        raise _unusable(file, said, hint) from None
    except NotADirectoryError:
        raise _unusable(file, f"{specs_dir} is not a folder", "pass the specs folder with --specs") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _unusable(file, "these links form a loop", "replace the link with the file") from None
        raise _unusable(file, f"cannot read this file: {error.strerror}", "check its permissions") from None


def _contradictions(part: Settings, written: Document) -> list[ShapeMistake]:
    mistakes: list[ShapeMistake] = []
    fleets = _written(part, written)
    mistakes += fleet_mistakes(fleets)
    if mistakes:
        return mistakes
    mistakes += order_mistakes(fleets)
    targets = expanded(fleets)
    if part.default_target is not None and part.default_target not in targets:
        message = f"`default_target` names the unknown target {part.default_target!r}"
        mistakes.append(ShapeMistake(("default_target",), "unknown-target", message, did_you_mean(part.default_target, targets)))
    if part.repository in part.formerly:
        message = f"{part.repository!r} is the repository's current name, not a former one"
        mistakes.append(ShapeMistake(("formerly",), "former-owner", message, "remove it from formerly"))
    mistakes += _network_contradictions(part.network, written.get("network", {}))
    mistakes += _twice_retired(part.retired)
    names: dict[str, str] = {}
    for name, target in targets.items():
        place = ("fleets", target.fleet) if target.fleet else ("targets", name)
        first = names.setdefault(variable(name, ""), name)
        if first != name:
            message = f"the targets {first!r} and {name!r} share the environment variables {variable(name, '*')}"
            mistakes.append(ShapeMistake(place, "target-name", message, "rename one of them"))
        mistakes += [
            ShapeMistake((*place, field), "emulator-url", f"an emulator cannot have `{field}`", f"remove {field}, or emulator")
            for field in ("base_url", "token_url")
            if target.emulator is not None and getattr(target, field) is not None
        ]
        if target.provider and target.emulator is None:
            message = "`provider` needs an emulator: another service reads from the real third parties"
            hint = "add emulator: .reconciler/local.db, or remove provider"
            mistakes.append(ShapeMistake((*place, "provider"), "provider-target", message, hint))
    return mistakes


def _written(part: Settings, document: Document) -> Written:
    return Written(part.targets, part.fleets, part.groups, document)


def _twice_retired(entries: tuple[Tombstone, ...]) -> list[ShapeMistake]:
    seen: set[tuple[str, str | None, str | None]] = set()
    mistakes = []
    for index, entry in enumerate(entries):
        name = (entry.kind, entry.key, entry.id)
        if name in seen:
            message = f"{entry.key or entry.id!r} is listed twice in `retired`"
            mistakes.append(ShapeMistake(("retired", str(index)), "duplicate-key", message, "remove one of the entries"))
        seen.add(name)
    return mistakes


def _network_contradictions(part: Network, keys: Collection[str]) -> list[ShapeMistake]:
    """Report a deadline that is shorter than `timeout`, if the file sets `timeout`."""
    if part.deadline >= part.timeout or "timeout" not in keys:
        return []
    written = "deadline" in keys
    deadline = f"{part.deadline:g}s" if written else f"{part.deadline:g}s by default"
    message = f"`deadline` ({deadline}) must not be shorter than `timeout` ({part.timeout:g}s)"
    place = ("network", "deadline" if written else "timeout")
    return [ShapeMistake(place, "bad-value", message, f"write deadline: {part.timeout:g}s or more, or a shorter timeout")]


def _problem(file: Path, code: str, message: str, position: tuple[int, int], hint: str | None) -> Problem:
    return Problem(Severity.ERROR, code, message, file.as_posix(), *position, hint=hint)


def _unusable(file: Path, reason: str, hint: str) -> SettingsError:
    problem = Problem(Severity.ERROR, "settings", reason, file.as_posix(), 1, 1, hint=hint)
    return SettingsError(f"{file}: {reason}", hint=hint, problems=(problem,))
