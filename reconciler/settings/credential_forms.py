"""The files in which people already have their credentials, recognized by their content.

Three forms are known: the config file of aepp, the project of Adobe Developer Console as it is downloaded, and an environment exported from
Postman. A file is untrusted text: nothing of it but a valid organization, sandbox or scope is ever shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from reconciler.documents.json_text import Json, string_at, value_at
from reconciler.documents.shapes import Misfit
from reconciler.sdk.patterns import ORG_ID, SANDBOX, SCOPE
from reconciler.secret import Secret

AEPP: Final = "a config file of aepp"
CONSOLE: Final = "a project downloaded from Adobe Developer Console"
POSTMAN: Final = "an environment exported from Postman"

_FORMS_HINT: Final = (
    "use aepp's config file, the project downloaded from Adobe Developer Console, or an environment exported from Postman"
)
_NO_SERVER_HINT: Final = (
    "add an OAuth Server-to-Server credential to the project in Adobe Developer Console, and download it again"
)
_SENDABLE: Final = re.compile(r"[\x21-\x7e]{1,20000}")
_PLACEHOLDER: Final = re.compile(r"<[^<>]*>|\{\{[^{}]*\}\}")
_SERVER: Final = "oauth_server_to_server"
_SHORTER: Final[Mapping[str, str]] = {"CLIENT_ID": "API_KEY", "ORG_ID": "IMS_ORG", "SANDBOX": "SANDBOX_NAME"}
"""Other names of the variables in a Postman environment."""
_KNOWN: Final = frozenset({"API_KEY", "CLIENT_SECRET", "ACCESS_TOKEN", "IMS_ORG", "SANDBOX_NAME", "SCOPES", "IMS"})


class FileCredentials(msgspec.Struct, frozen=True):
    """The content of a credentials file; None for what it does not say."""

    form: str
    client_id: str
    client_secret: Secret | None = None
    access_token: Secret | None = None
    """Only where there is no client secret."""
    org_id: str | None = None
    sandbox: str | None = None
    scopes: tuple[str, ...] = ()
    stage: bool | None = None
    """Whether the credentials are for Adobe's stage environment."""


def recognized(value: Json) -> FileCredentials:
    """The credentials in this JSON value. Raises Misfit for another form, and for credentials that cannot be used."""
    if isinstance(value, dict):
        if isinstance(value.get("values"), list):
            return _of_postman(value["values"])
        if isinstance(value.get("project"), dict):
            return _of_console(value["project"])
        if "client_id" in value and "secret" in value:
            return _of_aepp(value)
    raise Misfit("not a known form of credentials", _FORMS_HINT)


def _of_aepp(config: dict[str, Json]) -> FileCredentials:
    for key, kind in (("pathToKey", "a service account (JWT), which Adobe has retired"), ("auth_code", "an authorization code")):
        if _filled(config.get(key)) and not _filled(config.get("scopes")):
            raise Misfit(f"this config file of aepp is for {kind}", "create the config for OAuth Server-to-Server, with scopes")
    environment = config.get("environment")
    return FileCredentials(
        AEPP,
        _text(config, "client_id"),
        Secret(_text(config, "secret")),
        org_id=_org_id(config.get("org_id"), "org_id"),
        sandbox=_sandbox(config.get("sandbox-name", config.get("sandbox")), "sandbox-name"),
        scopes=_scopes(config.get("scopes"), "scopes"),
        stage=environment != "prod" if isinstance(environment, str) and environment else None,
    )


def _of_console(project: dict[str, Json]) -> FileCredentials:
    listed = value_at(project, "workspace", "details", "credentials")
    found = [part for item in listed if isinstance(part := value_at(item, _SERVER), dict)] if isinstance(listed, list) else []
    if not found:
        raise Misfit("this project has no OAuth Server-to-Server credential", _NO_SERVER_HINT)
    if len(found) > 1:
        hint = "set RECONCILER_CLIENT_ID and RECONCILER_CLIENT_SECRET to those of one of them"
        raise Misfit(f"this project has {len(found)} OAuth Server-to-Server credentials", hint)
    secrets = found[0].get("client_secrets")
    return FileCredentials(
        CONSOLE,
        _text(found[0], "client_id"),
        Secret(_text({"client_secrets": secrets[0] if isinstance(secrets, list) and secrets else None}, "client_secrets")),
        org_id=_org_id(string_at(project, "org", "ims_org_id"), "ims_org_id"),
        scopes=_scopes(found[0].get("scopes"), "scopes"),
    )


def _of_postman(listed: list[Json]) -> FileCredentials:
    values = dict(_variables(listed))
    if "API_KEY" not in values:
        raise Misfit("this environment has no variable API_KEY", "download it for Postman in Adobe Developer Console")
    has_secret = "CLIENT_SECRET" in values
    ims = values.get("IMS")
    return FileCredentials(
        POSTMAN,
        _text(values, "API_KEY"),
        Secret(_text(values, "CLIENT_SECRET")) if has_secret else None,
        None if has_secret else Secret(_text(values, "ACCESS_TOKEN")),
        _org_id(values.get("IMS_ORG"), "IMS_ORG"),
        _sandbox(values.get("SANDBOX_NAME"), "SANDBOX_NAME"),
        _scopes(values.get("SCOPES"), "SCOPES"),
        "-stg" in ims if isinstance(ims, str) else None,
    )


def _variables(listed: list[Json]) -> Iterator[tuple[str, Json]]:
    """The enabled variables with a value, by their usual names. Raises Misfit for one that has two values."""
    seen: dict[str, Json] = {}
    for item in listed:
        key, value = string_at(item, "key"), value_at(item, "value")
        if key is None or value_at(item, "enabled") is False or not _filled(value):
            continue
        name = _SHORTER.get(key.upper(), key.upper())
        if name in seen and seen[name] != value and name in _KNOWN:
            raise Misfit(f"two variables give {name} different values", "disable one of them, and export the environment again")
        seen[name] = value
        yield name, value


def _filled(value: Json) -> bool:
    """Whether there is a value, and not the placeholder of a template."""
    if isinstance(value, str):
        return bool(value.strip()) and not _PLACEHOLDER.fullmatch(value.strip())
    return bool(value)


def _text(values: Mapping[str, Json], name: str) -> str:
    """A value to send. Raises Misfit without showing it."""
    value = values.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if not _filled(text):
        raise Misfit(f"{name} is not filled in", f"write the value of {name} into the file")
    if not _SENDABLE.fullmatch(text):
        raise Misfit(f"{name} contains characters that are not valid in a credential", "download or export the file again")
    return text


def _org_id(value: Json, name: str) -> str | None:
    return _matching(value, name, ORG_ID, "organization id")


def _sandbox(value: Json, name: str) -> str | None:
    return _matching(value, name, SANDBOX, "sandbox name")


def _matching(value: Json, name: str, pattern: str, what: str) -> str | None:
    if not _filled(value):
        return None
    if not isinstance(value, str) or not re.fullmatch(pattern, value.strip()):
        raise Misfit(f"{name} is not a valid {what}", f"correct {name} in the file, or remove it")
    return value.strip()


def _scopes(value: Json, name: str) -> tuple[str, ...]:
    """The scopes of a list, or of a string that separates them with commas or spaces."""
    if not _filled(value):
        return ()
    listed = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(scope, str) and re.fullmatch(SCOPE, scope) for scope in listed):
        raise Misfit(f"{name} is not a list of scopes", f"write {name} as openid,AdobeID, or remove it")
    return tuple(dict.fromkeys(listed))
