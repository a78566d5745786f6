"""Source connections: what is read of a source, with the values of `sourceSpec.spec`."""

from __future__ import annotations

from typing import Any

from reconciler.emulator.dataplane.connecting.asking import Asking, Body, mapping
from reconciler.emulator.dataplane.connecting.authorization import has_test_url
from reconciler.emulator.dataplane.connecting.base import reading_of_base
from reconciler.emulator.dataplane.connecting.params import check_params
from reconciler.emulator.dataplane.connecting.preview import check_access
from reconciler.emulator.dataplane.connecting.specs import check_drafts, has_credentials, is_fetching, is_streaming
from reconciler.emulator.dataplane.reading import reading_of
from reconciler.emulator.model import CONNECTIONS

_FORMAT = "json"


def complete_source(asking: Asking, sent: Body) -> Body:
    """A source connection as it is stored. Raises `DeclinedError`."""
    asking.named(sent)
    body, spec, base = _related(asking, sent)
    if is_streaming(spec) and base is not None:
        raise asking.declined("1332-400", value=spec["id"])
    if not is_streaming(spec) and base is None and has_credentials(spec):
        raise asking.declined("1304-400", field="baseConnectionId")
    if is_streaming(spec) or is_fetching(spec):
        _check_format(asking, sent)
    params = _params(asking, sent)
    check_params(asking, mapping(spec, "sourceSpec", "spec"), params)
    if is_fetching(spec) and asking.service.behaviour.auth_test == "at_create":
        _check_credentials(asking, body, base)
    return body


def draft_source(asking: Asking, sent: Body) -> Body:
    """A draft of a source connection as it is stored: only what it names has to exist. Raises `DeclinedError`."""
    body, spec, _ = _related(asking, sent)
    check_drafts(asking, spec)
    return body


def _related(asking: Asking, sent: Body) -> tuple[Body, Body, Body | None]:
    """The body with what belongs to it, its spec, and its base connection."""
    base_id = sent.get("baseConnectionId")
    base = asking.existing(CONNECTIONS, base_id) if base_id is not None else None
    from_base = {"connectionSpec": base["connectionSpec"]} if base is not None and "connectionSpec" not in sent else {}
    reference, spec = asking.reference({**from_base, **sent}, "connectionSpec")
    body = {**sent, "connectionSpec": reference}
    if base is None:
        return body, spec, None
    shown = {"id": base["id"], "connectionSpec": base["connectionSpec"]}
    return {**body, "baseConnectionId": base["id"], "inheritedAttributes": {"baseConnection": shown}}, spec, base


def _check_format(asking: Asking, sent: Body) -> None:
    given = mapping(sent, "data").get("format")
    if given is None:
        raise asking.declined("1304-400", field="data.format")
    if given != _FORMAT:
        raise asking.declined("1327-400", value=given, allowed=f"[{_FORMAT}]")


def _params(asking: Asking, sent: Body) -> dict[str, Any]:
    params = sent.get("params", {})
    if not isinstance(params, dict):
        raise asking.declined("1312-400", field="params", value=params)
    return params


def _check_credentials(asking: Asking, body: Body, base: Body | None) -> None:
    """Without an `authorizationTestUrl` the credentials are tried here for the first time."""
    if base is None or not has_test_url(reading_of_base(asking, base)):
        check_access(asking, reading_of(asking.service, asking.place, body))
