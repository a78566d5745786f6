"""What the command `emulator` says of itself, and how it is told what to be like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.emulator.behaviour import Behaviour, behaviour_from
from reconciler.emulator.model import SERVICE, TOKENS
from reconciler.errors import UsageError
from reconciler.reports.lines import Text
from reconciler.settings.targets import variable


@dataclass(frozen=True, slots=True)
class Served:
    """Where the emulator listens, and the target that is to lead to it, if one was named."""

    port: int
    target: str | None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def announcement(served: Served) -> str:
    """The address, and the environment that leads a target to it."""
    target = served.target or "stage"
    text = Text()
    text.line(f"Flow Service, emulated: {served.address}{SERVICE}")
    text.line(f"to lead the target {target} there (any credentials will do):")
    text.line(f"export {variable(target, 'BASE_URL')}={served.address}{SERVICE}", indent=1)
    text.line(f"export {variable(target, 'TOKEN_URL')}={served.address}{TOKENS}", indent=1)
    text.line(f"export {variable(target, 'CLIENT_ID')}=reconciler {variable(target, 'CLIENT_SECRET')}=reconciler", indent=1)
    return text.render()


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
