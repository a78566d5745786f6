"""What is allowed in `reconciler.yaml` and probably not meant: warnings of `validate`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reconciler.disk import Unfit, read_most
from reconciler.documents.shapes import ShapeMistake
from reconciler.errors import Problem, Severity
from reconciler.settings.loading import FILE_NAME
from reconciler.settings.targets import Place, Settings, place_of
from reconciler.settings.values import TargetSettings
from reconciler.texts.locate import Syntax, locate
from reconciler.texts.reading import MAX_BYTES

UNUSED_GROUP: Final = "unused-group"
SAME_SANDBOX: Final = "same-sandbox"


def settings_doubts(specs_dir: Path, settings: Settings) -> tuple[Problem, ...]:
    """A warning for each group that no target has, and for each target in the sandbox of another one."""
    found = [*_unused_groups(settings), *_same_sandboxes(settings)]
    if not found:
        return ()
    file = specs_dir / FILE_NAME
    try:
        at = locate(read_most(file, MAX_BYTES + 1), Syntax.YAML)
    except (OSError, Unfit):
        return ()  # it was read a moment ago: whatever reads it next says why it cannot be
    return tuple(
        Problem(Severity.WARNING, one.code, one.message, file.as_posix(), *at.of(one.path), hint=one.hint) for one in found
    )


def _unused_groups(settings: Settings) -> Iterator[ShapeMistake]:
    used = {group for target in settings.targets.values() for group in target.groups}
    for index, name in enumerate(settings.groups):
        if name not in used:
            hint = "add it to the `groups` of a target or a fleet, or remove it"
            yield ShapeMistake(("groups", str(index)), UNUSED_GROUP, f"no target has the group {name!r}", hint)


def _same_sandboxes(settings: Settings) -> Iterator[ShapeMistake]:
    firsts: dict[Place, str] = {}
    for name, target in settings.targets.items():
        place = place_of(target)
        if place is None:
            continue
        first = firsts.setdefault(place, name)
        if first != name:
            at = _place(settings, target) if target.fleet else ("targets", name)
            message = f"the targets {first!r} and {name!r} are the same sandbox: both would own what is live there"
            yield ShapeMistake(at, SAME_SANDBOX, message, f"remove one of them; `--all` uses {first}")


def _place(settings: Settings, member: TargetSettings) -> tuple[str, ...]:
    """Where the file lists the sandbox of a fleet's target."""
    fleet, sandbox = member.fleet or "", member.sandbox or ""
    return ("fleets", fleet, "sandboxes", str(settings.fleets[fleet].sandboxes.index(sandbox)))
