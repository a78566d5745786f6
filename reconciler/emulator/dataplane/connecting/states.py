"""The actions that change the state of a connection or a flow."""

from __future__ import annotations

from typing import Final

from reconciler.emulator.dataplane.connecting.asking import Asking, Body
from reconciler.emulator.dataplane.connecting.specs import DRAFT
from reconciler.emulator.model import CONNECTIONS, FLOWS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS

PUBLISH: Final = "PUBLISH"
ENABLED: Final = "enabled"
_OF_PROVIDERS: Final = ("FINALIZE_UPDATE", "FINALIZE")
_ACTIONS: Final = {
    CONNECTIONS: (*_OF_PROVIDERS, PUBLISH),
    SOURCE_CONNECTIONS: (PUBLISH,),
    TARGET_CONNECTIONS: (PUBLISH,),
    FLOWS: ("ENABLE", "DISABLE", *_OF_PROVIDERS, PUBLISH),
}
_CHANGES: Final = {"ENABLE": ("disabled", ENABLED), "DISABLE": (ENABLED, "disabled"), PUBLISH: (DRAFT, ENABLED)}


def state_after(asking: Asking, op: str | None, body: Body) -> str:
    """The state after an action, in whichever case its name is. Raises `DeclinedError` (1398, 1402, 1422, 1451)."""
    if not op:
        raise asking.declined("1451-400", value="op")
    action = op.upper()
    if action not in _ACTIONS[asking.kind]:
        raise asking.declined("1398-400", value=op)
    if action in _OF_PROVIDERS:
        raise asking.declined("1402-400", value=op.lower())
    before, after = _CHANGES[action]
    state = body.get("state")
    if state != before:
        raise asking.declined("1422-400", value=op.lower(), field=state)
    return after
