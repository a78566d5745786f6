"""What a credential can see, for the set-up of a target that no settings have yet."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diagnosis.checks.sandboxes import Sandbox, Sandboxes, sandboxes_of
from reconciler.diagnosis.gates import why_not
from reconciler.diagnosis.probing import Probe
from reconciler.errors import ReconcilerError
from reconciler.flowservice.connecting import connect
from reconciler.http.clock import Stop, SystemClock
from reconciler.http.transport import Wire
from reconciler.settings.credential_forms import FileCredentials
from reconciler.settings.credentials import credentials_for, file_for
from reconciler.settings.targets import Settings
from reconciler.settings.values import Network, TargetSettings

_ANY_SANDBOX: Final = "prod"
"""Every organization has it; the list of sandboxes is asked for without one."""
_NETWORK: Final = Network(retries=1, timeout=10.0, deadline=15.0)


@dataclass(frozen=True, slots=True)
class VisibleSandboxes:
    """The sandboxes that a credential may use; none, with the reason, if the service does not list them."""

    found: tuple[Sandbox, ...] = ()
    why_not: str | None = None


def file_in(environ: Mapping[str, str], target: str | None) -> FileCredentials | None:
    """The credentials file that the environment names; None without one. Raises SettingsError if it cannot be used."""
    return file_for(target or "", environ)


def visible_sandboxes(
    environ: Mapping[str, str], org_id: str, target: str | None, stop: Stop | None = None, wire: Wire | None = None
) -> VisibleSandboxes:
    """The sandboxes of this organization that the credentials in the environment may use. Never raises for what is missing."""
    try:
        given = file_in(environ, target)
        name = target or _ANY_SANDBOX
        sandbox = (given.sandbox if given else None) or _ANY_SANDBOX
        draft = TargetSettings(name=name, org_id=org_id, sandbox=sandbox)
        resolved = Settings("none/none", {name: draft}, version=1).target(name, environ)
        credentials = credentials_for(replace(resolved, sandbox=sandbox), environ)
        probe = connect(
            Probe,
            resolved,
            credentials,
            _NETWORK,
            clock=SystemClock(),
            rng=random.Random(),  # noqa: S311 - jitter
            wire=wire,
            stop=stop,
        )
        try:
            listed = sandboxes_of(probe)
        finally:
            probe.close()
    except ReconcilerError as error:
        return VisibleSandboxes(why_not=error.message)
    if isinstance(listed, Sandboxes):
        return VisibleSandboxes(tuple(sandbox for sandbox in listed.found if sandbox.state in ("active", "")))
    token = probe.token()
    return VisibleSandboxes(why_not=token.message if isinstance(token, ReconcilerError) else why_not(listed))
