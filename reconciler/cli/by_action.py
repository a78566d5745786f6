"""The targets whose actions are reviewed one by one, on whichever merged pull request or merge request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reconciler.cli.shell import Shell
from reconciler.settings.loading import load_settings
from reconciler.settings.targets import Settings


def reviewed_by_action(shell: Shell, flags: Sequence[str]) -> Callable[[str], bool]:
    """Whether it is enough for a target that each action was reviewed: where specs wait for another target, or for several targets.

    A gate that a flag skips was open to nobody who reviewed, so its plan needs its digest. Raises SettingsError.
    """
    settings = load_settings(shell.scope.specs)
    skips = any(flag.startswith("--skip-gate") for flag in flags)
    several = not shell.selection.is_one
    return lambda target: not skips and (several or is_gated(settings, target))


def is_gated(settings: Settings, target: str) -> bool:
    """Whether specs of this target wait for another one."""
    return target in settings.targets and bool(settings.upstreams(target))
