"""What the command `emulator` says of itself, and how it is told what to be like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reconciler.documents.guesses import did_you_mean
from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.emulator.model import SERVICE, TOKENS
from reconciler.emulator.switches.behaviour import Behaviour, behaviour_from
from reconciler.errors import UsageError
from reconciler.reports.sinks.text import Text
from reconciler.settings.targets import Settings, variable

NEW_TARGET: Final = "stage"


@dataclass(frozen=True, slots=True)
class Served:
    """Where the emulator listens, and the target that can be pointed at it; None where the settings have none."""

    port: int
    target: str | None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def announcement(served: Served) -> str:
    """The address, and the environment that leads a target to it."""
    target = served.target or NEW_TARGET
    text = Text()
    text.line(f"Flow Service, emulated: {served.address}{SERVICE}")
    if served.target is None:
        text.line("no target of reconciler.yaml can be pointed at it; add one there:")
        text.line(f"{target}: {{org_id: 1234567890@AdobeOrg, sandbox: dev}}", indent=1)
    text.line(f"to point target {target} at it (any credentials will do):")
    text.line(f"export {variable(target, 'BASE_URL')}={served.address}{SERVICE}", indent=1)
    text.line(f"export {variable(target, 'TOKEN_URL')}={served.address}{TOKENS}", indent=1)
    text.line(f"export {variable(target, 'CLIENT_ID')}=reconciler {variable(target, 'CLIENT_SECRET')}=reconciler", indent=1)
    return text.render()


def target_for(settings: Settings | None, named: str | None) -> str | None:
    """The target to point at the emulator: the one that was named, or the first that is not an emulator itself; None where there is none.

    Raises UsageError for a named one that is not there, or is an emulator.
    """
    if settings is None:
        return named
    others = [name for name, target in settings.targets.items() if target.emulator is None]
    if named is None:
        return settings.default_target if settings.default_target in others else next(iter(others), None)
    if named not in settings.targets:
        raise UsageError(f"there is no target {named!r} in the settings", hint=did_you_mean(named, settings.targets))
    if named not in others:
        hint = f"name one of {', '.join(others)}" if others else "add a target without `emulator:` to reconciler.yaml"
        raise UsageError(f"the target {named!r} is an emulator already, in its own file", hint=hint)
    return named


def behaviour_with(behaviour: Behaviour, switches: Iterable[str]) -> Behaviour:
    """The behaviour after these `switch=value`; a value is JSON, or else a text.

    Raises UsageError for one without a value, SettingsError for a switch that there is not, or a value that does not fit.
    """
    return behaviour_from(behaviour.as_json() | dict(_switch(text) for text in switches), "--set")


def _switch(text: str) -> tuple[str, Json]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--set {text!r} has no value", hint="write it as --set pages=2 or --set etags=true")
    try:
        return name.replace("-", "_"), decode(value)
    except NotJson:
        return name.replace("-", "_"), value
