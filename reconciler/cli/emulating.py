"""The startup message and the switches of the command `emulator`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.emulator.model import ADMIN, SERVICE, TOKENS
from reconciler.emulator.switches.behaviour import Behaviour, behaviour_from
from reconciler.errors import UsageError
from reconciler.reports.sinks.text import Text
from reconciler.settings.targets import Settings, variable
from reconciler.wording.guesses import did_you_mean_one_of

if TYPE_CHECKING:
    from reconciler.providers.stub import Stub

NEW_TARGET: Final = "stage"


@dataclass(frozen=True, slots=True)
class Served:
    """The emulator's port, the target that can be pointed at it (None if the settings have none), and the third-party APIs."""

    port: int
    target: str | None
    stubs: Sequence[Stub] = ()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def announcement(served: Served) -> str:
    """The address, and the environment variables that point a target at it."""
    target = served.target or NEW_TARGET
    text = Text()
    text.line(f"Flow Service, emulated: {served.address}{SERVICE}")
    if served.target is None:
        text.line("reconciler.yaml has no target that can be pointed at it; add one:")
        text.line(f"{target}: {{org_id: 1234567890@AdobeOrg, sandbox: dev}}", indent=1)
    text.line(f"to point target {target} at it (any credentials will do):")
    text.line(f"export {variable(target, 'BASE_URL')}={served.address}{SERVICE}", indent=1)
    text.line(f"export {variable(target, 'TOKEN_URL')}={served.address}{TOKENS}", indent=1)
    text.line(f"export {variable(target, 'CLIENT_ID')}=reconciler {variable(target, 'CLIENT_SECRET')}=reconciler", indent=1)
    for stub in served.stubs:
        text.line(f"third-party API, emulated: {stub.provider.method} {served.address}{stub.provider.path}")
        text.line(stub.summary, indent=1)
    return text.render()


def stubs_of(files: Sequence[Path]) -> tuple[Stub, ...]:
    """The provider of each file. Raises SettingsError for a file with problems, UsageError for a path that is already taken."""
    from reconciler.proofs.provider_file import stub_of

    taken: dict[str, Path] = {}
    stubs = []
    for file in files:
        stub = stub_of(file)
        path = stub.provider.path
        if any(path == own or path.startswith(f"{own}/") for own in (SERVICE, TOKENS, ADMIN)):
            raise UsageError(f"{file}: {path} is a path of the emulated Flow Service", hint="change `path` in this file")
        if (first := taken.setdefault(stub.pattern, file)) is not file:
            raise UsageError(f"{first} and {file} both serve {path}", hint="change `path` in one of them, or start two emulators")
        stubs.append(stub)
    return tuple(stubs)


def target_for(settings: Settings | None, named: str | None) -> str | None:
    """The target to point at the emulator: the named one, or the first that is not an emulator itself; None if there is none.

    Raises UsageError if the named target does not exist, or is an emulator.
    """
    if settings is None:
        return named
    others = [name for name, target in settings.targets.items() if target.emulator is None]
    if named is None:
        return settings.default_target if settings.default_target in others else next(iter(others), None)
    if named not in settings.targets:
        raise settings.unknown_target(named)
    if named not in others:
        hint = f"choose one of {', '.join(others)}" if others else "add a target without `emulator:` to reconciler.yaml"
        raise UsageError(f"target {named!r} already uses an embedded Flow Service", hint=hint)
    return named


def behaviour_with(behaviour: Behaviour, switches: Iterable[str]) -> Behaviour:
    """The behaviour with these `switch=value` pairs. A value is JSON, or a string if it is not valid JSON.

    Raises UsageError for an unknown switch or one without a value, SettingsError for an invalid value.
    """
    known, given = asdict(behaviour), dict(_switch(text) for text in switches)
    for name in given:
        if name not in known:
            hint = did_you_mean_one_of(name, known) or "the page docs/emulator.md of the reconciler lists the switches"
            raise UsageError(f"--set: unknown switch {name[:80]!r}", hint=hint)
    return behaviour_from(known | given, "--set")


def _switch(text: str) -> tuple[str, Json]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--set {text!r} has no value", hint="write --set SWITCH=VALUE, such as --set pages=2")
    try:
        return name.replace("-", "_"), decode(value)
    except NotJson:
        return name.replace("-", "_"), value
