"""Base connections: the credentials for a third party, by an entry of `authSpec`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reconciler.emulator import passwords
from reconciler.emulator.dataplane.connecting.asking import Asking, Body, mapping
from reconciler.emulator.dataplane.connecting.authorization import has_test_url, why_refused
from reconciler.emulator.dataplane.connecting.params import check_params, secret_names
from reconciler.emulator.dataplane.connecting.specs import check_drafts, is_fetching
from reconciler.emulator.dataplane.reading import Reading, assumptions, reading_with
from reconciler.sources.sending.authentication import credentials
from reconciler.sources.source import Source
from reconciler.sources.values import Values


def complete_base(asking: Asking, sent: Body) -> Body:
    """A base connection as it is stored. Raises `DeclinedError` if it is not complete or its credentials are refused."""
    asking.named(sent)
    reference, spec = asking.reference(sent, "connectionSpec")
    source = Source(spec)
    if not source.auth_specs and "auth" not in sent:
        return {**sent, "connectionSpec": reference}
    auth = _auth(asking, sent, source)
    entry = _entry(asking, source, auth)
    if is_fetching(spec):
        _check_type(asking, source, auth, entry)
    schema = entry.get("spec")
    check_params(asking, schema, auth["params"])
    _try_credentials(asking, spec["id"], auth)
    return passwords.apart({**sent, "connectionSpec": reference, "auth": auth}, secret_names(schema))


def draft_base(asking: Asking, sent: Body) -> Body:
    """A draft of a base connection as it is stored: only its spec has to exist. Raises `DeclinedError`."""
    reference, spec = asking.reference(sent, "connectionSpec")
    check_drafts(asking, spec)
    auth = mapping(sent, "auth")
    entry = _named(asking, Source(spec), auth.get("specName"))
    params: Collection[str] = mapping(auth, "params") if entry is None else secret_names(entry.get("spec"))
    return passwords.apart({**sent, "connectionSpec": reference}, params)


def reading_of_base(asking: Asking, base: Body, params: Body | None = None) -> Reading:
    """What a stored base connection reads with these values of `sourceSpec.spec`."""
    return reading_with(
        asking.service, asking.place, base["connectionSpec"]["id"], mapping(passwords.whole(base), "auth"), params or {}
    )


def _auth(asking: Asking, sent: Body, source: Source) -> Body:
    """The `auth` with its `specName` and `params`. Without an `authSpec` there is nothing that it could name."""
    auth = sent.get("auth")
    if not isinstance(auth, dict):
        raise asking.declined("1304-400", field="auth")
    if not isinstance(auth.get("specName"), str):
        raise asking.declined("1304-400", field="auth.specName")
    if "params" in auth and not isinstance(auth["params"], dict):
        raise asking.declined("1312-400", field="auth.params", value="********")
    entry = _named(asking, source, auth["specName"])
    return {**auth, "specName": entry["name"] if entry else auth["specName"], "params": auth.get("params") or {}}


def _entry(asking: Asking, source: Source, auth: Body) -> Body:
    entry = _named(asking, source, auth["specName"])
    if entry is None:
        raise asking.declined("1415-400", value=auth["specName"], field=source.body.get("id"))
    return entry


def _named(asking: Asking, source: Source, name: Any) -> Body | None:
    """The entry of `authSpec` with this name; None if there is none."""
    loose = asking.service.behaviour.auth_spec_names == "loose"

    def key(text: Any) -> Any:
        return "".join(text.lower().split()) if loose and isinstance(text, str) else text

    return next((entry for _, entry in source.auth_specs if key(entry.get("name")) == key(name) and name is not None), None)


def _check_type(asking: Asking, source: Source, auth: Body, entry: Body) -> None:
    """Refuse an authentication of a type that the engine cannot send (1301-400)."""
    signed = credentials(source, Values(auth["specName"], auth["params"]), assumptions(asking.service))
    if any(item.code == "auth-type" for item in signed.findings):
        raise asking.declined("1301-400", value=entry.get("type"))


def _try_credentials(asking: Asking, spec_id: str, auth: Body) -> None:
    """Refuse credentials that `authorizationTestUrl` refuses (1308-400), if the service tries them at once."""
    if asking.service.behaviour.auth_test != "at_create":
        return
    reading = reading_with(asking.service, asking.place, spec_id, auth, {})
    if has_test_url(reading) and (reason := why_refused(asking.service, reading)):
        raise asking.declined("1308-400", reason=reason)
